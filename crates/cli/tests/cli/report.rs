//! Reports of stored runs, and runs side by side.

use std::fs;
use std::path::Path;

use crate::harness::{Outcome, file, run, run_well};

/// A folder with a database of these runs: ids and settings.
fn kept(runs: &[(&str, &[&str])]) -> (tempfile::TempDir, String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path().to_string_lossy().into_owned();
    let db = format!("{dir}/runs.db");
    for (id, settings) in runs {
        let base =
            ["run", "scenarios/first_day.yaml", "--persist", &db, "--simulation-id", id, "-q"];
        run_well(&[&base[..], settings].concat());
    }
    (folder, dir, db)
}

/// Returns what was said, with the folder as `DIR`.
fn said(outcome: &Outcome, dir: &str) -> String {
    format!("{}{}", outcome.stdout, outcome.stderr).replace(dir, "DIR")
}

fn refused(arguments: &[&str], code: i32, dir: &str) -> String {
    let outcome = run(arguments);
    assert_eq!(outcome.code, Some(code), "{}{}", outcome.stdout, outcome.stderr);
    said(&outcome, dir)
}

#[test]
fn the_help_says_what_there_is() {
    insta::assert_snapshot!("report_help", run_well(&["report", "--help"]).stdout);
    insta::assert_snapshot!("compare_help", run_well(&["compare", "--help"]).stdout);
}

#[test]
fn a_report_is_a_page_in_the_terminal() {
    let (_folder, _, db) = kept(&[("first", &[])]);
    insta::assert_snapshot!(run_well(&["report", &db]).stdout);
}

#[test]
fn a_report_has_all_forms_and_replaces_files_only_if_told() {
    let (_folder, dir, db) = kept(&[("first", &["--set", "cost_rates.eod_penalty=100"])]);
    let (page, csv, figures) =
        (format!("{dir}/report.html"), format!("{dir}/csv"), format!("{dir}/figures"));
    let all = ["report", &db, "-o", &page, "--json", "--csv", &csv, "--figures", &figures];
    let outcome = run_well(&all);
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("one JSON object");
    assert_eq!(json["simulation_id"], "first");
    assert_eq!(json["overrides"][0], "cost_rates.eod_penalty=100");
    assert_eq!(json["settlement"]["all"]["arrived"]["count"], 320);
    insta::assert_snapshot!(outcome.stderr.replace(&dir, "DIR"), @r"
    wrote 29 files to `DIR/csv`
    wrote `DIR/report.html`
    wrote 10 files to `DIR/figures`
    ");

    let html = fs::read_to_string(&page).expect("the page");
    assert!(html.starts_with("<!doctype html>") && html.ends_with("</html>\n"));
    assert!(!html.contains("src=\"http") && !html.contains("href=\"http"), "it needs no network");
    for file in ["csv/measures.csv", "csv/queues_series.csv", "figures/throughput.svg"] {
        assert!(Path::new(&dir).join(file).is_file(), "{file}");
    }

    insta::assert_snapshot!(refused(&all, 1, &dir), @r"error: `DIR/report.html` exists already; choose another name or replace it with `--force`");
    fs::remove_file(&page).expect("the page");
    let tables = run(&["report", &db, "--csv", &csv, "--json"]);
    assert!(tables.stderr.contains("exists already"), "{}", tables.stderr);
    assert_eq!((tables.code, tables.stdout.as_str()), (Some(1), ""));
    run_well(&[&all[..], &["--force"]].concat());
    assert_eq!(fs::read_to_string(&page).expect("the page"), html, "the same page again");
    let left = fs::read_dir(&dir).expect("the folder").flatten();
    let hidden = left.filter(|file| file.file_name().to_string_lossy().starts_with('.'));
    assert_eq!(hidden.count(), 0, "nothing is left of what was begun");
}

#[test]
fn a_report_that_replaces_another_leaves_nothing_of_it() {
    let (_folder, dir, db) = kept(&[("first", &[]), ("nothing", &["--ticks", "0"])]);
    let (csv, figures) = (format!("{dir}/csv"), format!("{dir}/figures"));
    let to = ["--csv", &csv, "--figures", &figures];
    run_well(&[&["report", &db, "first"], &to[..]].concat());
    let own = [format!("{csv}/own.csv"), format!("{figures}/own.svg")];
    for path in &own {
        fs::write(path, "mine").expect("a file");
    }
    let told = run_well(&[&["report", &db, "nothing", "--force"], &to[..]].concat()).stderr;
    assert!(told.contains("files of an earlier report"), "{told}");
    let names = |folder: &str| -> Vec<String> {
        let files = fs::read_dir(folder).expect("the folder").flatten();
        let mut names: Vec<_> =
            files.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&figures), ["own.svg"], "no tick, no figure");
    let again = format!("{dir}/again");
    run_well(&["report", &db, "nothing", "--csv", &again]);
    let mut expected = names(&again);
    expected.push("own.csv".to_owned());
    expected.sort();
    assert_eq!(names(&csv), expected);
}

#[test]
fn what_cannot_be_written_is_said() {
    let (_folder, dir, db) = kept(&[("first", &[])]);
    let nowhere = format!("{dir}/no/report.html");
    insta::assert_snapshot!(refused(&["report", &db, "-o", &nowhere], 3, &dir), @r"error: cannot write `DIR/no`: there is no such folder");
    insta::assert_snapshot!(refused(&["report", &db, "-o", &dir], 3, &dir), @r"error: cannot write `DIR`: is a directory");
    let under_a_file = format!("{db}/figures");
    insta::assert_snapshot!(refused(&["report", &db, "--figures", &under_a_file], 3, &dir), @r"error: cannot write `DIR/runs.db/figures`: Not a directory (os error 20)");
}

#[test]
fn runs_are_found_or_listed() {
    let (_folder, dir, db) = kept(&[("base", &[]), ("shock", &[])]);
    insta::assert_snapshot!(refused(&["report", &db], 1, &dir), @r"error: `DIR/runs.db` holds 2 runs, `base`, `shock`; say which one is meant; give its id last");
    insta::assert_snapshot!(refused(&["report", &db, "third"], 1, &dir), @r"error: `DIR/runs.db` has no run `third`; it holds 2 runs, `base`, `shock`");
    insta::assert_snapshot!(refused(&["report", "nothing.db"], 1, &dir), @r"error: there is no run database at `nothing.db`");
    insta::assert_snapshot!(refused(&["compare", &format!("{db}:base")], 1, &dir), @r"error: `base` is one run; name another as well, `DB` or `DB:ID`");
    insta::assert_snapshot!(refused(&["compare", &db, &format!("{db}:base")], 1, &dir), @r"error: `DIR/runs.db` holds several runs: `DIR/runs.db:base`, `DIR/runs.db:shock`");
    insta::assert_snapshot!(refused(&["compare", &format!("{db}:third"), &db], 1, &dir), @r"error: `DIR/runs.db` has no run `third`; it holds 2 runs, `base`, `shock`");
    run_well(&["db", "delete", &db, "shock"]);
    insta::assert_snapshot!(refused(&["compare", &db], 1, &dir), @r"error: `DIR/runs.db` holds one run and nothing to compare; name another as well, `DB` or `DB:ID`");
}

/// Penalties that together are beyond 64 bits end the run in its last tick.
#[test]
fn a_run_that_was_cut_off_is_reported_up_to_where_it_stopped() {
    let (_folder, dir, _) = kept(&[]);
    let text = "simulation: {ticks_per_day: 4, num_days: 1}\n\
                cost_rates: {eod_penalty: 9_000_000_000_000_000_000}\n\
                agents:\n  - {id: A, opening_balance: 0}\n  - {id: B, opening_balance: 0}\n\
                payments: day.csv\n";
    let (scenario, path) = file("dear.yaml", text);
    let payments = "tick,sender,receiver,amount\n0,A,B,5\n0,A,B,6\n";
    fs::write(scenario.path().join("day.csv"), payments).expect("a file");
    let db = format!("{dir}/dear.db");
    assert_eq!(run(&["run", &path, "--persist", &db]).code, Some(1));
    let outcome = run_well(&["report", &db]);
    let start: Vec<&str> = outcome.stdout.lines().skip(1).take(9).collect();
    insta::assert_snapshot!(start.join("\n"), @r#"
      seed 0, version 0.1.0

    This run is incomplete: 3 of the 4 ticks that were asked for are stored, and everything here is as
    of then.

    In 3 ticks, 2 payments worth 0.11 arrived among 2 agents; none of them settled.
    2 payments worth 0.11 had not settled by then; the last reason was "insufficient liquidity" for
    100.00 % of this value.
    Agents used 0.00 of liquidity; netting at the end of the day would have needed 0.11, and settling
    "#);
    insta::assert_snapshot!(outcome.stderr, @r"warning: run `sim-e6438146` is incomplete: this is as of 3 of its 4 ticks");
    let page = format!("{dir}/dear.html");
    run_well(&["report", &db, "-o", &page]);
}

#[test]
fn a_run_of_no_ticks_has_a_report() {
    let (_folder, dir, db) = kept(&[("nothing", &["--ticks", "0"])]);
    let outcome = run_well(&["report", &db]);
    assert!(outcome.stdout.contains("\nNothing has happened yet.\n"), "{}", outcome.stdout);
    let (page, figures) = (format!("{dir}/nothing.html"), format!("{dir}/figures"));
    run_well(&["report", &db, "-o", &page, "--figures", &figures]);
    run_well(&["compare", &db, &db]);
}

#[test]
fn runs_are_compared_with_the_first() {
    let (_folder, dir, db) = kept(&[
        ("base", &[]),
        ("dearer", &["--set", "cost_rates.eod_penalty=900_00"]),
        ("other", &["--seed", "8"]),
    ]);
    let two = [format!("{db}:base"), format!("{db}:dearer")];
    insta::assert_snapshot!(run_well(&["compare", &two[0], &two[1]]).stdout);
    let all = run_well(&["compare", &db]).stdout;
    assert!(all.contains("C did not have the same arrivals as A, under another seed."), "{all}");

    let page = format!("{dir}/comparison.html");
    let outcome = run_well(&["compare", &db, "-o", &page, "--json"]);
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("one JSON object");
    assert_eq!(json["runs"].as_array().map(Vec::len), Some(3));
    assert_eq!(json["same_arrivals"], false);
    assert!(fs::read_to_string(&page).expect("the page").starts_with("<!doctype html>"));
    assert!(refused(&["compare", &db, "-o", &page], 1, &dir).contains("exists already"));
}

#[test]
fn what_differs_by_policies_and_traced_decisions_is_named_as_keys() {
    let (_folder, _dir, db) = kept(&[
        ("base", &[]),
        ("other", &["--policy", "OST=deadline", "--policy", "*=hold", "--trace-decisions"]),
    ]);
    let told = run_well(&["compare", &db]).stdout;
    let differences = told.split_once("What differs in the scenarios\n").expect("differences").1;
    let differences = differences.split_once("\n\n").expect("an end").0;
    insta::assert_snapshot!(differences);
}

#[test]
fn that_files_differ_which_scenarios_name_is_said() {
    let (folder, dir, db) = kept(&[]);
    let scenario = folder.path().join("s.yaml");
    let text = "simulation: {ticks_per_day: 4, num_days: 1}\npayments: p.csv\nagents:\n  \
                - {id: A, opening_balance: 100}\n  - {id: B, opening_balance: 100}\n";
    std::fs::write(&scenario, text).unwrap();
    for (id, amount) in [("one", 10), ("two", 20), ("again", 10)] {
        let payments = format!("tick,sender,receiver,amount\n1,A,B,{amount}\n");
        std::fs::write(folder.path().join("p.csv"), payments).unwrap();
        run_well(&["run", &scenario.to_string_lossy(), "--persist", &db, "--simulation-id", id]);
    }
    let compared = |other: &str| {
        let runs = [format!("{db}:one"), format!("{db}:{other}")];
        said(&run_well(&["compare", &runs[0], &runs[1]]), &dir)
    };
    let two = compared("two");
    assert!(two.contains("say the same, but the files that they name do not."), "{two}");
    let again = compared("again");
    assert!(again.contains("Nothing differs in what the scenarios say."), "{again}");
}

#[test]
fn an_id_where_a_database_should_be_is_understood() {
    let (_folder, dir, db) = kept(&[("one", &[]), ("two", &["--seed", "2"])]);
    let text = refused(&["compare", &format!("{db}:one"), "two"], 1, &dir);
    insta::assert_snapshot!(text, @"error: there is no run database at `two`, but a run of `DIR/runs.db` is called so: `DIR/runs.db:two`");
    let text = refused(&["compare", &format!("{db}:one"), "three"], 1, &dir);
    insta::assert_snapshot!(text, @"error: there is no run database at `three`");
}

#[test]
fn a_page_is_not_called_something_else() {
    let (_folder, dir, db) = kept(&[("first", &[])]);
    let pdf = format!("{dir}/report.PDF");
    insta::assert_snapshot!(refused(&["report", &db, "-o", &pdf], 1, &dir), @r"
    error: `DIR/report.PDF`: this writes an HTML page, which a browser prints as PDF; tables, JSON and pictures have options of their own, see `--help`
    ");
    assert!(!Path::new(&pdf).exists());
}

#[test]
fn a_branch_is_told_apart_from_a_whole_run() {
    let (_folder, dir, db) = kept(&[("base", &[])]);
    let change = ["--set", "cost_rates.eod_penalty=1", "--persist", &db, "--simulation-id", "what"];
    let branch = ["run", "--branch", &db, "base", "--at", "30"];
    let outcome = run_well(&[&branch[..], &change].concat());
    assert!(outcome.stderr.starts_with("branch of `base` from tick 30 under scenario "));
    let origin = "branch of base from tick 30 (12:00) on";
    let page = run_well(&["report", &db, "what"]).stdout;
    assert!(page.starts_with(&format!("what: scenarios/first_day.yaml\n  {origin}\n")), "{page}");
    let report = run_well(&["report", &db, "what", "--json"]).stdout;
    let report: serde_json::Value = serde_json::from_str(&report).expect("one JSON object");
    assert_eq!(report["branch"], serde_json::json!({"parent": "base", "tick": 30}));
    let runs = [format!("{db}:base"), format!("{db}:what")];
    let compared = run_well(&["compare", &runs[0], &runs[1]]).stdout;
    assert!(compared.contains(&format!("scenarios/first_day.yaml, {origin}")), "{compared}");
    let listed = run_well(&["db", "list", &db, "-o", "json"]).stdout;
    let listed: serde_json::Value = serde_json::from_str(&listed).expect("a list");
    let branches = listed.as_array().expect("a list").iter().map(|run| run["branch"].clone());
    assert_eq!(branches.collect::<Vec<_>>(), [serde_json::Value::Null, report["branch"].clone()]);
    let listed = run_well(&["db", "list", &db]).stdout;
    assert!(listed.contains("first_day.yaml  (branch of base from tick 30)"), "{listed}");
    assert!(
        said(&run_well(&["report", &db, "base"]), &dir).lines().all(|it| !it.contains("branch"))
    );
}

#[test]
fn the_story_names_what_was_and_was_not_applied() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("runs.db").to_string_lossy().into_owned();
    let refused = "scenario_events[1]={type: CreditLimitChange, agent: LINZ, delta: -5, \
                   schedule: {type: OneTime, tick: 9}}";
    let kept = ["run", "scenarios/shock_day.yaml", "--persist", &db, "-q", "--set", refused];
    run_well(&kept);
    let story = run_well(&["report", &db]).stdout.replace('\n', " ");
    assert!(
        story.contains(
            "During the run, 1 scenario event was applied: outage of HUB in tick 20 (12:00). \
             1 scenario event was not applied: change of unsecured cap of LINZ in tick 9 (09:15) \
             (it would fall below zero)."
        ),
        "{story}"
    );
}
