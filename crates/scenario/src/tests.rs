//! Files end to end: what loads, what is refused, and in which words.

mod data_files;
mod documents;
mod faults;
mod files;
mod folder;
mod hostile;
mod instructions;
mod interventions;
mod limits;
mod liquidity_saving;
mod meaning;
mod policies;
mod policy_faults;
mod policy_features;
mod policy_files;
mod policy_parameters;
mod policy_settings;
mod settings;
mod tables;
mod written;

use std::path::{Path, PathBuf};

use psim_model::CheckedScenario;
use tempfile::TempDir;

use crate::{Diagnostics, Loaded, Overrides, load};

/// Two banks and a day of ten ticks; tests write what they are about behind it.
pub(crate) const BASE: &str = "\
simulation: {ticks_per_day: 10, num_days: 2, rng_seed: 1}
agents:
  - {id: A, opening_balance: 100}
  - {id: B, opening_balance: 100}
";

/// A directory with some files.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        std::fs::write(self.path(name), content).unwrap();
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn load(&self, name: &str) -> Result<Loaded, Diagnostics> {
        load(&self.path(name), &Overrides::default())
    }

    /// Renders diagnostics with paths as a test can expect them.
    pub(crate) fn shown(&self, diagnostics: &Diagnostics) -> String {
        let directory = format!("{}{}", self.0.path().display(), std::path::MAIN_SEPARATOR);
        diagnostics.to_string().replace(&directory, "")
    }
}

/// Loads a scenario that is taken, with its warnings.
pub(crate) fn taken(text: &str) -> (CheckedScenario, Vec<String>) {
    (sound(text), messages(text))
}

pub(crate) fn sound(text: &str) -> CheckedScenario {
    let folder = Folder::new().with("s.yaml", text);
    match folder.load("s.yaml") {
        Ok(loaded) => loaded.scenario,
        Err(faults) => panic!("{}", folder.shown(&faults)),
    }
}

pub(crate) fn refused(text: &str) -> String {
    let folder = Folder::new().with("s.yaml", text);
    match folder.load("s.yaml") {
        Ok(_) => panic!("this loads:\n{text}"),
        Err(faults) => folder.shown(&faults),
    }
}

/// Returns the messages alone, in order.
pub(crate) fn messages(text: &str) -> Vec<String> {
    let folder = Folder::new().with("s.yaml", text);
    let diagnostics = match folder.load("s.yaml") {
        Ok(loaded) => loaded.warnings,
        Err(faults) => faults,
    };
    let directory = format!("{}{}", folder.0.path().display(), std::path::MAIN_SEPARATOR);
    diagnostics.iter().map(|d| d.message.replace(&directory, "")).collect()
}

pub(crate) fn load_at(path: &Path, set: &[&str]) -> Result<Loaded, Diagnostics> {
    let set = set.iter().map(|&setting| setting.to_owned()).collect();
    load(path, &Overrides { set, ..Overrides::default() })
}
