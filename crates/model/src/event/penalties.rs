//! Which events book a deadline penalty.

use super::Event;
use crate::{Money, PaymentNo};

impl Event {
    /// Returns the payment for which a deadline penalty is booked and how much, in minor units;
    /// `None` also where it would be nothing.
    pub fn deadline_penalty(&self) -> Option<(PaymentNo, Money)> {
        let (payment, penalty) = match self {
            Self::TransactionWentOverdue(overdue) => (overdue.tx_id, overdue.deadline_penalty_cost),
            Self::PolicyDrop(dropped) => (dropped.tx_id, dropped.deadline_penalty_cost),
            _ => return None,
        };
        (penalty != Money::ZERO).then_some((payment, penalty))
    }
}
