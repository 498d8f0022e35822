//! Everything that can be read off the payments once they have been followed.
//!
//! A split payment is one payment, done when its last part is; what has settled of it, and what has
//! not, are the values of its parts.

use psim_model::PaymentNo;

use super::standstills::Standstills;
use super::wholes::{Whole, Wholes};
use super::{DeadlineSummary, PaymentSummary, SplitSummary, UnsettledRow};
use crate::state::{Payment, Place, Settlement, Size, State, Tally};

/// What one pass over all payments finds.
#[derive(Debug, Default)]
pub(super) struct ReadOff {
    pub(super) payments: PaymentSummary,
    pub(super) unsettled: Vec<UnsettledRow>,
    pub(super) splits: SplitSummary,
    /// Penalties are not in the payments and stay empty.
    pub(super) deadlines: DeadlineSummary,
    pub(super) ever_in_queue2: Tally,
    /// By agent number.
    pub(super) agents: Vec<AgentTallies>,
}

/// An agent's payments.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AgentTallies {
    pub(super) sent: Tally,
    pub(super) received: Tally,
    pub(super) unsettled: Tally,
}

impl ReadOff {
    /// Reads the payments of a run.
    pub(super) fn of(state: &State) -> Self {
        let mut read =
            Self { agents: vec![AgentTallies::default(); state.agents.len()], ..Self::default() };
        let mut standstills = Standstills::default();
        for payment in state.payments.iter().filter(|payment| payment.parent.is_none()) {
            read.payments.arrived.add(payment.amount);
        }
        let wholes = each_counted(&state.payments, |_, piece, size| {
            read.count(piece, size);
            if !piece.is_split() {
                standstills.count(piece, size);
            }
        });
        for whole in wholes.iter() {
            if let Some(first) = whole.parts.iter().find(|part| part.settled_at().is_none()) {
                standstills.count(first, Size::count());
            }
        }
        read.splits = wholes.summary();
        read.unsettled = standstills.rows();
        read.payments.settlement_rate_count =
            read.payments.settled.count_share_of(&read.payments.arrived);
        read.payments.settlement_rate_value =
            read.payments.settled.value_share_of(&read.payments.arrived);
        read
    }

    fn count(&mut self, payment: &Payment, size: Size) {
        let sums = &mut self.payments;
        let sender = &mut self.agents[payment.sender.index()];
        match payment.place {
            Place::Settled { tick, how } => {
                sums.settled.enlarge(size);
                match how {
                    Settlement::OnEntry => sums.settled_on_entry.enlarge(size),
                    Settlement::FromQueue2 => sums.settled_from_queue2.enlarge(size),
                    Settlement::EntryOffset => sums.settled_entry_offset.enlarge(size),
                    Settlement::ByAlgorithm(_) => sums.settled_by_algorithm.enlarge(size),
                    Settlement::InParts => sums.settled_in_parts.enlarge(size),
                }
                sender.sent.enlarge(size);
                self.agents[payment.receiver.index()].received.enlarge(size);
                if tick > payment.deadline {
                    self.deadlines.settled_late.enlarge(size);
                }
            }
            place => {
                sums.unsettled.enlarge(size);
                sender.unsettled.enlarge(size);
                if matches!(place, Place::Dropped { .. }) {
                    sums.dropped.enlarge(size);
                }
            }
        }
        if payment.overdue_since.is_some() {
            self.deadlines.overdue.enlarge(size);
        }
        if payment.queued_since.is_some() {
            self.ever_in_queue2.enlarge(size);
        }
    }
}

/// Visits what is counted of all payments: the one that arrived, what it or a part of it has
/// become, and its size. A split payment counts as one, of the value of its parts; they come last.
pub(crate) fn each_counted(
    payments: &[Payment],
    mut visit: impl FnMut(&Payment, &Payment, Size),
) -> Wholes {
    let mut wholes = Wholes::default();
    for (no, payment) in payments.iter().enumerate() {
        if payment.parent.is_some() || payment.is_split() {
            wholes.add(payments, PaymentNo::from_index(no));
        } else {
            visit(payment, payment, Size::whole(payment.amount));
        }
    }
    for Whole { payment, parts } in wholes.iter() {
        visit(payment, payment, Size::count());
        for part in parts {
            visit(payment, part, Size::value(part.amount));
        }
    }
    wholes
}
