//! Bad input: a clear error, exit code 1, never a panic.

use std::fmt::Write as _;
use std::fs;

use crate::harness::{file, run};

/// Expects exit code 1, nothing on stdout, and all of `wanted` on stderr.
fn refused(arguments: &[&str], wanted: &[&str]) {
    let outcome = run(arguments);
    assert_eq!(outcome.code, Some(1), "{arguments:?}\n{}\n{}", outcome.stdout, outcome.stderr);
    assert_eq!(outcome.stdout, "", "{arguments:?}");
    assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
    for text in wanted {
        assert!(outcome.stderr.contains(text), "no `{text}` in:\n{}", outcome.stderr);
    }
}

#[test]
fn a_missing_file() {
    refused(&["run", "no/such/file.yaml"], &["no/such/file.yaml"]);
    refused(&["bounds", "no/such/file.csv"], &["no/such/file.csv"]);
}

#[test]
fn a_directory() {
    refused(&["run", "scenarios"], &["scenarios", "directory"]);
    refused(&["bounds", "scenarios"], &["scenarios", "directory"]);
}

#[test]
fn an_empty_file() {
    let (_folder, path) = file("empty.yaml", "");
    refused(&["run", &path], &["empty"]);
    let (_folder, path) = file("comment.yaml", "# nothing here\n");
    refused(&["run", &path], &["empty"]);
}

#[test]
fn wrong_yaml() {
    let (_folder, path) = file("wrong.yaml", "simulation:\n  ticks_per_day: 10\n num_days: [1\n");
    refused(&["run", &path], &["wrong.yaml:3"]);
}

#[test]
fn policies_that_are_none() {
    let run = |policy: &str, wanted: &[&str]| {
        refused(&["check", "scenarios/first_day.yaml", "--policy", policy], wanted);
    };
    run("NORD", &["--policy:1:1", "expected `AGENT=FILE` or `AGENT=NAME`"]);
    run("NRD=deadline", &["unknown agent `NRD`", "did you mean `NORD`?"]);
    run("NORD=deadlin", &["--policy:1:6", "did you mean `deadline`?"]);
    run("NORD=no/such.json", &["no/such.json", "no such file"]);
    run("*=scenarios", &["scenarios", "is a directory"]);
    let (_folder, path) = file("mine.json", "{\"version\": \"1\",\n \"policy_idd\": \"x\"}");
    run(&format!("*={path}"), &["mine.json:2:2", "did you mean `policy_id`?"]);
}

/// Far more noise than anyone calls a scenario; the answer must not take its size.
#[test]
fn a_hundred_megabytes_of_noise() {
    let mut state = 1_u64;
    let mut byte = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state.to_be_bytes()[0]
    };
    let noise: Vec<u8> = (0..100_000_000).map(|_| byte()).collect();
    for name in ["noise.yaml", "noise.json"] {
        let (_folder, path) = file(name, &noise);
        refused(&["run", &path], &["noise"]);
    }
    let (_folder, path) = file("noise.csv", &noise);
    refused(&["bounds", &path], &["noise"]);
}

#[test]
fn fifty_faults_at_once() {
    let mut text = String::from("simulation: {ticks_per_day: 10, num_days: 1}\nagents:\n");
    for number in 0..50 {
        let _ = writeln!(text, "  - {{id: B{number}, opening_balanc: {number}}}");
    }
    let (_folder, path) = file("faults.yaml", &text);
    // The same is said once, with every place.
    let mut wanted: Vec<String> = (1..50).map(|number| format!(" {}:", number + 3)).collect();
    wanted.extend(["faults.yaml:3:".to_owned(), "opening_balance".to_owned()]);
    wanted.push("100 errors".to_owned());
    let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
    refused(&["check", &path], &wanted);
    assert_eq!(run(&["check", &path]).stderr.matches("unknown key").count(), 1);
}

#[test]
fn amounts_that_cannot_be() {
    let scenario = |balance: &str| {
        format!(
            "simulation: {{ticks_per_day: 10, num_days: 1}}\n\
             agents:\n  - {{id: A, opening_balance: {balance}}}\n  - {{id: B, opening_balance: 0}}\n"
        )
    };
    for balance in ["9223372036854775808", "1e30", "12.5", "-99999999999999999999", "text"] {
        let (_folder, path) = file("amount.yaml", scenario(balance));
        refused(&["run", &path], &["amount.yaml:3", balance]);
    }
    let (_folder, path) = file("amount.yaml", scenario("9223372036854775807"));
    refused(&["run", &path], &["amount.yaml"]);
}

#[test]
fn an_agent_twice() {
    let text = "simulation: {ticks_per_day: 10, num_days: 1}\nagents:\n\
                \x20 - {id: A, opening_balance: 0}\n  - {id: A, opening_balance: 0}\n";
    let (_folder, path) = file("twice.yaml", text);
    refused(&["run", &path], &["twice.yaml:4", "A"]);
}

/// A payment file beside a scenario of banks A and B.
fn payments(csv: impl AsRef<[u8]>) -> (tempfile::TempDir, String) {
    let text = "simulation: {ticks_per_day: 10, num_days: 1}\npayments: day.csv\n\
                agents:\n  - {id: ALFA, opening_balance: 1000}\n  - {id: BETA, opening_balance: 0}\n";
    let (folder, path) = file("day.yaml", text);
    fs::write(folder.path().join("day.csv"), csv).expect("a file");
    (folder, path)
}

#[test]
fn payment_files_with_quotes_marks_and_line_ends_are_read() {
    for csv in [
        "\u{feff}tick,sender,receiver,amount\r\n0,ALFA,BETA,5\r\n",
        "\"tick\",\"sender\",\"receiver\",\"amount\"\n0,\"ALFA\",BETA,\"5\"\n",
        "amount,receiver,sender,tick\n5,BETA,ALFA,0",
    ] {
        let (_folder, path) = payments(csv);
        let outcome = run(&["run", &path]);
        assert_eq!(outcome.code, Some(0), "{csv}\n{}", outcome.stderr);
    }
}

#[test]
fn payment_files_that_cannot_be() {
    for (csv, wanted) in [
        ("", vec!["day.csv"]),
        ("tick,sender,amount\n0,ALFA,5\n", vec!["receiver"]),
        ("tick,sender,receiver,amount\n0,ALFA,BETA,-5\n", vec!["day.csv:2", "-5"]),
        ("tick,sender,receiver,amount\n0,ALFA,BETA,5.50\n", vec!["day.csv:2", "amount_decimal"]),
        ("tick,sender,receiver,amount\n0,ALFA,BETA,9223372036854775808\n", vec!["day.csv:2"]),
        ("tick,sender,receiver,amount\n0,ALFA,ALFA,5\n", vec!["day.csv:2"]),
        ("tick,sender,receiver,amount\n10,ALFA,BETA,5\n", vec!["day.csv:2"]),
        ("id,tick,sender,receiver,amount\nx,0,ALFA,BETA,5\nx,1,ALFA,BETA,6\n", vec!["day.csv:3"]),
        ("tick,sender,receiver,amount\n0,ALFA,BETTA,5\n", vec!["day.csv:2", "BETTA", "BETA"]),
    ] {
        let (_folder, path) = payments(csv);
        refused(&["run", &path], &wanted);
    }
}

#[test]
fn an_unknown_bank_in_row_300_000() {
    let mut csv = String::from("tick,sender,receiver,amount\n");
    for row in 2..=300_001 {
        csv.push_str(if row == 300_000 { "1,ALFA,BETTA,1\n" } else { "1,ALFA,BETA,1\n" });
    }
    let (_folder, path) = payments(csv);
    refused(&["run", &path], &["day.csv:300000", "BETTA", "BETA"]);
}

#[test]
fn more_ticks_than_the_run_has() {
    refused(&["run", "scenarios/gridlock.yaml", "--ticks", "11"], &["11", "10"]);
}

#[test]
fn flags_that_contradict_are_wrong_usage() {
    for arguments in [
        &["run", "scenarios/gridlock.yaml", "--verbose", "--quiet"][..],
        &["run"],
        &["run", "scenarios/gridlock.yaml", "--config", "scenarios/pool.yaml"],
        &["synth", "--profile", "chips", "-o", "x.csv"],
        &["nonsense"],
    ] {
        assert_eq!(run(arguments).code, Some(2), "{arguments:?}");
    }
}

#[test]
fn faults_of_a_set_point_at_the_flag() {
    let set = "agents.A.openin_balance=5";
    refused(&["run", "scenarios/gridlock.yaml", "--set", set], &["openin_balance"]);
    refused(&["run", "scenarios/gridlock.yaml", "--set", "agents.Z.opening_balance=5"], &["Z"]);
    refused(
        &["run", "scenarios/gridlock.yaml", "--set", "queue_discipline"],
        &["queue_discipline"],
    );
}

#[test]
fn synthetic_days_are_plain_csv_and_not_called_something_else() {
    let synth = ["synth", "--profile", "rits", "--payments", "10"];
    for name in ["day.parquet", "day.csv.GZ", "-", "day.json"] {
        let words = format!("`{name}`: this writes plain CSV");
        refused(&[&synth[..], &["-o", name]].concat(), &[&words]);
        refused(&[&synth[..], &["-o", "x.csv", "--participants-file", name]].concat(), &[&words]);
    }
}

/// A line that is told to be copied into a scenario works there.
#[test]
fn the_line_for_participants_elsewhere_finds_them() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("sub")).unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (day, banks) = (path("sub/day.csv"), path("banks.csv"));
    let synth = ["synth", "--profile", "rits", "--payments", "20", "--participants", "5"];
    let told = run(&[&synth[..], &["-o", &day, "--participants-file", &banks]].concat()).stderr;
    let (_, lines) = told.split_once("begins like this:\n").expect("lines");
    let scenario = lines.lines().map(str::trim).collect::<Vec<_>>().join("\n");
    std::fs::write(path("sub/s.yaml"), scenario).unwrap();
    let checked = run(&["check", &path("sub/s.yaml"), "--allow-outside"]);
    assert_eq!(checked.code, Some(0), "{}", checked.stderr);
}

#[test]
fn a_file_that_cannot_be_written_is_the_environments_fault() {
    let outcome =
        run(&["synth", "--profile", "rits", "--payments", "10", "-o", "/no/such/dir.csv"]);
    assert_eq!(outcome.code, Some(3), "{}", outcome.stderr);
    let told = "cannot write `/no/such`: there is no such folder";
    assert!(outcome.stderr.contains(told), "{}", outcome.stderr);
}

#[test]
fn a_file_outside_of_the_scenario_s_folder() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own");
    fs::create_dir(&own).unwrap();
    fs::write(folder.path().join("p.csv"), "tick,sender,receiver,amount\n0,A,B,5\n").unwrap();
    let text = "simulation: {ticks_per_day: 1, num_days: 1}\npayments: ../p.csv\n\
                agents: [{id: A, opening_balance: 9}, {id: B, opening_balance: 9}]\n";
    fs::write(own.join("s.yaml"), text).unwrap();
    let path = own.join("s.yaml").display().to_string();
    for command in ["run", "check", "bounds"] {
        let told = ["`payments`: `../p.csv` lies outside the scenario's folder", "--allow-outside"];
        refused(&[command, &path], &told);
        let allowed = run(&[command, &path, "--allow-outside"]);
        assert_eq!(allowed.code, Some(0), "{command}\n{}", allowed.stderr);
    }
}

#[test]
fn a_tick_to_branch_at_needs_a_run_to_branch() {
    let arguments = ["run", "scenarios/first_day.yaml", "--at", "30", "-q"];
    refused(&arguments, &["`--at 30` belongs to `--branch`"]);
}

#[test]
fn a_filter_for_a_payment_that_never_was_says_so() {
    let said = |payment: &str| {
        run(&["run", "scenarios/first_day.yaml", "--stream", "--filter-tx", payment]).stderr
    };
    assert!(said("5").contains("has no payment `5`; did you mean `tx-5`"), "{}", said("5"));
    assert!(!said("tx-5").contains("warning"), "{}", said("tx-5"));
}
