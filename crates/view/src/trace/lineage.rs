//! The payments of which the one that is asked for may be a part.
//!
//! A part has no arrival: what it inherits is known of the payment that is split, and of nothing
//! that comes later. So payments are followed until they settle, are dropped or are split.

use std::collections::BTreeMap;

use psim_model::PaymentNo;
use psim_model::event::{Event, EventBatch};

use crate::mentions::{Mention, mentions};
use crate::state::{Payment, Place};

/// Payments that may be split into the one that is asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Lineage {
    /// The number of the one that is asked for, if it can be a part.
    wanted: Option<PaymentNo>,
    payments: BTreeMap<PaymentNo, Payment>,
}

impl Lineage {
    /// Returns the lineage of the payment of this id; one that was given its id is no part.
    pub(super) fn of(payment_id: &str) -> Self {
        Self { wanted: PaymentNo::from_own_id(payment_id), payments: BTreeMap::new() }
    }

    /// Follows a payment from now on, if the one that is asked for comes after it.
    pub(super) fn add(&mut self, no: PaymentNo, payment: Payment) {
        if self.wanted.is_some_and(|wanted| no < wanted) {
            self.payments.insert(no, payment);
        }
    }

    pub(super) fn get(&self, no: PaymentNo) -> Option<Payment> {
        self.payments.get(&no).copied()
    }

    /// Lets the payments that an event names take it in, and forgets those that are not split any
    /// more.
    pub(super) fn follow(&mut self, batch: &EventBatch, event: &Event) {
        if self.payments.is_empty() {
            return;
        }
        mentions(batch, event, |mention| {
            let Mention::Payment(no) = mention else { return };
            let Some(payment) = self.payments.get_mut(&no) else { return };
            if is_made_by(no, event) {
                return;
            }
            payment.follow(batch.tick(), event);
            if payment.place == Place::Split || payment.place.is_final() {
                self.payments.remove(&no);
            }
        });
    }
}

/// Returns whether a payment is a part that an event makes.
pub(super) fn is_made_by(no: PaymentNo, event: &Event) -> bool {
    matches!(event, Event::PolicySplit(split) if split.tx_id != no)
}
