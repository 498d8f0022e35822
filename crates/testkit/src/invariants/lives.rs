//! Payments: each is in exactly one place, settles at most once and never after it was dropped.

use psim_model::event::{
    Arrival, DropReason, EndOfDayPenalty, EventBatch, HoldReason, OverdueTransactionSettled,
    PolicyDrop, PolicyFault, PolicyHold, PriorityEscalated, RtgsPriority, RtgsSubmission,
    TransactionReprioritized, TransactionWentOverdue,
};
use psim_model::{AgentNo, Money, PaymentNo, Priority, Rules, Tick};

use super::limits::Flow;
use super::order::Due;
use super::{Verdict, ensure};

/// Where every payment is, as the events tell it.
#[derive(Debug)]
pub(super) struct Lives {
    pub(super) rules: Rules,
    pub(super) payments: Vec<Life>,
    /// Payments in queue 2, in order of entry.
    pub(super) queue2: Vec<PaymentNo>,
    /// Payments that their senders have given up today.
    given_up_today: Vec<PaymentNo>,
    /// Whether holds are told in every tick.
    traces: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Life {
    pub(super) sender: AgentNo,
    pub(super) receiver: AgentNo,
    pub(super) amount: Money,
    pub(super) deadline: Tick,
    pub(super) earliest: Tick,
    pub(super) priority: Priority,
    pub(super) original_priority: Priority,
    pub(super) class: RtgsPriority,
    pub(super) divisible: Option<bool>,
    pub(super) place: Place,
    /// The reason, and the policy's own words for it.
    pub(super) last_hold: Option<(HoldReason, Option<String>)>,
    /// The deadline penalty, once it was overdue.
    pub(super) penalty: Option<Money>,
    /// The payment it is a part of.
    pub(super) parent: Option<PaymentNo>,
    /// When it will be released, if it is a part that waits for its time.
    pub(super) release_at: Option<Tick>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Queue1,
    /// Between release and entry, within one tick.
    Released,
    Queue2 {
        since: Tick,
    },
    Settled,
    Dropped,
    /// Replaced by its parts.
    Split,
}

/// What an event says of a payment that its arrival has said already.
pub(super) type Terms = (AgentNo, AgentNo, Money);

impl Lives {
    pub(super) fn new(rules: Rules, traces: bool) -> Self {
        let (payments, queue2, given_up_today) = (Vec::new(), Vec::new(), Vec::new());
        Self { rules, payments, queue2, given_up_today, traces }
    }

    pub(super) fn begin_day(&mut self) {
        self.given_up_today.clear();
    }

    pub(super) fn arrive(&mut self, event: &Arrival, now: Tick) -> Verdict {
        let expected = PaymentNo::from_index(self.payments.len());
        ensure(event.tx_id.no == expected, "payments are numbered in order of creation")?;
        ensure(event.amount.is_positive(), "an amount is positive")?;
        ensure(event.sender_id != event.receiver_id, "nobody pays to itself")?;
        ensure(event.deadline_tick >= now, "a deadline is not before the arrival")?;
        ensure(event.earliest_tick.is_none_or(|tick| tick > now), "an earliest tick is ahead")?;
        self.payments.push(Life {
            sender: event.sender_id,
            receiver: event.receiver_id,
            amount: event.amount,
            deadline: event.deadline_tick,
            earliest: event.earliest_tick.unwrap_or(now),
            priority: event.priority,
            original_priority: event.priority,
            class: event.rtgs_priority,
            divisible: event.divisible,
            place: Place::Queue1,
            last_hold: None,
            penalty: None,
            parent: None,
            release_at: None,
        });
        Ok(())
    }

    pub(super) fn go_overdue(&mut self, event: &TransactionWentOverdue, now: Tick) -> Verdict {
        let life = self.known(event.tx_id, (event.sender_id, event.receiver_id, event.amount))?;
        ensure(life.is_queued(), "only what waits becomes overdue")?;
        ensure(life.penalty.is_none(), "a payment becomes overdue once")?;
        ensure(event.deadline_tick == life.deadline, "a deadline stays")?;
        ensure(
            now == life.deadline.next(),
            "a payment is overdue from the tick after its deadline",
        )?;
        ensure(event.ticks_overdue == 1, "it is overdue by one tick then")?;
        ensure(event.remaining_amount == event.amount, "nothing of it has settled")?;
        life.penalty = Some(event.deadline_penalty_cost);
        Ok(())
    }

    pub(super) fn escalate(&mut self, event: &PriorityEscalated, now: Tick) -> Verdict {
        let life = self.life(event.tx_id)?;
        ensure(event.sender_id == life.sender, "a sender stays")?;
        ensure(life.is_queued(), "only what waits escalates")?;
        let left = life.deadline.since(now);
        ensure(event.ticks_until_deadline == left, "what is left to a deadline is recomputed")?;
        let original = life.original_priority;
        ensure(event.original_priority == original, "an original priority stays")?;
        let raised = original.raised_by(event.boost_applied);
        ensure(event.escalated_priority == raised, "a boost adds to the original priority")?;
        ensure(raised > life.priority, "escalation raises priorities, or there is no event")?;
        life.priority = raised;
        Ok(())
    }

    pub(super) fn reprioritize(&mut self, event: &TransactionReprioritized) -> Verdict {
        let life = self.life(event.tx_id)?;
        ensure(event.agent_id == life.sender, "a sender stays")?;
        ensure(life.is_queued(), "only what waits gets another priority")?;
        ensure(event.old_priority == life.priority, "a priority changes by events only")?;
        ensure(event.new_priority != event.old_priority, "no change, no event")?;
        life.priority = event.new_priority;
        Ok(())
    }

    pub(super) fn hold(&mut self, event: &PolicyHold, batch: &EventBatch) -> Verdict {
        let detail = event.detail.map(|detail| batch.text_of(detail).to_owned());
        let is_custom = event.reason == HoldReason::Custom;
        ensure(is_custom == detail.is_some(), "own words are the reason, or there are none")?;
        let traces = self.traces;
        let life = self.life(event.tx_id)?;
        ensure(event.agent_id == life.sender, "a payment is held by its sender")?;
        ensure(life.place == Place::Queue1, "only what is in queue 1 is held")?;
        let hold = Some((event.reason, detail));
        let may_repeat = traces || event.reason == HoldReason::PolicyFault;
        ensure(may_repeat || life.last_hold != hold, "a hold is said when its reason changes")?;
        life.last_hold = hold;
        Ok(())
    }

    /// Takes note of a release; returns whether it is of a part that had waited for its time.
    pub(super) fn release(
        &mut self,
        event: &RtgsSubmission,
        now: Tick,
    ) -> Result<bool, &'static str> {
        let life = self.known(event.tx_id, (event.sender_id, event.receiver_id, event.amount))?;
        ensure(life.place == Place::Queue1, "only what is in queue 1 is released")?;
        ensure(event.priority == life.priority, "a priority changes by events only")?;
        let is_time = life.release_at.is_none_or(|time| time <= now);
        ensure(is_time, "a part is not released before its time")?;
        life.place = Place::Released;
        life.last_hold = None;
        life.class = event.rtgs_priority;
        Ok(life.release_at.take().is_some())
    }

    /// Returns the hold that must follow a fault, if it is to be told.
    pub(super) fn what_follows_fault(
        &mut self,
        event: &PolicyFault,
    ) -> Result<Option<Due>, &'static str> {
        let Some(no) = event.tx_id else { return Ok(None) };
        let life = self.life(no)?;
        ensure(event.agent_id == life.sender, "a policy decides about its agent's payments")?;
        ensure(life.is_queued(), "a policy decides about what waits")?;
        Ok((life.place == Place::Queue1).then_some(Due::Hold(no)))
    }

    /// Returns what settles if a payment does.
    pub(super) fn flow(&mut self, no: PaymentNo) -> Result<Flow, &'static str> {
        let life = self.life(no)?;
        let Life { sender, receiver, amount, class, .. } = *life;
        Ok(Flow { sender, receiver, amount, class })
    }

    pub(super) fn settled_overdue(
        &mut self,
        event: &OverdueTransactionSettled,
        now: Tick,
    ) -> Verdict {
        let life = self.known(event.tx_id, (event.sender_id, event.receiver_id, event.amount))?;
        ensure(life.place == Place::Settled, "it follows the settlement")?;
        ensure(event.settled_amount == life.amount, "all of it settles")?;
        ensure(event.deadline_tick == life.deadline, "a deadline stays")?;
        ensure(event.overdue_since_tick == life.deadline.next(), "overdue since the tick after")?;
        ensure(event.total_ticks_overdue == now.since(life.deadline), "overdue since then")?;
        let charged = Some(event.deadline_penalty_cost);
        ensure(life.penalty == charged, "the penalty named is the penalty charged")
    }

    pub(super) fn pay_for_the_night(&mut self, event: &EndOfDayPenalty, now: Tick) -> Verdict {
        let was_given_up = self.given_up_today.contains(&event.tx_id);
        let life = self.life(event.tx_id)?;
        ensure(event.agent_id == life.sender, "the sender pays")?;
        ensure(event.amount.is_positive(), "no penalty, no event")?;
        let is_due = life.is_queued() && life.deadline <= now;
        ensure(is_due || was_given_up, "only what is due or given up pays for the night")
    }

    /// Takes note of a payment that leaves unsettled; returns what must follow.
    pub(super) fn give_up(&mut self, event: &PolicyDrop) -> Result<Vec<Due>, &'static str> {
        let life = self.life(event.tx_id)?;
        ensure(event.agent_id == life.sender, "the sender's payment is dropped")?;
        match event.reason {
            DropReason::Closed => ensure(life.is_queued(), "only what waits is dropped")?,
            DropReason::PolicyDecision => {
                ensure(life.place == Place::Queue1, "a sender drops what is in its queue 1")?;
                let is_free = life.penalty.is_none() || event.deadline_penalty_cost == Money::ZERO;
                ensure(is_free, "a deadline penalty is charged once")?;
            }
        }
        life.place = Place::Dropped;
        self.queue2.retain(|waiting| *waiting != event.tx_id);
        if event.reason == DropReason::PolicyDecision {
            self.given_up_today.push(event.tx_id);
        }
        self.completed_by(event.tx_id)
    }

    /// Returns what must follow the settlement of a payment.
    pub(super) fn what_follows_settlement(
        &mut self,
        no: PaymentNo,
    ) -> Result<Vec<Due>, &'static str> {
        let is_overdue = self.life(no)?.penalty.is_some();
        let overdue = is_overdue.then_some(Due::OverdueSettled(no));
        Ok(overdue.into_iter().chain(self.completed_by(no)?).collect())
    }

    pub(super) fn count_unsettled(&self, counted: u32) -> Verdict {
        let waiting = self.payments.iter().filter(|life| life.is_queued()).count();
        ensure(waiting == counted as usize, "what is unsettled is what is in the queues")
    }

    pub(super) fn finish_tick(&self, now: Tick) -> Verdict {
        for life in &self.payments {
            ensure(life.place != Place::Released, "what is released settles or joins queue 2")?;
            let is_late = life.is_queued() && life.deadline < now;
            ensure(!is_late || life.penalty.is_some(), "what is late was said to be overdue")?;
        }
        self.families_are_whole()
    }

    pub(super) fn life(&mut self, no: PaymentNo) -> Result<&mut Life, &'static str> {
        self.payments.get_mut(no.index()).ok_or("events name payments that have arrived")
    }

    pub(super) fn known(&mut self, no: PaymentNo, terms: Terms) -> Result<&mut Life, &'static str> {
        let life = self.life(no)?;
        ensure(
            terms == (life.sender, life.receiver, life.amount),
            "a payment's parties and amount stay",
        )?;
        Ok(life)
    }

    /// Expects an event to name the parties and the amount of a payment as its arrival did.
    pub(super) fn keeps_terms(&mut self, no: PaymentNo, terms: Terms) -> Verdict {
        self.known(no, terms).map(|_| ())
    }
}

impl Life {
    pub(super) fn is_queued(&self) -> bool {
        matches!(self.place, Place::Queue1 | Place::Queue2 { .. })
    }
}
