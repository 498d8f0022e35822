//! Checkpoints of worlds that no run reaches.

use super::*;

#[test]
fn a_use_of_limits_that_nothing_explains_is_refused() {
    let mut limited = bank("A", 10);
    limited.limits.multilateral = Some(Money::from_minor(9));
    let payments = [(0, 0, 1, 4)];
    let scenario = world(3, vec![limited, bank("B", 0)], &payments).check().unwrap();
    let mut engine = Engine::new(scenario.clone());
    engine.tick(&mut EventBatch::default()).unwrap();
    assert!(Engine::restore(scenario.clone(), &engine.checkpoint()).is_ok());
    let flow = engine.world.settled_since(Tick(0)).next().unwrap();
    let admission = engine.world.limits.admission_of(&flow);
    engine.world.limits.count(&flow, admission);
    let error = Engine::restore(scenario, &engine.checkpoint()).unwrap_err();
    assert!(error.to_string().contains("the use of limits of agent 0 differs"), "{error}");
}

#[test]
fn a_deadline_that_nobody_watches_is_refused() {
    let taken = |engine: &Engine| Engine::restore(engine.scenario().clone(), &engine.checkpoint());
    let mut engine = waiting();
    assert!(taken(&engine).is_ok());
    engine.world.payments.get_mut(PaymentNo(1)).deadline = Tick(1);
    let error = taken(&engine).unwrap_err();
    assert!(error.to_string().contains("deadlines"), "{error}");
    engine.world.deadlines.watch(Tick(1), PaymentNo(1));
    assert!(taken(&engine).is_ok());
    engine.world.deadlines.watch(Tick(1), PaymentNo(1));
    assert!(taken(&engine).is_err(), "watched twice");
}

#[test]
fn a_payment_that_settled_in_a_tick_to_come_is_refused() {
    let mut engine = waiting();
    let settled = engine.world.payments.get_mut(PaymentNo(0));
    assert_eq!((settled.place, settled.moved_at), (Place::Settled, Tick(0)));
    for tick in [1, 9] {
        engine.world.payments.get_mut(PaymentNo(0)).moved_at = Tick(tick);
        let error = Engine::restore(engine.scenario().clone(), &engine.checkpoint()).unwrap_err();
        assert!(error.to_string().contains("payments"), "{error}");
    }
}

#[test]
fn arrivals_of_a_rate_that_nothing_set_are_refused() {
    let mut banks = vec![bank("A", 0), bank("B", 0)];
    banks[0].arrivals.push(two_a_tick());
    let mut scenario = world(4, banks, &[]);
    let schedule = Schedule::OneTime { tick: Tick(0) };
    let event = ScenarioEvent::GlobalArrivalRateChange { multiplier: 3.0 };
    scenario.events.push(ScheduledEvent { schedule, event });
    let scenario = scenario.check().unwrap();
    let mut engine = Engine::new(scenario.clone());
    engine.tick(&mut EventBatch::default()).unwrap();
    for (multiplier, is_taken) in [(1.0, true), (3.0, true), (3.5, false), (1e64, false)] {
        let event = ScenarioEvent::GlobalArrivalRateChange { multiplier };
        engine.arrivals.shape.change(&scenario, &event).unwrap();
        let restored = Engine::restore(scenario.clone(), &engine.checkpoint());
        assert_eq!(restored.is_ok(), is_taken, "{multiplier}");
    }
}

#[test]
fn a_follower_of_another_policy_than_it_has_registers_for_is_refused() {
    let mut engine = waiting();
    let text = r#"{"version": "1", "policy_id": "p", "payment_tree": {
        "type": "condition", "node_id": "n",
        "condition": {
            "op": ">", "left": {"field": "bank_state_calm"}, "right": {"value": 0}
        },
        "on_true": {"type": "action", "node_id": "t", "action": "Release"},
        "on_false": {"type": "action", "node_id": "f", "action": "Release"}
    }}"#;
    let policy = Policy::read(text).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!((policy.registers().len(), policy.texts().len()), (1, 0));
    engine.world.followers[0] = engine.world.followers[0].clone().of(policy);
    let error = Engine::restore(engine.scenario().clone(), &engine.checkpoint()).unwrap_err();
    assert!(error.to_string().contains("policies"), "{error}");
}

/// What a forged checkpoint says of costs would be added to, without a check, in the ticks after.
#[test]
fn costs_and_decisions_that_cannot_be_are_refused() {
    let mut scenario = world(4, vec![bank("A", 0), bank("B", 0)], &[(0, 0, 1, 1); 3]);
    scenario.costs.overdraft_bps_per_tick = "1".parse().unwrap();
    scenario.costs.deadline_penalty = Penalty::Fixed(Money::from_minor(7));
    for row in &mut scenario.payments.rows {
        row.deadline = Tick(0);
    }
    let mut engine = Engine::new(scenario.check().unwrap());
    engine.tick(&mut EventBatch::default()).unwrap();
    engine.tick(&mut EventBatch::default()).unwrap();
    assert_eq!(engine.world.costs[0].total.penalty_cost, Money::from_minor(21));
    let restored = |engine: &Engine| {
        Engine::restore(engine.scenario().clone(), &engine.checkpoint()).map(drop)
    };
    assert_eq!(restored(&engine), Ok(()));
    let damages: [(&str, Damage); 11] = [
        ("costs", |world| world.penalties_today = Money::MAX),
        ("costs", |world| world.costs[0].total.penalty_cost = Money::MAX),
        ("costs", |world| world.costs[0].today.delay_cost = Money::from_minor(1)),
        ("costs", |world| world.costs[0].today.penalty_cost = Money::from_minor(-1)),
        ("costs", |world| world.booked = Total::ZERO),
        ("costs", |world| world.charges[0].penalty = Money::from_minor(1)),
        ("costs", |world| world.charges_due = true),
        ("rates", |world| world.rates.overdraft_bps_per_tick = "2".parse().unwrap()),
        ("rates", |world| world.rates.split_friction_cost = Money::from_minor(-1)),
        ("rates", |world| world.rates.eod_penalty = Penalty::Fixed(Money::MAX)),
        ("decisions", |world| {
            let split = PaymentAction::Split { num_splits: 0 };
            world.decisions.decide(AgentNo(0), PaymentNo(0), vec![split]);
        }),
    ];
    for (expected, damage) in damages {
        let mut engine = engine.clone();
        damage(&mut engine.world);
        let error = restored(&engine).unwrap_err();
        assert!(error.to_string().contains(expected), "{expected}: {error}");
    }
}
