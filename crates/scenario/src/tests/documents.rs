//! Scenarios that a program hands over as values.

use std::path::Path;

use crate::diagnostic::Diagnostics;
use crate::source::{Source, Sources};
use crate::tree::{Node, Style, Value};
use crate::{Given, Loaded, MAX_NESTING, Overrides, load, load_document, parse};

/// What a program would hand over that has read a file.
fn given(text: &str) -> Given {
    let sources = Sources::default();
    let number = sources.add(Source::new("s.yaml", text));
    let mut faults = Diagnostics::default();
    values(&parse::parse(&sources, number, &mut faults).unwrap())
}

fn values(node: &Node) -> Given {
    match &node.value {
        Value::List(items) => Given::List(items.iter().map(values).collect()),
        Value::Map(entries) => {
            let entry = |entry: &crate::tree::Entry| (entry.key.clone(), values(&entry.value));
            Given::Map(entries.iter().map(entry).collect())
        }
        Value::Scalar { text, style: Style::Quoted } => Given::Text(text.clone()),
        Value::Scalar { text, .. } => match text.as_str() {
            "" | "~" | "null" => Given::Nothing,
            "true" => Given::Flag(true),
            "false" => Given::Flag(false),
            number if number.replace('_', "").parse::<f64>().is_ok() => {
                Given::Number(number.replace('_', ""))
            }
            word => Given::Text(word.to_owned()),
        },
    }
}

fn handed_over(document: &Given) -> Result<Loaded, Diagnostics> {
    load_document("the scenario", document, &Overrides::default(), Path::new(""))
}

#[test]
fn values_mean_what_the_file_means() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        // A T2 day is large, and its values are those of a small file.
        if path.extension().is_none_or(|it| it != "yaml") || path.ends_with("t2_day.yaml") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let from_file = load(&path, &Overrides::default()).unwrap();
        let from_values =
            load_document("the scenario", &given(&text), &Overrides::default(), &folder);
        let from_values = from_values.unwrap_or_else(|faults| panic!("{path:?}\n{faults}"));
        assert_eq!(from_values.scenario.fingerprint(), from_file.scenario.fingerprint());
        // What is kept of it can be read as a file.
        let again =
            load_document("kept", &given(&from_values.text), &Overrides::default(), &folder);
        assert_eq!(again.unwrap().scenario.fingerprint(), from_file.scenario.fingerprint());
        count += 1;
    }
    assert!(count > 15, "{count} scenarios");
}

#[test]
fn faults_point_into_the_values() {
    let text = "{simulation: {ticks_per_day: 10, num_days: x, rng_seed: 1},\
                agents: [{id: A, opening_balance: 1.5}]}";
    let faults = handed_over(&given(text)).unwrap_err();
    let expected = r#"error: `num_days` must be a whole number, found the text `"x"`
 --> the scenario:4:17
  |
4 |     "num_days": "x",
  |                 ^^^

error: `opening_balance` must be an amount in whole minor units, found `1.5`
  --> the scenario:10:26
   |
10 |       "opening_balance": 1.5
   |                          ^^^
   |
   = hint: amounts are whole minor units: 12.34 is written 1234

2 errors
"#;
    assert_eq!(faults.to_string(), expected);
}

#[test]
fn an_unknown_key_is_a_warning() {
    let text = "{ticks_per_day: 10, num_days: 1, rng_seed: 1, horizon: 3,\
                agents: [{id: A, opening_balance: 1, opening_balanc: 2}]}";
    let loaded = handed_over(&given(text)).unwrap();
    let expected = r#"warning: unknown key `horizon` in a scenario
 --> the scenario:5:3
  |
5 |   "horizon": 3,
  |   ^^^^^^^^^

warning: unknown key `opening_balanc` in an agent
  --> the scenario:10:7
   |
10 |       "opening_balanc": 2
   |       ^^^^^^^^^^^^^^^^
   |
   = hint: did you mean `opening_balance`?

2 warnings
"#;
    assert_eq!(loaded.warnings.to_string(), expected);
}

#[test]
fn a_key_that_comes_twice_is_a_fault() {
    let id = || ("id".to_owned(), Given::Text("A".to_owned()));
    let agent = Given::Map(vec![id(), id()]);
    let document = Given::Map(vec![("agents".to_owned(), Given::List(vec![agent]))]);
    let faults = handed_over(&document).unwrap_err().to_string();
    assert!(faults.contains("`id` is given twice"), "{faults}");
}

#[test]
fn nesting_has_an_end() {
    let mut value = Given::Nothing;
    for _ in 0..2 * MAX_NESTING {
        value = Given::List(vec![value]);
    }
    let faults = handed_over(&Given::Map(vec![("agents".to_owned(), value)])).unwrap_err();
    assert!(faults.to_string().contains("nested more than 128 deep"), "{faults}");
}

#[test]
fn texts_are_kept_whatever_is_in_them() {
    let odd = "é\"\\ud83d\\ude00\u{2028}🏦x";
    let agent = |id: &str| {
        Given::Map(vec![
            ("id".to_owned(), Given::Text(id.to_owned())),
            ("opening_balance".to_owned(), Given::Number("5".to_owned())),
        ])
    };
    let whole = |number: &str| Given::Number(number.to_owned());
    let document = Given::Map(vec![
        ("ticks_per_day".to_owned(), whole("3")),
        ("num_days".to_owned(), whole("1")),
        ("rng_seed".to_owned(), whole("1")),
        ("agents".to_owned(), Given::List(vec![agent(odd)])),
    ]);
    let loaded = handed_over(&document).unwrap();
    assert_eq!(loaded.scenario.agents[0].id, odd);
    let again = handed_over(&given(&loaded.text)).unwrap();
    assert_eq!(again.scenario.agents[0].id, odd);
}

#[test]
fn an_override_may_hold_a_policy_document() {
    let document = r#"{"version": "1", "policy_id": "mine"}"#;
    let text = "{ticks_per_day: 10, num_days: 1, rng_seed: 1,\
                agents: [{id: A, opening_balance: 1}, {id: B, opening_balance: 1}]}";
    let with = |policy: &str| {
        let overrides = Overrides { policies: vec![policy.to_owned()], ..Overrides::default() };
        load_document("the scenario", &given(text), &overrides, Path::new(""))
    };
    let loaded = with(&format!("*={document}")).unwrap();
    assert!(loaded.scenario.agents.iter().all(|agent| agent.policy.id() == "mine"));
    let faults = with(r#"A={"version": 1}"#).unwrap_err().to_string();
    assert!(faults.contains("--policy"), "{faults}");
}
