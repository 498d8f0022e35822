//! What the tables leave to be said about themselves.

use crate::actions::ParameterKind;
use crate::fields::{ALIASES, Field, Topic, Unit};
use crate::prose::count;
use crate::tree::{Tree, Trees};

/// A node, condition or number as documents write it.
#[derive(Clone, Copy)]
pub(super) struct Form {
    /// Its name here.
    pub(super) name: &'static str,
    /// Its keys.
    pub(super) keys: &'static [&'static str],
    /// What it means.
    pub(super) meaning: &'static str,
    /// How it is written.
    pub(super) example: &'static str,
}

/// The keys of a document: name, whether it must be there, meaning.
pub(super) const DOCUMENT: &[(&str, bool, &str)] = &[
    ("version", true, "A line that its author chooses; not interpreted."),
    ("policy_id", true, "Its name: one line, not empty."),
    ("description", false, "What it is for."),
    (
        "parameters",
        false,
        "Names with finite numbers, to be used as `{\"param\": name}`; a scenario may give others. \
         `initial_liquidity_fraction`, from 0 to 1, is the share of a liquidity pool that is \
         brought in each morning, where the agent has no `liquidity_allocation_fraction` of its \
         own.",
    ),
    ("payment_tree", false, "A node; without one everything is released."),
    ("bank_tree", false, "A node; without one the bank sets no budget and no register."),
    ("strategic_collateral_tree", false, "A node; without one nothing is done."),
    ("end_of_tick_collateral_tree", false, "A node; without one nothing is done."),
];

/// Returns the keys of a document that has some trees only.
pub(super) fn document(
    trees: &[Tree],
) -> impl Iterator<Item = &'static (&'static str, bool, &'static str)> {
    let is_left_out = |key: &str| Tree::ALL.iter().any(|it| it.key() == key && !trees.contains(it));
    DOCUMENT.iter().filter(move |(key, ..)| !is_left_out(key))
}

/// Returns the nodes, with examples for the first of some trees.
pub(super) fn nodes(trees: &[Tree]) -> [Form; 3] {
    let examples = match trees.iter().min() {
        Some(Tree::Bank) => IN_BANK_TREES,
        Some(Tree::StrategicCollateral | Tree::EndOfTickCollateral) => IN_COLLATERAL_TREES,
        Some(Tree::Payment) | None => NODES.map(|form| form.example),
    };
    let [condition, action, actions] = NODES;
    let [of_condition, of_action, of_actions] = examples;
    [
        Form { example: of_condition, ..condition },
        Form { example: of_action, ..action },
        Form { example: of_actions, ..actions },
    ]
}

const IN_BANK_TREES: [&str; 3] = [
    r#"{"type": "condition", "node_id": "is_short",
 "condition": {"op": ">", "left": {"field": "credit_used"}, "right": {"value": 0}},
 "on_true": {"type": "action", "node_id": "note", "action": "AddState",
  "parameters": {"key": {"value": "bank_state_short"}, "value": {"value": 1}}},
 "on_false": {"type": "action", "node_id": "rest", "action": "NoAction"}}"#,
    r#"{"type": "action", "node_id": "cap", "action": "SetReleaseBudget",
 "parameters": {"max_value_to_release": {"field": "balance"}}}"#,
    r#"{"type": "action", "node_id": "cap_and_note", "actions": [
  {"action": "SetReleaseBudget", "parameters": {"max_value_to_release": {"field": "balance"}}},
  {"action": "SetState", "parameters": {"key": {"value": "bank_state_capped"},
   "value": {"value": 1}}}]}"#,
];

const IN_COLLATERAL_TREES: [&str; 3] = [
    r#"{"type": "condition", "node_id": "is_short",
 "condition": {"op": ">", "left": {"field": "queue1_liquidity_gap"}, "right": {"value": 0}},
 "on_true": {"type": "action", "node_id": "post", "action": "PostCollateral",
  "parameters": {"amount": {"field": "queue1_liquidity_gap"}}},
 "on_false": {"type": "action", "node_id": "rest", "action": "HoldCollateral"}}"#,
    r#"{"type": "action", "node_id": "withdraw", "action": "WithdrawCollateral",
 "parameters": {"amount": {"field": "excess_collateral"}}}"#,
    r#"{"type": "action", "node_id": "exchange", "actions": [
  {"action": "WithdrawCollateral", "parameters": {"amount": {"field": "excess_collateral"}}},
  {"action": "PostCollateral", "parameters": {"amount": {"field": "queue1_liquidity_gap"}}}]}"#,
];

const NODES: [Form; 3] = [
    Form {
        name: "condition",
        keys: &["type", "node_id", "condition", "on_true", "on_false"],
        meaning: "Goes on to one node or the other.",
        example: r#"{"type": "condition", "node_id": "is_late",
 "condition": {"op": "<", "left": {"field": "ticks_to_deadline"}, "right": {"value": 2}},
 "on_true": {"type": "action", "node_id": "pay", "action": "Release"},
 "on_false": {"type": "action", "node_id": "wait", "action": "Hold"}}"#,
    },
    Form {
        name: "action",
        keys: &["type", "node_id", "action", "parameters"],
        meaning: "Decides one action.",
        example: r#"{"type": "action", "node_id": "halve", "action": "Split",
 "parameters": {"num_splits": {"value": 2}}}"#,
    },
    Form {
        name: "action, in sequence",
        keys: &["type", "node_id", "actions"],
        meaning: "Decides several actions in sequence; all parameters are evaluated before the \
                  first is carried out.",
        example: r#"{"type": "action", "node_id": "raise_and_pay", "actions": [
  {"action": "Reprioritize", "parameters": {"new_priority": {"value": 9}}},
  {"action": "Release"}]}"#,
    },
];

pub(super) const CONDITIONS: &[Form] = &[
    Form {
        name: "comparison",
        keys: &["op", "left", "right"],
        meaning: "Compares two numbers, the left one read first.",
        example: r#"{"op": ">=", "left": {"field": "balance"},
 "right": {"field": "queue1_total_value"}}"#,
    },
    Form {
        name: "and",
        keys: &["op", "conditions"],
        meaning: "Whether all are true, asked from the left until one is not; of none: true.",
        example: r#"{"op": "and", "conditions": [
  {"op": ">", "left": {"field": "credit_used"}, "right": {"value": 0}},
  {"op": "==", "left": {"field": "is_eod_rush"}, "right": {"value": false}}]}"#,
    },
    Form {
        name: "or",
        keys: &["op", "conditions"],
        meaning: "Whether any is true, asked from the left until one is; of none: false.",
        example: r#"{"op": "or", "conditions": [
  {"op": "<=", "left": {"field": "ticks_remaining_in_day"}, "right": {"value": 2}},
  {"op": "<=", "left": {"field": "ticks_to_cutoff"}, "right": {"value": 2}}]}"#,
    },
    Form {
        name: "not",
        keys: &["op", "condition"],
        meaning: "Whether it is false.",
        example: r#"{"op": "not", "condition":
  {"op": "==", "left": {"field": "is_using_credit"}, "right": {"value": true}}}"#,
    },
];

pub(super) const VALUES: &[Form] = &[
    Form {
        name: "field",
        keys: &["field"],
        meaning: "A field of the table, or a register by its full name.",
        example: r#"{"field": "balance"}"#,
    },
    Form {
        name: "param",
        keys: &["param"],
        meaning: "A parameter of the document.",
        example: r#"{"param": "urgency_threshold"}"#,
    },
    Form {
        name: "value",
        keys: &["value"],
        meaning: "A literal: a finite number, or true and false for 1 and 0.",
        example: r#"{"value": 5}"#,
    },
    Form {
        name: "compute",
        keys: &["compute"],
        meaning: "A computation.",
        example: r#"{"compute": {"op": "/", "left": {"field": "balance"}, "right": {"value": 2}}}"#,
    },
];

/// What may follow what in `actions`.
pub(super) const fn sequence(tree: Tree) -> &'static str {
    match tree {
        Tree::Payment => "Any number of `Reprioritize`, then exactly one other.",
        Tree::Bank => {
            "At most one `SetReleaseBudget`, any number of `SetState` and `AddState`, which adds \
             to what those before it have written; `NoAction` alone."
        }
        Tree::StrategicCollateral | Tree::EndOfTickCollateral => {
            "At most one `PostCollateral` and one `WithdrawCollateral`; `HoldCollateral` alone."
        }
    }
}

pub(super) const REGISTERS: &str = "Numbers that a bank keeps for itself, named `bank_state_` and \
     anything: 0 until the bank tree writes them, 0 again after the last tick of a day. What is \
     written must be finite, else it is a fault. All trees read them as fields.";

/// What holds for all evaluations.
pub(super) const RULES: &[&str] = &[
    "Numbers are 64-bit floats. Yes is 1 and no is 0, as literals and in fields.",
    "Evaluation goes from left to right, operands and parameters in the order given here.",
    "A division by zero, a result that is not a number and a parameter out of its range are \
     faults: the payment is held, the bank does nothing, and `PolicyFault` tells the node and what \
     happened. A divisor or parameter that is a literal or a parameter of the document is checked \
     when that is read.",
    "Amounts are cut off toward zero to whole minor units, counts to whole numbers.",
    "`description`, `comment` and `metadata` may stand in any object of a document, but not among \
     parameters; they change nothing.",
];

pub(super) const fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Money => "minor units",
        Unit::Ticks => "ticks",
        Unit::Count => "number",
        Unit::Ratio => "ratio",
        Unit::Flag => "1 or 0",
        Unit::Rank => "rank",
        Unit::BpsPerTick => "basis points a tick",
        Unit::PerTick => "minor units a tick, of each",
        Unit::IdHash => "bank",
    }
}

pub(super) const TOPICS: [Topic; 10] = [
    Topic::Transaction,
    Topic::Agent,
    Topic::Queue,
    Topic::System,
    Topic::Collateral,
    Topic::Cost,
    Topic::Time,
    Topic::Throughput,
    Topic::Lsm,
    Topic::Limit,
];

pub(super) const fn topic(topic: Topic) -> &'static str {
    match topic {
        Topic::Transaction => "the payment",
        Topic::Agent => "the bank's balance and credit",
        Topic::Queue => "queue 1 and what is released",
        Topic::System => "queue 2 and the system",
        Topic::Collateral => "collateral",
        Topic::Cost => "costs",
        Topic::Time => "time",
        Topic::Throughput => "throughput",
        Topic::Lsm => "counterparties and liquidity saving",
        Topic::Limit => "limits",
    }
}

/// Returns the other names of a field.
pub(super) fn aliases(field: Field) -> impl Iterator<Item = &'static str> {
    let own = ALIASES.iter().filter(move |(_, name)| *name == field.name());
    own.map(|(alias, _)| *alias)
}

/// Returns which trees something is for, in short.
pub(super) fn trees(trees: Trees) -> &'static str {
    match trees {
        Trees::PAYMENT => "payment",
        Trees::BANK => "bank",
        Trees::COLLATERAL => "collateral",
        _ => "all",
    }
}

/// Returns what a parameter can be, in words.
pub(super) fn kind(kind: ParameterKind) -> String {
    match kind {
        ParameterKind::Money => "amount".to_owned(),
        ParameterKind::Whole { min, max } => {
            format!("whole number, {} to {}", count(min.into()), count(max.into()))
        }
        ParameterKind::Clamped { min, max } => {
            format!("whole number, brought into {min} to {max}")
        }
        ParameterKind::Number => "number".to_owned(),
        ParameterKind::Text => "literal text".to_owned(),
        ParameterKind::Word(words) => {
            let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            format!("literal: {}", words.join(", "))
        }
        ParameterKind::Register => "literal name of a register".to_owned(),
        ParameterKind::Agents => "literal list of agent ids".to_owned(),
    }
}
