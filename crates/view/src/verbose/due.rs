//! Which payments come close to their deadlines.

use std::collections::BTreeMap;

use psim_model::event::Event;
use psim_model::{PaymentNo, Tick};

use crate::state::Payment;

/// Ticks before the deadline from which on a waiting payment is near it.
const NEAR_TICKS: u32 = 2;

/// Payments by deadline; those that lie behind are forgotten.
#[derive(Clone, Debug, Default)]
pub(super) struct DueDates {
    payments: BTreeMap<Tick, Vec<PaymentNo>>,
}

impl DueDates {
    pub(super) fn after(&mut self, event: &Event) {
        if let Event::Arrival(arrival) = event {
            self.payments.entry(arrival.deadline_tick).or_default().push(arrival.tx_id.no);
        }
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
