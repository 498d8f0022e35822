//! The checks themselves: what is planted must be found.

use psim_model::event::{
    Cell, Event, EventBatch, Loading, Names, QueueReason, RtgsImmediateSettlement,
};
use psim_model::{
    AgentNo, Algorithm, CheckedScenario, Instruction, Money, PaymentAction, PaymentNo, PaymentRef,
    Penalty, Priority, RtgsPriority, ScheduledAlgorithm, ScheduledInstruction, Submission, Tick,
};
use psim_testkit::{compare, invariants, reference, shrink, sketch};

/// Tick 0: A's payment of 5 settles, that of 9 and another wait; tick 2: B pays A 9, and the 9
/// settles though it is overdue by one tick.
fn ledger_day() -> CheckedScenario {
    let mut world = sketch::scenario(4, 1, &[("A", 5), ("B", 4)]);
    world.costs.deadline_penalty = Penalty::Fixed(Money::from_minor(7));
    world.costs.eod_penalty = Penalty::Fixed(Money::from_minor(3));
    world.costs.delay_cost_per_tick_per_cent = "1".parse().unwrap();
    world.payments.rows = vec![
        sketch::payment(0, 0, 1, 5),
        sketch::payment(0, 0, 1, 9),
        sketch::payment(0, 0, 1, 8),
        sketch::payment(2, 1, 0, 9),
    ];
    world.payments.rows[1].deadline = Tick(1);
    world.check().unwrap()
}

/// Returns the stream with the events of one tick changed.
fn tampered(tick: usize, change: impl Fn(&mut Vec<Event>)) -> Vec<EventBatch> {
    altered(&ledger_day(), tick, change)
}

fn altered(
    scenario: &CheckedScenario,
    tick: usize,
    change: impl Fn(&mut Vec<Event>),
) -> Vec<EventBatch> {
    let mut names = Names::default();
    let mut next_seq = 0;
    let batches = reference::run(scenario, "0").into_iter().enumerate();
    let altered = batches.map(|(index, batch)| {
        names.observe(&batch);
        let mut events = batch.events().to_vec();
        if index == tick {
            change(&mut events);
        }
        let mut copy = EventBatch::default();
        copy.begin(batch.tick(), batch.day(), next_seq);
        for event in events {
            copy_event(&event, &batch, &mut copy, &names);
        }
        next_seq = copy.next_seq();
        copy
    });
    altered.collect()
}

/// Pushes an event of one batch to another, with the texts and lists that it refers to.
fn copy_event(event: &Event, from: &EventBatch, to: &mut EventBatch, names: &Names) {
    let mut cells = Vec::new();
    event.store(from.columns(), |_, cell| cells.push(cell));
    let mut cells = cells.into_iter();
    let next = |_: &_| cells.next().unwrap_or(Cell::Null);
    let copy = Event::load(event.kind(), next, &mut Loading { batch: to, names });
    to.push(copy.expect("an event is loaded as it was stored"));
}

/// Expects that both checks find the change, and that the named law is the one that is broken.
fn check(law: &str, tick: usize, change: impl Fn(&mut Vec<Event>)) {
    check_in(&ledger_day(), law, tick, change);
}

fn check_in(scenario: &CheckedScenario, law: &str, tick: usize, change: impl Fn(&mut Vec<Event>)) {
    let batches = altered(scenario, tick, change);
    let fault = invariants::check(&batches, scenario).expect_err(law);
    assert!(fault.contains(law), "expected: {law}\n   found: {fault}");
    let difference = compare::streams(&reference::run(scenario, "0"), &batches);
    assert!(difference.is_err(), "{law}");
}

/// Lets `change` alter the first event that it can.
fn alter(events: &mut [Event], change: impl Fn(&mut Event) -> bool) {
    assert!(events.iter_mut().any(change), "nothing to change");
}

fn remove(events: &mut Vec<Event>, name: &str) -> Event {
    let at = events.iter().position(|event| event.kind().spec().name == name).unwrap();
    events.remove(at)
}

#[test]
fn the_untouched_stream_is_lawful() {
    let batches = tampered(0, |_| {});
    invariants::check(&batches, &ledger_day()).unwrap();
    compare::streams(&reference::run(&ledger_day(), "0"), &batches).unwrap();
}

#[test]
fn a_lost_or_doubled_settlement_is_found() {
    check("what is available is the recomputed one", 0, |events| {
        remove(events, "RtgsImmediateSettlement");
    });
    check("what is released settles or joins queue 2", 0, |events| {
        remove(events, "RtgsImmediateSettlement");
        events.retain(|event| !matches!(event, Event::QueuedRtgs(_)));
    });
    check("only what is released settles on entry", 0, |events| {
        let at = events.iter().position(|e| matches!(e, Event::RtgsImmediateSettlement(_)));
        let at = at.unwrap();
        events.insert(at, events[at]);
    });
    check("only what is in queue 2 settles from it", 2, |events| {
        alter(events, |event| match event {
            Event::Queue2LiquidityRelease(e) => {
                e.tx_id.0 = 0;
                e.amount = Money::from_minor(5);
                true
            }
            _ => false,
        });
    });
}

#[test]
fn a_settlement_beyond_permission_is_found() {
    check("no settlement takes an agent beyond its permission", 0, |events| {
        alter(events, |event| match *event {
            Event::QueuedRtgs(e) => {
                *event = Event::from(RtgsImmediateSettlement {
                    tx_id: e.tx_id,
                    sender_id: e.sender_id,
                    receiver_id: e.receiver_id,
                    amount: e.amount,
                    sender_balance_before: Money::ZERO,
                    sender_balance_after: Money::ZERO - e.amount,
                });
                true
            }
            _ => false,
        });
    });
}

#[test]
fn a_wrong_balance_is_found() {
    check("the balance after is the recomputed one", 0, |events| {
        alter(events, |event| match event {
            Event::RtgsImmediateSettlement(e) => {
                e.sender_balance_after += Money::from_minor(1);
                true
            }
            _ => false,
        });
    });
}

#[test]
fn a_wrong_reason_for_waiting_is_found() {
    check("what is available is the recomputed one", 0, |events| {
        alter(events, |event| match event {
            Event::QueuedRtgs(e) => {
                e.sender_available += Money::from_minor(1);
                true
            }
            _ => false,
        });
    });
    check("the reason for waiting is the true one", 0, |events| {
        alter(events, |event| match event {
            Event::QueuedRtgs(e) => {
                e.reason = QueueReason::EarlierPayment;
                true
            }
            _ => false,
        });
    });
}

#[test]
fn a_wrong_cost_is_found() {
    let one = Money::from_minor(1);
    check("a cost is the sum of its parts", 0, |events| {
        alter(events, |event| match event {
            Event::CostAccrual(e) => {
                e.total += one;
                true
            }
            _ => false,
        });
    });
    check("every penalty is booked", 2, |events| {
        alter(events, |event| match event {
            Event::CostAccrual(e) => {
                e.penalty_cost += one;
                e.total += one;
                true
            }
            _ => false,
        });
    });
    check("a day's penalties are those booked", 3, |events| {
        alter(events, |event| match event {
            Event::EndOfDay(e) => {
                e.total_penalties += one;
                true
            }
            _ => false,
        });
    });
    check("every penalty is booked", 3, |events| {
        remove(events, "EndOfDayPenalty");
    });
}

#[test]
fn a_missing_or_misplaced_event_is_found() {
    check("what must follow directly does", 2, |events| {
        remove(events, "OverdueTransactionSettled");
    });
    check("what is late was said to be overdue", 2, |events| {
        events.retain(|event| matches!(event, Event::CostAccrual(_) | Event::EndOfDay(_)));
    });
    check("each day closes once", 3, |events| {
        remove(events, "EndOfDay");
    });
    check("the run ends once", 3, |events| {
        remove(events, "RunEnded");
    });
    check("what is unsettled is what is in the queues", 3, |events| {
        alter(events, |event| match event {
            Event::RunEnded(e) => {
                e.unsettled_count += 1;
                true
            }
            _ => false,
        });
    });
    check("events follow the steps of the tick", 2, |events| {
        let cost = remove(events, "CostAccrual");
        events.insert(0, cost);
    });
}

#[test]
fn a_gap_in_the_numbering_is_found() {
    let mut batches = tampered(0, |_| {});
    let (tick, day, seq) = (batches[1].tick(), batches[1].day(), batches[1].first_seq());
    let events = batches[1].events().to_vec();
    batches[1].begin(tick, day, seq + 1);
    for event in events {
        batches[1].push(event);
    }
    let fault = invariants::check(&batches, &ledger_day()).unwrap_err();
    assert!(fault.contains("events are numbered without a gap"), "{fault}");
    let difference = compare::streams(&reference::run(&ledger_day(), "0"), &batches).unwrap_err();
    assert!(difference.contains("first seq"), "{difference}");
    batches.truncate(1);
    let fault = invariants::check(&batches, &ledger_day()).unwrap_err();
    assert!(fault.contains("1 of 4 ticks"), "{fault}");
}

#[test]
fn a_difference_is_shown_with_what_came_before() {
    let batches = tampered(1, Vec::clear);
    let shown = compare::streams(&reference::run(&ledger_day(), "0"), &batches).unwrap_err();
    assert!(shown.contains("expected: 1 #"), "{shown}");
    assert!(shown.contains("CostAccrual agent_id=A"), "{shown}");
    assert!(shown.contains("found: no further event in this tick"), "{shown}");
}

#[test]
fn a_failing_scenario_is_made_small() {
    let mut world = sketch::scenario(4, 1, &[("A", 5), ("B", 5)]);
    world.payments.rows = (0..20).map(|n| sketch::payment(n / 5, n % 2, 1 - n % 2, 1)).collect();
    world.payments.rows[13].amount = Money::from_minor(99);
    let somebody_waits = |scenario: &psim_model::Scenario| {
        let batches = reference::run(&scenario.clone().check().unwrap(), "0");
        batches.iter().flat_map(EventBatch::events).any(|e| matches!(e, Event::QueuedRtgs(_)))
    };
    let small = shrink::shrink(world.clone(), somebody_waits);
    assert_eq!(small.payments.rows, [world.payments.rows[13]]);
}

/// Tick 0: A splits its payment of 4, both parts go to B and settle, and its payment of 9 to B
/// exceeds a limit. Credits are deferred. Before tick 1 A posts collateral for that tick.
fn eventful_day() -> CheckedScenario {
    let mut world = sketch::scenario(3, 1, &[("A", 20), ("B", 0)]);
    let (agent, payment) = (AgentNo(0), PaymentRef::Number(PaymentNo(0)));
    world.rules.deferred_crediting = true;
    world.rules.collateral.timer_buffer = Money::ZERO;
    world.agents[0].max_collateral_capacity = Some(Money::from_minor(5));
    world.agents[0].limits.multilateral = Some(Money::from_minor(8));
    world.costs.split_friction_cost = Money::from_minor(1);
    world.payments.rows = vec![sketch::payment(1, 0, 1, 9)];
    let submission = Submission {
        id: None,
        sender: agent,
        receiver: AgentNo(1),
        amount: Money::from_minor(4),
        deadline_tick: Tick(2),
        earliest_tick: None,
        priority: Priority::DEFAULT,
        rtgs_priority: RtgsPriority::Normal,
        divisible: None,
    };
    let posting = Instruction::PostCollateral {
        agent,
        amount: Money::from_minor(3),
        reason: None,
        auto_withdraw_after_ticks: Some(1),
    };
    let actions = vec![PaymentAction::Split { num_splits: 2 }];
    world.instructions = [
        Instruction::SubmitTransaction(submission),
        Instruction::Decide { payment, actions },
        posting,
    ]
    .map(|instruction| ScheduledInstruction { tick: Tick(0), instruction })
    .to_vec();
    world.check().unwrap()
}

#[test]
fn what_is_lost_of_a_split_is_found() {
    let day = eventful_day();
    check_in(&day, "what must follow directly does", 0, |events| {
        remove(events, "SplitCompleted");
    });
    check_in(&day, "what must follow directly does", 0, |events| {
        remove(events, "RtgsSubmission");
    });
    check_in(&day, "every split is booked", 0, |events| {
        remove(events, "CostAccrual");
    });
}

#[test]
fn what_is_lost_of_a_credit_is_found() {
    check_in(&eventful_day(), "what was received is credited", 0, |events| {
        remove(events, "DeferredCreditApplied");
    });
}

#[test]
fn what_is_wrong_with_a_limit_is_found() {
    let day = eventful_day();
    check_in(&day, "the limits that do not admit a payment are said", 1, |events| {
        remove(events, "MultilateralLimitExceeded");
    });
    check_in(&day, "what is used of a limit is the recomputed one", 1, |events| {
        alter(events, |event| match event {
            Event::MultilateralLimitExceeded(e) => {
                e.current_total_outflow += Money::from_minor(1);
                true
            }
            _ => false,
        });
    });
    check_in(&day, "what exceeds a limit joins queue 2", 1, |events| {
        remove(events, "QueuedRtgs");
    });
}

#[test]
fn what_is_wrong_with_collateral_is_found() {
    let day = eventful_day();
    check_in(&day, "what must follow directly does", 0, |events| {
        remove(events, "CollateralPost");
    });
    check_in(&day, "what is posted is the recomputed sum", 1, |events| {
        alter(events, |event| match event {
            Event::CollateralTimerWithdrawn(e) => {
                e.new_total += Money::from_minor(1);
                true
            }
            _ => false,
        });
    });
    check_in(&day, "instructions are given when they are due", 0, |events| {
        remove(events, "InstructionGiven");
    });
}

/// A, B and C owe each other 7 in a ring and have nothing: one set settles all.
fn ring_day() -> CheckedScenario {
    let mut world = sketch::scenario(1, 1, &[("A", 0), ("B", 0), ("C", 0)]);
    world.payments.rows =
        vec![sketch::payment(0, 0, 1, 7), sketch::payment(0, 1, 2, 7), sketch::payment(0, 2, 0, 7)];
    let algorithm = Algorithm::Cycles { max_cycle_length: 3, max_cycles_per_tick: 9 };
    world.liquidity_saving.algorithms =
        vec![ScheduledAlgorithm { algorithm, every: 1, enabled: true }];
    world.liquidity_saving.sequencing = true;
    world.check().unwrap()
}

#[test]
fn what_is_wrong_with_a_set_is_found() {
    let day = ring_day();
    check_in(&day, "a set tells its value", 0, |events| {
        alter(events, |event| match event {
            Event::LsmCycleSettlement(e) => {
                e.total_value += Money::from_minor(1);
                true
            }
            _ => false,
        });
    });
    check_in(&day, "a set tells who pays most on balance", 0, |events| {
        alter(events, |event| match event {
            Event::LsmCycleSettlement(e) => {
                e.max_net_outflow_agent = Some(AgentNo(1));
                true
            }
            _ => false,
        });
    });
    check_in(&day, "a run tells what has settled in it", 0, |events| {
        remove(events, "LsmCycleSettlement");
    });
    check_in(&day, "only what is in queue 2 settles from it", 0, |events| {
        let at = events.iter().position(|e| matches!(e, Event::LsmCycleSettlement(_)));
        let at = at.unwrap();
        events.insert(at, events[at]);
    });
}
