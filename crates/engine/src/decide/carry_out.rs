//! What can be done with a payment in queue 1.

use psim_model::event::{DropReason, HoldReason, PolicyDrop, TransactionReprioritized};
use psim_model::{Money, PaymentNo, Priority, RtgsPriority, Tick};
use psim_policy::{PaymentAct, PaymentDecision};

use super::desk::held_for;
use super::{Outcome, release};
use crate::backlog::Queue;
use crate::payments::{Payment, Place};
use crate::splits::{self, Shape};
use crate::world::{Step, World};

/// On what terms a payment is released.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Terms {
    /// The class it is declared with, if it changes.
    pub(super) class: Option<RtgsPriority>,
    /// The priority it gets, if it changes.
    pub(super) priority: Option<Priority>,
    /// The tick before which it is held instead.
    pub(super) timed_for_tick: Option<Tick>,
}

/// Carries out what was decided about a payment in queue 1; parts that wait go to `parts`.
pub(super) fn carry_out(
    world: &mut World,
    step: &mut Step<'_>,
    no: PaymentNo,
    decision: &PaymentDecision,
    parts: &mut Vec<PaymentNo>,
) -> Outcome {
    for priority in &decision.reprioritize {
        reprioritize(world, step, no, *priority);
    }
    match decision.then {
        PaymentAct::Release { class, priority, timed_for_tick } => {
            let terms = Terms { class, priority, timed_for_tick: timed_for_tick.map(Tick) };
            try_release(world, step, no, terms)
        }
        PaymentAct::Hold(cause) => {
            let sender = world.payments.get(no).sender;
            Outcome::Stays(Some(held_for(&world.followers[sender.index()], cause)))
        }
        PaymentAct::Stay => Outcome::Stays(None),
        PaymentAct::Split { parts: count } => {
            let shape = Shape { parts: count, now: count, gap: 0, boost: 0 };
            try_split(world, step, no, shape, parts)
        }
        PaymentAct::StaggerSplit { parts: count, now, gap, boost } => {
            try_split(world, step, no, Shape { parts: count, now, gap, boost }, parts)
        }
        PaymentAct::Drop => {
            give_up(world, step, no);
            Outcome::Leaves
        }
        PaymentAct::Withdraw | PaymentAct::Resubmit(_) => {
            Outcome::Stays(Some(HoldReason::NotInQueue2.into()))
        }
    }
}

/// Releases a payment whole, unless time, the cut-off or a budget forbid it.
pub(super) fn try_release(
    world: &mut World,
    step: &mut Step<'_>,
    no: PaymentNo,
    terms: Terms,
) -> Outcome {
    let Payment { sender, receiver, amount, .. } = *world.payments.get(no);
    if terms.timed_for_tick.is_some_and(|tick| tick > step.now) {
        return Outcome::Stays(Some(HoldReason::TimedRelease.into()));
    }
    if step.is_closed(world) {
        return Outcome::Stays(Some(HoldReason::CutOff.into()));
    }
    if let Some(reason) = world.decisions.refusal(sender, receiver, amount) {
        return Outcome::Stays(Some(reason.into()));
    }
    if let Some(priority) = terms.priority {
        reprioritize(world, step, no, priority);
    }
    if let Some(class) = terms.class {
        world.payments.get_mut(no).class = class;
    }
    world.decisions.charge(sender, receiver, amount);
    release(world, step, no);
    Outcome::Leaves
}

/// Splits a payment, unless the cut-off, its terms or a budget forbid it.
pub(super) fn try_split(
    world: &mut World,
    step: &mut Step<'_>,
    no: PaymentNo,
    shape: Shape,
    parts: &mut Vec<PaymentNo>,
) -> Outcome {
    let Payment { sender, receiver, amount, .. } = *world.payments.get(no);
    if step.is_closed(world) {
        return Outcome::Stays(Some(HoldReason::CutOff.into()));
    }
    if let Some(reason) = splits::refusal(world, step, no, shape) {
        return Outcome::Stays(Some(reason.into()));
    }
    let released_now = shape.value_now(amount);
    if shape.now > 0 {
        if let Some(reason) = world.decisions.refusal(sender, receiver, released_now) {
            return Outcome::Stays(Some(reason.into()));
        }
        world.decisions.charge(sender, receiver, released_now);
    }
    let children = splits::split(world, step, no, shape);
    for (index, child) in (0..).zip(children) {
        if index < shape.now {
            release(world, step, child);
        } else {
            parts.push(child);
        }
    }
    Outcome::Leaves
}

/// Changes a payment's priority.
pub(super) fn reprioritize(
    world: &mut World,
    step: &mut Step<'_>,
    no: PaymentNo,
    priority: Priority,
) {
    let old_priority = world.set_priority(no, priority);
    if old_priority == priority {
        return;
    }
    let payment = *world.payments.get(no);
    if payment.place == Place::Queue2 {
        world.queue2.rerank(&[(no, payment, old_priority)], step.now);
    }
    step.emit(TransactionReprioritized {
        tx_id: no,
        agent_id: payment.sender,
        old_priority,
        new_priority: priority,
        decision_path: step.path,
    });
}

/// Gives a payment up: what it owes falls due now or as the day closes.
pub(super) fn give_up(world: &mut World, step: &mut Step<'_>, no: PaymentNo) {
    let payment = *world.payments.get(no);
    let overdue = payment.is_overdue(step.now);
    world.backlog.remove(&payment, Queue::One, overdue);
    world.payments.get_mut(no).place = Place::Dropped;
    world.dropped_today.push(no);
    let penalty = if overdue {
        Money::ZERO
    } else {
        let penalty = world.rates.deadline_penalty.on(payment.amount);
        penalty.expect("Invariant: headroom was proven before the tick")
    };
    world.penalise(payment.sender, penalty);
    step.emit(PolicyDrop {
        tx_id: no,
        agent_id: payment.sender,
        reason: DropReason::PolicyDecision,
        deadline_penalty_cost: penalty,
        decision_path: step.path,
    });
    splits::part_resolved(world, step, no, true);
}
