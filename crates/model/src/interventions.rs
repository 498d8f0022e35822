//! Shocks and changes that a scenario schedules.

use serde::{Deserialize, Serialize};

use crate::event::{RtgsPriority, ScenarioEventType};
use crate::{AgentNo, CostRatesChange, Fraction, Limits, Money, Policy, Priority, Tick};

/// A shock or change, and when it happens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScheduledEvent {
    /// When.
    pub schedule: Schedule,
    /// What.
    pub event: ScenarioEvent,
}

/// When something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Schedule {
    /// Once.
    OneTime {
        /// When.
        tick: Tick,
    },
    /// Every so often.
    Repeating {
        /// First time.
        start_tick: Tick,
        /// Ticks from one time to the next, at least 1.
        interval: u32,
        /// Last tick on which it may happen; `None` for the end of the run.
        end_tick: Option<Tick>,
    },
}

impl Schedule {
    /// Returns whether the time has come.
    pub fn is_due(self, now: Tick) -> bool {
        match self {
            Self::OneTime { tick } => tick == now,
            Self::Repeating { start_tick, interval, end_tick } => {
                now >= start_tick
                    && end_tick.is_none_or(|end| now <= end)
                    && now.since(start_tick).is_multiple_of(interval)
            }
        }
    }

    /// Returns the first time.
    pub const fn first(self) -> Tick {
        match self {
            Self::OneTime { tick } => tick,
            Self::Repeating { start_tick, .. } => start_tick,
        }
    }
}

/// A shock or change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ScenarioEvent {
    /// Moves balance, whatever is available and whatever the limits are.
    DirectTransfer {
        /// Who pays.
        from_agent: AgentNo,
        /// Who is paid.
        to_agent: AgentNo,
        /// How much.
        amount: Money,
    },
    /// A payment arrives in its sender's queue 1.
    CustomTransactionArrival {
        /// Who pays.
        from_agent: AgentNo,
        /// Who is paid.
        to_agent: AgentNo,
        /// How much.
        amount: Money,
        /// Priority, 0 to 10.
        priority: Priority,
        /// Declared class.
        rtgs_priority: RtgsPriority,
        /// Ticks from arrival to deadline, at least 1.
        deadline: u32,
        /// Whether it may be split; unset allows.
        is_divisible: Option<bool>,
    },
    /// Settles at once, under the rules of a payment, or not at all.
    ScheduledSettlement {
        /// Who pays.
        from_agent: AgentNo,
        /// Who is paid.
        to_agent: AgentNo,
        /// How much.
        amount: Money,
    },
    /// Changes an unsecured cap by so much.
    CreditLimitChange {
        /// Whose.
        agent: AgentNo,
        /// What is added, of either sign.
        delta: Money,
    },
    /// Sets what all arrival rates are multiplied by.
    GlobalArrivalRateChange {
        /// The factor, finite and not negative.
        multiplier: f64,
    },
    /// Sets what one agent's arrival rates are multiplied by.
    AgentArrivalRateChange {
        /// Whose.
        agent: AgentNo,
        /// The factor, finite and not negative.
        multiplier: f64,
    },
    /// Sets how often an agent pays to another.
    CounterpartyWeightChange {
        /// Who pays.
        agent: AgentNo,
        /// Who is paid.
        counterparty: AgentNo,
        /// The weight, finite and not negative.
        new_weight: f64,
        /// Whether the other weights are rescaled so that the sum stays.
        auto_balance_others: bool,
    },
    /// Sets what all deadline windows are multiplied by; what is not given stays.
    DeadlineWindowChange {
        /// For the fewest ticks, positive and finite.
        min_ticks_multiplier: Option<f64>,
        /// For the most ticks, positive and finite.
        max_ticks_multiplier: Option<f64>,
    },
    /// Changes what an agent's collateral is worth.
    CollateralValueChange {
        /// Whose.
        agent: AgentNo,
        /// The change.
        change: CollateralChange,
    },
    /// An agent cannot send.
    ParticipantOutage {
        /// Who.
        agent: AgentNo,
    },
    /// An agent can send again.
    ParticipantRecovery {
        /// Who.
        agent: AgentNo,
    },
    /// Moves the cut-off of the day on which it happens.
    CutOffChange {
        /// Last tick of the day on which payments enter the system.
        tick_in_day: u32,
    },
    /// Changes cost rates.
    CostRateChange {
        /// The new ones.
        rates: CostRatesChange,
    },
    /// Changes liquidity saving.
    LsmConfigChange {
        /// Whether pairs are offset.
        enable_bilateral: Option<bool>,
        /// Whether cycles are offset.
        enable_cycles: Option<bool>,
    },
    /// Replaces an agent's limits.
    LimitChange {
        /// Whose.
        agent: AgentNo,
        /// The new ones.
        limits: Limits,
    },
    /// Replaces an agent's policy.
    PolicyChange {
        /// Whose.
        agent: AgentNo,
        /// The new one.
        policy: Policy,
    },
}

/// How collateral changes its worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CollateralChange {
    /// So much nominal value is added, of either sign.
    PostedDelta(Money),
    /// The haircut is this from now on.
    Haircut(Fraction),
}

impl ScenarioEvent {
    /// Returns whether it may create payments that are given no id.
    pub fn creates_payments(&self) -> bool {
        match self {
            Self::CustomTransactionArrival { .. } => true,
            Self::PolicyChange { policy, .. } => policy.most_parts() > 0,
            _ => false,
        }
    }

    /// Returns the type by its word.
    pub const fn kind(&self) -> ScenarioEventType {
        match self {
            Self::DirectTransfer { .. } => ScenarioEventType::DirectTransfer,
            Self::CustomTransactionArrival { .. } => ScenarioEventType::CustomTransactionArrival,
            Self::ScheduledSettlement { .. } => ScenarioEventType::ScheduledSettlement,
            Self::CreditLimitChange { .. } => ScenarioEventType::CreditLimitChange,
            Self::GlobalArrivalRateChange { .. } => ScenarioEventType::GlobalArrivalRateChange,
            Self::AgentArrivalRateChange { .. } => ScenarioEventType::AgentArrivalRateChange,
            Self::CounterpartyWeightChange { .. } => ScenarioEventType::CounterpartyWeightChange,
            Self::DeadlineWindowChange { .. } => ScenarioEventType::DeadlineWindowChange,
            Self::CollateralValueChange { .. } => ScenarioEventType::CollateralValueChange,
            Self::ParticipantOutage { .. } => ScenarioEventType::ParticipantOutage,
            Self::ParticipantRecovery { .. } => ScenarioEventType::ParticipantRecovery,
            Self::CutOffChange { .. } => ScenarioEventType::CutOffChange,
            Self::CostRateChange { .. } => ScenarioEventType::CostRateChange,
            Self::LsmConfigChange { .. } => ScenarioEventType::LsmConfigChange,
            Self::LimitChange { .. } => ScenarioEventType::LimitChange,
            Self::PolicyChange { .. } => ScenarioEventType::PolicyChange,
        }
    }

    /// Returns the agent that it is about, or that pays, and the one that is paid.
    pub const fn agents(&self) -> (Option<AgentNo>, Option<AgentNo>) {
        match self {
            Self::DirectTransfer { from_agent, to_agent, .. }
            | Self::CustomTransactionArrival { from_agent, to_agent, .. }
            | Self::ScheduledSettlement { from_agent, to_agent, .. } => {
                (Some(*from_agent), Some(*to_agent))
            }
            Self::CounterpartyWeightChange { agent, counterparty, .. } => {
                (Some(*agent), Some(*counterparty))
            }
            Self::CreditLimitChange { agent, .. }
            | Self::AgentArrivalRateChange { agent, .. }
            | Self::CollateralValueChange { agent, .. }
            | Self::ParticipantOutage { agent }
            | Self::ParticipantRecovery { agent }
            | Self::LimitChange { agent, .. }
            | Self::PolicyChange { agent, .. } => (Some(*agent), None),
            Self::GlobalArrivalRateChange { .. }
            | Self::DeadlineWindowChange { .. }
            | Self::CutOffChange { .. }
            | Self::CostRateChange { .. }
            | Self::LsmConfigChange { .. } => (None, None),
        }
    }
}
