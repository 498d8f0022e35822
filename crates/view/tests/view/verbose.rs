//! The account of each tick.

use psim_model::event::{AgentOverExtended, OverExtensionCause, QueueReason};
use psim_model::{AgentNo, Money};
use psim_view::{EventFilter, VerboseReport, event_kinds};

use crate::stream::{Stream, busy_day};

fn told(stream: &Stream) -> Vec<String> {
    told_of(stream, EventFilter::everything())
}

fn told_of(stream: &Stream, filter: EventFilter) -> Vec<String> {
    let mut report = VerboseReport::with_filter(filter);
    stream.batches.iter().map(|batch| report.tick_text(batch)).collect()
}

#[test]
fn a_tick_with_nothing_to_tell_is_not_told() {
    let ticks = told(&busy_day());
    let told: Vec<bool> = ticks.iter().map(|text| !text.is_empty()).collect();
    // tx-0 (due at 2) is warned of at 0 to 2 and settles at 3; tx-3 (due at 9) from 7 on.
    assert_eq!(told, [true, true, true, true, false, false, false, true, true, true]);
}

#[test]
fn a_first_tick_opens_the_run() {
    insta::assert_snapshot!(told(&busy_day())[0], @r"
    Run of 1 day of 10 ticks, seed 42, version 0.1.0
    Scenario abc123
    3 agents (EUR)
      agent       balance  unsecured credit  collateral value   pool
      A             50.00              0.00              0.00   0.00
      B              0.00             10.00             90.00  20.00
      C      1,234,567.00              0.00              0.00   0.00

    ── Tick 0 · day 0 · 07:00 ────────────────────────────────────────────────────
    Brought in from pools: EUR 20.00 by 1 agent
    Arrived: 4 payments, EUR 10,184.50
      tx-0  A → B     EUR 60.00  priority 5  due tick 2 (07:02)
      tx-1  B → C     EUR 25.00  priority 5  due tick 9 (07:09)
      tx-2  C → A  EUR 9,999.50  priority 5  due tick 9 (07:09)
      tx-3  C → B    EUR 100.00  priority 5  due tick 9 (07:09)
    Held in queue 1: 1 payment, EUR 100.00
      tx-3  C → B  EUR 100.00  held by policy
    Released: 3 payments, EUR 10,084.50, by 3 agents
    Settled on entry: 2 payments, EUR 10,024.50
      tx-1  B → C     EUR 25.00  B has EUR -5.00
      tx-2  C → A  EUR 9,999.50  C has EUR 1,224,592.50
    Joined queue 2: 1 payment, EUR 60.00
      tx-0  A → B  EUR 60.00  insufficient liquidity
    Still waiting near the deadline: 1 payment, EUR 60.00
      tx-0  A → B  EUR 60.00  in queue 2  due tick 2 (07:02), in 2 ticks
    Costs: EUR 0.24
      agent  overdraft  delay  pool liquidity  total
      A           0.00   0.12            0.00   0.12
      B           0.05   0.00            0.07   0.12
    Agents that changed (EUR)
      agent       balance     change     available  collateral  queue 1   value  queue 2  value  costs so far
      A         10,049.50  +9,999.50     10,049.50        0.00        0    0.00        1  60.00          0.12
      B             -5.00      -5.00         95.00      100.00        0    0.00        0   0.00          0.12
      C      1,224,592.50  -9,974.50  1,224,592.50        0.00        1  100.00        0   0.00          0.00
    Tick 0: 4 (EUR 10,184.50) arrived, 2 (EUR 10,024.50) settled; waiting in queue 1: 1 (EUR 100.00), in queue 2: 1 (EUR 60.00); costs EUR 0.24
    ");
}

#[test]
fn a_quiet_tick_warns_of_deadlines() {
    insta::assert_snapshot!(told(&busy_day())[1], @r"
    ── Tick 1 · day 0 · 07:01 ────────────────────────────────────────────────────
    Still waiting near the deadline: 1 payment, EUR 60.00
      tx-0  A → B  EUR 60.00  in queue 2  due tick 2 (07:02), in 1 tick
    Tick 1: 0 arrived, 0 settled; waiting in queue 1: 1 (EUR 100.00), in queue 2: 1 (EUR 60.00); costs EUR 0.00
    ");
}

#[test]
fn an_overdue_payment_settles_from_queue_2() {
    insta::assert_snapshot!(told(&busy_day())[3], @r"
    ── Tick 3 · day 0 · 07:03 ────────────────────────────────────────────────────
    Went overdue: 1 payment, EUR 60.00
      tx-0  A → B  EUR 60.00  due tick 2 (07:02)  penalty EUR 5.00
    Settled from queue 2: 1 payment, EUR 60.00
      tx-0  A → B  EUR 60.00  A has EUR 9,989.50  waited 3 ticks
    Settled late: 1 payment, EUR 60.00
      tx-0  A → B  EUR 60.00  1 tick late  penalty EUR 5.00
    Costs: EUR 5.00
      agent  penalties  total
      A           5.00   5.00
    Agents that changed (EUR)
      agent   balance  change  available  collateral  queue 1  value  queue 2  value  costs so far
      A      9,989.50  -60.00   9,989.50        0.00        0   0.00        0   0.00          5.12
      B         55.00  +60.00     155.00      100.00        0   0.00        0   0.00          0.12
    Tick 3: 0 arrived, 1 (EUR 60.00) settled; waiting in queue 1: 1 (EUR 100.00), in queue 2: 0; costs EUR 5.00
    ");
}

#[test]
fn a_last_tick_closes_the_day() {
    insta::assert_snapshot!(told(&busy_day())[9], @r"
    ── Tick 9 · day 0 · 07:09 ────────────────────────────────────────────────────
    Still waiting near the deadline: 1 payment, EUR 100.00
      tx-3  C → B  EUR 100.00  in queue 1  due tick 9 (07:09), now
    Costs: EUR 10.00
      agent  penalties  total
      C          10.00  10.00
    End-of-day penalties: 1 payment, EUR 10.00, part of these costs
    Returned to pools: EUR 20.00 by 1 agent
    Agents that changed (EUR)
      agent       balance  change     available  collateral  queue 1   value  queue 2  value  costs so far
      B             35.00  -20.00        135.00      100.00        0    0.00        0   0.00          0.12
      C      1,224,592.50    0.00  1,224,592.50        0.00        1  100.00        0   0.00         10.00
    Tick 9: 0 arrived, 0 settled; waiting in queue 1: 1 (EUR 100.00), in queue 2: 0; costs EUR 10.00

    Day 0 closes
                      count    of all          value    of all
      arrived             4  100.00 %  EUR 10,184.50  100.00 %
      settled             3   75.00 %  EUR 10,084.50   99.02 %
        on entry          2   50.00 %  EUR 10,024.50   98.43 %
        from queue 2      1   25.00 %      EUR 60.00    0.59 %
      still waiting       1   25.00 %     EUR 100.00    0.98 %
      went overdue        1   25.00 %      EUR 60.00    0.59 %
    Costs of the day: EUR 15.24 (overdraft EUR 0.05, delay EUR 0.12, penalties EUR 15.00, pool liquidity EUR 0.07)
    Penalties of the day: EUR 15.00
    Agents over the day (EUR)
      agent       balance     change     available  collateral  queue 1   value  queue 2  value  costs today
      A          9,989.50  +9,939.50      9,989.50        0.00        0    0.00        0   0.00         5.12
      B             35.00     +35.00        135.00      100.00        0    0.00        0   0.00         0.12
      C      1,224,592.50  -9,974.50  1,224,592.50        0.00        1  100.00        0   0.00        10.00
    The run ends, 1 payment left unsettled
    ");
}

#[test]
fn a_second_day_starts_its_account_anew() {
    let mut stream = Stream::new(2, 2);
    stream.agents(&[1_000, 0, 500]); // C does nothing and is not listed
    stream.arrive('A', 'B', 200, 3).settle(0);
    stream.arrive('A', 'B', 900, 3).queue(1, QueueReason::InsufficientLiquidity);
    stream.tick(1).end_of_day(1, 0);
    stream.tick(2).arrive('B', 'A', 100, 3).settle(2).release(1);
    stream.tick(3).end_of_day(0, 0).end(0);
    let last = told(&stream).pop().unwrap();
    let (_, day) = last.split_once("Day 1 closes\n").unwrap();
    insta::assert_snapshot!(day, @r"
                      count    of all      value    of all
      carried in          1   50.00 %   EUR 9.00   90.00 %
      arrived             1   50.00 %   EUR 1.00   10.00 %
      settled             2  100.00 %  EUR 10.00  100.00 %
        on entry          1   50.00 %   EUR 1.00   10.00 %
        from queue 2      1   50.00 %   EUR 9.00   90.00 %
      still waiting       0    0.00 %   EUR 0.00    0.00 %
    Costs of the day: EUR 0.00
    Agents over the day (EUR)
      agent  balance  change  available  queue 1  value  queue 2  value  costs today
      A         0.00   -8.00       0.00        0   0.00        0   0.00         0.00
      B        10.00   +8.00      10.00        0   0.00        0   0.00         0.00
    The run ends, nothing left unsettled
    ");
}

#[test]
fn a_close_tells_what_was_dropped_and_who_is_left_beyond_its_permission() {
    let mut stream = Stream::new(1, 1);
    stream.agents(&[0, 0]).allocate('A', 50);
    stream.arrive('A', 'B', 60, 0).queue(0, QueueReason::InsufficientLiquidity);
    stream.end_of_day(1, 0).give_back('A', 70).drop_closed(0);
    stream.push(AgentOverExtended {
        agent_id: AgentNo(0),
        shortfall: Money::from_minor(20),
        cause: OverExtensionCause::LiquidityReturn,
    });
    let text = told(&stream).remove(0);
    for line in [
        "  tx-0  A → B  EUR 0.60  dropped at the close  insufficient liquidity\n",
        "Returned to pools: EUR 0.70 by 1 agent\n",
        "Beyond their permission\n  A  EUR 0.20  after the return to its pool\n",
        "  dropped            1  100.00 %  EUR 0.60  100.00 %\n",
        "  still waiting      0    0.00 %  EUR 0.00    0.00 %\n",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[test]
fn bulky_tables_show_the_largest_fifty_and_count_the_rest() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[1_000; 80]);
    // Sixty payments of 1, 2, … 60 from as many banks; the smallest ten are left out.
    for payment in 0..60 {
        let (from, to) = (AgentNo(payment), AgentNo(79));
        stream.arrive_between(from, to, i64::from(payment) + 1, 9).settle(payment);
    }
    let text = told(&stream).remove(0);
    assert_eq!(text.matches("  … and 10 more\n").count(), 2, "{text}"); // arrivals, settlements
    assert_eq!(text.matches("  … and 30 more\n").count(), 1, "{text}"); // the agents opened
    assert_eq!(text.matches("  … and 11 more\n").count(), 1, "{text}"); // 60 senders, 1 receiver
    assert!(text.contains("Arrived: 60 payments, EUR 18.30\n  tx-10  "), "{text}");
    assert!(!text.contains("tx-9 "), "{text}");
    assert!(text.lines().count() < 230);
}

#[test]
fn no_events_at_all_give_no_text() {
    assert_eq!(told(&Stream::new(2, 1)).len(), 1);
    assert_eq!(VerboseReport::new().tick_text(&psim_model::event::EventBatch::default()), "");
}

#[test]
fn a_report_without_a_filter_tells_everything() {
    let mut report = VerboseReport::new();
    let stream = busy_day();
    let plain: Vec<String> = stream.batches.iter().map(|batch| report.tick_text(batch)).collect();
    assert_eq!(plain, told(&stream));
}

#[test]
fn a_filter_of_an_agent_restricts_sections_and_tables_but_not_the_state() {
    let filter = EventFilter {
        agent: Some("A".to_owned()),
        ticks: "0-2".parse().unwrap(),
        ..EventFilter::everything()
    };
    let ticks = told_of(&busy_day(), filter);
    let is_told: Vec<bool> = ticks.iter().map(|text| !text.is_empty()).collect();
    // Ticks 1 and 2 warn of tx-0; 3, where it settles, lies outside the range.
    assert_eq!(is_told, [[true; 3].as_slice(), &[false; 7]].concat());
    insta::assert_snapshot!(ticks[0], @r"
    1 agent (EUR)
      agent  balance  unsecured credit  collateral value  pool
      A        50.00              0.00              0.00  0.00

    ── Tick 0 · day 0 · 07:00 ────────────────────────────────────────────────────
    Arrived: 2 payments, EUR 10,059.50
      tx-0  A → B     EUR 60.00  priority 5  due tick 2 (07:02)
      tx-2  C → A  EUR 9,999.50  priority 5  due tick 9 (07:09)
    Released: 2 payments, EUR 10,059.50, by 2 agents
    Settled on entry: 1 payment, EUR 9,999.50
      tx-2  C → A  EUR 9,999.50  C has EUR 1,224,592.50
    Joined queue 2: 1 payment, EUR 60.00
      tx-0  A → B  EUR 60.00  insufficient liquidity
    Still waiting near the deadline: 1 payment, EUR 60.00
      tx-0  A → B  EUR 60.00  in queue 2  due tick 2 (07:02), in 2 ticks
    Costs: EUR 0.12
      agent  delay  total
      A       0.12   0.12
    Agents that changed (EUR)
      agent    balance     change  available  queue 1  value  queue 2  value  costs so far
      A      10,049.50  +9,999.50  10,049.50        0   0.00        1  60.00          0.12
    Tick 0: 4 (EUR 10,184.50) arrived, 2 (EUR 10,024.50) settled; waiting in queue 1: 1 (EUR 100.00), in queue 2: 1 (EUR 60.00); costs EUR 0.24
    ");
}

#[test]
fn a_filter_of_a_payment_tells_the_ticks_that_name_it() {
    let filter = EventFilter { payment: Some("tx-0".to_owned()), ..EventFilter::everything() };
    let ticks = told_of(&busy_day(), filter);
    let is_told: Vec<bool> = ticks.iter().map(|text| !text.is_empty()).collect();
    assert_eq!(is_told, [[true; 4].as_slice(), &[false; 6]].concat());
    insta::assert_snapshot!(ticks[3], @r"
    ── Tick 3 · day 0 · 07:03 ────────────────────────────────────────────────────
    Went overdue: 1 payment, EUR 60.00
      tx-0  A → B  EUR 60.00  due tick 2 (07:02)  penalty EUR 5.00
    Settled from queue 2: 1 payment, EUR 60.00
      tx-0  A → B  EUR 60.00  A has EUR 9,989.50  waited 3 ticks
    Settled late: 1 payment, EUR 60.00
      tx-0  A → B  EUR 60.00  1 tick late  penalty EUR 5.00
    Agents that changed (EUR)
      agent   balance  change  available  collateral  queue 1  value  queue 2  value  costs so far
      A      9,989.50  -60.00   9,989.50        0.00        0   0.00        0   0.00          5.12
      B         55.00  +60.00     155.00      100.00        0   0.00        0   0.00          0.12
    Tick 3: 0 arrived, 1 (EUR 60.00) settled; waiting in queue 1: 1 (EUR 100.00), in queue 2: 0; costs EUR 5.00
    ");
}

#[test]
fn a_filter_of_types_tells_nothing_else() {
    let kinds = Some(event_kinds("EndOfDay,AgentOpened").unwrap());
    let ticks = told_of(&busy_day(), EventFilter { kinds, ..EventFilter::everything() });
    let is_told: Vec<bool> = ticks.iter().map(|text| !text.is_empty()).collect();
    assert_eq!(is_told, [[true].as_slice(), &[false; 8], &[true]].concat());
    assert!(ticks[0].starts_with("3 agents (EUR)\n"), "{}", ticks[0]);
    assert!(!ticks[0].contains("Arrived"), "{}", ticks[0]);
    assert!(ticks[9].contains("\nDay 0 closes\n"), "{}", ticks[9]);
    assert!(!ticks[9].contains("Still waiting near the deadline"), "{}", ticks[9]);
    assert!(!ticks[9].contains("The run ends"), "{}", ticks[9]);
}

/// A filter restricts what is listed; a line that speaks of the tick speaks of all of it.
#[test]
fn the_last_line_of_a_tick_is_that_of_the_whole_system() {
    let last_lines = |filter: EventFilter| -> Vec<String> {
        let ticks = told_of(&busy_day(), filter);
        let lines = ticks.iter().flat_map(|text| text.lines());
        let lines = lines.filter(|line| line.starts_with("Tick "));
        lines.map(str::to_owned).collect()
    };
    let all = last_lines(EventFilter::everything());
    let of = |agent: Option<&str>, payment: Option<&str>| EventFilter {
        agent: agent.map(str::to_owned),
        payment: payment.map(str::to_owned),
        ..EventFilter::everything()
    };
    for filter in [of(Some("A"), None), of(Some("C"), None), of(None, Some("tx-3"))] {
        let found = last_lines(filter.clone());
        assert!(!found.is_empty(), "{filter:?}");
        for line in found {
            assert!(all.contains(&line), "{filter:?}: {line}");
        }
    }
}
