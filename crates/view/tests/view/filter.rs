//! Which events a filter lists.

use psim_model::Tick;
use psim_model::event::{EventKind, Names};
use psim_view::{EventFilter, EventLines, TickRange, event_kinds};

use crate::stream::{Stream, busy_day, called, no};

/// Returns the events that a filter lists, as `tick type`.
fn listed(stream: &Stream, filter: &EventFilter) -> Vec<String> {
    let mut names = Names::default();
    let mut listed = Vec::new();
    for batch in &stream.batches {
        names.observe(batch);
        let events = batch.events().iter().filter(|event| filter.matches(&names, batch, event));
        listed.extend(events.map(|event| format!("{} {}", batch.tick(), event.kind().spec().name)));
    }
    assert_eq!(written(stream, filter), listed, "the fold finds what the filter finds");
    listed
}

/// Returns the same events by way of the lines written of them.
fn written(stream: &Stream, filter: &EventFilter) -> Vec<String> {
    let mut lines = EventLines::new(filter.clone());
    let mut out = Vec::new();
    stream.batches.iter().for_each(|batch| lines.write(batch, &mut out).unwrap());
    let text = String::from_utf8(out).unwrap();
    let rows = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    rows.map(|row| format!("{} {}", row["tick"], row["event_type"].as_str().unwrap())).collect()
}

fn of_agent(id: &str) -> EventFilter {
    EventFilter { agent: Some(id.to_owned()), ..EventFilter::everything() }
}

fn of_payment(id: &str) -> EventFilter {
    EventFilter { payment: Some(id.to_owned()), ..EventFilter::everything() }
}

#[test]
fn each_part_of_a_filter_restricts() {
    let stream = busy_day();
    let check = |filter: EventFilter, expected: &[&str]| {
        assert_eq!(listed(&stream, &filter), expected, "{filter:?}");
    };
    // The held payment of C to B, from its arrival to its penalty.
    let tx_3 = ["0 Arrival", "0 PolicyHold", "9 EndOfDayPenalty"];
    check(of_payment("tx-3"), &tx_3);
    check(EventFilter { agent: Some("C".into()), ..of_payment("tx-3") }, &tx_3);
    // B receives it, which only its arrival says.
    check(EventFilter { agent: Some("B".into()), ..of_payment("tx-3") }, &["0 Arrival"]);
    check(EventFilter { agent: Some("A".into()), ..of_payment("tx-3") }, &[]);
    let ticks = "1-8".parse().unwrap();
    check(EventFilter { ticks, ..of_payment("tx-3") }, &[]);
    let late = [
        "3 TransactionWentOverdue",
        "3 Queue2LiquidityRelease",
        "3 OverdueTransactionSettled",
        "3 CostAccrual",
    ];
    check(EventFilter { ticks, ..EventFilter::everything() }, &late);
    // B is paid by the late payment and does not bear its cost.
    check(EventFilter { ticks, ..of_agent("B") }, &late[..3]);
    check(EventFilter { ticks, ..of_agent("C") }, &[]);
    let kinds = event_kinds("CostAccrual,RunEnded").unwrap();
    let costs = EventFilter { kinds: Some(kinds), ..EventFilter::everything() };
    check(
        costs.clone(),
        &["0 CostAccrual", "0 CostAccrual", "3 CostAccrual", "9 CostAccrual", "9 RunEnded"],
    );
    check(EventFilter { agent: Some("A".into()), ..costs }, &["0 CostAccrual", "3 CostAccrual"]);
    check(EventFilter { kinds: Some(vec![]), ..EventFilter::everything() }, &[]);
}

#[test]
fn an_agent_is_found_in_every_role() {
    let expected = [
        "0 AgentOpened",
        "0 LiquidityAllocation",
        "0 Arrival",                 // tx-0, as receiver
        "0 Arrival",                 // tx-1, as sender
        "0 Arrival",                 // tx-3, as receiver
        "0 RtgsSubmission",          // tx-0
        "0 QueuedRtgs",              // tx-0
        "0 RtgsSubmission",          // tx-1
        "0 RtgsImmediateSettlement", // tx-1
        "0 CostAccrual",
        "3 TransactionWentOverdue",
        "3 Queue2LiquidityRelease",
        "3 OverdueTransactionSettled",
        "9 LiquidityReturn",
    ];
    assert_eq!(listed(&busy_day(), &of_agent("B")), expected);
}

#[test]
fn everything_is_everything() {
    let stream = busy_day();
    let all: usize = stream.batches.iter().map(|batch| batch.events().len()).sum();
    assert_eq!(listed(&stream, &EventFilter::everything()).len(), all);
}

#[test]
fn ids_that_nobody_has_match_nothing() {
    let stream = busy_day();
    for filter in [of_agent("b"), of_agent(""), of_agent("tx-0"), of_payment("tx-4")] {
        assert_eq!(listed(&stream, &filter), [""; 0], "{filter:?}");
    }
    for id in ["TX-1", "1", "tx-01", "A", "?"] {
        assert_eq!(listed(&stream, &of_payment(id)), [""; 0], "{id}");
    }
}

#[test]
fn a_given_id_takes_the_place_of_the_number() {
    let mut stream = Stream::new(1, 1);
    stream.agents(&[100, 0]);
    stream.arrive_with(no('A'), no('B'), 10, 0, &called("rent")).arrive('A', 'B', 20, 0);
    stream.settle(0).settle(1);
    let life = ["0 Arrival", "0 RtgsSubmission", "0 RtgsImmediateSettlement"];
    assert_eq!(listed(&stream, &of_payment("rent")), life);
    assert_eq!(listed(&stream, &of_payment("tx-1")), life);
    assert_eq!(listed(&stream, &of_payment("tx-0")), [""; 0]);
}

/// The last tick of a run that has as many as there can be (`docs/limits.md`).
const LAST: u32 = 4_294_967_294 - 1;

#[test]
fn ranges_of_ticks_are_read() {
    let check = |text: &str, from: u32, to: u32| {
        let expected = TickRange { from: Tick(from), to: Tick(to) };
        let read: TickRange = text.parse().unwrap();
        assert_eq!(read, expected, "{text}");
        assert_eq!(read.to_string().parse(), Ok(expected), "{text}");
    };
    check("10-20", 10, 20);
    check(" 10 - 20 ", 10, 20);
    check("10-", 10, LAST);
    check("-20", 0, 20);
    check("10", 10, 10);
    check("10-10", 10, 10);
    check(&format!("0-{LAST}"), 0, LAST);
    assert_eq!(TickRange::ALL.to_string(), "0-");
}

#[test]
fn what_is_no_range_of_ticks_is_explained() {
    let check = |text: &str, expected: &str| {
        assert_eq!(text.parse::<TickRange>().unwrap_err().to_string(), expected, "{text}");
    };
    for text in ["", "-", "a", "1-b", "1..3", "1-2-3", "+1", "--2", "1.5"] {
        let form = "is not a range of ticks; write `10-20` (both ends included), `10-`, `-20` or \
                    `10`";
        check(text, &format!("`{text}` {form}"));
    }
    check("9-3", "the range ends at tick 3, before it begins at tick 9; write `3-9`");
    for text in ["4294967294", "4294967296"] {
        let large = "is too large for a tick, of which the last is 4294967293";
        check(text, &format!("`{text}` {large}"));
    }
}

#[test]
fn types_of_events_are_read_by_name() {
    let kinds = event_kinds("Arrival, QueuedRtgs").unwrap();
    assert_eq!(kinds, [EventKind::Arrival, EventKind::QueuedRtgs]);
}

#[test]
fn unknown_types_are_met_with_names_like_them() {
    let check = |list: &str, expected: &str| {
        assert_eq!(event_kinds(list).unwrap_err().to_string(), expected, "{list}");
    };
    check("arrival", "no type of event is called `arrival`; did you mean `Arrival`?");
    check("Arrival,Arival", "no type of event is called `Arival`; did you mean `Arrival`?");
    check(
        "Settlement",
        "no type of event is called `Settlement`; did you mean `RtgsImmediateSettlement`, \
         `LsmCycleSettlement`, `LsmBatchSettlement`?",
    );
    check("EndOfDai", "no type of event is called `EndOfDai`; did you mean `EndOfDay`?");
    for list in ["", "Arrival,", "qqq"] {
        let error = event_kinds(list).unwrap_err().to_string();
        assert!(error.contains("; there are `RunStarted`, "), "{error}");
        assert!(error.ends_with("`PolicyDecision`"), "{error}");
    }
}
