//! Names, amounts and times in words.

use std::borrow::Cow;

use psim_model::event::Names;
use psim_model::{AgentNo, Calendar, Money, PaymentNo, Tick, Total};

use crate::state::{Setting, Tally};
use crate::summary::Moment;
use crate::text::{amount, bare_amount, count, plural};

/// Most agents or payments named in a sentence.
const NAMED_MAX: usize = 8;

/// What is needed to put events into words.
#[derive(Clone, Copy)]
pub(crate) struct Wording<'a> {
    setting: &'a Setting,
    names: &'a Names,
}

impl<'a> Wording<'a> {
    pub(crate) const fn new(setting: &'a Setting, names: &'a Names) -> Self {
        Self { setting, names }
    }

    /// Returns an amount with the currency's code.
    pub(crate) fn amount(&self, value: impl Into<Total>) -> String {
        amount(value, &self.setting.currency)
    }

    /// Returns an amount for a column whose title names the currency.
    pub(crate) fn bare_amount(&self, value: impl Into<Total>) -> String {
        bare_amount(value, &self.setting.currency)
    }

    /// Returns the title of a table of bare amounts.
    pub(crate) fn title(&self, title: &str) -> String {
        match self.setting.currency.code.as_str() {
            "" => title.to_owned(),
            code => format!("{title} ({code})"),
        }
    }

    pub(crate) fn agent(&self, agent: AgentNo) -> &'a str {
        self.names.agent(agent)
    }

    pub(crate) fn payment(&self, payment: PaymentNo) -> Cow<'a, str> {
        self.names.payment(payment)
    }

    pub(crate) fn way(&self, sender: AgentNo, receiver: AgentNo) -> String {
        format!("{} → {}", self.agent(sender), self.agent(receiver))
    }

    /// Says what payments that settle together leave to pay.
    pub(crate) fn on_balance(&self, payer: Option<AgentNo>, amount: Money) -> String {
        match payer {
            Some(payer) => {
                format!("{} pays {} on balance", self.agent(payer), self.amount(amount))
            }
            None => "nobody pays on balance".to_owned(),
        }
    }

    /// Says what payments of several agents that settle together leave to pay.
    pub(crate) fn most_on_balance(&self, payer: Option<AgentNo>, amount: Money) -> String {
        match payer {
            Some(payer) => {
                format!("{} pays most on balance, {}", self.agent(payer), self.amount(amount))
            }
            None => self.on_balance(None, amount),
        }
    }

    /// Returns `A, B, C`; of many agents, how many they are.
    pub(crate) fn agents(&self, agents: &[AgentNo]) -> String {
        if agents.len() > NAMED_MAX {
            return plural(agents.len() as u64, "agent");
        }
        let ids: Vec<&str> = agents.iter().map(|agent| self.agent(*agent)).collect();
        ids.join(", ")
    }

    /// Returns `A, B and C`; of many agents two of them: `A, B and 998 others`.
    pub(crate) fn some_agents(&self, agents: &[AgentNo]) -> String {
        let (named, others) = match agents.len() {
            0..=NAMED_MAX => (agents, 0),
            _ => (&agents[..2], agents.len() - 2),
        };
        let ids: Vec<&str> = named.iter().map(|agent| self.agent(*agent)).collect();
        match (ids.as_slice(), others) {
            ([first @ .., last], 0) if !first.is_empty() => {
                format!("{} and {last}", first.join(", "))
            }
            (ids, 0) => ids.concat(),
            (ids, others) => format!("{} and {} others", ids.join(", "), count(others as u64)),
        }
    }

    /// Returns `A → B → C → A`.
    pub(crate) fn ring(&self, agents: &[AgentNo]) -> String {
        let around = agents.iter().chain(agents.first());
        let ids: Vec<&str> = around.map(|agent| self.agent(*agent)).collect();
        ids.join(" → ")
    }

    /// Returns `tx-3, tx-4`; of many payments the first and the last.
    pub(crate) fn list(&self, payments: &[PaymentNo]) -> String {
        if let (true, [first, .., last]) = (payments.len() > NAMED_MAX, payments) {
            let number = plural(payments.len() as u64, "payment");
            return format!("{} … {} ({number})", self.payment(*first), self.payment(*last));
        }
        let ids: Vec<Cow<str>> = payments.iter().map(|no| self.payment(*no)).collect();
        ids.join(", ")
    }

    /// Returns `6 payments, EUR 270.00`.
    pub(crate) fn payments(&self, tally: Tally) -> String {
        format!("{}, {}", plural(tally.count, "payment"), self.amount(tally.value))
    }

    /// Returns a tick with its day, where the run has several, and its time of day, if ticks have
    /// one: `tick 20 (day 1, 07:20)`.
    pub(crate) fn moment(&self, tick: Tick) -> String {
        self.at(tick).phrase(self.setting.calendar().map_or(1, Calendar::num_days))
    }

    /// Returns a tick with its day and time of day.
    pub(crate) fn at(&self, tick: Tick) -> Moment {
        Moment::of(self.setting.calendar(), tick)
    }

    /// Returns `due tick 20 (07:20)`, with the day where there are several.
    pub(crate) fn due(&self, deadline: Tick) -> String {
        format!("due {}", self.moment(deadline))
    }
}
