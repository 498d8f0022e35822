//! The real command, killed at random moments or refused its writes, and what is left of its work.
//!
//! Each try keeps a run, is disturbed on the way, perhaps again as it goes on, and must come to the
//! end that an undisturbed run comes to. In between every tick that the database says it has must
//! be whole: what `replay` prints is the beginning of what the undisturbed run printed.

mod beside;
mod disturb;
mod means;
mod outcomes;
mod runs;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use disturb::Disturbance;
use means::Means;
use outcomes::Outcomes;
use runs::{Reference, SCENARIOS};

use crate::dice::Dice;
use crate::program::{Called, call};
use crate::say;

/// Most times that a run is disturbed before it is let alone.
const DISTURBED_AT_MOST: usize = 4;
/// Times that the making of a new file is disturbed, in a share of the tries.
const EARLY_KILLS: usize = 6;

/// Disturbs so many runs, from a seed on; fails if anything that was stored is lost or wrong.
pub(crate) fn run(tries: u64, first: u64) -> ExitCode {
    let means = Means::of_this_machine();
    let references: Vec<Reference> = SCENARIOS.iter().map(Reference::of).collect();
    let mut outcomes = Outcomes::default();
    let mut findings = 0;
    for seed in first..first + tries {
        let attempt = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            disturbed(seed, &references, &means, &mut outcomes);
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
fn disturbed(seed: u64, references: &[Reference], means: &Means, outcomes: &mut Outcomes) {
    let mut dice = Dice::new(seed, "crash");
    let reference = &references[dice.below(references.len())];
    // A share keeps a checkpoint before every tick, so that many a blow falls on one.
    let (every, times) = if dice.once_in(4) { ("1", 3) } else { (reference.every(), 1) };
    let takes = reference.takes * times;
    let folder = tempfile::tempdir().expect("Condition failed: folders can be made");
    let folder = folder.path();
    if dice.once_in(4) {
        begin_and_die(folder, reference, &mut dice, means, outcomes);
    }
    for _ in 0..=dice.below(DISTURBED_AT_MOST) {
        let disturbance = Disturbance::any(&mut dice, takes, means);
        let is_there = look(folder, reference, "", outcomes);
        let ended = disturbance.during(folder, &reference.arguments(is_there, every), means);
        outcomes.count(&disturbance, &ended);
        ended.was_refused_well();
    }
    for _ in 0..dice.below(3) {
        if look(folder, reference, "", outcomes) {
            beside::disturb(folder, &mut dice, means, outcomes);
        }
    }
    let is_there = look(folder, reference, "", outcomes);
    finish(folder, &reference.arguments(is_there, every), reference);
}

/// Kills the command as it makes the tables of a new file, again and again; leaves the last.
fn begin_and_die(
    folder: &Path,
    reference: &Reference,
    dice: &mut Dice,
    means: &Means,
    outcomes: &mut Outcomes,
) {
    for _ in 0..EARLY_KILLS {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            fs::remove_file(entry.path()).expect("the files of a database");
        }
        let disturbance = Disturbance::kill_early(dice);
        let begin = reference.arguments(false, reference.every());
        let ended = disturbance.during(folder, &begin, means);
        outcomes.count(&disturbance, &ended);
        ended.was_refused_well();
        look(folder, reference, "as the tables were made", outcomes);
    }
}

/// Opens what is left; returns whether there is a run to go on with.
fn look(folder: &Path, reference: &Reference, when: &'static str, outcomes: &mut Outcomes) -> bool {
    let db = folder.join("runs.db");
    let mut left = |what| outcomes.left(when, what);
    if !db.exists() {
        left("no file");
        return false;
    }
    let listed = called(folder, &["db", "list", "runs.db", "--output", "json"]);
    if listed.code != Some(0) {
        // A file that was cut off before its first commit is no database yet.
        let size = fs::metadata(db).map_or(0, |file| file.len());
        assert!(size == 0, "{size} bytes that cannot be opened: {}", listed.stderr);
        left("an empty file");
        return false;
    }
    let runs: serde_json::Value = serde_json::from_str(&listed.stdout).expect("a list in JSON");
    let Some(run) = runs.as_array().and_then(|runs| runs.first()) else {
        left("a database without the run");
        return false;
    };
    let done = run["ticks_done"].as_u64().expect("a number of ticks");
    let info = called(folder, &["db", "info", "runs.db"]);
    assert_eq!(info.code, Some(0), "{}", info.stderr);
    assert!(info.stdout.contains(&stands(run, done)), "{}", info.stdout);
    let replayed = called(folder, &["replay", "runs.db", "--stream"]);
    assert_eq!(replayed.code, Some(0), "{}", replayed.stderr);
    reference.holds_beginning(&replayed.stdout, done);
    left(match run["is_complete"].as_bool() {
        Some(true) => "the whole run",
        _ if done == 0 => "a run without ticks",
        _ => "some ticks of the run",
    });
    true
}

/// Lets the run come to its end, which is that of the undisturbed run.
fn finish(folder: &Path, arguments: &[String], reference: &Reference) {
    let ended = call(folder, arguments);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let replayed = called(folder, &["replay", "runs.db", "--output", "json", "--quiet"]);
    assert_eq!(replayed.code, Some(0), "{}", replayed.stderr);
    let summary: serde_json::Value = serde_json::from_str(&replayed.stdout).expect("a summary");
    assert_eq!(summary["run"]["stream_hash"], reference.stream_hash, "another end");
    let verified = called(folder, &["verify", "runs.db"]);
    assert_eq!(verified.code, Some(0), "{}{}", verified.stdout, verified.stderr);
}

/// Returns how `db info` tells where the run stands.
fn stands(run: &serde_json::Value, done: u64) -> String {
    match done.checked_sub(1) {
        _ if run["is_complete"] == true => "state          complete\n".to_owned(),
        Some(last) => format!("state          incomplete, stopped after tick {last}\n"),
        None => "state          incomplete, stopped before its first tick was written\n".to_owned(),
    }
}

fn called(folder: &Path, arguments: &[&str]) -> Called {
    let arguments: Vec<String> = arguments.iter().map(|it| (*it).to_owned()).collect();
    call(folder, &arguments)
}
