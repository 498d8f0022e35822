//! The bounds of a scenario that a program builds, each from both sides; `docs/limits.md` lists
//! them.

use psim_model::{
    AgentNo, MAX_AGENTS, MAX_ID_CHARS, MAX_SPLITS, MONEY_LIMIT, Money, Scenario, TextColumn,
};
use psim_policy::MAX_REGISTERS;
use psim_testkit::sketch;

fn fault_of(scenario: Scenario) -> Option<String> {
    scenario.check().err().map(|fault| fault.0)
}

/// A scenario of so many agents.
fn of_agents(count: usize) -> Scenario {
    let ids: Vec<String> = (0..count).map(|no| format!("B{no:06}")).collect();
    let agents: Vec<(&str, i64)> = ids.iter().map(|id| (id.as_str(), 1)).collect();
    sketch::scenario(1, 1, &agents)
}

#[test]
fn agents_are_bounded() {
    assert_eq!(fault_of(of_agents(MAX_AGENTS)), None);
    let expected = "a scenario has between 1 and 100000 agents, not 100001";
    assert_eq!(fault_of(of_agents(MAX_AGENTS + 1)).as_deref(), Some(expected));
    assert!(fault_of(of_agents(0)).is_some());
}

#[test]
fn ids_are_bounded() {
    let agent = |length: usize| fault_of(sketch::scenario(1, 1, &[(&"x".repeat(length), 1)]));
    assert_eq!(agent(MAX_ID_CHARS), None);
    let expected = "agent id `xxxxxxxxxxxxxxxx…` has more than 256 characters";
    assert_eq!(agent(MAX_ID_CHARS + 1).as_deref(), Some(expected));
    let payment = |length: usize| {
        let mut scenario = sketch::scenario(1, 1, &[("A", 1), ("B", 1)]);
        scenario.payments.rows = vec![sketch::payment(0, 0, 1, 1)];
        scenario.payments.ids = TextColumn::from_iter(["x".repeat(length).as_str()]);
        fault_of(scenario)
    };
    assert_eq!(payment(MAX_ID_CHARS), None);
    let expected = "a payment id has more than 256 characters";
    assert_eq!(payment(MAX_ID_CHARS + 1).as_deref(), Some(expected));
}

#[test]
fn money_and_splits_are_bounded() {
    let most = i64::try_from(MONEY_LIMIT.minor()).unwrap();
    let money = |minor: i64| fault_of(sketch::scenario(1, 1, &[("A", minor)]));
    assert_eq!(money(most - 1), None);
    assert!(money(most).unwrap().contains("the ledger holds less than"));
    let splits = |count: u32| {
        let mut scenario = sketch::scenario(1, 1, &[("A", 1)]);
        scenario.rules.max_splits = count;
        fault_of(scenario)
    };
    assert_eq!(splits(MAX_SPLITS), None);
    assert!(splits(MAX_SPLITS + 1).is_some());
}

#[test]
fn any_64_bit_amount_is_a_payment() {
    let amount = |minor: i64| {
        let mut scenario = sketch::scenario(1, 1, &[("A", 1), ("B", 1)]);
        scenario.payments.rows = vec![sketch::payment(0, 0, 1, minor)];
        scenario.payments.rows[0].sender = AgentNo(0);
        fault_of(scenario)
    };
    assert_eq!(amount(Money::MAX.minor()), None);
    assert!(amount(0).unwrap().contains("amount"));
    assert!(amount(i64::MIN).unwrap().contains("amount"));
}

#[test]
fn a_document_has_ten_registers() {
    let document = |count: usize| {
        let set = |no: usize| {
            format!(
                r#"{{"action": "SetState", "parameters": {{"key": {{"value": "bank_state_{no}"}}, "value": {{"value": 1}}}}}}"#
            )
        };
        let actions: Vec<String> = (0..count).map(set).collect();
        format!(
            r#"{{"version": "1", "policy_id": "d", "bank_tree": {{"type": "action", "node_id": "a", "actions": [{}]}}}}"#,
            actions.join(", ")
        )
    };
    psim_policy::read(&document(MAX_REGISTERS)).unwrap();
    let faults = psim_policy::read(&document(MAX_REGISTERS + 1)).unwrap_err().to_string();
    assert!(faults.contains("one register more than 10"), "{faults}");
}
