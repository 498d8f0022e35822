//! What the commands about policies answer.

use std::fs;

use serde_json::Value;

use crate::harness::{file, root, run, run_well};

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&run_well(arguments).stdout).expect("JSON")
}

#[test]
fn the_library_is_listed_with_intents() {
    let list = run_well(&["policy", "list"]).stdout;
    let names: Vec<&str> = list.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.contains(&"fifo") && names.contains(&"deadline") && names.len() > 20, "{list}");
    for (name, line) in names.iter().zip(list.lines()) {
        assert!(line.len() > name.len() + 10, "{line}");
        let shown = run_well(&["policy", "show", name]).stdout;
        assert!(shown.starts_with(&format!("{name} (version ")), "{shown}");
    }
}

#[test]
fn a_policy_is_shown_by_name_from_anywhere_and_as_json() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut elsewhere = crate::harness::command(&["policy", "show", "deadline", "--json"]);
    let output = elsewhere.current_dir(folder.path()).output().expect("the command starts");
    let (copies, path) = file("copy.json", &output.stdout);
    assert_eq!(run_well(&["policy", "show", &path, "--json"]).stdout.as_bytes(), output.stdout);
    insta::assert_snapshot!(run_well(&["policy", "show", &path]).stdout);
    let mut without_ending = crate::harness::command(&["policy", "show", "copy"]);
    let said = without_ending.current_dir(copies.path()).output().expect("the command starts");
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(said.contains("nor a file `copy`; there is `copy.json`"), "{said}");
    let unknown = run(&["policy", "show", "deadlines"]);
    assert_eq!(unknown.code, Some(1));
    assert!(unknown.stderr.contains("policy list"), "{}", unknown.stderr);
    let named = run(&["policy", "check", "fifo"]);
    assert_eq!((named.code, named.stdout.as_str()), (Some(1), ""));
    assert!(named.stderr.contains("`payment-sim policy show fifo` shows it"), "{}", named.stderr);
    let absent = run(&["policy", "show", "absent.json"]);
    assert!(absent.code == Some(1) && absent.stderr.contains("absent.json"), "{}", absent.stderr);
}

const OF_PREDECESSOR: &str = r#"{"version": "1.0", "policy_id": "old", "author": "somebody",
  "parameters": {"threshold": 5, "spare": 1},
  "payment_tree": {"type": "condition", "node_id": "A1", "condition": {"op": "<=",
      "left": {"field": "ticks_to_deadline"}, "right": {"param": "threshold"}},
    "on_true": {"type": "action", "node_id": "A2", "action": "Release"},
    "on_false": {"type": "action", "node_id": "A3", "action": "Hold"}}}"#;

#[test]
fn what_the_predecessor_ignored_is_a_fault_or_a_warning() {
    let (_folder, path) = file("old.json", OF_PREDECESSOR);
    let strict = run(&["policy", "check", &path]);
    assert_eq!((strict.code, strict.stdout.as_str()), (Some(1), ""));
    assert!(strict.stderr.contains("unknown key"), "{}", strict.stderr);
    let lenient = run_well(&["policy", "check", &path, "--predecessor"]);
    assert!(lenient.stderr.contains("warning: unknown key"), "{}", lenient.stderr);
    let given = format!("OST={path}");
    let run = run(&["run", "scenarios/policy_tutorial.yaml", "--policy", &given]);
    assert!(run.stderr.contains("policy check --predecessor"), "{}", run.stderr);
    assert!(lenient.stderr.contains("no faults; policy `old`: payment_tree; 3 nodes"));
    assert!(lenient.stderr.contains("note: no node names `spare`"), "{}", lenient.stderr);
    // The document as it was read is sound by itself.
    let (_folder, read) = file("read.json", &lenient.stdout);
    let line = run_well(&["policy", "check", &read]);
    assert!(line.stdout.ends_with("1 field, 0 registers, 2 parameters\n"), "{}", line.stdout);
    assert!(line.stderr.starts_with("note: "), "{}", line.stderr);
}

#[test]
fn decisions_are_explained_as_json_too() {
    let explain = ["policy", "explain", "deadline", "--at", "ticks_to_deadline=9", "-o", "json"];
    let answer = json(&explain);
    assert_eq!(answer["actions"][0]["action"], "Hold");
    assert_eq!(answer["path"], "is_urgent(false) → hold");
    let bank = run_well(&["policy", "explain", "deadline", "--tree", "bank"]).stdout;
    assert!(bank.contains("no such tree"), "{bank}");
    for (at, problem) in [
        ("ticks_to_deadlines=1", "did you mean `ticks_to_deadline`?"),
        ("bank_state_x=1", "`deadline` names no register `bank_state_x`"),
        ("balance=1", "reads `ticks_to_deadline`, which is not given"),
    ] {
        let refused = run(&["policy", "explain", "deadline", "--at", at]);
        assert_eq!(refused.code, Some(1));
        assert!(refused.stderr.contains(problem), "{}", refused.stderr);
    }
}

#[test]
fn parameters_are_tried_without_another_file() {
    let explain = |parameters: &[&str]| {
        let asked = ["policy", "explain", "deadline", "--at", "ticks_to_deadline=8"];
        run(&[&asked[..], parameters].concat())
    };
    assert!(explain(&[]).stdout.contains("decision  Hold"));
    let urgent = explain(&["--param", "urgency_threshold=9"]).stdout;
    assert!(urgent.contains("(8) <= urgency_threshold (9): true"), "{urgent}");
    for (given, problem) in [
        (&["--param", "x=1"][..], "`deadline` has no parameter `x`; its parameters: `urgency_"),
        (&["--param", "urgency_threshold"], "not of the form name=number"),
        (&["--param", "urgency_threshold=1e400"], "not of the form name=number"),
        (
            &["--param", "urgency_threshold=1", "--param", "urgency_threshold=2"],
            "`urgency_threshold` is given twice",
        ),
    ] {
        let refused = explain(given);
        assert_eq!(refused.code, Some(1));
        assert!(refused.stderr.contains(problem), "{}", refused.stderr);
    }
}

/// Whoever compares two faulty files is told of both.
#[test]
fn what_is_compared_is_checked_on_both_sides() {
    let faulty = |id: &str| OF_PREDECESSOR.replace("\"old\"", &format!("\"{id}\""));
    let (_before, before) = file("before.json", faulty("one"));
    let (_after, after) = file("after.json", faulty("other"));
    let refused = run(&["policy", "diff", &before, &after]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("before.json:1:"), "{}", refused.stderr);
    assert!(refused.stderr.contains("after.json:1:"), "{}", refused.stderr);
}

#[test]
fn policies_are_compared() {
    assert_eq!(run_well(&["policy", "diff", "fifo", "fifo"]).stdout, "no difference\n");
    let diff = run_well(&["policy", "diff", "fifo", "deadline"]).stdout;
    assert!(diff.contains("parameter urgency_threshold added: "), "{diff}");
}

#[test]
fn coverage_needs_a_traced_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("runs.db").to_string_lossy().into_owned();
    let scenario = ["run", "scenarios/policy_tutorial.yaml", "--persist", &db];
    run_well(&[&scenario[..], &["--simulation-id", "plain"]].concat());
    let plain = run(&["policy", "coverage", &db]);
    assert_eq!(plain.code, Some(1));
    assert!(plain.stderr.contains("--trace-decisions"), "{}", plain.stderr);
    let traced = ["--simulation-id", "traced", "--policy", "OST=deadline", "--trace-decisions"];
    run_well(&[&scenario[..], &traced].concat());
    let both = json(&["policy", "coverage", &db, "traced", "--output", "json"]);
    let policies: Vec<&str> = both
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|it| it["coverage"]["policy_id"].as_str())
        .collect();
    assert_eq!(policies, ["deadline", "fifo"]);
    // Each payment of OST is released once: as often as it was found urgent.
    let nodes = both[0]["coverage"]["nodes"].as_array().expect("nodes");
    let released = run_well(&[
        "run",
        "scenarios/policy_tutorial.yaml",
        "--event-stream",
        "--filter-agent",
        "OST",
        "--filter-event-type",
        "RtgsSubmission",
        "--policy",
        "OST=deadline",
    ])
    .stdout;
    let own = released.lines().filter(|line| line.contains("\"sender_id\":\"OST\"")).count();
    assert_eq!(nodes[1]["times"], own);
    let nord = run_well(&["policy", "coverage", &db, "traced", "--agent", "NORD"]).stdout;
    assert!(nord.starts_with("fifo (version ") && nord.contains("1 agent: NORD"), "{nord}");
    let nobody = run(&["policy", "coverage", &db, "traced", "--agent", "SUD"]);
    assert!(nobody.stderr.contains("no agent `SUD`"), "{}", nobody.stderr);
}

#[test]
fn the_language_costs_and_events_are_described() {
    let language = json(&["schema", "policy"]);
    assert!(language["fields"].as_array().is_some_and(|fields| fields.len() > 100));
    let bank = json(&["schema", "policy", "--tree", "bank"]);
    assert_eq!(bank["trees"].as_array().map(Vec::len), Some(1));
    let schema = json(&["schema", "policy", "--format", "json-schema"]);
    assert_eq!(schema, language["json_schema"]);
    assert_eq!(json(&["schema", "costs"])["costs"][0]["key"], "cost_rates.overdraft_bps_per_tick");
    assert_eq!(json(&["schema", "events"])["events"][0]["name"], "RunStarted");
    let page = |of: &str| run_well(&["schema", of, "--format", "markdown"]).stdout;
    let docs = |name: &str| fs::read_to_string(root().join(name)).expect("the page");
    assert_eq!(page("events"), docs("docs/events.md"));
    assert_eq!(page("scenario"), docs("docs/scenario.md"));
    let language = page("policy");
    let reference = language.strip_prefix("# The policy language\n\n").expect("a title");
    assert!(docs("docs/policy.md").ends_with(reference));
    insta::assert_snapshot!(page("costs"));
}
