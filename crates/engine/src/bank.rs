//! Steps 5 and 11: timers, and what banks decide about themselves.

use psim_model::event::Origin;
use psim_model::{AgentNo, Money, Policy, ReleaseBudget};
use psim_policy::{BankAct, Budget, CollateralAct, RunFault, TextNo, Tree};

use crate::collateral::{self, Request};
use crate::followers;
use crate::instructions;
use crate::reading::{Cache, Reader};
use crate::telling::{self, AboutBank, AboutCollateral, Telling, tell_fault};
use crate::world::{Step, World};

/// Withdraws collateral whose time has come, then asks the strategic collateral tree and the bank
/// tree: agent by agent.
pub(crate) fn decide(world: &mut World, step: &mut Step<'_>) {
    let mut timers = collateral::take_due(world, step.now).into_iter().peekable();
    if timers.peek().is_none() && !world.abilities.early {
        return;
    }
    let mut cache = Cache::default();
    for index in 0..step.scenario.agents.len() {
        let agent = AgentNo::from_index(index);
        while let Some(timer) = timers.next_if(|timer| timer.agent == agent) {
            collateral::run_timer(world, step, &timer);
        }
        if !world.in_outage[index] {
            ask_about_collateral(world, step, (agent, Tree::StrategicCollateral), &mut cache);
            ask_about_itself(world, step, agent, &mut cache);
        }
    }
}

/// Asks the end-of-tick collateral trees, agent by agent.
pub(crate) fn decide_at_end(world: &mut World, step: &mut Step<'_>) {
    if !world.abilities.late {
        return;
    }
    let mut cache = Cache::default();
    for index in 0..step.scenario.agents.len() {
        if !world.in_outage[index] {
            let asked = (AgentNo::from_index(index), Tree::EndOfTickCollateral);
            ask_about_collateral(world, step, asked, &mut cache);
        }
    }
}

fn ask_about_collateral(
    world: &mut World,
    step: &mut Step<'_>,
    (agent, tree): (AgentNo, Tree),
    cache: &mut Cache,
) {
    let Some(policy) = follows_with(world, agent, tree) else { return };
    cache.clear();
    let reader = Reader::of_agent(world, step, agent, cache);
    let (decision, trail) = telling::ask(step, AboutCollateral { policy: &policy, tree, reader });
    let telling = Telling::begin(step, &policy, trail.as_ref());
    let acts = settle_fault(world, step, (agent, tree), &policy, decision);
    for act in acts.into_iter().flatten() {
        move_collateral(world, step, (agent, &policy), act);
    }
    telling.end(step, (agent, None, tree));
}

fn move_collateral(
    world: &mut World,
    step: &mut Step<'_>,
    (agent, policy): (AgentNo, &Policy),
    act: CollateralAct,
) {
    let text = |reason: Option<TextNo>| reason.map_or("", |reason| policy.text_of(reason));
    let origin = Origin::Policy;
    match act {
        CollateralAct::Post { amount, reason, auto_withdraw_after_ticks } => {
            let request =
                Request { agent, amount: Money::from_minor(amount), reason: text(reason), origin };
            collateral::post(world, step, request, auto_withdraw_after_ticks);
        }
        CollateralAct::Withdraw { amount, reason } => {
            let request =
                Request { agent, amount: Money::from_minor(amount), reason: text(reason), origin };
            collateral::withdraw(world, step, request);
        }
    }
}

fn ask_about_itself(world: &mut World, step: &mut Step<'_>, agent: AgentNo, cache: &mut Cache) {
    let Some(policy) = follows_with(world, agent, Tree::Bank) else { return };
    cache.clear();
    let reader = Reader::of_agent(world, step, agent, cache);
    let (decision, trail) = telling::ask(step, AboutBank { policy: &policy, reader });
    let telling = Telling::begin(step, &policy, trail.as_ref());
    let acts = settle_fault(world, step, (agent, Tree::Bank), &policy, decision);
    for act in acts.into_iter().flatten() {
        act_on_itself(world, step, (agent, &policy), act);
    }
    telling.end(step, (agent, None, Tree::Bank));
}

fn act_on_itself(
    world: &mut World,
    step: &mut Step<'_>,
    (agent, policy): (AgentNo, &Policy),
    act: BankAct,
) {
    match act {
        BankAct::SetBudget(Budget { max_value_to_release, focus, max_per_counterparty }) => {
            let focus = focus.map(|list| world.followers[agent.index()].focus(list).to_vec());
            let budget = ReleaseBudget {
                max_value_to_release: Money::from_minor(max_value_to_release),
                focus_counterparties: focus,
                max_per_counterparty: max_per_counterparty.map(Money::from_minor),
            };
            instructions::set_budget(world, step, agent, &budget);
        }
        BankAct::Write(change) => {
            let reason = change.reason.map_or("", |reason| policy.text_of(reason));
            followers::set_register(world, step, agent, (change.register, change.value), reason);
        }
    }
}

/// Returns an agent's policy if it has a tree.
fn follows_with(world: &World, agent: AgentNo, tree: Tree) -> Option<Policy> {
    let policy = world.followers[agent.index()].policy();
    policy.has(tree).then(|| policy.clone())
}

/// Passes a decision on; says so if it could not be made and that is news.
fn settle_fault<T>(
    world: &mut World,
    step: &mut Step<'_>,
    (agent, tree): (AgentNo, Tree),
    policy: &Policy,
    decision: Result<T, RunFault>,
) -> Option<T> {
    let fault = decision.as_ref().err().copied();
    let is_news = world.followers[agent.index()].note_fault(tree, fault);
    if let Some(fault) = fault.filter(|_| is_news || step.is_traced()) {
        tell_fault(step, policy, (agent, None, tree), &fault);
    }
    decision.ok()
}
