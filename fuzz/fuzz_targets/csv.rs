//! The input is a payment file in CSV, then, behind a byte that no text has, perhaps a file of
//! participants.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use psim_fuzz::given::payments::{self, BANKS};
use tempfile::TempDir;

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());

fuzz_target!(|text: &[u8]| {
    let mut files = text.splitn(2, |byte| *byte == 0xff);
    let rows = files.next().unwrap_or_default();
    payments::take(rows, files.next().unwrap_or(BANKS.as_bytes()), FOLDER.path());
});
