//! The measures of splits, offsets, limits, collateral and deferred credits, worked out by hand.

use psim_model::event::{
    CreditLimitChanged, InstructionType, Origin, QueueReason, Refusal, RulesSet, ScenarioEventType,
    SplitOutcome, TransferKind,
};
use psim_model::{Money, Tick, Total};
use psim_view::{Fold, Summary, SummaryFold, Tally};

use crate::stream::{Means, PLAIN, Stream, no};

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

/// Three split payments: one settles in its parts, one is dropped in part, one is half done and
/// was split twice; a fourth payment is whole.
fn splits() -> Stream {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[1_000, 0]);
    stream.arrive('A', 'B', 100, 9).split(0, &[50, 50], 1, 2).settle(1); // 1, 2
    stream.arrive('A', 'B', 60, 9).split(3, &[20, 40], 2, 0).settle(4); // 4, 5
    stream.queue(5, QueueReason::InsufficientLiquidity);
    stream.arrive('A', 'B', 80, 1).split(6, &[30, 50], 1, 4).settle(7); // 7, 8
    stream.arrive('A', 'B', 200, 9).settle(9);
    stream.tick(2).overdue(8, 5).settle(2).completed(0, SplitOutcome::Settled);
    stream.withdraw(5, Origin::Api).give_up(5, 3).completed(3, SplitOutcome::Dropped);
    stream.tick(4).split(8, &[25, 25], 2, 0).settle(10).overdue_settled(10, 0); // 10, 11
    stream.queue(11, QueueReason::MultilateralLimit);
    stream.tick(9).end_of_day(1, 8).end(1);
    stream
}

#[test]
fn a_split_payment_counts_once_and_its_parts_by_their_values() {
    let summary = summed(&splits());
    let payments = &summary.payments;
    assert_eq!(payments.arrived, tally(4, 440));
    assert_eq!(payments.settled, tally(2, 375));
    assert_eq!(payments.settled_on_entry, tally(1, 200));
    assert_eq!(payments.settled_from_queue2, tally(0, 0));
    assert_eq!(payments.settled_in_parts, tally(1, 175)); // 50 + 50 + 20 + 30 + 25
    assert_eq!(payments.unsettled, tally(2, 65));
    assert_eq!(payments.dropped, tally(1, 40));
    check_ratio(payments.settlement_rate_count, 0.5);
    check_ratio(payments.settlement_rate_value, 375.0 / 440.0);
    assert_eq!(summary.splits.split, tally(3, 240));
    assert_eq!(summary.splits.parts, tally(7, 240)); // 2 + 2 + 1 + 2
    let rows: Vec<_> = summary
        .unsettled_by_reason
        .iter()
        .map(|row| (row.reason, row.before, row.payments))
        .collect();
    let expected = [
        ("PolicyDecision", Some("Undecided"), tally(1, 40)),
        ("MultilateralLimit", None, tally(1, 25)),
    ];
    assert_eq!(rows, expected);
    assert_eq!(summary.agents[0].sent, tally(2, 375));
    assert_eq!(summary.agents[0].unsettled, tally(2, 65));
    assert_eq!(summary.deadlines.overdue, tally(1, 50)); // both parts of a part that was overdue
    assert_eq!(summary.deadlines.settled_late, tally(0, 25));
    assert_eq!(summary.deadlines.deadline_penalties, tally(2, 8));
    assert_eq!(summary.queues.ever_in_queue2, tally(2, 65));
    // The whole waits 0 ticks, the one that settled in parts 2.
    check_ratio(summary.delay.settled_wait_ticks_mean, 1.0);
    // 50 x 2, 40 x 10, 25 x 4 and 25 x 10 of 440 x 10.
    check_ratio(summary.delay.indicator, 850.0 / 4_400.0);
}

#[test]
fn what_is_split_after_a_withdrawal_was_in_queue_2_with_all_its_value() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[0, 0]).arrive('A', 'B', 90, 9).queue(0, QueueReason::InsufficientLiquidity);
    stream.tick(1).withdraw(0, Origin::Policy).split(0, &[40, 50], 1, 3);
    stream.queue(1, QueueReason::InsufficientLiquidity);
    assert_eq!(summed(&stream).queues.ever_in_queue2, tally(1, 90));
}

#[test]
fn the_first_unsettled_part_gives_the_reason_of_the_whole() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[0, 0]).arrive('A', 'B', 90, 9).split(0, &[30, 30, 30], 2, 1);
    stream.queue(1, QueueReason::BilateralLimit).queue(2, QueueReason::InsufficientLiquidity);
    let summary = summed(&stream);
    let rows: Vec<_> =
        summary.unsettled_by_reason.iter().map(|row| (row.reason, row.payments)).collect();
    let expected = [
        ("BilateralLimit", tally(1, 30)),
        ("Scheduled", tally(0, 30)),
        ("InsufficientLiquidity", tally(0, 30)),
    ];
    assert_eq!(rows.len(), expected.len());
    assert!(expected.iter().all(|row| rows.contains(row)), "{rows:?}");
    assert_eq!(summary.payments.unsettled, tally(1, 90));
}

#[test]
fn liquidity_is_used_by_transfers_and_by_what_offsets_leave_to_pay() {
    let mut stream = Stream::new(10, 1);
    stream.rules(RulesSet { deferred_crediting: true, ..PLAIN }).agents(&[100, 100, 0]);
    stream.arrive('B', 'A', 60, 9).queue(0, QueueReason::InsufficientLiquidity);
    stream.transfer('A', 'C', 30, TransferKind::DirectTransfer);
    stream.arrive('A', 'B', 70, 9).offset(1, 0); // A pays 10: 60 left
    stream.arrive('A', 'B', 5, 9).settle(2); // 55 left
    stream.credit('B', &[1, 2]);
    stream.tick(1).arrive('B', 'A', 20, 9).settle(3); // B from 115 to 95
    stream.credit('A', &[3]);
    let summary = summed(&stream);
    let used: Vec<i64> =
        summary.agents.iter().map(|agent| agent.liquidity_used_max.minor()).collect();
    assert_eq!(used, [45, 5, 0]);
    assert_eq!(summary.payments.settled_entry_offset, tally(2, 130));
    assert_eq!(summary.payments.settled, tally(4, 155));
    check_ratio(summary.liquidity.turnover_ratio, 155.0 / 50.0);
    let closing: Vec<i64> =
        summary.agents.iter().map(|agent| agent.closing_balance.minor()).collect();
    assert_eq!(closing, [75, 95, 30]);
    assert!(
        summary.to_text().contains("    by offset on entry      2     50.00 %"),
        "{}",
        summary.to_text()
    );
}

#[test]
fn a_moment_of_several_days_is_told_with_its_day() {
    let mut stream = Stream::timed(10, 2);
    stream.agents(&[100, 0]);
    stream.tick(11).arrive('A', 'B', 150, 19);
    stream.queue(0, QueueReason::InsufficientLiquidity);
    let text = summed(&stream).to_text();
    assert!(text.contains("after tick 11 (day 1, 07:01)\n"), "{text}");
}

#[test]
fn opening_liquidity_is_that_of_the_start_of_the_day() {
    let mut stream = Stream::new(2, 2);
    stream.agent(50, &Means { cap: 100, ..Means::default() });
    stream.push(CreditLimitChanged {
        agent_id: no('A'),
        unsecured_cap: Money::from_minor(10),
        max_collateral_capacity: Money::from_minor(100),
    });
    stream.tick(2);
    let opening: Vec<i128> =
        summed(&stream).liquidity.days.iter().map(|day| day.opening.minor()).collect();
    assert_eq!(opening, [150, 60]);
}

/// A run with limits that stop payments, collateral, a shock and instructions.
fn eventful() -> Stream {
    let mut stream = splits();
    stream.beyond_bilateral(9, 5, 5).beyond_multilateral(9, 5, 5);
    stream.post('A', 30, 30, "").post('A', 20, 50, "");
    stream.happen(ScenarioEventType::ParticipantOutage, (Some('A'), None), "{}", None);
    let refusal = Some(Refusal::NotWaiting);
    stream.instruct(InstructionType::Decide, (None, Some(0)), "{}", refusal);
    stream.instruct(InstructionType::SetLimits, (Some('A'), None), "{}", None);
    stream
}

#[test]
fn what_does_not_happen_in_every_run_has_its_sections() {
    let summary = summed(&eventful());
    assert_eq!(summary.limits.stopped_by_bilateral, tally(1, 200));
    let peak = summary.collateral.peak_posted.as_ref().unwrap();
    assert_eq!((peak.amount.minor(), peak.at.tick), (50, Tick(9)));
    let page = summary.to_text().replace(&summary.run.stream_hash, "(64 digits)");
    insta::assert_snapshot!(page, @r"
    Run complete: 10 of 10 ticks, 1 day of 10 ticks
      2 agents, seed 42, version 0.1.0
      scenario abc123

    Payments
                      count  of arrived     value  of arrived
      arrived             4              EUR 4.40
      settled             2     50.00 %  EUR 3.75     85.23 %
        on entry          1     25.00 %  EUR 2.00     45.45 %
        from queue 2      0      0.00 %  EUR 0.00      0.00 %
        in parts          1     25.00 %  EUR 1.75     39.77 %
      unsettled           2     50.00 %  EUR 0.65     14.77 %
        dropped           1     25.00 %  EUR 0.40      9.09 %

    Unsettled, by last reason
                                                  count  of unsettled     value  of unsettled
      dropped by its sender (not yet decided on)      1       50.00 %  EUR 0.40       61.54 %
      multilateral limit                              1       50.00 %  EUR 0.25       38.46 %

    Splits
      payments split  3  EUR 2.40
      parts           7  EUR 2.40

    Limits
      stopped by a bilateral limit     1  EUR 2.00
      stopped by a multilateral limit  1  EUR 2.00

    Liquidity
      used               EUR 3.75  37.50 % of EUR 10.00 opening liquidity
      turnover ratio         1.00  value settled / liquidity used
      largest overdraft      none

    Collateral
      most posted     EUR 0.50  after tick 9
      postings     2  EUR 0.50

    Delay
      delay indicator      0.1932  0: all settle on arrival, 1: none before the day closes
      mean delay       1.93 ticks  weighted by value, counted up to the close
      mean wait        1.00 ticks  of settled payments; 95 % waited at most 2, the longest 2

    Queues
      queue 1, most payments  2  EUR 1.00  after tick 0
      queue 1, most value     2  EUR 1.00  after tick 0
      queue 2, most payments  1  EUR 0.40  after tick 0
      queue 2, most value     1  EUR 0.40  after tick 0
      ever in queue 2         2  EUR 0.65  50.00 % of arrived

    Deadlines
      became overdue        1  EUR 0.50
      settled late          0  EUR 0.25
      deadline penalties    2  EUR 0.08
      end-of-day penalties  0  EUR 0.00

    Costs
      none

    Interventions
      scenario events applied   1
      instructions carried out  1
      instructions refused      1

    42 events, stream hash
      (64 digits)
    ");
}

#[test]
fn json_has_the_same_figures() {
    let json = summed(&eventful()).to_json();
    assert_eq!(json["splits"]["parts"], serde_json::json!({ "count": 7, "value": 240 }));
    assert_eq!(json["limits"]["stopped_by_multilateral"]["count"], 1);
    assert_eq!(json["collateral"]["posted"], serde_json::json!({ "count": 2, "value": 50 }));
    assert_eq!(json["scenario_events"], serde_json::json!({ "applied": 1, "not_applied": 0 }));
    assert_eq!(json["instructions"], serde_json::json!({ "given": 2, "refused": 1 }));
}
