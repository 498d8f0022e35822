//! The input is a scenario file in YAML; what loads runs for some ticks.

#![no_main]

use std::fs;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use psim_fuzz::given::scenario;
use psim_scenario::Overrides;
use tempfile::TempDir;

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());

fuzz_target!(|text: &[u8]| {
    let file = FOLDER.path().join("s.yaml");
    fs::write(&file, text).unwrap();
    scenario::take(&file, &Overrides::default());
});
