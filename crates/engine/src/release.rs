//! Step 6: each bank decides about its queue-1 payments.

use psim_model::event::{HoldReason, RtgsSubmission};
use psim_model::{AgentNo, EntryOrder, Money, PaymentNo};
use psim_policy::Constant;

use crate::backlog::{Backlog, Queue};
use crate::decide;
use crate::escalation;
use crate::holds::{self, Held};
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
        let is_plain = !world.decisions.concern(agent)
            && !world.splits.await_time_of(agent)
            && !step.is_traced();
        let answer = answer(world, step, agent);
        match answer.held() {
            Some(held) if is_plain => hold_all(world, step, agent, held),
            None if is_plain && answer == Answer::Release => release_all(world, step, agent),
            _ => {
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

/// What an agent's policy says of its payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It releases any of them.
    Release,
    /// It holds any of them.
    Hold(Held),
    /// Nothing: the agent is out, and all of them are held.
    Out,
    /// That depends on the payment.
    Ask,
}

impl Answer {
    /// Returns why any payment is held, if each is.
    pub(crate) fn held(self) -> Option<Held> {
        match self {
            Self::Hold(held) => Some(held),
            Self::Out => Some(HoldReason::Outage.into()),
            Self::Release | Self::Ask => None,
        }
    }
}

/// Returns what an agent's policy says of its payments.
fn answer(world: &World, step: &Step<'_>, agent: AgentNo) -> Answer {
    let follower = &world.followers[agent.index()];
    match follower.policy().constant() {
        _ if world.in_outage[agent.index()] => Answer::Out,
        _ if step.is_traced() => Answer::Ask,
        Some(Constant::Hold(cause)) => Answer::Hold(decide::held_for(follower, cause)),
        Some(Constant::Release) if step.is_closed(world) => Answer::Hold(HoldReason::CutOff.into()),
        Some(Constant::Release) => Answer::Release,
        None => Answer::Ask,
    }
}

fn release_all(world: &mut World, step: &mut Step<'_>, agent: AgentNo) {
    let first = world.released.len();
    world.queue1.release_all(agent, &mut world.released);
    for &no in &world.released[first..] {
        let amount = submit(&mut world.payments, &mut world.backlog, step, no);
        world.history.note_release(agent, amount);
    }
}

fn hold_all(world: &mut World, step: &mut Step<'_>, agent: AgentNo, held: Held) {
    for &no in world.queue1.hold_all(agent) {
        let payment = world.payments.get_mut(no);
        if payment.place == Place::Arrived {
            payment.place = Place::Queue1;
            world.backlog.add(payment, Queue::One, payment.is_overdue(step.now));
        }
        holds::hold(&mut world.payments, &world.words, step, no, held);
    }
}

/// Sends a payment that stands in no line any more on its way into the system; returns its amount.
pub(crate) fn submit(
    payments: &mut Payments,
    backlog: &mut Backlog,
    step: &mut Step<'_>,
    no: PaymentNo,
) -> Money {
    payments.set_last_word(no, None);
    let payment = payments.get_mut(no);
    if payment.place == Place::Queue1 {
        backlog.remove(payment, Queue::One, payment.is_overdue(step.now));
    }
    payment.place = Place::Released;
    payment.last_hold = None; // should it come back, it is held anew
    let submission = RtgsSubmission {
        tx_id: no,
        sender_id: payment.sender,
        receiver_id: payment.receiver,
        amount: payment.amount,
        priority: payment.priority,
        rtgs_priority: payment.class,
        decision_path: step.path,
    };
    step.emit(submission);
    submission.amount
}
