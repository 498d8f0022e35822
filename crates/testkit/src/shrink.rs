//! Smaller scenarios for the same failure.

use psim_model::{CostRates, Limits, LiquiditySaving, Policy, Reservations, Rules, Scenario};

/// Returns a scenario for which `fails` still holds and from which nothing of what is tried can be
/// taken away: payments, events, instructions, arrival streams, limits, reservations, rules,
/// algorithms, costs.
///
/// Agents stay, because every number refers to them. `fails` must hold for the scenario given.
pub fn shrink(scenario: Scenario, fails: impl Fn(&Scenario) -> bool) -> Scenario {
    let mut smallest = scenario;
    loop {
        let smaller = candidates(&smallest).into_iter().find(|candidate| fails(candidate));
        match smaller {
            Some(smaller) => smallest = smaller,
            None => return smallest,
        }
    }
}

/// Makes one rule the plain one; those that need each other go together.
const PLAIN_RULES: [fn(&mut Rules, &Rules); 16] = [
    |rules, usual| rules.queue_discipline = usual.queue_discipline,
    |rules, usual| rules.entry_order = usual.entry_order,
    |rules, usual| rules.deadline_cap_at_eod = usual.deadline_cap_at_eod,
    |rules, usual| rules.end_of_day = usual.end_of_day,
    |rules, usual| rules.cutoff_tick_in_day = usual.cutoff_tick_in_day,
    |rules, usual| rules.daily_liquidity_reallocation = usual.daily_liquidity_reallocation,
    |rules, usual| rules.delay_cost_queues = usual.delay_cost_queues,
    |rules, usual| rules.queue1_ordering = usual.queue1_ordering,
    |rules, usual| rules.escalation = usual.escalation,
    |rules, usual| rules.priority_blocking = usual.priority_blocking,
    |rules, usual| {
        rules.priority_mode = usual.priority_mode;
        rules.priority_blocking = usual.priority_blocking;
    },
    |rules, usual| {
        rules.limits_basis = usual.limits_basis;
        rules.limits_apply_to = usual.limits_apply_to;
    },
    |rules, usual| rules.deferred_crediting = usual.deferred_crediting,
    |rules, usual| rules.entry_disposition_offsetting = usual.entry_disposition_offsetting,
    |rules, usual| rules.max_splits = usual.max_splits,
    |rules, usual| rules.collateral = usual.collateral,
];

/// Takes away one of the bounds and options of liquidity saving.
const PLAIN_SAVING: [fn(&mut LiquiditySaving); 5] = [
    |saving| saving.run_every_ticks = LiquiditySaving::NONE.run_every_ticks,
    |saving| saving.sequencing = LiquiditySaving::NONE.sequencing,
    |saving| saving.max_steps = LiquiditySaving::NONE.max_steps,
    |saving| saving.max_rounds = LiquiditySaving::NONE.max_rounds,
    |saving| saving.reports_blocks = LiquiditySaving::NONE.reports_blocks,
];

/// Returns scenarios with a little less in them, those with the least first.
fn candidates(scenario: &Scenario) -> Vec<Scenario> {
    let mut candidates = Vec::new();
    let mut propose = |change: &dyn Fn(&mut Scenario)| {
        let mut candidate = scenario.clone();
        change(&mut candidate);
        if candidate != *scenario {
            candidates.push(candidate);
        }
    };
    let rows = scenario.payments.rows.len();
    for from in [0, rows / 2] {
        propose(&|candidate| remove_rows(candidate, from, rows / 2));
    }
    let (events, instructions) = (scenario.events.len(), scenario.instructions.len());
    for from in [0, events / 2] {
        propose(&|candidate| drop(candidate.events.drain(from..from + events / 2)));
    }
    for from in [0, instructions / 2] {
        propose(&|candidate| drop(candidate.instructions.drain(from..from + instructions / 2)));
    }
    for agent in 0..scenario.agents.len() {
        propose(&|candidate| candidate.agents[agent].arrivals.clear());
        propose(&|candidate| candidate.agents[agent].limits = Limits::default());
        propose(&|candidate| candidate.agents[agent].reservations = Reservations::default());
        propose(&|candidate| candidate.agents[agent].liquidity_pool = None);
        propose(&|candidate| candidate.agents[agent].policy = Policy::fifo());
    }
    propose(&|candidate| candidate.rules = Rules::plain(scenario.calendar.ticks_per_day()));
    for plain in PLAIN_RULES {
        let usual = Rules::plain(scenario.calendar.ticks_per_day());
        propose(&|candidate| plain(&mut candidate.rules, &usual));
    }
    propose(&|candidate| candidate.liquidity_saving = LiquiditySaving::NONE);
    for place in 0..scenario.liquidity_saving.algorithms.len() {
        propose(&|candidate| {
            candidate.liquidity_saving.algorithms.remove(place);
        });
        propose(&|candidate| {
            let scheduled = &mut candidate.liquidity_saving.algorithms[place];
            (scheduled.every, scheduled.enabled) = (1, true);
        });
    }
    for plain in PLAIN_SAVING {
        propose(&|candidate| plain(&mut candidate.liquidity_saving));
    }
    propose(&|candidate| candidate.costs = CostRates::FREE);
    propose(&|candidate| candidate.rate_profile.clear());
    propose(&|candidate| candidate.payments.ids.clear());
    for event in 0..events {
        propose(&|candidate| drop(candidate.events.remove(event)));
    }
    for instruction in 0..instructions {
        propose(&|candidate| drop(candidate.instructions.remove(instruction)));
    }
    for row in 0..rows {
        propose(&|candidate| remove_rows(candidate, row, 1));
    }
    candidates
}

/// Removes payments; given ids go with them all, since they belong to rows by number.
fn remove_rows(scenario: &mut Scenario, from: usize, count: usize) {
    if count > 0 {
        scenario.payments.rows.drain(from..from + count);
        scenario.payments.ids.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worlds::{WorldSize, world};

    /// A rule that the list lacks stays as it was. Shrinking itself would not show it, since it
    /// takes all rules away at once where it may.
    #[test]
    fn one_by_one_all_rules_are_taken_away() {
        for seed in 0..200 {
            let world = world(seed, &WorldSize::default());
            let usual = Rules::plain(world.calendar.ticks_per_day());
            let mut rules = world.rules;
            for plain in PLAIN_RULES {
                plain(&mut rules, &usual);
            }
            assert_eq!(rules, usual, "seed {seed}");
        }
    }
}
