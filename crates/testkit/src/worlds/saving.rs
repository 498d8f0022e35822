//! The liquidity saving of a random world.

use psim_model::{
    Algorithm, Limits, LiquiditySaving, Money, PairOrder, Pairs, Policy, Scenario,
    ScheduledAlgorithm,
};

use super::draws::Draws;

/// Returns algorithms with options of all kinds in any order, often none, and bounds that are
/// often in the way.
pub(super) fn saving(draws: &mut Draws) -> LiquiditySaving {
    if draws.once_in(4) {
        return LiquiditySaving::NONE;
    }
    let mut algorithms = vec![
        Algorithm::Retry,
        Algorithm::Bilateral(pairs(draws)),
        Algorithm::Cycles {
            max_cycle_length: draws.between(3, 5),
            max_cycles_per_tick: draws.pick(&[1, 2, 3, 1_000]),
        },
        Algorithm::GridlockResolution,
        Algorithm::Partial,
        Algorithm::AllOrNothing,
    ];
    draws.shuffle(&mut algorithms);
    algorithms.truncate(draws.pick(&[0, 1, 1, 2, 2, 3, 4, 6]));
    let schedule = |algorithm| ScheduledAlgorithm {
        algorithm,
        every: draws.pick(&[1, 1, 1, 2, 3]),
        enabled: !draws.once_in(6),
    };
    let algorithms = algorithms.into_iter().map(schedule).collect();
    LiquiditySaving {
        algorithms,
        run_every_ticks: draws.pick(&[1, 1, 1, 2]),
        sequencing: draws.once_in(2),
        max_steps: draws.once_in(3).then(|| draws.between(1, 10).into()),
        max_rounds: draws.pick(&[1, 2, 3, 1_000, 1_000, 1_000]),
        reports_blocks: draws.once_in(2),
    }
}

/// Takes away most of what banks can pay with, and most of what settles before algorithms run;
/// and lets few banks pay each other much.
pub(super) fn make_scarce(draws: &mut Draws, scenario: &mut Scenario, unit: i64) {
    let few_limits = draws.below(3) != 0;
    let keep_policies = draws.once_in(4);
    for agent in &mut scenario.agents {
        agent.opening_balance = Money::from_minor(draws.pick(&[0, 0, 1, 2, 3]) * unit);
        agent.unsecured_cap = Money::ZERO;
        agent.posted_collateral = Money::ZERO;
        agent.liquidity_pool = None;
        if !keep_policies {
            agent.policy = Policy::fifo();
        }
        if few_limits {
            agent.limits = Limits::default();
        }
    }
    scenario.rules.entry_disposition_offsetting &= draws.once_in(3);
    let few = scenario.agents.len().min(draws.pick(&[2, 3, 3, 4]));
    for row in &mut scenario.payments.rows {
        (row.sender, row.receiver) = draws.pair(few);
    }
}

fn pairs(draws: &mut Draws) -> Pairs {
    Pairs {
        order: draws.pick(&[PairOrder::LargestOffset, PairOrder::SmallestDifference]),
        max_opposing: draws.once_in(2).then(|| draws.between(1, 3)),
        min_queue_ticks: draws.pick(&[0, 0, 0, 1, 2, 3]),
    }
}
