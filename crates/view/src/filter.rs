//! Which events are listed.
//!
//! A filter restricts what is shown of a run, never what is known of it: folds with a state take
//! in every event and ask the filter only before they show one. It knows events by their declared
//! fields, so an event that is added to the catalogue needs no line here.

mod kinds;
mod ticks;

use psim_model::event::{Event, EventBatch, EventKind, Names};
use psim_model::{AgentNo, PaymentNo};

use crate::mentions::{Mention, mentions};
use crate::state::Payment;

pub use kinds::{UnknownEventKind, event_kinds};
pub use ticks::{TickRange, TickRangeError};

/// Which events are listed: those that pass every part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Only events that name the agent of this id, in whatever role, in a list or alone.
    pub agent: Option<String>,
    /// Only events that name the payment of this id, in a list or alone.
    pub payment: Option<String>,
    /// Only events of these types.
    pub kinds: Option<Vec<EventKind>>,
    /// Only events of these ticks.
    pub ticks: TickRange,
}

impl EventFilter {
    /// Returns the filter that lists every event.
    pub fn everything() -> Self {
        Self::default()
    }

    /// Returns whether an event of a batch is listed; `names` must have observed the batch.
    ///
    /// Finds the agent and the payment by their ids each time. Who looks at whole runs does better
    /// with a fold that takes the filter: it finds them once.
    pub fn matches(&self, names: &Names, batch: &EventBatch, event: &Event) -> bool {
        self.admits(batch, event) && self.names_wanted(names, batch, event, &mut Found::default())
    }

    /// Returns whether tick and type of an event are wanted.
    fn admits(&self, batch: &EventBatch, event: &Event) -> bool {
        self.ticks.contains(batch.tick())
            && self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&event.kind()))
    }

    /// Returns whether an event names the agent and the payment that are wanted.
    fn names_wanted(
        &self,
        names: &Names,
        batch: &EventBatch,
        event: &Event,
        found: &mut Found,
    ) -> bool {
        let (mut has_agent, mut has_payment) = (self.agent.is_none(), self.payment.is_none());
        if has_agent && has_payment {
            return true;
        }
        mentions(batch, event, |mention| match (mention, &self.agent, &self.payment) {
            (Mention::Agent(agent), Some(id), _) => has_agent |= found.is_agent(agent, id, names),
            (Mention::Payment(payment), _, Some(id)) => {
                has_payment |= found.is_payment(payment, id, names);
            }
            _ => {}
        });
        has_agent && has_payment
    }
}

/// The numbers behind the ids of a filter, once an event has named them.
#[derive(Clone, Copy, Debug, Default)]
struct Found {
    agent: Option<AgentNo>,
    payment: Option<PaymentNo>,
}

impl Found {
    fn is_agent(&mut self, agent: AgentNo, id: &str, names: &Names) -> bool {
        if self.agent.is_none() && names.agent_id(agent) == Some(id) {
            self.agent = Some(agent);
        }
        self.agent == Some(agent)
    }

    fn is_payment(&mut self, payment: PaymentNo, id: &str, names: &Names) -> bool {
        if self.payment.is_none() && names.payment(payment) == id {
            self.payment = Some(payment);
        }
        self.payment == Some(payment)
    }
}

/// A filter at work on one run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sieve {
    filter: EventFilter,
    found: Found,
}

impl Sieve {
    pub(crate) fn new(filter: EventFilter) -> Self {
        Self { filter, found: Found::default() }
    }

    /// Returns whether anything of a tick can be shown.
    pub(crate) fn shows(&self, batch: &EventBatch) -> bool {
        self.filter.ticks.contains(batch.tick())
    }

    /// Returns whether an event is listed; `names` must have observed the batch.
    pub(crate) fn matches(&mut self, names: &Names, batch: &EventBatch, event: &Event) -> bool {
        let Self { filter, found } = self;
        filter.admits(batch, event) && filter.names_wanted(names, batch, event, found)
    }

    /// Returns whether a list of payments that is no list of events shows this one: never where
    /// only some types of events are wanted.
    pub(crate) fn lists(&mut self, names: &Names, no: PaymentNo, payment: &Payment) -> bool {
        let Self { filter, found } = self;
        let mut is_party = |id: &String| {
            found.is_agent(payment.sender, id, names) || found.is_agent(payment.receiver, id, names)
        };
        filter.kinds.is_none()
            && filter.agent.as_ref().is_none_or(&mut is_party)
            && filter.payment.as_ref().is_none_or(|id| found.is_payment(no, id, names))
    }

    /// Returns whether a table of agents shows this one.
    pub(crate) fn tables(&mut self, names: &Names, agent: AgentNo) -> bool {
        let Self { filter, found } = self;
        filter.agent.as_ref().is_none_or(|id| found.is_agent(agent, id, names))
    }
}
