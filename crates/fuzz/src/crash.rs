//! The real command, killed at random moments or refused its writes, and what is left of its work.
//!
//! Each try keeps a run, is disturbed on the way, perhaps again as it goes on, and must come to the
//! end that an undisturbed run comes to. In between every tick that the database says it has must
//! be whole: what `replay` prints is the beginning of what the undisturbed run printed.

mod disturb;
mod outcomes;
mod runs;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use disturb::{Disturbance, Ended};
use outcomes::Outcomes;
use runs::{Reference, SCENARIOS};

use crate::dice::Dice;
use crate::program::{Called, call};
use crate::say;

/// Most times that a run is disturbed before it is let alone.
const DISTURBED_AT_MOST: usize = 4;

/// Disturbs so many runs, from a seed on; fails if anything that was stored is lost or wrong.
pub(crate) fn run(tries: u64, first: u64) -> ExitCode {
    let references: Vec<Reference> = SCENARIOS.iter().map(Reference::of).collect();
    let mut outcomes = Outcomes::default();
    let mut findings = 0;
    for seed in first..first + tries {
        let attempt = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            disturbed(seed, &references, &mut outcomes);
        }));
        if attempt.is_err() {
            findings += 1;
            say(&format!("again: cargo xtask crash --first {seed} --tries 1"));
        }
    }
    outcomes.say();
    say(&format!("{tries} tries, {findings} findings"));
    if findings == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Keeps one run against all odds.
fn disturbed(seed: u64, references: &[Reference], outcomes: &mut Outcomes) {
    let mut dice = Dice::new(seed, "crash");
    let reference = &references[dice.below(references.len())];
    let folder = tempfile::tempdir().expect("Condition failed: folders can be made");
    let db = folder.path().join("runs.db");
    for _ in 0..=dice.below(DISTURBED_AT_MOST) {
        let disturbance = Disturbance::any(&mut dice, reference.takes);
        let is_there = look(folder.path(), &db, reference, outcomes);
        let ended = disturbance.during(folder.path(), &reference.arguments(is_there));
        outcomes.count(&disturbance, &ended);
        refused_well(&ended);
    }
    let is_there = look(folder.path(), &db, reference, outcomes);
    beside(folder.path(), is_there, &mut dice, outcomes);
    finish(folder.path(), reference, is_there, outcomes);
}

/// Opens what is left; returns whether there is a run to go on with.
fn look(folder: &Path, db: &Path, reference: &Reference, outcomes: &mut Outcomes) -> bool {
    if !db.exists() {
        outcomes.left("no file");
        return false;
    }
    let listed = called(folder, &["db", "list", "runs.db", "--output", "json"]);
    if listed.code != Some(0) {
        // A file that was cut off before its first commit is no database yet.
        let size = fs::metadata(db).map_or(0, |file| file.len());
        assert!(size == 0, "{size} bytes that cannot be opened: {}", listed.stderr);
        outcomes.left("an empty file");
        return false;
    }
    let runs: serde_json::Value = serde_json::from_str(&listed.stdout).expect("a list in JSON");
    let Some(run) = runs.as_array().and_then(|runs| runs.first()) else {
        outcomes.left("a database without the run");
        return false;
    };
    let done = run["ticks_done"].as_u64().expect("a number of ticks");
    let info = called(folder, &["db", "info", "runs.db"]);
    assert_eq!(info.code, Some(0), "{}", info.stderr);
    let replayed = called(folder, &["replay", "runs.db", "--stream"]);
    assert_eq!(replayed.code, Some(0), "{}", replayed.stderr);
    reference.holds_beginning(&replayed.stdout, done);
    outcomes.left(match run["is_complete"].as_bool() {
        Some(true) => "the whole run",
        _ if done == 0 => "a run without ticks",
        _ => "some ticks of the run",
    });
    true
}

/// What was refused was refused in words, and as the environment's fault or the user's.
fn refused_well(ended: &Ended) {
    if let Ended::Refused { code, stderr } = ended {
        assert!(matches!(code, 1 | 3), "code {code}: {stderr}");
        assert!(!stderr.is_empty() && !stderr.contains("panicked"), "code {code}: {stderr}");
    }
}

/// Kills commands that read the database or change it, beside the run.
fn beside(folder: &Path, is_there: bool, dice: &mut Dice, outcomes: &mut Outcomes) {
    if !is_there {
        return;
    }
    let commands: [&[&str]; 4] = [
        &["export", "runs.db", "--csv", "tables", "--parquet", "parquet"],
        &["report", "runs.db", "-o", "report.html"],
        &["db", "vacuum", "runs.db"],
        &["checkpoint", "list", "runs.db"],
    ];
    let arguments: Vec<String> =
        commands[dice.below(commands.len())].iter().map(|it| (*it).to_owned()).collect();
    let disturbance = Disturbance::kill(dice, Duration::from_millis(300));
    let ended = disturbance.during(folder, &arguments);
    outcomes.count(&disturbance, &ended);
    refused_well(&ended);
    let page = folder.join("report.html");
    if page.exists() {
        let text = fs::read_to_string(page).expect("a page");
        assert!(text.ends_with("</html>\n"), "a page that is not whole");
    }
}

/// Lets the run come to its end, which is that of the undisturbed run.
fn finish(folder: &Path, reference: &Reference, is_there: bool, outcomes: &mut Outcomes) {
    let mut ended = call(folder, &reference.arguments(is_there));
    if ended.stderr.contains("was cut off before its scenario was written") {
        outcomes.left("a run without a scenario, which says so and is deleted");
        let deleted = called(folder, &["db", "delete", "runs.db", "kept"]);
        assert_eq!(deleted.code, Some(0), "{}", deleted.stderr);
        ended = call(folder, &reference.arguments(false));
    }
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let replayed = called(folder, &["replay", "runs.db", "--output", "json", "--quiet"]);
    assert_eq!(replayed.code, Some(0), "{}", replayed.stderr);
    let summary: serde_json::Value = serde_json::from_str(&replayed.stdout).expect("a summary");
    assert_eq!(summary["run"]["stream_hash"], reference.stream_hash, "another end");
    let verified = called(folder, &["verify", "runs.db"]);
    assert_eq!(verified.code, Some(0), "{}{}", verified.stdout, verified.stderr);
}

fn called(folder: &Path, arguments: &[&str]) -> Called {
    let arguments: Vec<String> = arguments.iter().map(|it| (*it).to_owned()).collect();
    call(folder, &arguments)
}
