//! Settlement: money moves, payments are final.

use psim_model::event::OverdueTransactionSettled;
use psim_model::{AgentNo, Money, PaymentNo};
use rustc_hash::FxHashMap;

use crate::limits::{Admission, Flow};
use crate::payments::{Payment, Place};
use crate::set_rule;
use crate::splits;
use crate::world::{Step, World};

/// Moves the money of a payment that the set rule admits; returns the sender's balance before and
/// after.
#[inline]
pub(crate) fn settle(
    world: &mut World,
    step: &Step<'_>,
    no: PaymentNo,
    payment: &Payment,
    admission: Admission,
) -> (Money, Money) {
    debug_assert_eq!(set_rule::admit(world, &Flow::from(payment)), Ok(admission));
    let balances = world.ledger.pay(payment.sender, payment.amount);
    world.pay_out(payment.receiver, payment.amount, &[no]);
    finish(world, step, no, payment, admission);
    balances
}

/// Moves the net money of payments that the set rule admits together; returns what each agent gets
/// on balance (below zero: pays).
pub(crate) fn settle_set(
    world: &mut World,
    step: &Step<'_>,
    set: &[(PaymentNo, Payment)],
) -> Vec<(AgentNo, Money)> {
    let flows: Vec<Flow> = set.iter().map(|(_, payment)| Flow::from(payment)).collect();
    debug_assert_eq!(set_rule::obstacle(world, &flows), None);
    let nets = set_rule::net_positions(&flows);
    let mut sources: FxHashMap<AgentNo, Vec<PaymentNo>> = FxHashMap::default();
    if world.ledger.defers_credits() {
        for (no, payment) in set {
            sources.entry(payment.receiver).or_default().push(*no);
        }
    }
    for (agent, net) in &nets {
        if net.is_negative() {
            world.ledger.pay(*agent, net.shortfall());
        } else if net.is_positive() {
            let sources = sources.get(agent).map_or(&[][..], Vec::as_slice);
            world.pay_out(*agent, *net, sources);
        }
    }
    for (no, payment) in set {
        let admission = world.limits.admission_of(&Flow::from(payment));
        finish(world, step, *no, payment, admission);
    }
    nets
}

fn finish(
    world: &mut World,
    step: &Step<'_>,
    no: PaymentNo,
    payment: &Payment,
    admission: Admission,
) {
    if world.limits.is_active() {
        world.count_flow(&Flow::from(payment), admission);
    }
    world.settled += 1;
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
