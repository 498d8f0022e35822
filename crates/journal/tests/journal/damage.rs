//! Files that are not what they were: an error or the old events, never a panic.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use proptest::prelude::*;
use psim_journal::{Journal, JournalError};
use psim_model::event::EventKind;
use rusqlite::Connection;
use tempfile::{TempDir, tempdir};

use crate::common::{persist, read_all, read_everything, record, seal, world_of};
use crate::sample::sample;

/// Returns the bytes of a sound file with three runs, one of which has every type of event.
fn sound() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let folder = tempdir().unwrap();
        let path = folder.path().join("runs.db");
        let (scenario, batches) = sample();
        persist(&path, "sample", &scenario, &batches);
        for seed in [1, 3] {
            let (scenario, batches) = world_of(seed);
            persist(&path, &format!("run-{seed}"), &scenario, &batches);
        }
        read_everything(&path).unwrap();
        fs::read(path).unwrap()
    })
}

fn file_of(bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

#[test]
fn truncated_files_are_errors() {
    let bytes = sound();
    let lengths = (0..100).chain((100..bytes.len()).step_by(bytes.len() / 60));
    for length in lengths {
        let (_folder, path) = file_of(&bytes[..length]);
        assert!(read_everything(&path).is_err(), "{length} bytes of {}", bytes.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn flipped_bytes_never_panic(
        flips in prop::collection::vec((any::<prop::sample::Index>(), 1_u8..), 1..20)
    ) {
        let mut bytes = sound().to_vec();
        for (place, mask) in flips {
            let place = place.index(bytes.len());
            bytes[place] ^= mask;
        }
        let (_folder, path) = file_of(&bytes);
        let _ = read_everything(&path);
        let (scenario, batches) = world_of(2);
        let _ = Journal::create_or_open(&path)
            .and_then(|journal| journal.begin(&record(None, &scenario)))
            .and_then(|mut writer| {
                batches.iter().try_for_each(|batch| writer.write(&mut batch.clone()))?;
                writer.finish(seal())
            })
            .and_then(|mut journal| {
                journal.ensure_trace_index()?;
                journal.delete("run-1")?;
                journal.vacuum()
            });
    }
}

/// Checks that one change to a sound file is found when everything is read.
fn check_found(sql: &str) {
    let (_folder, path) = file_of(sound());
    let changed = Connection::open(&path).unwrap().execute(sql, []).unwrap();
    assert!(changed > 0, "{sql}");
    let error = read_everything(&path).expect_err(sql);
    assert!(matches!(error, JournalError::Damaged { .. }), "{sql}: {error}");
    assert!(error.to_string().contains("runs.db"), "{error}");
}

/// Checks that a trace, a replay and the list of days each find that counts do not fit.
fn check_found_by_each(sql: &str) {
    let (_folder, path) = file_of(sound());
    assert!(Connection::open(&path).unwrap().execute(sql, []).unwrap() > 0, "{sql}");
    let journal = Journal::open(&path).unwrap();
    let run = journal.run("run-3").unwrap();
    let errors = [
        journal.read(&run).err(),
        journal.read_payment(&run, "tx-0").err(),
        journal.days(&run).err(),
        journal.names(&run).err(),
    ];
    for error in errors {
        assert!(matches!(error, Some(JournalError::Damaged { .. })), "{sql}: {error:?}");
    }
}

#[test]
fn counts_that_do_not_fit_the_rows_are_found_before_a_run_is_read() {
    for sql in [
        "UPDATE runs SET events = events - 1",
        "INSERT INTO events (id, tick, kind) SELECT max(id) + 1, 1000000, kind FROM events",
        "DELETE FROM events WHERE id = (SELECT max(id) FROM events)",
        "DELETE FROM days WHERE (run, day) IN (SELECT run, max(day) FROM days GROUP BY run)",
        "UPDATE days SET events = events + 1 WHERE day = 0",
    ] {
        check_found_by_each(sql);
    }
}

#[test]
fn rows_that_no_run_can_have_are_found() {
    let first = "(SELECT min(id) FROM events)";
    let arrival = EventKind::Arrival.code(); // its priority stands in x3
    for sql in [
        "UPDATE runs SET ticks_done = ticks_asked + 1",
        "UPDATE runs SET ticks_done = -1",
        "UPDATE runs SET ticks_per_day = 0",
        "UPDATE runs SET num_days = 4294967295",
        "UPDATE runs SET events = events + 1",
        "UPDATE runs SET events = events - 1",
        "UPDATE runs SET events = -1",
        "INSERT INTO events (id, tick, kind) SELECT max(id) + 1, tick, kind FROM events",
        "INSERT INTO events (id, tick, kind) SELECT max(id) + 99, tick + 1, kind FROM events",
        "INSERT INTO events (id, tick, kind) SELECT max(id) + 1, 1000000, kind FROM events",
        "DELETE FROM events WHERE id = (SELECT max(id) FROM events)",
        "UPDATE runs SET complete = 1, ticks_done = 1",
        "UPDATE runs SET overrides = 'not json'",
        "UPDATE runs SET scenario_hash = 'another'",
        "UPDATE runs SET rng_seed = rng_seed + 1",
        "UPDATE runs SET source = x'ff'",
        "DELETE FROM scenarios",
        "UPDATE scenarios SET scenario = substr(scenario, 1, length(scenario) - 1)",
        "UPDATE scenarios SET scenario = zeroblob(9)",
        "UPDATE days SET day = day + 100",
        "DELETE FROM days",
        "DELETE FROM days WHERE day = 0",
        "DELETE FROM days WHERE day = (SELECT max(day) FROM days)",
        "UPDATE days SET events = events + 1",
        "UPDATE days SET events = 9223372036854775807",
        "INSERT INTO days SELECT run, max(day) + 1, 0, NULL FROM days GROUP BY run",
        "DELETE FROM agents",
        "UPDATE agents SET agent = agent + 100",
        "DELETE FROM agents WHERE agent = 1",
        "DELETE FROM events",
        "DELETE FROM events WHERE id = (SELECT id FROM events LIMIT 1 OFFSET 9)",
        "UPDATE events SET kind = 255",
        "UPDATE events SET kind = 0",
        "UPDATE events SET kind = 1000",
        "UPDATE events SET kind = 'RunStarted'",
        "UPDATE events SET tick = -1",
        "UPDATE events SET tick = 0 WHERE id % 7 = 0",
        "UPDATE events SET tick = 5000000000",
        "UPDATE events SET tick = tick + 1",
        "UPDATE events SET agent = 1000000",
        "UPDATE events SET agent = -1",
        "UPDATE events SET counterparty = 'A'",
        "UPDATE events SET tx = tx + 1",
        "UPDATE events SET tx = 4294967295",
        "UPDATE events SET tx = NULL",
        "UPDATE events SET amount = 1.5",
        "UPDATE events SET x1 = NULL",
        &format!("UPDATE events SET x3 = 200 WHERE kind = {arrival}"),
        &format!("UPDATE events SET x2 = x'ff' WHERE id = {first}"),
        &format!("UPDATE events SET x2 = 12 WHERE id = {first}"),
    ] {
        check_found(sql);
    }
}

#[test]
fn a_run_whose_number_cannot_be_is_found() {
    // Rows are found by the numbers of their run and of the one after, which must fit.
    for number in [i64::MAX, i64::MIN, 1 << 40, -1, 0] {
        check_found(&format!("UPDATE runs SET run = {number} WHERE simulation_id = 'run-3'"));
    }
}

#[test]
fn the_last_run_that_can_be_numbered_is_read() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, batches) = world_of(1);
    persist(&path, "first", &scenario, &batches);
    let last = (1 << 23) - 2;
    let sql = format!("UPDATE sqlite_sequence SET seq = {} WHERE name = 'runs'", last - 1);
    assert_eq!(Connection::open(&path).unwrap().execute(&sql, []).unwrap(), 1);
    persist(&path, "last", &scenario, &batches);
    let mut journal = Journal::create_or_open(&path).unwrap();
    let run = journal.run("last").unwrap();
    assert_eq!(read_all(&journal, &run).len(), batches.len());
    let error = journal.begin(&record(Some("one more"), &scenario)).unwrap_err();
    assert!(error.to_string().contains("no room left"), "{error}");
    journal = Journal::create_or_open(&path).unwrap();
    journal.delete("last").unwrap();
}
