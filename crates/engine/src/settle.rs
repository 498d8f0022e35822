//! Settlement: money moves, payments are final.

use psim_model::event::OverdueTransactionSettled;
use psim_model::{Money, PaymentNo};

use crate::limits::Flow;
use crate::payments::{Payment, Place};
use crate::set_rule;
use crate::splits;
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
pub(crate) fn settle(world: &mut World, step: &Step<'_>, no: PaymentNo) -> Settled {
    let payment = *world.payments.get(no);
    let broken = set_rule::obstacle_to_one(world, &Flow::from(&payment));
    assert!(broken.is_none(), "Invariant: only what the set rule admits settles");
    let before = world.ledger.balance(payment.sender);
    world.ledger.debit(payment.sender, payment.amount);
    let after = world.ledger.balance(payment.sender);
    world.pay_out(payment.receiver, payment.amount, &[no]);
    finish(world, step, no, &payment);
    Settled { payment, before, after }
}

/// Moves the net money of payments that were found to fit together.
pub(crate) fn settle_set(world: &mut World, step: &Step<'_>, set: &[(PaymentNo, Payment)]) {
    let flows: Vec<Flow> = set.iter().map(|(_, payment)| Flow::from(payment)).collect();
    let broken = set_rule::obstacle(world, &flows);
    assert!(broken.is_none(), "Invariant: only what the set rule admits settles");
    for (agent, net) in set_rule::net_positions(&flows) {
        if net.is_negative() {
            world.ledger.debit(agent, net.shortfall());
        } else if net.is_positive() {
            let received = set.iter().filter(|(_, payment)| payment.receiver == agent);
            let sources: Vec<PaymentNo> = received.map(|(no, _)| *no).collect();
            world.pay_out(agent, net, &sources);
        }
    }
    for (no, payment) in set {
        finish(world, step, *no, payment);
    }
}

fn finish(world: &mut World, step: &Step<'_>, no: PaymentNo, payment: &Payment) {
    if world.limits.is_active() {
        world.count_flow(&Flow::from(payment));
    }
    let settled = world.payments.get_mut(no);
    settled.place = Place::Settled;
    settled.moved_at = step.now;
}

/// Says, after the event that settled it, that a payment was late, and that it completed a split
/// one.
#[inline]
pub(crate) fn follow_up(world: &mut World, step: &mut Step<'_>, no: PaymentNo, payment: &Payment) {
    if payment.is_overdue(step.now) {
        step.emit(OverdueTransactionSettled {
            tx_id: no,
            sender_id: payment.sender,
            receiver_id: payment.receiver,
            amount: payment.amount,
            settled_amount: payment.amount,
            deadline_tick: payment.deadline,
            overdue_since_tick: payment.deadline.next(),
            total_ticks_overdue: step.now.since(payment.deadline),
            deadline_penalty_cost: world.deadlines.penalty_of(no),
        });
    }
    splits::part_resolved(world, step, no, false);
}
