//! Which scenario events were applied, for the story.

use psim_model::Tick;
use psim_model::event::{Event, EventBatch, Names, ScenarioEventExecuted};
use psim_view::{Moment, scenario_event_phrase};

use crate::style::Style;

/// Most scenario events that are told one by one; of more, only how many there were is.
const MOST_TOLD: usize = 4;

/// The first scenario events that were applied, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shocks {
    names: Names,
    first: Vec<(Tick, String)>,
}

impl Shocks {
    pub(crate) fn observe(&mut self, batch: &EventBatch) {
        self.names.observe(batch);
        for event in batch.events() {
            let Event::ScenarioEventExecuted(executed) = event else { continue };
            // One more than are told says that there are too many.
            if executed.applied && self.first.len() <= MOST_TOLD {
                self.first.push((batch.tick(), self.phrase(executed)));
            }
        }
    }

    fn phrase(&self, executed: &ScenarioEventExecuted) -> String {
        let kind = scenario_event_phrase(executed.scenario_event_type);
        let agent = |no| self.names.agent(no);
        match (executed.agent_id.map(agent), executed.counterparty_id.map(agent)) {
            (Some(agent), Some(other)) => format!("{kind} from {agent} to {other}"),
            (Some(agent), None) => format!("{kind} of {agent}"),
            _ => kind.to_owned(),
        }
    }

    /// Returns each with its time (`outage of HUB in tick 20 (12:00)`), or nothing if they are too
    /// many.
    pub(crate) fn told(&self, style: &Style) -> Vec<String> {
        if self.first.len() > MOST_TOLD {
            return Vec::new();
        }
        let at = |tick| style.moment(&Moment::of(style.calendar.as_ref(), tick));
        self.first.iter().map(|(tick, what)| format!("{what} in {}", at(*tick))).collect()
    }
}
