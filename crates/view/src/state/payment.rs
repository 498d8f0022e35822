//! A payment's life so far.

use psim_model::event::{Arrival, DropReason, Event, HoldReason, QueueReason};
use psim_model::{AgentNo, Money, Tick, Total};
use serde::Serialize;

/// One payment, as the events up to now tell of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Who pays.
    pub sender: AgentNo,
    /// Who is paid.
    pub receiver: AgentNo,
    /// How much, in minor units.
    pub amount: Money,
    /// Tick on which it entered queue 1.
    pub arrival: Tick,
    /// Last tick on which it is on time.
    pub deadline: Tick,
    /// First tick on which it may settle, if that was not its arrival.
    pub earliest: Option<Tick>,
    /// Priority, 0 to 10.
    pub priority: u8,
    /// Whether it may be split, if anything was said of it.
    pub divisible: Option<bool>,
    /// Where it is now.
    pub place: Place,
    /// Tick on which it first joined queue 2.
    pub queued_since: Option<Tick>,
    /// Tick on which it became overdue; stays when it settles.
    pub overdue_since: Option<Tick>,
    /// Why it last had to wait; stays when it settles or is dropped.
    pub last_reason: Option<WaitReason>,
}

/// Where a payment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In its sender's queue 1.
    Queue1,
    /// Released, and not yet settled or queued; no payment stays here over a tick.
    Entering,
    /// In queue 2.
    Queue2,
    /// Settled.
    Settled {
        /// When.
        tick: Tick,
        /// On which path.
        how: Settlement,
    },
    /// Gone unsettled.
    Dropped {
        /// When.
        tick: Tick,
        /// Why.
        reason: DropReason,
    },
}

/// On which path a payment settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// When it was released.
    OnEntry,
    /// After waiting in queue 2.
    FromQueue2,
}

/// Why a payment had to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WaitReason {
    /// It stayed in queue 1.
    Hold(HoldReason),
    /// It joined queue 2.
    Queue(QueueReason),
}

impl WaitReason {
    /// Returns the word of the event that gave the reason.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hold(reason) => reason.as_str(),
            Self::Queue(reason) => reason.as_str(),
        }
    }

    /// Returns the reason in words for people.
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Hold(HoldReason::PolicyDecision) => "held by policy",
            Self::Hold(HoldReason::CutOff) => "after cut-off",
            Self::Queue(QueueReason::InsufficientLiquidity) => "insufficient liquidity",
            Self::Queue(QueueReason::EarlierPayment) => "earlier payment waiting",
            Self::Queue(QueueReason::NotBefore) => "earliest tick not come",
        }
    }
}

/// Returns in words for people what becomes of a payment that is dropped for this reason.
pub(crate) const fn drop_phrase(reason: DropReason) -> &'static str {
    match reason {
        DropReason::Closed => "dropped at the close",
    }
}

impl Payment {
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
            divisible: arrival.divisible,
            place: Place::Queue1,
            queued_since: None,
            overdue_since: None,
            last_reason: None,
        }
    }

    /// Takes in an event that names the payment and comes after its arrival.
    pub(crate) fn follow(&mut self, tick: Tick, event: &Event) {
        match event {
            Event::TransactionWentOverdue(_) => self.overdue_since = Some(tick),
            Event::PolicyHold(hold) => self.last_reason = Some(WaitReason::Hold(hold.reason)),
            Event::RtgsSubmission(_) => self.place = Place::Entering,
            Event::QueuedRtgs(queued) => {
                self.last_reason = Some(WaitReason::Queue(queued.reason));
                self.queued_since.get_or_insert(tick);
                self.place = Place::Queue2;
            }
            Event::RtgsImmediateSettlement(_) => {
                self.place = Place::Settled { tick, how: Settlement::OnEntry };
            }
            Event::Queue2LiquidityRelease(_) => {
                self.place = Place::Settled { tick, how: Settlement::FromQueue2 };
            }
            Event::PolicyDrop(dropped) => {
                self.place = Place::Dropped { tick, reason: dropped.reason };
            }
            _ => {}
        }
    }

    /// Returns the tick on which it settled.
    pub const fn settled_at(&self) -> Option<Tick> {
        match self.place {
            Place::Settled { tick, .. } => Some(tick),
            _ => None,
        }
    }

    /// Returns whether it waits in a queue.
    pub const fn is_waiting(&self) -> bool {
        matches!(self.place, Place::Queue1 | Place::Entering | Place::Queue2)
    }
}

/// How many payments, and of what value in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Number of payments.
    pub count: u64,
    /// Sum of their amounts.
    #[serde(serialize_with = "crate::json::minor_units")]
    pub value: Total,
}

impl Tally {
    /// Counts a payment in.
    pub(crate) fn add(&mut self, amount: Money) {
        self.count += 1;
        self.value += amount;
    }

    /// Returns both together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { count: self.count + other.count, value: self.value + other.value }
    }

    /// Counts a payment out that was counted in before.
    pub(crate) fn take(&mut self, amount: Money) {
        self.count = self.count.saturating_sub(1);
        self.value -= amount;
    }
}
