//! Which scenario events are due when.

use psim_model::{Scenario, ScenarioEvent, Schedule, Tick};

/// The scheduled events of a scenario, so that a tick looks only at those that may be due.
#[derive(Clone, Debug)]
pub(crate) struct Agenda {
    /// Events that happen once, ascending by tick.
    once: Vec<(Tick, usize)>,
    /// Events that repeat, in file order.
    repeating: Vec<usize>,
}

impl Agenda {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let mut agenda = Self { once: Vec::new(), repeating: Vec::new() };
        for (index, scheduled) in scenario.events.iter().enumerate() {
            match scheduled.schedule {
                Schedule::OneTime { tick } => agenda.once.push((tick, index)),
                Schedule::Repeating { .. } => agenda.repeating.push(index),
            }
        }
        agenda.once.sort_unstable();
        agenda
    }

    /// Returns the indices of the events that are due, in file order.
    pub(crate) fn due(&self, scenario: &Scenario, now: Tick) -> Vec<usize> {
        let first = self.once.partition_point(|(tick, _)| *tick < now);
        let once = self.once[first..].iter().take_while(|(tick, _)| *tick == now);
        let is_due = |index: &&usize| scenario.events[**index].schedule.is_due(now);
        let repeating = self.repeating.iter().filter(is_due);
        let mut due: Vec<usize> = once.map(|(_, index)| index).chain(repeating).copied().collect();
        due.sort_unstable();
        due
    }

    /// Returns the due events that change how payments are generated, in file order.
    pub(crate) fn changes_of_arrivals<'s>(
        &self,
        scenario: &'s Scenario,
        now: Tick,
    ) -> Vec<&'s ScenarioEvent> {
        let due = self.due(scenario, now).into_iter().map(|index| &scenario.events[index].event);
        due.filter(|event| changes_arrivals(event)).collect()
    }
}

/// Returns whether an event changes how payments are generated.
pub(crate) const fn changes_arrivals(event: &ScenarioEvent) -> bool {
    matches!(
        event,
        ScenarioEvent::GlobalArrivalRateChange { .. }
            | ScenarioEvent::AgentArrivalRateChange { .. }
            | ScenarioEvent::CounterpartyWeightChange { .. }
            | ScenarioEvent::DeadlineWindowChange { .. }
    )
}
