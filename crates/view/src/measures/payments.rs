//! Single payments: how long each took and what it cost.

use psim_model::{PaymentNo, Total};

use super::MeasuresFold;
use crate::state::{Payment, Place};

/// One payment, as it is after the last tick so far.
#[derive(Clone, Copy, Debug)]
pub struct PaymentFigures<'a> {
    /// Its number.
    pub no: PaymentNo,
    /// What is known of it.
    pub payment: &'a Payment,
    /// Ticks from its arrival to its settlement, to when it was dropped, or so far.
    pub wait_ticks: u32,
}

impl MeasuresFold {
    /// Visits all payments in the order of their numbers, parts by themselves.
    pub fn payments(&self) -> impl Iterator<Item = PaymentFigures<'_>> {
        let state = &self.summary.state;
        let ticks_done = state.ticks_done();
        state.payments.iter().enumerate().map(move |(index, payment)| {
            let no = PaymentNo::from_index(index);
            let until = match payment.place {
                Place::Settled { tick, .. } | Place::Dropped { tick, .. } => tick.0,
                Place::Queue1 | Place::Entering | Place::Queue2 | Place::Split => ticks_done,
            };
            PaymentFigures { no, payment, wait_ticks: until.saturating_sub(payment.arrival.0) }
        })
    }

    /// Returns what a payment cost its sender, in minor units: its share of the delay cost,
    /// rounded, penalties and the friction of a split.
    pub fn cost_of(&self, payment: PaymentNo) -> Total {
        let delay = self.waits.of(payment, self.summary.state.ticks_done()).map(|wait| wait.delay);
        delay.unwrap_or_default().rounded() + self.charges.of(payment)
    }
}
