//! The input is a payment file in Parquet, or changes to a sound one.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use psim_fuzz::given::edits;
use psim_fuzz::given::payments::{self, BANKS, parquet};
use tempfile::TempDir;

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());
static SOUND: LazyLock<[Vec<u8>; 3]> = LazyLock::new(|| [0, 1, 2].map(|kind| parquet(7, kind)));

fuzz_target!(|input: &[u8]| {
    let edited = match input {
        [b'P', b'A', b'R', b'1', ..] => input.to_vec(),
        [kind, changes @ ..] => edits::apply(&SOUND[usize::from(kind % 3)], changes),
        [] => return,
    };
    payments::take(&edited, BANKS.as_bytes(), FOLDER.path());
});
