//! Settlement of one payment: money moves, the payment is final.

use psim_model::event::OverdueTransactionSettled;
use psim_model::{Money, PaymentNo};

use crate::payments::{Payment, Place};
use crate::world::{Step, World};

/// What a settlement's event tells.
pub(crate) struct Settled {
    pub(crate) payment: Payment,
    /// The sender's balance before.
    pub(crate) before: Money,
    /// The sender's balance after.
    pub(crate) after: Money,
}

/// Moves the money of a payment that was found to fit.
pub(crate) fn settle(world: &mut World, no: PaymentNo) -> Settled {
    let payment = *world.payments.get(no);
    assert!(
        payment.amount <= world.ledger.available(payment.sender),
        "Invariant: no settlement takes an agent beyond its permission"
    );
    let before = world.ledger.balance(payment.sender);
    world.ledger.debit(payment.sender, payment.amount);
    let after = world.ledger.balance(payment.sender);
    world.credit(payment.receiver, payment.amount);
    world.payments.get_mut(no).place = Place::Settled;
    Settled { payment, before, after }
}

/// Says, after the event that settled it, that a payment was late.
pub(crate) fn report_lateness(step: &mut Step<'_>, no: PaymentNo, payment: &Payment) {
    if !payment.is_overdue(step.now) {
        return;
    }
    let penalty = step.scenario.costs.deadline_penalty.on(payment.amount);
    step.emit(OverdueTransactionSettled {
        tx_id: no,
        sender_id: payment.sender,
        receiver_id: payment.receiver,
        amount: payment.amount,
        settled_amount: payment.amount,
        deadline_tick: payment.deadline,
        overdue_since_tick: payment.deadline.next(),
        total_ticks_overdue: step.now.since(payment.deadline),
        deadline_penalty_cost: penalty.expect("Invariant: it was charged when it fell due"),
    });
}
