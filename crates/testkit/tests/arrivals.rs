//! Generated arrivals of the reference engine: published values and what can be worked out.

use psim_model::event::{Arrival, Event};
use psim_model::{
    AgentNo, AmountDistribution, ArrivalStream, Counterparties, Money, Priority,
    PriorityDistribution, ProfileWindow, RngStreams, Scenario, Tick,
};
use psim_testkit::{reference, sketch};

fn stream(rate_per_tick: f64, min: i64, max: i64) -> ArrivalStream {
    ArrivalStream {
        rate_per_tick,
        amount: AmountDistribution::Uniform {
            min: Money::from_minor(min),
            max: Money::from_minor(max),
        },
        counterparties: Counterparties::Uniform,
        deadline_min: 5,
        deadline_max: 10,
        priority: PriorityDistribution::Fixed(Priority::DEFAULT),
        divisible: None,
    }
}

fn arrivals(scenario: Scenario) -> Vec<(Tick, Arrival)> {
    let batches = reference::run(&scenario.check().unwrap(), "0");
    let all = batches.iter().flat_map(|batch| {
        batch.events().iter().filter_map(|event| match event {
            Event::Arrival(arrival) => Some((batch.tick(), *arrival)),
            _ => None,
        })
    });
    all.collect()
}

#[test]
fn the_first_tick_of_seed_42_has_its_published_payments() {
    let mut world = sketch::scenario(100, 1, &[("A", 0), ("B", 0), ("C", 0)]);
    world.agents[0].arrivals.push(stream(2.0, 10_000, 20_000));
    let found: Vec<(i64, u32, u32)> = arrivals(world)
        .into_iter()
        .filter(|(tick, _)| *tick == Tick(0))
        .map(|(_, a)| (a.amount.minor(), a.receiver_id.0, a.deadline_tick.0))
        .collect();
    let published =
        [(19_304, 2, 9), (12_941, 2, 8), (12_334, 2, 7), (10_627, 1, 6), (15_671, 2, 6)];
    assert_eq!(found, published);
}

#[test]
fn the_draw_order_decides_receivers_and_nothing_else() {
    let mut world = sketch::scenario(1, 1, &[("A", 0), ("B", 0), ("C", 0)]);
    world.agents[0].arrivals.push(stream(2.0, 10_000, 20_000));
    world.draw_order = vec![AgentNo(2), AgentNo(0), AgentNo(1)];
    let found: Vec<(i64, u32)> =
        arrivals(world).iter().map(|(_, a)| (a.amount.minor(), a.receiver_id.0)).collect();
    // The published receivers with B and C exchanged.
    assert_eq!(found, [(19_304, 1), (12_941, 1), (12_334, 1), (10_627, 2), (15_671, 1)]);
}

#[test]
fn deadlines_end_with_the_run_or_with_the_day() {
    let mut world = sketch::scenario(8, 2, &[("A", 0), ("B", 0)]);
    world.agents[0].arrivals.push(stream(1.0, 1, 1));
    let deadlines = |world: &Scenario| -> Vec<(u32, u32)> {
        arrivals(world.clone()).iter().map(|(tick, a)| (tick.0, a.deadline_tick.0)).collect()
    };
    let run = deadlines(&world);
    assert!(
        run.iter()
            .all(|(tick, deadline)| (tick + 5..=tick + 10).contains(deadline) || *deadline == 15)
    );
    world.rules.deadline_cap_at_eod = true;
    let capped: Vec<(u32, u32)> =
        run.into_iter().map(|(tick, deadline)| (tick, deadline.min(tick / 8 * 8 + 7))).collect();
    assert_eq!(deadlines(&world), capped);
}

/// What is drawn for 40 ticks with a stream whose outcome is certain.
fn check(amount: AmountDistribution, expected: i64) {
    let mut world = sketch::scenario(40, 1, &[("A", 0), ("B", 0)]);
    world.agents[0].arrivals.push(ArrivalStream { amount, ..stream(1.0, 1, 1) });
    let found = arrivals(world);
    assert!(found.len() > 20);
    assert!(found.iter().all(|(_, a)| a.amount.minor() == expected), "{amount:?}: {found:?}");
}

#[test]
fn amounts_without_spread_are_known() {
    check(AmountDistribution::Normal { mean: 2.5, std_dev: 0.0 }, 3);
    check(AmountDistribution::Normal { mean: 0.2, std_dev: 0.0 }, 1);
    check(AmountDistribution::Normal { mean: -4.0, std_dev: 0.0 }, 1);
    check(AmountDistribution::LogNormal { mean: 700.0, std_dev: 0.0 }, 700);
    check(AmountDistribution::LogNormal { mean: 0.1, std_dev: 0.0 }, 1);
    // A spread beyond all floats falls back to the mean.
    check(AmountDistribution::LogNormal { mean: 70.4, std_dev: 1e200 }, 70);
    check(AmountDistribution::Exponential { lambda: 1e300 }, 1);
}

#[test]
fn lognormal_parameters_are_moments_of_the_amount() {
    let mut world = sketch::scenario(4_000, 1, &[("A", 0), ("B", 0)]);
    let amount = AmountDistribution::LogNormal { mean: 10_000.0, std_dev: 5_000.0 };
    world.agents[0].arrivals.push(ArrivalStream { amount, ..stream(1.0, 1, 1) });
    world.agents[0].policy = psim_model::Policy::hold();
    let amounts: Vec<f64> = arrivals(world).iter().map(|(_, a)| a.amount.minor() as f64).collect();
    let mean = amounts.iter().sum::<f64>() / amounts.len() as f64;
    // The standard error is about 80.
    assert!((mean - 10_000.0).abs() < 400.0, "{mean}");
}

#[test]
fn weights_and_priorities_are_walked_in_order() {
    let mut world = sketch::scenario(40, 1, &[("A", 0), ("B", 0), ("C", 0)]);
    world.agents[0].arrivals.push(ArrivalStream {
        counterparties: Counterparties::Weighted(vec![(AgentNo(2), 0.5)]),
        priority: PriorityDistribution::Categorical(vec![
            (Priority::clamped(3), 0.0),
            (Priority::MIN, 2.0),
        ]),
        divisible: Some(true),
        ..stream(1.0, 1, 1)
    });
    for (_, arrival) in arrivals(world) {
        assert_eq!((arrival.receiver_id, arrival.priority), (AgentNo(2), Priority::MIN));
        assert_eq!(arrival.divisible, Some(true));
    }
}

#[test]
fn the_profile_shapes_the_day() {
    let mut world = sketch::scenario(10, 3, &[("A", 0), ("B", 0)]);
    world.agents[0].arrivals.push(stream(5.0, 1, 1));
    world.rate_profile = vec![
        ProfileWindow { from: 0, to: 4, factor: 0.0 },
        ProfileWindow { from: 4, to: 5, factor: 1.0 },
        ProfileWindow { from: 7, to: 10, factor: 0.0 },
    ];
    let found = arrivals(world);
    assert!(found.iter().all(|(tick, _)| (4..7).contains(&(tick.0 % 10))));
    // Three ticks of five on each of three days: 45, give or take 7.
    assert!((25..=65).contains(&found.len()), "{}", found.len());
}

#[test]
fn an_agents_own_stream_ignores_other_agents() {
    let own = |scenario: Scenario, sender: u32| -> Vec<(Tick, i64, Tick)> {
        arrivals(scenario)
            .iter()
            .filter(|(_, a)| a.sender_id == AgentNo(sender))
            .map(|(tick, a)| (*tick, a.amount.minor(), a.deadline_tick))
            .collect()
    };
    let mut alone = sketch::scenario(30, 1, &[("M", 0), ("Z", 0)]);
    alone.agents[0].arrivals.push(stream(1.0, 1, 1_000));
    let mut joined = sketch::scenario(30, 1, &[("B", 0), ("M", 0), ("Z", 0)]);
    joined.agents[0].arrivals.push(stream(2.0, 1, 1_000));
    joined.agents[1].arrivals.push(stream(1.0, 1, 1_000));
    assert_ne!(own(alone.clone(), 0), own(joined.clone(), 1));
    alone.rng_streams = RngStreams::PerAgent;
    joined.rng_streams = RngStreams::PerAgent;
    assert_eq!(own(alone, 0), own(joined, 1));
}

#[test]
fn prepared_payments_come_first() {
    let mut world = sketch::scenario(1, 1, &[("A", 0), ("B", 0)]);
    world.agents[0].arrivals.push(stream(2.0, 7, 7));
    world.payments.rows = vec![sketch::payment(0, 1, 0, 3)];
    let amounts: Vec<i64> = arrivals(world).iter().map(|(_, a)| a.amount.minor()).collect();
    assert_eq!(amounts, [3, 7, 7, 7, 7, 7]);
}

#[test]
fn what_is_expected_is_the_mean_of_many_runs() {
    const RUNS: u32 = 150;
    let mut world = sketch::scenario(20, 2, &[("A", 7), ("B", 0), ("C", 0), ("D", 0)]);
    world.agents[0].arrivals.push(stream(3.0, 1, 99));
    world.agents[1].arrivals.push(ArrivalStream {
        counterparties: Counterparties::Weighted(vec![(AgentNo(0), 3.0), (AgentNo(2), 1.0)]),
        amount: AmountDistribution::Exponential { lambda: 0.01 },
        ..stream(4.0, 1, 1)
    });
    world.agents[2].arrivals.push(ArrivalStream {
        amount: AmountDistribution::LogNormal { mean: 80.0, std_dev: 40.0 },
        ..stream(1.0, 1, 1)
    });
    world.rate_profile = vec![ProfileWindow { from: 5, to: 15, factor: 2.0 }];
    world.payments.rows.push(sketch::payment(3, 3, 0, 1_000));
    // A pays 3 × 60 × 50 and receives 3/4 of 4 × 60 × 100, 1/3 of 60 × 80, and the payment of D.
    let expected = [
        9_000.0 - 18_000.0 - 1_600.0 - 1_000.0,
        24_000.0 - 3_000.0 - 1_600.0,
        4_800.0 - 3_000.0 - 6_000.0,
        1_000.0 - 3_000.0 - 1_600.0,
    ];
    let computed = world.expected_net_payments();
    for (found, by_hand) in computed.iter().zip(expected) {
        assert!((found - by_hand).abs() < 1e-6, "{computed:?}");
    }
    let mut net = [0.0; 4];
    for seed in 0..RUNS {
        let world = Scenario { rng_seed: seed.into(), ..world.clone() };
        for (_, arrival) in arrivals(world) {
            let amount = arrival.amount.minor() as f64 / f64::from(RUNS);
            net[arrival.sender_id.index()] += amount;
            net[arrival.receiver_id.index()] -= amount;
        }
    }
    for (found, expected) in net.iter().zip(expected) {
        assert!((found - expected).abs() < 400.0, "{net:?}");
    }
}
