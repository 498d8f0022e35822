//! The life of one payment.

use psim_model::event::{DelayCostQueues, HoldReason, Names, QueueReason};
use psim_view::{Fold, Life, Trace, unknown_payment};

use crate::stream::{Stream, Terms, busy_day, called, no, ring_at_upper_bound};

fn traced(stream: &Stream, payment: &str) -> Life {
    let mut trace = Trace::new(payment);
    stream.batches.iter().for_each(|batch| trace.observe(batch));
    trace.finish(u32::try_from(stream.batches.len()).unwrap())
}

/// 15.00 that A does not have: joins queue 2, goes overdue, settles once C has paid A.
fn settled_late() -> Stream {
    let mut stream = Stream::timed(10, 1);
    stream
        .delay("0.0001", "5", ["1", "1.5", "2"], DelayCostQueues::Both)
        .agents(&[1_000, 0, 2_000]);
    stream.arrive('A', 'B', 1_500, 2).queue(0, QueueReason::InsufficientLiquidity);
    stream.tick(3).overdue(0, 500).cost('A', [0, 1, 0, 500, 0, 0]);
    stream.tick(5).arrive('C', 'A', 700, 9).settle(1).release(0).overdue_settled(0, 500);
    stream.tick(9).end_of_day(0, 500).end(0);
    stream
}

/// 1.00 that A holds back, then puts behind another payment, and that is dropped on the second day.
fn never_settled() -> Stream {
    let mut stream = Stream::new(2, 2);
    stream.delay("0.5", "3", ["1", "1", "1"], DelayCostQueues::Queue1).agents(&[0, 0]);
    stream.arrive('A', 'B', 100, 1).hold(0, HoldReason::PolicyDecision);
    stream.tick(1).arrive('A', 'B', 5, 3).queue(1, QueueReason::InsufficientLiquidity);
    stream.hold(0, HoldReason::CutOff).end_of_day_penalty(0, 40).end_of_day(2, 40);
    stream.tick(2).overdue(0, 30).queue(0, QueueReason::EarlierPayment);
    stream.tick(3).end_of_day_penalty(0, 40).end_of_day(2, 70).drop_closed(0).end(0);
    stream
}

#[test]
fn a_payment_that_waits_goes_overdue_and_settles_late() {
    // At the ends of ticks 0, 1 and 2: 1500 x 0.0001 x 1.5 = 0.225 cents each; at the ends of ticks
    // 3 and 4 five times that. Together 3 x 0.225 + 2 x 1.125 = 2.925 cents.
    let trace = traced(&settled_late(), "tx-0");
    assert_eq!(trace.delay_share().to_string(), "2.925");
    insta::assert_snapshot!(trace.to_text(), @r"
    Payment tx-0
      from      A
      to        B
      amount    EUR 15.00
      priority  5
      arrived   tick 0 (07:00)
      due       tick 2 (07:02)
      state     settled from queue 2, tick 5 (07:05), 3 ticks late

    What happened
      tick 0 (07:00)  arrived in queue 1 of A
      tick 0 (07:00)  released by A
      tick 0 (07:00)  joined queue 2: A had EUR 10.00 available, EUR 5.00 short
      tick 3 (07:03)  went overdue, 1 tick after its deadline: penalty EUR 5.00
      tick 5 (07:05)  settled from queue 2 after 5 ticks: the balance of A fell from EUR 17.00 to EUR 2.00
      tick 5 (07:05)  was 3 ticks late

    Where it waited
      queue 2  5 ticks  5 min  tick 0 (07:00) to tick 5 (07:05)  insufficient liquidity

    What it cost A
      deadline penalty     EUR 5.00
      delay             EUR 0.02925  its part of the costs of 5 ticks, before rounding
    ");
}

#[test]
fn a_payment_that_never_settles() {
    // Only queue 1 is charged: 100 x 0.5 at the ends of ticks 0 and 1.
    let trace = traced(&never_settled(), "tx-0");
    assert_eq!(trace.delay_share().to_string(), "100");
    insta::assert_snapshot!(trace.to_text(), @r"
    Payment tx-0
      from      A
      to        B
      amount    EUR 1.00
      priority  5
      arrived   tick 0 (day 0)
      due       tick 1 (day 0)
      state     dropped at the close, tick 3 (day 1), unsettled

    What happened
      tick 0 (day 0)  arrived in queue 1 of A
      tick 0 (day 0)  held in queue 1 by the policy of A
      tick 1 (day 0)  held in queue 1: the cut-off of the day has passed
      tick 1 (day 0)  unsettled as the day closed: penalty EUR 0.40
      tick 2 (day 1)  went overdue, 1 tick after its deadline: penalty EUR 0.30
      tick 2 (day 1)  released by A
      tick 2 (day 1)  joined queue 2: another payment of A stood there before it
      tick 3 (day 1)  unsettled as the day closed: penalty EUR 0.40
      tick 3 (day 1)  dropped, since the day closed and cancels what is left

    Where it waited
      queue 1  2 ticks     tick 0 (day 0) to tick 2 (day 1)  held by policy, then after cut-off
      queue 2  2 ticks     tick 2 (day 1) to tick 3 (day 1)  earlier payment waiting

    What it cost A
      deadline penalty      EUR 0.30
      end-of-day penalties  EUR 0.80  2 days
      delay                 EUR 1.00  its part of the costs of 2 ticks, before rounding
    ");
}

#[test]
fn a_payment_that_settles_at_once_waits_nowhere() {
    insta::assert_snapshot!(traced(&ring_at_upper_bound(), "tx-2").to_text(), @r"
    Payment tx-2
      from      C
      to        A
      amount    EUR 30.00
      priority  5
      arrived   tick 2 (07:02)
      due       tick 9 (07:09)
      state     settled on entry, tick 2 (07:02), on time

    What happened
      tick 2 (07:02)  arrived in queue 1 of C
      tick 2 (07:02)  released by C
      tick 2 (07:02)  settled on entry: the balance of C fell from EUR 70.00 to EUR 40.00

    Where it waited
      nowhere

    What it cost C
      nothing
    ");
}

#[test]
fn a_payment_that_still_waits_says_where() {
    let mut stream = settled_late();
    stream.batches.truncate(5);
    let text = traced(&stream, "tx-0").to_text();
    for line in [
        "  state     in queue 2 after tick 4 (07:04), overdue\n",
        "  queue 2  5 ticks  5 min  since tick 0 (07:00)  insufficient liquidity\n",
        "  delay             EUR 0.02925  its part of the costs of 5 ticks, before rounding\n",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[test]
fn a_payment_that_may_not_settle_yet_says_when_it_may() {
    let mut stream = Stream::timed(10, 1);
    stream.agents(&[100, 0]);
    let terms = Terms { earliest: Some(6), ..Terms::default() };
    stream.arrive_with(no('A'), no('B'), 10, 9, &terms).queue(0, QueueReason::NotBefore);
    stream.tick(6).release(0);
    let text = traced(&stream, "tx-0").to_text();
    for line in [
        "  not before  tick 6 (07:06)\n",
        "  tick 0 (07:00)  arrived in queue 1 of A, may settle from tick 6 (07:06) on\n",
        "  tick 0 (07:00)  joined queue 2: it may not settle before tick 6 (07:06)\n",
        "  queue 2  6 ticks  6 min  tick 0 (07:00) to tick 6 (07:06)  earliest tick not reached\n",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[test]
fn a_life_is_json() {
    let json = traced(&settled_late(), "tx-0").to_json();
    assert_eq!(json["found"], true);
    assert_eq!(json["status"], "settled_from_queue2");
    assert_eq!(json["deadline"], serde_json::json!({ "tick": 2, "day": 0, "time": "07:02" }));
    assert_eq!(
        json["waits"],
        serde_json::json!([
            {
                "queue": 1, "ticks": 0, "seconds": 0, "reasons": [],
                "from": { "tick": 0, "day": 0, "time": "07:00" },
                "to": { "tick": 0, "day": 0, "time": "07:00" },
            },
            {
                "queue": 2, "ticks": 5, "seconds": 300, "reasons": ["InsufficientLiquidity"],
                "from": { "tick": 0, "day": 0, "time": "07:00" },
                "to": { "tick": 5, "day": 0, "time": "07:05" },
            },
        ])
    );
    assert_eq!(
        json["costs"],
        serde_json::json!({
            "deadline_penalty": 500,
            "split_friction": null,
            "end_of_day_penalties": { "count": 0, "value": 0 },
            "delay_cost_share": { "amount": "2.925", "ticks": 5, "booked": false },
        })
    );
    let queued = &json["events"][2];
    assert_eq!(queued["event_type"], "QueuedRtgs");
    assert_eq!(queued["time"], "07:00");
    assert_eq!(queued["amount"], 1_500);
    assert_eq!(queued["meaning"], "joined queue 2: A had EUR 10.00 available, EUR 5.00 short");
    assert_eq!(json["events"].as_array().unwrap().len(), 6);
}

#[test]
fn a_share_has_as_many_places_as_it_takes_and_major_units_are_grouped() {
    let mut stream = Stream::new(10, 1);
    stream
        .delay("0.000000000001", "1", ["1", "0.3333", "1"], DelayCostQueues::Both)
        .agents(&[0, 0]);
    stream.arrive('A', 'B', 1, 9);
    let trace = traced(&stream, "tx-0");
    assert_eq!(trace.delay_share().to_string(), "0.0000000000003333");
    assert!(trace.to_text().contains("EUR 0.000000000000003333 "), "{}", trace.to_text());

    let mut stream = Stream::new(10, 1);
    stream.delay("1000", "1", ["1", "1", "1"], DelayCostQueues::Both).agents(&[0, 0]);
    stream.arrive('A', 'B', 123_456, 9);
    assert!(traced(&stream, "tx-0").to_text().contains("EUR 1,234,560.00 "));
}

#[test]
fn an_unknown_payment_is_not_found() {
    let mut stream = busy_day();
    stream.arrive_with(no('A'), no('B'), 1, 9, &called("invoice-2026-01"));
    let trace = traced(&stream, "invoice-2026-02");
    assert!(!trace.found());
    assert_eq!(trace.to_text(), "No payment of this run is called invoice-2026-02\n");
    assert_eq!(trace.to_json(), serde_json::json!({ "found": false, "tx_id": "invoice-2026-02" }));
    assert!(traced(&stream, "tx-3").found());
}

#[test]
fn payments_that_are_like_the_one_asked_for_are_proposed() {
    let mut stream = busy_day();
    stream.arrive_with(no('A'), no('B'), 1, 9, &called("invoice-2026-01"));
    let mut names = Names::default();
    stream.batches.iter().for_each(|batch| names.observe(batch));
    let said = |asked: &str| unknown_payment(asked, &names, 5);
    let invoice = "has no payment `invoice-2026-02`; did you mean `invoice-2026-01`?";
    assert_eq!(said("invoice-2026-02"), invoice);
    assert!(said("3").contains("did you mean `tx-3`"), "{}", said("3"));
    assert!(said("TX-1").contains("did you mean `tx-1`"), "{}", said("TX-1"));
    assert_eq!(said("nothing like it"), "has no payment `nothing like it`");
    assert_eq!(said("tx-4").matches("`tx-4`").count(), 1, "it has an id of its own");
}
