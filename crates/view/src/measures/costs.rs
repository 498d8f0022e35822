//! What the run cost: by kind, by agent and by what was paid.

use std::collections::BTreeMap;

use psim_model::event::Event;
use psim_model::{Money, PaymentNo, Total};
use serde::Serialize;

use super::groups::{Gathering, Groups};
use crate::json::minor_units;
use crate::state::State;
use crate::summary::CostSummary;
use crate::{DelayShare, Waits};

/// What the run cost.
///
/// Formulas and units: cost rates of the scenario, minor units. Source: the cost kinds of Martin
/// and McAndrews, Journal of Monetary Economics 55, 2008, liquidity against delay, and what a
/// scenario prices besides.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CostMeasures {
    /// All agents, by kind.
    pub all: CostSummary,
    /// By agent, in the order of ids, and kind.
    pub by_agent: Vec<AgentCostRow>,
    /// What payments caused, by priority band, declared class and size.
    #[serde(flatten)]
    pub groups: Groups<PaymentCosts>,
}

/// What an agent bore.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgentCostRow {
    /// The agent.
    pub agent_id: String,
    /// Its costs.
    #[serde(flatten)]
    pub costs: CostSummary,
}

/// What some payments caused, in minor units. Costs of negative balances, collateral and pools
/// belong to no payment and are in none of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct PaymentCosts {
    /// For waiting in queues.
    ///
    /// Formula: Σ over ticks of amount × rate × multipliers, unrounded. Agents book the sum of
    /// their payments rounded once a tick, so that these add up to their delay cost but for
    /// roundings.
    pub delay_cost: f64,
    /// Deadline penalties.
    #[serde(serialize_with = "minor_units")]
    pub deadline_penalties: Total,
    /// End-of-day penalties.
    #[serde(serialize_with = "minor_units")]
    pub end_of_day_penalties: Total,
    /// For splitting.
    #[serde(serialize_with = "minor_units")]
    pub split_friction_cost: Total,
}

/// What is charged for single payments, as events explain it: one entry for each payment that was
/// charged.
#[derive(Clone, Debug, Default)]
pub(super) struct Charges(BTreeMap<PaymentNo, Charge>);

#[derive(Clone, Copy, Debug, Default)]
struct Charge {
    deadline: Total,
    end_of_day: Total,
    friction: Total,
    delay: DelayShare,
}

impl Charges {
    /// Takes note of an event.
    pub(super) fn note(&mut self, event: &Event) {
        if let Some((payment, penalty)) = event.deadline_penalty() {
            self.add(payment, penalty, |it| &mut it.deadline);
        }
        match event {
            Event::EndOfDayPenalty(penalty) => {
                self.add(penalty.tx_id, penalty.amount, |it| &mut it.end_of_day);
            }
            Event::PolicySplit(split) => {
                self.add(split.tx_id, split.split_friction_cost, |it| &mut it.friction);
            }
            _ => {}
        }
    }

    /// Returns what a payment was charged: penalties and friction.
    pub(super) fn of(&self, no: PaymentNo) -> Total {
        let charge = self.0.get(&no).copied().unwrap_or_default();
        charge.deadline + charge.end_of_day + charge.friction
    }

    fn add(&mut self, no: PaymentNo, amount: Money, kind: fn(&mut Charge) -> &mut Total) {
        if amount != Money::ZERO {
            *kind(self.0.entry(no).or_default()) += amount;
        }
    }
}

/// Measures the costs of a run of which so many ticks are over.
pub(super) fn measure(
    state: &State,
    charges: &Charges,
    (waits, ticks_done): (&Waits, u32),
    (all, ids): (CostSummary, &[String]),
) -> CostMeasures {
    let mut groups = Gathering::<Charge>::new();
    for (index, payment) in state.payments.iter().enumerate() {
        let no = PaymentNo::from_index(index);
        let whole = payment.wholes(&state.payments).last();
        let whole = whole.map_or(payment, |no| &state.payments[no.index()]);
        let charge = charges.0.get(&no).copied().unwrap_or_default();
        let delay = waits.of(no, ticks_done).map(|wait| wait.delay).unwrap_or_default();
        groups.each(whole, |sum| sum.add(&Charge { delay, ..charge }));
    }
    let agents = state.agents.iter().zip(ids);
    CostMeasures {
        all,
        by_agent: agents
            .map(|(agent, id)| AgentCostRow {
                agent_id: id.clone(),
                costs: CostSummary::of(agent.costs),
            })
            .collect(),
        groups: groups.rows(|sum| PaymentCosts {
            delay_cost: sum.delay.as_f64(),
            deadline_penalties: sum.deadline,
            end_of_day_penalties: sum.end_of_day,
            split_friction_cost: sum.friction,
        }),
    }
}

impl Charge {
    fn add(&mut self, other: &Self) {
        self.deadline += other.deadline;
        self.end_of_day += other.end_of_day;
        self.friction += other.friction;
        self.delay.add(other.delay);
    }
}
