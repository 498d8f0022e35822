//! What scenario events make of the arrivals: factors of rates and windows, and weights.

use psim_model::event::Refusal;
use psim_model::{AgentNo, Counterparties, ScenarioEvent};

use super::Reference;

/// Factors that hold for all agents.
#[derive(Clone, Copy, Debug)]
pub(super) struct Factors {
    /// Of arrival rates.
    pub(super) rate: f64,
    /// Of the fewest ticks to a deadline.
    pub(super) window_min: f64,
    /// Of the most ticks to a deadline.
    pub(super) window_max: f64,
}

impl Default for Factors {
    fn default() -> Self {
        Self { rate: 1.0, window_min: 1.0, window_max: 1.0 }
    }
}

/// A change of the weight with which an agent pays to another.
#[derive(Clone, Copy, Debug)]
struct WeightChange {
    agent: AgentNo,
    counterparty: AgentNo,
    new: f64,
    others_make_up: bool,
}

impl WeightChange {
    fn of(event: &ScenarioEvent) -> Option<Self> {
        match *event {
            ScenarioEvent::CounterpartyWeightChange {
                agent,
                counterparty,
                new_weight: new,
                auto_balance_others: others_make_up,
            } => Some(Self { agent, counterparty, new, others_make_up }),
            _ => None,
        }
    }
}

impl Reference {
    /// Returns why a change of the arrivals cannot be applied.
    pub(super) fn obstacle_to_factor(&self, event: &ScenarioEvent) -> Option<Refusal> {
        let generates = |agent: AgentNo| !self.accounts[agent.index()].arrivals.is_empty();
        let somebody_does = self.accounts.iter().any(|account| !account.arrivals.is_empty());
        let is_possible = event.agents().0.map_or(somebody_does, generates);
        if !is_possible {
            return Some(Refusal::NoArrivals);
        }
        let change = WeightChange::of(event)?;
        let mut streams = self.accounts[change.agent.index()].arrivals.iter();
        let fails =
            streams.any(|stream| self.changed_weights(&stream.counterparties, change).is_none());
        fails.then_some(Refusal::NoWeightLeft)
    }

    /// Applies a change of the arrivals.
    pub(super) fn apply_factor(&mut self, event: &ScenarioEvent) {
        match *event {
            ScenarioEvent::GlobalArrivalRateChange { multiplier } => self.factors.rate = multiplier,
            ScenarioEvent::AgentArrivalRateChange { agent, multiplier } => {
                self.accounts[agent.index()].rate_factor = multiplier;
            }
            ScenarioEvent::DeadlineWindowChange { min_ticks_multiplier, max_ticks_multiplier } => {
                let factors = &mut self.factors;
                factors.window_min = min_ticks_multiplier.unwrap_or(factors.window_min);
                factors.window_max = max_ticks_multiplier.unwrap_or(factors.window_max);
            }
            _ => self.change_weights(event),
        }
    }

    fn change_weights(&mut self, event: &ScenarioEvent) {
        let Some(change) = WeightChange::of(event) else { return };
        let mut streams = self.accounts[change.agent.index()].arrivals.clone();
        for stream in &mut streams {
            if let Some(weights) = self.changed_weights(&stream.counterparties, change) {
                stream.counterparties = Counterparties::Weighted(weights);
            }
        }
        self.accounts[change.agent.index()].arrivals = streams;
    }

    /// Returns the weights of every other agent after a change, in draw order; `None` if there
    /// would be no weight left.
    fn changed_weights(
        &self,
        counterparties: &Counterparties,
        change: WeightChange,
    ) -> Option<Vec<(AgentNo, f64)>> {
        let mut weights = self.written_out(counterparties, change.agent);
        let sum = sum_of(&weights);
        let changed = |agent: AgentNo| agent == change.counterparty;
        let old = weights.iter().find(|(agent, _)| changed(*agent)).map_or(0.0, |entry| entry.1);
        let (left, others) = (sum - change.new, sum - old);
        if change.others_make_up && (left < 0.0 || (others <= 0.0 && left > 0.0)) {
            return None;
        }
        let scale = if others > 0.0 { left / others } else { 0.0 };
        for (agent, weight) in &mut weights {
            if changed(*agent) {
                *weight = change.new;
            } else if change.others_make_up {
                *weight *= scale;
            }
        }
        (sum_of(&weights) > 0.0).then_some(weights)
    }

    /// Returns a weight for every other agent, in draw order.
    fn written_out(&self, counterparties: &Counterparties, sender: AgentNo) -> Vec<(AgentNo, f64)> {
        let others = self.scenario.draw_order.iter().filter(|agent| **agent != sender);
        let weight = |agent: &AgentNo| match counterparties {
            Counterparties::Uniform => 1.0,
            Counterparties::Weighted(listed) => {
                listed.iter().find(|(other, _)| other == agent).map_or(0.0, |entry| entry.1)
            }
        };
        others.map(|agent| (*agent, weight(agent))).collect()
    }
}

fn sum_of(weights: &[(AgentNo, f64)]) -> f64 {
    weights.iter().map(|(_, weight)| weight).sum()
}
