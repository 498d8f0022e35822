//! How the system settles.

use serde::{Deserialize, Serialize};

use crate::Money;
use crate::event::{DelayCostQueues, LimitsApplyTo, LimitsBasis, Queue1Ordering, RtgsPriority};

/// How the system settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Whether a queued payment may overtake another of its sender.
    pub queue_discipline: QueueDiscipline,
    /// In which order released payments are tested on entry.
    pub entry_order: EntryOrder,
    /// Whether a deadline lies no later than the last tick of the arrival day.
    pub deadline_cap_at_eod: bool,
    /// What happens to unsettled payments at the end of a day.
    pub end_of_day: EndOfDay,
    /// Last tick of the day on which payments enter the system.
    pub cutoff_tick_in_day: u32,
    /// Whether pools are returned each evening and brought in anew each morning.
    pub daily_liquidity_reallocation: bool,
    /// Which queues delay cost is charged in.
    pub delay_cost_queues: DelayCostQueues,
    /// In which order an agent looks at its queue 1.
    pub queue1_ordering: Queue1Ordering,
    /// Whether priorities rise as deadlines come near.
    pub escalation: Option<Escalation>,
    /// Whether queue 2 goes by declared class and priority band before entry.
    pub priority_mode: bool,
    /// Whether a queued payment holds back its sender's payments of lower classes; only with
    /// `priority_mode`.
    pub priority_blocking: bool,
    /// Whether what an agent receives makes room under its limits.
    pub limits_basis: LimitsBasis,
    /// Which payments limits bind and count.
    pub limits_apply_to: LimitsApplyTo,
    /// Whether receipts can be used from the next tick only.
    pub deferred_crediting: bool,
    /// Whether a payment that cannot settle on entry may offset one queued the other way.
    pub entry_disposition_offsetting: bool,
    /// Most parts of a split.
    pub max_splits: u32,
    /// When posted collateral may be withdrawn.
    pub collateral: CollateralRules,
}

impl Rules {
    /// Returns the rules that hold where nothing is said, for days of this length.
    pub const fn plain(ticks_per_day: u32) -> Self {
        Self {
            queue_discipline: QueueDiscipline::Bypass,
            entry_order: EntryOrder::Agent,
            deadline_cap_at_eod: false,
            end_of_day: EndOfDay::Carry,
            cutoff_tick_in_day: ticks_per_day.saturating_sub(1),
            daily_liquidity_reallocation: true,
            delay_cost_queues: DelayCostQueues::Both,
            queue1_ordering: Queue1Ordering::Arrival,
            escalation: None,
            priority_mode: false,
            priority_blocking: false,
            limits_basis: LimitsBasis::Gross,
            limits_apply_to: LimitsApplyTo::All,
            deferred_crediting: false,
            entry_disposition_offsetting: false,
            max_splits: 100,
            collateral: CollateralRules::USUAL,
        }
    }
}

/// How priorities rise as deadlines come near.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// The shape of the rise.
    pub curve: EscalationCurve,
    /// Ticks before the deadline at which it begins.
    pub start_escalating_at_ticks: u32,
    /// What it adds at the deadline, 0 to 10.
    pub max_boost: u8,
}

/// The shape in which priorities rise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EscalationCurve {
    /// Evenly over the window.
    #[default]
    Linear,
    /// Late and steeply: halved for each quarter of the window that is left.
    Exponential,
    /// In three steps.
    Step,
}

/// When posted collateral may be withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollateralRules {
    /// Shortest time from the last posting to a withdrawal that is asked for.
    pub holding_period_ticks: u32,
    /// Credit that a timer leaves unused when it withdraws.
    pub timer_buffer: Money,
}

impl CollateralRules {
    /// The rules that hold where nothing is said.
    pub const USUAL: Self = Self { holding_period_ticks: 5, timer_buffer: Money::from_minor(100) };
}

/// Liquidity that payments of lower declared classes leave alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservations {
    /// Kept for highly urgent payments.
    pub highly_urgent: Money,
    /// Kept, besides, for urgent payments.
    pub urgent: Money,
}

impl Reservations {
    /// Returns what payments of a class leave alone; at most what 64 bits hold.
    pub fn kept_from(self, class: RtgsPriority) -> Money {
        match class {
            RtgsPriority::HighlyUrgent => Money::ZERO,
            RtgsPriority::Urgent => self.highly_urgent,
            RtgsPriority::Normal => {
                self.highly_urgent.checked_add(self.urgent).unwrap_or(Money::MAX)
            }
        }
    }
}

/// Whether a queued payment may overtake another of its sender.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum QueueDiscipline {
    /// Each queued payment is tested by itself.
    #[default]
    Bypass,
    /// Only a sender's first queued payment is tested.
    Fifo,
}

/// In which order released payments are tested on entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EntryOrder {
    /// As released: agent by agent.
    #[default]
    Agent,
    /// By payment number.
    Submission,
}

/// What happens to unsettled payments at the end of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EndOfDay {
    /// They keep their places over night.
    #[default]
    Carry,
    /// They are dropped.
    Cancel,
}
