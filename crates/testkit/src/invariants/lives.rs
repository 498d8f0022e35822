//! Payments: each is in exactly one place, settles at most once and never after it was dropped.

use psim_model::event::{
    Arrival, EndOfDayPenalty, HoldReason, OverdueTransactionSettled, PolicyDrop, PolicyHold,
    Queue2LiquidityRelease, QueueReason, QueuedRtgs, RtgsImmediateSettlement, RtgsSubmission,
    TransactionWentOverdue,
};
use psim_model::{AgentNo, Money, PaymentNo, QueueDiscipline, Rules, Tick};

use super::{Verdict, ensure};

/// Where every payment is, as the events tell it.
#[derive(Debug)]
pub(super) struct Lives {
    rules: Rules,
    payments: Vec<Life>,
    queue2: Vec<PaymentNo>,
}

#[derive(Debug)]
struct Life {
    sender: AgentNo,
    receiver: AgentNo,
    amount: Money,
    deadline: Tick,
    earliest: Tick,
    place: Place,
    last_hold: Option<HoldReason>,
    /// The deadline penalty, once it was overdue.
    penalty: Option<Money>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Queue1,
    /// Between release and entry, within one tick.
    Released,
    Queue2 {
        since: Tick,
    },
    Settled,
    Dropped,
}

/// What an event says of a payment that its arrival has said already.
type Terms = (AgentNo, AgentNo, Money);

impl Lives {
    pub(super) fn new(rules: Rules) -> Self {
        Self { rules, payments: Vec::new(), queue2: Vec::new() }
    }

    pub(super) fn arrive(&mut self, event: &Arrival, now: Tick) -> Verdict {
        let expected = PaymentNo::from_index(self.payments.len());
        ensure(event.tx_id.no == expected, "payments are numbered in order of arrival")?;
        ensure(event.amount.is_positive(), "an amount is positive")?;
        ensure(event.sender_id != event.receiver_id, "nobody pays to itself")?;
        ensure(event.priority <= 10, "a priority is at most 10")?;
        ensure(event.deadline_tick >= now, "a deadline is not before the arrival")?;
        ensure(event.earliest_tick.is_none_or(|tick| tick > now), "an earliest tick is ahead")?;
        self.payments.push(Life {
            sender: event.sender_id,
            receiver: event.receiver_id,
            amount: event.amount,
            deadline: event.deadline_tick,
            earliest: event.earliest_tick.unwrap_or(now),
            place: Place::Queue1,
            last_hold: None,
            penalty: None,
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

    pub(super) fn hold(&mut self, event: &PolicyHold) -> Verdict {
        let life = self.life(event.tx_id)?;
        ensure(event.agent_id == life.sender, "a payment is held by its sender")?;
        ensure(life.place == Place::Queue1, "only what is in queue 1 is held")?;
        ensure(life.last_hold != Some(event.reason), "a hold is said when its reason changes")?;
        life.last_hold = Some(event.reason);
        Ok(())
    }

    pub(super) fn release(&mut self, event: &RtgsSubmission) -> Verdict {
        let life = self.known(event.tx_id, (event.sender_id, event.receiver_id, event.amount))?;
        ensure(life.place == Place::Queue1, "only what is in queue 1 is released")?;
        life.place = Place::Released;
        Ok(())
    }

    pub(super) fn settle_on_entry(
        &mut self,
        event: &RtgsImmediateSettlement,
        now: Tick,
    ) -> Verdict {
        let is_blocked = self.is_blocked(event.sender_id, None);
        let life = self.known(event.tx_id, (event.sender_id, event.receiver_id, event.amount))?;
        ensure(life.place == Place::Released, "only what is released settles on entry")?;
        ensure(life.earliest <= now, "nothing settles before its earliest tick")?;
        life.place = Place::Settled;
        ensure(!is_blocked, "under fifo nothing overtakes a payment of its sender")
    }

    pub(super) fn join_queue2(&mut self, event: &QueuedRtgs, now: Tick) -> Verdict {
        let is_blocked = self.is_blocked(event.sender_id, None);
        let life = self.known(event.tx_id, (event.sender_id, event.receiver_id, event.amount))?;
        ensure(life.place == Place::Released, "only what is released joins queue 2")?;
        let reason = if life.earliest > now {
            QueueReason::NotBefore
        } else if is_blocked {
            QueueReason::EarlierPayment
        } else {
            QueueReason::InsufficientLiquidity
        };
        life.place = Place::Queue2 { since: now };
        self.queue2.push(event.tx_id);
        ensure(event.reason == reason, "the reason for waiting is the true one")
    }

    pub(super) fn settle_from_queue2(
        &mut self,
        event: &Queue2LiquidityRelease,
        now: Tick,
    ) -> Verdict {
        let is_blocked = self.is_blocked(event.sender_id, Some(event.tx_id));
        let life = self.known(event.tx_id, (event.sender_id, event.receiver_id, event.amount))?;
        let Place::Queue2 { since } = life.place else {
            return Err("only what is in queue 2 settles from it");
        };
        ensure(life.earliest <= now, "nothing settles before its earliest tick")?;
        ensure(event.queue_wait_ticks == now.since(since), "waiting counts from joining queue 2")?;
        life.place = Place::Settled;
        self.queue2.retain(|waiting| *waiting != event.tx_id);
        ensure(!is_blocked, "under fifo nothing overtakes a payment of its sender")
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
        let life = self.life(event.tx_id)?;
        ensure(event.agent_id == life.sender, "the sender pays")?;
        ensure(event.amount.is_positive(), "no penalty, no event")?;
        ensure(life.is_queued(), "only what waits pays for the night")?;
        ensure(life.deadline <= now, "only what is due pays for the night")
    }

    pub(super) fn drop_unsettled(&mut self, event: PolicyDrop) -> Verdict {
        let life = self.life(event.tx_id)?;
        ensure(event.agent_id == life.sender, "the sender's payment is dropped")?;
        ensure(life.is_queued(), "only what waits is dropped")?;
        life.place = Place::Dropped;
        self.queue2.retain(|waiting| *waiting != event.tx_id);
        Ok(())
    }

    pub(super) fn count_unsettled(&self, counted: u32) -> Verdict {
        let waiting = self.payments.iter().filter(|life| life.is_queued()).count();
        ensure(waiting == counted as usize, "what is unsettled is what is in the queues")
    }

    pub(super) fn is_overdue(&self, no: PaymentNo) -> bool {
        self.payments.get(no.index()).is_some_and(|life| life.penalty.is_some())
    }

    pub(super) fn finish_tick(&self, now: Tick) -> Verdict {
        for life in &self.payments {
            ensure(life.place != Place::Released, "what is released settles or joins queue 2")?;
            let is_late = life.is_queued() && life.deadline < now;
            ensure(!is_late || life.penalty.is_some(), "what is late was said to be overdue")?;
        }
        Ok(())
    }

    /// Returns whether the discipline makes a payment wait: `waiting` if it is in queue 2, else a
    /// newcomer.
    fn is_blocked(&self, sender: AgentNo, waiting: Option<PaymentNo>) -> bool {
        let mut before = self.queue2.iter().take_while(|no| Some(**no) != waiting);
        self.rules.queue_discipline == QueueDiscipline::Fifo
            && before.any(|no| self.payments[no.index()].sender == sender)
    }

    fn life(&mut self, no: PaymentNo) -> Result<&mut Life, &'static str> {
        self.payments.get_mut(no.index()).ok_or("events name payments that have arrived")
    }

    fn known(&mut self, no: PaymentNo, terms: Terms) -> Result<&mut Life, &'static str> {
        let life = self.life(no)?;
        ensure(
            terms == (life.sender, life.receiver, life.amount),
            "a payment's parties and amount stay",
        )?;
        Ok(life)
    }
}

impl Life {
    fn is_queued(&self) -> bool {
        matches!(self.place, Place::Queue1 | Place::Queue2 { .. })
    }
}
