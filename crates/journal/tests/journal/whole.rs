//! Whether a file is whole is for its main part and its log together to say.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use psim_journal::{Journal, JournalError};
use psim_testkit::sketch;
use rusqlite::Connection;
use tempfile::tempdir;

use crate::common::{DOORS, persist, read_everything, run, world_of};

const PAGE: usize = 8192;
/// Runs that only the log has; together they need more pages than the file has.
const LATER: [&str; 5] = ["second", "third", "fourth", "fifth", "sixth"];

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Makes a file whose first page has been copied out of the log and says so many pages, while the
/// later pages are still in the log alone: a full disk or a kill leaves it so, and a process that
/// copies its log makes it so for a moment.
fn half_copied(folder: &Path) -> PathBuf {
    let live = folder.join("live.db");
    let path = folder.join("half.db");
    let (scenario, batches) = world_of(1);
    persist(&live, "first", &scenario, &batches);
    let main = fs::read(&live).unwrap();
    // While another connection is open nobody is the last one, who would copy the log.
    let keeper = Connection::open(&live).unwrap();
    keeper.query_row("SELECT count(*) FROM runs", [], |_| Ok(())).unwrap();
    for id in LATER {
        let (scenario, batches) = world_of(3);
        persist(&live, id, &scenario, &batches);
    }
    fs::copy(beside(&live, "-wal"), beside(&path, "-wal")).unwrap();
    assert_eq!(fs::read(&live).unwrap(), main);
    keeper.query_row("PRAGMA wal_checkpoint", [], |_| Ok(())).unwrap();
    let later = fs::read(&live).unwrap();
    assert!(later.len() > main.len());
    fs::write(&path, [&later[..PAGE], &main[PAGE..]].concat()).unwrap();
    path
}

#[test]
fn a_file_whose_log_is_half_copied_is_whole() {
    let events = |seed| world_of(seed).1.iter().map(|batch| batch.events().len()).sum::<usize>();
    let expected = events(1) + LATER.len() * events(3);
    for door in DOORS {
        let folder = tempdir().unwrap();
        let path = half_copied(folder.path());
        let journal = door(&path).unwrap();
        assert_eq!(journal.runs().unwrap().len(), 1 + LATER.len());
        drop(journal);
        assert_eq!(read_everything(&path).unwrap(), expected);
        let (scenario, batches) = world_of(2);
        persist(&path, "last", &scenario, &batches);
        Journal::open_to_change(&path).unwrap().vacuum().unwrap();
        assert!(read_everything(&path).unwrap() > expected);
    }
}

#[test]
fn without_its_log_a_file_that_is_too_short_is_damaged() {
    let folder = tempdir().unwrap();
    let path = half_copied(folder.path());
    fs::remove_file(beside(&path, "-wal")).unwrap();
    check_damaged(&path);
}

#[test]
fn a_file_that_lacks_its_end_is_damaged_and_left_alone() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, batches) = world_of(1);
    persist(&path, "run", &scenario, &batches);
    let bytes = fs::read(&path).unwrap();
    assert_eq!(bytes.len() % PAGE, 0);
    for missing in [1, 100, 4_096, PAGE - 1, PAGE, 2 * PAGE, 2 * PAGE + 1] {
        fs::write(&path, &bytes[..bytes.len() - missing]).unwrap();
        check_damaged(&path);
    }
    fs::write(&path, [&bytes[..], b"x"].concat()).unwrap();
    check_damaged(&path);
    fs::write(&path, &bytes).unwrap();
    read_everything(&path).unwrap();
}

/// Checks that no door opens the file and that nothing beside it changes.
fn check_damaged(path: &Path) {
    let before = (fs::read(path).unwrap(), entries(path));
    for door in DOORS {
        let error = door(path).unwrap_err();
        assert!(matches!(error, JournalError::Damaged { .. }), "{error}");
        assert_eq!((fs::read(path).unwrap(), entries(path)), before);
    }
}

fn entries(path: &Path) -> usize {
    fs::read_dir(path.parent().unwrap()).unwrap().count()
}

#[test]
fn a_newer_format_that_only_the_log_tells_of_is_refused_and_left_alone() {
    let folder = tempdir().unwrap();
    let live = folder.path().join("live.db");
    let path = folder.path().join("newer.db");
    let (scenario, batches) = world_of(1);
    persist(&live, "run", &scenario, &batches);
    let newer = Connection::open(&live).unwrap();
    newer.pragma_update(None, "user_version", 6).unwrap();
    for ending in ["", "-wal"] {
        fs::copy(beside(&live, ending), beside(&path, ending)).unwrap();
    }
    let before = (fs::read(&path).unwrap(), fs::read(beside(&path, "-wal")).unwrap());
    for door in DOORS {
        let error = door(&path).unwrap_err();
        assert!(matches!(error, JournalError::NewerVersion { found: 6, .. }), "{error}");
        assert_eq!((fs::read(&path).unwrap(), fs::read(beside(&path, "-wal")).unwrap()), before);
    }
}

/// Tells the other threads to stop, also when its own has failed.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_file_is_opened_at_any_moment_while_another_writes_it_and_copies_its_log() {
    let folder = tempdir().unwrap();
    let path = &folder.path().join("runs.db");
    let mut scenario = sketch::scenario(20, 1, &[("A", 100), ("B", 0)]);
    for no in 0..4_000 {
        scenario.payments.rows.push(sketch::payment(no / 200, 0, 1, 1));
    }
    let scenario = scenario.check().unwrap();
    let batches = run(&scenario);
    persist(path, "first", &scenario, &batches);
    let is_over = &AtomicBool::new(false);
    thread::scope(|scope| {
        let stop = Stop(is_over);
        scope.spawn(|| {
            let copier = Connection::open(path).unwrap();
            while !is_over.load(Ordering::Relaxed) {
                copier.query_row("PRAGMA wal_checkpoint", [], |_| Ok(())).unwrap();
                thread::sleep(Duration::from_millis(5));
            }
        });
        let openers = DOORS.map(|door| {
            scope.spawn(move || {
                let mut opened = 0;
                while !is_over.load(Ordering::Relaxed) {
                    let runs = door(path).and_then(|journal| journal.runs());
                    assert!(runs.is_ok(), "after {opened} times: {runs:?}");
                    opened += 1;
                }
                opened
            })
        });
        for round in 0..8 {
            persist(path, &format!("run-{round}"), &scenario, &batches);
        }
        drop(stop);
        for opener in openers {
            assert!(opener.join().unwrap() > 0);
        }
    });
    read_everything(path).unwrap();
}

#[test]
fn a_file_in_the_making_is_missing_or_whole() {
    for _ in 0..30 {
        let folder = tempdir().unwrap();
        let path = &folder.path().join("runs.db");
        thread::scope(|scope| {
            for door in DOORS.into_iter().chain(DOORS) {
                scope.spawn(move || {
                    let outcome = door(path).and_then(|journal| journal.runs());
                    assert!(
                        matches!(outcome, Ok(_) | Err(JournalError::Missing { .. })),
                        "{outcome:?}"
                    );
                });
            }
        });
        assert_eq!(read_everything(path).unwrap(), 0);
    }
}

/// Begins to make what another file is, and stops before it is there: nothing is in the file yet,
/// something beside it.
fn begin_to_make(path: &Path, like: &Path) -> Connection {
    let made = Connection::open(like).unwrap();
    let ours = "SELECT sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'";
    let mut tables = made.prepare(ours).unwrap();
    let maker = Connection::open(path).unwrap();
    maker.execute_batch("BEGIN IMMEDIATE").unwrap();
    for table in tables.query_map([], |row| row.get::<_, String>(0)).unwrap() {
        maker.execute_batch(&table.unwrap()).unwrap();
    }
    for mark in ["application_id", "user_version"] {
        let value: i32 = made.pragma_query_value(None, mark, |row| row.get(0)).unwrap();
        maker.pragma_update(None, mark, value).unwrap();
    }
    assert_eq!(fs::metadata(path).unwrap().len(), 0);
    assert!(fs::metadata(beside(path, "-journal")).unwrap().len() > 0);
    maker
}

#[test]
fn a_file_that_takes_long_to_make_is_waited_for() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let like = folder.path().join("like.db");
    drop(Journal::create_or_open(&like).unwrap());
    let maker = begin_to_make(&path, &like);
    thread::scope(|scope| {
        scope.spawn(move || {
            thread::sleep(Duration::from_millis(900));
            maker.execute_batch("COMMIT").unwrap();
        });
        assert_eq!(Journal::open(&path).unwrap().runs().unwrap(), []);
    });
}

#[test]
fn a_maker_that_was_killed_is_not_waited_for() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    // A kill leaves the file empty and what was beside it; nobody holds either.
    fs::write(&path, "").unwrap();
    fs::write(beside(&path, "-journal"), "not yet all").unwrap();
    assert!(matches!(Journal::open(&path), Err(JournalError::NotAJournal { .. })));
    // Tidied up as soon as that is seen, so that nothing looks like a maker any more.
    assert!(!beside(&path, "-journal").exists());
    assert_eq!(fs::metadata(&path).unwrap().len(), 0);
    assert_eq!(Journal::create_or_open(&path).unwrap().runs().unwrap(), []);
}
