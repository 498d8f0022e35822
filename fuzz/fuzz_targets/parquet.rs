//! The input is a payment file in Parquet, or changes to a sound one.
//!
//! The decoder panics on some damaged files, and who reads them takes that for what it is. So only
//! a panic that nobody takes is a finding: libFuzzer's hook, which ends the process at once, is
//! taken away.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use psim_fuzz::given::edits;
use psim_fuzz::given::payments::{self, BANKS, parquet};
use tempfile::TempDir;

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());
static SOUND: LazyLock<[Vec<u8>; 3]> = LazyLock::new(|| {
    std::panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
    [0, 1, 2].map(|kind| parquet(7, kind))
});

fuzz_target!(|input: &[u8]| {
    let sound = &*SOUND;
    let edited = match input {
        [b'P', b'A', b'R', b'1', ..] => input.to_vec(),
        [kind, changes @ ..] => edits::apply(&sound[usize::from(kind % 3)], changes),
        [] => return,
    };
    payments::take(&edited, BANKS.as_bytes(), FOLDER.path());
});
