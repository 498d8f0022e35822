//! Step 6: each bank decides about its queue-1 payments.

use psim_model::event::{HoldReason, PolicyHold, RtgsSubmission};
use psim_model::{AgentNo, EntryOrder, PaymentNo};
use psim_policy::Constant;

use crate::backlog::{Backlog, Queue};
use crate::decide;
use crate::escalation;
use crate::payments::{Payments, Place};
use crate::splits;
use crate::world::{Step, World};

/// Asks each bank about its queue-1 payments and collects what is released, in the order in which
/// entry will test it.
pub(crate) fn decide(world: &mut World, step: &mut Step<'_>) {
    escalation::raise(world, step);
    world.queue1.sort(&world.payments);
    world.released.clear();
    splits::ask_for_due(world, step);
    let mut asked_again = Vec::new();
    let mut from = AgentNo(0);
    while let Some(agent) = world.queue1.next_asked(from) {
        let is_plain = !world.decisions.concern(agent) && !world.splits.await_time_of(agent);
        match answer(world, step, agent) {
            None if is_plain => release_all(world, step, agent),
            Some(reason) if is_plain => hold_all(world, step, agent, reason),
            answer => {
                if decide::one_by_one(world, step, agent, answer) {
                    asked_again.push(agent);
                }
            }
        }
        from = agent;
    }
    for agent in asked_again {
        world.queue1.ask_again(agent);
    }
    if step.scenario.rules.entry_order == EntryOrder::Submission {
        sort_by_submission(world);
    }
}

/// Puts what was released into the order of submission. This tick's arrivals are met in that order;
/// only what is older needs a sort.
fn sort_by_submission(world: &mut World) {
    if world.splits.concern(&world.released) {
        world.splits.sort(&mut world.released);
        return;
    }
    let first = world.first_arrival;
    world.released.retain(|no| *no < first);
    world.released.sort_unstable();
    let arrived = world.payments.iter_from(first);
    let released = arrived.filter(|(_, payment)| payment.place == Place::Released);
    world.released.extend(released.map(|(no, _)| no));
}

/// Returns why an agent would hold any payment; `None` if it would release it.
fn answer(world: &World, step: &Step<'_>, agent: AgentNo) -> Option<HoldReason> {
    match world.policies[agent.index()].constant() {
        _ if world.out[agent.index()] => Some(HoldReason::Outage),
        Some(Constant::Hold(_)) => Some(HoldReason::PolicyDecision),
        _ if step.is_closed(world) => Some(HoldReason::CutOff),
        _ => None,
    }
}

fn release_all(world: &mut World, step: &mut Step<'_>, agent: AgentNo) {
    let first = world.released.len();
    world.queue1.release_all(agent, &mut world.released);
    for &no in &world.released[first..] {
        submit(&mut world.payments, &mut world.backlog, step, no);
    }
}

fn hold_all(world: &mut World, step: &mut Step<'_>, agent: AgentNo, reason: HoldReason) {
    for &no in world.queue1.hold_all(agent) {
        let payment = world.payments.get_mut(no);
        if payment.place == Place::Arrived {
            payment.place = Place::Queue1;
            world.backlog.add(payment, Queue::One, payment.is_overdue(step.now));
        }
        hold(&mut world.payments, step, no, reason);
    }
}

/// Sends a payment that stands in no line any more on its way into the system.
pub(crate) fn submit(
    payments: &mut Payments,
    backlog: &mut Backlog,
    step: &mut Step<'_>,
    no: PaymentNo,
) {
    let payment = payments.get_mut(no);
    if payment.place == Place::Queue1 {
        backlog.remove(payment, Queue::One, payment.is_overdue(step.now));
    }
    payment.place = Place::Released;
    payment.last_hold = None; // should it come back, it is held anew
    step.emit(RtgsSubmission {
        tx_id: no,
        sender_id: payment.sender,
        receiver_id: payment.receiver,
        amount: payment.amount,
        priority: payment.priority,
        rtgs_priority: payment.class,
        decision_path: None,
    });
}

/// Says why a payment is held, unless that was the last reason given for it.
pub(crate) fn hold(
    payments: &mut Payments,
    step: &mut Step<'_>,
    no: PaymentNo,
    reason: HoldReason,
) {
    let payment = payments.get_mut(no);
    if payment.last_hold != Some(reason) {
        payment.last_hold = Some(reason);
        step.emit(PolicyHold { tx_id: no, agent_id: payment.sender, reason, detail: None, decision_path: None });
    }
}
