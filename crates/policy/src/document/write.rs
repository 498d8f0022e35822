//! A document as JSON.

use super::{Argument, Call, Document, Expression, Node, Value};
use crate::json::Json;
use crate::tree::Tree;

fn object<const N: usize>(entries: [(&str, Json); N]) -> Json {
    Json::Object(entries.map(|(key, value)| (key.to_owned(), value)).into())
}

pub(super) fn document(document: &Document) -> Json {
    let mut entries = vec![
        ("version".to_owned(), Json::text(&document.version)),
        ("policy_id".to_owned(), Json::text(&document.policy_id)),
    ];
    describe(&mut entries, document.description.as_deref());
    if !document.parameters.is_empty() {
        let numbers = document.parameters.iter();
        let numbers = numbers.map(|(name, value)| (name.clone(), Json::Number(*value))).collect();
        entries.push(("parameters".to_owned(), Json::Object(numbers)));
    }
    for tree in Tree::ALL {
        if let Some(root) = document.tree(tree) {
            entries.push((tree.key().to_owned(), node(root)));
        }
    }
    Json::Object(entries)
}

fn describe(entries: &mut Vec<(String, Json)>, description: Option<&str>) {
    if let Some(description) = description {
        entries.push(("description".to_owned(), Json::text(description)));
    }
}

fn node(node: &Node) -> Json {
    let (kind, id, description) = match node {
        Node::Condition(branch) => ("condition", &branch.node_id, &branch.description),
        Node::Action(leaf) => ("action", &leaf.node_id, &leaf.description),
    };
    let mut entries =
        vec![("type".to_owned(), Json::text(kind)), ("node_id".to_owned(), Json::text(id))];
    describe(&mut entries, description.as_deref());
    match node {
        Node::Condition(branch) => {
            entries.push(("condition".to_owned(), expression(&branch.condition)));
            entries.push(("on_true".to_owned(), self::node(&branch.on_true)));
            entries.push(("on_false".to_owned(), self::node(&branch.on_false)));
        }
        Node::Action(leaf) => match leaf.actions.as_slice() {
            [only] => entries.extend(call(only)),
            several => {
                let calls = several.iter().map(|it| Json::Object(call(it))).collect();
                entries.push(("actions".to_owned(), Json::List(calls)));
            }
        },
    }
    Json::Object(entries)
}

fn call(call: &Call) -> Vec<(String, Json)> {
    let mut entries = vec![("action".to_owned(), Json::text(call.action.name()))];
    if !call.arguments.is_empty() {
        let arguments = call.arguments.iter();
        let arguments =
            arguments.map(|(name, given)| ((*name).to_owned(), argument(given))).collect();
        entries.push(("parameters".to_owned(), Json::Object(arguments)));
    }
    entries
}

fn argument(argument: &Argument) -> Json {
    match argument {
        Argument::Value(given) => value(given),
        Argument::Text(text) => object([("value", Json::text(text))]),
        Argument::Agents(ids) => {
            object([("value", Json::List(ids.iter().map(Json::text).collect()))])
        }
    }
}

pub(super) fn expression(it: &Expression) -> Json {
    let all = |list: &[Expression]| Json::List(list.iter().map(expression).collect());
    match it {
        Expression::Compare(comparison, left, right) => object([
            ("op", Json::text(comparison.sign())),
            ("left", value(left)),
            ("right", value(right)),
        ]),
        Expression::And(list) => object([("op", Json::text("and")), ("conditions", all(list))]),
        Expression::Or(list) => object([("op", Json::text("or")), ("conditions", all(list))]),
        Expression::Not(inner) => {
            object([("op", Json::text("not")), ("condition", expression(inner))])
        }
    }
}

fn value(it: &Value) -> Json {
    match it {
        Value::Field(field) => object([("field", Json::text(field.name()))]),
        Value::Register(name) => object([("field", Json::text(name))]),
        Value::Parameter(name) => object([("param", Json::text(name))]),
        Value::Number(number) => object([("value", Json::Number(*number))]),
        Value::Flag(flag) => object([("value", Json::Bool(*flag))]),
        Value::Compute(computation) => {
            let operator = computation.operator;
            let mut entries = vec![("op".to_owned(), Json::text(operator.word()))];
            let operands = computation.operands.iter().map(value);
            match operator.keys() {
                Some(keys) => {
                    entries.extend(keys.iter().map(|key| (*key).to_owned()).zip(operands));
                }
                None => entries.push(("values".to_owned(), Json::List(operands.collect()))),
            }
            object([("compute", Json::Object(entries))])
        }
    }
}
