//! Scheduled events and instructions as JSON, with agents by their ids.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{Agent, Instruction, ScenarioEvent, agent_called};

/// Keys under which an agent stands.
const AGENT: [&str; 6] = ["agent", "counterparty", "from_agent", "to_agent", "sender", "receiver"];
/// The key under which a list of agents stands.
const AGENTS: &str = "focus_counterparties";
/// The key under which a list of agents with amounts stands.
const BY_AGENT: &str = "bilateral_limits";

impl ScenarioEvent {
    /// Returns the arguments as a JSON object.
    pub fn arguments(&self, agents: &[Agent]) -> String {
        arguments(self, agents)
    }
}

impl Instruction {
    /// Returns the arguments as a JSON object, from which [`Instruction::from_arguments`] makes
    /// an equal instruction.
    pub fn arguments(&self, agents: &[Agent]) -> String {
        arguments(self, agents)
    }

    /// Makes an instruction from the word of its type and its arguments; `None` if they are none.
    pub fn from_arguments(kind: &str, arguments: &str, agents: &[Agent]) -> Option<Self> {
        let mut content: Value = serde_json::from_str(arguments).ok()?;
        number_agents(&mut content, agents)?;
        serde_json::from_value(Value::Object(Map::from_iter([(kind.to_owned(), content)]))).ok()
    }
}

fn arguments(subject: &impl Serialize, agents: &[Agent]) -> String {
    let tagged = serde_json::to_value(subject).expect("Invariant: made of words and numbers");
    let Value::Object(tagged) = tagged else { return "{}".to_owned() };
    let mut content = tagged.into_iter().next().map_or(Value::Null, |(_, content)| content);
    name_agents(&mut content, agents);
    content.to_string()
}

/// Puts ids where numbers of agents stand, and leaves out what was not said.
fn name_agents(value: &mut Value, agents: &[Agent]) {
    let id = |number: &Value| {
        let index = number.as_u64().and_then(|number| usize::try_from(number).ok());
        index.and_then(|index| agents.get(index)).map(|agent| agent.id.clone())
    };
    match value {
        Value::Object(entries) => {
            entries.retain(|_, value| !value.is_null());
            for (key, value) in entries.iter_mut() {
                if AGENT.contains(&key.as_str()) {
                    *value = id(value).into();
                } else if let (AGENTS, Value::Array(list)) = (key.as_str(), &*value) {
                    *value = list.iter().map(id).collect();
                } else if let (BY_AGENT, Value::Array(list)) = (key.as_str(), &*value) {
                    let entry = |pair: &Value| Some((id(&pair[0])?, pair[1].clone()));
                    *value = Value::Object(list.iter().filter_map(entry).collect());
                } else {
                    name_agents(value, agents);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| name_agents(item, agents)),
        _ => {}
    }
}

/// Puts numbers back where ids of agents stand.
fn number_agents(value: &mut Value, agents: &[Agent]) -> Option<()> {
    let number = |id: &str| agent_called(agents, id).map(|agent| Value::from(agent.0));
    match value {
        Value::Object(entries) => {
            for (key, value) in entries.iter_mut() {
                if AGENT.contains(&key.as_str()) {
                    *value = number(value.as_str()?)?;
                } else if let (AGENTS, Value::Array(list)) = (key.as_str(), &*value) {
                    *value = list.iter().map(|id| number(id.as_str()?)).collect::<Option<_>>()?;
                } else if let (BY_AGENT, Value::Object(limits)) = (key.as_str(), &*value) {
                    let pair = |(id, limit): (&String, &Value)| {
                        Some(Value::Array(vec![number(id)?, limit.clone()]))
                    };
                    *value = limits.iter().map(pair).collect::<Option<_>>()?;
                } else {
                    number_agents(value, agents)?;
                }
            }
            Some(())
        }
        Value::Array(items) => items.iter_mut().try_for_each(|item| number_agents(item, agents)),
        _ => Some(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        AgentNo, Limits, Money, PaymentAction, PaymentRef, Priority, ReleaseBudget, RtgsPriority,
        Submission, Tick,
    };

    fn agents() -> Vec<Agent> {
        ["A", "B", "C"].map(|id| Agent::plain(id, Money::ZERO)).to_vec()
    }

    fn check(instruction: &Instruction, expected: &str) {
        let written = instruction.arguments(&agents());
        assert_eq!(written, expected);
        let kind = instruction.kind().as_str();
        let read = Instruction::from_arguments(kind, &written, &agents());
        assert_eq!(read.as_ref(), Some(instruction));
    }

    #[test]
    fn instructions_are_read_as_they_are_written() {
        check(
            &Instruction::SubmitTransaction(Submission {
                id: None,
                sender: AgentNo(1),
                receiver: AgentNo(0),
                amount: Money::from_minor(7),
                deadline_tick: Tick(9),
                earliest_tick: None,
                priority: Priority::DEFAULT,
                rtgs_priority: RtgsPriority::Urgent,
                divisible: Some(false),
            }),
            concat!(
                r#"{"amount":7,"deadline_tick":9,"divisible":false,"priority":5,"#,
                r#""receiver":"A","rtgs_priority":"Urgent","sender":"B"}"#
            ),
        );
        let limits = Limits {
            multilateral: None,
            bilateral: vec![(AgentNo(0), Money::from_minor(5)), (AgentNo(2), Money::ZERO)],
        };
        check(
            &Instruction::SetLimits { agent: AgentNo(1), limits },
            r#"{"agent":"B","limits":{"bilateral_limits":{"A":5,"C":0}}}"#,
        );
        let budget = ReleaseBudget {
            max_value_to_release: Money::from_minor(9),
            focus_counterparties: Some(vec![AgentNo(2)]),
            max_per_counterparty: None,
        };
        check(
            &Instruction::SetReleaseBudget { agent: AgentNo(0), budget },
            r#"{"agent":"A","budget":{"focus_counterparties":["C"],"max_value_to_release":9}}"#,
        );
        let payment = PaymentRef::Id("big".to_owned());
        let actions = vec![
            PaymentAction::Reprioritize { new_priority: Priority::clamped(9) },
            PaymentAction::Split { num_splits: 3 },
        ];
        check(
            &Instruction::Decide { payment, actions },
            concat!(
                r#"{"actions":[{"Reprioritize":{"new_priority":9}},{"Split":{"num_splits":3}}],"#,
                r#""payment":{"Id":"big"}}"#
            ),
        );
    }

    #[test]
    fn what_is_no_instruction_is_not_read() {
        for (kind, arguments) in [
            ("SetLimits", r#"{"agent":"X","limits":{}}"#),
            ("SetLimits", r#"{"agent":"A""#),
            ("Nothing", "{}"),
        ] {
            assert_eq!(Instruction::from_arguments(kind, arguments, &agents()), None);
        }
    }
}
