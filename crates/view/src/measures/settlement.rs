//! What share of the payments settled.

use serde::Serialize;

use super::groups::{Gathering, Groups};
use crate::state::{State, Tally};
use crate::summary::PaymentSummary;
use crate::summary::read_off::each_counted;

/// What arrived, what settled of it, and the rates.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SettlementMeasures {
    /// All payments.
    pub all: SettlementRate,
    /// By who pays, in the order of ids.
    pub by_agent: Vec<AgentRate>,
    /// By priority band, declared class and size.
    #[serde(flatten)]
    pub groups: Groups<SettlementRate>,
}

/// Settlement of some payments.
///
/// Formula: `rate_count` = number settled / number arrived; `rate_value` = Σ a_k of what settled /
/// Σ a_k of what arrived. Unit: shares of 1; amounts in minor units. Source: output statistics of
/// the Bank of Finland's simulator (Leinonen and Soramäki, Bank of Finland Discussion Paper
/// 23/2003).
///
/// A split payment counts as one, settled when all its parts have settled; of the values, those of
/// its parts count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct SettlementRate {
    /// What arrived.
    pub arrived: Tally,
    /// What settled.
    pub settled: Tally,
    /// Settled as a share of arrived, by count; absent if nothing arrived.
    pub rate_count: Option<f64>,
    /// Settled as a share of arrived, by value; absent if nothing arrived.
    pub rate_value: Option<f64>,
}

/// Settlement of one agent's payments.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AgentRate {
    /// Who pays.
    pub agent_id: String,
    /// Its figures.
    #[serde(flatten)]
    pub figures: SettlementRate,
}

/// Payments by who pays, by agent number, and by groups.
pub(super) struct Counted {
    agents: Vec<SettlementRate>,
    groups: Gathering<SettlementRate>,
}

/// Counts the payments of a run.
pub(super) fn count(state: &State) -> Counted {
    let mut agents = vec![SettlementRate::default(); state.agents.len()];
    let mut groups = Gathering::<SettlementRate>::new();
    let mut each = |whole: &crate::Payment, change: &dyn Fn(&mut SettlementRate)| {
        change(&mut agents[whole.sender.index()]);
        groups.each(whole, change);
    };
    for payment in state.payments.iter().filter(|payment| payment.parent.is_none()) {
        each(payment, &|rate| rate.arrived.add(payment.amount));
    }
    each_counted(&state.payments, |whole, piece, size| {
        if piece.settled_at().is_some() {
            each(whole, &|rate| rate.settled.enlarge(size));
        }
    });
    Counted { agents, groups }
}

impl Counted {
    /// Returns the measures; the summary has counted all payments together.
    pub(super) fn measures(self, all: &PaymentSummary, ids: &[String]) -> SettlementMeasures {
        let PaymentSummary { arrived, settled, .. } = *all;
        let agents = ids.iter().zip(self.agents);
        SettlementMeasures {
            all: SettlementRate { arrived, settled, ..SettlementRate::default() }.rated(),
            by_agent: agents
                .map(|(id, rate)| AgentRate { agent_id: id.clone(), figures: rate.rated() })
                .collect(),
            groups: self.groups.rows(SettlementRate::rated),
        }
    }
}

impl SettlementRate {
    /// Returns the same with the rates.
    fn rated(self) -> Self {
        Self {
            rate_count: self.settled.count_share_of(&self.arrived),
            rate_value: self.settled.value_share_of(&self.arrived),
            ..self
        }
    }
}
