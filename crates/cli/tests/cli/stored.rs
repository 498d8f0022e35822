//! Runs that are kept: replayed byte for byte, traced, verified, listed, cut off.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use crate::harness::{command, file, outcome, root, run, run_well, without_duration};

/// A folder for a database, and the path of one in it.
fn database() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("runs.db").to_string_lossy().into_owned();
    (folder, path)
}

/// Expects the same bytes on stdout from the run and its replay, but for the duration.
fn same(scenario: &str, db: &str, id: &str, flags: &[&str]) {
    let kept = ["run", scenario, "--persist", db, "--simulation-id", id];
    let live = run_well(&[&kept[..], flags].concat()).stdout;
    let again = run_well(&[&["replay", db, "--simulation-id", id], flags].concat()).stdout;
    assert!(without_duration(&live) == without_duration(&again), "{scenario} {flags:?}");
    assert!(!live.is_empty());
}

const MODES: [&[&str]; 12] = [
    &[],
    &["--quiet"],
    &["--output", "json"],
    &["--verbose"],
    &["--verbose", "--output", "json"],
    &["--stream"],
    &["--event-stream"],
    &["--event-stream", "--filter-event-type", "Arrival,QueuedRtgs,CostAccrual"],
    &["--event-stream", "--filter-tx", "tx-3"],
    &["--verbose", "--filter-tick-range", "3-5"],
    &["--stream", "--filter-tick-range", "-4"],
    &["--event-stream", "--filter-tick-range", "2-", "--filter-event-type", "RtgsSubmission"],
];

#[test]
fn replays_are_the_runs_in_every_mode_of_every_scenario() {
    for entry in fs::read_dir(root().join("scenarios")).expect("the folder").flatten() {
        let path = entry.path();
        let is_scenario = path.extension().is_some_and(|extension| extension == "yaml");
        if !is_scenario || path.ends_with("t2_day.yaml") {
            continue; // the large day has fewer modes, below
        }
        let (_folder, db) = database();
        for (number, flags) in MODES.iter().enumerate() {
            same(&path.to_string_lossy(), &db, &format!("mode-{number}"), flags);
        }
    }
}

#[test]
fn a_replay_of_a_large_day_is_the_run() {
    let (_folder, db) = database();
    same("scenarios/t2_day.yaml", &db, "summary", &[]);
    let part = ["--event-stream", "--filter-agent", "T2-0001", "--filter-tick-range", "100-110"];
    same("scenarios/t2_day.yaml", &db, "part", &part);
}

#[test]
fn filters_by_agent_are_the_same_live_and_stored() {
    let (_folder, db) = database();
    for (id, flags) in [
        ("a", &["--verbose", "--filter-agent", "OST"][..]),
        ("b", &["--event-stream", "--filter-agent", "OST", "--filter-event-type", "QueuedRtgs"]),
        ("c", &["--stream", "--filter-agent", "WEST"]),
    ] {
        same("scenarios/first_day.yaml", &db, id, flags);
    }
}

/// The part of a run that `--ticks` gives is the part of a replay that `--to-tick` gives.
#[test]
fn a_replay_up_to_a_tick_is_a_shorter_run() {
    let (_folder, db) = database();
    run_well(&["run", "scenarios/first_day.yaml", "--persist", &db]);
    let part = run_well(&["run", "scenarios/first_day.yaml", "--ticks", "20", "--verbose"]).stdout;
    let again = run_well(&["replay", &db, "--to-tick", "19", "--verbose"]).stdout;
    assert_eq!(without_duration(&part), without_duration(&again));
    let late = run_well(&["replay", &db, "--from-tick", "18", "--to-tick", "19", "--verbose"]);
    let late = without_duration(&late.stdout);
    assert!(late.contains("Tick 18 ") && !late.contains("Tick 17 "), "{late}");
    let summary = &late[late.find("Run stopped").expect("a summary")..];
    assert!(without_duration(&part).ends_with(summary), "{late}");
}

#[test]
fn filters_restrict_what_is_listed_and_never_the_summary() {
    let whole = run_well(&["run", "scenarios/first_day.yaml", "--quiet"]).stdout;
    let flags = ["--event-stream", "--filter-event-type", "RunEnded"];
    let listed = run_well(&[&["run", "scenarios/first_day.yaml"], &flags[..]].concat()).stdout;
    let listed = without_duration(&listed);
    let (line, summary) = listed.split_once('\n').expect("one line");
    assert!(line.contains("\"event_type\":\"RunEnded\""), "{line}");
    assert_eq!(summary, whole);
}

#[test]
fn a_payments_life_is_told() {
    let (_folder, db) = database();
    run_well(&["run", "scenarios/deadlines.yaml", "--persist", &db, "--simulation-id", "sim"]);
    insta::assert_snapshot!("trace_rent", run_well(&["trace", &db, "rent"]).stdout);
    let json = run_well(&["trace", &db, "rent", "--output", "json"]).stdout;
    assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok(), "{json}");
    let id = run_well(&["trace", &db, "rent", "--simulation-id", "sim"]).stdout;
    let by_place = run_well(&["trace", &db, "rent", "sim"]).stdout;
    assert_eq!(by_place, id);
    assert_eq!(run(&["trace", &db, "rent", "sim", "--simulation-id", "sim"]).code, Some(2));
    let replayed = run_well(&["replay", &db, "sim"]).stdout;
    assert!(replayed.starts_with("Run complete"), "{replayed}");
    let unknown = run(&["trace", &db, "rant"]);
    assert_eq!(unknown.code, Some(1));
    assert!(unknown.stderr.contains("`rent`"), "{}", unknown.stderr);
}

#[test]
fn a_stored_run_is_verified() {
    let (_folder, db) = database();
    run_well(&[
        "run",
        "scenarios/several_days.yaml",
        "--persist",
        &db,
        "--set",
        "end_of_day=cancel",
    ]);
    assert!(run_well(&["verify", &db]).stdout.contains("the same"));
    run_well(&["run", "scenarios/several_days.yaml", "--persist", &db, "--ticks", "30"]);
    let both = run(&["verify", &db]);
    assert_eq!(both.code, Some(1));
    assert!(both.stderr.contains("2 runs"), "{}", both.stderr);
}

#[test]
fn runs_are_listed_described_deleted_and_their_room_given_back() {
    let (_folder, db) = database();
    for id in ["first", "second"] {
        let kept = ["run", "scenarios/gridlock.yaml", "--persist", &db, "--simulation-id", id];
        run_well(&kept);
    }
    let list = run_well(&["db", "list", &db]).stdout;
    assert!(list.contains("first") && list.contains("second"), "{list}");
    let which = run(&["replay", &db]);
    assert_eq!(which.code, Some(1));
    assert!(which.stderr.contains("first") && which.stderr.contains("second"), "{}", which.stderr);
    let taken =
        run(&["run", "scenarios/gridlock.yaml", "--persist", &db, "--simulation-id", "first"]);
    assert_eq!(taken.code, Some(1));
    assert!(taken.stderr.contains("`first`"), "{}", taken.stderr);
    let info = run_well(&["db", "info", &db, "first"]).stdout;
    assert!(info.contains("complete") && info.contains("10 of 10"), "{info}");
    run_well(&["db", "delete", &db, "first"]);
    run_well(&["db", "vacuum", &db]);
    assert!(!run_well(&["db", "list", &db]).stdout.contains("first"));
    run_well(&["replay", &db]);
    let unknown = run(&["replay", &db, "--simulation-id", "third"]);
    assert_eq!(unknown.code, Some(1));
    assert!(unknown.stderr.contains("second"), "{}", unknown.stderr);
}

#[test]
fn a_run_is_named_in_one_word_wherever_one_is_meant() {
    let (folder, db) = database();
    let traced = ["run", "scenarios/gridlock.yaml", "--trace-decisions", "--policy", "*=deadline"];
    for id in ["first", "second"] {
        run_well(&[&traced[..], &["--persist", &db, "--simulation-id", id]].concat());
    }
    let (named, tables) = (format!("{db}:second"), folder.path().join("tables"));
    let tables = tables.to_string_lossy();
    for arguments in [
        &["replay", &named][..],
        &["trace", &named, "first"],
        &["verify", &named],
        &["report", &named],
        &["export", &named, "--csv", &tables],
        &["db", "info", &named],
        &["checkpoint", "list", &named],
        &["policy", "coverage", &named],
        &["run", "--branch", &named, "--at", "5", "--set", "cost_rates.eod_penalty=7"],
        &["run", "--resume", &named],
    ] {
        run_well(arguments);
    }
    assert!(run_well(&["verify", &named]).stdout.contains("run `second`"));
    let unknown = run(&["verify", &format!("{db}:third")]);
    assert!(unknown.stderr.contains("`third`"), "{}", unknown.stderr);
}

#[test]
fn files_that_are_no_run_databases_are_left_as_they_are() {
    let (_folder, other) = file("notes.txt", "just text, long enough to be looked at more closely");
    for arguments in [
        &["replay", &other][..],
        &["db", "list", &other],
        &["db", "vacuum", &other],
        &["run", "scenarios/gridlock.yaml", "--persist", &other],
    ] {
        let refused = run(arguments);
        assert_eq!(refused.code, Some(1), "{arguments:?} {}", refused.stderr);
        assert!(refused.stderr.contains("notes.txt"), "{}", refused.stderr);
        assert_eq!(refused.stdout, "");
    }
    let text = fs::read_to_string(Path::new(&other)).expect("the file");
    assert!(text.starts_with("just text"));
    let missing = run(&["replay", "no/such.db"]);
    assert_eq!(missing.code, Some(1), "{}", missing.stderr);
}

#[test]
fn a_run_of_no_ticks_can_be_kept_and_replayed() {
    let (_folder, db) = database();
    let kept = ["run", "scenarios/gridlock.yaml", "--persist", &db, "--simulation-id", "zero"];
    let live = run_well(&[&kept[..], &["--ticks", "0"]].concat()).stdout;
    let again = run_well(&["replay", &db, "--simulation-id", "zero"]).stdout;
    assert_eq!(without_duration(&live), without_duration(&again));
}

#[test]
fn ranges_and_names_beyond_the_run_are_mistakes() {
    let (_folder, db) = database();
    run_well(&["run", "scenarios/gridlock.yaml", "--persist", &db]);
    for flags in [
        &["--to-tick", "10"][..],
        &["--from-tick", "10", "--verbose"],
        &["--stream", "--filter-tick-range", "10-12"],
        &["--stream", "--filter-agent", "D"],
        &["--event-stream", "--filter-event-type", "Arival"],
    ] {
        let refused = run(&[&["replay", &db], flags].concat());
        assert_eq!(refused.code, Some(1), "{flags:?} {}", refused.stderr);
        assert_eq!(refused.stdout, "", "{flags:?}");
    }
    for flags in [
        &["--filter-agent", "A"][..],
        &["--verbose", "--stream"],
        &["--quiet", "--event-stream"],
        &["--stream", "--filter-tick-range", "5-2"],
    ] {
        assert_eq!(run(&[&["replay", &db], flags].concat()).code, Some(2), "{flags:?}");
    }
}

/// Returns how many ticks a database holds, as far as it can be read yet.
fn ticks_done(db: &str) -> u64 {
    let info = run(&["db", "info", db, "--output", "json"]);
    let info: Option<serde_json::Value> = serde_json::from_str(&info.stdout).ok();
    info.and_then(|info| info["ticks_done"].as_u64()).unwrap_or(0)
}

/// SIGKILL at some moment after the first commit: whole ticks, a database that says where it stopped and replays so far.
#[test]
fn a_killed_run_leaves_whole_ticks() {
    let text = "simulation: {ticks_per_day: 100_000, num_days: 10, rng_seed: 4}\nagents:\n  \
                - {id: A, opening_balance: 900, arrival_config: &flow {rate_per_tick: 3, \
                amount_distribution: {type: Uniform, min: 1, max: 90}, deadline_range: [1, 9]}}\n  \
                - {id: B, opening_balance: 900, arrival_config: *flow}\n";
    let (_scenario_folder, path) = file("long.yaml", text);
    for pause in [0, 200, 500] {
        let (_folder, db) = database();
        let mut child = command(&["run", &path, "--persist", &db])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        while ticks_done(&db) == 0 && child.try_wait().expect("a child").is_none() {
            sleep(Duration::from_millis(20));
        }
        sleep(Duration::from_millis(pause));
        child.kill().expect("it was still running");
        assert_eq!(outcome(&child.wait_with_output().expect("it ended")).code, None);
        let info = run_well(&["db", "info", &db, "--output", "json"]).stdout;
        let info: serde_json::Value = serde_json::from_str(&info).expect("JSON");
        assert_eq!(info["is_complete"], false);
        let ticks = info["ticks_done"].as_u64().expect("a number");
        assert!(ticks > 0, "what was committed is lost");
        let replay = run_well(&["replay", &db, "--output", "json"]).stdout;
        let replay: serde_json::Value = serde_json::from_str(&replay).expect("JSON");
        let ticks = ticks.to_string();
        let live = run_well(&["run", &path, "--ticks", &ticks, "--output", "json"]).stdout;
        let live: serde_json::Value = serde_json::from_str(&live).expect("JSON");
        assert_eq!(replay, live, "the ticks that were kept are those of the undisturbed run");
        run_well(&["verify", &db]);
    }
}
