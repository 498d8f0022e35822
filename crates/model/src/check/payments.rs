//! The payments that a scenario brings, and the ids of payments.

use rustc_hash::{FxBuildHasher, FxHashSet};

use super::{ScenarioFault, fault};
use crate::{MAX_ID_CHARS, MAX_PREPARED_PAYMENTS, PaymentNo, PreparedPayment, Scenario, id_fits};

impl Scenario {
    pub(super) fn check_payments(&self) -> Result<(), ScenarioFault> {
        let rows = &self.payments.rows;
        if rows.len() > MAX_PREPARED_PAYMENTS || self.payments.ids.len() > rows.len() {
            return fault(format!(
                "more than {MAX_PREPARED_PAYMENTS} payments, or more ids than payments"
            ));
        }
        if !rows.is_sorted_by_key(|row| row.tick) {
            return fault("payments must ascend by tick");
        }
        match rows.iter().position(|row| !self.payment_is_sound(row)) {
            Some(row) => fault(format!("payment {row} has a bad tick, amount or agent")),
            None => Ok(()),
        }
    }

    fn payment_is_sound(&self, row: &PreparedPayment) -> bool {
        row.tick <= self.calendar.last_tick()
            && row.deadline >= row.tick
            && row.earliest >= row.tick
            && row.amount.is_positive()
            && row.sender != row.receiver
            && row.sender.index() < self.agents.len()
            && row.receiver.index() < self.agents.len()
    }

    /// A given id is used once, and never one that the simulator gives to another payment.
    pub(super) fn check_ids(&self) -> Result<(), ScenarioFault> {
        let ids = self.payments.ids.iter().filter(|id| !id.is_empty());
        let mut given: Vec<&str> = ids.collect();
        if !given.iter().all(|id| id_fits(id)) {
            return fault(format!("a payment id has more than {MAX_ID_CHARS} characters"));
        }
        let numbers_itself = self.agents.iter().any(|agent| !agent.arrivals.is_empty())
            || given.len() < self.payments.rows.len()
            || self.creates_payments();
        given.extend(self.submitted_ids());
        let mut used = FxHashSet::with_capacity_and_hasher(given.len(), FxBuildHasher);
        for id in given {
            if !used.insert(id) {
                return fault(format!("payment id `{id}` is given twice"));
            }
            if numbers_itself && is_own_id(id) {
                return fault(format!("payment id `{id}` is what the simulator calls its own"));
            }
        }
        Ok(())
    }
}

/// Returns whether an id is one that the simulator gives.
pub fn is_own_id(id: &str) -> bool {
    PaymentNo::from_own_id(id).is_some()
}
