//! Liquidity saving in all reports: sets that algorithms settle, bounds, blocked queues.

use psim_model::event::{BlockKind, LsmBound, QueueReason, RulesSet};
use psim_model::{LsmAlgorithm, PaymentNo, Tick, Total};
use psim_view::{
    BlockSummary, EventFilter, Fold, Life, Place, Projection, Settlement, Summary, SummaryFold,
    TickLines, Trace, VerboseReport,
};

use LsmAlgorithm::{AllOrNothing, Bilateral, Cycles, GridlockResolution, Partial, Retry};

use crate::stream::{PLAIN, Stream};

fn summed(stream: &Stream) -> Summary {
    let mut fold = SummaryFold::new();
    stream.batches.iter().for_each(|batch| fold.observe(batch));
    fold.finish()
}

fn last_told(stream: &Stream, filter: EventFilter) -> String {
    let mut report = VerboseReport::with_filter(filter);
    stream.batches.iter().map(|batch| report.tick_text(batch)).last().unwrap()
}

fn traced(stream: &Stream, payment: &str) -> Life {
    let mut trace = Trace::new(payment);
    stream.batches.iter().for_each(|batch| trace.observe(batch));
    trace.finish(u32::try_from(stream.batches.len()).unwrap())
}

/// A pair, a ring and a batch; two payments are left in a deadlock.
fn saving_day() -> Stream {
    let mut stream = Stream::timed(10, 1);
    stream.agents(&[50, 50, 50]);
    let payments = [
        ('A', 'B', 100), // a pair
        ('B', 'A', 90),
        ('A', 'B', 50), // a ring
        ('B', 'C', 60),
        ('C', 'A', 70),
        ('A', 'C', 30), // a batch
        ('B', 'C', 40),
        ('C', 'A', 55),
        ('A', 'B', 500), // a deadlock
        ('B', 'C', 400),
    ];
    for (tx, (from, to, amount)) in (0..).zip(payments) {
        stream.arrive(from, to, amount, 9).queue(tx, QueueReason::InsufficientLiquidity);
    }
    stream.blocked(BlockKind::Gridlock, 10, 1_395, 8);
    stream.tick(2).settle_set(Bilateral, &[0, 1]);
    stream.bound(LsmBound::MaxSteps, 1_000, Bilateral);
    stream.tick(4).settle_set(Cycles, &[2, 3, 4]).execution((2, Cycles), 3, 180);
    stream.settle_set(GridlockResolution, &[5, 6, 7]);
    stream.execution((3, GridlockResolution), 3, 125).execution((1, Bilateral), 0, 0);
    stream.bound(LsmBound::MaxCyclesPerTick, 1, Cycles).bound(LsmBound::MaxRounds, 2, Bilateral);
    stream.tick(6).blocked(BlockKind::Deadlock, 2, 900, 0);
    stream.tick(9).end_of_day(2, 0).end(2);
    stream
}

#[test]
fn the_summary_sets_what_was_moved_against_what_settled() {
    let summary = summed(&saving_day());
    let rows: Vec<_> = summary
        .liquidity_saving
        .algorithms
        .iter()
        .map(|row| (row.algorithm, row.sets, row.payments.count, row.moved.minor()))
        .collect();
    // A pays 10; B pays 10 and C pays 10; B pays 40, A gets 25 and C 15.
    assert_eq!(
        rows,
        [("Bilateral", 1, 2, 10), ("Cycles", 1, 3, 20), ("GridlockResolution", 1, 3, 40)]
    );
    assert_eq!(summary.payments.settled_by_algorithm.count, 8);
    assert_eq!(summary.payments.settled_by_algorithm.value, Total::from_minor(495));
    let page = summary.to_text().replace(&summary.run.stream_hash, "(64 digits)");
    insta::assert_snapshot!(page, @r"
    Run complete: 10 of 10 ticks, 1 day of 10 ticks
      3 agents, seed 42, version 0.1.0
      scenario abc123

    Payments
                      count  of arrived      value  of arrived
      arrived            10              EUR 13.95
      settled             8     80.00 %   EUR 4.95     35.48 %
        on entry          0      0.00 %   EUR 0.00      0.00 %
        from queue 2      0      0.00 %   EUR 0.00      0.00 %
        by algorithm      8     80.00 %   EUR 4.95     35.48 %
      unsettled           2     20.00 %   EUR 9.00     64.52 %

    Unsettled, by last reason
                              count  of unsettled     value  of unsettled
      insufficient liquidity      2      100.00 %  EUR 9.00      100.00 %

    Liquidity
      used               EUR 0.60  40.00 % of EUR 1.50 opening liquidity
      turnover ratio         8.25  value settled / liquidity used
      largest overdraft      none

    Liquidity saving
                           sets  payments     value     moved     saved  of value  mean wait in queue 2
      bilateral               1         2  EUR 1.90  EUR 0.10  EUR 1.80   94.74 %  2.00 ticks, 2.0 minutes
      cycles                  1         3  EUR 1.80  EUR 0.20  EUR 1.60   88.89 %  4.00 ticks, 4.0 minutes
      gridlock resolution     1         3  EUR 1.25  EUR 0.40  EUR 0.85   68.00 %  4.00 ticks, 4.0 minutes
      all                     3         8  EUR 4.95  EUR 0.70  EUR 4.25   85.86 %
      bounds reached: 3 (1 max_steps, 1 max_rounds, 1 max_cycles_per_tick)

    Delay
      delay indicator      0.7599  0: all settle on arrival, 1: none before the day closes
      mean delay       7.60 ticks  7.6 minutes, weighted by value, counted up to the close
      mean wait        3.50 ticks  of settled payments; 95 % waited at most 4, the longest 4

    Queues
      queue 2, most payments  10  EUR 13.95  after tick 0 (07:00)
      queue 2, most value     10  EUR 13.95  after tick 0 (07:00)
      ever in queue 2         10  EUR 13.95  100.00 % of arrived

    Queue 2 blocked
      gridlock  1 episode  2 ticks  2 min
      deadlock  1 episode  4 ticks  4 min

    Costs
      none

    47 events, stream hash
      (64 digits)
    ");
}

#[test]
fn json_has_the_same_figures() {
    let json = summed(&saving_day()).to_json();
    let saving = &json["liquidity_saving"];
    assert_eq!(
        saving["algorithms"][1],
        serde_json::json!({
            "algorithm": "Cycles", "sets": 1, "count": 3, "value": 180, "moved": 20, "saved": 160,
            "queue2_wait_ticks_mean": 4.0, "queue2_wait_minutes_mean": 4.0,
        })
    );
    let reached = serde_json::json!({ "max_steps": 1, "max_rounds": 1, "max_cycles_per_tick": 1 });
    assert_eq!(saving["bounds_reached"], reached);
    assert_eq!(saving["gridlock"], serde_json::json!({ "episodes": 1, "ticks": 2 }));
    assert_eq!(saving["deadlock"], serde_json::json!({ "episodes": 1, "ticks": 4 }));
}

#[test]
fn a_run_without_liquidity_saving_says_nothing_of_it() {
    let page = summed(&crate::stream::busy_day()).to_text();
    assert!(!page.contains("Liquidity saving") && !page.contains("blocked"), "{page}");
}

#[test]
fn a_bound_is_told_though_nothing_settled() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[0, 0]).bound(LsmBound::MaxSteps, 3, Partial);
    let page = summed(&stream).to_text();
    let section = "\nLiquidity saving\n  bounds reached: 1 (1 max_steps)\n";
    assert!(page.contains(section), "{page}");
}

#[test]
fn blocks_end_when_something_settles_or_nothing_waits() {
    let blocks = |stream: &Stream| {
        let saving = summed(stream).liquidity_saving;
        [saving.gridlock, saving.deadlock].map(|BlockSummary { episodes, ticks }| (episodes, ticks))
    };
    let mut stream = Stream::new(10, 2);
    stream
        .agents(&[100, 0])
        .arrive('A', 'B', 10, 9)
        .arrive('A', 'B', 20, 9)
        .arrive('B', 'A', 30, 9);
    stream.queue(0, QueueReason::InsufficientLiquidity);
    stream.tick(1).blocked(BlockKind::Deadlock, 1, 10, 0);
    stream.tick(3).blocked(BlockKind::Gridlock, 1, 10, 1); // it becomes the other kind
    stream.tick(4).settle(1); // any payment that settles is an end
    stream.tick(5);
    assert_eq!(blocks(&stream), [(1, 1), (1, 2)]);
    stream.tick(6).blocked(BlockKind::Gridlock, 1, 10, 1);
    stream.tick(7).withdraw(0, psim_model::event::Origin::Api); // nothing is left
    stream.tick(8);
    assert_eq!(blocks(&stream), [(2, 2), (1, 2)]);
    stream.queue(2, QueueReason::InsufficientLiquidity).blocked(BlockKind::Deadlock, 1, 30, 0);
    // The close takes away what has been waiting in that tick too.
    stream.tick(9).drop_closed(2).end_of_day(0, 0).tick(11);
    assert_eq!(blocks(&stream), [(2, 2), (2, 4)]);
}

#[test]
fn each_set_has_its_block_of_lines() {
    let mut stream = saving_day();
    stream.batches.truncate(5);
    insta::assert_snapshot!(last_told(&stream, EventFilter::everything()), @r"
    ── Tick 4 · day 0 · 07:04 ────────────────────────────────────────────────────
    Settled by algorithm (cycles), A → B → C → A: 3 payments, EUR 1.80
      tx-2  A → B  EUR 0.50
      tx-3  B → C  EUR 0.60
      tx-4  C → A  EUR 0.70
      on balance: A +0.20, B -0.10, C -0.10; largest outflow EUR 0.10, by B
    Settled by algorithm (gridlock resolution), A, B, C: 3 payments, EUR 1.25
      tx-5  A → C  EUR 0.30
      tx-6  B → C  EUR 0.40
      tx-7  C → A  EUR 0.55
      on balance: A +0.25, B -0.40, C +0.15; largest outflow EUR 0.40, by B
    Algorithms run: 3
      2  cycles               settled 3 payments, EUR 1.80
      3  gridlock resolution  settled 3 payments, EUR 1.25
      1  bilateral            settled nothing
    Bounds reached: 2
      cycles     max_cycles_per_tick 1  the rings that were left were not tested
      bilateral  max_rounds 2           the list of algorithms was not begun again
    Agents that changed (EUR)
      agent  balance  change  available  queue 1  value  queue 2  value  costs so far
      A         0.85   +0.45       0.85        0   0.00        1   5.00          0.00
      B         0.10   -0.50       0.10        0   0.00        1   4.00          0.00
      C         0.55   +0.05       0.55        0   0.00        0   0.00          0.00
    Tick 4: 0 arrived, 6 (EUR 3.05) settled; waiting in queue 1: 0, in queue 2: 2 (EUR 9.00); costs EUR 0.00
    ");
}

#[test]
fn a_pair_a_bound_and_a_deadlock_in_words() {
    let mut stream = saving_day();
    stream.batches.truncate(7);
    let told = last_told(&stream, EventFilter::everything());
    let line = "Deadlock: 2 payments worth EUR 9.00 cannot move, neither one by one nor together\n";
    assert!(told.contains(line), "{told}");
    stream.batches.truncate(3);
    insta::assert_snapshot!(last_told(&stream, EventFilter::everything()), @r"
    ── Tick 2 · day 0 · 07:02 ────────────────────────────────────────────────────
    Settled by algorithm (bilateral), A, B: 2 payments, EUR 1.90
      tx-0  A → B  EUR 1.00
      tx-1  B → A  EUR 0.90
      on balance: A -0.10, B +0.10; largest outflow EUR 0.10, by A
    Bounds reached: 1
      bilateral  max_steps 1,000  the pair in hand and those after it were left
    Agents that changed (EUR)
      agent  balance  change  available  queue 1  value  queue 2  value  costs so far
      A         0.40   -0.10       0.40        0   0.00        3   5.80          0.00
      B         0.60   +0.10       0.60        0   0.00        3   5.00          0.00
    Tick 2: 0 arrived, 2 (EUR 1.90) settled; waiting in queue 1: 0, in queue 2: 8 (EUR 12.05); costs EUR 0.00
    ");
    stream.batches.truncate(1);
    let told = last_told(&stream, EventFilter::everything());
    let line = "Gridlock: 10 payments worth EUR 13.95 cannot move one by one, 8 of them could settle \
                together\n";
    assert!(told.contains(line), "{told}");
}

#[test]
fn what_a_bound_leaves_undone_depends_on_the_algorithm() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[0]).tick(1);
    for algorithm in [Bilateral, Cycles, GridlockResolution, Partial] {
        stream.bound(LsmBound::MaxSteps, 5, algorithm);
    }
    stream.bound(LsmBound::MaxRounds, 7, Retry);
    insta::assert_snapshot!(last_told(&stream, EventFilter::everything()), @r"
    ── Tick 1 · day 0 ────────────────────────────────────────────────────────────
    Bounds reached: 5
      bilateral            max_steps 5   the pair in hand and those after it were left
      cycles               max_steps 5   the ring in hand and those after it were left
      gridlock resolution  max_steps 5   more payments would have had to be left out, so none settled
      partial              max_steps 5   more payments would have had to be left out, so none settled
      retry                max_rounds 7  the list of algorithms was not begun again
    Tick 1: 0 arrived, 0 settled; waiting in queue 1: 0, in queue 2: 0; costs EUR 0.00
    ");
}

/// A batch of many payments from 30 agents to the first, then many small pairs.
fn large_sets() -> Stream {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[0; 30]);
    let others = || 1..30_u32;
    for other in others() {
        let (other, first) = (psim_model::AgentNo(other), psim_model::AgentNo(0));
        stream.arrive_between(other, first, 100 + i64::from(other.0), 9);
        stream.arrive_between(first, other, 100, 9);
    }
    for tx in 0..58 {
        stream.queue(tx, QueueReason::InsufficientLiquidity);
    }
    stream
}

#[test]
fn a_large_batch_does_not_fill_the_page() {
    let mut stream = large_sets();
    stream.tick(1).settle_set(AllOrNothing, &(0..58).collect::<Vec<_>>());
    let told = last_told(&stream, EventFilter::everything());
    let (sets, _) = told.split_once("Agents that changed").unwrap();
    insta::assert_snapshot!(sets, @r"
    ── Tick 1 · day 0 ────────────────────────────────────────────────────────────
    Settled by algorithm (all or nothing), 30 agents: 58 payments, EUR 62.35
      tx-38  U → A      EUR 1.20
      tx-40  V → A      EUR 1.21
      tx-42  W → A      EUR 1.22
      tx-44  X → A      EUR 1.23
      tx-46  Y → A      EUR 1.24
      tx-48  Z → A      EUR 1.25
      tx-50  Z0026 → A  EUR 1.26
      tx-52  Z0027 → A  EUR 1.27
      tx-54  Z0028 → A  EUR 1.28
      tx-56  Z0029 → A  EUR 1.29
      … and 48 more
      on balance: A +4.35, V -0.21, W -0.22, X -0.23, Y -0.24, Z -0.25, Z0026 -0.26, Z0027 -0.27, Z0028 -0.28, Z0029 -0.29, … and 20 more; largest outflow EUR 0.29, by Z0029
    ");
}

#[test]
fn many_sets_do_not_fill_the_page() {
    let mut stream = large_sets();
    stream.tick(1);
    for pair in 0..29 {
        stream.settle_set(Bilateral, &[2 * pair, 2 * pair + 1]);
    }
    let told = last_told(&stream, EventFilter::everything());
    assert_eq!(told.matches("Settled by algorithm (bilateral)").count(), 10);
    // The largest are those of the last agents.
    assert!(told.contains("\n… and 19 more sets: 38 payments, EUR 39.90\n"), "{told}");
    assert!(told.contains("\nTick 1: 0 arrived, 58 (EUR 62.35) settled;"), "{told}");
}

#[test]
fn the_account_of_the_day_counts_what_algorithms_settled() {
    let told = last_told(&saving_day(), EventFilter::everything());
    for line in [
        "  settled             8   80.00 %   EUR 4.95   35.48 %\n",
        "    by algorithm      8   80.00 %   EUR 4.95   35.48 %\n",
    ] {
        assert!(told.contains(line), "{line} is not in\n{told}");
    }
}

#[test]
fn the_line_of_a_tick_says_which_algorithms_settled() {
    let mut lines = TickLines::new(EventFilter::everything());
    let mut out = Vec::new();
    saving_day().batches[..5].iter().for_each(|batch| lines.write(batch, &mut out).unwrap());
    let text = String::from_utf8(out).unwrap();
    let line: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!(line["settlements"]["count"], 6);
    assert_eq!(
        line["settlements"]["by_algorithm"],
        serde_json::json!({
            "count": 6,
            "value": 305,
            "Cycles": { "count": 3, "value": 180 },
            "GridlockResolution": { "count": 3, "value": 125 },
        })
    );
}

#[test]
fn a_payment_tells_which_algorithm_settled_it_and_with_whom() {
    let stream = saving_day();
    let check = |payment: &str, algorithm: &str, lines: [&str; 2]| {
        let life = traced(&stream, payment);
        let text = life.to_text();
        for line in lines {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
        assert_eq!(life.to_json()["status"], "settled_by_algorithm");
        assert_eq!(life.to_json()["algorithm"], algorithm);
    };
    check(
        "tx-1",
        "Bilateral",
        [
            "  state     settled by algorithm (bilateral), tick 2 (07:02), on time\n",
            "  tick 2 (07:02)  settled by algorithm (bilateral) with tx-0: A pays EUR 0.10 on \
             balance\n",
        ],
    );
    check(
        "tx-3",
        "Cycles",
        [
            "  state     settled by algorithm (cycles), tick 4 (07:04), on time\n",
            "settled by algorithm (cycles) with tx-2, tx-4 around A → B → C → A: B pays most on \
             balance, EUR 0.10\n",
        ],
    );
    check(
        "tx-7",
        "GridlockResolution",
        [
            "  state     settled by algorithm (gridlock resolution), tick 4 (07:04), on time\n",
            "settled by algorithm (gridlock resolution) with tx-5, tx-6 among A, B, C: B pays most \
             on balance, EUR 0.40\n",
        ],
    );
    assert_eq!(traced(&stream, "tx-8").to_json()["algorithm"], serde_json::Value::Null);
}

#[test]
fn a_filter_finds_the_members_of_a_set() {
    let stream = saving_day();
    let of_payment =
        |id: &str| EventFilter { payment: Some(id.to_owned()), ..EventFilter::everything() };
    let of_agent =
        |id: &str| EventFilter { agent: Some(id.to_owned()), ..EventFilter::everything() };
    let told = |filter: EventFilter| {
        let mut report = VerboseReport::with_filter(filter);
        stream.batches.iter().map(|batch| report.tick_text(batch)).collect::<String>()
    };
    let check = |filter: EventFilter, expected: [usize; 3]| {
        let text = told(filter);
        let settled = ["(bilateral)", "(cycles)", "(gridlock resolution)"];
        let found = settled.map(|name| text.matches(&format!("by algorithm {name}")).count());
        assert_eq!(found, expected, "{text}");
    };
    check(of_payment("tx-1"), [1, 0, 0]);
    check(of_payment("tx-4"), [0, 1, 0]);
    check(of_payment("tx-7"), [0, 0, 1]);
    check(of_payment("tx-8"), [0, 0, 0]);
    check(of_agent("B"), [1, 1, 1]);
    check(of_agent("C"), [0, 1, 1]);
}

#[test]
fn the_state_moves_what_each_agent_gets_on_balance() {
    let check = |is_deferred: bool, balances: [i64; 3], pending: i64| {
        let mut stream = Stream::new(10, 1);
        stream.rules(RulesSet { deferred_crediting: is_deferred, ..PLAIN }).agents(&[0, 50, 0]);
        for (tx, (from, to, amount)) in (0..).zip([('A', 'B', 60), ('B', 'C', 90), ('C', 'A', 70)])
        {
            stream.arrive(from, to, amount, 9).queue(tx, QueueReason::InsufficientLiquidity);
        }
        stream.tick(2).settle_set(Cycles, &[0, 1, 2]);
        let mut projection = Projection::new();
        stream.batches.iter().for_each(|batch| projection.observe(batch));
        let agents = projection.agents();
        assert_eq!([0, 1, 2].map(|index: usize| agents[index].balance.minor()), balances);
        assert_eq!(agents[2].pending.minor(), pending);
        let place = Place::Settled { tick: Tick(2), how: Settlement::ByAlgorithm(Cycles) };
        assert_eq!(projection.payment(PaymentNo(1)).unwrap().place, place);
        assert_eq!(projection.queue2(), []);
    };
    check(false, [10, 20, 20], 0);
    check(true, [0, 20, 0], 20);
}
