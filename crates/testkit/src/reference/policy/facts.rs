//! What trees are told of the world: each field looked up or added up anew.

use psim_model::{AgentNo, Fraction, Money, PaymentNo, Rate, Total};
use psim_policy::{Field, Topic};

use super::Known;
use crate::reference::Reference;
use crate::reference::state::{Account, Payment};

/// The world as one agent sees it.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Facts<'a> {
    /// As it was when the step began.
    pub(in super::super) start: &'a Reference,
    /// As it is now: what was released in this tick, and what is left of a budget.
    pub(in super::super) now: &'a Reference,
    /// Who asks.
    pub(in super::super) agent: AgentNo,
    /// What is decided on, in a payment tree.
    pub(in super::super) payment: Option<PaymentNo>,
}

impl Known for Facts<'_> {
    fn field(&self, field: Field) -> f64 {
        let known = match field.spec().topic {
            Topic::Transaction => self.transaction(field),
            Topic::Agent => self.bank(field),
            Topic::Queue => self.queue1(field),
            Topic::System => self.system(field),
            Topic::Collateral => self.collateral(field),
            Topic::Cost => self.cost(field),
            Topic::Time => self.time(field),
            Topic::Throughput => self.throughput(field),
            Topic::Lsm => self.counterparties(field),
            Topic::Limit => self.limit(field),
        };
        known.unwrap_or_else(|| panic!("Invariant: `{}` is computed", field.name()))
    }

    fn register(&self, name: &str) -> f64 {
        self.start.accounts[self.agent.index()].registers.get(name).copied().unwrap_or(0.0)
    }
}

impl Facts<'_> {
    pub(super) fn account(&self) -> &Account {
        &self.start.accounts[self.agent.index()]
    }

    /// Returns the payment that is decided on.
    pub(super) fn own(&self) -> &Payment {
        &self.start.payments[self.own_no().index()]
    }

    pub(super) fn own_no(&self) -> PaymentNo {
        self.payment.expect("Invariant: only payment trees ask about a payment")
    }

    /// Returns the payments in the agent's queue 1.
    pub(super) fn in_queue1(&self) -> Vec<&Payment> {
        self.account().queue1.iter().map(|no| &self.start.payments[no.index()]).collect()
    }

    /// Returns the payments in queue 2, whoever sends them.
    pub(super) fn in_queue2(&self) -> Vec<&Payment> {
        self.start.queue2.iter().map(|no| &self.start.payments[no.index()]).collect()
    }
}

pub(super) fn flag(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

pub(super) fn money(amount: Money) -> f64 {
    amount.minor() as f64
}

pub(super) fn total(total: Total) -> f64 {
    total.minor() as f64
}

pub(super) fn count(count: usize) -> f64 {
    count as f64
}

pub(super) fn rate(rate: Rate) -> f64 {
    rate.to_f64()
}

pub(super) fn fraction(fraction: Fraction) -> f64 {
    fraction.to_f64()
}

/// Returns the value of payments.
pub(super) fn value_of(payments: &[&Payment]) -> Total {
    payments.iter().map(|payment| payment.amount).sum()
}
