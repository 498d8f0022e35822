//! What is where afterwards, also when something was in the way.

use std::cell::Cell;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use parquet::file::reader::{FileReader, SerializedFileReader};
use psim_journal::Journal;
use psim_runner::{ExportError, ExportOptions, export};
use rusqlite::Connection;

use crate::kept::{exported, two_runs};

fn to_parquet(folder: &Path) -> ExportOptions<'_> {
    ExportOptions { parquet: Some(folder), ..ExportOptions::default() }
}

/// Returns all files and empty folders below a folder, with what is in the files.
fn below(folder: &Path) -> Vec<(PathBuf, Option<Vec<u8>>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let inside: Vec<_> =
            fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        if inside.is_empty() {
            found.push((folder, None));
        }
        for path in inside {
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push((path.clone(), Some(fs::read(path).unwrap())));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn runs_lie_beside_each_other_and_the_same_run_gives_the_same_bytes() {
    let (folder, db) = two_runs();
    let (one, other) = (folder.path().join("a/b"), folder.path().join("c"));
    for id in ["one", "two"] {
        let files = exported(&db, id, to_parquet(&one)).unwrap();
        for file in files {
            let partition = format!("{}/simulation_id={id}/part-0.parquet", file.table);
            assert_eq!(file.path, one.join(partition));
            assert!(file.path.is_file());
        }
    }
    assert_eq!(below(&one).len(), 12);
    exported(&db, "one", to_parquet(&other)).unwrap();
    for (path, content) in below(&other) {
        let same = one.join(path.strip_prefix(&other).unwrap());
        assert!(fs::read(same).ok() == content, "{}", path.display());
    }
}

#[test]
fn files_say_of_the_run_and_of_each_column_what_they_are() {
    let (folder, db) = two_runs();
    let files = exported(&db, "one", to_parquet(&folder.path().join("t"))).unwrap();
    let file = SerializedFileReader::new(File::open(&files[0].path).unwrap()).unwrap();
    let said = file.metadata().file_metadata().key_value_metadata().unwrap();
    let of = |key: &str| said.iter().find(|entry| entry.key == key)?.value.as_deref();
    assert_eq!(of("amount.unit"), Some("minor units"));
    assert_eq!(of("amount.doc"), Some("How much."));
    assert_eq!(of("payment_sim.simulation_id"), Some("one"));
    assert_eq!(of("payment_sim.is_complete"), Some("true"));
    assert!(of("payment_sim.currency_decimals").is_some());
}

#[test]
fn a_run_that_is_there_already_is_replaced_only_if_asked() {
    let (folder, db) = two_runs();
    let tables = folder.path().join("t");
    exported(&db, "one", to_parquet(&tables)).unwrap();
    let before = below(&tables);
    let refused = exported(&db, "one", to_parquet(&tables)).unwrap_err();
    assert!(matches!(refused, ExportError::Taken { .. }), "{refused}");
    for (path, _) in &before {
        fs::write(path, "old").unwrap();
    }
    exported(&db, "one", ExportOptions { force: true, ..to_parquet(&tables) }).unwrap();
    assert!(below(&tables) == before);
}

#[test]
fn both_forms_need_folders_of_their_own() {
    let (folder, db) = two_runs();
    let tables = folder.path().join("t");
    let options = ExportOptions { csv: Some(&tables), ..to_parquet(&tables) };
    let refused = exported(&db, "one", options).unwrap_err();
    assert!(matches!(refused, ExportError::SameFolder { .. }), "{refused}");
    assert!(!tables.exists());
    // By another name of a folder that is not there yet.
    fs::create_dir(folder.path().join("beside")).unwrap();
    let renamed = folder.path().join("beside/../t");
    let options = ExportOptions { csv: Some(&renamed), ..to_parquet(&tables) };
    let refused = exported(&db, "one", options).unwrap_err();
    assert!(matches!(refused, ExportError::SameFolder { .. }), "{refused}");
    assert!(!tables.exists());
}

#[test]
fn a_folder_keeps_to_one_form() {
    let (folder, db) = two_runs();
    let tables = folder.path().join("t");
    exported(&db, "one", to_parquet(&tables)).unwrap();
    let before = below(&tables);
    let csv = ExportOptions { parquet: None, csv: Some(&tables), ..to_parquet(&tables) };
    for (id, force) in [("one", true), ("two", false)] {
        let refused = exported(&db, id, ExportOptions { force, ..csv }).unwrap_err();
        assert!(matches!(refused, ExportError::OtherForm { .. }), "{refused}");
    }
    assert!(below(&tables) == before);
    exported(&db, "two", to_parquet(&tables)).unwrap();
}

#[test]
fn a_stopped_export_leaves_nothing_whenever_it_is_stopped() {
    let (folder, db) = two_runs();
    let journal = Journal::open(&db).unwrap();
    let run = journal.resolve(Some("one")).unwrap();
    let tables = folder.path().join("new/t");
    let mut asked = 0_u32;
    loop {
        let left = Cell::new(asked);
        let is_stopped = || left.replace(left.get().saturating_sub(1)) == 0;
        match export(&journal, &run, to_parquet(&tables), &is_stopped) {
            Err(ExportError::Stopped) => assert!(!folder.path().join("new").exists()),
            outcome => break drop(outcome.unwrap()),
        }
        asked += 1;
    }
    assert!(asked > 6, "it was asked {asked} times only");
}

#[test]
fn what_cannot_be_placed_leaves_nothing() {
    let (folder, db) = two_runs();
    let tables = folder.path().join("t");
    fs::create_dir(&tables).unwrap();
    fs::write(tables.join("events"), "in the way").unwrap();
    let before = below(&tables);
    let refused = exported(&db, "one", to_parquet(&tables)).unwrap_err();
    assert!(matches!(refused, ExportError::Files(_)), "{refused}");
    assert!(refused.to_string().contains("events"), "{refused}");
    assert!(below(&tables) == before);
    let other = folder.path().join("other");
    let both = ExportOptions { csv: Some(&tables), ..to_parquet(&other) };
    exported(&db, "one", both).unwrap_err();
    assert!(below(&tables) == before && !other.exists());
    let refused = exported(&db, "one", to_parquet(&tables.join("events"))).unwrap_err();
    assert!(matches!(refused, ExportError::Files(_)), "{refused}");
}

#[test]
fn altered_events_are_refused() {
    let (folder, db) = two_runs();
    let changed = Connection::open(&db).unwrap();
    changed.execute("UPDATE runs SET stream_hash = 'another'", []).unwrap();
    let tables = folder.path().join("t");
    let refused = exported(&db, "one", to_parquet(&tables)).unwrap_err();
    assert!(matches!(refused, ExportError::Altered(_)), "{refused}");
    assert!(!tables.exists());
}

#[test]
fn the_page_tells_of_every_table() {
    let (folder, db) = two_runs();
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/export.md");
    let page = fs::read_to_string(page).unwrap();
    for file in exported(&db, "one", to_parquet(&folder.path().join("t"))).unwrap() {
        assert!(page.contains(&format!("\n## {}\n", file.table)), "{}", file.table);
    }
}
