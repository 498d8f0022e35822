//! Step 1 and the end of step 12: how a day starts and how it closes.

use psim_model::event::{
    DropReason, EndOfDay, EndOfDayPenalty, LiquidityAllocation, LiquidityReturn,
    OverExtensionCause, PolicyDrop, RunEnded,
};
use psim_model::{AgentNo, Day, EndOfDay as Closing, Money};

use crate::costs::{self, CostsByKind, end_of_day_penalty};
use crate::followers;
use crate::payments::Place;
use crate::scenario_events::report_over_extension;
use crate::splits;
use crate::world::{Step, World};

/// Starts a day: counters go back, pools come in, banks may release again.
pub(crate) fn start(world: &mut World, step: &mut Step<'_>) {
    let calendar = &step.scenario.calendar;
    if !calendar.is_first_of_day(step.now) {
        return;
    }
    world.penalties_today = Money::ZERO;
    world.begin_flows();
    for costs in &mut world.costs {
        costs.today = CostsByKind::default();
    }
    if calendar.day_of(step.now) == Day(0) || step.scenario.rules.daily_liquidity_reallocation {
        allocate_pools(world, step);
    }
    world.cutoff = step.scenario.rules.cutoff_tick_in_day;
    world.queue1.ask_all_again();
    begin_limits(world);
}

/// Lets limits be used anew, and what they kept from settling be tested again.
fn begin_limits(world: &mut World) {
    world.limits.begin_day();
    let limited: Vec<AgentNo> = world.limits.limited().collect();
    for agent in limited {
        world.reopen_all(agent);
    }
}

fn allocate_pools(world: &mut World, step: &mut Step<'_>) {
    for (index, agent) in step.scenario.agents.iter().enumerate() {
        let Some(pool) = agent.liquidity_pool else { continue };
        let no = AgentNo::from_index(index);
        let fraction = pool.fraction_under(world.followers[index].policy());
        let amount = fraction.floor_of(pool.amount);
        world.credit(no, amount);
        world.ledger.set_allocated(no, amount);
        step.emit(LiquidityAllocation {
            agent_id: no,
            fraction,
            amount,
            balance_after: world.ledger.balance(no),
        });
    }
}

/// Closes a day on its last tick: penalties are explained, pools go back, what is left may be
/// cancelled, and the run may end.
pub(crate) fn close(world: &mut World, step: &mut Step<'_>) {
    if !step.scenario.calendar.is_last_of_day(step.now) {
        return;
    }
    explain_penalties(world, step);
    followers::reset_registers(world, step);
    step.emit(EndOfDay {
        unsettled_count: world.unsettled_count(),
        total_penalties: world.penalties_today,
    });
    if step.scenario.rules.daily_liquidity_reallocation {
        return_pools(world, step);
    }
    if step.scenario.rules.end_of_day == Closing::Cancel {
        cancel(world, step);
    }
    world.dropped_today.clear();
    if step.now == step.scenario.calendar.last_tick() {
        step.emit(RunEnded { unsettled_count: world.unsettled_count() });
    }
}

fn explain_penalties(world: &World, step: &mut Step<'_>) {
    for no in costs::due_at_close(world, step) {
        let payment = world.payments.get(no);
        let amount = end_of_day_penalty(world, payment.amount);
        if amount != Money::ZERO {
            step.emit(EndOfDayPenalty { tx_id: no, agent_id: payment.sender, amount });
        }
    }
}

fn return_pools(world: &mut World, step: &mut Step<'_>) {
    for index in 0..step.scenario.agents.len() {
        let no = AgentNo::from_index(index);
        let amount = world.ledger.allocated(no);
        if amount == Money::ZERO {
            continue;
        }
        world.ledger.debit(no, amount);
        world.ledger.set_allocated(no, Money::ZERO);
        let balance_after = world.ledger.balance(no);
        step.emit(LiquidityReturn { agent_id: no, amount, balance_after });
        report_over_extension(world, step, no, OverExtensionCause::LiquidityReturn);
    }
}

fn cancel(world: &mut World, step: &mut Step<'_>) {
    let unsettled = world.unsettled();
    world.queue1.clear();
    world.queue2.clear();
    world.limits.clear_aside();
    world.splits.clear_times();
    world.backlog.clear();
    for no in unsettled {
        let payment = world.payments.get_mut(no);
        payment.place = Place::Dropped;
        step.emit(PolicyDrop {
            tx_id: no,
            agent_id: payment.sender,
            reason: DropReason::Closed,
            deadline_penalty_cost: Money::ZERO,
            decision_path: None,
        });
        splits::part_resolved(world, step, no, true);
    }
}
