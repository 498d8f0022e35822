//! What was asked for, where no other event tells it: the arguments of an instruction or a
//! scenario event in plain words.

use psim_model::event::{InstructionType, ScenarioEventType};
use serde::Deserialize;
use serde_json::Value;

use crate::text::quoted;

/// Keys that name whom or what it is about, which is told beside the words.
const PARTIES: [&str; 3] = ["agent", "counterparty", "payment"];

/// Letters that are shown of what should be a document and is none.
const BEGINNING: usize = 40;

/// Returns what a scenario event changes if its consequences do not say so.
pub(super) fn of_scenario_event(kind: ScenarioEventType, details: &str) -> String {
    match kind {
        ScenarioEventType::GlobalArrivalRateChange
        | ScenarioEventType::AgentArrivalRateChange
        | ScenarioEventType::CounterpartyWeightChange
        | ScenarioEventType::DeadlineWindowChange
        | ScenarioEventType::LsmConfigChange => read(details).map_or_else(String::new, plain),
        // Rates are told by their names: as arguments they are counts of small fractions.
        ScenarioEventType::PolicyChange => policy(details),
        ScenarioEventType::CostRateChange => read(details).as_ref().map_or_else(String::new, rates),
        _ => String::new(),
    }
}

/// Returns what an instruction asks for if its consequences do not say so.
pub(super) fn of_instruction(kind: InstructionType, arguments: &str) -> String {
    match kind {
        InstructionType::UpdateAgentPolicy => policy(arguments),
        InstructionType::Decide => {
            let actions = read(arguments).and_then(|value| value.get("actions").cloned());
            actions.map_or_else(String::new, plain)
        }
        _ => String::new(),
    }
}

/// Returns the id of the payment that an instruction is about.
pub(super) fn payment(arguments: &str) -> Option<String> {
    let read = read(arguments)?;
    let payment = read.get("payment")?;
    match (payment.get("Id"), payment.get("Number")) {
        (Some(id), _) => id.as_str().map(str::to_owned),
        (None, number) => number.map(|number| format!("tx-{number}")),
    }
}

/// Returns the name of the policy that arguments hold as a document, or how that begins.
fn policy(arguments: &str) -> String {
    let arguments = read(arguments);
    let document = arguments.as_ref().and_then(|value| value.get("policy")?.as_str());
    let Some(document) = document else { return String::new() };
    match serde_json::from_str::<Named>(document) {
        Ok(named) => named.policy_id,
        Err(_) if document.chars().count() <= BEGINNING => quoted(document),
        Err(_) => quoted(&document.chars().take(BEGINNING).chain(['…']).collect::<String>()),
    }
}

/// What is wanted of a policy's document.
#[derive(Deserialize)]
struct Named {
    policy_id: String,
}

fn read(arguments: &str) -> Option<Value> {
    serde_json::from_str(arguments).ok()
}

fn plain(value: Value) -> String {
    match value {
        Value::Object(entries) => {
            let told = entries.into_iter().filter(|(key, _)| !PARTIES.contains(&key.as_str()));
            let words: Vec<String> =
                told.map(|(key, value)| format!("{} {}", spaced(&key), plain(value))).collect();
            words.join(", ")
        }
        Value::Array(items) => {
            let words: Vec<String> = items.into_iter().map(plain).collect();
            words.join(", ")
        }
        Value::String(word) => spaced(&word),
        other => other.to_string(),
    }
}

fn rates(value: &Value) -> String {
    let Some(Value::Object(rates)) = value.get("rates") else { return String::new() };
    let is_given = |value: &Value| match value {
        Value::Array(bands) => bands.iter().any(|band| !band.is_null()),
        value => !value.is_null(),
    };
    let given = rates.iter().filter(|(_, value)| is_given(value));
    let names: Vec<String> = given.map(|(name, _)| spaced(name)).collect();
    names.join(", ")
}

/// Returns the words that `snake_case` or `CamelCase` runs together.
fn spaced(word: &str) -> String {
    let mut words = String::with_capacity(word.len() + 4);
    for letter in word.chars() {
        match letter {
            '_' => words.push(' '),
            capital if capital.is_ascii_uppercase() => {
                if !words.is_empty() {
                    words.push(' ');
                }
                words.push(capital.to_ascii_lowercase());
            }
            letter => words.push(letter),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_told_in_words() {
        let weight =
            r#"{"agent":"A","counterparty":"B","auto_balance_others":true,"new_weight":2.5}"#;
        assert_eq!(
            of_scenario_event(ScenarioEventType::CounterpartyWeightChange, weight),
            "auto balance others true, new weight 2.5"
        );
        let rates = r#"{"rates":{"eod_penalty":{"Fixed":5},
            "priority_delay_multipliers":[null,null,null]}}"#;
        assert_eq!(of_scenario_event(ScenarioEventType::CostRateChange, rates), "eod penalty");
        assert_eq!(of_scenario_event(ScenarioEventType::DirectTransfer, r#"{"amount":5}"#), "");
        let decision = r#"{"actions":[{"Reprioritize":{"new_priority":9}},"WithdrawFromRtgs"]}"#;
        assert_eq!(
            of_instruction(InstructionType::Decide, decision),
            "reprioritize new priority 9, withdraw from rtgs"
        );
        assert_eq!(of_instruction(InstructionType::Decide, "damaged"), "");
        let policy = r#"{"agent":"A","policy":"{\"policy_id\": \"patient\", \"version\": \"1\"}"}"#;
        assert_eq!(of_instruction(InstructionType::UpdateAgentPolicy, policy), "patient");
        assert_eq!(of_scenario_event(ScenarioEventType::PolicyChange, policy), "patient");
        let none = r#"{"policy":"[it's none]"}"#;
        assert_eq!(of_scenario_event(ScenarioEventType::PolicyChange, none), "\"[it's none]\"");
        assert_eq!(of_scenario_event(ScenarioEventType::PolicyChange, "{}"), "");
        assert_eq!(payment(r#"{"payment":{"Number":7}}"#).as_deref(), Some("tx-7"));
        assert_eq!(payment(r#"{"payment":{"Id":"rent"}}"#).as_deref(), Some("rent"));
        assert_eq!(payment("{}"), None);
    }
}
