//! Which payments come close to their deadlines.

use std::collections::BTreeMap;

use psim_model::event::{Event, EventBatch};
use psim_model::{PaymentNo, Tick};

use crate::state::{Payment, State};

/// Ticks before the deadline from which on a waiting payment is near it.
const NEAR_TICKS: u32 = 2;

/// Payments by deadline; those that lie behind are forgotten.
#[derive(Clone, Debug, Default)]
pub(super) struct DueDates {
    payments: BTreeMap<Tick, Vec<PaymentNo>>,
}

impl DueDates {
    /// Takes note of the payments that an event has made and the state has taken in.
    pub(super) fn after(&mut self, batch: &EventBatch, event: &Event, state: &State) {
        match event {
            Event::Arrival(arrival) => self.add(arrival.deadline_tick, arrival.tx_id.no),
            Event::PolicySplit(split) => {
                for part in split.child_ids.of(batch.columns()) {
                    if let Some(payment) = state.payments.get(part.index()) {
                        self.add(payment.deadline, *part);
                    }
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, deadline: Tick, payment: PaymentNo) {
        self.payments.entry(deadline).or_default().push(payment);
    }

    /// Returns the payments that still wait after a tick and are due within [`NEAR_TICKS`] of it,
    /// most pressing first.
    pub(super) fn near(&mut self, tick: Tick, payments: &[Payment]) -> Vec<PaymentNo> {
        self.payments = self.payments.split_off(&tick);
        let last = Tick(tick.0.saturating_add(NEAR_TICKS));
        let near = self.payments.range(..=last).flat_map(|(_, due)| due.iter().copied());
        near.filter(|no| payments.get(no.index()).is_some_and(Payment::is_waiting)).collect()
    }
}
