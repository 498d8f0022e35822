//! Names, amounts and times in words.

use std::borrow::Cow;

use psim_model::event::Names;
use psim_model::{AgentNo, PaymentNo, Tick, Total};

use crate::projection::Projection;
use crate::state::{State, Tally};
use crate::text::{amount, bare_amount, clock_time, plural};

/// What is needed to put events into words.
#[derive(Clone, Copy)]
pub(super) struct Wording<'a> {
    pub(super) state: &'a State,
    names: &'a Names,
}

impl<'a> Wording<'a> {
    pub(super) const fn new(projection: &'a Projection) -> Self {
        Self { state: &projection.state, names: projection.names() }
    }

    /// Returns an amount with the currency's code.
    pub(super) fn amount(&self, value: impl Into<Total>) -> String {
        amount(value, &self.state.currency)
    }

    /// Returns an amount for a column whose title names the currency.
    pub(super) fn bare_amount(&self, value: impl Into<Total>) -> String {
        bare_amount(value, &self.state.currency)
    }

    /// Returns the title of a table of bare amounts.
    pub(super) fn title(&self, title: &str) -> String {
        match self.state.currency.code.as_str() {
            "" => title.to_owned(),
            code => format!("{title} ({code})"),
        }
    }

    pub(super) fn agent(&self, agent: AgentNo) -> &'a str {
        self.names.agent(agent)
    }

    pub(super) fn payment(&self, payment: PaymentNo) -> Cow<'a, str> {
        self.names.payment(payment)
    }

    pub(super) fn way(&self, sender: AgentNo, receiver: AgentNo) -> String {
        format!("{} → {}", self.agent(sender), self.agent(receiver))
    }

    /// Returns `6 payments, EUR 270.00`.
    pub(super) fn payments(&self, tally: Tally) -> String {
        format!("{}, {}", plural(tally.count, "payment"), self.amount(tally.value))
    }

    /// Returns the time of day of a tick, if ticks have clock times.
    pub(super) fn time(&self, tick: Tick) -> Option<String> {
        clock_time(&self.state.run.as_ref()?.calendar, tick)
    }

    /// Returns `due tick 20 (07:20)`.
    pub(super) fn due(&self, deadline: Tick) -> String {
        match self.time(deadline) {
            Some(time) => format!("due tick {deadline} ({time})"),
            None => format!("due tick {deadline}"),
        }
    }
}
