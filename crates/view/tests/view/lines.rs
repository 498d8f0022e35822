//! Runs as lines of JSON.

use psim_view::{EventFilter, EventLines, TickLines, event_kinds};

use crate::stream::{Stream, busy_day};

fn event_lines(stream: &Stream, filter: EventFilter) -> String {
    let (mut lines, mut out) = (EventLines::new(filter), Vec::new());
    stream.batches.iter().for_each(|batch| lines.write(batch, &mut out).unwrap());
    String::from_utf8(out).unwrap()
}

fn tick_lines(stream: &Stream, filter: EventFilter) -> String {
    let (mut lines, mut out) = (TickLines::new(filter), Vec::new());
    stream.batches.iter().for_each(|batch| lines.write(batch, &mut out).unwrap());
    String::from_utf8(out).unwrap()
}

#[test]
fn an_event_is_a_line() {
    let filter = EventFilter { ticks: "3-9".parse().unwrap(), ..EventFilter::everything() };
    insta::assert_snapshot!(event_lines(&busy_day(), filter), @r#"
    {"event_type":"TransactionWentOverdue","tick":3,"day":0,"seq":18,"tx_id":"tx-0","sender_id":"A","receiver_id":"B","amount":6000,"remaining_amount":6000,"deadline_tick":2,"ticks_overdue":1,"deadline_penalty_cost":500}
    {"event_type":"Queue2LiquidityRelease","tick":3,"day":0,"seq":19,"tx_id":"tx-0","sender_id":"A","receiver_id":"B","amount":6000,"queue_wait_ticks":3,"sender_balance_before":1004950,"sender_balance_after":998950}
    {"event_type":"OverdueTransactionSettled","tick":3,"day":0,"seq":20,"tx_id":"tx-0","sender_id":"A","receiver_id":"B","amount":6000,"settled_amount":6000,"deadline_tick":2,"overdue_since_tick":3,"total_ticks_overdue":1,"deadline_penalty_cost":500}
    {"event_type":"CostAccrual","tick":3,"day":0,"seq":21,"agent_id":"A","liquidity_cost":0,"delay_cost":0,"collateral_cost":0,"penalty_cost":500,"split_friction_cost":0,"liquidity_opportunity_cost":0,"total":500}
    {"event_type":"EndOfDayPenalty","tick":9,"day":0,"seq":22,"tx_id":"tx-3","agent_id":"C","amount":1000}
    {"event_type":"CostAccrual","tick":9,"day":0,"seq":23,"agent_id":"C","liquidity_cost":0,"delay_cost":0,"collateral_cost":0,"penalty_cost":1000,"split_friction_cost":0,"liquidity_opportunity_cost":0,"total":1000}
    {"event_type":"EndOfDay","tick":9,"day":0,"seq":24,"unsettled_count":1,"total_penalties":1500}
    {"event_type":"LiquidityReturn","tick":9,"day":0,"seq":25,"agent_id":"B","amount":2000,"balance_after":3500}
    {"event_type":"RunEnded","tick":9,"day":0,"seq":26,"unsettled_count":1}
    "#);
}

#[test]
fn names_are_learned_outside_the_filter() {
    let kinds = event_kinds("Queue2LiquidityRelease").unwrap();
    let filter = EventFilter {
        kinds: Some(kinds),
        ticks: "3".parse().unwrap(),
        ..EventFilter::everything()
    };
    let lines = event_lines(&busy_day(), filter);
    assert!(lines.contains(r#""sender_id":"A","receiver_id":"B""#), "{lines}");
    assert_eq!(lines.lines().count(), 1);
}

#[test]
fn a_tick_is_a_line() {
    let filter = EventFilter { ticks: "-3".parse().unwrap(), ..EventFilter::everything() };
    insta::assert_snapshot!(tick_lines(&busy_day(), filter), @r#"
    {"tick":0,"day":0,"time":"07:00","events":18,"arrivals":{"count":4,"value":1018450},"submissions":{"count":3,"value":1008450},"settlements":{"count":2,"value":1002450,"on_entry":{"count":2,"value":1002450},"from_queue2":{"count":0,"value":0},"entry_offset":{"count":0,"value":0},"by_algorithm":{"count":0,"value":0}},"queued":{"count":1,"value":6000},"overdue":{"count":0,"value":0},"costs":24,"queue1":{"count":1,"value":10000},"queue2":{"count":1,"value":6000}}
    {"tick":1,"day":0,"time":"07:01","events":0,"arrivals":{"count":0,"value":0},"submissions":{"count":0,"value":0},"settlements":{"count":0,"value":0,"on_entry":{"count":0,"value":0},"from_queue2":{"count":0,"value":0},"entry_offset":{"count":0,"value":0},"by_algorithm":{"count":0,"value":0}},"queued":{"count":0,"value":0},"overdue":{"count":0,"value":0},"costs":0,"queue1":{"count":1,"value":10000},"queue2":{"count":1,"value":6000}}
    {"tick":2,"day":0,"time":"07:02","events":0,"arrivals":{"count":0,"value":0},"submissions":{"count":0,"value":0},"settlements":{"count":0,"value":0,"on_entry":{"count":0,"value":0},"from_queue2":{"count":0,"value":0},"entry_offset":{"count":0,"value":0},"by_algorithm":{"count":0,"value":0}},"queued":{"count":0,"value":0},"overdue":{"count":0,"value":0},"costs":0,"queue1":{"count":1,"value":10000},"queue2":{"count":1,"value":6000}}
    {"tick":3,"day":0,"time":"07:03","events":4,"arrivals":{"count":0,"value":0},"submissions":{"count":0,"value":0},"settlements":{"count":1,"value":6000,"on_entry":{"count":0,"value":0},"from_queue2":{"count":1,"value":6000},"entry_offset":{"count":0,"value":0},"by_algorithm":{"count":0,"value":0}},"queued":{"count":0,"value":0},"overdue":{"count":1,"value":6000},"costs":500,"queue1":{"count":1,"value":10000},"queue2":{"count":0,"value":0}}
    "#);
}

#[test]
fn a_filter_restricts_what_is_counted_and_not_the_queues() {
    let filter = EventFilter {
        agent: Some("A".to_owned()),
        ticks: "-1".parse().unwrap(),
        ..EventFilter::everything()
    };
    // A opens, pays B (queued), is paid by C (released, settled) and bears its cost.
    insta::assert_snapshot!(tick_lines(&busy_day(), filter), @r#"
    {"tick":0,"day":0,"time":"07:00","events":8,"arrivals":{"count":2,"value":1005950},"submissions":{"count":2,"value":1005950},"settlements":{"count":1,"value":999950,"on_entry":{"count":1,"value":999950},"from_queue2":{"count":0,"value":0},"entry_offset":{"count":0,"value":0},"by_algorithm":{"count":0,"value":0}},"queued":{"count":1,"value":6000},"overdue":{"count":0,"value":0},"costs":12,"queue1":{"count":1,"value":10000},"queue2":{"count":1,"value":6000}}
    {"tick":1,"day":0,"time":"07:01","events":0,"arrivals":{"count":0,"value":0},"submissions":{"count":0,"value":0},"settlements":{"count":0,"value":0,"on_entry":{"count":0,"value":0},"from_queue2":{"count":0,"value":0},"entry_offset":{"count":0,"value":0},"by_algorithm":{"count":0,"value":0}},"queued":{"count":0,"value":0},"overdue":{"count":0,"value":0},"costs":0,"queue1":{"count":1,"value":10000},"queue2":{"count":1,"value":6000}}
    "#);
}

#[test]
fn a_run_without_clock_times_has_no_times() {
    let mut stream = Stream::new(1, 2);
    stream.agents(&[0]).tick(1);
    let lines = tick_lines(&stream, EventFilter::everything());
    assert!(
        lines.ends_with(
            "{\"tick\":1,\"day\":1,\"time\":null,\"events\":0,\
         \"arrivals\":{\"count\":0,\"value\":0},\"submissions\":{\"count\":0,\"value\":0},\
         \"settlements\":{\"count\":0,\"value\":0,\"on_entry\":{\"count\":0,\"value\":0},\
         \"from_queue2\":{\"count\":0,\"value\":0},\"entry_offset\":{\"count\":0,\"value\":0},\
         \"by_algorithm\":{\"count\":0,\"value\":0}},\
         \"queued\":{\"count\":0,\"value\":0},\
         \"overdue\":{\"count\":0,\"value\":0},\"costs\":0,\
         \"queue1\":{\"count\":0,\"value\":0},\"queue2\":{\"count\":0,\"value\":0}}\n"
        ),
        "{lines}"
    );
}

#[test]
fn a_full_pipe_is_an_error() {
    let batch = &busy_day().batches[0];
    let mut nowhere: &mut [u8] = &mut [0; 10];
    assert!(EventLines::new(EventFilter::everything()).write(batch, &mut nowhere).is_err());
    let mut nowhere: &mut [u8] = &mut [0; 10];
    assert!(TickLines::new(EventFilter::everything()).write(batch, &mut nowhere).is_err());
}
