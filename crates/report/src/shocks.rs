//! Which scenario events were applied and which were not, for the story.

use psim_model::Tick;
use psim_model::event::{Event, EventBatch, Names, Refusal, ScenarioEventExecuted};
use psim_view::{Moment, scenario_event_phrase};

use crate::style::Style;

/// Most scenario events that are told one by one; of more, only how many there were is.
const MOST_TOLD: usize = 4;

/// The first scenario events that were applied, and the first that were not, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shocks {
    names: Names,
    applied: Vec<Shock>,
    refused: Vec<Shock>,
}

#[derive(Clone, Debug)]
struct Shock {
    tick: Tick,
    what: String,
    why_not: Option<Refusal>,
}

/// Scenario events in words, one by one; none of those that are too many.
#[derive(Clone, Debug, Default)]
pub(crate) struct ShocksTold {
    pub(crate) applied: Vec<String>,
    pub(crate) refused: Vec<String>,
}

impl Shocks {
    pub(crate) fn observe(&mut self, batch: &EventBatch) {
        self.names.observe(batch);
        for event in batch.events() {
            let Event::ScenarioEventExecuted(executed) = event else { continue };
            let first = if executed.applied { &mut self.applied } else { &mut self.refused };
            // One more than are told says that there are too many.
            if first.len() <= MOST_TOLD {
                let what = phrase(&self.names, executed);
                first.push(Shock { tick: batch.tick(), what, why_not: executed.reason });
            }
        }
    }

    /// Returns what is told of each: `outage of HUB in tick 20 (12:00)`.
    pub(crate) fn told(&self, style: &Style) -> ShocksTold {
        let told = |first: &[Shock]| match first.len() {
            0..=MOST_TOLD => first.iter().map(|shock| shock.told(style)).collect(),
            _ => Vec::new(),
        };
        ShocksTold { applied: told(&self.applied), refused: told(&self.refused) }
    }
}

impl Shock {
    fn told(&self, style: &Style) -> String {
        let at = style.moment(&Moment::of(style.calendar.as_ref(), self.tick));
        let why = self.why_not.map_or_else(String::new, |why| format!(" ({})", why.phrase()));
        format!("{} in {at}{why}", self.what)
    }
}

fn phrase(names: &Names, executed: &ScenarioEventExecuted) -> String {
    let kind = scenario_event_phrase(executed.scenario_event_type);
    let agent = |no| names.agent(no);
    match (executed.agent_id.map(agent), executed.counterparty_id.map(agent)) {
        (Some(agent), Some(other)) => format!("{kind} from {agent} to {other}"),
        (Some(agent), None) => format!("{kind} of {agent}"),
        _ => kind.to_owned(),
    }
}
