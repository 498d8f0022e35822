//! Numbers that runs were given, as columns of the tables of many runs.

use psim_frames::{Frame, RunRow, Setting, runs, runs_by_agent};
use psim_testkit::worlds::{WorldSize, world};
use psim_view::{AgentMeasures, RunMeasures};
use serde_json::{Value, json};

use crate::share::column;

fn numbers(written: &[(&str, &str)]) -> Vec<Setting> {
    written.iter().filter_map(|(path, written)| Setting::read(path, written)).collect()
}

/// The tables of runs with these settings, each of one agent; consecutive ones share them.
fn tables(settings: &[&[Setting]]) -> [Frame; 2] {
    let scenario = world(1, &WorldSize::default()).check().expect("worlds are sound");
    let agents = vec![AgentMeasures::default()];
    let measures = RunMeasures { agents, ..RunMeasures::default() };
    let row = |settings| RunRow {
        seed: 0,
        policies: "own",
        overrides: "some",
        settings,
        scenario: &scenario,
        measures: &measures,
    };
    let rows: Vec<RunRow<'_>> = settings.iter().map(|settings| row(*settings)).collect();
    [runs(&rows), runs_by_agent(&rows)]
}

#[test]
fn a_column_for_each_number_and_null_where_it_was_not_set() {
    let (one, two) = (
        numbers(&[("agents.A.cap", "5"), ("share", "1"), ("agents.A.cap", "7")]),
        numbers(&[("share", "0.25"), ("word", "\"5\""), ("none", "null"), ("flag", "true")]),
    );
    for frame in tables(&[&one, &one, &[], &two]) {
        assert_eq!(column(&frame, "agents.A.cap"), [json!(7), json!(7), Value::Null, Value::Null]);
        assert_eq!(column(&frame, "share"), [json!(1.0), json!(1.0), Value::Null, json!(0.25)]);
        let names: Vec<&str> = frame.names().collect();
        assert_eq!(names[names.len() - 2..], ["agents.A.cap", "share"]);
    }
}

#[test]
fn what_is_written_is_a_number_or_none() {
    let read = |written| Setting::read("a", written);
    assert_eq!(read("9223372036854775807"), read(" 9223372036854775807 "));
    assert_ne!(read("5"), read("5.0"));
    for written in ["", "nan", "inf", "-inf", "1e999", "true", "null", "\"5\"", "[5]", "5 apples"] {
        assert_eq!(read(written), None, "{written}");
    }
    let large = numbers(&[("a", "9223372036854775808")]);
    let [frame, _] = tables(&[&large]);
    assert_eq!(column(&frame, "a"), [9_223_372_036_854_775_808.0]);
}

#[test]
fn a_setting_named_like_a_column_has_none_of_its_own() {
    let taken = numbers(&[("total_cost", "5"), ("seed", "6"), ("agent_id", "7")]);
    let [by_run, by_agent] = tables(&[&taken]);
    assert_eq!(column(&by_run, "total_cost"), [0]);
    assert_eq!(column(&by_run, "agent_id"), [7]);
    assert_ne!(column(&by_agent, "agent_id"), [7]);
}

#[test]
fn only_so_many_settings_have_a_column() {
    let [none, _] = tables(&[&[]]);
    let plain = none.names().count();
    let all: Vec<Setting> =
        (0..70).filter_map(|number| Setting::read(&format!("key{number}"), "1")).collect();
    for frame in tables(&[&all[..64], &all[64..]]) {
        let own: Vec<&str> = frame.names().filter(|name| name.starts_with("key")).collect();
        assert_eq!((own.len(), own[0], own[63]), (64, "key0", "key63"));
    }
    assert_eq!(tables(&[&all])[0].names().count(), plain + 64);
}
