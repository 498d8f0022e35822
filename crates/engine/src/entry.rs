//! Step 8: released payments enter the system.

use psim_model::event::{
    BilateralLimitExceeded, MultilateralLimitExceeded, QueueReason, QueuedRtgs,
    RtgsImmediateSettlement,
};
use psim_model::{Money, PaymentNo, Total};

use crate::backlog::Queue;
use crate::limits::{Admission, Flow};
use crate::offset;
use crate::payments::{Payment, Place};
use crate::set_rule;
use crate::settle;
use crate::world::{Step, World};

/// Tests each released payment against everything before it: it settles, alone or against one
/// queued the other way, or joins queue 2.
pub(crate) fn enter(world: &mut World, step: &mut Step<'_>) {
    let released = std::mem::take(&mut world.released);
    for &no in &released {
        let payment = *world.payments.get(no);
        match admit(world, step, &payment) {
            Ok(admission) => settle_at_once(world, step, no, &payment, admission),
            Err(QueueReason::NotBefore) => {
                queue(world, step, no, &payment, QueueReason::NotBefore);
            }
            Err(reason) => {
                if !offset::settle_with_queued(world, step, no, &payment) {
                    queue(world, step, no, &payment, reason);
                }
            }
        }
    }
    world.released = released; // its memory serves the next tick
}

/// Admits a payment, or says what keeps it from settling by itself now.
fn admit(world: &World, step: &Step<'_>, payment: &Payment) -> Result<Admission, QueueReason> {
    if payment.earliest > step.now {
        Err(QueueReason::NotBefore)
    } else if world.queue2.has_earlier(payment.sender) {
        Err(QueueReason::EarlierPayment)
    } else if world.queue2.has_higher(payment.sender, payment.class) {
        Err(QueueReason::HigherPriority)
    } else {
        set_rule::admit(world, &Flow::from(payment))
    }
}

fn settle_at_once(
    world: &mut World,
    step: &mut Step<'_>,
    no: PaymentNo,
    payment: &Payment,
    admission: Admission,
) {
    let (before, after) = settle::settle(world, step, no, payment, admission);
    step.emit(RtgsImmediateSettlement {
        tx_id: no,
        sender_id: payment.sender,
        receiver_id: payment.receiver,
        amount: payment.amount,
        sender_balance_before: before,
        sender_balance_after: after,
    });
    settle::follow_up(world, step, no, payment);
}

fn queue(
    world: &mut World,
    step: &mut Step<'_>,
    no: PaymentNo,
    payment: &Payment,
    reason: QueueReason,
) {
    let was_tested = !matches!(
        reason,
        QueueReason::NotBefore | QueueReason::EarlierPayment | QueueReason::HigherPriority
    );
    if was_tested && world.limits.is_active() {
        report_limits(world, step, no, payment);
    }
    let not_before = (payment.earliest > step.now).then_some(payment.earliest);
    world.queue2.push(no, payment, not_before);
    world.backlog.add(payment, Queue::Two, payment.is_overdue(step.now));
    let queued = world.payments.get_mut(no);
    queued.place = Place::Queue2;
    queued.moved_at = step.now;
    step.emit(QueuedRtgs {
        tx_id: no,
        sender_id: payment.sender,
        receiver_id: payment.receiver,
        amount: payment.amount,
        sender_available: world.ledger.available_for(payment.sender, payment.class),
        reason,
    });
}

/// Says which limits do not admit a payment, whatever its sender's liquidity.
fn report_limits(world: &World, step: &mut Step<'_>, no: PaymentNo, payment: &Payment) {
    let Payment { sender, receiver, amount, class, .. } = *payment;
    if !world.limits.binds(class) {
        return;
    }
    let paid = Total::from(amount);
    if let Some(limit) = world.limits.bilateral(sender, receiver)
        && !world.limits.admits_bilateral(sender, receiver, paid, Total::ZERO)
    {
        step.emit(BilateralLimitExceeded {
            tx_id: no,
            sender_id: sender,
            receiver_id: receiver,
            amount,
            bilateral_limit: limit.limit,
            current_bilateral_outflow: shown(limit.used),
            room: shown(limit.room()),
        });
    }
    if let Some(limit) = world.limits.multilateral(sender)
        && !world.limits.admits_multilateral(sender, paid, Total::ZERO)
    {
        step.emit(MultilateralLimitExceeded {
            tx_id: no,
            sender_id: sender,
            receiver_id: receiver,
            amount,
            multilateral_limit: limit.limit,
            current_total_outflow: shown(limit.used),
            room: shown(limit.room()),
        });
    }
}

/// Returns a sum as an event shows it: as near as 64 bits come.
fn shown(sum: Total) -> Money {
    let limit = if sum < Total::ZERO { i64::MIN } else { i64::MAX };
    sum.to_money().unwrap_or(Money::from_minor(limit))
}
