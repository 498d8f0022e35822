//! Step 8: released payments enter the system.

use psim_model::PaymentNo;
use psim_model::event::{QueueReason, QueuedRtgs, RtgsImmediateSettlement};

use crate::backlog::Queue;
use crate::payments::{Payment, Place};
use crate::settle::{self, Settled};
use crate::world::{Step, World};

/// Tests each released payment against everything before it: it settles, or joins queue 2.
pub(crate) fn enter(world: &mut World, step: &mut Step<'_>) {
    let released = std::mem::take(&mut world.released);
    for &no in &released {
        let payment = *world.payments.get(no);
        match obstacle(world, step, &payment) {
            None => settle_at_once(world, step, no),
            Some(reason) => queue(world, step, no, &payment, reason),
        }
    }
    world.released = released; // its memory serves the next tick
}

/// Returns what keeps a payment from settling now.
fn obstacle(world: &World, step: &Step<'_>, payment: &Payment) -> Option<QueueReason> {
    if payment.earliest > step.now {
        Some(QueueReason::NotBefore)
    } else if world.queue2.blocks_newcomer(payment.sender) {
        Some(QueueReason::EarlierPayment)
    } else if payment.amount > world.ledger.available(payment.sender) {
        Some(QueueReason::InsufficientLiquidity)
    } else {
        None
    }
}

fn settle_at_once(world: &mut World, step: &mut Step<'_>, no: PaymentNo) {
    let Settled { payment, before, after } = settle::settle(world, no);
    step.emit(RtgsImmediateSettlement {
        tx_id: no,
        sender_id: payment.sender,
        receiver_id: payment.receiver,
        amount: payment.amount,
        sender_balance_before: before,
        sender_balance_after: after,
    });
    settle::report_lateness(step, no, &payment);
}

fn queue(
    world: &mut World,
    step: &mut Step<'_>,
    no: PaymentNo,
    payment: &Payment,
    reason: QueueReason,
) {
    let not_before = (payment.earliest > step.now).then_some(payment.earliest);
    world.queue2.push(payment.sender, no, payment.amount, not_before);
    world.backlog.add(payment, Queue::Two, payment.is_overdue(step.now));
    let queued = world.payments.get_mut(no);
    queued.place = Place::Queue2;
    queued.queued_at = step.now;
    step.emit(QueuedRtgs {
        tx_id: no,
        sender_id: payment.sender,
        receiver_id: payment.receiver,
        amount: payment.amount,
        sender_available: world.ledger.available(payment.sender),
        reason,
    });
}
