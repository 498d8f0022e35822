//! Runs that end early, and runs that are read before they end.

use std::thread;

use psim_journal::{Journal, JournalError, RunRecord};
use rusqlite::Connection;
use tempfile::tempdir;

use crate::common::{assert_same, read_all, record, seal, world_of, write_all};

#[test]
fn a_run_that_is_dropped_keeps_its_ticks_and_says_that_it_is_incomplete() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, batches) = world_of(3);
    let journal = Journal::create_or_open(&path).unwrap();
    let mut writer = journal.begin(&record(Some("cut"), &scenario)).unwrap();
    write_all(&mut writer, &batches[..3]);
    drop(writer);

    let journal = Journal::open(&path).unwrap();
    let run = journal.run("cut").unwrap();
    assert_eq!((run.ticks_done, run.is_complete), (3, false));
    assert_eq!(run.stream_hash, None);
    assert_same(&read_all(&journal, &run), &batches[..3]);
    let days = journal.days(&run).unwrap();
    assert_eq!(days.iter().map(|day| day.events).sum::<u64>(), run.events);
    assert_eq!(journal.scenario(&run).unwrap().fingerprint(), scenario.fingerprint());
}

#[test]
fn a_run_that_is_closed_early_is_incomplete() {
    let folder = tempdir().unwrap();
    let (scenario, batches) = world_of(3);
    let journal = Journal::create_or_open(folder.path().join("runs.db")).unwrap();
    let mut writer = journal.begin(&record(None, &scenario)).unwrap();
    write_all(&mut writer, &batches[..1]);
    let run = writer.finish(seal()).unwrap().resolve(None).unwrap();
    assert_eq!((run.ticks_done, run.is_complete), (1, false));
    assert_eq!(run.stream_hash.as_deref(), Some("total"));
}

#[test]
fn a_run_can_be_read_while_it_is_written() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, batches) = world_of(5);
    let journal = Journal::create_or_open(&path).unwrap();
    let mut writer = journal.begin(&record(Some("live"), &scenario)).unwrap();
    let journal = Journal::open(&path).unwrap();
    let shell = Connection::open(&path).unwrap();
    for done in 1..batches.len() {
        write_all(&mut writer, &batches[done - 1..done]);
        let mut run = journal.run("live").unwrap();
        while (run.ticks_done as usize) < done {
            thread::yield_now();
            run = journal.run("live").unwrap();
        }
        assert!(!run.is_complete);
        assert_same(&read_all(&journal, &run), &batches[..done]);
        let sql = "SELECT count(details) FROM simulation_events WHERE simulation_id = 'live'";
        let shown: u32 = shell.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(u64::from(shown), run.events);
    }
}

#[test]
fn ticks_are_taken_in_order_and_none_beyond_the_last() {
    let folder = tempdir().unwrap();
    let (scenario, batches) = world_of(3);
    let record = RunRecord { ticks_asked: 2, ..record(None, &scenario) };
    let journal = Journal::create_or_open(folder.path().join("runs.db")).unwrap();
    let mut writer = journal.begin(&record).unwrap();
    let error = writer.write(&mut batches[1].clone()).unwrap_err();
    assert!(matches!(error, JournalError::OutOfOrder { expected: 0, found: 1 }), "{error}");
    write_all(&mut writer, &batches[..2]);
    let error = writer.write(&mut batches[2].clone()).unwrap_err();
    assert!(matches!(error, JournalError::TooManyTicks { most: 2 }), "{error}");
    let journal = writer.finish(seal()).unwrap();
    let run = journal.resolve(None).unwrap();
    assert_same(&read_all(&journal, &run), &batches[..2]);

    let record = RunRecord { ticks_asked: scenario.calendar.horizon() + 1, ..record };
    let error = journal.begin(&record).unwrap_err();
    assert!(matches!(error, JournalError::TooManyTicks { .. }), "{error}");
}

#[test]
fn a_run_that_is_deleted_under_its_writer_ends_with_an_error() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, batches) = world_of(3);
    let journal = Journal::create_or_open(&path).unwrap();
    let mut writer = journal.begin(&record(Some("gone"), &scenario)).unwrap();
    Journal::open_to_change(&path).unwrap().delete("gone").unwrap();
    let outcome = batches.iter().try_for_each(|batch| writer.write(&mut batch.clone()));
    let error = match outcome {
        Ok(()) => writer.finish(seal()).unwrap_err(),
        Err(error) => {
            let again = writer.write(&mut batches[0].clone()).unwrap_err();
            assert!(
                matches!(again, JournalError::Stopped { .. } | JournalError::OutOfOrder { .. }),
                "{again}"
            );
            assert!(matches!(writer.finish(seal()), Err(JournalError::Stopped { .. })));
            error
        }
    };
    assert!(matches!(error, JournalError::Deleted { .. }), "{error}");
    assert_eq!(Journal::open(&path).unwrap().runs().unwrap(), []);
}

#[test]
fn a_run_is_in_the_file_with_its_scenario_or_not_at_all() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, batches) = world_of(3);
    drop(Journal::create_or_open(&path).unwrap());
    let shell = Connection::open(&path).unwrap();
    let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON scenarios \
                  BEGIN SELECT RAISE(ABORT, 'no scenario today'); END";
    shell.execute_batch(refuse).unwrap();
    let begin = || Journal::create_or_open(&path).unwrap().begin(&record(Some("run"), &scenario));
    let error = begin().unwrap_err();
    assert!(error.to_string().contains("no scenario today"), "{error}");
    assert_eq!(Journal::open(&path).unwrap().runs().unwrap(), []);

    shell.execute_batch("DROP TRIGGER refuse").unwrap();
    let writer = begin().unwrap();
    let journal = Journal::open(&path).unwrap();
    let run = journal.run("run").unwrap();
    assert_eq!(journal.scenario(&run).unwrap().fingerprint(), scenario.fingerprint());
    drop(writer);
    let mut writer = Journal::open_to_change(&path).unwrap().resume(&run).unwrap();
    write_all(&mut writer, &batches);
    assert!(writer.finish(seal()).unwrap().run("run").unwrap().is_complete);
}

#[test]
fn a_run_without_its_scenario_as_earlier_versions_left_it_says_so() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, _) = world_of(3);
    drop(Journal::create_or_open(&path).unwrap().begin(&record(Some("old"), &scenario)).unwrap());
    Connection::open(&path).unwrap().execute_batch("DELETE FROM scenarios").unwrap();

    let mut journal = Journal::open_to_change(&path).unwrap();
    let run = journal.run("old").unwrap();
    assert!(read_all(&journal, &run).is_empty());
    let error = journal.scenario(&run).unwrap_err();
    assert!(matches!(error, JournalError::CutOff { .. }), "{error}");
    assert!(error.to_string().contains("before its scenario was written"), "{error}");
    journal.delete("old").unwrap();
    assert_eq!(journal.runs().unwrap(), []);
}
