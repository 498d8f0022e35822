//! Examples made from the tables, each of which can be read.

use crate::actions::{Action, ParameterKind, ParameterSpec};
use crate::document::{Comparison, Document, Expression, Value};
use crate::fields::{Field, Unit};
use crate::infix::Infix;
use crate::json::Json;
use crate::tree::Tree;

/// Returns a condition that a field may stand in.
pub(super) fn use_of(field: Field) -> Expression {
    let (comparison, than) = match field.spec().unit {
        Unit::Money => (Comparison::GreaterOrEqual, Value::Number(1_000_000.0)),
        Unit::Ticks => (Comparison::LessOrEqual, Value::Number(5.0)),
        Unit::Count => (Comparison::Greater, Value::Number(3.0)),
        Unit::Ratio => (Comparison::Greater, Value::Number(0.5)),
        Unit::Flag => (Comparison::Equal, Value::Flag(true)),
        Unit::Rank if field == Field::RtgsPriority => (Comparison::Equal, Value::Number(1.0)),
        Unit::Rank => (Comparison::GreaterOrEqual, Value::Number(8.0)),
        Unit::BpsPerTick => (Comparison::Greater, Value::Number(0.01)),
        Unit::PerTick => (Comparison::Greater, Value::Number(0.0001)),
        Unit::IdHash if field == Field::TxCounterpartyId => {
            (Comparison::Equal, Value::Field(Field::TopCpty1IdHash))
        }
        Unit::IdHash => (Comparison::NotEqual, Value::Number(0.0)),
    };
    Expression::Compare(comparison, Value::Field(field), than)
}

/// Returns the same as a formula.
pub(super) fn formula(field: Field) -> String {
    Infix::new(&EMPTY).expression(&use_of(field))
}

static EMPTY: Document = Document {
    version: String::new(),
    policy_id: String::new(),
    description: None,
    parameters: Vec::new(),
    trees: [const { None }; 4],
};

/// Returns a leaf that decides an action, with what it needs or with all that it takes.
pub(super) fn leaf(action: Action, takes_all: bool) -> Json {
    let parameters = action.spec().parameters.iter();
    let parameters = parameters.filter(|parameter| takes_all || parameter.required);
    let given: Vec<(&str, Json)> =
        parameters.map(|parameter| (parameter.name, argument(parameter))).collect();
    let mut entries = vec![
        ("type", Json::text("action")),
        ("node_id", Json::text("example")),
        ("action", Json::text(action.name())),
    ];
    if !given.is_empty() {
        entries.push(("parameters", Json::object(given)));
    }
    Json::object(entries)
}

/// Returns the smallest document that decides an action.
pub(super) fn document(action: Action) -> Json {
    let tree = action.spec().trees.iter().next().unwrap_or(Tree::Payment);
    Json::object([
        ("version", Json::text("1.0")),
        ("policy_id", Json::text("example")),
        (tree.key(), leaf(action, false)),
    ])
}

fn argument(parameter: &ParameterSpec) -> Json {
    let value = match parameter.kind {
        ParameterKind::Money => Json::Number(1_000_000.0),
        ParameterKind::Whole { min, max } => Json::Number(f64::from((min + 2).min(max))),
        ParameterKind::Clamped { min, max } => Json::Number(f64::from(u32::midpoint(min, max))),
        ParameterKind::Number => Json::Number(1.0),
        ParameterKind::Text => Json::text("NearDeadline"),
        ParameterKind::Word(words) => Json::text(words.first().copied().unwrap_or_default()),
        ParameterKind::Register => Json::text("bank_state_cooldown"),
        ParameterKind::Agents => Json::List(vec![Json::text("BANK_B")]),
    };
    Json::object([("value", value)])
}
