//! The life of payments that are split, offset, raised, declared anew or given up.

use psim_model::event::{
    DelayCostQueues, HoldReason, InstructionType, Origin, QueueReason, Refusal, RtgsPriority,
    RulesSet, SplitOutcome,
};
use psim_model::{PaymentNo, Priority, Tick};
use psim_view::{Fold, Life, Projection, Trace};

use crate::share::{line_of, share};
use crate::stream::{PLAIN, Stream, Terms, called, no};

fn traced(stream: &Stream, payment: &str) -> Life {
    let mut trace = Trace::new(payment);
    stream.batches.iter().for_each(|batch| trace.observe(batch));
    trace.finish(u32::try_from(stream.batches.len()).unwrap())
}

/// 1.00 that A splits into three parts on tick 1; one of them is split again and given up in part.
fn split_twice() -> Stream {
    let mut stream = Stream::new(10, 1);
    stream.delay("0.5", "2", ["1", "1", "3"], DelayCostQueues::Both).agents(&[50, 0]);
    let terms =
        Terms { priority: Priority::clamped(9), class: RtgsPriority::Urgent, ..called("rent") };
    stream.arrive_with(no('A'), no('B'), 100, 2, &terms);
    stream.tick(1).split(0, &[30, 30, 40], 1, 2).settle(1);
    stream.tick(3).overdue(2, 0).overdue(3, 0).settle(2).overdue_settled(2, 0);
    stream.tick(5).split(3, &[20, 20], 2, 0);
    stream.queue(4, QueueReason::InsufficientLiquidity);
    stream.queue(5, QueueReason::HigherPriority);
    stream.tick(6).release(4).overdue_settled(4, 0);
    stream.withdraw(5, Origin::Api);
    stream.give_up(5, 0).completed(3, SplitOutcome::Dropped).completed(0, SplitOutcome::Dropped);
    stream.tick(9).end_of_day_penalty(5, 8).end_of_day(0, 8).end(0);
    stream
}

#[test]
fn a_split_payment_tells_of_its_parts() {
    insta::assert_snapshot!(traced(&split_twice(), "rent").to_text(), @r"
    Payment rent
      from      A
      to        B
      amount    EUR 1.00
      priority  9, declared urgent
      parts     tx-1, tx-2, tx-3
      arrived   tick 0
      due       tick 2
      state     dropped in part, tick 6

    What happened
      tick 0  arrived in queue 1 of A, urgent
      tick 1  split into tx-1, tx-2, tx-3, 1 released now, then one every 2 ticks: cost EUR 0.14
      tick 6  its parts are done: at least one part was dropped

    Where it waited
      queue 1  1 tick     tick 0 to tick 1  not yet decided on

    What it cost A
      splitting  EUR 0.14  into 3 parts
      delay      EUR 1.50  its part of the costs of 1 tick, before rounding
    ");
}

#[test]
fn a_part_tells_of_the_payment_that_was_split() {
    insta::assert_snapshot!(traced(&split_twice(), "tx-3").to_text(), @r"
    Payment tx-3
      from      A
      to        B
      amount    EUR 0.40
      priority  9, declared urgent
      part of   rent
      parts     tx-4, tx-5
      arrived   tick 0
      due       tick 2
      state     dropped in part, tick 6

    What happened
      tick 1  made as a part of rent, to be released in tick 5
      tick 3  went overdue, 1 tick after its deadline: penalty EUR 0.00
      tick 5  split into tx-4, tx-5, all released now: cost EUR 0.07
      tick 6  its parts are done: at least one part was dropped

    Where it waited
      queue 1  4 ticks     tick 1 to tick 5  part released later

    What it cost A
      splitting  EUR 0.07  into 2 parts
      delay      EUR 3.60  its part of the costs of 4 ticks, before rounding
    ");
    let json = traced(&split_twice(), "tx-3").to_json();
    assert_eq!(json["part_of"], "rent");
    assert_eq!(json["parts"], serde_json::json!(["tx-4", "tx-5"]));
    assert_eq!(json["rtgs_priority"], "Urgent");
    assert_eq!(json["status"], "dropped");
    assert_eq!(json["costs"]["split_friction"], 7);
    assert_eq!(json["scheduled"], serde_json::Value::Null);
}

#[test]
fn a_part_of_a_part_is_found_and_inherits() {
    let life = traced(&split_twice(), "tx-5");
    insta::assert_snapshot!(life.to_text(), @r"
    Payment tx-5
      from      A
      to        B
      amount    EUR 0.20
      priority  9, declared urgent
      part of   tx-3
      arrived   tick 0
      due       tick 2
      state     dropped by its sender, tick 6, unsettled

    What happened
      tick 5  made as a part of tx-3, to be released at once
      tick 5  released by A as urgent
      tick 5  joined queue 2: another payment of A of a higher class stood there
      tick 6  withdrawn from queue 2 to queue 1 through the API
      tick 6  dropped by A
      tick 9  unsettled as the day closed: penalty EUR 0.08

    Where it waited
      queue 2  1 tick     tick 5 to tick 6  payment of higher class waiting

    What it cost A
      end-of-day penalties  EUR 0.08  1 day
      delay                 EUR 0.60  its part of the costs of 1 tick, before rounding
    ");
    // 20 x 0.5 x 2 (overdue) x 3 (urgent) on tick 5, in queue 2.
    assert_eq!(life.delay_share().to_string(), "60");
}

#[test]
fn a_part_that_waits_for_its_time_says_until_when() {
    let mut stream = split_twice();
    stream.batches.truncate(3);
    let text = traced(&stream, "tx-3").to_text();
    let line = "  state     in queue 1 after tick 2, to be released in tick 5\n";
    assert!(text.contains(line), "{text}");
    let text = traced(&stream, "rent").to_text();
    assert!(text.contains("  state     split, not all parts done after tick 2\n"), "{text}");
}

#[test]
fn delay_follows_the_priority_and_the_rates() {
    let mut stream = Stream::new(10, 1);
    stream.delay("1", "1", ["1", "2", "4"], DelayCostQueues::Both).agents(&[0, 0]);
    stream.arrive('A', 'B', 10, 9); // normal: 20 a tick
    stream.tick(2).escalate(0, 8).hold(0, HoldReason::Outage); // urgent: 40 a tick
    stream.tick(4).delay("0.1", "1", ["1", "2", "4"], DelayCostQueues::Both); // 4 a tick
    stream.tick(5).reprioritize(0, 0).give_up(0, 3); // gone before the costs
    let life = traced(&stream, "tx-0");
    assert_eq!(life.delay_share().to_string(), "124");
    let text = life.to_text();
    for line in [
        "  priority  0, at first 5\n",
        "  state     dropped by its sender, tick 5, unsettled\n",
        "  tick 2  priority raised to 8, 7 ticks to its deadline\n",
        "  tick 2  held in queue 1: A is out\n",
        "  tick 5  priority changed by A from 8 to 0\n",
        "  tick 5  dropped by A: penalty EUR 0.03\n",
        "  deadline penalty  EUR 0.03\n",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[test]
fn an_offset_names_the_other_payment_and_credits_come_later() {
    let mut stream = Stream::new(10, 1);
    stream.rules(RulesSet { deferred_crediting: true, ..PLAIN }).agents(&[100, 0]);
    stream.arrive_with(no('B'), no('A'), 60, 9, &called("big"));
    stream.queue(0, QueueReason::MultilateralLimit);
    stream.instruct(InstructionType::Decide, (None, Some(0)), "{}", Some(Refusal::NotWaiting));
    stream.tick(2).resubmit(0, RtgsPriority::HighlyUrgent, Origin::Scenario);
    stream.arrive_as(('A', 'B', 50), Tick(9), RtgsPriority::Urgent, 5).offset(1, 0);
    stream.credit('A', &[0]);
    let text = traced(&stream, "big").to_text();
    for line in [
        "  priority  5, declared highly urgent\n",
        "  state     settled by offset on entry, tick 2, on time\n",
        "  tick 0  joined queue 2: the limit of B for all receivers does not admit it\n",
        "  tick 0  asked by the scenario to decide, refused: the payment is in neither queue\n",
        "  tick 2  declared highly urgent by the scenario, normal before\n",
        "  tick 2  settled by offset on entry with tx-1: B pays EUR 0.10 on balance\n",
        "  tick 2  credited to A at the end of the tick\n",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    let text = traced(&stream, "tx-1").to_text();
    for line in [
        "  tick 2  arrived in queue 1 of A, urgent\n",
        "  tick 2  released by A as urgent\n",
        "  tick 2  settled by offset on entry with big: B pays EUR 0.10 on balance\n",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[test]
fn what_limits_do_is_told_with_their_figures() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[100, 0]).arrive('A', 'B', 60, 9);
    stream.beyond_bilateral(0, 50, 10).beyond_multilateral(0, 70, 20);
    stream.queue(0, QueueReason::BilateralLimit);
    let text = traced(&stream, "tx-0").to_text();
    for line in [
        "  tick 0  beyond the limit of A for B, EUR 0.10 of EUR 0.50 used\n",
        "  tick 0  beyond the limit of A for all, EUR 0.20 of EUR 0.70 used\n",
        "  tick 0  joined queue 2: the limit of A for B does not admit it\n",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[test]
fn what_is_reserved_for_higher_classes_is_told() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[100, 100]).reserve('A', 30, 50).arrive('A', 'B', 120, 9);
    stream.queue(0, QueueReason::InsufficientLiquidity);
    stream.tick(1).reserve('A', 0, 0).arrive('A', 'B', 130, 9).arrive('B', 'A', 120, 9);
    stream.queue(1, QueueReason::InsufficientLiquidity);
    stream.queue(2, QueueReason::InsufficientLiquidity);
    for (payment, meaning) in [
        (
            "tx-0",
            "A had EUR 1.00 available, EUR 0.20 short; it reserves EUR 0.80 for higher classes",
        ),
        ("tx-1", "A had EUR 1.00 available, EUR 0.30 short"),
        ("tx-2", "B had EUR 1.00 available, EUR 0.20 short"),
    ] {
        let text = traced(&stream, payment).to_text();
        assert!(text.contains(&format!("joined queue 2: {meaning}\n")), "{text}");
    }
}

#[test]
fn a_share_with_the_events_of_the_payments_it_is_a_part_of_is_enough() {
    let stream = split_twice();
    let mut projection = Projection::new();
    stream.batches.iter().for_each(|batch| projection.observe(batch));
    let line = line_of(&projection, PaymentNo(5));
    assert_eq!(line, [5, 3, 0].map(PaymentNo));
    let share = share(&stream.batches, &line, projection.names());
    let mut partial = Trace::with_names("tx-5", projection.names().clone());
    for batch in &share {
        partial.observe(batch);
    }
    let (whole, partial) = (traced(&stream, "tx-5"), partial.finish(10));
    assert_eq!(partial.to_text(), whole.to_text());
    assert_eq!(partial.to_json(), whole.to_json());
    // What happened to the other parts is not in it.
    let all: usize = stream.batches.iter().map(|batch| batch.events().len()).sum();
    assert!(share.len() < all - 5, "{} of {all} events", share.len());
}
