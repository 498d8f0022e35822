//! Instructions: what they come to, and what is refused.

use psim_model::event::InstructionType;
use psim_model::{
    AgentNo, Instruction, Limits, Money, PaymentAction, PaymentRef, Policy, Priority,
    ReleaseBudget, RtgsPriority, Submission, Tick,
};

use super::{BASE, Folder, messages, refused, sound};
use crate::keys;
use crate::shape::Kind;

const A: AgentNo = AgentNo(0);
const B: AgentNo = AgentNo(1);

fn money(minor: i64) -> Money {
    Money::from_minor(minor)
}

fn instruction(keys: &str) -> Instruction {
    let text = format!("{BASE}instructions: [{{tick: 3, {keys}}}]\n");
    sound(&text).instructions[0].instruction.clone()
}

fn check(keys: &str, expected: &[&str]) {
    let text = format!("{BASE}instructions: [{{tick: 3, type: {keys}}}]\n");
    let (mut said, mut expected) = (messages(&text), expected.to_vec());
    said.sort_unstable();
    expected.sort_unstable();
    assert_eq!(said, expected, "{keys}");
}

#[test]
fn every_type_of_instruction_is_in_the_table() {
    let key = keys::ROOT.key("instructions").unwrap();
    let Kind::List { of: Kind::Variant { cases, .. }, .. } = key.kind else { panic!("a list") };
    let declared: Vec<&str> = cases.iter().map(|case| case.name).collect();
    let words: Vec<&str> = InstructionType::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(declared, words);
}

#[test]
fn instructions_are_in_order_of_their_ticks() {
    let text = "simulation: {ticks_per_day: 10, num_days: 2, opens_at: '07:00', tick_seconds: 60}
agents: [{id: A, opening_balance: 1}, {id: B, opening_balance: 1}]
instructions:
  - {type: PostCollateral, agent: A, amount: 1, time: '07:05', day: 1}
  - {type: PostCollateral, agent: A, amount: 2, tick: 3}
  - {type: PostCollateral, agent: A, amount: 3, time: '07:03'}
";
    let scenario = sound(text);
    let order: Vec<(u32, i64)> = scenario
        .instructions
        .iter()
        .map(|scheduled| match &scheduled.instruction {
            Instruction::PostCollateral { amount, .. } => (scheduled.tick.0, amount.minor()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(order, [(3, 2), (3, 3), (15, 1)]);
}

#[test]
fn submissions_are_what_was_written() {
    let usual = Submission {
        id: None,
        sender: A,
        receiver: B,
        amount: money(7),
        deadline_tick: Tick(9),
        earliest_tick: None,
        priority: Priority::DEFAULT,
        rtgs_priority: RtgsPriority::Normal,
        divisible: None,
    };
    let keys = "type: SubmitTransaction, sender: A, receiver: B, amount: 7";
    assert_eq!(instruction(keys), Instruction::SubmitTransaction(usual.clone()));
    let all = Submission {
        id: Some("x".to_owned()),
        deadline_tick: Tick(4),
        earliest_tick: Some(Tick(5)),
        priority: Priority::clamped(9),
        rtgs_priority: RtgsPriority::Urgent,
        divisible: Some(false),
        ..usual
    };
    assert_eq!(
        instruction(&format!(
            "{keys}, id: x, deadline_tick: 4, earliest_tick: 5, priority: 9, \
             rtgs_priority: Urgent, divisible: false"
        )),
        Instruction::SubmitTransaction(all)
    );
}

#[test]
fn what_agents_are_told_is_what_was_written() {
    let limits = Limits { multilateral: None, bilateral: vec![(B, money(4))] };
    for (keys, expected) in [
        (
            "type: SetLimits, agent: A, limits: {bilateral_limits: {B: 4}}",
            Instruction::SetLimits { agent: A, limits },
        ),
        (
            "type: UpdateAgentPolicy, agent: B, policy: {type: Hold}",
            Instruction::UpdateAgentPolicy { agent: B, policy: Policy::hold() },
        ),
        (
            "type: PostCollateral, agent: A, amount: 5, reason: margin, auto_withdraw_after_ticks: 2",
            Instruction::PostCollateral {
                agent: A,
                amount: money(5),
                reason: Some("margin".to_owned()),
                auto_withdraw_after_ticks: Some(2),
            },
        ),
        (
            "type: WithdrawCollateral, agent: A, amount: 5",
            Instruction::WithdrawCollateral { agent: A, amount: money(5), reason: None },
        ),
    ] {
        assert_eq!(instruction(keys), expected, "{keys}");
    }
    let budget = |focus_counterparties, max_per_counterparty| Instruction::SetReleaseBudget {
        agent: A,
        budget: ReleaseBudget {
            max_value_to_release: money(9),
            focus_counterparties,
            max_per_counterparty,
        },
    };
    let keys = "type: SetReleaseBudget, agent: A, max_value_to_release: 9";
    assert_eq!(instruction(keys), budget(None, None));
    assert_eq!(instruction(&format!("{keys}, focus_counterparties: []")), budget(None, None));
    assert_eq!(
        instruction(&format!("{keys}, focus_counterparties: [B], max_per_counterparty: 3")),
        budget(Some(vec![B]), Some(money(3)))
    );
}

#[test]
fn decisions_are_what_was_written() {
    let payment = || PaymentRef::Id("tx-0".to_owned());
    assert_eq!(
        instruction("type: WithdrawFromRtgs, payment: tx-0"),
        Instruction::WithdrawFromRtgs { payment: payment() }
    );
    assert_eq!(
        instruction("type: ResubmitToRtgs, payment: tx-0, rtgs_priority: HighlyUrgent"),
        Instruction::ResubmitToRtgs {
            payment: payment(),
            rtgs_priority: RtgsPriority::HighlyUrgent
        }
    );
    let release = |rtgs_priority, priority: Option<u8>, tick: Option<u32>| PaymentAction::Release {
        rtgs_priority,
        priority: priority.map(Priority::clamped),
        timed_for_tick: tick.map(Tick),
    };
    let stagger = PaymentAction::StaggerSplit {
        num_splits: 4,
        stagger_first_now: 0,
        stagger_gap_ticks: 2,
        priority_boost_children: 3,
    };
    for (action, expected) in [
        ("Release", release(None, None, None)),
        (
            "Release, rtgs_priority: Urgent, priority: 0, timed_for_tick: 4",
            release(Some(RtgsPriority::Urgent), Some(0), Some(4)),
        ),
        ("Hold", PaymentAction::Hold),
        (
            "Reprioritize, new_priority: 8",
            PaymentAction::Reprioritize { new_priority: Priority::clamped(8) },
        ),
        ("Split, num_splits: 2", PaymentAction::Split { num_splits: 2 }),
        ("PaceAndRelease, num_splits: 2", PaymentAction::Split { num_splits: 2 }),
        (
            "StaggerSplit, num_splits: 4, stagger_first_now: 0, stagger_gap_ticks: 2, priority_boost_children: 3",
            stagger,
        ),
        ("Drop", PaymentAction::Drop),
        ("WithdrawFromRtgs", PaymentAction::WithdrawFromRtgs),
        (
            "ResubmitToRtgs, rtgs_priority: Normal",
            PaymentAction::ResubmitToRtgs { rtgs_priority: RtgsPriority::Normal },
        ),
    ] {
        let first = "{action: Reprioritize, new_priority: 1}";
        let keys = format!("type: Decide, payment: tx-0, actions: [{first}, {{action: {action}}}]");
        let actions =
            vec![PaymentAction::Reprioritize { new_priority: Priority::clamped(1) }, expected];
        assert_eq!(instruction(&keys), Instruction::Decide { payment: payment(), actions });
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn instructions_are_checked() {
    for (keys, expected) in [
        (
            "SubmitTransaction",
            &[
                "`SubmitTransaction` lacks `sender`",
                "`SubmitTransaction` lacks `receiver`",
                "`SubmitTransaction` lacks `amount`",
            ][..],
        ),
        (
            "SubmitTransaction, sender: A, receiver: AB, amount: 0, deadline_tick: 3, earliest_tick: 20, id: \"a\\tb\"",
            &[
                "unknown agent `AB`",
                "`amount` is below 1: `0`",
                "`deadline_tick` 3 is not after the submission at tick 3",
                "`earliest_tick` is 20, above 19: the run has 20 ticks",
                "`id` contains a control character",
            ],
        ),
        ("SubmitTransaction, sender: A, receiver: A, amount: 1", &["`A` cannot pay itself"]),
        (
            "SubmitTransaction, sender: A, receiver: B, amount: 1, id: ' '",
            &["`id` is blank: the text `\" \"`"],
        ),
        (
            "SetLimits, agent: A, limits: {multilateral_limit: -1}",
            &["`multilateral_limit` is below 0: `-1`"],
        ),
        ("SetLimits, agent: A", &["`SetLimits` lacks `limits`"]),
        ("UpdateAgentPolicy, agent: C, policy: {type: Fifo}", &["unknown agent `C`"]),
        (
            "PostCollateral, agent: A, amount: 0, auto_withdraw_after_ticks: 0",
            &["`amount` is below 1: `0`", "`auto_withdraw_after_ticks` is below 1: `0`"],
        ),
        ("WithdrawCollateral, agent: A, amount: -3", &["`amount` is below 1: `-3`"]),
        ("WithdrawFromRtgs, payment: 7", &["`payment` must be a text, found `7`"]),
        ("WithdrawFromRtgs, payment: x", &["no payment is called `x`"]),
        ("ResubmitToRtgs, payment: tx-0", &["`ResubmitToRtgs` lacks `rtgs_priority`"]),
        (
            "SetReleaseBudget, agent: A, max_value_to_release: -1, focus_counterparties: [B, C, B, A]",
            &[
                "`max_value_to_release` is below 0: `-1`",
                "unknown agent `C`",
                "`B` is named twice",
                "`A` cannot pay itself",
            ],
        ),
        ("Decide, payment: tx-0, actions: []", &["`actions` must not be empty"]),
        (
            "Decide, payment: tx-0, actions: [{action: Hold}, {action: Drop}, {action: Reprioritize, new_priority: 11}]",
            &[
                "only `Reprioritize` can come before another action",
                "only `Reprioritize` can come before another action",
                "`new_priority` is above 10: `11`",
            ],
        ),
        (
            "Decide, payment: tx-0, actions: [{action: Split, num_splits: 1}]",
            &["`num_splits` is below 2: `1`"],
        ),
        (
            "Decide, payment: tx-0, actions: [{action: StaggerSplit, num_splits: 2, stagger_first_now: 3, stagger_gap_ticks: 1, priority_boost_children: 0}]",
            &["`stagger_first_now` is 3, but there are 2 parts"],
        ),
        (
            "Decide, payment: tx-0, actions: [{action: StaggerSplit, num_splits: 2, stagger_first_now: 1, stagger_gap_ticks: 0, priority_boost_children: 256}]",
            &[
                "`stagger_gap_ticks` is below 1: `0`",
                "`priority_boost_children` is above 255: `256`",
            ],
        ),
        (
            "Decide, payment: tx-0, actions: [{action: Release, timed_for_tick: 20}]",
            &["`timed_for_tick` is 20, above 19: the run has 20 ticks"],
        ),
        (
            "Decide, payment: tx-0, actions: [{action: Relese}]",
            &[
                "`action` must be `Release`, `Hold`, `Reprioritize`, `Split`, `StaggerSplit`, `Drop`, `WithdrawFromRtgs` or `ResubmitToRtgs`, found `Relese`",
            ],
        ),
    ] {
        check(keys, expected);
    }
    for (tick, expected) in [
        ("", "`SetLimits` lacks `tick` or `time`"),
        ("tick: 20,", "`tick` is 20, above 19: the run has 20 ticks"),
        ("time: '07:00',", "this is a clock time, but the scenario sets none (`opens_at`)"),
    ] {
        let text =
            format!("{BASE}instructions: [{{{tick} type: SetLimits, agent: A, limits: {{}}}}]\n");
        assert_eq!(messages(&text), [expected]);
    }
}

#[test]
fn a_submission_is_due_later_or_in_the_last_tick_of_a_day() {
    let at = |tick: u32, deadline: &str| {
        let keys = "type: SubmitTransaction, sender: A, receiver: B, amount: 1";
        messages(&format!("{BASE}instructions: [{{tick: {tick}, {keys}{deadline}}}]\n"))
    };
    for (tick, deadline) in [(8, ""), (9, ""), (9, ", deadline_tick: 9"), (8, ", deadline_tick: 9")]
    {
        assert_eq!(at(tick, deadline), [""; 0], "{tick}{deadline}");
    }
    for (tick, deadline) in [(8, 8), (9, 8)] {
        let expected =
            format!("`deadline_tick` {deadline} is not after the submission at tick {tick}");
        assert_eq!(at(tick, &format!(", deadline_tick: {deadline}")), [expected]);
    }
}

#[test]
fn ids_of_submissions_are_unique_and_not_the_simulators() {
    let submit = |id: &str| {
        format!(
            "  - {{tick: 3, type: SubmitTransaction, {id} sender: A, receiver: B, amount: 1}}\n"
        )
    };
    let folder = |csv: &str, instructions: &[String]| {
        let text = format!("{BASE}payments: p.csv\ninstructions:\n{}", instructions.concat());
        Folder::new().with("s.yaml", text).with("p.csv", csv)
    };
    let said = |folder: &Folder| match folder.load("s.yaml") {
        Ok(loaded) => folder.shown(&loaded.warnings),
        Err(faults) => folder.shown(&faults),
    };
    let named = "id,tick,sender,receiver,amount\nx,1,A,B,5\n";
    let twice = said(&folder(named, &[submit("id: x,"), submit("id: y,"), submit("id: y,")]));
    insta::assert_snapshot!(twice, @r"
    error: payment id `x` is given in the payment data too
     --> s.yaml:7:44
      |
    7 |   - {tick: 3, type: SubmitTransaction, id: x, sender: A, receiver: B, amount: 1}
      |                                            ^

    error: payment id `y` is given twice
     --> s.yaml:9:44
      |
    9 |   - {tick: 3, type: SubmitTransaction, id: y, sender: A, receiver: B, amount: 1}
      |                                            ^
      |
     ::: s.yaml:8:44
      |
    8 |   - {tick: 3, type: SubmitTransaction, id: y, sender: A, receiver: B, amount: 1}
      |                                            - given here

    2 errors
    ");
    // Where every payment has an id, any id will do; else those of the simulator are its own.
    assert_eq!(said(&folder(named, &[submit("id: tx-7,")])), "");
    let own = "payment id `tx-7` is what the simulator calls its own payments";
    let unnamed = "tick,sender,receiver,amount\n1,A,B,5\n";
    for (csv, other) in [(named, submit("")), (unnamed, String::new())] {
        let shown = said(&folder(csv, &[submit("id: tx-7,"), other]));
        assert!(shown.contains(own), "{shown}");
    }
    let shown = said(&folder(&named.replace('x', "tx-7"), &[submit("")]));
    assert!(shown.contains("`id`: `tx-7` is what the simulator calls its own payments"), "{shown}");
}

#[test]
fn payments_are_meant_by_ids_that_exist() {
    let text = format!(
        "{BASE}payments: p.csv\ninstructions:\n  \
         - {{tick: 3, type: WithdrawFromRtgs, payment: first}}\n  \
         - {{tick: 3, type: WithdrawFromRtgs, payment: secnd}}\n  \
         - {{tick: 2, type: SubmitTransaction, id: second, sender: A, receiver: B, amount: 1}}\n"
    );
    let folder = Folder::new()
        .with("s.yaml", text)
        .with("p.csv", "id,tick,sender,receiver,amount\nfirst,1,A,B,5\n");
    let warnings = folder.load("s.yaml").unwrap().warnings;
    let said: Vec<(&str, Option<&str>)> =
        warnings.iter().map(|w| (w.message.as_str(), w.hint.as_deref())).collect();
    assert_eq!(said, [("no payment is called `secnd`", Some("did you mean `second`?"))]);
}

#[test]
fn faulty_instructions_are_shown_where_they_stand() {
    let text = format!(
        "{BASE}instructions:
  - type: Decide
    tick: 25
    payment: tx-0
    actions:
      - {{action: Split, num_splits: 2}}
      - {{action: Release, timed_for_tick: 4}}
  - {{type: SubmitTransaction, tick: 1, sender: A, receiver: BB, amount: 5, deadline_tick: 1}}
"
    );
    insta::assert_snapshot!(refused(&text), @r"
    error: `tick` is 25, above 19: the run has 20 ticks
     --> s.yaml:7:11
      |
    7 |     tick: 25
      |           ^^

    error: only `Reprioritize` can come before another action
      --> s.yaml:10:9
       |
    10 |       - {action: Split, num_splits: 2}
       |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error: unknown agent `BB`
      --> s.yaml:12:61
       |
    12 |   - {type: SubmitTransaction, tick: 1, sender: A, receiver: BB, amount: 5, deadline_tick: 1}
       |                                                             ^^
       |
       = hint: the agents are `A`, `B`

    error: `deadline_tick` 1 is not after the submission at tick 1
      --> s.yaml:12:91
       |
    12 |   - {type: SubmitTransaction, tick: 1, sender: A, receiver: BB, amount: 5, deadline_tick: 1}
       |                                                                                           ^
       |
       = hint: deadlines are ticks of the run, counted from 0 over all days

    4 errors
    ");
}

/// Dropping that costs nothing is cheaper than settling: worth a word, and no fault.
#[test]
fn dropping_for_free_is_warned_of() {
    let drops = "{tick: 3, type: Decide, payment: x, actions: [{action: Drop}]}";
    let text = |costs: &str| format!("{BASE}{costs}\ninstructions: [{drops}]\n");
    let warned = |costs: &str| {
        let said = messages(&text(costs));
        said.iter().any(|message| message.contains("payments are dropped, and that costs nothing"))
    };
    assert!(warned("cost_rates: {deadline_penalty: 0, eod_penalty: 0}"));
    assert!(warned(
        "cost_rates: {deadline_penalty: 0, eod_penalty: {mode: rate, bps_per_event: 0}}"
    ));
    assert!(!warned("cost_rates: {deadline_penalty: 0}"));
    assert!(!warned(""));
}
