//! Step 7: decisions about payments in queue 2.

use psim_model::event::Origin;
use psim_model::{AgentNo, PaymentNo, Policy};
use psim_policy::{PaymentAct, PaymentDecision, RunFault, Trail, Tree};
use rustc_hash::FxHashSet;

use super::carry_out::reprioritize;
use super::{decision_of, desk};
use crate::holds;
use crate::payments::Place;
use crate::queue2::Key;
use crate::reading::{Cache, Reader};
use crate::telling::{self, AboutPayment, Telling};
use crate::transit;
use crate::world::{Step, World};

/// Where a payment stands in the order in which step 7 goes.
type Turn = (AgentNo, Key, PaymentNo);

/// What was decided about a payment in queue 2.
enum Verdict {
    /// Between ticks.
    Told(PaymentDecision),
    /// By its sender's policy.
    Asked(Result<PaymentDecision, RunFault>, Option<Trail>),
}

/// Carries out what was decided about payments in queue 2: all of it is decided before the first
/// is carried out.
pub(crate) fn in_queue2(world: &mut World, step: &mut Step<'_>) {
    let mut verdicts = told(world);
    ask(world, step, &mut verdicts);
    verdicts.sort_unstable_by_key(|(turn, _)| *turn);
    for ((agent, _, no), verdict) in verdicts {
        match verdict {
            Verdict::Told(decision) => carry_out(world, step, no, &decision),
            Verdict::Asked(decision, trail) => {
                let policy = world.followers[agent.index()].policy().clone();
                let telling = Telling::begin(step, &policy, trail.as_ref());
                heed(world, step, (agent, no), &policy, decision);
                telling.end(step, (agent, Some(no), Tree::Payment));
            }
        }
    }
}

/// Takes what was decided between ticks about payments that are in queue 2.
fn told(world: &mut World) -> Vec<(Turn, Verdict)> {
    let turns = world.decisions.left().filter_map(|no| {
        let payment = world.payments.get(no);
        let moves = payment.place == Place::Queue2 && !world.in_outage[payment.sender.index()];
        let key = moves.then(|| world.queue2.place_of(no, payment)).flatten()?;
        Some((payment.sender, key, no))
    });
    let turns: Vec<Turn> = turns.collect();
    let told = turns.into_iter().filter_map(|turn| {
        let actions = world.decisions.take(turn.2)?;
        Some((turn, Verdict::Told(decision_of(&actions))))
    });
    told.collect()
}

/// Asks policies that have something to say about payments in queue 2.
fn ask(world: &World, step: &Step<'_>, verdicts: &mut Vec<(Turn, Verdict)>) {
    if !world.abilities.in_queue2 {
        return;
    }
    let told: FxHashSet<PaymentNo> = verdicts.iter().map(|((_, _, no), _)| *no).collect();
    let mut cache = Cache::default();
    for (index, follower) in world.followers.iter().enumerate() {
        let agent = AgentNo::from_index(index);
        if world.in_outage[index] || world.queue2.is_clear(agent) || !follower.acts_in_queue2() {
            continue;
        }
        cache.clear();
        world.queue2.visit(agent, |key, no| {
            if !told.contains(&no) {
                let verdict = ask_about(world, step, (agent, no), follower.policy(), &mut cache);
                verdicts.push(((agent, key, no), verdict));
            }
        });
    }
}

fn ask_about(
    world: &World,
    step: &Step<'_>,
    about: (AgentNo, PaymentNo),
    policy: &Policy,
    cache: &mut Cache,
) -> Verdict {
    let reader = Reader::of_payment(world, step, about, cache);
    let (decision, trail) = telling::ask(step, AboutPayment { policy, reader });
    Verdict::Asked(decision, trail)
}

/// Carries out what a policy has decided; a fault leaves the payment where it is.
fn heed(
    world: &mut World,
    step: &mut Step<'_>,
    about: (AgentNo, PaymentNo),
    policy: &Policy,
    decision: Result<PaymentDecision, RunFault>,
) {
    match decision {
        Ok(decision) => {
            holds::forget(&mut world.payments, about.1);
            carry_out(world, step, about.1, &decision);
        }
        Err(fault) => desk::fail_in_queue2(world, step, about, policy, &fault),
    }
}

/// Carries out what was decided about a payment in queue 2, where it is withdrawn or resubmitted;
/// nothing else is done there.
fn carry_out(world: &mut World, step: &mut Step<'_>, no: PaymentNo, decision: &PaymentDecision) {
    if !matches!(decision.then, PaymentAct::Withdraw | PaymentAct::Resubmit(_)) {
        return;
    }
    for priority in &decision.reprioritize {
        reprioritize(world, step, no, *priority);
    }
    match decision.then {
        PaymentAct::Resubmit(class) => {
            transit::resubmit(world, step, no, class, Origin::Policy);
        }
        _ => transit::withdraw(world, step, no, Origin::Policy),
    }
}
