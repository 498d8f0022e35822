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
    finish(world, step, no, &Flow::from(payment), admission);
    balances
}

/// Moves the net money of payments that the set rule admits together; returns what each agent gets
/// on balance (below zero: pays), ascending. Each of the payments is to be made
/// [final](finish_member) then.
pub(crate) fn move_nets(
    world: &mut World,
    set: impl ExactSizeIterator<Item = (PaymentNo, Flow)> + Clone,
) -> Vec<(AgentNo, Money)> {
    debug_assert_eq!(
        set_rule::obstacle(world, &set.clone().map(|(_, flow)| flow).collect::<Vec<_>>()),
        None
    );
    let nets = set_rule::net_positions(set.clone().map(|(_, flow)| flow), world.agents());
    let mut sources: FxHashMap<AgentNo, Vec<PaymentNo>> = FxHashMap::default();
    if world.ledger.defers_credits() {
        for (no, flow) in set {
            sources.entry(flow.receiver).or_default().push(no);
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
    nets
}

/// Makes a payment final whose money has moved as part of a set.
pub(crate) fn finish_member(world: &mut World, step: &Step<'_>, no: PaymentNo, flow: &Flow) {
    let admission = world.limits.admission_of(flow);
    world.history.run_rate.count();
    finish(world, step, no, flow, admission);
}

#[inline]
fn finish(world: &mut World, step: &Step<'_>, no: PaymentNo, flow: &Flow, admission: Admission) {
    if world.limits.is_active() {
        world.count_flow(flow, admission);
    }
    world.settled += 1;
    world.history.note_settled(flow);
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
