//! Questions about payments.

use psim_model::{AgentNo, Money, PaymentNo, Priority, RtgsPriority, Tick};
use psim_view::{Payment, Place};
use serde::Serialize;

use super::Session;
use super::told::Followed;

/// A payment as it is now. Amounts are minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TransactionDetails {
    /// Its id.
    pub id: String,
    /// Who pays.
    pub sender_id: String,
    /// Who is paid.
    pub receiver_id: String,
    /// How much.
    pub amount: Money,
    /// What of it has not settled.
    pub remaining_amount: Money,
    /// Tick on which it arrived; a part's is that of the payment that was split.
    pub arrival_tick: Tick,
    /// Last tick on which it is on time.
    pub deadline_tick: Tick,
    /// Priority now, 0 to 10.
    pub priority: Priority,
    /// The class with which it is in the system, or was when it settled; `None` before it is
    /// released and after it was taken out.
    pub rtgs_priority: Option<&'static str>,
    /// The class that it is declared with.
    pub declared_rtgs_priority: &'static str,
    /// Tick on which it entered the system.
    pub rtgs_submission_tick: Option<Tick>,
    /// `Pending`, `PartiallySettled` (split, and some of its parts have settled), `Settled`,
    /// `Overdue` (unsettled) or `Dropped`.
    pub status: &'static str,
}

/// A payment whose deadline comes near. Amounts are minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NearDeadline {
    /// Its id.
    pub tx_id: String,
    /// Who pays.
    pub sender_id: String,
    /// Who is paid.
    pub receiver_id: String,
    /// How much.
    pub amount: Money,
    /// What of it has not settled.
    pub remaining_amount: Money,
    /// Last tick on which it is on time.
    pub deadline_tick: Tick,
    /// Ticks from the coming one to that.
    pub ticks_until_deadline: u32,
}

/// An unsettled payment whose deadline has passed. Amounts are minor units.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OverdueTransaction {
    /// Its id.
    pub tx_id: String,
    /// Who pays.
    pub sender_id: String,
    /// Who is paid.
    pub receiver_id: String,
    /// How much.
    pub amount: Money,
    /// What of it has not settled.
    pub remaining_amount: Money,
    /// Last tick on which it was on time.
    pub deadline_tick: Tick,
    /// Tick on which it became overdue.
    pub overdue_since_tick: Tick,
    /// Ticks since then up to the coming one.
    pub ticks_overdue: u32,
    /// The deadline penalty that was booked for it; for a part of a payment that was overdue when
    /// it was split, nothing.
    pub deadline_penalty_cost: Money,
    /// Its share of its sender's delay cost so far, before the rounding with which that is booked.
    pub delay_cost: f64,
}

impl Session {
    /// Returns a payment as it is now; `None` for one that has not arrived.
    pub fn transaction_details(&mut self, id: &str) -> Option<TransactionDetails> {
        let no = self.payment(id)?;
        self.catch_up();
        let payment = self.told.projection().payment(no)?;
        Some(TransactionDetails {
            id: id.to_owned(),
            sender_id: self.id(payment.sender).to_owned(),
            receiver_id: self.id(payment.receiver).to_owned(),
            amount: payment.amount,
            remaining_amount: remaining(&self.told, no, payment),
            arrival_tick: payment.arrival,
            deadline_tick: payment.deadline,
            priority: payment.priority,
            rtgs_priority: class_in_system(payment),
            declared_rtgs_priority: payment.rtgs_priority.as_str(),
            rtgs_submission_tick: payment.submitted,
            status: Status::of(&self.told, no, payment).word(),
        })
    }

    /// Returns the waiting payments that are on time and whose deadline comes within so many ticks,
    /// ascending by number; of a split payment its parts.
    pub fn transactions_near_deadline(&mut self, within_ticks: u32) -> Vec<NearDeadline> {
        let now = self.now();
        let last = Tick(now.0.saturating_add(within_ticks));
        self.catch_up();
        let (told, names) = (&self.told, self.told.projection().names());
        let mut near = Vec::new();
        for (no, payment) in waiting(told) {
            if payment.overdue_since.is_none() && (now..=last).contains(&payment.deadline) {
                near.push(NearDeadline {
                    tx_id: names.payment(no).into_owned(),
                    sender_id: self.id(payment.sender).to_owned(),
                    receiver_id: self.id(payment.receiver).to_owned(),
                    amount: payment.amount,
                    remaining_amount: remaining(told, no, payment),
                    deadline_tick: payment.deadline,
                    ticks_until_deadline: payment.deadline.since(now),
                });
            }
        }
        near
    }

    /// Returns the waiting payments that are overdue, ascending by number; of a split payment its
    /// parts.
    pub fn overdue_transactions(&mut self) -> Vec<OverdueTransaction> {
        let (now, ticks_done) = (self.now(), self.ticks_done());
        self.catch_up();
        let (told, names) = (&self.told, self.told.projection().names());
        let mut overdue = Vec::new();
        for (no, payment) in waiting(told) {
            let Some(since) = payment.overdue_since else { continue };
            let wait = told.waits().of(no, ticks_done).unwrap_or_default();
            overdue.push(OverdueTransaction {
                tx_id: names.payment(no).into_owned(),
                sender_id: self.id(payment.sender).to_owned(),
                receiver_id: self.id(payment.receiver).to_owned(),
                amount: payment.amount,
                remaining_amount: remaining(told, no, payment),
                deadline_tick: payment.deadline,
                overdue_since_tick: since,
                ticks_overdue: now.since(since),
                deadline_penalty_cost: told.totals().deadline_penalty(no).unwrap_or(Money::ZERO),
                delay_cost: wait.delay.as_f64(),
            });
        }
        overdue
    }
}

/// Returns the payments in both queues, ascending by number.
fn waiting(told: &Followed) -> Vec<(PaymentNo, &Payment)> {
    let projection = told.projection();
    let mut waiting = projection.queue2();
    for agent in 0..projection.agents().len() {
        waiting.extend(projection.queue1(AgentNo::from_index(agent)));
    }
    waiting.sort_unstable();
    waiting.into_iter().filter_map(|no| Some((no, projection.payment(no)?))).collect()
}

/// How a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Pending,
    PartiallySettled,
    Settled,
    Overdue,
    Dropped,
}

impl Status {
    pub(super) fn of(told: &Followed, no: PaymentNo, payment: &Payment) -> Self {
        let has_settled = told.totals().settled_in_parts(no).is_some_and(Money::is_positive);
        match payment.place {
            Place::Settled { .. } => Self::Settled,
            Place::Dropped { .. } => Self::Dropped,
            Place::Split if has_settled => Self::PartiallySettled,
            _ if payment.overdue_since.is_some() => Self::Overdue,
            _ => Self::Pending,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::PartiallySettled => "PartiallySettled",
            Self::Settled => "Settled",
            Self::Overdue => "Overdue",
            Self::Dropped => "Dropped",
        }
    }

    /// Returns the word as tables have it.
    pub(super) const fn in_tables(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::PartiallySettled => "partially_settled",
            Self::Settled => "settled",
            Self::Overdue => "overdue",
            Self::Dropped => "dropped",
        }
    }
}

/// Returns what of a payment has settled.
pub(super) fn settled(told: &Followed, no: PaymentNo, payment: &Payment) -> Money {
    match payment.place {
        Place::Settled { .. } => payment.amount,
        _ => told.totals().settled_in_parts(no).unwrap_or(Money::ZERO),
    }
}

fn remaining(told: &Followed, no: PaymentNo, payment: &Payment) -> Money {
    payment.amount - settled(told, no, payment)
}

/// Returns the class with which a payment is in the system, or was when it settled.
pub(super) fn class_in_system(payment: &Payment) -> Option<&'static str> {
    payment.submitted.map(|_| RtgsPriority::as_str(payment.rtgs_priority))
}
