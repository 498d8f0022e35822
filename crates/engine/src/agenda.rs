//! Which scenario events and instructions are due when.

use std::ops::Range;

use psim_model::{Instruction, Scenario, ScenarioEvent, Schedule, Tick};

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

    /// Returns what is due in a tick.
    pub(crate) fn due(&self, scenario: &Scenario, now: Tick) -> Due {
        let first = self.once.partition_point(|(tick, _)| *tick < now);
        let once = self.once[first..].iter().take_while(|(tick, _)| *tick == now);
        let is_due = |index: &&usize| scenario.events[**index].schedule.is_due(now);
        let repeating = self.repeating.iter().filter(is_due);
        let mut events: Vec<usize> =
            once.map(|(_, index)| index).chain(repeating).copied().collect();
        events.sort_unstable();
        let all = &scenario.instructions;
        let first = all.partition_point(|scheduled| scheduled.tick < now);
        let after = all.partition_point(|scheduled| scheduled.tick <= now);
        Due { events, instructions: first..after }
    }
}

/// What a scenario has for one tick, by places in its lists.
#[derive(Clone, Debug)]
pub(crate) struct Due {
    /// Ascending.
    events: Vec<usize>,
    instructions: Range<usize>,
}

impl Due {
    /// Visits the events, in file order.
    pub(crate) fn events<'s>(
        &self,
        scenario: &'s Scenario,
    ) -> impl Iterator<Item = &'s ScenarioEvent> {
        self.events.iter().map(|index| &scenario.events[*index].event)
    }

    /// Visits the instructions, in order.
    pub(crate) fn instructions<'s>(
        &self,
        scenario: &'s Scenario,
    ) -> impl Iterator<Item = &'s Instruction> + use<'s> {
        let scheduled = scenario.instructions[self.instructions.clone()].iter();
        scheduled.map(|scheduled| &scheduled.instruction)
    }

    /// Returns the events that change how payments are generated, in file order.
    pub(crate) fn changes_of_arrivals<'s>(&self, scenario: &'s Scenario) -> Vec<&'s ScenarioEvent> {
        self.events(scenario).filter(|event| changes_arrivals(event)).collect()
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
