//! Payments by the ids that they were given.

use std::sync::Arc;

use psim_model::{PaymentNo, Scenario, is_own_id};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

/// The ids that somebody may ask for, and the payments that have them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Ids {
    /// Rows of the prepared payments by their ids: those that the scenario's instructions refer
    /// to, or all once there are calls.
    #[serde(skip)] // from the scenario
    rows: Arc<FxHashMap<String, usize>>,
    has_all: bool,
    /// Whether the scenario gives ids of the form `tx-{number}`, so that calls must make no payment
    /// that would be called so.
    #[serde(skip)] // from the scenario
    claims_own_form: bool,
    /// Whether any prepared payment has an id.
    #[serde(skip)] // from the scenario
    has_given: bool,
    /// The ids that the scenario's instructions give, once there are calls.
    #[serde(skip)] // from the scenario
    planned: Arc<FxHashSet<String>>,
    /// The number of each prepared payment that has arrived, by row; empty where none has an id.
    numbers: Vec<PaymentNo>,
    /// Payments by the ids that submissions gave them.
    #[serde(with = "crate::stored::map")]
    submitted: FxHashMap<String, PaymentNo>,
    /// Those payments, ascending.
    named: Vec<PaymentNo>,
}

impl Ids {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let mut ids = Self::default();
        ids.take_from(scenario);
        ids
    }

    /// Takes from a scenario the ids that it gives and those that it asks for.
    pub(crate) fn take_from(&mut self, scenario: &Scenario) {
        self.has_given = !scenario.payments.ids.is_empty();
        if self.has_all {
            self.rows = rows(scenario, |_| true);
            let mut given = scenario.payments.ids.iter().chain(scenario.submitted_ids());
            self.claims_own_form = given.any(is_own_id);
            self.planned = Arc::new(scenario.submitted_ids().map(str::to_owned).collect());
            return;
        }
        let asked_for: FxHashSet<&str> = scenario.ids_referred_to().collect();
        if !asked_for.is_empty() {
            self.rows = rows(scenario, |id| asked_for.contains(id));
        }
    }

    /// Returns whether there are no more numbers than prepared payments that have arrived.
    pub(crate) fn fit(&self, arrived: usize) -> bool {
        self.numbers.len() <= arrived
    }

    /// Prepares to find what calls refer to.
    pub(crate) fn prepare_for_calls(&mut self, scenario: &Scenario) {
        if !std::mem::replace(&mut self.has_all, true) {
            self.take_from(scenario);
        }
    }

    /// Notes the number that the next prepared payment has got.
    pub(crate) fn note_prepared(&mut self, no: PaymentNo) {
        if self.has_given {
            self.numbers.push(no);
        }
    }

    /// Returns whether a payment was given an id.
    pub(crate) fn is_named(&self, no: PaymentNo, scenario: &Scenario) -> bool {
        let row = self.numbers.binary_search(&no);
        row.is_ok_and(|row| scenario.payments.given_id(row).is_some())
            || self.named.binary_search(&no).is_ok()
    }

    /// Notes the id that a submission has given.
    pub(crate) fn note_submitted(&mut self, id: &str, no: PaymentNo) {
        self.submitted.insert(id.to_owned(), no);
        self.named.push(no);
    }

    /// Returns the payment that was given an id, once it has arrived.
    pub(crate) fn given(&self, id: &str) -> Option<PaymentNo> {
        let prepared = || self.numbers.get(*self.rows.get(id)?).copied();
        self.submitted.get(id).copied().or_else(prepared)
    }

    /// Returns whether each payment that a call makes must be given an id.
    pub(crate) const fn claims_own_form(&self) -> bool {
        self.claims_own_form
    }

    /// Returns whether a submission may not use an id; one by a call may use none that the scenario
    /// has planned for another payment.
    pub(crate) fn is_taken(&self, id: &str, by_call: bool) -> bool {
        let is_planned = || self.rows.contains_key(id) || self.planned.contains(id);
        self.submitted.contains_key(id) || by_call && (is_own_id(id) || is_planned())
    }
}

fn rows(scenario: &Scenario, is_wanted: impl Fn(&str) -> bool) -> Arc<FxHashMap<String, usize>> {
    let ids = scenario.payments.ids.iter().enumerate();
    let wanted = ids.filter(|(_, id)| !id.is_empty() && is_wanted(id));
    Arc::new(wanted.map(|(row, id)| (id.to_owned(), row)).collect())
}
