//! Decisions about single payments: steps 6(c) and 7.

use psim_model::event::{DropReason, HoldReason, Origin, PolicyDrop, TransactionReprioritized};
use psim_model::{AgentNo, Money, PaymentAction, PaymentNo};

use crate::backlog::Queue;
use crate::payments::{Payment, Place};
use crate::queue2::Key;
use crate::release;
use crate::splits::{self, Shape};
use crate::transit;
use crate::world::{Step, World};

/// What becomes of a payment that was decided on.
enum Outcome {
    Stays(Option<HoldReason>),
    Leaves,
}

/// Decides about an agent's queue-1 payments one by one; `answer` is why its policy holds any
/// payment, if it does. Returns whether the agent is to be asked again in the next tick.
pub(crate) fn one_by_one(
    world: &mut World,
    step: &mut Step<'_>,
    agent: AgentNo,
    answer: Option<HoldReason>,
) -> bool {
    let is_out = answer == Some(HoldReason::Outage);
    let mut asked_again = false;
    let mut kept = Vec::new();
    let mut parts = Vec::new();
    for no in world.queue1.take_line(agent) {
        world.settle_into_queue1(no);
        let outcome = match (is_out, splits::release_of(world, step, no)) {
            (true, _) => Outcome::Stays(Some(HoldReason::Outage)),
            (_, Some(splits::Time::Waits)) => {
                kept.push(no);
                continue;
            }
            (_, Some(splits::Time::Has { is_open: false })) => {
                asked_again = true;
                Outcome::Stays(Some(HoldReason::CutOff))
            }
            (_, Some(splits::Time::Has { is_open: true })) => {
                world.splits.forget_time(agent, no);
                release(world, step, no);
                Outcome::Leaves
            }
            (_, None) => match world.decisions.take(no) {
                Some(actions) => {
                    asked_again = true;
                    carry_out(world, step, no, &actions, &mut parts)
                }
                None => follow_policy(world, step, no, answer),
            },
        };
        if let Outcome::Stays(reason) = outcome {
            kept.push(no);
            asked_again |= reason != answer;
            if let Some(reason) = reason {
                release::hold(&mut world.payments, step, no, reason);
            }
        }
    }
    if !parts.is_empty() {
        kept.append(&mut parts);
        world.queue1.disorder(agent);
    }
    world.queue1.put_line(agent, kept);
    asked_again
}

fn follow_policy(
    world: &mut World,
    step: &mut Step<'_>,
    no: PaymentNo,
    answer: Option<HoldReason>,
) -> Outcome {
    match answer {
        Some(reason) => Outcome::Stays(Some(reason)),
        None => try_release(world, step, no, &PaymentAction::RELEASE),
    }
}

/// Carries out what was decided about a queue-1 payment; parts that wait go to `parts`.
fn carry_out(
    world: &mut World,
    step: &mut Step<'_>,
    no: PaymentNo,
    actions: &[PaymentAction],
    parts: &mut Vec<PaymentNo>,
) -> Outcome {
    for action in actions {
        match action {
            PaymentAction::Reprioritize { new_priority } => {
                reprioritize(world, step, no, *new_priority);
            }
            PaymentAction::Release { .. } => return try_release(world, step, no, action),
            PaymentAction::Hold => return Outcome::Stays(Some(HoldReason::PolicyDecision)),
            PaymentAction::Split { num_splits } => {
                let shape = Shape { parts: *num_splits, now: *num_splits, gap: 0, boost: 0 };
                return try_split(world, step, no, shape, parts);
            }
            PaymentAction::StaggerSplit {
                num_splits,
                stagger_first_now,
                stagger_gap_ticks,
                priority_boost_children,
            } => {
                let shape = Shape {
                    parts: *num_splits,
                    now: *stagger_first_now,
                    gap: *stagger_gap_ticks,
                    boost: *priority_boost_children,
                };
                return try_split(world, step, no, shape, parts);
            }
            PaymentAction::Drop => {
                give_up(world, step, no);
                return Outcome::Leaves;
            }
            PaymentAction::WithdrawFromRtgs | PaymentAction::ResubmitToRtgs { .. } => {
                return Outcome::Stays(Some(HoldReason::NotInQueue2));
            }
        }
    }
    Outcome::Stays(None)
}

fn try_release(
    world: &mut World,
    step: &mut Step<'_>,
    no: PaymentNo,
    action: &PaymentAction,
) -> Outcome {
    let PaymentAction::Release { rtgs_priority, priority, timed_for_tick } = action else {
        return Outcome::Stays(None);
    };
    let Payment { sender, receiver, amount, .. } = *world.payments.get(no);
    if timed_for_tick.is_some_and(|tick| tick > step.now) {
        return Outcome::Stays(Some(HoldReason::TimedRelease));
    }
    if step.is_closed(world) {
        return Outcome::Stays(Some(HoldReason::CutOff));
    }
    if let Some(reason) = world.decisions.refusal(sender, receiver, amount) {
        return Outcome::Stays(Some(reason));
    }
    if let Some(priority) = priority {
        reprioritize(world, step, no, *priority);
    }
    if let Some(class) = rtgs_priority {
        world.payments.get_mut(no).class = *class;
    }
    world.decisions.charge(sender, receiver, amount);
    release(world, step, no);
    Outcome::Leaves
}

fn try_split(
    world: &mut World,
    step: &mut Step<'_>,
    no: PaymentNo,
    shape: Shape,
    parts: &mut Vec<PaymentNo>,
) -> Outcome {
    let Payment { sender, receiver, amount, .. } = *world.payments.get(no);
    if step.is_closed(world) {
        return Outcome::Stays(Some(HoldReason::CutOff));
    }
    if let Some(reason) = splits::refusal(world, step, no, shape) {
        return Outcome::Stays(Some(reason));
    }
    let released_now = shape.value_now(amount);
    if shape.now > 0 {
        if let Some(reason) = world.decisions.refusal(sender, receiver, released_now) {
            return Outcome::Stays(Some(reason));
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

/// Releases a payment that stands in no line any more.
fn release(world: &mut World, step: &mut Step<'_>, no: PaymentNo) {
    release::submit(&mut world.payments, &mut world.backlog, step, no);
    world.released.push(no);
}

fn reprioritize(world: &mut World, step: &mut Step<'_>, no: PaymentNo, priority: u8) {
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
        decision_path: None,
    });
}

/// Gives a payment up: what it owes falls due now or as the day closes.
fn give_up(world: &mut World, step: &mut Step<'_>, no: PaymentNo) {
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
        decision_path: None,
    });
    splits::part_resolved(world, step, no, true);
}

/// Step 7: carries out what was decided about payments in queue 2.
pub(crate) fn in_queue2(world: &mut World, step: &mut Step<'_>) {
    let decided = world.decisions.left().filter_map(|no| {
        let payment = world.payments.get(no);
        let moves = payment.place == Place::Queue2 && !world.out[payment.sender.index()];
        let key = moves.then(|| world.queue2.place_of(no, payment)).flatten()?;
        Some((payment.sender, key, no))
    });
    let mut decided: Vec<(AgentNo, Key, PaymentNo)> = decided.collect();
    decided.sort_unstable();
    for (_, _, no) in decided {
        if let Some(actions) = world.decisions.take(no) {
            move_queued(world, step, no, &actions);
        }
    }
}

fn move_queued(world: &mut World, step: &mut Step<'_>, no: PaymentNo, actions: &[PaymentAction]) {
    let Some((last, before)) = actions.split_last() else { return };
    let moves =
        matches!(last, PaymentAction::WithdrawFromRtgs | PaymentAction::ResubmitToRtgs { .. });
    if !moves {
        return;
    }
    for action in before {
        if let PaymentAction::Reprioritize { new_priority } = action {
            reprioritize(world, step, no, *new_priority);
        }
    }
    match last {
        PaymentAction::WithdrawFromRtgs => transit::withdraw(world, step, no, Origin::Policy),
        PaymentAction::ResubmitToRtgs { rtgs_priority } => {
            transit::resubmit(world, step, no, *rtgs_priority, Origin::Policy);
        }
        _ => {}
    }
}
