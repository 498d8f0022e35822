//! Inputs given to a door, in a process that is watched by another.

use std::io::{self, Write};

use crate::corpus::Corpus;
use crate::doors::Door;
use crate::say;

/// What is said of an input that was taken for a sound one.
pub(crate) const TAKEN: &str = "taken";

/// Gives the inputs of some seeds to a door; says each seed before it begins.
pub(crate) fn run(door: Door, first: u64, seeds: u64) {
    let corpus = Corpus::read();
    for seed in first..first.saturating_add(seeds) {
        say(&seed.to_string());
        // The one who watches must know of it, whatever happens next.
        let _ = io::stdout().flush();
        let folder = tempfile::tempdir().expect("Condition failed: a folder can be made");
        if door.enter(seed, &corpus, folder.path()) {
            say(TAKEN);
        }
    }
}
