//! Files that earlier versions wrote: they open, say what they said, and are brought up to date by
//! the first change.
//!
//! A version that changes a format leaves a file of the old one in `tests/fixtures`, written by
//! the program as it was.

use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::run_well;

/// The last lines of the summary of the run in each file.
const STREAM: &str = "26 events, stream hash\n  \
    e98f7f4c719ec0b3b3651db2ace5482323d7aca151dfb62cfe4a5e7b0ff3cc56\n";

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let files = fs::read_dir(folder).expect("the folder").flatten().map(|file| file.path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some()).collect();
    files.sort();
    files
}

#[test]
fn every_database_that_was_ever_written_opens() {
    let fixtures = fixtures();
    let names = fixtures.iter().map(|path| path.file_name().unwrap_or_default().to_string_lossy());
    assert_eq!(names.collect::<Vec<_>>(), ["format-4.db", "format-5.db"]);
    for fixture in fixtures {
        let folder = tempfile::tempdir().expect("a folder");
        let db = folder.path().join("runs.db");
        fs::copy(&fixture, &db).expect("a copy");
        let db = db.to_string_lossy();
        let as_it_was = || {
            let replayed = run_well(&["replay", &db, "--simulation-id", "gridlock", "--quiet"]);
            assert!(replayed.stdout.ends_with(STREAM), "{}", fixture.display());
            run_well(&["verify", &db, "gridlock"]);
            run_well(&["report", &db, "gridlock"]);
        };
        as_it_was();
        // A change, after which it has today's format.
        let another = ["run", "scenarios/gridlock.yaml", "--persist", &db, "--quiet"];
        run_well(&[&another[..], &["--simulation-id", "new", "--checkpoint-at", "3"]].concat());
        as_it_was();
        let listed = run_well(&["checkpoint", "list", &db, "new"]).stdout;
        assert!(listed.contains('3'), "{listed}");
    }
}
