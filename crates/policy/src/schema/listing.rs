//! The language as one JSON object.

use super::documents::json_schema;
use super::words::{self, Form};
use super::{examples, words::aliases};
use crate::actions::{Action, MAX_SPLITS, ParameterKind, ParameterSpec};
use crate::document::{Comparison, MAX_BYTES, MAX_CONDITIONS, MAX_REGISTERS, Operator};
use crate::fields::Field;
use crate::json::Json;
use crate::tree::Tree;

/// Returns the language as far as some trees use it: their fields and actions, node types,
/// conditions, values, computations, limits, and a JSON Schema of whole documents.
pub fn language_json(trees: &[Tree]) -> Json {
    let document = words::document(trees).map(|(key, required, meaning)| {
        Json::object([
            ("key", Json::text(*key)),
            ("required", Json::Bool(*required)),
            ("meaning", Json::text(*meaning)),
        ])
    });
    let rules = words::RULES.iter().map(|rule| Json::text(*rule));
    Json::object([
        ("language", Json::text("payment-sim policy")),
        ("document", Json::List(document.collect())),
        ("trees", Json::List(trees.iter().map(|it| tree(*it)).collect())),
        ("nodes", forms(&words::nodes(trees))),
        ("conditions", forms(words::CONDITIONS)),
        ("comparisons", Json::List(Comparison::ALL.into_iter().map(comparison).collect())),
        ("values", forms(words::VALUES)),
        ("computations", Json::List(Operator::ALL.into_iter().map(computation).collect())),
        ("registers", Json::text(words::REGISTERS)),
        ("actions", Json::List(actions(trees).map(action).collect())),
        ("fields", Json::List(fields(trees).map(field).collect())),
        ("rules", Json::List(rules.collect())),
        ("limits", limits()),
        ("json_schema", json_schema()),
    ])
}

/// Visits the actions of some trees, in the order of the table.
pub(super) fn actions(trees: &[Tree]) -> impl Iterator<Item = Action> {
    let all = Action::ALL.iter().copied();
    all.filter(|action| trees.iter().any(|tree| action.spec().trees.contain(*tree)))
}

/// Visits the fields of some trees, in the order of the table.
pub(super) fn fields(trees: &[Tree]) -> impl Iterator<Item = Field> {
    let all = Field::ALL.iter().copied();
    all.filter(|field| trees.iter().any(|tree| field.spec().trees.contain(*tree)))
}

fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Json {
    Json::List(texts.into_iter().map(Json::text).collect())
}

fn tree(tree: Tree) -> Json {
    Json::object([
        ("key", Json::text(tree.key())),
        ("meaning", Json::text(tree.meaning())),
        ("sequence", Json::text(words::sequence(tree))),
        ("actions", texts(actions(&[tree]).map(Action::name))),
        ("fields", texts(fields(&[tree]).map(Field::name))),
    ])
}

fn forms(forms: &[Form]) -> Json {
    let forms = forms.iter().map(|form| {
        Json::object([
            ("name", Json::text(form.name)),
            ("keys", texts(form.keys.iter().copied())),
            ("meaning", Json::text(form.meaning)),
            ("example", parsed(form.example)),
        ])
    });
    Json::List(forms.collect())
}

/// Returns an example of the tables as JSON.
pub(super) fn parsed(text: &str) -> Json {
    serde_json::from_str(text).expect("Invariant: examples are JSON")
}

fn comparison(comparison: Comparison) -> Json {
    Json::object([
        ("op", Json::text(comparison.sign())),
        ("meaning", Json::text(comparison.meaning())),
    ])
}

fn computation(operator: Operator) -> Json {
    let keys = operator.keys().unwrap_or(&["values"]);
    Json::object([
        ("op", Json::text(operator.word())),
        ("keys", texts(keys.iter().copied())),
        ("meaning", Json::text(operator.meaning())),
    ])
}

fn action(action: Action) -> Json {
    let spec = action.spec();
    Json::object([
        ("name", Json::text(spec.name)),
        ("trees", texts(spec.trees.iter().map(Tree::key))),
        ("meaning", Json::text(spec.meaning)),
        ("in_queue2", Json::Bool(spec.in_queue2)),
        ("parameters", Json::List(spec.parameters.iter().map(parameter).collect())),
        ("example", examples::document(action)),
    ])
}

fn parameter(spec: &ParameterSpec) -> Json {
    let kind = match spec.kind {
        ParameterKind::Money => "money",
        ParameterKind::Whole { .. } => "whole",
        ParameterKind::Clamped { .. } => "clamped",
        ParameterKind::Number => "number",
        ParameterKind::Text => "text",
        ParameterKind::Word(_) => "word",
        ParameterKind::Register => "register",
        ParameterKind::Agents => "agents",
    };
    let mut entries = vec![
        ("name", Json::text(spec.name)),
        ("required", Json::Bool(spec.required)),
        ("kind", Json::text(kind)),
    ];
    match spec.kind {
        ParameterKind::Whole { min, max } | ParameterKind::Clamped { min, max } => {
            entries.push(("min", Json::Number(min.into())));
            entries.push(("max", Json::Number(max.into())));
        }
        ParameterKind::Word(words) => entries.push(("words", texts(words.iter().copied()))),
        _ => {}
    }
    entries.push(("meaning", Json::text(spec.meaning)));
    Json::object(entries)
}

fn field(field: Field) -> Json {
    let spec = field.spec();
    Json::object([
        ("name", Json::text(spec.name)),
        ("aliases", texts(aliases(field))),
        ("topic", Json::text(words::topic(spec.topic))),
        ("unit", Json::text(words::unit(spec.unit))),
        ("trees", texts(spec.trees.iter().map(Tree::key))),
        ("meaning", Json::text(spec.meaning)),
        ("example", examples::use_of(field).to_json()),
    ])
}

fn limits() -> Json {
    let number = |limit: usize| Json::Number(limit as f64);
    Json::object([
        ("bytes", number(MAX_BYTES)),
        ("conditions_on_a_way", number(MAX_CONDITIONS)),
        ("json_levels", number(crate::document::MAX_DEPTH)),
        ("registers", number(MAX_REGISTERS)),
        ("parts", Json::Number(MAX_SPLITS.into())),
    ])
}
