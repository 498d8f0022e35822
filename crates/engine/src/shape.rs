//! What scenario events make of generated payments: rates, deadline windows, receivers.

use psim_model::event::Refusal;
use psim_model::{AgentNo, ArrivalStream, Counterparties, Scenario, ScenarioEvent};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// Factors and weights in force. What is set replaces what was set before; nothing compounds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Shape {
    global: f64,
    /// By agent, where it is not 1.
    #[serde(with = "crate::stored::map")]
    agents: FxHashMap<AgentNo, f64>,
    min_ticks: f64,
    max_ticks: f64,
    /// Receivers that differ from the scenario's, by sender, for each of its streams.
    #[serde(with = "crate::stored::map")]
    counterparties: FxHashMap<AgentNo, Vec<Counterparties>>,
    /// Whether anybody generates payments.
    anybody: bool,
}

impl Shape {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        Self {
            global: 1.0,
            agents: FxHashMap::default(),
            min_ticks: 1.0,
            max_ticks: 1.0,
            counterparties: FxHashMap::default(),
            anybody: scenario.agents.iter().any(|agent| !agent.arrivals.is_empty()),
        }
    }

    /// Returns whether it can be that of a scenario: finite, with receivers for each stream.
    pub(crate) fn fits(&self, scenario: &Scenario) -> bool {
        let factors = [self.global, self.min_ticks, self.max_ticks];
        let is_sound = |factor: &f64| factor.is_finite() && *factor >= 0.0;
        let is_somebody =
            |it: &Counterparties| !matches!(it, Counterparties::Weighted(it) if it.is_empty());
        let highest = scenario.highest_scheduled_factors();
        let is_reached = |agent: AgentNo| self.rate(agent, 1.0) <= highest.of(agent);
        factors.iter().chain(self.agents.values()).all(is_sound)
            && (0..scenario.agents.len()).map(AgentNo::from_index).all(is_reached)
            && self.counterparties.iter().all(|(agent, streams)| {
                let agent = scenario.agents.get(agent.index());
                agent.is_some_and(|agent| agent.arrivals.len() == streams.len())
                    && streams.iter().all(is_somebody)
            })
            && self.anybody == Self::new(scenario).anybody
    }

    /// Returns the shape after changes, if there are any; those that cannot be made are passed
    /// over.
    pub(crate) fn after(&self, scenario: &Scenario, changes: Vec<&ScenarioEvent>) -> Option<Self> {
        if changes.is_empty() {
            return None;
        }
        let mut shape = self.clone();
        for change in changes {
            // That it cannot be made is said when the event is executed.
            let _ = shape.change(scenario, change);
        }
        Some(shape)
    }

    /// Makes a change, or says why it cannot be made.
    pub(crate) fn change(
        &mut self,
        scenario: &Scenario,
        event: &ScenarioEvent,
    ) -> Result<(), Refusal> {
        let generates = |agent: AgentNo| !scenario.agents[agent.index()].arrivals.is_empty();
        let ensure = |holds: bool| if holds { Ok(()) } else { Err(Refusal::NoArrivals) };
        match event {
            ScenarioEvent::GlobalArrivalRateChange { multiplier } => {
                ensure(self.anybody)?;
                self.global = *multiplier;
            }
            ScenarioEvent::AgentArrivalRateChange { agent, multiplier } => {
                ensure(generates(*agent))?;
                self.agents.insert(*agent, *multiplier);
            }
            ScenarioEvent::DeadlineWindowChange { min_ticks_multiplier, max_ticks_multiplier } => {
                ensure(self.anybody)?;
                self.min_ticks = min_ticks_multiplier.unwrap_or(self.min_ticks);
                self.max_ticks = max_ticks_multiplier.unwrap_or(self.max_ticks);
            }
            ScenarioEvent::CounterpartyWeightChange {
                agent,
                counterparty,
                new_weight,
                auto_balance_others,
            } => {
                ensure(generates(*agent))?;
                let weight = Weight { of: *counterparty, new: *new_weight };
                let streams = scenario.agents[agent.index()].arrivals.iter().enumerate();
                let changed: Option<Vec<Counterparties>> = streams
                    .map(|(nth, stream)| {
                        let now = self.counterparties(*agent, nth, stream);
                        weight.set_in(now, *agent, scenario, *auto_balance_others)
                    })
                    .collect();
                self.counterparties.insert(*agent, changed.ok_or(Refusal::NoWeightLeft)?);
            }
            _ => {}
        }
        Ok(())
    }

    /// Returns a sender's rate, given what it is by scenario and time of the day.
    pub(crate) fn rate(&self, sender: AgentNo, rate: f64) -> f64 {
        rate * self.global * self.agents.get(&sender).copied().unwrap_or(1.0)
    }

    /// Returns the fewest and most ticks from arrival to deadline.
    pub(crate) fn window(&self, stream: &ArrivalStream) -> (u32, u32) {
        let min = scaled(stream.deadline_min, self.min_ticks);
        (min, scaled(stream.deadline_max, self.max_ticks).max(min))
    }

    /// Returns the receivers of a sender's nth stream.
    pub(crate) fn counterparties<'s>(
        &'s self,
        sender: AgentNo,
        nth: usize,
        stream: &'s ArrivalStream,
    ) -> &'s Counterparties {
        let changed = self.counterparties.get(&sender).and_then(|streams| streams.get(nth));
        changed.unwrap_or(&stream.counterparties)
    }
}

/// Returns a number of ticks times a factor: rounded half away from zero, at least 1.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
fn scaled(ticks: u32, factor: f64) -> u32 {
    ((f64::from(ticks) * factor).round() as u32).max(1)
}

/// A receiver's new weight.
#[derive(Clone, Copy)]
struct Weight {
    of: AgentNo,
    new: f64,
}

impl Weight {
    /// Returns receivers with the new weight among them; `None` if no weight would be left, or the
    /// others cannot make up for it.
    fn set_in(
        self,
        now: &Counterparties,
        sender: AgentNo,
        scenario: &Scenario,
        balances_others: bool,
    ) -> Option<Counterparties> {
        let weight_of = |agent: AgentNo| match now {
            Counterparties::Uniform => 1.0,
            Counterparties::Weighted(weights) => {
                let entry = weights.iter().find(|(receiver, _)| *receiver == agent);
                entry.map_or(0.0, |(_, weight)| *weight)
            }
        };
        let order = scenario.draw_order.iter().copied().filter(|agent| *agent != sender);
        let mut weights: Vec<(AgentNo, f64)> =
            order.map(|agent| (agent, weight_of(agent))).collect();
        if balances_others {
            let sum: f64 = weights.iter().map(|(_, weight)| weight).sum();
            let (left, others) = (sum - self.new, sum - weight_of(self.of));
            if left < 0.0 || others <= 0.0 && left > 0.0 {
                return None;
            }
            if others > 0.0 {
                let factor = left / others;
                for (_, weight) in &mut weights {
                    *weight *= factor;
                }
            }
        }
        for (agent, weight) in &mut weights {
            if *agent == self.of {
                *weight = self.new;
            }
        }
        weights.retain(|(_, weight)| *weight > 0.0);
        let sum: f64 = weights.iter().map(|(_, weight)| weight).sum();
        (sum > 0.0 && sum.is_finite()).then_some(Counterparties::Weighted(weights))
    }
}
