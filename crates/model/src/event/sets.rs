//! Settlements of several payments, whatever event tells them.

use super::{AgentList, Event, LsmAlgorithm, MoneyList, PaymentList};
use crate::{AgentNo, Money};

/// What an event tells of payments that settle together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettledSet {
    /// The algorithm that found them in queue 2; none if one of them has settled on entry.
    pub algorithm: Option<LsmAlgorithm>,
    /// The payments.
    pub tx_ids: PaymentList,
    /// Their amounts, in the same order.
    pub tx_amounts: MoneyList,
    /// All who pay or are paid, each once.
    pub agents: AgentList,
    /// What each gets on balance (below zero: pays), in the same order.
    pub net_positions: MoneyList,
    /// The sum of the amounts, or as near as 64 bits come.
    pub total_value: Money,
    /// The most that an agent pays on balance.
    pub max_net_outflow: Money,
    /// Who pays it; none if nobody pays on balance.
    pub max_net_outflow_agent: Option<AgentNo>,
}

/// Takes the fields of a set from one of the events that tell one.
macro_rules! set_of {
    ($event:expr, $algorithm:expr) => {
        SettledSet {
            algorithm: $algorithm,
            tx_ids: $event.tx_ids,
            tx_amounts: $event.tx_amounts,
            agents: $event.agents,
            net_positions: $event.net_positions,
            total_value: $event.total_value,
            max_net_outflow: $event.max_net_outflow,
            max_net_outflow_agent: $event.max_net_outflow_agent,
        }
    };
}

impl Event {
    /// Returns what the event tells of payments that settle together, if it does.
    pub const fn settled_set(&self) -> Option<SettledSet> {
        use LsmAlgorithm::{Bilateral, Cycles};

        match self {
            Self::EntryDispositionOffset(event) => Some(set_of!(event, None)),
            Self::LsmBilateralOffset(event) => Some(set_of!(event, Some(Bilateral))),
            Self::LsmCycleSettlement(event) => Some(set_of!(event, Some(Cycles))),
            Self::LsmBatchSettlement(event) => Some(set_of!(event, Some(event.algorithm))),
            _ => None,
        }
    }
}
