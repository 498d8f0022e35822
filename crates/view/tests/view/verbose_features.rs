//! The account of ticks with shocks, instructions, splits, limits, offsets and deferred credits.

use psim_model::event::{
    BankBudgetSet, CollateralTimerBlocked, CollateralTimerScheduled, CollateralTimerWithdrawn,
    CollateralValueChanged, CollateralWithdraw, CreditLimitChanged, CutOffChanged, DelayCostQueues,
    HoldReason, InstructionType, Origin, ParticipantOutage, ParticipantRecovery, QueueReason,
    Refusal, RtgsPriority, RulesSet, ScenarioEventType, SplitOutcome, TransferKind,
};
use psim_model::{Money, Tick};
use psim_view::{EventFilter, VerboseReport};

use crate::stream::{Means, PLAIN, Stream, no};

fn told_of(stream: &Stream, filter: EventFilter) -> Vec<String> {
    let mut report = VerboseReport::with_filter(filter);
    stream.batches.iter().map(|batch| report.tick_text(batch)).collect()
}

fn last(stream: &Stream) -> String {
    told_of(stream, EventFilter::everything()).pop().unwrap()
}

fn money(minor: i64) -> Money {
    Money::from_minor(minor)
}

#[test]
fn a_tick_of_shocks_and_instructions() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[5_000, 100]).agent(0, &Means { collateral: 1_000, ..Means::default() });
    stream.tick(1);
    let decision = r#"{"payment":{"Number":7},"actions":["Drop"]}"#;
    stream.instruct(InstructionType::Decide, (None, None), decision, Some(Refusal::UnknownPayment));
    stream.instruct(InstructionType::SetLimits, (Some('A'), None), "{}", None);
    stream.limits('A', Some(900), &[('B', 500), ('C', 0)]);
    stream.instruct(InstructionType::PostCollateral, (Some('C'), None), "{}", None);
    stream.post('C', 300, 1_300, "a rainy day");
    stream.push(CollateralTimerScheduled {
        agent_id: no('C'),
        amount: money(300),
        due_tick: Tick(5),
    });
    let transfer = ScenarioEventType::DirectTransfer;
    stream.happen(transfer, (Some('A'), Some('B')), r#"{"amount":700}"#, None);
    stream.transfer('A', 'B', 700, TransferKind::DirectTransfer);
    let rate = ScenarioEventType::GlobalArrivalRateChange;
    stream.happen(rate, (None, None), r#"{"multiplier":2.5}"#, None);
    let outage = ScenarioEventType::ParticipantOutage;
    stream.happen(outage, (Some('B'), None), "{}", None);
    stream.push(ParticipantOutage { agent_id: no('B') });
    stream.happen(outage, (Some('B'), None), "{}", Some(Refusal::NoChange));
    stream.push(CutOffChanged { cutoff_tick_in_day: 6 });
    stream.cost('C', [0, 0, 3, 0, 0, 0]);
    insta::assert_snapshot!(last(&stream), @r"
    ── Tick 1 · day 0 ────────────────────────────────────────────────────────────
    Instructions: 3, 1 refused
      tx-7  decide: drop     by the scenario  refused: no such payment
      A     set limits       by the scenario  carried out
      C     post collateral  by the scenario  carried out
    Scenario events: 4, 1 not applied
      A → B  direct transfer                              applied
      all    change of all arrival rates: multiplier 2.5  applied
      B      outage                                       applied
      B      outage                                       not applied: it is so already
    Moved without a payment: EUR 7.00
      A → B  EUR 7.00  direct transfer  A has EUR 43.00
    New terms
      A    pays at most EUR 9.00 in all, EUR 5.00 to B, EUR 0.00 to C a day
      B    cannot send
      all  cut-off after tick 6 of the day
    Collateral
      C  posts EUR 3.00                    EUR 13.00 posted now  a rainy day
      C  will withdraw EUR 3.00 at tick 5
    Costs: EUR 0.03
      agent  collateral  total
      C            0.03   0.03
    Agents that changed (EUR)
      agent  balance  change  available  collateral  queue 1  value  queue 2  value  costs so far
      A        43.00   -7.00      43.00        0.00        0   0.00        0   0.00          0.00
      B         8.00   +7.00       8.00        0.00        0   0.00        0   0.00          0.00
      C         0.00    0.00      13.00       13.00        0   0.00        0   0.00          0.03
    Tick 1: 0 arrived, 0 settled; waiting in queue 1: 0, in queue 2: 0; costs EUR 0.03
    ");
}

#[test]
fn a_tick_of_classes_splits_limits_and_offsets() {
    let mut stream = Stream::new(10, 1);
    stream.rules(RulesSet { deferred_crediting: true, ..PLAIN }).agents(&[100, 0, 50]);
    stream.arrive('B', 'A', 60, 9).queue(0, QueueReason::InsufficientLiquidity);
    stream.arrive('C', 'A', 40, 9).queue(1, QueueReason::BilateralLimit);
    stream.arrive('C', 'B', 5, 9).queue(2, QueueReason::HigherPriority);
    stream.tick(2).arrive_as(('A', 'B', 100), Tick(3), RtgsPriority::Urgent, 4);
    stream.arrive('A', 'C', 30, 9).arrive('C', 'A', 12, 9);
    stream.escalate(1, 7).reprioritize(4, 9).hold(4, HoldReason::BudgetExhausted);
    stream.split(3, &[33, 33, 34], 1, 2);
    stream.withdraw(2, Origin::Policy).resubmit(1, RtgsPriority::HighlyUrgent, Origin::Policy);
    stream.offset(6, 0);
    stream.beyond_bilateral(5, 10, 4).beyond_multilateral(5, 15, 4);
    stream.queue(5, QueueReason::BilateralLimit);
    stream.credit('A', &[0]).cost('A', [0, 0, 0, 0, 14, 0]);
    insta::assert_snapshot!(last(&stream), @r"
    ── Tick 2 · day 0 ────────────────────────────────────────────────────────────
    Arrived: 3 payments, EUR 1.42
      tx-3  A → B  EUR 1.00  priority 4, urgent  due tick 3
      tx-4  A → C  EUR 0.30  priority 5          due tick 9
      tx-5  C → A  EUR 0.12  priority 5          due tick 9
    Priority raised: 1 payment, EUR 0.40
      tx-1  C → A  EUR 0.40  to 7  7 ticks to the deadline
    Priority changed: 1 payment, EUR 0.30
      tx-4  A → C  EUR 0.30  from 5 to 9
    Held in queue 1: 1 payment, EUR 0.30
      tx-4  A → C  EUR 0.30  beyond budget
    Split: 1 payment, EUR 1.00
      tx-3  A → B  EUR 1.00  into tx-6, tx-7, tx-8  1 released now, then one every 2 ticks
    Released: 2 payments, EUR 0.45, by 2 agents
    Withdrawn from queue 2: 1 payment, EUR 0.05
      tx-2  C → B  EUR 0.05  by policy
    Declared anew: 1 payment, EUR 0.40
      tx-1  C → A  EUR 0.40  from normal to highly urgent  by policy
    Settled by offset on entry: 2 payments, EUR 0.93
      tx-6  A → B  EUR 0.33  with tx-0  B pays EUR 0.27 on balance
      tx-0  B → A  EUR 0.60  with tx-6  B pays EUR 0.27 on balance
    Beyond a bilateral limit: 1 payment, EUR 0.12
      tx-5  C → A  EUR 0.12  limit for A: EUR 0.10  EUR 0.04 used
    Beyond a multilateral limit: 1 payment, EUR 0.12
      tx-5  C → A  EUR 0.12  limit for all: EUR 0.15  EUR 0.04 used
    Joined queue 2: 1 payment, EUR 0.12
      tx-5  C → A  EUR 0.12  bilateral limit
    Still waiting near the deadline: 2 payments, EUR 0.67
      tx-7  A → B  EUR 0.33  in queue 1  due tick 3, in 1 tick
      tx-8  A → B  EUR 0.34  in queue 1  due tick 3, in 1 tick
    Deferred credits: EUR 0.27
      A  EUR 0.27  from 1 payment  has EUR 1.27
    Costs: EUR 0.14
      agent  splitting  total
      A           0.14   0.14
    Agents that changed (EUR)
      agent  balance  change  available  queue 1  value  queue 2  value  costs so far
      A         1.27   +0.27       1.27        3   0.97        0   0.00          0.14
      B        -0.27   -0.27       0.00        0   0.00        0   0.00          0.00
      C         0.50    0.00       0.50        1   0.05        2   0.52          0.00
    Tick 2: 3 (EUR 1.42) arrived, 2 (EUR 0.93) settled; waiting in queue 1: 4 (EUR 1.02), in queue 2: 2 (EUR 0.52); costs EUR 0.14
    ");
}

#[test]
fn the_parts_of_a_split_payment_come_near_their_deadline_and_complete_it() {
    let mut stream = Stream::new(4, 1);
    stream.agents(&[100, 0]).arrive('A', 'B', 100, 3).split(0, &[50, 50], 1, 3).settle(1);
    stream.tick(2);
    let text = last(&stream);
    let line = "  tx-2  A → B  EUR 0.50  in queue 1  due tick 3, in 1 tick\n";
    assert!(text.contains(line), "{text}");
    stream.tick(3).give_up(2, 4).completed(0, SplitOutcome::Dropped).end_of_day(0, 4);
    let text = last(&stream);
    for line in [
        "  tx-2  A → B  EUR 0.50  dropped by its sender  part released later\n",
        "Split payments that are done: 1 payment, EUR 1.00\n",
        "  tx-0  A → B  EUR 1.00  at least one part was dropped\n",
        // A split payment counts as its parts.
        "  arrived                1  50.00 %  EUR 1.00  100.00 %\n",
        "  more by splitting      1  50.00 %  EUR 0.00    0.00 %\n",
        "  settled                1  50.00 %  EUR 0.50   50.00 %\n",
        "  dropped                1  50.00 %  EUR 0.50   50.00 %\n",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[test]
fn each_new_term_and_each_move_of_collateral_has_its_line() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[0, 0]).tick(1);
    let agent_id = no('A');
    stream.limits('A', None, &[]).reserve('A', 5, 7);
    stream.push(CreditLimitChanged {
        agent_id,
        unsecured_cap: money(10),
        max_collateral_capacity: money(100),
    });
    stream.push(CollateralValueChanged {
        agent_id,
        posted_collateral: money(99),
        collateral_haircut: "0.5".parse().unwrap(),
    });
    stream.push(ParticipantRecovery { agent_id });
    stream.replace('A', "hold");
    let batch = stream.batches.last_mut().unwrap();
    let (reason, decision_path) = (batch.text("peak"), None);
    let focus_counterparties = batch.agents([no('B')]);
    batch.push(BankBudgetSet {
        agent_id,
        max_value_to_release: money(50),
        has_focus: true,
        focus_counterparties,
        max_per_counterparty: Some(money(20)),
        decision_path,
    });
    let (amount, requested_amount, new_total) = (money(4), money(9), money(95));
    batch.push(CollateralWithdraw {
        agent_id,
        amount,
        requested_amount,
        reason,
        new_total,
        origin: Origin::Scenario,
        decision_path,
    });
    batch.push(CollateralTimerWithdrawn {
        agent_id,
        amount,
        requested_amount: amount,
        original_reason: reason,
        posted_at_tick: Tick(0),
        new_total: money(91),
    });
    batch.push(CollateralTimerBlocked {
        agent_id,
        requested_amount,
        original_reason: reason,
        posted_at_tick: Tick(0),
    });
    insta::assert_snapshot!(last(&stream), @r"
    ── Tick 1 · day 0 ────────────────────────────────────────────────────────────
    New terms
      A  pays without limits
      A  reserves EUR 0.05 for highly urgent, EUR 0.07 for urgent
      A  unsecured cap EUR 0.10, collateral up to EUR 1.00
      A  collateral EUR 0.99, worth EUR 0.49
      A  can send again
      A  follows hold from now on
      A  releases at most EUR 0.50, EUR 0.20 to each receiver, only to B
    Collateral
      A  withdraws EUR 0.04 of EUR 0.09 asked for     EUR 0.95 posted now  peak
      A  withdraws EUR 0.04, now due                  EUR 0.91 posted now  peak
      A  still needs the EUR 0.09 due for withdrawal                       peak
    Agents that changed (EUR)
      agent  balance  change  available  collateral  queue 1  value  queue 2  value  costs so far
      A         0.00    0.00       0.55        0.91        0   0.00        0   0.00          0.00
    Tick 1: 0 arrived, 0 settled; waiting in queue 1: 0, in queue 2: 0; costs EUR 0.00
    ");
}

#[test]
fn a_filter_finds_payments_and_agents_in_lists() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[100, 0, 0]).arrive('B', 'A', 60, 9);
    stream.queue(0, QueueReason::InsufficientLiquidity).arrive('A', 'B', 70, 9);
    stream.tick(1).offset(1, 0);
    let told = |filter: EventFilter| told_of(&stream, filter).pop().unwrap();
    let everything = EventFilter::everything();
    for filter in [
        EventFilter { payment: Some("tx-0".to_owned()), ..everything.clone() },
        EventFilter { agent: Some("A".to_owned()), ..everything.clone() },
    ] {
        let text = told(filter);
        assert!(text.contains("Settled by offset on entry: 2 payments, EUR 1.30\n"), "{text}");
        assert!(text.contains("with tx-1  A pays EUR 0.10 on balance\n"), "{text}");
    }
    let filter = EventFilter { agent: Some("C".to_owned()), ..everything };
    assert_eq!(told(filter), "");
}

#[test]
fn new_rates_of_delay_are_new_terms() {
    let mut stream = Stream::new(10, 1);
    stream.rules(PLAIN).agents(&[100, 0]);
    stream.tick(1).delay("0.0005", "5", ["1", "1", "1"], DelayCostQueues::Both);
    let text = last(&stream);
    assert!(text.contains("  all  delay costs 0.0005 of what is queued, each tick"), "{text}");
}
