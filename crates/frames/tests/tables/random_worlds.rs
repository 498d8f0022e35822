//! Each cell of random runs against what the events say by other ways.

use std::collections::BTreeMap;

use psim_frames::{AgentsByTick, Frame, costs, events, events_of, transactions};
use psim_model::event::{Event, EventBatch, EventJson, EventKind, Names};
use psim_model::{AgentNo, PaymentNo, Tick, Total};
use psim_testkit::worlds::{WorldSize, requested_seeds, world};
use psim_view::{Costs, Fold, Projection, SummaryFold};
use serde_json::{Map, Value, json};

use crate::share::{cells, column, names_of, row, run};

#[test]
fn tables_say_what_the_events_say() {
    let mut rows = [0; 4];
    for seed in requested_seeds(300) {
        let scenario = world(seed, &WorldSize::default()).check();
        let batches = run(scenario.expect("random worlds are sound"));
        let names = names_of(&batches);
        rows[0] += check_events(&batches, &names);
        rows[1] += check_transactions(&batches);
        rows[2] += check_agents(&batches);
        rows[3] += check_costs(&batches, &names);
    }
    assert!(rows.iter().all(|rows| *rows > 0), "{rows:?}");
}

/// Compares the wide table and those of each kind with the events as JSON.
fn check_events(batches: &[EventBatch], names: &Names) -> usize {
    let wide = events(batches, names);
    let mut narrow: BTreeMap<EventKind, (Frame, usize)> = BTreeMap::new();
    let mut at = 0;
    for batch in batches {
        for (index, event) in batch.events().iter().enumerate() {
            let event_json = serde_json::to_value(EventJson { batch, index, names }).unwrap();
            let Value::Object(expected) = event_json else { panic!("an event is an object") };

            let found = row(&wide, at);
            let mut mixed = expected.clone();
            if let Some(number @ Value::Number(_)) = expected.get("algorithm") {
                mixed.insert("algorithm".to_owned(), json!(number.to_string()));
            }
            assert_eq!(present(&mixed), found.into_iter().collect::<BTreeMap<_, _>>());
            at += 1;

            let kind = event.kind();
            let of_kind = || (events_of(kind, batches, names), 0);
            let (frame, next) = narrow.entry(kind).or_insert_with(of_kind);
            let fields = kind.spec().fields.iter().map(|field| field.name);
            let columns: Vec<&str> = ["seq", "tick", "day"].into_iter().chain(fields).collect();
            assert_eq!(frame.names().collect::<Vec<_>>(), columns);
            for (name, found) in cells(frame, *next) {
                assert_eq!(found, expected[name], "{kind:?} {name}");
            }
            *next += 1;
        }
    }
    assert_eq!(wide.num_rows(), at);
    assert!(narrow.values().all(|(frame, rows)| frame.num_rows() == *rows));
    at
}

/// Returns what is not null.
fn present(object: &Map<String, Value>) -> BTreeMap<&str, Value> {
    let present = object.iter().filter(|(_, value)| !value.is_null());
    present.map(|(name, value)| (name.as_str(), value.clone())).collect()
}

/// Compares payments with the projection and their sums with the summary.
fn check_transactions(batches: &[EventBatch]) -> usize {
    let (mut projection, mut summary) = (Projection::new(), SummaryFold::new());
    for batch in batches {
        projection.observe(batch);
        summary.observe(batch);
    }
    let (summary, names) = (summary.finish(), projection.names());
    let frame = transactions(&projection);
    assert_eq!(frame.num_rows(), projection.payments().len());
    let (mut arrived, mut settled, mut delays) = (Total::ZERO, Total::ZERO, Vec::new());
    for (at, payment) in projection.payments().iter().enumerate() {
        let cells: BTreeMap<&str, Value> = row(&frame, at).into_iter().collect();
        let cell = |name: &str| cells.get(name).cloned().unwrap_or_default();
        let tick = |tick: Option<Tick>| json!(tick.map(|tick| tick.0));
        assert_eq!(cell("tx_id"), json!(names.payment(PaymentNo::from_index(at))));
        assert_eq!(cell("parent_tx_id"), json!(payment.parent.map(|parent| names.payment(parent))));
        assert_eq!(cell("sender_id"), json!(names.agent(payment.sender)));
        assert_eq!(cell("receiver_id"), json!(names.agent(payment.receiver)));
        assert_eq!(cell("amount"), json!(payment.amount.minor()));
        assert_eq!(cell("arrival_tick"), json!(payment.arrival.0));
        assert_eq!(cell("deadline_tick"), json!(payment.deadline.0));
        assert_eq!(cell("earliest_tick"), tick(payment.earliest));
        assert_eq!(cell("priority"), json!(payment.priority));
        assert_eq!(cell("original_priority"), json!(payment.original_priority));
        assert_eq!(cell("rtgs_priority"), json!(payment.rtgs_priority.as_str()));
        assert_eq!(cell("divisible"), json!(payment.divisible));
        assert_eq!(cell("settled_tick"), tick(payment.settled_at()));
        assert_eq!(cell("overdue_since_tick"), tick(payment.overdue_since));
        assert_eq!(cell("queued_since_tick"), tick(payment.queued_since));
        let reason = payment.last_reason.map(psim_view::WaitReason::as_str);
        assert_eq!(cell("last_reason"), json!(reason));
        assert_eq!(cell("status") == json!("settled"), payment.settled_at().is_some());
        assert_eq!(cell("settlement").is_null(), payment.settled_at().is_none());
        assert_eq!(cell("status") == json!("dropped"), !cell("dropped_tick").is_null());
        if payment.parent.is_none() {
            arrived += payment.amount;
        }
        if payment.settled_at().is_some() && !payment.is_split() {
            settled += payment.amount;
        }
        delays.extend(cell("delay_ticks").as_u64());
    }
    assert_eq!(arrived, summary.payments.arrived.value);
    assert_eq!(settled, summary.payments.settled.value);
    let events = batches.iter().flat_map(EventBatch::events);
    let arrivals = events.filter_map(|event| match event {
        Event::Arrival(arrival) => Some(arrival.amount),
        _ => None,
    });
    assert_eq!(arrivals.sum::<Total>(), summary.payments.arrived.value);
    let unsettled = column(&frame, "delay_ticks").iter().filter(|delay| delay.is_null()).count();
    assert_eq!(frame.num_rows() - unsettled, delays.len());
    frame.num_rows()
}

/// Compares agents after each tick with a projection that stops there.
fn check_agents(batches: &[EventBatch]) -> usize {
    let mut fold = AgentsByTick::new();
    let mut states = Vec::new();
    let mut projection = Projection::new();
    for batch in batches {
        fold.observe(batch);
        projection.observe(batch);
        states.push(projection.clone());
    }
    assert_eq!(fold.ticks(), batches.len());
    let balances = fold.balances().expect("all agents are there from the start").to_vec();
    let frame = fold.finish();
    let mut at = 0;
    for (batch, state) in batches.iter().zip(&states) {
        let mut booked = vec![[0_i128; 7]; state.agents().len()];
        for event in batch.events() {
            let Event::CostAccrual(cost) = event else { continue };
            let kinds = [
                cost.liquidity_cost,
                cost.delay_cost,
                cost.collateral_cost,
                cost.penalty_cost,
                cost.split_friction_cost,
                cost.liquidity_opportunity_cost,
                cost.total,
            ];
            booked[cost.agent_id.index()] = kinds.map(|cost| i128::from(cost.minor()));
        }
        for (index, agent) in state.agents().iter().enumerate() {
            let mut expected = vec![
                json!(batch.tick().0),
                json!(batch.day().0),
                json!(state.names().agent(AgentNo::from_index(index))),
                json!(agent.balance.minor()),
                json!(agent.available().minor()),
                json!(agent.credit_used().minor()),
                json!(agent.posted_collateral.minor()),
                json!(agent.queue1.count),
                json!(agent.queue1.value.to_money().unwrap().minor()),
                json!(agent.queue2.count),
                json!(agent.queue2.value.to_money().unwrap().minor()),
            ];
            expected.extend(booked[index].iter().map(|cost| json!(i64::try_from(*cost).unwrap())));
            let found: Vec<Value> = row(&frame, at).into_iter().map(|(_, value)| value).collect();
            assert_eq!(found, expected);
            assert_eq!(balances[at], agent.balance.minor());
            at += 1;
        }
    }
    assert_eq!(frame.num_rows(), at);
    at
}

/// Compares the costs of days with the summary's.
fn check_costs(batches: &[EventBatch], names: &Names) -> usize {
    let mut summary = SummaryFold::new();
    for batch in batches {
        summary.observe(batch);
    }
    let summary = summary.finish();
    let frame = costs(batches, names);
    let days = batches.last().map_or(0, |batch| batch.day().0 as usize + 1);
    assert_eq!(frame.num_rows(), days * names.agent_count());
    let agents = column(&frame, "agent_id");
    let sum = |name: &str, of: Option<&str>| -> i128 {
        let costs = column(&frame, name);
        let of_agent = |agent: &Value| of.is_none_or(|of| *agent == json!(of));
        let costs = agents.iter().zip(&costs).filter(|(agent, _)| of_agent(agent));
        costs.map(|(_, cost)| i128::from(cost.as_i64().unwrap())).sum()
    };
    let check = |costs: &Costs, of: Option<&str>| {
        assert_eq!(sum("liquidity_cost", of), costs.liquidity_cost.minor());
        assert_eq!(sum("delay_cost", of), costs.delay_cost.minor());
        assert_eq!(sum("collateral_cost", of), costs.collateral_cost.minor());
        assert_eq!(sum("penalty_cost", of), costs.penalty_cost.minor());
        assert_eq!(sum("split_friction_cost", of), costs.split_friction_cost.minor());
        let pool = costs.liquidity_opportunity_cost.minor();
        assert_eq!(sum("liquidity_opportunity_cost", of), pool);
        assert_eq!(sum("total_cost", of), costs.total().minor());
    };
    let mut projection = Projection::new();
    for batch in batches {
        projection.observe(batch);
    }
    for (index, agent) in projection.agents().iter().enumerate() {
        check(&agent.costs, Some(names.agent(AgentNo::from_index(index))));
    }
    assert_eq!(sum("total_cost", None), summary.costs.total.minor());
    frame.num_rows()
}
