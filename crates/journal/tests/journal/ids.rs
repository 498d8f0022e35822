//! Which run is meant, and what a run may be called.

use psim_journal::{Journal, JournalError};
use tempfile::tempdir;

use crate::common::{persist, record, seal, world_of};

#[test]
fn a_run_without_an_id_is_called_after_its_scenario() {
    let folder = tempdir().unwrap();
    let (scenario, _) = world_of(1);
    let mut journal = Journal::create_or_open(folder.path().join("runs.db")).unwrap();
    let stem = format!("sim-{}", &scenario.fingerprint().to_string()[..8]);
    for expected in [stem.clone(), format!("{stem}-2"), format!("{stem}-3")] {
        let writer = journal.begin(&record(None, &scenario)).unwrap();
        assert_eq!(writer.simulation_id(), expected);
        journal = writer.finish(seal()).unwrap();
    }
    // The number of a deleted run is free again; the others keep theirs.
    journal.delete(&format!("{stem}-2")).unwrap();
    let writer = journal.begin(&record(None, &scenario)).unwrap();
    assert_eq!(writer.simulation_id(), format!("{stem}-2"));
}

#[test]
fn an_id_is_used_once() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, batches) = world_of(1);
    persist(&path, "mine", &scenario, &batches);
    let journal = Journal::create_or_open(&path).unwrap();
    let error = journal.begin(&record(Some("mine"), &scenario)).unwrap_err();
    let expected = format!(
        "`{}` already holds a run `mine`; choose another id, another file, or delete that run",
        path.display()
    );
    assert_eq!(error.to_string(), expected);
}

#[test]
fn ids_that_could_not_be_shown_are_refused() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, _) = world_of(1);
    for id in ["", "a\nb", "\0"] {
        let journal = Journal::create_or_open(&path).unwrap();
        let error = journal.begin(&record(Some(id), &scenario)).unwrap_err();
        assert!(matches!(error, JournalError::BadId { .. }), "{error}");
    }
}

#[test]
fn without_an_id_the_only_run_is_meant() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, batches) = world_of(1);
    let known = || {
        let journal = Journal::create_or_open(&path).unwrap();
        journal.resolve(None).map(|run| run.simulation_id).map_err(|error| {
            let text = error.to_string();
            text.strip_prefix(&format!("`{}` ", path.display())).unwrap().to_owned()
        })
    };
    assert_eq!(known(), Err("holds no run; say which one is meant".to_owned()));
    persist(&path, "one", &scenario, &batches);
    assert_eq!(known(), Ok("one".to_owned()));
    persist(&path, "two", &scenario, &batches);
    assert_eq!(known(), Err("holds 2 runs, `one`, `two`; say which one is meant".to_owned()));

    let journal = Journal::open(&path).unwrap();
    assert_eq!(journal.resolve(Some("two")).unwrap().simulation_id, "two");
    let error = journal.resolve(Some("three")).unwrap_err().to_string();
    assert!(error.ends_with("has no run `three`; it holds 2 runs, `one`, `two`"), "{error}");
}

#[test]
fn of_many_runs_the_first_and_the_last_are_named() {
    let told = |runs: u32| {
        let known = (1..=runs).map(|run| format!("run-{run}")).collect();
        JournalError::WhichRun { path: "runs.db".into(), known }.to_string()
    };
    assert!(told(20).contains("`run-10`, `run-11`, `run-12`"), "{}", told(20));
    let many = told(5_000);
    assert!(many.contains("5000 runs, `run-1`, `run-2`"), "{many}");
    assert!(many.contains("`run-10`, …, `run-4991`"), "{many}");
    assert!(many.contains("`run-5000`; say which one is meant"), "{many}");
}
