//! Step 2: scenario events.

use psim_model::event::{
    AgentOverExtended, CollateralValueChanged, CreditLimitChanged, CutOffChanged, FundsTransferred,
    LsmAlgorithm, Origin, OverExtensionCause, ParticipantOutage, ParticipantRecovery, QueueReason,
    Refusal, ScenarioEventExecuted, TransferKind,
};
use psim_model::{
    AgentNo, CollateralChange, CostRatesChange, Fraction, Money, PreparedPayment, RtgsPriority,
    ScenarioEvent, Tick,
};

use crate::agenda::{Due, changes_arrivals};
use crate::arrivals;
use crate::changes;
use crate::collateral;
use crate::followers;
use crate::limits::Flow;
use crate::opening;
use crate::set_rule;
use crate::shape::Shape;
use crate::world::{Step, World};

/// Executes the events that are due, in file order.
pub(crate) fn execute(world: &mut World, step: &mut Step<'_>, due: &Due, shape: &mut Shape) {
    for event in due.events(step.scenario) {
        let refusal = if changes_arrivals(event) {
            shape.change(step.scenario, event).err()
        } else {
            refusal(world, step, event)
        };
        let details_json = step.batch.text(&event.arguments(&step.scenario.agents));
        let (agent_id, counterparty_id) = event.agents();
        step.emit(ScenarioEventExecuted {
            scenario_event_type: event.kind(),
            agent_id,
            counterparty_id,
            details_json,
            applied: refusal.is_none(),
            reason: refusal,
        });
        if refusal.is_none() {
            apply(world, step, event);
        }
    }
}

/// Returns why an event cannot be applied.
fn refusal(world: &World, step: &Step<'_>, event: &ScenarioEvent) -> Option<Refusal> {
    let refused = |is_so: bool, refusal: Refusal| is_so.then_some(refusal);
    match event {
        ScenarioEvent::DirectTransfer { amount, .. } => {
            refused(!world.reach.admits(*amount), Refusal::TooMuchMoney)
        }
        ScenarioEvent::ScheduledSettlement { from_agent, to_agent, amount } => {
            refusal_to_settle(world, step, &scheduled_flow(*from_agent, *to_agent, *amount))
        }
        ScenarioEvent::CreditLimitChange { agent, delta } => {
            match changed(world.ledger.cap(*agent), *delta) {
                Err(refusal) => Some(refusal),
                Ok(cap) => {
                    let posted = world.ledger.posted(*agent);
                    let fits = world.reach.admits_credit(*agent, cap, posted);
                    refused(!fits, Refusal::TooMuchMoney)
                }
            }
        }
        ScenarioEvent::CollateralValueChange { agent, change } => {
            refusal_to_revalue(world, *agent, *change)
        }
        ScenarioEvent::ParticipantOutage { agent } => {
            refused(world.in_outage[agent.index()], Refusal::NoChange)
        }
        ScenarioEvent::ParticipantRecovery { agent } => {
            refused(!world.in_outage[agent.index()], Refusal::NoChange)
        }
        ScenarioEvent::CutOffChange { tick_in_day } => {
            refused(world.cutoff == *tick_in_day, Refusal::NoChange)
        }
        ScenarioEvent::CostRateChange { rates } => {
            refused(rates.applied_to(&world.rates) == world.rates, Refusal::NoChange)
        }
        ScenarioEvent::LimitChange { agent, limits } => {
            refused(world.limits.are(*agent, limits), Refusal::NoChange)
        }
        ScenarioEvent::PolicyChange { agent, policy } => {
            refused(world.follows(*agent, policy), Refusal::NoChange)
        }
        ScenarioEvent::LsmConfigChange { enable_bilateral, enable_cycles } => {
            let changes = [
                (LsmAlgorithm::Bilateral, *enable_bilateral),
                (LsmAlgorithm::Cycles, *enable_cycles),
            ];
            refusal_to_enable(world, step, changes)
        }
        _ => None,
    }
}

/// Returns why algorithms cannot be enabled or disabled as asked for.
fn refusal_to_enable(
    world: &World,
    step: &Step<'_>,
    changes: [(LsmAlgorithm, Option<bool>); 2],
) -> Option<Refusal> {
    let saving = &step.scenario.liquidity_saving;
    let mut is_new = false;
    for (name, enable) in changes {
        let Some(enable) = enable else { continue };
        match world.lsm.is_enabled(saving, name) {
            None => return Some(Refusal::NotListed),
            Some(enabled) => is_new |= enabled != enable,
        }
    }
    (!is_new).then_some(Refusal::NoChange)
}

fn refusal_to_settle(world: &World, step: &Step<'_>, flow: &Flow) -> Option<Refusal> {
    if world.in_outage[flow.sender.index()] {
        return Some(Refusal::Outage);
    }
    if step.is_closed(world) {
        return Some(Refusal::CutOff);
    }
    set_rule::admit(world, flow).err().map(|reason| match reason {
        QueueReason::BilateralLimit => Refusal::BilateralLimit,
        QueueReason::MultilateralLimit => Refusal::MultilateralLimit,
        _ => Refusal::InsufficientLiquidity,
    })
}

fn refusal_to_revalue(world: &World, agent: AgentNo, change: CollateralChange) -> Option<Refusal> {
    match change {
        CollateralChange::Haircut(haircut) => {
            (haircut == world.ledger.haircut(agent)).then_some(Refusal::NoChange)
        }
        CollateralChange::PostedDelta(delta) => match changed(world.ledger.posted(agent), delta) {
            Err(refusal) => Some(refusal),
            Ok(posted) => {
                let fits = world.reach.admits_credit(agent, world.ledger.cap(agent), posted);
                (!fits).then_some(Refusal::TooMuchMoney)
            }
        },
    }
}

/// Returns a cap or a collateral after a change.
fn changed(before: Money, delta: Money) -> Result<Money, Refusal> {
    match before.checked_add(delta) {
        _ if delta == Money::ZERO => Err(Refusal::NoChange),
        None => Err(Refusal::TooMuchMoney),
        Some(after) if after.is_negative() => Err(Refusal::BelowZero),
        Some(after) => Ok(after),
    }
}

/// Applies an event that was not refused; changes of arrivals have been made already.
fn apply(world: &mut World, step: &mut Step<'_>, event: &ScenarioEvent) {
    match event {
        ScenarioEvent::DirectTransfer { from_agent, to_agent, amount } => {
            let flow = scheduled_flow(*from_agent, *to_agent, *amount);
            transfer(world, step, &flow, TransferKind::DirectTransfer);
        }
        ScenarioEvent::ScheduledSettlement { from_agent, to_agent, amount } => {
            let flow = scheduled_flow(*from_agent, *to_agent, *amount);
            transfer(world, step, &flow, TransferKind::ScheduledSettlement);
        }
        ScenarioEvent::CustomTransactionArrival { .. } => submit(world, step, event),
        ScenarioEvent::CreditLimitChange { agent, delta } => {
            change_cap(world, step, *agent, *delta);
        }
        ScenarioEvent::CollateralValueChange { agent, change } => {
            revalue(world, step, *agent, *change);
        }
        ScenarioEvent::ParticipantOutage { agent } => {
            set_out(world, *agent, true);
            step.emit(ParticipantOutage { agent_id: *agent });
        }
        ScenarioEvent::ParticipantRecovery { agent } => {
            set_out(world, *agent, false);
            step.emit(ParticipantRecovery { agent_id: *agent });
        }
        ScenarioEvent::CutOffChange { tick_in_day } => {
            world.cutoff = *tick_in_day;
            world.queue1.ask_all_again();
            step.emit(CutOffChanged { cutoff_tick_in_day: *tick_in_day });
        }
        ScenarioEvent::CostRateChange { rates } => change_rates(world, step, rates),
        ScenarioEvent::LimitChange { agent, limits } => {
            changes::set_limits(world, step, *agent, limits);
        }
        ScenarioEvent::PolicyChange { agent, policy } => {
            followers::replace(world, step, *agent, policy, Origin::Scenario);
        }
        ScenarioEvent::GlobalArrivalRateChange { .. }
        | ScenarioEvent::AgentArrivalRateChange { .. }
        | ScenarioEvent::CounterpartyWeightChange { .. }
        | ScenarioEvent::DeadlineWindowChange { .. } => {}
        ScenarioEvent::LsmConfigChange { enable_bilateral, enable_cycles } => {
            let saving = &step.scenario.liquidity_saving;
            let algorithms = [LsmAlgorithm::Bilateral, LsmAlgorithm::Cycles];
            for (name, enable) in algorithms.into_iter().zip([enable_bilateral, enable_cycles]) {
                if let Some(enable) = enable {
                    world.lsm.enable(saving, name, *enable);
                }
            }
        }
    }
}

const fn scheduled_flow(sender: AgentNo, receiver: AgentNo, amount: Money) -> Flow {
    Flow { sender, receiver, amount, class: RtgsPriority::Normal }
}

/// Moves money without a payment.
fn transfer(world: &mut World, step: &mut Step<'_>, flow: &Flow, kind: TransferKind) {
    let Flow { sender, receiver, amount, .. } = *flow;
    let sender_balance_before = world.ledger.balance(sender);
    world.ledger.debit(sender, amount);
    let sender_balance_after = world.ledger.balance(sender);
    match kind {
        TransferKind::DirectTransfer => {
            world.reach.add(amount);
            world.credit(receiver, amount);
        }
        TransferKind::ScheduledSettlement => {
            world.pay_out(receiver, amount, &[]);
            world.limits.note_transfer(flow, step.now);
            world.count_flow(flow, world.limits.admission_of(flow));
        }
    }
    step.emit(FundsTransferred {
        sender_id: sender,
        receiver_id: receiver,
        amount,
        kind,
        sender_balance_before,
        sender_balance_after,
    });
    if kind == TransferKind::DirectTransfer {
        report_over_extension(world, step, sender, OverExtensionCause::DirectTransfer);
    }
}

fn submit(world: &mut World, step: &mut Step<'_>, event: &ScenarioEvent) {
    let ScenarioEvent::CustomTransactionArrival {
        from_agent,
        to_agent,
        amount,
        priority,
        rtgs_priority,
        deadline,
        is_divisible,
    } = event
    else {
        return;
    };
    let newcomer = PreparedPayment {
        tick: step.now,
        sender: *from_agent,
        receiver: *to_agent,
        amount: *amount,
        deadline: Tick(step.now.0.saturating_add(*deadline)),
        earliest: step.now,
        priority: *priority,
        rtgs_priority: *rtgs_priority,
        divisible: *is_divisible,
    };
    arrivals::arrive(world, step, &newcomer, None);
}

fn change_cap(world: &mut World, step: &mut Step<'_>, agent: AgentNo, delta: Money) {
    let cap = world.ledger.cap(agent) + delta;
    world.ledger.set_cap(agent, cap);
    world.reach.note_credit(agent, cap, world.ledger.posted(agent));
    world.queue2.touch(agent);
    step.emit(CreditLimitChanged {
        agent_id: agent,
        unsecured_cap: cap,
        max_collateral_capacity: collateral::capacity(world, step, agent),
    });
    if delta.is_negative() {
        report_over_extension(world, step, agent, OverExtensionCause::CreditLimitChange);
    }
}

fn revalue(world: &mut World, step: &mut Step<'_>, agent: AgentNo, change: CollateralChange) {
    let before = world.ledger.permission(agent);
    match change {
        CollateralChange::PostedDelta(delta) => {
            let posted = world.ledger.posted(agent) + delta;
            world.ledger.set_posted(agent, posted);
            world.reach.note_credit(agent, world.ledger.cap(agent), posted);
        }
        CollateralChange::Haircut(haircut) => world.ledger.set_haircut(agent, haircut),
    }
    world.queue2.touch(agent);
    let collateral_haircut: Fraction = world.ledger.haircut(agent);
    let posted_collateral = world.ledger.posted(agent);
    step.emit(CollateralValueChanged { agent_id: agent, posted_collateral, collateral_haircut });
    if world.ledger.permission(agent) < before {
        report_over_extension(world, step, agent, OverExtensionCause::CollateralValueChange);
    }
}

fn set_out(world: &mut World, agent: AgentNo, is_out: bool) {
    world.in_outage[agent.index()] = is_out;
    world.outages += 1;
    world.queue1.ask_again(agent);
    world.queue2.touch(agent);
}

fn change_rates(world: &mut World, step: &mut Step<'_>, change: &CostRatesChange) {
    let before = world.rates;
    world.rates = change.applied_to(&before);
    if opening::delay_rates(&before, step) != opening::delay_rates(&world.rates, step) {
        let rates = opening::delay_rates(&world.rates, step);
        step.emit(rates);
    }
}

/// Says so if an agent is beyond its permission.
pub(crate) fn report_over_extension(
    world: &World,
    step: &mut Step<'_>,
    agent: AgentNo,
    cause: OverExtensionCause,
) {
    let shortfall = world.ledger.shortfall(agent);
    if shortfall.is_positive() {
        step.emit(AgentOverExtended { agent_id: agent, shortfall, cause });
    }
}
