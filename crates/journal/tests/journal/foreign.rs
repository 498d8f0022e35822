//! Files that are not ours to touch.

use std::fs;
use std::path::Path;

use psim_journal::{Journal, JournalError};
use rusqlite::Connection;
use tempfile::tempdir;

use crate::common::{DOORS, persist, read_everything, record, seal, world_of};

/// Checks that no door opens the file and that nothing changed in its folder.
fn check_refused(path: &Path, is_expected: fn(&JournalError) -> bool) {
    let listing = || {
        let entries = fs::read_dir(path.parent().unwrap()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = (fs::read(path).ok(), listing());
    for door in DOORS {
        let error = door(path).unwrap_err();
        assert!(is_expected(&error), "{error}");
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(error.to_string().contains(name), "{error}");
        assert_eq!((fs::read(path).ok(), listing()), before);
    }
}

#[test]
fn files_of_another_kind_are_refused_and_left_alone() {
    let folder = tempdir().unwrap();
    let text = folder.path().join("scenario.yaml");
    let is_other = |error: &JournalError| matches!(error, JournalError::NotAJournal { .. });
    for content in ["x", "agents: []\n", &"long ".repeat(10_000), "SQLite format 3\0"] {
        fs::write(&text, content).unwrap();
        check_refused(&text, is_other);
    }
    for mode in ["DELETE", "WAL"] {
        let path = folder.path().join(format!("other-{mode}.db"));
        let connection = Connection::open(&path).unwrap();
        connection.pragma_update(None, "journal_mode", mode).unwrap();
        connection.execute_batch("CREATE TABLE runs (run INTEGER PRIMARY KEY)").unwrap();
        drop(connection);
        check_refused(&path, is_other);
    }
}

#[test]
fn files_of_a_newer_program_are_refused_and_left_alone() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("newer.db");
    let (scenario, batches) = world_of(1);
    persist(&path, "run", &scenario, &batches);
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 6).unwrap();
    check_refused(&path, |error| {
        matches!(error, JournalError::NewerVersion { found: 6, known: 5, .. })
    });
}

#[test]
fn files_of_an_older_program_are_refused_and_left_alone() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("older.db");
    let (scenario, batches) = world_of(1);
    persist(&path, "run", &scenario, &batches);
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 1).unwrap();
    check_refused(&path, |error| {
        matches!(error, JournalError::OlderVersion { found: 1, known: 5, .. })
    });
}

#[test]
fn folders_and_missing_places_are_refused() {
    let folder = tempdir().unwrap();
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    check_refused(&inner, |error| matches!(error, JournalError::Io { .. }));

    let absent = folder.path().join("absent.db");
    for door in &DOORS[1..] {
        let error = door(&absent).unwrap_err();
        assert!(matches!(error, JournalError::Missing { .. }), "{error}");
    }
    let error = Journal::create_or_open(folder.path().join("no/such/out.db")).unwrap_err();
    assert!(matches!(error, JournalError::Io { .. }), "{error}");
    let error = Journal::create_or_open("").unwrap_err();
    assert!(matches!(error, JournalError::Io { .. }), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn an_empty_file_becomes_a_run_database_when_written_to_and_only_then() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("empty.db");
    fs::write(&path, "").unwrap();
    let error = Journal::open(&path).unwrap_err();
    assert!(matches!(error, JournalError::NotAJournal { .. }), "{error}");
    assert_eq!(fs::metadata(&path).unwrap().len(), 0);
    drop(Journal::create_or_open(&path).unwrap());
    assert_eq!(read_everything(&path).unwrap(), 0);
}

#[test]
fn a_closed_file_stands_alone() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, batches) = world_of(1);
    persist(&path, "run", &scenario, &batches);
    read_everything(&path).unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_read_only_file_can_be_read_and_not_written() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, batches) = world_of(1);
    persist(&path, "run", &scenario, &batches);
    let events = read_everything(&path).unwrap();
    let protect = |path: &Path, is_readonly| {
        let mut permissions = fs::metadata(path).unwrap().permissions();
        permissions.set_readonly(is_readonly);
        fs::set_permissions(path, permissions).unwrap();
    };
    protect(&path, true);
    protect(folder.path(), true);
    assert_eq!(read_everything(&path).unwrap(), events);
    // The superuser may write all the same.
    if fs::OpenOptions::new().append(true).open(folder.path().join("probe")).is_err()
        && fs::File::create(folder.path().join("probe")).is_err()
    {
        for door in [DOORS[0], DOORS[2]] {
            let error = door(&path).unwrap_err();
            assert!(matches!(error, JournalError::ReadOnly { .. }), "{error}");
        }
    }
    protect(folder.path(), false);
    protect(&path, false);
    let writer = Journal::create_or_open(&path).unwrap().begin(&record(None, &scenario)).unwrap();
    writer.finish(seal()).unwrap();
}
