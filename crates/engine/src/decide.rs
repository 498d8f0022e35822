//! Decisions about single payments: steps 6(c) and 7.

mod carry_out;
mod desk;
mod queued;
mod told;

use psim_model::event::HoldReason;
use psim_model::{AgentNo, PaymentNo};

use crate::holds::{self, Held};
use crate::release::Answer;
use crate::splits;
use crate::world::{Step, World};
use carry_out::carry_out;
use desk::Desk;
pub(crate) use desk::held_for;
pub(crate) use queued::in_queue2;
use told::decision_of;

/// What becomes of a payment that was decided on.
enum Outcome {
    /// It stays in queue 1; why, if that is still to be told.
    Stays(Option<Held>),
    Leaves,
}

/// Decides about an agent's queue-1 payments one by one; `answer` is what its policy says of any
/// payment, if that does not depend on it. Returns whether the agent is to be asked again in the
/// next tick.
pub(crate) fn one_by_one(
    world: &mut World,
    step: &mut Step<'_>,
    agent: AgentNo,
    answer: Answer,
) -> bool {
    let mut desk = Desk::open(world, agent, answer);
    let mut asked_again = step.is_traced() || answer == Answer::Ask;
    let mut kept = Vec::new();
    let mut parts = Vec::new();
    for no in world.queue1.take_line(agent) {
        world.settle_into_queue1(no);
        let outcome = match splits::release_of(world, step, no) {
            _ if desk.is_out() => Outcome::Stays(Some(HoldReason::Outage.into())),
            Some(splits::Time::Waits) => {
                kept.push(no);
                continue;
            }
            Some(splits::Time::HasCome { is_open: false }) => {
                asked_again = true;
                Outcome::Stays(Some(HoldReason::CutOff.into()))
            }
            Some(splits::Time::HasCome { is_open: true }) => {
                world.splits.forget_time(agent, no);
                release(world, step, no);
                Outcome::Leaves
            }
            None => match world.decisions.take(no) {
                Some(actions) => {
                    asked_again = true;
                    carry_out(world, step, no, &decision_of(&actions), &mut parts)
                }
                None => desk.decide(world, step, no, &mut parts),
            },
        };
        if let Outcome::Stays(held) = outcome {
            kept.push(no);
            if let Some(held) = held {
                asked_again |= answer.held() != Some(held);
                holds::hold(&mut world.payments, &world.words, step, no, held);
            }
        }
        desk.end(step, no);
    }
    if !parts.is_empty() {
        kept.append(&mut parts);
        world.queue1.disorder(agent);
    }
    world.queue1.put_line(agent, kept);
    asked_again
}

/// Releases a payment that stands in no line any more.
fn release(world: &mut World, step: &mut Step<'_>, no: PaymentNo) {
    let amount = crate::release::submit(&mut world.payments, &mut world.backlog, step, no);
    let sender = world.payments.get(no).sender;
    world.history.note_release(sender, amount);
    world.released.push(no);
}
