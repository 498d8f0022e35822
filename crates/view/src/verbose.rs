//! A readable account of each tick.
//!
//! Sections appear only where there is something to tell, and no table has more than fifty rows:
//! where more happened, the largest are shown in their order and the rest is counted.

mod agents;
mod arguments;
mod collateral;
mod day;
mod due;
mod interventions;
mod listing;
mod offsets;
mod payments;
mod policies;
mod priorities;
mod saving;
mod section;
mod sorted;
mod splits;
mod terms;
mod tick;

use psim_model::event::{Event, EventBatch};
use psim_model::{AgentNo, Money};

use crate::filter::{EventFilter, Sieve};
use crate::mentions::{Mention, mentions};
use crate::projection::Projection;
use crate::state::AgentState;
use crate::wording::Wording;
use day::DayTally;
use due::DueDates;
use section::Section;
use sorted::Sorted;

/// Tells what happened, tick by tick.
#[derive(Clone, Debug, Default)]
pub struct VerboseReport {
    projection: Projection,
    sieve: Sieve,
    due: DueDates,
    day: DayTally,
    touched: Touched,
}

/// The agents that events of the current tick name, as they were before it.
#[derive(Clone, Debug, Default)]
struct Touched {
    agents: Vec<(AgentNo, AgentState)>,
    /// By agent number.
    is_listed: Vec<bool>,
}

impl VerboseReport {
    /// Returns the report of everything, before anything happened.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns a report whose sections list only events that pass a filter, before anything
    /// happened. Ticks outside the filter's range are not told; the table of agents that changed
    /// keeps to the agent that is asked for. The last line of a tick, what waits and what the
    /// agents have is always that of the whole run.
    pub fn with_filter(filter: EventFilter) -> Self {
        Self { sieve: Sieve::new(filter), ..Self::default() }
    }

    /// Takes in one tick and returns the account of it, closed by a line break; empty if there is
    /// nothing to tell.
    pub fn tick_text(&mut self, batch: &EventBatch) -> String {
        self.take_in(batch);
        if !self.sieve.shows(batch) {
            return String::new();
        }
        let (names, sieve) = (self.projection.names(), &mut self.sieve);
        let payments = &self.projection.state.payments;
        let mut due = self.due.near(batch.tick(), payments);
        due.retain(|no| sieve.lists(names, *no, &payments[no.index()]));
        let sorted = Sorted::of(batch, |event| sieve.matches(names, batch, event));
        if sorted.is_empty && due.is_empty() {
            return String::new();
        }
        let state = &self.projection.state;
        let wording = Wording::new(&state.setting, names);
        let mut text = String::new();
        tick::write_opening(&mut text, &sorted, batch, state, &wording);
        tick::write_header(&mut text, batch, &wording);
        interventions::write_instructions(&mut text, batch, &sorted, &wording);
        tick::write_allocations(&mut text, &sorted, &wording);
        interventions::write_scenario_events(&mut text, batch, &sorted, &wording);
        let section = Section { batch, state, wording: &wording };
        section.before_release(&mut text, &sorted);
        collateral::write(&mut text, batch, &sorted, &wording);
        policies::write(&mut text, batch, &sorted, &wording);
        section.since_release(&mut text, &sorted);
        policies::write_decisions(&mut text, batch, &sorted, &wording);
        section.near_deadline(&mut text, &due);
        collateral::write_credits(&mut text, batch, &sorted, &wording);
        tick::write_costs(&mut text, &sorted, &wording);
        tick::write_returns(&mut text, &sorted, &wording);
        tick::write_over_extended(&mut text, &sorted.over_extended_at_close, &wording);
        agents::write_changed(&mut text, &self.touched.agents, state, &wording);
        tick::write_total(&mut text, batch, state, &wording);
        if let Some(end_of_day) = sorted.end_of_day {
            day::write(&mut text, end_of_day, &self.day, state, &wording);
        }
        tick::write_end(&mut text, &sorted);
        text.push('\n');
        text
    }

    fn take_in(&mut self, batch: &EventBatch) {
        self.touched.clear();
        if self.projection.begin(batch) {
            self.day = DayTally::begin(&self.projection.state);
        }
        let is_told = self.sieve.shows(batch);
        for event in batch.events() {
            if is_told {
                self.touch(batch, event);
            }
            let state = &mut self.projection.state;
            state.apply(batch, event);
            self.day.after(batch, event, state);
            self.due.after(batch, event, state);
        }
        self.projection.state.end();
    }

    /// Keeps the agents that an event names as they were before it.
    fn touch(&mut self, batch: &EventBatch, event: &Event) {
        let Self { projection, sieve, touched, .. } = self;
        mentions(batch, event, |mention| match mention {
            Mention::Agent(agent) if sieve.tables(projection.names(), agent) => {
                touched.note(agent, &projection.state.agents);
            }
            _ => {}
        });
    }
}

impl Touched {
    fn clear(&mut self) {
        for (agent, _) in self.agents.drain(..) {
            if let Some(listed) = self.is_listed.get_mut(agent.index()) {
                *listed = false;
            }
        }
    }

    fn note(&mut self, agent: AgentNo, agents: &[AgentState]) {
        self.is_listed.resize(agents.len(), false);
        let (Some(state), Some(listed)) =
            (agents.get(agent.index()), self.is_listed.get_mut(agent.index()))
        else {
            return;
        };
        if !std::mem::replace(listed, true) {
            self.agents.push((agent, state.clone()));
        }
    }
}

/// Returns how far a balance has moved, in either direction.
const fn distance(change: Money) -> u64 {
    change.minor().unsigned_abs()
}
