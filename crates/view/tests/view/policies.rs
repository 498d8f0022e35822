//! Policies in all reports: who follows which, registers, faults, ways through trees.

use psim_model::event::{
    BankBudgetSet, EventKind, HoldReason, InstructionType, Names, Origin, PolicyTree, QueueReason,
    Refusal, RtgsPriority, RulesSet, ScenarioEventType,
};
use psim_model::{AgentNo, Money, PaymentNo, Queue1Ordering, Tick};
use psim_view::{
    EventFilter, Fold, Life, PolicySummary, Projection, Summary, SummaryFold, Trace, VerboseReport,
};

use PolicyTree::{Bank, EndOfTickCollateral, Payment, StrategicCollateral};

use crate::stream::policies::document_of;
use crate::stream::{PLAIN, Stream, no};

fn projected(stream: &Stream) -> Projection {
    let mut projection = Projection::new();
    stream.batches.iter().for_each(|batch| projection.observe(batch));
    projection
}

fn summed(stream: &Stream) -> Summary {
    let mut fold = SummaryFold::new();
    stream.batches.iter().for_each(|batch| fold.observe(batch));
    fold.finish()
}

fn told_of(stream: &Stream, filter: EventFilter) -> Vec<String> {
    let mut report = VerboseReport::with_filter(filter);
    stream.batches.iter().map(|batch| report.tick_text(batch)).collect()
}

fn last_told(stream: &Stream) -> String {
    told_of(stream, EventFilter::everything()).pop().unwrap()
}

fn traced(stream: &Stream, payment: &str) -> Life {
    let mut trace = Trace::new(payment);
    stream.batches.iter().for_each(|batch| trace.observe(batch));
    trace.finish(u32::try_from(stream.batches.len()).unwrap())
}

#[test]
fn an_agent_follows_what_was_told_of_it_last() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[0, 0, 0]).follow("patient", [no('A'), no('C')]);
    stream.tick(1).replace('C', "hold").replace('B', "bold");
    let projection = projected(&stream);
    let agent = |letter| projection.agent(no(letter)).unwrap();
    assert_eq!(['A', 'B', 'C'].map(|letter| agent(letter).policy()), ["patient", "bold", "hold"]);
    for letter in ['A', 'B', 'C'] {
        let document = document_of(agent(letter).policy());
        assert_eq!(agent(letter).policy_document(), Some(document.as_str()));
    }
    stream.batches.truncate(1);
    let projection = projected(&stream);
    let untold = projection.agent(no('B')).unwrap();
    assert_eq!((untold.policy(), untold.policy_document()), ("fifo", None));
}

#[test]
fn registers_hold_what_they_were_set_to() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[0, 0]);
    stream.register('A', "bank_state_stress", [0.0, 0.1], "first");
    stream.register('A', "bank_state_count", [0.0, 7.0], "");
    stream.register('A', "bank_state_gone", [0.0, 1.0], "");
    stream.tick(1).register('A', "bank_state_stress", [0.1, -2.5e30], "more");
    stream.tick(9).register('A', "bank_state_gone", [1.0, 0.0], "end_of_day");
    let projection = projected(&stream);
    let agent = projection.agent(no('A')).unwrap();
    let registers: Vec<(&str, f64)> = agent.registers().collect();
    assert_eq!(registers, [("bank_state_count", 7.0), ("bank_state_stress", -2.5e30)]);
    assert_eq!(agent.register("bank_state_stress").to_bits(), (-2.5e30_f64).to_bits());
    assert_eq!(agent.register("bank_state_gone").to_bits(), 0);
    assert_eq!(projection.agent(no('B')).unwrap().registers().count(), 0);
}

#[test]
fn queue_1_is_sorted_after_what_bank_trees_do_and_before_what_payment_trees_do() {
    let mut stream = Stream::new(10, 1);
    let queue1_ordering = Queue1Ordering::PriorityDeadline;
    stream.rules(RulesSet { queue1_ordering, ..PLAIN }).agents(&[0, 0]).follow("x", [no('A')]);
    let order = |stream: &Stream| {
        projected(stream).queue1(no('A')).iter().map(|no| no.0).collect::<Vec<_>>()
    };
    for priority in [3, 5, 4] {
        stream.arrive_as(('A', 'B', 10), Tick(9), RtgsPriority::Normal, priority);
    }
    assert_eq!(order(&stream), [1, 2, 0]);
    // Whatever bank and collateral trees do, priorities rise after it and count in this tick.
    stream.tick(1).replace('A', "y").register('A', "bank_state_x", [0.0, 1.0], "");
    stream.by("N1 → A2").post('A', 5, 5, "").fail('A', StrategicCollateral, None);
    stream.fail('A', Bank, None).by("N1 → A2").decide('A', Bank, None);
    stream.escalate(0, 8).fail('A', Payment, Some(0)).reprioritize(2, 10);
    assert_eq!(order(&stream), [0, 1, 2]);
    // What a payment tree changes counts in the next tick, where nothing else is told before the
    // collateral trees at its end.
    stream.tick(2).by("A3").post('A', 5, 10, "").by("A4").decide('A', EndOfTickCollateral, None);
    assert_eq!(order(&stream), [2, 0, 1]);
    stream.tick(3).reprioritize(1, 10).fail('A', EndOfTickCollateral, None);
    assert_eq!(order(&stream), [2, 0, 1]);
    stream.tick(4);
    assert_eq!(order(&stream), [2, 1, 0]);
}

/// A tick with all that policies tell, by the ways that led to it if they are traced.
fn told(is_traced: bool) -> Stream {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[500, 0, 100]);
    stream.follow("patient", [no('A'), no('C')]).follow("hold", [no('B')]);
    for (from, to, amount) in [('A', 'B', 60), ('A', 'C', 70), ('B', 'A', 80), ('A', 'B', 90)] {
        stream.arrive(from, to, amount, 9);
    }
    stream.arrive('C', 'A', 110, 9).queue(4, QueueReason::InsufficientLiquidity);
    stream.arrive('C', 'A', 120, 9).queue(5, QueueReason::InsufficientLiquidity);
    stream.arrive('C', 'B', 130, 9).queue(6, QueueReason::InsufficientLiquidity);
    stream.arrive('A', 'C', 10, 9);
    stream.tick(3);
    let by = |stream: &mut Stream, way| stream.way = Some(way).filter(|_| is_traced);
    by(&mut stream, "S1_short(true) → S2_post");
    stream.post('A', 40, 40, "a rainy day");
    by(&mut stream, "B1_late(false) → B2_budget");
    let decision_path = stream.path();
    let focus_counterparties = stream.batches.last_mut().unwrap().agents([no('B')]);
    stream.push(BankBudgetSet {
        agent_id: no('A'),
        max_value_to_release: Money::from_minor(200),
        has_focus: true,
        focus_counterparties,
        max_per_counterparty: None,
        decision_path,
    });
    by(&mut stream, "B1_late(false) → B2_budget");
    stream.register('A', "bank_state_stress", [0.0, 3.5], "it is late");
    stream.register('C', "bank_state_ticks", [3.0, 4.0], "");
    by(&mut stream, "B7_ratio");
    stream.fail('B', Bank, None);
    by(&mut stream, "N1_urgent(true) → A2_release");
    stream.settle(0);
    by(&mut stream, "N1_urgent(false) → A3_wait");
    stream.hold_with(1, HoldReason::Custom, Some("keep some for \"C\""));
    by(&mut stream, "N1_urgent(false) → N4");
    stream.fail('A', Payment, Some(3));
    stream.hold(3, HoldReason::PolicyFault);
    by(&mut stream, "N1_urgent(false) → N5_large(true) → A6_split");
    stream.split(7, &[5, 5], 1, 2).settle(8);
    if is_traced {
        for tx in [4, 6] {
            stream.by("Q1_old(false) → Q2_stay").decide('C', Payment, Some(tx));
        }
        stream.by("Q1_old(true) → Q3_resubmit").resubmit(5, RtgsPriority::Urgent, Origin::Policy);
        stream.by("E1_enough(true) → E2_nothing").decide('C', EndOfTickCollateral, None);
    }
    stream
}

#[test]
fn the_account_of_a_tick_tells_what_policies_did() {
    insta::assert_snapshot!(last_told(&told(false)), @r#"
    ── Tick 3 · day 0 ────────────────────────────────────────────────────────────
    New terms
      A  releases at most EUR 2.00, only to B
    Collateral
      A  posts EUR 0.40  EUR 0.40 posted now  a rainy day
    Registers: 2
      A  bank_state_stress  0 → 3.5  it is late
      C  bank_state_ticks   3 → 4
    Policy faults: 2
      B  bank tree           at N4: division by zero
      A  payment tree  tx-3  at N4: division by zero
    Held in queue 1: 2 payments, EUR 1.60
      tx-1  A → C  EUR 0.70  held by policy: "keep some for \"C\""
      tx-3  A → B  EUR 0.90  held, policy failed
    Split: 1 payment, EUR 0.10
      tx-7  A → C  EUR 0.10  into tx-8, tx-9  1 released now, then one every 2 ticks
    Released: 2 payments, EUR 0.65, by 1 agent
    Settled on entry: 2 payments, EUR 0.65
      tx-0  A → B  EUR 0.60  A has EUR 4.40
      tx-8  A → C  EUR 0.05  A has EUR 4.35
    Agents that changed (EUR)
      agent  balance  change  available  collateral  queue 1  value  queue 2  value  costs so far
      A         4.35   -0.65       4.75        0.40        3   1.65        0   0.00          0.00
      B         0.60   +0.60       0.60        0.00        1   0.80        0   0.00          0.00
      C         1.05   +0.05       1.05        0.00        0   0.00        3   3.60          0.00
    Tick 3: 0 arrived, 2 (EUR 0.65) settled; waiting in queue 1: 4 (EUR 2.45), in queue 2: 3 (EUR 3.60); costs EUR 0.00
    "#);
}

#[test]
fn the_account_of_a_traced_tick_tells_by_which_way_they_did_it() {
    insta::assert_snapshot!(last_told(&told(true)), @r#"
    ── Tick 3 · day 0 ────────────────────────────────────────────────────────────
    New terms
      A  releases at most EUR 2.00, only to B  path: B1_late(false) → B2_budget
    Collateral
      A  posts EUR 0.40  EUR 0.40 posted now  a rainy day  path: S1_short(true) → S2_post
    Registers: 2
      A  bank_state_stress  0 → 3.5  it is late  path: B1_late(false) → B2_budget
      C  bank_state_ticks   3 → 4
    Policy faults: 2
      B  bank tree           at N4: division by zero  path: B7_ratio
      A  payment tree  tx-3  at N4: division by zero  path: N1_urgent(false) → N4
    Held in queue 1: 2 payments, EUR 1.60
      tx-1  A → C  EUR 0.70  held by policy: "keep some for \"C\""  path: N1_urgent(false) → A3_wait
      tx-3  A → B  EUR 0.90  held, policy failed
    Split: 1 payment, EUR 0.10
      tx-7  A → C  EUR 0.10  into tx-8, tx-9  1 released now, then one every 2 ticks  path: N1_urgent(false) → N5_large(true) → A6_split
    Released: 2 payments, EUR 0.65, by 1 agent
      tx-0  A → B  EUR 0.60  path: N1_urgent(true) → A2_release
      tx-8  A → C  EUR 0.05
    Declared anew: 1 payment, EUR 1.20
      tx-5  C → A  EUR 1.20  from normal to urgent  by policy  path: Q1_old(true) → Q3_resubmit
    Settled on entry: 2 payments, EUR 0.65
      tx-0  A → B  EUR 0.60  A has EUR 4.40
      tx-8  A → C  EUR 0.05  A has EUR 4.35
    Evaluated, nothing done: 3
      C  payment tree                 tx-4, tx-6  path: Q1_old(false) → Q2_stay
      C  end-of-tick collateral tree              path: E1_enough(true) → E2_nothing
    Agents that changed (EUR)
      agent  balance  change  available  collateral  queue 1  value  queue 2  value  costs so far
      A         4.35   -0.65       4.75        0.40        3   1.65        0   0.00          0.00
      B         0.60   +0.60       0.60        0.00        1   0.80        0   0.00          0.00
      C         1.05   +0.05       1.05        0.00        0   0.00        3   3.60          0.00
    Tick 3: 0 arrived, 2 (EUR 0.65) settled; waiting in queue 1: 4 (EUR 2.45), in queue 2: 3 (EUR 3.60); costs EUR 0.00
    "#);
}

#[test]
fn the_account_opens_with_who_follows_what() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[0; 30]).follow("patient", (0..20).map(AgentNo)).follow("hold", [no('Z')]);
    stream.follow("bold", (21..24).map(AgentNo));
    let text = last_told(&stream);
    let lines = "New terms\n  \
                 A, B and 18 others  follow patient\n  \
                 Z                   follows hold\n  \
                 V, W and X          follow bold\n";
    assert!(text.contains(lines), "{text}");
}

#[test]
fn policies_in_arguments_are_told_by_their_names() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[0, 0]).tick(1);
    let arguments = |policy: &str| {
        serde_json::json!({ "agent": "A", "policy": document_of(policy) }).to_string()
    };
    let (kind, refusal) = (InstructionType::UpdateAgentPolicy, Some(Refusal::NoChange));
    stream.instruct(kind, (Some('A'), None), &arguments("patient"), None).replace('A', "patient");
    stream.instruct(kind, (Some('A'), None), &arguments("patient"), refusal);
    let kind = ScenarioEventType::PolicyChange;
    stream.happen(kind, (Some('B'), None), &arguments("bold"), None).replace('B', "bold");
    insta::assert_snapshot!(last_told(&stream), @r"
    ── Tick 1 · day 0 ────────────────────────────────────────────────────────────
    Instructions: 2, 1 refused
      A  replace the policy: patient  by the scenario  carried out
      A  replace the policy: patient  by the scenario  refused: it is so already
    Scenario events: 1
      B  change of policy: bold  applied
    New terms
      A  follows patient from now on
      B  follows bold from now on
    Tick 1: 0 arrived, 0 settled; waiting in queue 1: 0, in queue 2: 0; costs EUR 0.00
    ");
}

#[test]
fn what_happens_again_and_again_is_told_once() {
    let mut stream = told(true);
    for tick in 4..8 {
        stream.tick(tick).by("N1_urgent(false) → A3_wait");
        stream.hold_with(1, HoldReason::Custom, Some("keep some for \"C\""));
    }
    stream.tick(8).by("N1_urgent(false) → other").hold_with(1, HoldReason::Custom, Some("no"));
    let text = traced(&stream, "tx-1").to_text();
    let happened = text.split("What happened\n").nth(1).unwrap();
    insta::assert_snapshot!(happened.split("\n\n").next().unwrap(), @r#"
    tick 0  arrived in queue 1 of A
    tick 3  held in queue 1 by the policy of A: "keep some for \"C\""
              path: N1_urgent(false) → A3_wait
              4 times more, the last in tick 7
    tick 8  held in queue 1 by the policy of A: "no"
              path: N1_urgent(false) → other
    "#);
}

#[test]
fn a_trace_tells_each_decision_with_its_way() {
    let mut stream = told(true);
    stream.tick(4).by("N1_urgent(false) → A3_wait");
    stream.hold_with(1, HoldReason::Custom, Some("keep some for \"C\""));
    // One decision, two events.
    stream.tick(5).by("N1_urgent(true) → A2_release").reprioritize(1, 9);
    stream.by("N1_urgent(true) → A2_release").settle(1);
    insta::assert_snapshot!(traced(&stream, "tx-1").to_text(), @r#"
    Payment tx-1
      from      A
      to        C
      amount    EUR 0.70
      priority  9, at first 5
      arrived   tick 0
      due       tick 9
      state     settled on entry, tick 5, on time

    What happened
      tick 0  arrived in queue 1 of A
      tick 3  held in queue 1 by the policy of A: "keep some for \"C\""
                path: N1_urgent(false) → A3_wait
                again in tick 4
      tick 5  priority changed by A from 5 to 9
      tick 5  released by A
                path: N1_urgent(true) → A2_release
      tick 5  settled on entry: the balance of A fell from EUR 4.35 to EUR 3.65

    Where it waited
      queue 1  5 ticks     tick 0 to tick 5  held by policy: "keep some for \"C\""

    What it cost A
      nothing
    "#);
    insta::assert_snapshot!(traced(&stream, "tx-3").to_text(), @r"
    Payment tx-3
      from      A
      to        B
      amount    EUR 0.90
      priority  5
      arrived   tick 0
      due       tick 9
      state     in queue 1 after tick 5

    What happened
      tick 0  arrived in queue 1 of A
      tick 3  the policy of A failed at N4: division by zero
                path: N1_urgent(false) → N4
      tick 3  held in queue 1: the policy of A failed

    Where it waited
      queue 1  6 ticks     since tick 0  held, policy failed

    What it cost A
      nothing
    ");
    let check = |payment: &str, lines: &str| {
        let text = traced(&stream, payment).to_text();
        assert!(text.contains(lines), "{text}");
    };
    check(
        "tx-4",
        "  tick 3  looked at by C and left as it was\n            path: Q1_old(false) → ",
    );
    check("tx-5", "  tick 3  declared urgent by policy, normal before\n            path: Q1_old(");
    check(
        "tx-7",
        ": cost EUR 0.07\n            path: N1_urgent(false) → N5_large(true) → A6_split",
    );
    // The way by which a payment was split is not that of its parts.
    assert!(!traced(&stream, "tx-9").to_text().contains("path"));
    let json = traced(&stream, "tx-1").to_json();
    assert_eq!(json["events"][1]["detail"], "keep some for \"C\"");
    assert_eq!(json["events"][1]["decision_path"], "N1_urgent(false) → A3_wait");
    assert_eq!(json["waits"][0]["reasons"], serde_json::json!(["Custom"]));
}

#[test]
fn an_untraced_trace_has_no_ways() {
    let text = traced(&told(false), "tx-1").to_text();
    assert!(!text.contains("path"), "{text}");
    assert!(text.contains("\"keep some for \\\"C\\\"\""), "{text}");
}

#[test]
fn a_summary_counts_followers_and_faults() {
    let stream = told(false);
    let summary = summed(&stream);
    let json = serde_json::json!({
        "followed": [{ "policy": "patient", "agents": 2 }, { "policy": "hold", "agents": 1 }],
        "faults": 2,
    });
    assert_eq!(summary.to_json()["policies"], json);
    let lines = "\nPolicies\n  patient  2  agents\n  hold     1  agent\n  \
                 policy faults: 2 payments or trees affected\n";
    assert!(summary.to_text().contains(lines), "{}", summary.to_text());
    // A fault that is told anew counts no more; nor do those that only a trace tells.
    let mut again = told(true);
    again.tick(4).hold(3, HoldReason::PolicyFault);
    assert_eq!(summed(&again).policies.faults, 2);
}

#[test]
fn a_summary_of_plain_policies_has_no_section_of_them() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[0, 0, 0]);
    let summary = summed(&stream);
    assert!(!summary.to_text().contains("Policies"), "{}", summary.to_text());
    let PolicySummary { followed, faults } = &summary.policies;
    assert_eq!((followed[0].policy.as_str(), followed[0].agents, *faults), ("fifo", 3, 0));
    // One that is replaced shows beside the others.
    stream.tick(3).replace('B', "bold");
    let lines = "\nPolicies\n  fifo  2  agents\n  bold  1  agent\n";
    assert!(summed(&stream).to_text().contains(lines), "{}", summed(&stream).to_text());
}

#[test]
fn a_filter_finds_followers_and_the_types_of_policies() {
    let stream = told(true);
    let listed = |filter: &EventFilter| {
        let mut names = Names::default();
        let mut listed = Vec::new();
        for batch in &stream.batches {
            names.observe(batch);
            let events = batch.events().iter();
            let events = events.filter(|event| filter.matches(&names, batch, event));
            listed.extend(events.map(|event| event.kind().spec().name));
        }
        listed
    };
    let of = |agent: &str, kinds: &[EventKind]| EventFilter {
        agent: Some(agent.to_owned()),
        kinds: Some(kinds.to_vec()),
        ..EventFilter::everything()
    };
    let policies = [
        EventKind::PolicyFollowed,
        EventKind::StateRegisterSet,
        EventKind::PolicyFault,
        EventKind::PolicyDecision,
    ];
    let of_a = ["PolicyFollowed", "StateRegisterSet", "PolicyFault"];
    assert_eq!(listed(&of("A", &policies)), of_a);
    assert_eq!(listed(&of("B", &policies)), ["PolicyFollowed", "PolicyFault"]);
    let of_c = [&["PolicyFollowed", "StateRegisterSet"][..], &["PolicyDecision"; 3]].concat();
    assert_eq!(listed(&of("C", &policies)), of_c);
    let payment = EventFilter { payment: Some("tx-3".to_owned()), ..EventFilter::everything() };
    assert_eq!(listed(&payment), ["Arrival", "PolicyFault", "PolicyHold"]);
    // The account of a tick lists no more.
    let text = told_of(&stream, of("C", &policies)).pop().unwrap();
    assert!(text.contains("Registers: 1\n") && !text.contains("Policy faults"), "{text}");
    assert_eq!(projected(&stream).payment(PaymentNo(3)).unwrap().sender, no('A'));
}
