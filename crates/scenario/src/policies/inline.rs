//! A part of a scenario as JSON.

use psim_policy::Json;

use crate::scalar;
use crate::tree::{Node, Style, Value};

/// Returns what was written as JSON: plain words and numbers are what YAML takes them for.
pub(super) fn json(node: &Node) -> Json {
    match &node.value {
        Value::List(items) => Json::List(items.iter().map(json).collect()),
        Value::Map(entries) => {
            let entry = |entry: &crate::tree::Entry| (entry.key.clone(), json(&entry.value));
            Json::Object(entries.iter().map(entry).collect())
        }
        Value::Scalar { text, style: Style::Quoted } => Json::Text(text.clone()),
        Value::Scalar { .. } if node.is_null() => Json::Null,
        Value::Scalar { text, .. } => match text.as_str() {
            "true" | "True" | "TRUE" => Json::Bool(true),
            "false" | "False" | "FALSE" => Json::Bool(false),
            word => {
                scalar::as_number(word).map_or_else(|| Json::Text(word.to_owned()), Json::Number)
            }
        },
    }
}
