//! A payment's life so far.

use psim_model::event::{Arrival, Event, PolicySplit, RtgsPriority, SplitOutcome};
use psim_model::{AgentNo, Money, PaymentNo, Priority, Tick};

use super::{Place, Settlement, WaitReason};

/// One payment, as the events up to now tell of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Who pays.
    pub sender: AgentNo,
    /// Who is paid.
    pub receiver: AgentNo,
    /// How much, in minor units.
    pub amount: Money,
    /// Tick on which it entered queue 1; a part's is that of the payment that was split.
    pub arrival: Tick,
    /// Last tick on which it is on time.
    pub deadline: Tick,
    /// First tick on which it may settle, if that was not its arrival.
    pub earliest: Option<Tick>,
    /// Priority now, 0 to 10.
    pub priority: Priority,
    /// The priority it came with.
    pub original_priority: Priority,
    /// The class it is declared with now.
    pub rtgs_priority: RtgsPriority,
    /// Whether it may be split, if anything was said of it.
    pub divisible: Option<bool>,
    /// The payment of which it is a part.
    pub parent: Option<PaymentNo>,
    /// Tick from which on it is released, while it is a part that waits for its time.
    pub scheduled: Option<Tick>,
    /// Where it is now.
    pub place: Place,
    /// Tick on which it last entered the system; `None` before that, and once it was taken out.
    pub submitted: Option<Tick>,
    /// Tick on which it last joined queue 2.
    pub queued_since: Option<Tick>,
    /// Tick on which it became overdue; stays when it settles.
    pub overdue_since: Option<Tick>,
    /// Why it last had to wait; stays when it settles or is dropped.
    pub last_reason: Option<WaitReason>,
}

impl Payment {
    /// Returns what it is a part of, the nearest first: the last is the payment that arrived. None
    /// for one that arrived itself.
    pub(crate) fn wholes(self, payments: &[Self]) -> impl Iterator<Item = PaymentNo> + Clone {
        let parent = |no: &PaymentNo| payments.get(no.index()).and_then(|payment| payment.parent);
        std::iter::successors(self.parent, parent)
    }

    /// Returns a payment that has just arrived in queue 1.
    pub(crate) const fn arrived(tick: Tick, arrival: &Arrival) -> Self {
        Self {
            sender: arrival.sender_id,
            receiver: arrival.receiver_id,
            amount: arrival.amount,
            arrival: tick,
            deadline: arrival.deadline_tick,
            earliest: arrival.earliest_tick,
            priority: arrival.priority,
            original_priority: arrival.priority,
            rtgs_priority: arrival.rtgs_priority,
            divisible: arrival.divisible,
            parent: None,
            scheduled: None,
            place: Place::Queue1,
            submitted: None,
            queued_since: None,
            overdue_since: None,
            last_reason: None,
        }
    }

    /// Returns a part of this payment as it is split: the `index`-th, from 0. The first parts are
    /// about to be released, each of the others has a tick of its own.
    pub(crate) fn part(&self, tick: Tick, split: &PolicySplit, index: u32, amount: Money) -> Self {
        let scheduled = index.checked_sub(split.released_now).map(|place| {
            let wait = place.saturating_add(1).saturating_mul(split.gap_ticks);
            Tick(tick.0.saturating_add(wait))
        });
        Self {
            amount,
            priority: split.child_priority,
            original_priority: split.child_original_priority,
            parent: Some(split.tx_id),
            scheduled,
            place: if scheduled.is_some() { Place::Queue1 } else { Place::Entering },
            submitted: None,
            queued_since: None,
            last_reason: scheduled.map(|_| WaitReason::Scheduled),
            ..*self
        }
    }

    /// Takes in an event that names the payment and comes after its arrival, or after the split
    /// that made it.
    pub(crate) fn follow(&mut self, tick: Tick, event: &Event) {
        match event {
            Event::TransactionWentOverdue(_) => self.overdue_since = Some(tick),
            Event::PolicyHold(hold) => self.last_reason = Some(WaitReason::Hold(hold.reason)),
            Event::PriorityEscalated(escalated) => self.priority = escalated.escalated_priority,
            Event::TransactionReprioritized(changed) => self.priority = changed.new_priority,
            Event::RtgsSubmission(submission) => {
                self.rtgs_priority = submission.rtgs_priority;
                self.scheduled = None;
                self.submitted = Some(tick);
                self.place = Place::Entering;
            }
            Event::QueuedRtgs(queued) => {
                self.last_reason = Some(WaitReason::Queue(queued.reason));
                self.queued_since = Some(tick);
                self.place = Place::Queue2;
            }
            Event::RtgsWithdrawal(_) => {
                self.last_reason = None;
                self.submitted = None;
                self.place = Place::Queue1;
            }
            Event::RtgsResubmission(resubmission) => {
                self.rtgs_priority = resubmission.new_rtgs_priority;
            }
            Event::RtgsImmediateSettlement(_) => self.settle(tick, Settlement::OnEntry),
            Event::Queue2LiquidityRelease(_) => self.settle(tick, Settlement::FromQueue2),
            Event::PolicyDrop(dropped) => {
                self.scheduled = None;
                self.place = Place::Dropped { tick, reason: Some(dropped.reason) };
            }
            Event::PolicySplit(_) => {
                self.scheduled = None;
                self.place = Place::Split;
            }
            Event::SplitCompleted(completed) => match completed.outcome {
                SplitOutcome::Settled => self.settle(tick, Settlement::InParts),
                SplitOutcome::Dropped => self.place = Place::Dropped { tick, reason: None },
            },
            event => {
                if let Some(set) = event.settled_set() {
                    self.settle(tick, Settlement::of_set(set.algorithm));
                }
            }
        }
    }

    const fn settle(&mut self, tick: Tick, how: Settlement) {
        self.place = Place::Settled { tick, how };
    }

    /// Returns the tick on which it settled.
    pub const fn settled_at(&self) -> Option<Tick> {
        match self.place {
            Place::Settled { tick, .. } => Some(tick),
            _ => None,
        }
    }

    /// Returns whether it has been replaced by its parts.
    pub const fn is_split(&self) -> bool {
        matches!(
            self.place,
            Place::Split
                | Place::Settled { how: Settlement::InParts, .. }
                | Place::Dropped { reason: None, .. }
        )
    }

    /// Returns whether it waits in a queue.
    pub const fn is_waiting(&self) -> bool {
        matches!(self.place, Place::Queue1 | Place::Entering | Place::Queue2)
    }
}
