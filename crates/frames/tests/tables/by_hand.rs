//! A small run, cell by cell.

use psim_frames::{AgentsByTick, costs, events, events_of, transactions};
use psim_model::event::EventKind;
use psim_model::{Money, TextColumn};
use psim_testkit::sketch::{payment, scenario};
use psim_view::{Fold, Projection};
use serde_json::{Value, json};

use crate::share::{column, names_of, row, run};

/// A pays B 60, 70 and 5 with 100; the second waits until B has paid back 40 in tick 1.
fn batches() -> Vec<psim_model::event::EventBatch> {
    let mut world = scenario(2, 1, &[("A", 100), ("B", 0)]);
    world.payments.rows =
        vec![payment(0, 0, 1, 60), payment(0, 0, 1, 70), payment(1, 1, 0, 40), payment(1, 0, 1, 5)];
    let ids = ["first", "the-second-payment", "back", "fourth"];
    world.payments.ids = TextColumn::from_iter(ids);
    world.costs.delay_cost_per_tick_per_cent = "0.1".parse().unwrap();
    run(world.check().unwrap())
}

#[test]
fn the_wide_table_has_an_event_a_row() {
    let batches = batches();
    let frame = events(&batches, &names_of(&batches));
    let kinds = column(&frame, "event_type");
    let at = |kind: &str| kinds.iter().position(|found| found == kind).unwrap();
    let count: usize = batches.iter().map(|batch| batch.events().len()).sum();
    assert_eq!(kinds.len(), count);

    let queued = at("QueuedRtgs");
    let seq = json!(queued);
    let expected = [
        ("seq", seq),
        ("tick", json!(0)),
        ("day", json!(0)),
        ("event_type", json!("QueuedRtgs")),
        ("tx_id", json!("the-second-payment")),
        ("sender_id", json!("A")),
        ("receiver_id", json!("B")),
        ("amount", json!(70)),
        ("sender_available", json!(40)),
        ("reason", json!("InsufficientLiquidity")),
    ];
    let mut found = row(&frame, queued);
    found.sort_by_key(|(name, _)| expected.iter().position(|(other, _)| other == name));
    assert_eq!(found, expected);

    let released = at("Queue2LiquidityRelease");
    let wait = column(&frame, "queue_wait_ticks");
    assert_eq!((&wait[released], &wait[queued]), (&json!(1), &Value::Null));
    let haircuts = column(&frame, "collateral_haircut");
    let opened =
        kinds.iter().map(|kind| if kind == "AgentOpened" { json!(0.0) } else { json!(null) });
    assert_eq!(haircuts, opened.collect::<Vec<_>>());
    assert!(frame.column("child_ids").is_none(), "nothing was split");
}

#[test]
fn a_kind_has_its_own_fields_alone() {
    let batches = batches();
    let names = names_of(&batches);
    let arrivals = events_of(EventKind::Arrival, &batches, &names);
    assert_eq!(column(&arrivals, "tx_id"), ["first", "the-second-payment", "back", "fourth"]);
    assert_eq!(column(&arrivals, "amount"), [60, 70, 40, 5]);
    assert_eq!(column(&arrivals, "sender_id"), ["A", "A", "B", "A"]);
    assert_eq!(column(&arrivals, "tick"), [0, 0, 1, 1]);

    let splits = events_of(EventKind::PolicySplit, &batches, &names);
    assert_eq!((splits.num_rows(), splits.names().next()), (0, Some("seq")));
    assert!(splits.column("child_ids").is_some());
}

#[test]
fn payments_agents_and_costs() {
    let batches = batches();
    let (mut projection, mut fold) = (Projection::new(), AgentsByTick::new());
    for batch in &batches {
        projection.observe(batch);
        fold.observe(batch);
    }
    let payments = transactions(&projection);
    assert_eq!(column(&payments, "status"), ["settled"; 4]);
    let how = column(&payments, "settlement");
    assert_eq!(how, ["on_entry", "from_queue2", "on_entry", "on_entry"]);
    assert_eq!(column(&payments, "delay_ticks"), [0, 1, 0, 0]);
    let reasons = column(&payments, "last_reason");
    assert_eq!(reasons[1], "InsufficientLiquidity");
    assert_eq!(
        column(&payments, "parent_tx_id"),
        [Value::Null, Value::Null, Value::Null, Value::Null]
    );

    assert_eq!((fold.ticks(), fold.agents()), (2, 2));
    assert_eq!(fold.balances(), Some(&[40, 60, 5, 95][..]));
    let agents = fold.finish();
    assert_eq!(column(&agents, "agent_id"), ["A", "B", "A", "B"]);
    assert_eq!(column(&agents, "tick"), [0, 0, 1, 1]);
    assert_eq!(column(&agents, "queue2_count"), [1, 0, 0, 0]);
    assert_eq!(column(&agents, "queue2_value"), [70, 0, 0, 0]);
    assert_eq!(column(&agents, "available_liquidity"), [40, 60, 5, 95]);
    assert_eq!(column(&agents, "delay_cost"), [7, 0, 0, 0]);
    assert_eq!(column(&agents, "total_cost"), [7, 0, 0, 0]);

    let costs = costs(&batches, projection.names());
    assert_eq!(column(&costs, "day"), [0, 0]);
    assert_eq!(column(&costs, "agent_id"), ["A", "B"]);
    assert_eq!(column(&costs, "delay_cost"), [7, 0]);
    assert_eq!(projection.balance(psim_model::AgentNo(1)), Some(Money::from_minor(95)));
}

#[test]
fn a_table_can_be_narrowed_and_read_as_a_stream() {
    let batches = batches();
    let frame = events(&batches, &names_of(&batches));
    let narrow = frame.select(["amount", "tick"]).unwrap();
    assert_eq!(narrow.names().collect::<Vec<_>>(), ["amount", "tick"]);
    assert_eq!(narrow.num_rows(), frame.num_rows());
    assert_eq!(frame.select([]).unwrap().num_rows(), frame.num_rows());
    assert_eq!(frame.select(["amont"]).unwrap_err().to_string(), "there is no column `amont`");

    // Out through the C interface and back in.
    let stream = frame.to_stream();
    let reader = arrow_array::ffi_stream::RecordBatchStreamReader::try_new(stream).unwrap();
    let read: Vec<_> = reader.map(Result::unwrap).collect();
    assert_eq!(read, frame.batches());
}
