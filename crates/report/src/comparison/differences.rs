//! What is not the same: settings of the scenarios, and figures.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// A key of the scenarios and what it is in each; `None` where a scenario does not have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) path: String,
    pub(crate) values: Vec<Option<String>>,
}

/// Returns what is not the same in all, in the order of the first scenario that has it.
pub(super) fn settings(all: &[Vec<(String, String)>]) -> Vec<Setting> {
    let maps: Vec<BTreeMap<&String, &String>> =
        all.iter().map(|pairs| pairs.iter().map(|(path, value)| (path, value)).collect()).collect();
    let mut seen = BTreeSet::new();
    let paths = all.iter().flatten().map(|(path, _)| path).filter(|path| seen.insert(*path));
    paths
        .filter_map(|path| {
            let values: Vec<Option<String>> =
                maps.iter().map(|map| map.get(path).map(|value| (*value).clone())).collect();
            let is_same = values.windows(2).all(|pair| pair[0] == pair[1]);
            (!is_same).then(|| Setting { path: path.clone(), values })
        })
        .collect()
}

/// Returns the single figures of an object by path; those of lists are left out.
pub(super) fn numbers(object: &Value) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    gather("", object, &mut found);
    found
}

fn gather(path: &str, value: &Value, found: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                gather(&path, value, found);
            }
        }
        Value::Number(_) => {
            found.insert(path.to_owned(), value.clone());
        }
        _ => {}
    }
}

/// Returns a difference: exact where both are whole and it fits, nothing where it does not.
pub(super) fn minus(one: &Value, other: &Value) -> Option<Value> {
    match (whole(one), whole(other)) {
        (Some(one), Some(other)) => i64::try_from(one - other).ok().map(Value::from),
        _ => Some(Value::from(one.as_f64()? - other.as_f64()?)),
    }
}

fn whole(value: &Value) -> Option<i128> {
    value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Setting, minus, numbers, settings};

    #[test]
    fn settings_that_differ_are_found_wherever_they_are() {
        let pair = |path: &str, value: &str| (path.to_owned(), value.to_owned());
        let found = settings(&[
            vec![pair("seed", "1"), pair("b", "x")],
            vec![pair("b", "x"), pair("seed", "2"), pair("c", "y")],
        ]);
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            found,
            [
                Setting { path: "seed".to_owned(), values: vec![some("1"), some("2")] },
                Setting { path: "c".to_owned(), values: vec![None, some("y")] },
            ]
        );
    }

    #[test]
    fn differences_of_whole_numbers_are_exact() {
        let large = json!(9_007_199_254_740_993_i64);
        assert_eq!(minus(&large, &json!(1)), Some(json!(9_007_199_254_740_992_i64)));
        assert_eq!(minus(&json!(i64::MAX), &json!(i64::MIN)), None);
        assert_eq!(minus(&json!(0.75), &json!(0.5)), Some(json!(0.25)));
        let figures = numbers(&json!({"a": {"b": 1, "c": [2]}, "d": null, "e": "3"}));
        assert_eq!(figures.keys().collect::<Vec<_>>(), ["a.b"]);
    }
}
