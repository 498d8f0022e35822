//! Golden hashes: a change of behaviour is a decision, never an accident.
//!
//! Each is over the canonical rows of a stream but its first event: `RunStarted` names version and
//! scenario hash, which change without any change of behaviour.
//!
//! `golden.txt` holds a hash for each shipped scenario, each of five worlds and three seeds. After a
//! change that is meant, write it anew with `PSIM_UPDATE_GOLDEN=1` and say why in the commit.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use psim_engine::Engine;
use psim_model::event::{EventBatch, EventKind};
use psim_model::{CheckedScenario, Scenario};
use psim_scenario::{Overrides, load};
use psim_testkit::worlds::{WorldSize, world};

const WORLDS: u64 = 5;
const SEEDS: [u64; 3] = [1, 2, 3];

/// The scenarios that ship.
fn shipped() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let entries = fs::read_dir(folder).expect("the scenarios are there").flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    files.sort();
    files
}

fn behaviour(scenario: CheckedScenario) -> String {
    let mut engine = Engine::new(scenario);
    let mut batch = EventBatch::default();
    let mut hasher = blake3::Hasher::new();
    let mut rows = Vec::new();
    while !engine.is_finished() {
        if let Err(refusal) = engine.tick(&mut batch) {
            return format!("refused: {refusal}");
        }
        rows.clear();
        for event in batch.events().iter().filter(|e| e.kind() != EventKind::RunStarted) {
            rows.extend_from_slice(&batch.tick().0.to_le_bytes());
            event.encode(batch.columns(), &mut rows);
        }
        hasher.update(&rows);
    }
    hasher.finalize().to_string()
}

/// Runs every scenario under every seed and returns a line for each.
fn hashes() -> String {
    let mut lines = String::new();
    let files = shipped();
    for file in &files {
        for seed in SEEDS {
            let overrides = Overrides { seed: Some(seed), ..Overrides::default() };
            let scenario = load(file, &overrides).expect("shipped scenarios are sound").scenario;
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let _ = writeln!(lines, "{name} {seed} {}", behaviour(scenario));
        }
    }
    for number in 0..WORLDS {
        for seed in SEEDS {
            let mut scenario: Scenario = world(1_000 + number, &WorldSize::default());
            scenario.rng_seed = seed;
            let scenario = scenario.check().expect("worlds are sound");
            let _ = writeln!(lines, "world-{number} {seed} {}", behaviour(scenario));
        }
    }
    lines
}

#[test]
fn streams_have_their_golden_hashes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden.txt");
    let hashes = hashes();
    if std::env::var_os("PSIM_UPDATE_GOLDEN").is_some() {
        fs::write(&path, &hashes).expect("the golden file can be written");
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    let changed: Vec<(&str, &str)> =
        hashes.lines().zip(golden.lines()).filter(|(now, then)| now != then).collect();
    assert!(changed.is_empty(), "behaviour has changed (now, golden): {changed:#?}");
    assert_eq!(hashes.lines().count(), golden.lines().count(), "scenarios were added or removed");
}
