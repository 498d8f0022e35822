//! What a scenario says, key by key: for people who compare two of them.

use crate::diagnostic::Diagnostics;
use crate::overrides::{self, Overrides};
use crate::parse;
use crate::source::{Source, Sources};
use crate::tree::{Node, Value};

/// Returns the keys of a scenario with their values as they are written, in the order of the text:
/// `simulation.num_days` and `1`. Elements of lists are named by their `id`
/// (`agents.OST.opening_balance`), or by their place (`agents[0].opening_balance`). Overrides are
/// applied first, a policy for an agent as `agents.OST.policy` (for all `agents.*.policy`); of a
/// text or a setting that cannot be read, nothing is said.
///
/// Nothing is checked: this is about what was written, not about what it means.
pub fn settings(name: &str, text: &str, overrides: &Overrides) -> Vec<(String, String)> {
    let sources = Sources::default();
    let mut faults = Diagnostics::default();
    let number = sources.add(Source::new(name, text));
    let Some(mut tree) = parse::parse(&sources, number, &mut faults) else { return Vec::new() };
    overrides::name_sections(&mut tree);
    overrides::gather_simulation(&mut tree, &sources, &mut faults);
    overrides::apply(&mut tree, overrides, &sources, &mut faults);
    let mut found = Vec::new();
    gather("", &tree, &mut found);
    for (agent, policy) in overrides.policies.iter().filter_map(|given| given.split_once('=')) {
        let key = format!("agents.{agent}.policy");
        found.retain(|(path, _)| path.strip_prefix(&key).is_none_or(|rest| !is_below(rest)));
        found.push((key, policy.to_owned()));
    }
    found
}

/// Returns whether what follows a path leads on from its end, or is nothing.
fn is_below(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(['.', '['])
}

fn gather(path: &str, node: &Node, found: &mut Vec<(String, String)>) {
    match &node.value {
        Value::Scalar { text, .. } => found.push((path.to_owned(), text.clone())),
        Value::Map(entries) if entries.is_empty() => found.push((path.to_owned(), "{}".to_owned())),
        Value::List(items) if items.is_empty() => found.push((path.to_owned(), "[]".to_owned())),
        Value::Map(entries) => {
            for entry in entries {
                gather(&joined(path, &entry.key), &entry.value, found);
            }
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                let path = match item.id() {
                    Some(id) => joined(path, id),
                    None => format!("{path}[{index}]"),
                };
                gather(&path, item, found);
            }
        }
    }
}

fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
