//! Deadlines: which payments become overdue, found by tick and not by scan.

use std::collections::BTreeMap;

use psim_model::event::TransactionWentOverdue;
use psim_model::{Money, PaymentNo, Tick};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::payments::Payments;
use crate::world::{Step, World};

/// Payments by the last tick on which they are on time.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Deadlines {
    by_tick: BTreeMap<Tick, Vec<PaymentNo>>,
    /// What was charged for each payment that became overdue, if anything was.
    #[serde(with = "crate::stored::map")]
    charged: FxHashMap<PaymentNo, Money>,
}

impl Deadlines {
    /// Watches a payment's deadline.
    pub(crate) fn watch(&mut self, deadline: Tick, payment: PaymentNo) {
        self.by_tick.entry(deadline).or_default().push(payment);
    }

    /// Returns whether what waits and was on time in a tick has its deadline watched, and nothing
    /// has another than it is watched for. A deadline that no tick comes after need not be.
    pub(crate) fn fit(&self, payments: &Payments, as_of: Tick, last: Tick) -> bool {
        let mut watched = vec![false; payments.len()];
        for (deadline, all) in &self.by_tick {
            for no in all {
                let is_twice = std::mem::replace(&mut watched[no.index()], true);
                if is_twice || payments.get(*no).deadline != *deadline {
                    return false;
                }
            }
        }
        payments.iter().all(|(no, payment)| {
            let matters =
                payment.is_waiting() && !payment.is_overdue(as_of) && payment.deadline < last;
            watched[no.index()] || !matters
        })
    }

    /// Returns the deadline penalty that was charged for a payment.
    pub(crate) fn penalty_of(&self, payment: PaymentNo) -> Money {
        self.charged.get(&payment).copied().unwrap_or_default()
    }

    /// Returns how many payments, settled or not, had a deadline before `now` that has not been
    /// looked at.
    pub(crate) fn count_due(&self, now: Tick) -> usize {
        self.by_tick.range(..now).map(|(_, payments)| payments.len()).sum()
    }
}

/// Step 4: marks as overdue what should have settled by the tick before, by payment number, and
/// charges the deadline penalty.
pub(crate) fn pass(world: &mut World, step: &mut Step<'_>) {
    world.deadlines_as_of = step.now;
    while let Some(passed) = world.deadlines.by_tick.first_entry()
        && *passed.key() < step.now
    {
        for no in passed.remove() {
            let payment = *world.payments.get(no);
            let Some(queue) = payment.place.queue() else { continue };
            world.backlog.remove(&payment, queue, false);
            world.backlog.add(&payment, queue, true);
            let penalty = world.rates.deadline_penalty.on(payment.amount);
            let penalty = penalty.expect("Invariant: headroom was proven before the tick");
            world.penalise(payment.sender, penalty);
            if penalty != Money::ZERO {
                world.deadlines.charged.insert(no, penalty);
            }
            step.emit(TransactionWentOverdue {
                tx_id: no,
                sender_id: payment.sender,
                receiver_id: payment.receiver,
                amount: payment.amount,
                remaining_amount: payment.amount,
                deadline_tick: payment.deadline,
                ticks_overdue: step.now.since(payment.deadline),
                deadline_penalty_cost: penalty,
            });
        }
    }
}
