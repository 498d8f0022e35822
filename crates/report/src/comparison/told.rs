//! What differs in the scenarios as people read it: single keys where they are few, else how many
//! entries of a list are not the same, and policies by their names.

use std::collections::{BTreeMap, BTreeSet};

use psim_view::count;
use serde_json::Value;

use super::differences::Setting;

/// Most keys, and most entries of a list or section, that are told one by one.
const FEW: usize = 8;
/// Characters of a value that are shown, and of a value of one word, such as a file.
const VALUE_MAX: usize = 60;
const WORD_MAX: usize = 200;

/// What a scenario says: paths of keys and their values, in order.
type Said = [(String, String)];

/// Returns settings that differ, given all that the scenarios say, in so few that they are read.
pub(super) fn told(all: &[Vec<(String, String)>], settings: &[Setting]) -> Vec<Setting> {
    let mut told = Vec::new();
    let all_settings: Vec<&Setting> = settings.iter().collect();
    tell_children("", &all_settings, all, &mut told);
    told
}

/// Tells what differs at a path and below it.
fn tell(path: &str, below: &[&Setting], all: &[Vec<(String, String)>], told: &mut Vec<Setting>) {
    let children: BTreeSet<&str> = below.iter().map(|it| child_of(path, &it.path)).collect();
    let has_policies =
        below.iter().any(|it| policy_of(&it.path).is_some_and(|own| own.len() > path.len()));
    if policy_of(path) == Some(path) && below.len() > 1 {
        let values = all.iter().map(|said| policy_named(path, said)).collect();
        told.push(Setting { path: path.to_owned(), values });
    } else if below.len() <= FEW && !has_policies {
        told.extend(below.iter().map(|it| single(it)));
    } else if children.len() > FEW {
        told.push(Setting { path: path.to_owned(), values: entries_counted(path, all) });
    } else {
        tell_children(path, below, all, told);
    }
}

/// Tells what differs below a path, key by key.
fn tell_children(
    path: &str,
    below: &[&Setting],
    all: &[Vec<(String, String)>],
    told: &mut Vec<Setting>,
) {
    let mut seen = BTreeSet::new();
    for setting in below {
        let child = child_of(path, &setting.path);
        if child == path {
            told.push(single(setting)); // a value in one scenario, and a section in another
        } else if seen.insert(child) {
            let below: Vec<&Setting> =
                below.iter().copied().filter(|it| is_at_or_below(child, &it.path)).collect();
            tell(child, &below, all, told);
        }
    }
}

/// Tells a key by itself; of a long value the beginning.
fn single(setting: &Setting) -> Setting {
    let values = setting.values.iter().map(|value| value.as_deref().map(short)).collect();
    Setting { path: setting.path.clone(), values }
}

fn short(value: &str) -> String {
    if let Some(document) = document_named(value) {
        return document;
    }
    let is_word = !value.contains([' ', '{']);
    let most = if is_word { WORD_MAX } else { VALUE_MAX };
    if value.chars().count() <= most {
        return value.to_owned();
    }
    value.chars().take(most - 1).chain(['…']).collect()
}

/// Returns the path of the policy that a key belongs to, if it does.
fn policy_of(path: &str) -> Option<&str> {
    const KEY: &str = "policy";
    let mut starts = path.match_indices(KEY).filter_map(|(at, _)| {
        let end = at + KEY.len();
        let begins = at == 0 || path[..at].ends_with('.');
        let ends = end == path.len() || path[end..].starts_with('.');
        (begins && ends).then_some(end)
    });
    starts.next().map(|end| &path[..end])
}

fn is_at_or_below(path: &str, other: &str) -> bool {
    other.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Returns the path by one step longer than `path` that leads to `other`, which lies below it.
fn child_of<'p>(path: &str, other: &'p str) -> &'p str {
    let from = if path.is_empty() { 0 } else { path.len() + 1 };
    let step = other.get(from..).unwrap_or_default();
    let end = step.find(['.', '[']).map_or(other.len(), |end| from + end);
    &other[..end]
}

/// Says of each run how many entries a list or section has, and how many of them the first has not.
fn entries_counted(path: &str, all: &[Vec<(String, String)>]) -> Vec<Option<String>> {
    let entries: Vec<Vec<Entry<'_>>> = all.iter().map(|said| entries_of(path, said)).collect();
    let first = entries.first().map(Vec::as_slice).unwrap_or_default();
    let mut values = Vec::with_capacity(entries.len());
    for (index, own) in entries.iter().enumerate() {
        let own_count = own.len() as u64;
        let mut left: BTreeMap<&Entry<'_>, usize> = BTreeMap::new();
        for entry in first {
            *left.entry(entry).or_default() += 1;
        }
        let mut others = 0_u64;
        for entry in own {
            match left.get_mut(entry).filter(|left| **left > 0) {
                Some(left) => *left -= 1,
                None => others += 1,
            }
        }
        values.push(match (index, own_count, others) {
            (_, 0, _) => None,
            (0, own, _) => Some(format!("{} entries", count(own))),
            (_, own, 0) => Some(format!("{} entries, all in A", count(own))),
            (_, own, others) => Some(format!("{} of {} not in A", count(others), count(own))),
        });
    }
    values
}

/// An entry: its name, if it has one, and what stands below it.
type Entry<'s> = (&'s str, Vec<(&'s str, &'s str)>);

fn entries_of<'s>(path: &str, said: &'s Said) -> Vec<Entry<'s>> {
    let mut entries: Vec<(&str, Entry<'_>)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let below = said.iter().filter(|(other, _)| other != path && is_at_or_below(path, other));
    for (other, value) in below {
        let child = child_of(path, other);
        let place = *places.entry(child).or_insert(entries.len());
        if place == entries.len() {
            let step = child.get(path.len()..).unwrap_or_default();
            let name = if step.starts_with('[') { "" } else { step };
            entries.push((child, (name, Vec::new())));
        }
        if let Some((_, (_, content))) = entries.get_mut(place) {
            content.push((&other[child.len()..], value));
        }
    }
    entries.into_iter().map(|(_, entry)| entry).collect()
}

/// Names the policy that a scenario has at a path: its type, and its file, name or id.
fn policy_named(path: &str, said: &Said) -> Option<String> {
    let value = |key: &str| {
        let whole = format!("{path}{key}");
        said.iter().find(|(other, _)| *other == whole).map(|(_, value)| value.as_str())
    };
    if let Some(given) = value("") {
        return Some(document_named(given).unwrap_or_else(|| given.to_owned()));
    }
    let kind = value(".type")?;
    let named = [".name", ".json_path", ".decision_trees.policy_id"].into_iter().find_map(value);
    let named = named
        .map(str::to_owned)
        .or_else(|| [".json", ".json_string"].into_iter().find_map(value).and_then(document_named));
    let beside = said.iter().filter(|(other, _)| {
        other.strip_prefix(path).is_some_and(|rest| rest.starts_with(".params."))
    });
    let params: Vec<String> = beside
        .filter_map(|(other, value)| Some(format!("{}={value}", other.rsplit_once('.')?.1)))
        .collect();
    let mut text = kind.to_owned();
    for part in named.into_iter().chain(params) {
        text.push(' ');
        text.push_str(&part);
    }
    Some(text)
}

/// Returns the id of a policy document that is written out.
fn document_named(text: &str) -> Option<String> {
    let document: Value = serde_json::from_str(text).ok()?;
    Some(format!("document {}", document.get("policy_id")?.as_str()?))
}

#[cfg(test)]
mod tests {
    use super::super::differences::settings;
    use super::{policy_of, told};

    type Pairs = Vec<(String, String)>;

    fn pairs(said: &[(&str, &str)]) -> Pairs {
        said.iter().map(|(path, value)| ((*path).to_owned(), (*value).to_owned())).collect()
    }

    fn rows(all: &[Pairs]) -> Vec<String> {
        let row = |it: super::Setting| {
            let values: Vec<String> =
                it.values.into_iter().map(|value| value.unwrap_or("-".to_owned())).collect();
            format!("{}: {}", it.path, values.join(" | "))
        };
        told(all, &settings(all)).into_iter().map(row).collect()
    }

    fn payments(count: usize, changed: usize) -> Pairs {
        let amount = |no: usize| if no < changed { "7" } else { "5" };
        let payment = |no: usize| {
            [(format!("payments[{no}].tick"), no), (format!("payments[{no}].id"), 0)]
                .map(|(path, value)| (path, value.to_string()))
                .into_iter()
                .chain([(format!("payments[{no}].amount"), amount(no).to_owned())])
        };
        (0..count).flat_map(payment).collect()
    }

    #[test]
    fn of_lists_beyond_a_few_the_entries_are_counted() {
        assert_eq!(
            rows(&[payments(400, 0), payments(400, 12), payments(399, 0), Vec::new()]),
            ["payments: 400 entries | 12 of 400 not in A | 399 entries, all in A | -"]
        );
        assert_eq!(
            rows(&[payments(400, 0), payments(400, 2)]),
            ["payments[0].amount: 5 | 7", "payments[1].amount: 5 | 7"]
        );
    }

    #[test]
    fn policies_are_named_whole() {
        let deadline = pairs(&[
            ("seed", "1"),
            ("agents.A.policy.type", "Deadline"),
            ("agents.A.policy.params.urgency_threshold", "4"),
        ]);
        let long = format!("policies/{}/wait.json", "x".repeat(80));
        let file = pairs(&[("seed", "2"), ("agents.A.policy", &long)]);
        let document = pairs(&[("seed", "1"), ("agents.A.policy", r#"{"policy_id": "mine"}"#)]);
        assert_eq!(
            rows(&[deadline.clone(), file, document]),
            [
                "seed: 1 | 2 | 1".to_owned(),
                format!("agents.A.policy: Deadline urgency_threshold=4 | {long} | document mine"),
            ]
        );
        let mut other = deadline.clone();
        other[2].1 = "9".to_owned();
        assert_eq!(rows(&[deadline, other]), ["agents.A.policy.params.urgency_threshold: 4 | 9"]);
    }

    #[test]
    fn of_texts_the_beginning_is_shown_and_of_files_all() {
        let (text, file) = ("so many words ".repeat(9), format!("data/{}.csv", "x".repeat(99)));
        let told = rows(&[
            pairs(&[("about", &text), ("payments", &file)]),
            pairs(&[("about", "few words"), ("payments", "p.csv")]),
        ]);
        assert_eq!(told[0], format!("about: {}… | few words", &text[..59]));
        assert_eq!(told[1], format!("payments: {file} | p.csv"));
    }

    #[test]
    fn a_key_that_only_contains_the_word_is_no_policy() {
        assert_eq!(policy_of("agents.A.policy.type"), Some("agents.A.policy"));
        assert_eq!(policy_of("policy"), Some("policy"));
        assert_eq!(policy_of("policy_feature_toggles.exclude[0]"), None);
        assert_eq!(policy_of("agents.policy_bank.opening_balance"), None);
    }
}
