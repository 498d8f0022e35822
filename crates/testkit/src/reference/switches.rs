//! Algorithms that scenario events switch on and off.

use psim_model::ScenarioEvent;
use psim_model::event::{LsmAlgorithm, Refusal};

use super::Reference;

/// An algorithm that a scenario event switches on or off.
#[derive(Clone, Copy, Debug)]
pub(super) struct Switch {
    algorithm: LsmAlgorithm,
    enabled: bool,
}

impl Switch {
    /// Returns what an event switches.
    pub(super) fn of(event: &ScenarioEvent) -> Vec<Self> {
        let ScenarioEvent::LsmConfigChange { enable_bilateral, enable_cycles } = *event else {
            return Vec::new();
        };
        let given =
            [(LsmAlgorithm::Bilateral, enable_bilateral), (LsmAlgorithm::Cycles, enable_cycles)];
        let switch = |(algorithm, given): (_, Option<bool>)| {
            given.map(|enabled| Self { algorithm, enabled })
        };
        given.into_iter().filter_map(switch).collect()
    }
}

impl Reference {
    /// Returns why algorithms cannot be switched.
    pub(super) fn obstacle_to_switches(&self, switches: &[Switch]) -> Option<Refusal> {
        let listed = |switch: &Switch| {
            let mut listed = self.saving.algorithms.iter();
            listed.find(|it| it.algorithm.name() == switch.algorithm)
        };
        if switches.iter().any(|switch| listed(switch).is_none()) {
            return Some(Refusal::NotListed);
        }
        let is_so = |switch: &Switch| listed(switch).is_some_and(|it| it.enabled == switch.enabled);
        switches.iter().all(is_so).then_some(Refusal::NoChange)
    }

    /// Switches algorithms on or off.
    pub(super) fn switch(&mut self, switches: &[Switch]) {
        for switch in switches {
            for listed in &mut self.saving.algorithms {
                if listed.algorithm.name() == switch.algorithm {
                    listed.enabled = switch.enabled;
                }
            }
        }
    }
}
