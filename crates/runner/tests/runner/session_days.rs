//! What a live run says of payments, of days and of the system, worked out by hand.

use psim_model::event::{Event, EventJson};
use psim_model::{
    AgentNo, Algorithm, AmountDistribution, ArrivalStream, Counterparties, Day, Instruction, Money,
    Pairs, PaymentAction, PaymentRef, Policy, Priority, PriorityDistribution, ProfileWindow,
    ScenarioEvent, Schedule, ScheduledAlgorithm, ScheduledEvent, Tick,
};
use psim_runner::Session;
use psim_testkit::sketch;
use serde_json::{Value, json};

use crate::live::{day, go_on_to, scenario, session, submission};

fn value(answer: impl serde::Serialize) -> Value {
    serde_json::to_value(answer).unwrap()
}

#[test]
fn a_payment_is_told_as_it_is_now() {
    let mut session = day(1);
    let expected = json!({
        "id": "tx-1", "sender_id": "C", "receiver_id": "A", "amount": 50, "remaining_amount": 50,
        "arrival_tick": 0, "deadline_tick": 1, "priority": 5, "rtgs_priority": "Normal",
        "declared_rtgs_priority": "Normal", "rtgs_submission_tick": 0, "status": "Pending",
    });
    assert_eq!(value(session.transaction_details("tx-1")), expected);
    assert_eq!(session.transaction_details("tx-7"), None);
    let status = |session: &mut Session, id: &str| {
        let details = session.transaction_details(id).unwrap();
        (details.status, details.remaining_amount.minor())
    };
    assert_eq!(status(&mut session, "tx-0"), ("Settled", 0));
    go_on_to(&mut session, 3);
    assert_eq!(status(&mut session, "tx-1"), ("Overdue", 50));
    let mut session = day(2);
    assert_eq!(status(&mut session, "tx-1"), ("Settled", 0));
}

#[test]
fn deadlines_are_told_before_and_after() {
    let mut session = day(1);
    let near = json!([{
        "tx_id": "tx-1", "sender_id": "C", "receiver_id": "A", "amount": 50,
        "remaining_amount": 50, "deadline_tick": 1, "ticks_until_deadline": 0,
    }]);
    assert_eq!(value(session.transactions_near_deadline(0)), near);
    assert!(session.overdue_transactions().is_empty());
    go_on_to(&mut session, 4);
    assert!(session.transactions_near_deadline(9).is_empty());
    let overdue = json!([{
        "tx_id": "tx-1", "sender_id": "C", "receiver_id": "A", "amount": 50,
        "remaining_amount": 50, "deadline_tick": 1, "overdue_since_tick": 2, "ticks_overdue": 2,
        "deadline_penalty_cost": 7, "delay_cost": 30.0,
    }]);
    assert_eq!(value(session.overdue_transactions()), overdue);
}

#[test]
fn a_split_payment_is_settled_part_by_part() {
    let mut session = Session::new({
        let mut scenario = scenario();
        scenario.agents[2].policy = Policy::hold();
        scenario.check().unwrap()
    });
    session.submit_batch(&[submission(2, 0, 50, 7)]).unwrap();
    let payment = PaymentRef::Id("tx-0".to_owned());
    let actions = vec![PaymentAction::Split { num_splits: 2 }];
    session.instruct(&Instruction::Decide { payment, actions }).unwrap();
    session.tick().unwrap();
    // C has 30: the first part of 25 settles, the second waits in queue 2.
    let whole = session.transaction_details("tx-0").unwrap();
    assert_eq!((whole.status, whole.remaining_amount.minor()), ("PartiallySettled", 25));
    let rows = session.transactions_of_day(Day(0));
    let parts: Vec<_> =
        rows.iter().map(|row| (row.parent_tx_id.as_deref(), row.split_index, row.status)).collect();
    let parent = Some("tx-0");
    let expected = [
        (None, None, "partially_settled"),
        (parent, Some(0), "settled"),
        (parent, Some(1), "pending"),
    ];
    assert_eq!(parts, expected);
    assert_eq!(rows[0].amount_settled, Money::from_minor(25));
    let counts = json!({
        "total_transactions": 3, "arrivals": 1, "children": 2, "settled_arrivals": 0,
        "settled_children": 1,
    });
    assert_eq!(value(session.transaction_counts()), counts);
    session.submit_batch(&[submission(0, 2, 60, 7)]).unwrap();
    session.tick().unwrap();
    let whole = session.transaction_details("tx-0").unwrap();
    assert_eq!((whole.status, whole.remaining_amount.minor()), ("Settled", 0));
    let metrics = session.system_metrics();
    assert_eq!((metrics.total_arrivals, metrics.total_settlements), (2, 2));
    assert_eq!((metrics.avg_delay_ticks, metrics.max_delay_ticks), (Some(0.5), Some(1)));
}

#[test]
fn payments_of_a_day_have_real_figures() {
    let mut session = day(2);
    let rows = session.transactions_of_day(Day(0));
    assert_eq!(rows.len(), 2);
    let expected = json!({
        "tx_id": "tx-1", "sender_id": "C", "receiver_id": "A", "amount": 50, "priority": 5,
        "is_divisible": null, "arrival_tick": 0, "arrival_day": 0, "deadline_tick": 1,
        "settlement_tick": 4, "settlement_day": 1, "status": "settled", "overdue_since_tick": 2,
        "drop_reason": null, "amount_settled": 50, "queue1_ticks": 0, "queue2_ticks": 4,
        "total_delay_ticks": 4, "delay_cost": 30.0, "parent_tx_id": null, "split_index": null,
        "rtgs_priority": "Normal", "rtgs_submission_tick": 0, "declared_rtgs_priority": "Normal",
    });
    assert_eq!(value(&rows[1]), expected);
    assert_eq!(session.transactions_of_day(Day(1))[0].tx_id, "tx-2");
    assert!(session.transactions_of_day(Day(2)).is_empty());
}

#[test]
fn a_dropped_payment_says_why() {
    let mut session = session();
    session.submit_batch(&[submission(0, 1, 5, 7)]).unwrap();
    let payment = PaymentRef::Id("tx-0".to_owned());
    let actions = vec![PaymentAction::Drop];
    session.instruct(&Instruction::Decide { payment, actions }).unwrap();
    session.tick().unwrap();
    let row = &session.transactions_of_day(Day(0))[0];
    assert_eq!((row.status, row.drop_reason), ("dropped", Some("PolicyDecision")));
    assert_eq!((row.settlement_tick, row.total_delay_ticks), (None, None));
    assert_eq!(row.amount_settled, Money::ZERO);
    assert_eq!(session.transaction_details("tx-0").unwrap().status, "Dropped");
}

#[test]
fn the_system_is_summed_up() {
    let mut session = day(1);
    let expected = json!({
        "total_arrivals": 2, "total_settlements": 1, "settlement_rate": 0.5,
        "avg_delay_ticks": 0.0, "max_delay_ticks": 0, "queue1_total_size": 0,
        "queue2_total_size": 1, "peak_overdraft": 20, "agents_in_overdraft": 1,
    });
    assert_eq!(value(session.system_metrics()), expected);
    let mut later = day(2);
    let metrics = later.system_metrics();
    assert_eq!((metrics.total_arrivals, metrics.total_settlements), (3, 3));
    assert_eq!((metrics.max_delay_ticks, metrics.agents_in_overdraft), (Some(4), 0));
    assert_eq!(metrics.peak_overdraft, Money::from_minor(20), "of the whole run");
    go_on_to(&mut later, 8);
    assert_eq!(later.system_metrics(), metrics, "delays end with settlement");
    let none = crate::live::session().system_metrics();
    assert_eq!((none.settlement_rate, none.avg_delay_ticks), (None, None));
}

#[test]
fn collateral_is_told_move_by_move() {
    let mut session = session();
    let (agent, amount) = (AgentNo(0), Money::from_minor(30));
    let post = Instruction::PostCollateral {
        agent,
        amount,
        reason: Some("to be safe".to_owned()),
        auto_withdraw_after_ticks: None,
    };
    session.instruct(&post).unwrap();
    assert_eq!(session.collateral_events_of_day(Day(0)).len(), 1, "told before its tick");
    assert_eq!(session.agent_state("A").unwrap().max_withdrawable_collateral, Money::ZERO);
    go_on_to(&mut session, 5);
    let withdraw = Instruction::WithdrawCollateral { agent, amount, reason: None };
    session.instruct(&withdraw).unwrap();
    session.tick().unwrap();
    let expected = json!([{
        "agent_id": "A", "tick": 0, "day": 0, "action": "post", "amount": 30,
        "requested_amount": 30, "reason": "to be safe", "origin": "Api", "balance_before": 100,
        "posted_collateral_before": 20, "posted_collateral_after": 50,
        "available_capacity_after": 450,
    }]);
    assert_eq!(value(session.collateral_events_of_day(Day(0))), expected);
    let later = session.collateral_events_of_day(Day(1));
    assert_eq!((later[0].action, later[0].tick), ("withdraw", Tick(5)));
    assert_eq!(later[0].posted_collateral_before, Money::from_minor(50));
    assert_eq!(later[0].posted_collateral_after, Money::from_minor(20));
}

#[test]
fn what_settles_together_is_told_as_one() {
    let mut scenario = sketch::scenario(2, 1, &[("A", 0), ("B", 5)]);
    scenario.payments.rows = vec![sketch::payment(0, 0, 1, 10), sketch::payment(0, 1, 0, 12)];
    scenario.liquidity_saving.algorithms = vec![ScheduledAlgorithm {
        algorithm: Algorithm::Bilateral(Pairs::default()),
        every: 1,
        enabled: true,
    }];
    let mut session = Session::new(scenario.check().unwrap());
    let report = session.tick().unwrap();
    assert_eq!((report.num_settlements, report.num_lsm_releases), (2, 2));
    let expected = json!([{
        "tick": 0, "day": 0, "cycle_type": "bilateral", "cycle_length": 2, "agents": ["A", "B"],
        "transactions": ["tx-0", "tx-1"], "tx_amounts": [10, 12], "settled_value": 22,
        "total_value": 22, "net_positions": {"A": 2, "B": -2}, "max_net_outflow": 2,
        "max_net_outflow_agent": "B",
    }]);
    assert_eq!(value(session.lsm_cycles_of_day(Day(0))), expected);
    assert!(session.lsm_cycles_of_day(Day(1)).is_empty());
}

#[test]
fn days_are_told_once_they_are_over() {
    let mut session = day(1);
    assert!(session.daily_agent_metrics(Day(0)).is_none());
    go_on_to(&mut session, 4);
    let [a, _, c] = session.daily_agent_metrics(Day(0)).unwrap() else { panic!("three agents") };
    assert_eq!((a.opening_balance.minor(), a.closing_balance.minor()), (100, -20));
    assert_eq!((a.num_arrivals, a.num_sent, a.num_settled, a.num_received), (1, 1, 1, 0));
    assert_eq!((c.num_sent, c.num_settled), (1, 0));
    assert_eq!(c.total_cost.minor(), 37);
    assert!(session.daily_agent_metrics(Day(1)).is_none());
    go_on_to(&mut session, 8);
    assert_eq!(session.daily_agent_metrics(Day(1)).unwrap()[2].num_settled, 0);
}

/// The events from a `seq` on.
fn events_since(session: &mut Session, seq: u64) -> Vec<Value> {
    let (batches, names) = session.batches_since(seq);
    let events = batches.flat_map(|batch| {
        let indexes = 0..batch.events().len();
        indexes.map(move |index| value(EventJson { batch, index, names }))
    });
    events.filter(|event| event["seq"].as_u64().is_some_and(|own| own >= seq)).collect()
}

#[test]
fn events_are_told_with_those_that_wait() {
    let mut session = day(1);
    let seen = events_since(&mut session, 0).len() as u64;
    assert_eq!(events_since(&mut session, seen).len(), 0);
    session.submit_batch(&[submission(1, 0, 5, 7)]).unwrap();
    let kinds = |events: Vec<Value>| -> Vec<String> {
        events.iter().map(|event| event["event_type"].as_str().unwrap().to_owned()).collect()
    };
    let waiting = kinds(events_since(&mut session, seen));
    assert_eq!(waiting, ["InstructionGiven", "Arrival"]);
    assert_eq!(session.batch_of(Tick(1)).0.map(|batch| batch.events().len()), Some(2));
    session.tick().unwrap();
    let later = kinds(events_since(&mut session, seen + 2));
    assert_eq!(later[0], "RtgsSubmission");
    let all = events_since(&mut session, 0);
    assert!(all.iter().zip(0_u64..).all(|(event, seq)| event["seq"] == seq));
    assert!(session.batch_of(Tick(9)).0.is_none());
    let arrivals = session.log()[1].events();
    assert!(arrivals.iter().any(|event| matches!(event, Event::Arrival(_))));
}

#[test]
fn arrival_rates_follow_profile_and_events() {
    let mut scenario = scenario();
    let stream = ArrivalStream {
        rate_per_tick: 0.25,
        amount: AmountDistribution::Uniform {
            min: Money::from_minor(1),
            max: Money::from_minor(2),
        },
        counterparties: Counterparties::Uniform,
        deadline_min: 1,
        deadline_max: 2,
        priority: PriorityDistribution::Fixed(Priority::DEFAULT),
        divisible: None,
    };
    scenario.agents[0].arrivals = vec![stream.clone(), stream];
    scenario.rate_profile = vec![ProfileWindow { from: 1, to: 2, factor: 4.0 }];
    scenario.events = vec![ScheduledEvent {
        event: ScenarioEvent::AgentArrivalRateChange { agent: AgentNo(0), multiplier: 3.0 },
        schedule: Schedule::OneTime { tick: Tick(1) },
    }];
    let mut session = Session::new(scenario.check().unwrap());
    let mut rates = vec![];
    for _ in 0..3 {
        rates.push(session.arrival_rate("A").unwrap());
        session.tick().unwrap();
    }
    assert_eq!(rates, [0.5, 2.0, 1.5]);
    assert_eq!(session.arrival_rate("B"), None);
}
