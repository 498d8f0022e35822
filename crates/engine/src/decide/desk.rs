//! An agent's policy, asked about one payment after another.

use psim_model::event::HoldReason;
use psim_model::{AgentNo, PaymentNo, Policy};
use psim_policy::{HoldCause, PaymentDecision, RunFault, Trail, Tree};

use super::Outcome;
use super::carry_out::{Terms, carry_out, try_release};
use crate::followers::Follower;
use crate::holds::{self, Held};
use crate::reading::{Cache, Queue1Figures, Reader};
use crate::release::Answer;
use crate::telling::{self, AboutPayment, Telling, tell_fault};
use crate::world::{Step, World};

/// An agent's policy at work on its payments.
pub(super) struct Desk {
    agent: AgentNo,
    answer: Answer,
    /// The policy, if it is to be asked about each payment.
    asked: Option<Asked>,
    telling: Option<Telling>,
}

/// A policy that is asked, and what it has read.
struct Asked {
    policy: Policy,
    cache: Box<Cache>,
}

impl Desk {
    /// Opens the desk before the agent's payments are taken out of their line.
    pub(super) fn open(world: &mut World, agent: AgentNo, answer: Answer) -> Self {
        let asked = (answer == Answer::Ask).then(|| {
            let policy = world.followers[agent.index()].policy().clone();
            let mut cache = Box::default();
            keep_queue1(world, agent, &policy, &mut cache);
            Asked { policy, cache }
        });
        Self { agent, answer, asked, telling: None }
    }

    /// Returns whether the agent is out.
    pub(super) fn is_out(&self) -> bool {
        self.answer == Answer::Out
    }

    /// Does what the policy says of a payment; parts that wait go to `parts`.
    pub(super) fn decide(
        &mut self,
        world: &mut World,
        step: &mut Step<'_>,
        no: PaymentNo,
        parts: &mut Vec<PaymentNo>,
    ) -> Outcome {
        let Some(asked) = &mut self.asked else {
            return match self.answer.held() {
                Some(held) => Outcome::Stays(Some(held)),
                None => try_release(world, step, no, Terms::default()),
            };
        };
        let (decision, trail) = ask(world, step, (self.agent, no), asked);
        if step.is_traced() {
            self.telling = Some(Telling::begin(step, &asked.policy, trail.as_ref()));
        }
        match decision {
            Ok(decision) => carry_out(world, step, no, &decision, parts),
            Err(fault) => {
                fail(world, step, (self.agent, no), &asked.policy, &fault);
                Outcome::Stays(None)
            }
        }
    }

    /// Ends what was decided about a payment.
    pub(super) fn end(&mut self, step: &mut Step<'_>, no: PaymentNo) {
        if let Some(telling) = self.telling.take() {
            telling.end(step, (self.agent, Some(no), Tree::Payment));
        }
    }
}

/// Asks a policy about a payment.
fn ask(
    world: &World,
    step: &Step<'_>,
    about: (AgentNo, PaymentNo),
    asked: &mut Asked,
) -> (Result<PaymentDecision, RunFault>, Option<Trail>) {
    let reader = Reader::of_payment(world, step, about, &mut asked.cache);
    telling::ask(step, AboutPayment { policy: &asked.policy, reader })
}

/// Keeps what fields say about queue 1, before the first payment leaves it.
fn keep_queue1(world: &mut World, agent: AgentNo, policy: &Policy, cache: &mut Cache) {
    if !Queue1Figures::FIELDS.iter().any(|field| policy.names(*field)) {
        return;
    }
    // In a sorted line, what has just arrived need not stand at the end.
    for place in 0..world.queue1.line(agent).len() {
        let no = world.queue1.line(agent)[place];
        world.settle_into_queue1(no);
    }
    Queue1Figures::of(world, agent).keep(cache);
}

/// Returns why a payment is held, as a policy says it.
pub(crate) fn held_for(follower: &Follower, cause: HoldCause) -> Held {
    match cause {
        HoldCause::Unsaid => HoldReason::PolicyDecision.into(),
        HoldCause::InsufficientLiquidity => HoldReason::InsufficientLiquidity.into(),
        HoldCause::AwaitingInflows => HoldReason::AwaitingInflows.into(),
        HoldCause::LowPriority => HoldReason::LowPriority.into(),
        HoldCause::NearDeadline => HoldReason::NearDeadline.into(),
        HoldCause::Custom(text) => {
            Held { reason: HoldReason::Custom, word: Some(follower.word(text)) }
        }
    }
}

/// Holds a payment because a policy could not be evaluated, and says so if that is news.
fn fail(
    world: &mut World,
    step: &mut Step<'_>,
    (agent, no): (AgentNo, PaymentNo),
    policy: &Policy,
    fault: &RunFault,
) {
    let held = held_by_fault(world, policy, fault);
    if holds::note(&mut world.payments, no, held) || step.is_traced() {
        tell_fault(step, policy, (agent, Some(no), Tree::Payment), fault);
        holds::tell(&world.payments, &world.words, step, no, held);
    }
}

/// Leaves a payment in queue 2 because a policy could not be evaluated, and says so if that is
/// news.
pub(super) fn fail_in_queue2(
    world: &mut World,
    step: &mut Step<'_>,
    (agent, no): (AgentNo, PaymentNo),
    policy: &Policy,
    fault: &RunFault,
) {
    let held = held_by_fault(world, policy, fault);
    if holds::note(&mut world.payments, no, held) || step.is_traced() {
        tell_fault(step, policy, (agent, Some(no), Tree::Payment), fault);
    }
}

fn held_by_fault(world: &mut World, policy: &Policy, fault: &RunFault) -> Held {
    let (kind, parameter) = fault.cause.kind();
    let node = &policy.node_ids()[fault.node as usize];
    let word = world.words.number(&format!("{kind} {parameter} {node}"));
    Held { reason: HoldReason::PolicyFault, word: Some(word) }
}
