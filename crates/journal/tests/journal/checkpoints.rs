//! Checkpoints beside runs, runs that go on, branches, and files of the format before.

use psim_journal::{Ancestor, CheckpointRecord, Journal, JournalError, StoredRun};
use psim_model::Tick;
use psim_model::event::EventBatch;
use rusqlite::Connection;
use tempfile::tempdir;

use crate::common::{assert_same, persist, read_all, record, seal, world_of, write_all};

fn checkpoint(tick: u32, batches: &[EventBatch]) -> CheckpointRecord {
    CheckpointRecord {
        tick: Tick(tick),
        events: batches[tick as usize - 1].next_seq(),
        stream_hash: format!("hash before {tick}"),
        state: vec![7; 100 + tick as usize],
    }
}

/// Makes a file what the program before this one would have written.
fn age(path: &std::path::Path) {
    let tables = "DROP TABLE checkpoints; DROP TABLE ancestors; PRAGMA user_version = 4";
    Connection::open(path).unwrap().execute_batch(tables).unwrap();
}

#[test]
fn a_checkpoint_comes_back_and_is_found_by_its_tick() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, batches) = world_of(1);
    let mut writer =
        Journal::create_or_open(&path).unwrap().begin(&record(Some("run"), &scenario)).unwrap();
    write_all(&mut writer, &batches[..2]);
    writer.checkpoint(checkpoint(2, &batches)).unwrap();
    let early = writer.checkpoint(checkpoint(1, &batches));
    assert!(matches!(early, Err(JournalError::OutOfOrder { expected: 2, found: 1 })));
    write_all(&mut writer, &batches[2..3]);
    writer.checkpoint(checkpoint(3, &batches)).unwrap();
    let mut journal = writer.finish(seal()).unwrap();
    let run = journal.run("run").unwrap();
    let found: Vec<u32> = journal.checkpoints(&run).unwrap().iter().map(|it| it.tick.0).collect();
    assert_eq!(found, [2, 3]);
    let before = |tick| journal.checkpoint_before(&run, Tick(tick)).unwrap();
    assert_eq!(before(1), None);
    let kept = before(2).unwrap();
    assert_eq!((kept.tick, kept.stream_hash.as_str()), (Tick(2), "hash before 2"));
    assert_eq!(journal.checkpoint_state(&run, &kept).unwrap(), vec![7; 102]);
    assert_eq!(journal.delete_checkpoints(&run, Some(&[Tick(2)])).unwrap(), 1);
    let again = journal.delete_checkpoints(&run, Some(&[Tick(2)])).unwrap_err();
    assert!(matches!(again, JournalError::UnknownCheckpoint { .. }), "{again}");
    journal.delete("run").unwrap();
    let left = "SELECT count(*) FROM checkpoints";
    let left: u32 = Connection::open(&path).unwrap().query_row(left, [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}

/// Writes the first ticks of a run and leaves it.
fn cut_off(path: &std::path::Path, seed: u64, ticks: usize) -> StoredRun {
    let (scenario, batches) = world_of(seed);
    let journal = Journal::create_or_open(path).unwrap();
    let mut writer = journal.begin(&record(Some("run"), &scenario)).unwrap();
    write_all(&mut writer, &batches[..ticks]);
    drop(writer);
    Journal::open(path).unwrap().run("run").unwrap()
}

#[test]
fn a_run_that_goes_on_is_the_run_that_was_not_cut_off() {
    for seed in 0..12 {
        let folder = tempdir().unwrap();
        let (whole, parts) = (folder.path().join("whole.db"), folder.path().join("parts.db"));
        let (scenario, batches) = world_of(seed);
        persist(&whole, "run", &scenario, &batches);
        let run = cut_off(&parts, seed, batches.len() / 2);
        assert_eq!(run.ticks_done as usize, batches.len() / 2);
        let mut writer = Journal::open_to_change(&parts).unwrap().resume(&run).unwrap();
        write_all(&mut writer, &batches[batches.len() / 2..]);
        writer.finish(seal()).unwrap();
        let all = |path| {
            let journal = Journal::open(path).unwrap();
            let run = journal.run("run").unwrap();
            (read_all(&journal, &run), journal.days(&run).unwrap())
        };
        let ((whole, days), (parts, other_days)) = (all(&whole), all(&parts));
        assert_same(&whole, &parts);
        assert_eq!(days, other_days, "seed {seed}");
    }
}

#[test]
fn of_two_that_go_on_with_a_run_one_is_told() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let run = cut_off(&path, 1, 2);
    let (_, batches) = world_of(1);
    let resume = || Journal::open_to_change(&path).unwrap().resume(&run);
    let (mut first, mut second) = (resume().unwrap(), resume().unwrap());
    write_all(&mut first, &batches[2..]);
    first.finish(seal()).unwrap();
    write_all(&mut second, &batches[2..3]);
    let error = second.finish(seal()).unwrap_err();
    assert!(matches!(error, JournalError::OtherWriter { .. }), "{error}");
    let error = resume().unwrap_err();
    assert!(matches!(error, JournalError::OtherWriter { .. }), "{error}");
}

#[test]
fn a_branch_tells_what_it_goes_back_to() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, batches) = world_of(1);
    let changes = vec!["cost_rates.eod_penalty=1".to_owned()];
    let parent = Ancestor {
        simulation_id: "parent".to_owned(),
        tick: Tick(1),
        changes: changes.clone(),
        scenario: scenario.clone(),
    };
    let journal = Journal::create_or_open(&path).unwrap();
    let mut writer = journal.begin_branch(&record(Some("run"), &scenario), &[parent]).unwrap();
    write_all(&mut writer, &batches);
    let journal = writer.finish(seal()).unwrap();
    let found = journal.ancestry(&journal.run("run").unwrap()).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].simulation_id.as_str(), found[0].tick), ("parent", Tick(1)));
    assert_eq!(found[0].changes, changes);
    assert_eq!(found[0].scenario.fingerprint(), scenario.fingerprint());
}

/// It is read as it is; the first change to the file adds what is missing and loses nothing.
#[test]
fn a_file_of_the_format_before_is_read_and_brought_up_to_date() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, batches) = world_of(1);
    persist(&path, "old", &scenario, &batches);
    age(&path);
    let version = || -> u32 {
        let connection = Connection::open(&path).unwrap();
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    };
    let journal = Journal::open(&path).unwrap();
    let run = journal.run("old").unwrap();
    assert!(journal.checkpoints(&run).unwrap().is_empty());
    assert!(journal.ancestors(&run).unwrap().is_empty());
    let before = read_all(&journal, &run);
    drop(journal);
    assert_eq!(version(), 4);
    persist(&path, "new", &scenario, &batches);
    assert_eq!(version(), 5);
    let mut journal = Journal::open_to_change(&path).unwrap();
    assert_same(&read_all(&journal, &run), &before);
    journal.delete("old").unwrap();
}
