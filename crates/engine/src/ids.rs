//! Payments by the ids that they were given.

use std::sync::Arc;

use psim_model::{PaymentNo, Scenario, is_own_id};
use rustc_hash::{FxHashMap, FxHashSet};

/// The given ids that somebody may ask for, and the payments that have them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ids {
    /// Ids that the scenario's instructions refer to.
    asked_for: Arc<FxHashSet<String>>,
    found: FxHashMap<String, PaymentNo>,
    /// Ids that submissions have given.
    submitted: FxHashSet<String>,
    /// Ids that data and instructions of the scenario give; looked up for calls only.
    planned: Option<Arc<FxHashSet<String>>>,
}

impl Ids {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let asked_for = scenario.ids_referred_to().map(str::to_owned).collect();
        Self { asked_for: Arc::new(asked_for), ..Self::default() }
    }

    /// Prepares to say whether calls may use ids.
    pub(crate) fn prepare_for_calls(&mut self, scenario: &Scenario) {
        self.planned.get_or_insert_with(|| {
            let ids = scenario.payments.ids.iter().chain(scenario.submitted_ids());
            Arc::new(ids.map(str::to_owned).collect())
        });
    }

    /// Notes the id that a payment was given.
    pub(crate) fn note(&mut self, no: PaymentNo, id: &str) {
        if self.asked_for.contains(id) {
            self.found.insert(id.to_owned(), no);
        }
    }

    /// Notes that a submission has used an id.
    pub(crate) fn note_submitted(&mut self, id: &str) {
        self.submitted.insert(id.to_owned());
    }

    /// Returns the payment that was given an id, if the scenario's instructions refer to that.
    pub(crate) fn given(&self, id: &str) -> Option<PaymentNo> {
        self.found.get(id).copied()
    }

    /// Returns whether a submission may not use an id; `by_call` is whether the scenario has not
    /// planned for it.
    pub(crate) fn is_taken(&self, id: &str, by_call: bool) -> bool {
        let is_planned = || self.planned.as_ref().is_some_and(|planned| planned.contains(id));
        self.submitted.contains(id) || by_call && (is_own_id(id) || is_planned())
    }
}
