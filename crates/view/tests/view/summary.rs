//! The measures of a run, each worked out by hand.

use psim_model::event::{HoldReason, QueueReason};
use psim_model::{Day, Money, Tick, Total};
use psim_view::{Fold, Moment, Summary, SummaryFold, Tally};

use crate::stream::{Means, RING, Stream, ring_at_upper_bound};

fn summed(stream: &Stream) -> Summary {
    let mut fold = SummaryFold::new();
    stream.batches.iter().for_each(|batch| fold.observe(batch));
    fold.finish()
}

fn tally(count: u64, value: i128) -> Tally {
    Tally { count, value: Total::from_minor(value) }
}

#[track_caller]
fn check_ratio(ratio: Option<f64>, expected: f64) {
    let ratio = ratio.expect("there is a ratio");
    assert!((ratio - expected).abs() < 1e-12, "{ratio} is not {expected}");
}

#[test]
fn the_ring_settles_at_once_with_liquidity_at_the_upper_bound() {
    let summary = summed(&ring_at_upper_bound());
    assert!(summary.run.complete);
    assert_eq!((summary.run.ticks_executed, summary.run.ticks_planned), (10, 10));
    assert_eq!(summary.run.events, 24); // start, 3 agents, 6 x 3 for the payments, 2 at the end

    let payments = &summary.payments;
    assert_eq!(payments.arrived, tally(6, 27_000));
    assert_eq!(payments.settled_on_entry, tally(6, 27_000));
    assert_eq!(payments.settled_from_queue2, tally(0, 0));
    assert_eq!(payments.unsettled, tally(0, 0));
    check_ratio(payments.settlement_rate_count, 1.0);
    check_ratio(payments.settlement_rate_value, 1.0);
    assert_eq!(summary.unsettled_by_reason, []);

    // A pays 50 first, B is at zero after paying 70 and 40 of 60 + 50, C only pays from receipts.
    let used: Vec<i64> =
        summary.agents.iter().map(|agent| agent.liquidity_used_max.minor()).collect();
    assert_eq!(used, [5_000, 6_000, 0]);
    let closing: Vec<i64> =
        summary.agents.iter().map(|agent| agent.closing_balance.minor()).collect();
    assert_eq!(closing, [1_000, 2_000, 8_000]);
    let day = summary.liquidity.peak_day.unwrap();
    assert_eq!((day.used.minor(), day.opening.minor()), (11_000, 11_000));
    check_ratio(day.usage, 1.0);
    check_ratio(summary.liquidity.turnover_ratio, 270.0 / 110.0);
    assert_eq!(summary.liquidity.peak_overdraft, None);

    check_ratio(summary.delay.indicator, 0.0);
    check_ratio(summary.delay.mean_ticks_by_value, 0.0);
    assert_eq!(summary.delay.settled_wait_ticks_max, Some(0));
    assert_eq!(summary.queues.queue2_peak_count, None);
    assert_eq!(summary.queues.queue1_peak_value, None); // never at the end of a tick
}

/// The ring with the least liquidity that would do if all were netted: under `fifo`, nothing moves.
fn gridlocked_ring() -> Stream {
    let mut stream = Stream::timed(10, 1);
    stream.agents(&[4_000, 4_000, 0]);
    for (tick, (from, to, amount)) in (0..).zip(RING) {
        let reason = match tick {
            0..3 => QueueReason::InsufficientLiquidity,
            _ => QueueReason::EarlierPayment,
        };
        stream.tick(tick).arrive(from, to, amount, 9).queue(tick, reason);
    }
    stream.tick(9).end_of_day(6, 0).end(6);
    stream
}

#[test]
fn the_ring_is_gridlocked_with_liquidity_at_the_lower_bound() {
    let summary = summed(&gridlocked_ring());
    assert_eq!(summary.payments.unsettled, tally(6, 27_000));
    check_ratio(summary.payments.settlement_rate_value, 0.0);
    check_ratio(summary.delay.indicator, 1.0);
    // (50 x 10 + 70 x 9 + 30 x 8 + 40 x 7 + 60 x 6 + 20 x 5) / 270
    check_ratio(summary.delay.mean_ticks_by_value, 2_110.0 / 270.0);
    check_ratio(summary.delay.mean_minutes_by_value, 2_110.0 / 270.0);
    assert_eq!(summary.delay.settled_wait_ticks_mean, None);
    assert_eq!(summary.liquidity.peak_day.unwrap().used, Total::ZERO);
    assert_eq!(summary.liquidity.turnover_ratio, None);

    let reasons: Vec<_> =
        summary.unsettled_by_reason.iter().map(|row| (row.reason, row.payments)).collect();
    assert_eq!(
        reasons,
        [("InsufficientLiquidity", tally(3, 15_000)), ("EarlierPayment", tally(3, 12_000))]
    );
    let peak = summary.queues.queue2_peak_count.unwrap();
    assert_eq!(peak.size, tally(6, 27_000));
    let time = Some("07:05".to_owned());
    assert_eq!(peak.at, Moment { tick: Tick(5), day: Day(0), time });
    assert_eq!(summary.queues.queue2_at_end, tally(6, 27_000));
    assert_eq!(summary.queues.ever_in_queue2, tally(6, 27_000));
    check_ratio(summary.queues.ever_in_queue2_share, 1.0);
}

#[test]
fn delay_runs_to_settlement_or_to_the_close() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[1_000, 0]);
    stream.arrive('A', 'B', 100, 9).queue(0, QueueReason::InsufficientLiquidity);
    stream.tick(2).arrive('A', 'B', 300, 9).hold(1, HoldReason::PolicyDecision);
    stream.tick(4).release(0);
    stream.tick(9).end_of_day(1, 0).end(1);
    let summary = summed(&stream);
    // 100 waits 4 of 10 ticks, 300 all 8 that were left.
    check_ratio(summary.delay.indicator, (400.0 + 2_400.0) / (1_000.0 + 2_400.0));
    check_ratio(summary.delay.mean_ticks_by_value, 2_800.0 / 400.0);
    assert_eq!(summary.delay.mean_minutes_by_value, None);
    check_ratio(summary.delay.settled_wait_ticks_mean, 4.0);
    assert_eq!(summary.delay.settled_wait_ticks_p95, Some(4));
    check_ratio(summary.payments.settlement_rate_count, 0.5);
    check_ratio(summary.payments.settlement_rate_value, 0.25);
}

#[test]
fn what_settles_on_a_later_day_was_delayed_to_the_close_of_its_own() {
    let mut stream = Stream::new(10, 2);
    stream.agents(&[100, 0]);
    stream.tick(8).arrive('A', 'B', 60, 19).queue(0, QueueReason::InsufficientLiquidity);
    stream.tick(9).end_of_day(1, 0);
    stream.tick(12).release(0);
    stream.tick(19).end_of_day(0, 0).end(0);
    let summary = summed(&stream);
    check_ratio(summary.delay.indicator, 1.0);
    check_ratio(summary.delay.mean_ticks_by_value, 2.0);
    check_ratio(summary.delay.settled_wait_ticks_mean, 4.0);
}

#[test]
fn liquidity_used_is_measured_from_the_start_of_each_day_after_the_pool() {
    let mut stream = Stream::new(10, 2);
    stream.agent(100, &Means { pool: 50, ..Means::default() }).agents(&[0]);
    stream.allocate('A', 50);
    stream.arrive('A', 'B', 30, 9).settle(0); // 150 to 120
    stream.tick(9).end_of_day(0, 0).give_back('A', 50); // to 70, which is no use
    stream.tick(10).allocate('A', 50); // to 120
    stream.arrive('A', 'B', 60, 19).settle(1); // to 60
    stream.arrive('B', 'A', 10, 19).settle(2); // B from 90, above its 30 in the morning
    stream.tick(19).end_of_day(0, 0).give_back('A', 50).end(0);
    let summary = summed(&stream);
    let days: Vec<_> = summary
        .liquidity
        .days
        .iter()
        .map(|day| (day.day.0, day.used.minor(), day.opening.minor()))
        .collect();
    assert_eq!(days, [(0, 30, 150), (1, 60, 150)]);
    let peak = summary.liquidity.peak_day.unwrap();
    assert_eq!(peak.day, Day(1));
    check_ratio(peak.usage, 0.4);
    assert_eq!(summary.liquidity.mean_used, Total::from_minor(45));
    check_ratio(summary.liquidity.turnover_ratio, 100.0 / 90.0);
    assert_eq!(summary.agents[0].liquidity_used_max, Money::from_minor(60));
    let page = summary.to_text();
    assert!(page.contains("day 1, 40.00 % of EUR 1.50 opening liquidity"), "{page}");
}

#[test]
fn credit_counts_as_liquidity_and_its_largest_use_is_named() {
    let mut stream = Stream::new(10, 1);
    stream.agent(20, &Means { cap: 100, ..Means::default() });
    stream.agent(-10, &Means { cap: 10, ..Means::default() });
    stream.tick(1).arrive('A', 'B', 50, 9).settle(0); // A at -30
    stream.tick(3).arrive('A', 'B', 40, 9).settle(1); // A at -70
    stream.tick(5).arrive('B', 'A', 5, 9).settle(2);
    let summary = summed(&stream);
    let day = summary.liquidity.peak_day.unwrap();
    assert_eq!((day.used.minor(), day.opening.minor()), (90, 120)); // B: -10 + 10 is nothing
    let peak = summary.liquidity.peak_overdraft.unwrap();
    assert_eq!((peak.agent_id.as_str(), peak.amount.minor()), ("A", 70));
    assert_eq!(peak.at, Moment { tick: Tick(3), day: Day(0), time: None });
}

#[test]
fn queue_peaks_are_those_at_the_ends_of_ticks_and_the_first_of_equals() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[1_000, 0]);
    stream.arrive('A', 'B', 500, 9).hold(0, HoldReason::PolicyDecision);
    // Three arrive; two remain in queue 1, then two again.
    stream.tick(1).arrive('A', 'B', 1, 9).arrive('A', 'B', 2, 9).settle(0).settle(1);
    stream.arrive('A', 'B', 3, 9);
    stream.tick(3).settle(2).settle(3);
    let queues = summed(&stream).queues;
    let count = queues.queue1_peak_count.unwrap();
    assert_eq!((count.size, count.at.tick), (tally(2, 5), Tick(1)));
    let value = queues.queue1_peak_value.unwrap();
    assert_eq!((value.size, value.at.tick), (tally(1, 500), Tick(0)));
    assert_eq!(queues.queue1_at_end, tally(0, 0));
}

#[test]
fn dropped_payments_are_unsettled_because_closed() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[0, 0]);
    stream.arrive('A', 'B', 10, 9).queue(0, QueueReason::NotBefore);
    stream.arrive('A', 'B', 20, 9).hold(1, HoldReason::PolicyDecision);
    stream.arrive('A', 'B', 40, 9);
    stream.tick(5).hold(1, HoldReason::CutOff);
    stream.tick(9).drop_closed(0);
    let summary = summed(&stream);
    assert_eq!(summary.payments.dropped, tally(1, 10));
    assert_eq!(summary.payments.unsettled, tally(3, 70));
    let rows: Vec<_> = summary
        .unsettled_by_reason
        .iter()
        .map(|row| (row.reason, row.before, row.payments.value.minor()))
        .collect();
    let expected =
        [("Undecided", None, 40), ("CutOff", None, 20), ("Closed", Some("NotBefore"), 10)];
    assert_eq!(rows, expected);
    let page = summary.to_text();
    assert!(page.contains("dropped at the close (earliest tick not reached)"), "{page}");
}

#[test]
fn costs_and_penalties_are_summed_by_kind_and_by_agent() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[0; 12]);
    stream.arrive('A', 'B', 700, 2).queue(0, QueueReason::InsufficientLiquidity);
    stream.arrive('A', 'B', 300, 1).queue(1, QueueReason::InsufficientLiquidity);
    for (agent, cost) in ('A'..='L').zip(1..) {
        stream.cost(agent, [cost, 0, 0, 0, 0, 0]);
    }
    stream.tick(2).overdue(1, 5).cost('A', [0, 0, 0, 5, 0, 0]);
    stream.tick(3).overdue(0, 5).release(0).overdue_settled(0, 5).cost('A', [0, 2, 0, 5, 0, 0]);
    stream.tick(9).end_of_day_penalty(1, 9).cost('A', [0, 0, 0, 9, 0, 0]).end_of_day(1, 19);
    let summary = summed(&stream);
    assert_eq!(summary.costs.by_kind.liquidity_cost.minor(), 78); // 1 + 2 + … + 12
    assert_eq!(summary.costs.by_kind.delay_cost.minor(), 2);
    assert_eq!(summary.costs.by_kind.penalty_cost.minor(), 19);
    assert_eq!(summary.costs.total.minor(), 99);
    assert_eq!(summary.agents[0].costs.total.minor(), 22);
    assert_eq!(summary.deadlines.overdue, tally(2, 1_000));
    assert_eq!(summary.deadlines.settled_late, tally(1, 700));
    assert_eq!(summary.deadlines.deadline_penalties, tally(2, 10));
    assert_eq!(summary.deadlines.end_of_day_penalties, tally(1, 9));
    // Ten agents are named, A with 22 first; B and C with 2 and 3 are left.
    let page = summary.to_text();
    let (_, by_agent) = page.split_once("Costs by agent\n").unwrap();
    assert!(by_agent.starts_with("  A       EUR 0.22  22.22 %\n  L       EUR 0.12"), "{page}");
    assert!(by_agent.contains("\n  2 more  EUR 0.05   5.05 %\n"), "{page}");
}

#[test]
fn a_penalty_of_nothing_is_none() {
    let mut stream = Stream::new(4, 1);
    stream.agents(&[0, 0]).arrive('A', 'B', 5, 0).hold(0, HoldReason::PolicyDecision);
    stream.tick(1).overdue(0, 0).arrive('A', 'B', 5, 1).hold(1, HoldReason::PolicyDecision);
    stream.tick(2).overdue(1, 7);
    let deadlines = summed(&stream).deadlines;
    assert_eq!(deadlines.overdue, tally(2, 10));
    assert_eq!(deadlines.deadline_penalties, tally(1, 7));
}

#[test]
fn a_page_never_shows_all_settled_when_one_is_not() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[1_000_000, 0]);
    for payment in 0..30_000 {
        stream.arrive('A', 'B', 10, 9);
        if payment != 7 {
            stream.settle(payment);
        }
    }
    let page = summed(&stream).to_text();
    let settled = page.lines().find(|line| line.starts_with("  settled")).unwrap();
    assert!(settled.contains("99.997 %") && !settled.contains("100"), "{settled}");
}

#[test]
fn a_run_may_stop_early() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[5, 5]).tick(2);
    let summary = summed(&stream);
    assert!(!summary.run.complete);
    assert_eq!((summary.run.ticks_executed, summary.run.ticks_planned), (3, 10));
    assert!(summary.to_text().starts_with("Run stopped early: 3 of 10 ticks, 1 day of 10 ticks\n"));
    assert_eq!(summary.payments.settlement_rate_count, None);
    assert_eq!(summary.delay.indicator, None);
}

#[test]
fn nothing_is_said_of_an_empty_stream() {
    let summary = SummaryFold::new().finish();
    assert_eq!(summary.to_text(), "Nothing ran: the event stream is empty\n");
    assert_eq!(summary.run.events, 0);
    assert!(summary.to_json().is_object());
}

#[test]
fn a_damaged_stream_gives_a_summary_of_what_is_there() {
    let mut stream = gridlocked_ring();
    stream.batches.remove(0);
    let summary = summed(&stream);
    assert_eq!(summary.payments.arrived, tally(0, 0));
    assert!(summary.to_text().contains("stream hash"));
}

#[test]
fn json_has_minor_units_ratios_and_ids() {
    let json = summed(&gridlocked_ring()).to_json();
    let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    let expected = [
        "agents",
        "collateral",
        "costs",
        "currency",
        "deadlines",
        "delay",
        "instructions",
        "limits",
        "liquidity",
        "liquidity_saving",
        "payments",
        "policies",
        "queues",
        "run",
        "scenario_events",
        "splits",
        "unsettled_by_reason",
    ];
    assert_eq!(keys, expected);
    assert_eq!(json["payments"]["arrived"]["value"], 27_000);
    assert_eq!(json["payments"]["settlement_rate_count"], 0.0);
    assert_eq!(json["delay"]["indicator"], 1.0);
    assert_eq!(json["agents"][1]["id"], "B");
    assert_eq!(json["agents"][1]["unsettled"]["value"], 11_000);
    assert_eq!(json["queues"]["queue2_peak_value"]["tick"], 5);
    assert_eq!(json["queues"]["queue2_peak_value"]["time"], "07:05");
    assert_eq!(json["unsettled_by_reason"][0]["reason"], "InsufficientLiquidity");
    assert_eq!(json["unsettled_by_reason"][0]["value"], 15_000);
    assert_eq!(json["unsettled_by_reason"][0]["before"], serde_json::Value::Null);
    assert_eq!(json["liquidity"]["turnover_ratio"], serde_json::Value::Null);
    assert_eq!(json["costs"]["total"], 0);
    assert_eq!(json["run"]["stream_hash"].as_str().map(str::len), Some(64));
}

#[test]
fn json_spells_out_sums_beyond_64_bits() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[i64::MAX, 0]);
    stream.arrive('A', 'B', i64::MAX, 9).settle(0).arrive('B', 'A', i64::MAX, 9).settle(1);
    let json = summed(&stream).to_json();
    assert_eq!(json["payments"]["settled"]["value"], "18446744073709551614");
}

#[test]
fn the_page_of_a_small_run() {
    let summary = summed(&crate::stream::busy_day());
    let page = summary.to_text().replace(&summary.run.stream_hash, "(64 digits)");
    insta::assert_snapshot!(page, @r"
    Run complete: 10 of 10 ticks, 1 day of 10 ticks
      3 agents, seed 42, version 0.1.0
      scenario abc123

    Payments
                      count  of arrived          value  of arrived
      arrived             4              EUR 10,184.50
      settled             3     75.00 %  EUR 10,084.50     99.02 %
        on entry          2     50.00 %  EUR 10,024.50     98.43 %
        from queue 2      1     25.00 %      EUR 60.00      0.59 %
      unsettled           1     25.00 %     EUR 100.00      0.98 %

    Unsettled, by last reason
                      count  of unsettled       value  of unsettled
      held by policy      1      100.00 %  EUR 100.00      100.00 %

    Liquidity
      used               EUR 9,999.50  0.81 % of EUR 1,234,737.00 opening liquidity
      turnover ratio             1.01  value settled / liquidity used
      largest overdraft      EUR 5.00  B, tick 0 (07:00)

    Delay
      delay indicator      0.0116  0: all settle on arrival, 1: none before the day closes
      mean delay       0.12 ticks  0.1 minutes, weighted by value, counted up to the close
      mean wait        1.00 ticks  of settled payments; 95 % waited at most 3, the longest 3

    Queues
      queue 1, most payments  1  EUR 100.00  after tick 0 (07:00)
      queue 1, most value     1  EUR 100.00  after tick 0 (07:00)
      queue 2, most payments  1   EUR 60.00  after tick 0 (07:00)
      queue 2, most value     1   EUR 60.00  after tick 0 (07:00)
      ever in queue 2         1   EUR 60.00  25.00 % of arrived

    Deadlines
      became overdue        1  EUR 60.00
      settled late          1  EUR 60.00
      deadline penalties    1   EUR 5.00
      end-of-day penalties  1  EUR 10.00

    Costs
      overdraft        EUR 0.05   0.33 %
      delay            EUR 0.12   0.79 %
      penalties       EUR 15.00  98.43 %
      pool liquidity   EUR 0.07   0.46 %
      total           EUR 15.24

    Costs by agent
      C  EUR 10.00  65.62 %
      A   EUR 5.12  33.60 %
      B   EUR 0.12   0.79 %

    27 events, stream hash
      (64 digits)
    ");
}
