//! Runs that were steered by calls between ticks are repeated with the same calls.

use std::path::Path;

use psim_engine::Engine;
use psim_journal::{Journal, RunRecord, Seal};
use psim_model::event::{EventBatch, RtgsPriority};
use psim_model::{
    AgentNo, CheckedScenario, Instruction, Money, PaymentNo, PaymentRef, Policy, Priority,
    Submission, Tick,
};
use psim_runner::{Difference, Paranoid, VERSION, Verdict, verify};
use psim_testkit::sketch;
use psim_view::{Fold, StreamHash};
use rusqlite::Connection;
use tempfile::tempdir;

/// Returns a scenario whose first agent follows a policy that counts; decisions are traced.
fn scenario() -> CheckedScenario {
    let mut scenario = sketch::scenario(6, 1, &[("A", 100), ("B", 0)]);
    scenario.agents[0].policy = Policy::read(COUNTING).expect("a sound policy");
    scenario.policies.trace_decisions = true;
    scenario.check().expect("a sound scenario")
}

/// Releases from tick 2 on, when what it counts in tenths is 0.30000000000000004.
const COUNTING: &str = r#"{
    "version": "1.0", "policy_id": "counting",
    "bank_tree": {
        "type": "action", "node_id": "count", "action": "AddState",
        "parameters": {"key": {"value": "bank_state_tenths"}, "value": {"value": 0.1}}
    },
    "payment_tree": {
        "type": "condition", "node_id": "is_early",
        "condition": {"op": "<", "left": {"field": "bank_state_tenths"}, "right": {"value": 0.3}},
        "on_true": {
            "type": "action", "node_id": "wait", "action": "Hold",
            "parameters": {"reason": {"value": "it is early"}}
        },
        "on_false": {"type": "action", "node_id": "go", "action": "Release"}
    }
}"#;

fn submission(id: &str) -> Instruction {
    Instruction::SubmitTransaction(Submission {
        id: Some(id.to_owned()),
        sender: AgentNo(0),
        receiver: AgentNo(1),
        amount: Money::from_minor(30),
        deadline_tick: Tick(5),
        earliest_tick: Some(Tick(5)),
        priority: Priority::DEFAULT,
        rtgs_priority: RtgsPriority::Normal,
        divisible: None,
    })
}

/// A policy whose text has all that JSON has to escape, and numbers of many digits.
const SLOW: &str = r#"{
    "version": "1.0", "policy_id": "slow \"Ä\" \\ /2",
    "parameters": {"share": 0.30000000000000004, "third": 0.3333333333333333, "huge": 1.5e300},
    "payment_tree": {
        "type": "action", "node_id": "wait", "action": "Hold",
        "parameters": {"reason": {"value": "later\nthan \"now\""}}
    }
}"#;

/// Runs the scenario with calls before ticks 1, 3 and 4 and keeps it.
fn keep(path: &Path) {
    let scenario = scenario();
    let mut engine = Engine::new(scenario.clone());
    let record = RunRecord {
        simulation_id: Some("steered"),
        source: "",
        scenario_text: "",
        scenario: &scenario,
        overrides: &[],
        version: VERSION,
        ticks_asked: scenario.calendar.horizon(),
    };
    let mut writer = Journal::create_or_open(path).unwrap().begin(&record).unwrap();
    let (mut hash, mut paranoid) = (StreamHash::new(), Paranoid::new(&scenario));
    let mut batch = EventBatch::default();
    while !engine.is_finished() {
        if engine.now() == Tick(1) {
            engine.instruct(&submission("one")).unwrap();
            engine.instruct(&submission("two")).unwrap();
        }
        if engine.now() == Tick(3) {
            let payment = PaymentRef::Number(PaymentNo(1));
            engine.instruct(&Instruction::WithdrawFromRtgs { payment }).unwrap();
        }
        if engine.now() == Tick(4) {
            let policy = Policy::read(SLOW).unwrap();
            engine.instruct(&Instruction::UpdateAgentPolicy { agent: AgentNo(0), policy }).unwrap();
            engine.instruct(&submission("three")).unwrap();
        }
        engine.tick(&mut batch).unwrap();
        hash.observe(&batch);
        paranoid.observe(&engine, &batch).unwrap();
        writer.write(&mut batch).unwrap();
    }
    let agent = &paranoid.projection().agents()[0];
    assert_eq!((agent.policy(), agent.registers().count()), ("slow \"Ä\" \\ /2", 0));
    let day_hashes = hash.days().iter().map(ToString::to_string).collect();
    writer.finish(Seal { day_hashes, stream_hash: hash.total() }).unwrap();
}

fn verdict(path: &Path) -> Verdict {
    let journal = Journal::open(path).unwrap();
    verify(&journal, &journal.resolve(None).unwrap()).unwrap()
}

#[test]
fn a_steered_run_is_repeated() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    keep(&path);
    let verdict = verdict(&path);
    assert!(matches!(verdict, Verdict::Same { ticks: 6, .. }), "{verdict:?}");
}

/// Changes the last call of a stored run; returns how the run is said to differ.
fn difference(arguments: &str) -> String {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    keep(&path);
    let sql = "UPDATE events SET x3 = ?1 WHERE kind = 23 AND tick = 3";
    assert_eq!(Connection::open(&path).unwrap().execute(sql, [arguments]).unwrap(), 1);
    match verdict(&path) {
        Verdict::Differs(difference @ Difference::Call { .. }) => difference.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_call_that_cannot_be_given_again_is_a_difference() {
    let refused = difference(r#"{"payment":{"Number":9}}"#);
    assert!(refused.contains("tick 3") && refused.contains("no such payment"), "{refused}");
    assert!(refused.ends_with(r#"stored: WithdrawFromRtgs {"payment":{"Number":9}}"#));
    let unreadable = difference("{}");
    assert!(unreadable.contains("cannot be read"), "{unreadable}");
}
