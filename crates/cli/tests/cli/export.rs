//! Stored runs as tables.

use std::fs;
use std::path::Path;

use crate::harness::{Outcome, file, run, run_well};

/// A folder for a database, and its path.
fn folder() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_string_lossy().into_owned();
    (folder, path)
}

/// Returns what was said, with the folder as `DIR`.
fn said(outcome: &Outcome, folder: &str) -> String {
    format!("{}{}", outcome.stdout, outcome.stderr).replace(folder, "DIR")
}

#[test]
fn the_help_says_what_comes_where() {
    insta::assert_snapshot!(run_well(&["export", "--help"]).stdout);
    let neither = run(&["export", "x.db"]);
    assert_eq!(neither.code, Some(2), "{}", neither.stderr);
    assert!(neither.stderr.contains("--parquet <DIR>"), "{}", neither.stderr);
}

#[test]
fn a_run_is_exported_once_and_again_with_force() {
    let (_folder, dir) = folder();
    let (db, tables, csv) =
        (format!("{dir}/runs.db"), format!("{dir}/tables"), format!("{dir}/csv"));
    let kept = |id: &str| {
        run_well(&["run", "scenarios/gridlock.yaml", "--persist", &db, "--simulation-id", id]);
    };
    kept("first");
    let both = ["export", &db, "--parquet", &tables, "--csv", &csv];
    insta::assert_snapshot!(said(&run_well(&both), &dir), @r"
    transactions            6 rows  DIR/tables/transactions/simulation_id=first/part-0.parquet
    pairs                   6 rows  DIR/tables/pairs/simulation_id=first/part-0.parquet
    agents_by_tick         30 rows  DIR/tables/agents_by_tick/simulation_id=first/part-0.parquet
    ticks                  10 rows  DIR/tables/ticks/simulation_id=first/part-0.parquet
    costs                   3 rows  DIR/tables/costs/simulation_id=first/part-0.parquet
    events                 26 rows  DIR/tables/events/simulation_id=first/part-0.parquet
    transactions            6 rows  DIR/csv/transactions/simulation_id=first/part-0.csv
    pairs                   6 rows  DIR/csv/pairs/simulation_id=first/part-0.csv
    agents_by_tick         30 rows  DIR/csv/agents_by_tick/simulation_id=first/part-0.csv
    ticks                  10 rows  DIR/csv/ticks/simulation_id=first/part-0.csv
    costs                   3 rows  DIR/csv/costs/simulation_id=first/part-0.csv
    events                 26 rows  DIR/csv/events/simulation_id=first/part-0.csv
    ");
    let header = fs::read_to_string(format!("{csv}/pairs/simulation_id=first/part-0.csv"));
    insta::assert_snapshot!(header.expect("a file"), @r"
    sender_id,receiver_id,payment_count,payment_value,settled_count,settled_value
    A,B,1,50,0,0
    A,C,1,60,0,0
    B,A,1,40,0,0
    B,C,1,70,0,0
    C,A,1,30,0,0
    C,B,1,20,0,0
    ");

    let taken = run(&both);
    assert_eq!(taken.code, Some(1));
    insta::assert_snapshot!(said(&taken, &dir), @r"error: `DIR/tables` already has tables of run `first`; choose another folder or replace them with `--force`");
    run_well(&[&both[..], &["--force"]].concat());

    kept("second");
    let which = run(&["export", &db, "--csv", &csv]);
    assert_eq!(which.code, Some(1));
    insta::assert_snapshot!(said(&which, &dir), @r"error: `DIR/runs.db` holds 2 runs, `first`, `second`; say which one is meant; give its id last");
    let unknown = run(&["export", &db, "third", "--csv", &csv]);
    assert_eq!(unknown.code, Some(1));
    insta::assert_snapshot!(said(&unknown, &dir), @r"error: `DIR/runs.db` has no run `third`; it holds 2 runs, `first`, `second`");
    run_well(&["export", &db, "second", "--csv", &csv]);

    let same = run(&["export", &db, "second", "--csv", &csv, "--parquet", &csv]);
    assert_eq!(same.code, Some(1));
    insta::assert_snapshot!(said(&same, &dir), @r"error: Parquet and CSV cannot both go to `DIR/csv`; choose two folders");
}

#[test]
fn a_folder_that_cannot_be_written_is_the_environments_fault() {
    let (_folder, dir) = folder();
    let (db, taken) = (format!("{dir}/runs.db"), format!("{dir}/file"));
    run_well(&["run", "scenarios/gridlock.yaml", "--persist", &db]);
    fs::write(&taken, "a file").expect("a file");
    for tables in [&taken, &format!("{taken}/tables"), "/proc/tables"] {
        let refused = run(&["export", &db, "--parquet", tables]);
        assert_eq!(refused.code, Some(3), "{}", refused.stderr);
        assert!(refused.stderr.contains(&format!("cannot write `{tables}`")), "{}", refused.stderr);
        assert_eq!(refused.stdout, "");
    }
}

/// Penalties that together are beyond 64 bits end the run in its last tick.
#[test]
fn a_run_that_was_cut_off_is_exported_as_far_as_it_went() {
    let (_folder, dir) = folder();
    let text = "simulation: {ticks_per_day: 4, num_days: 1}\n\
                cost_rates: {eod_penalty: 9_000_000_000_000_000_000}\n\
                agents:\n  - {id: A, opening_balance: 0}\n  - {id: B, opening_balance: 0}\n\
                payments: day.csv\n";
    let (scenario, path) = file("dear.yaml", text);
    let payments = "tick,sender,receiver,amount\n0,A,B,5\n0,A,B,6\n";
    fs::write(scenario.path().join("day.csv"), payments).expect("a file");
    let (db, csv) = (format!("{dir}/runs.db"), format!("{dir}/csv"));
    let cut = run(&["run", &path, "--persist", &db, "--simulation-id", "dear"]);
    assert_eq!(cut.code, Some(1), "{}", cut.stderr);
    let exported = run_well(&["export", &db, "--csv", &csv]);
    insta::assert_snapshot!(exported.stderr, @r"warning: run `dear` is incomplete: this is as of 3 of its 4 ticks");
    let ticks = Path::new(&csv).join("ticks/simulation_id=dear/part-0.csv");
    insta::assert_snapshot!(fs::read_to_string(ticks).expect("a file"), @r"
    tick,day,arrived_count,arrived_value,settled_count,settled_value,queue1_count,queue1_value,queue2_count,queue2_value,total_cost
    0,0,2,11,0,0,0,0,2,11,0
    1,0,0,0,0,0,0,0,2,11,0
    2,0,0,0,0,0,0,0,2,11,0
    ");
}

#[test]
fn a_run_of_no_ticks_has_tables_of_no_rows() {
    let (_folder, dir) = folder();
    let (db, tables) = (format!("{dir}/runs.db"), format!("{dir}/tables"));
    run_well(&["run", "scenarios/gridlock.yaml", "--persist", &db, "--ticks", "0"]);
    let exported = run_well(&["export", &db, "--parquet", &tables]);
    assert_eq!(exported.stdout.matches(" 0 rows").count(), 6, "{}", exported.stdout);
    assert_eq!(exported.stderr, "");
}

/// What a run generated is a payment file for another: the same payments arrive.
#[test]
fn exported_payments_can_be_run() {
    let (_folder, dir) = folder();
    let db = format!("{dir}/runs.db");
    let write = |name: &str, payments: &str, arrivals: &str| {
        let agents = ["A", "B", "C"]
            .map(|id| format!("  - {{id: {id}, opening_balance: 9_000{arrivals}}}\n"));
        let head = "simulation: {ticks_per_day: 40, num_days: 1, rng_seed: 3}\n";
        let path = format!("{dir}/{name}");
        fs::write(&path, format!("{head}{payments}agents:\n{}", agents.concat())).unwrap();
        path
    };
    let arrivals = ", arrival_config: {rate_per_tick: 1, deadline_range: [1, 9], \
                    amount_distribution: {type: Uniform, min: 1, max: 5_000}}";
    let drawn = write("drawn.yaml", "", arrivals);
    run_well(&["run", &drawn, "--persist", &db, "--simulation-id", "drawn"]);
    run_well(&["export", &db, "--csv", &format!("{dir}/csv")]);
    let exported = "csv/transactions/simulation_id=drawn/part-0.csv";
    let rows = fs::read_to_string(format!("{dir}/{exported}")).unwrap();
    // Some come so late that their deadline is at once.
    assert!(rows.lines().any(|row| row.contains(",39,39,")), "{rows}");
    let columns = "{id: tx_id, tick: arrival_tick, sender: sender_id, receiver: receiver_id}";
    let payments = format!("payments: {{file: {exported}, columns: {columns}}}\n");
    let read = write("read.yaml", &payments, "");
    run_well(&["run", &read, "--persist", &db, "--simulation-id", "read"]);
    run_well(&["export", &db, "read", "--csv", &format!("{dir}/csv")]);
    let again = exported.replace("drawn", "read");
    assert_eq!(fs::read_to_string(format!("{dir}/{again}")).unwrap(), rows);
}
