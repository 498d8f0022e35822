//! The table of keys against what is made of it.

use serde_json::Value;

use super::{BASE, Folder, load_at, taken};
use crate::keys;
use crate::reference::EXAMPLE;
use crate::shape::{Case, Default, Key, Kind, Shape};
use crate::typed::default_value;
use crate::{json_schema, reference_markdown};

/// Visits every shape once.
fn visit(shape: &'static Shape, seen: &mut Vec<&'static Shape>) {
    if seen.iter().any(|other| std::ptr::eq(*other, shape)) {
        return;
    }
    seen.push(shape);
    for key in shape.keys {
        visit_kind(&key.kind, seen);
    }
}

/// Visits the words of every choice and variant.
fn cases() -> Vec<&'static Case> {
    fn of(kind: &'static Kind) -> Vec<&'static Case> {
        match kind {
            Kind::Variant { cases, .. } | Kind::Choice(cases) => cases.iter().collect(),
            Kind::List { of: element, .. }
            | Kind::Pair(element)
            | Kind::ByName { of: element, .. } => of(element),
            Kind::Either(forms) => forms.iter().flat_map(of).collect(),
            _ => Vec::new(),
        }
    }
    shapes().into_iter().flat_map(|shape| shape.keys).flat_map(|key| of(&key.kind)).collect()
}

fn visit_kind(kind: &'static Kind, seen: &mut Vec<&'static Shape>) {
    match kind {
        Kind::Map(shape) => visit(shape, seen),
        Kind::Variant { cases, .. } => cases.iter().for_each(|case| {
            visit(case.shape, seen);
            visit(case.also, seen);
        }),
        Kind::List { of: element, .. } | Kind::Pair(element) | Kind::ByName { of: element, .. } => {
            visit_kind(element, seen);
        }
        Kind::Either(forms) => forms.iter().for_each(|form| visit_kind(form, seen)),
        _ => {}
    }
}

fn shapes() -> Vec<&'static Shape> {
    let mut shapes = Vec::new();
    visit(&keys::ROOT, &mut shapes);
    shapes
}

fn properties(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::Object(properties)) = object.get("properties") {
                found.extend(properties.keys().cloned());
            }
            object.values().for_each(|value| properties_of(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| properties_of(value, found)),
        _ => {}
    }
}

fn properties_of(value: &Value, found: &mut Vec<String>) {
    properties(value, found);
}

#[test]
fn schema_and_reference_name_every_key() {
    let mut found = Vec::new();
    properties(&json_schema(), &mut found);
    let page = reference_markdown();
    for shape in shapes() {
        for key in shape.keys {
            for name in key.aliases.iter().chain([&key.name]) {
                assert!(found.iter().any(|property| property == name), "{name}");
                assert!(page.contains(&format!("`{name}`")), "{name}");
            }
        }
    }
}

#[test]
fn the_example_of_the_reference_is_sound() {
    let (scenario, warnings) = taken(EXAMPLE);
    assert_eq!(scenario.agents.len(), 3);
    assert_eq!(warnings, Vec::<String>::new());
    assert!(reference_markdown().contains(EXAMPLE));
}

#[test]
fn every_declared_default_is_a_value_of_its_key() {
    for shape in shapes() {
        for key in shape.keys {
            if let Default::Is(text) = key.default {
                assert!(default_value(&key.kind, text).is_some(), "{}: {text}", key.name);
            }
        }
    }
}

#[test]
fn names_are_used_once_in_a_shape() {
    for shape in shapes() {
        let mut names: Vec<&str> = shape
            .keys
            .iter()
            .flat_map(|key| key.aliases.iter().copied().chain([key.name]))
            .collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{}", shape.title);
    }
}

#[test]
fn shared_keys_are_not_a_case_s_own() {
    for case in cases() {
        let shared: Vec<&str> = case.also.keys.iter().flat_map(Key::names).collect();
        let own = case.shape.keys.iter().flat_map(Key::names);
        assert!(own.into_iter().all(|name| !shared.contains(&name)), "{}", case.name);
    }
}

#[test]
fn the_schema_knows_when_events_and_instructions_happen() {
    let schema = json_schema();
    let root = &schema["properties"];
    let window = &root["scenario_events"]["items"]["oneOf"][7];
    assert_eq!(window["required"], serde_json::json!(["type", "schedule"]));
    assert_eq!(window["anyOf"][0]["required"], serde_json::json!(["min_ticks_multiplier"]));
    assert_eq!(window["properties"]["interval"]["minimum"], 1);
    let schedule = &window["properties"]["schedule"]["anyOf"];
    assert_eq!(schedule[1]["enum"], serde_json::json!(["OneTime", "Repeating"]));
    assert_eq!(schedule[0]["oneOf"][1]["required"], serde_json::json!(["type", "interval"]));
    let submission = &root["instructions"]["items"]["oneOf"][0];
    assert_eq!(
        submission["anyOf"],
        serde_json::json!([{"required": ["tick"]}, {"required": ["time"]}])
    );
}

#[test]
fn the_schema_carries_defaults_units_and_ranges() {
    let schema = json_schema();
    let costs = &schema["properties"]["cost_rates"]["properties"];
    assert_eq!(costs["eod_penalty"]["default"], 10_000);
    let text = costs["overdraft_bps_per_tick"]["description"].as_str().unwrap();
    assert!(text.contains("[basis points a tick]"), "{text}");
    let simulation = &schema["properties"]["simulation"]["properties"];
    assert_eq!(simulation["rng_seed"]["maximum"], u64::MAX);
    assert_eq!(schema["properties"]["end_of_day"]["default"], "carry");
}

#[test]
fn the_schema_is_as_strict_as_the_checks() {
    let schema = json_schema();
    let root = &schema["properties"];
    let agents = &root["agents"]["anyOf"];
    assert_eq!((&agents[0]["minItems"], &agents[2]["type"]), (&1.into(), &"null".into()));
    let agent = &agents[0]["items"]["properties"];
    assert_eq!(agent["id"]["minLength"], 1);
    assert_eq!(agent["id"]["type"], "string");
    assert_eq!(agent["unsecured_cap"]["type"], serde_json::json!(["integer", "null"]));
    let arrivals = &agent["arrival_config"]["properties"];
    assert_eq!(arrivals["rate_per_tick"]["maximum"], 1e6);
    let priorities = &arrivals["priority_distribution"]["oneOf"];
    assert_eq!(priorities[1]["properties"]["values"]["minItems"], 1);
    assert_eq!(priorities[3]["type"], "null");
    let bands = &agent["arrival_bands"];
    assert_eq!(bands["anyOf"][0]["required"], serde_json::json!(["urgent"]));
    let payments = &root["payments"]["anyOf"][1];
    assert_eq!(
        payments["anyOf"],
        serde_json::json!([{"required": ["file"]}, {"required": ["synth"]}])
    );
    assert_eq!(root["cutoff_tick_in_day"]["anyOf"][0]["maximum"], u32::MAX);
    assert_eq!(root["end_of_day"]["enum"], serde_json::json!(["carry", "cancel", null]));
    let costs = &root["cost_rates"]["properties"];
    assert_eq!(costs["overdraft_bps_per_tick"]["anyOf"][0]["maximum"], 9_223_372.0);
    assert!(costs["overdue_delay_multiplier"]["maximum"].is_number());
    assert_eq!(schema["allOf"].as_array().map(Vec::len), Some(2));
}

#[test]
fn the_reference_is_a_table_of_even_rows() {
    let page = reference_markdown();
    for line in page.lines().filter(|line| line.starts_with('|')) {
        assert_eq!(line.replace("\\|", "").matches('|').count(), 6, "{line}");
    }
    assert_eq!(page.lines().filter(|line| line.starts_with("# ")).count(), 1);
}

/// A word that is declared and that no builder knows would leave no scenario and no fault.
#[test]
fn every_word_of_a_choice_means_something() {
    let folder = Folder::new().with("s.yaml", BASE);
    let mut words = 0;
    for (section, shape) in [
        ("", &keys::ROOT),
        ("simulation.", &keys::SIMULATION),
        ("cost_rates.", &keys::COSTS),
        ("priority_escalation.", map_of("priority_escalation")),
        ("lsm_config.", map_of("lsm_config")),
    ] {
        for key in shape.keys {
            let (cases, [open, close]) = match &key.kind {
                Kind::Choice(cases) => (cases, ["", ""]),
                Kind::List { of: Kind::Either([Kind::Choice(cases), ..]), .. } => {
                    (cases, ["[", "]"])
                }
                _ => continue,
            };
            for word in cases.iter().flat_map(|case| case.aliases.iter().chain([&case.name])) {
                let setting = format!("{section}{}={open}{word}{close}", key.name);
                let loaded = load_at(&folder.path("s.yaml"), &[setting.as_str()]);
                assert!(loaded.is_ok(), "{setting}: {}", loaded.unwrap_err());
                words += 1;
            }
        }
    }
    assert!(words > 30, "{words}");
}

fn map_of(name: &str) -> &'static Shape {
    match keys::ROOT.key(name).map(|key| &key.kind) {
        Some(Kind::Map(shape)) => shape,
        other => panic!("{name} is {other:?}"),
    }
}
