//! What a tick may come to is weighed before it.

use super::*;

/// A tick whose costs might not fit is refused, names who and when, and changes nothing.
#[test]
fn a_tick_that_could_overflow_changes_nothing() {
    let huge = i64::MAX / 2;
    let mut scenario =
        world(5, vec![bank("A", 0), bank("B", 0)], &[(1, 0, 1, huge), (2, 0, 1, huge)]);
    scenario.costs.eod_penalty = Penalty::Bps("15000".parse().unwrap());
    let mut engine = Engine::new(scenario.check().unwrap());
    let mut batch = EventBatch::default();
    for _ in 0..4 {
        engine.tick(&mut batch).unwrap();
    }
    let before = format!("{engine:?}");
    let refused = TickError::CostOverflow { agent_id: "A".to_owned(), tick: Tick(4) };
    for _ in 0..2 {
        assert_eq!(engine.tick(&mut batch), Err(refused.clone()));
        assert!(batch.events().is_empty());
        assert_eq!(engine.now(), Tick(4));
    }
    let undrawn = |text: String| text.split("drawn").next().map(str::to_owned);
    assert_eq!(undrawn(format!("{engine:?}")), undrawn(before));
}

/// Collateral that is withdrawn first may let a cap rise that could not rise before: the bound of
/// the tick's costs must know.
#[test]
fn what_is_withdrawn_first_may_be_made_up_for() {
    let most = (1_i64 << 61) - 1;
    let mut scenario = world(2, vec![bank("A", 0), bank("B", 0)], &[(0, 0, 1, most)]);
    let collateral = Money::from_minor(1 << 60);
    scenario.agents[0].posted_collateral = collateral;
    scenario.agents[0].max_collateral_capacity = Some(collateral);
    scenario.agents[0].collateral_haircut = Fraction::ONE;
    scenario.costs.overdraft_bps_per_tick = "40001".parse().unwrap();
    scenario.instructions.push(ScheduledInstruction {
        tick: Tick(0),
        instruction: Instruction::WithdrawCollateral {
            agent: AgentNo(0),
            amount: collateral,
            reason: None,
        },
    });
    scenario.events.push(ScheduledEvent {
        schedule: Schedule::OneTime { tick: Tick(0) },
        event: ScenarioEvent::CreditLimitChange {
            agent: AgentNo(0),
            delta: Money::from_minor(most),
        },
    });
    let mut engine = Engine::new(scenario.check().unwrap());
    let refused = engine.tick(&mut EventBatch::default());
    assert!(matches!(refused, Err(TickError::CostOverflow { .. })), "{refused:?}");
}

/// What a tick would charge is weighed before it: what is due, and what may still wait at its end.
#[test]
fn penalties_that_no_sum_holds_are_refused_before_the_tick() {
    let huge = Penalty::Fixed(Money::from_minor(i64::MAX / 2));
    let banks = || vec![bank("A", 0), bank("B", 0)];
    let payments = |tick| [(tick, 0, 1, 500); 3];
    let refused_at = |scenario: Scenario| {
        let mut engine = Engine::new(scenario.check().unwrap());
        loop {
            match engine.tick(&mut EventBatch::default()) {
                Ok(()) => assert!(!engine.is_finished(), "no tick was refused"),
                Err(TickError::CostOverflow { tick, .. }) => return tick,
                Err(error) => panic!("{error}"),
            }
        }
    };
    let mut overdue = world(3, banks(), &payments(0));
    overdue.costs.deadline_penalty = huge;
    for row in &mut overdue.payments.rows {
        row.deadline = Tick(0);
    }
    assert_eq!(refused_at(overdue), Tick(1));
    let mut arriving = world(3, banks(), &payments(2));
    arriving.costs.eod_penalty = huge;
    assert_eq!(refused_at(arriving), Tick(2));
}

/// A policy that drops whatever it is asked about.
fn dropper() -> Policy {
    let tree = r#"{"type": "action", "node_id": "d", "action": "Drop"}"#;
    let text = format!(r#"{{"version": "1", "policy_id": "d", "payment_tree": {tree}}}"#);
    Policy::read(&text).unwrap_or_else(|faults| panic!("{faults}"))
}

/// A policy is asked about all that comes to queue 1 in a tick, and each may be dropped.
#[test]
fn penalties_on_what_may_be_dropped_are_weighed_before_the_tick() {
    let due = |instruction| ScheduledInstruction { tick: Tick(1), instruction };
    let submission = || Submission {
        sender: AgentNo(0),
        receiver: AgentNo(1),
        amount: Money::from_minor(1),
        deadline_tick: Tick(3),
        earliest_tick: None,
        priority: Priority::DEFAULT,
        rtgs_priority: RtgsPriority::Normal,
        divisible: None,
        id: None,
    };
    let ends = |scenario: Scenario| {
        let mut engine = Engine::new(scenario.check().unwrap());
        engine.tick(&mut EventBatch::default()).unwrap();
        engine.tick(&mut EventBatch::default())
    };
    let with = |payments: &[(u32, u32, u32, i64)]| {
        let mut scenario = world(4, vec![bank("A", 0), bank("B", 0)], payments);
        scenario.costs.deadline_penalty = Penalty::Fixed(Money::from_minor(i64::MAX / 2));
        scenario
    };
    let mut submitted = with(&[]);
    submitted.agents[0].policy = dropper();
    submitted.instructions =
        [(); 3].map(|()| due(Instruction::SubmitTransaction(submission()))).to_vec();
    let mut withdrawn = with(&[(0, 0, 1, 1); 3]);
    let policy = dropper();
    withdrawn.instructions.push(due(Instruction::UpdateAgentPolicy { agent: AgentNo(0), policy }));
    withdrawn.instructions.extend((0..3).map(|no| {
        due(Instruction::WithdrawFromRtgs { payment: PaymentRef::Number(PaymentNo(no)) })
    }));
    for scenario in [submitted, withdrawn] {
        let refused = ends(scenario);
        assert!(matches!(refused, Err(TickError::CostOverflow { .. })), "{refused:?}");
    }
}

/// A branch may bring in the first policy that drops.
#[test]
fn penalties_on_what_a_branch_may_drop_are_weighed_too() {
    let mut scenario = world(4, vec![bank("A", 0), bank("B", 0)], &[(0, 0, 1, 1); 3]);
    scenario.costs.deadline_penalty = Penalty::Fixed(Money::from_minor(i64::MAX / 2));
    let hold = r#"{"type": "action", "node_id": "h", "action": "Hold"}"#;
    let hold = format!(r#"{{"version": "1", "policy_id": "h", "payment_tree": {hold}}}"#);
    scenario.agents[0].policy = Policy::read(&hold).unwrap_or_else(|faults| panic!("{faults}"));
    let mut engine = Engine::new(scenario.clone().check().unwrap());
    engine.tick(&mut EventBatch::default()).unwrap();
    let (agent, policy) = (AgentNo(0), dropper());
    let instruction = Instruction::UpdateAgentPolicy { agent, policy };
    scenario.instructions.push(ScheduledInstruction { tick: Tick(1), instruction });
    let mut branch = engine.branch(scenario.check().unwrap()).unwrap();
    let refused = branch.tick(&mut EventBatch::default());
    assert!(matches!(refused, Err(TickError::CostOverflow { .. })), "{refused:?}");
}
