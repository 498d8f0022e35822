//! Payments out of queue 2 and within it.

use psim_model::event::{Origin, RtgsResubmission, RtgsWithdrawal};
use psim_model::{PaymentNo, RtgsPriority};

use crate::backlog::Queue;
use crate::holds;
use crate::payments::{Payment, Place};
use crate::world::{Step, World};

/// Takes a payment out of queue 2, to the end of its sender's queue 1.
pub(crate) fn withdraw(world: &mut World, step: &mut Step<'_>, no: PaymentNo, origin: Origin) {
    let payment = *world.payments.get(no);
    let overdue = world.is_overdue(&payment);
    take_out(world, no, &payment);
    world.backlog.remove(&payment, Queue::Two, overdue);
    world.backlog.add(&payment, Queue::One, overdue);
    let withdrawn = world.payments.get_mut(no);
    withdrawn.place = Place::Queue1;
    withdrawn.moved_at = step.now;
    holds::forget(&mut world.payments, no); // it is held anew
    world.queue1.push(payment.sender, no);
    step.emit(RtgsWithdrawal {
        tx_id: no,
        sender_id: payment.sender,
        original_rtgs_priority: payment.class,
        origin,
        decision_path: step.path,
    });
}

fn take_out(world: &mut World, no: PaymentNo, payment: &Payment) {
    let key = world.queue2.place_of(no, payment);
    let key = key.expect("Invariant: a payment that waits in queue 2 stands there");
    world.queue2.take_out(key, payment);
}

/// Gives a waiting payment another declared class; in queue 2 it moves behind the others of that
/// class.
pub(crate) fn resubmit(
    world: &mut World,
    step: &mut Step<'_>,
    no: PaymentNo,
    class: RtgsPriority,
    origin: Origin,
) {
    let before = *world.payments.get(no);
    world.payments.get_mut(no).class = class;
    if before.place == Place::Queue2 {
        take_out(world, no, &before);
        let after = world.payments.get(no);
        let not_before = (after.earliest > step.now).then_some(after.earliest);
        world.queue2.push(no, after, not_before);
        world.queue2.touch(before.sender);
    }
    step.emit(RtgsResubmission {
        tx_id: no,
        sender_id: before.sender,
        old_rtgs_priority: before.class,
        new_rtgs_priority: class,
        origin,
        decision_path: step.path,
    });
}
