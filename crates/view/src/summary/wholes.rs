//! Split payments with the parts that they have become.

use std::collections::BTreeMap;

use psim_model::PaymentNo;

use super::SplitSummary;
use crate::state::{Payment, Place, Settlement};

/// A payment that arrived and was split.
#[derive(Debug)]
pub(crate) struct Whole {
    /// The payment; overdue or ever in queue 2 if any part of it was.
    pub(crate) payment: Payment,
    /// Its parts that are not split further, in order; those that have settled are said to have
    /// done so in parts, whatever their path.
    pub(crate) parts: Vec<Payment>,
}

/// All payments that arrived and were split.
#[derive(Debug, Default)]
pub(crate) struct Wholes(BTreeMap<PaymentNo, Whole>);

impl Wholes {
    /// Adds a payment that is split or a part; payments come in order, so that the whole is there
    /// before its parts.
    pub(super) fn add(&mut self, payments: &[Payment], no: PaymentNo) {
        let payment = payments[no.index()];
        let wholes = payment.wholes(payments);
        let Some(arrived) = wholes.clone().last() else {
            self.0.insert(no, Whole { payment, parts: Vec::new() });
            return;
        };
        let Some(whole) = self.0.get_mut(&arrived) else { return };
        // What was withdrawn from queue 2 before it was split has been there with all its value.
        let queued_before = |no: PaymentNo| payments[no.index()].queued_since;
        let inherited = wholes.clone().find_map(queued_before);
        let payment = Payment { queued_since: payment.queued_since.or(inherited), ..payment };
        let Payment { overdue_since, queued_since, .. } = &mut whole.payment;
        *overdue_since = overdue_since.or(payment.overdue_since);
        *queued_since = queued_since.or(payment.queued_since);
        if !payment.is_split() {
            whole.parts.push(Payment { place: in_parts(payment.place), ..payment });
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Whole> {
        self.0.values()
    }

    pub(super) fn summary(&self) -> SplitSummary {
        let mut summary = SplitSummary::default();
        for whole in self.iter() {
            summary.split.add(whole.payment.amount);
            for part in &whole.parts {
                summary.parts.add(part.amount);
            }
        }
        summary
    }
}

const fn in_parts(place: Place) -> Place {
    match place {
        Place::Settled { tick, .. } => Place::Settled { tick, how: Settlement::InParts },
        place => place,
    }
}
