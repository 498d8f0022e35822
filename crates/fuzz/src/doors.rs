//! The doors through which input comes.

mod arguments;
mod calls;
mod checkpoint;
mod database;
mod payments;
mod policy;
mod scenario;

use std::fs;
use std::path::Path;

use clap::ValueEnum;

use crate::corpus::Corpus;
use crate::dice::Dice;

/// A way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Door {
    /// Scenario files in YAML, with settings and policies; what loads runs for some ticks
    Yaml,
    /// Scenario files in JSON
    Json,
    /// Policy documents
    Policy,
    /// Payment and participant files in CSV, plain and zipped
    Csv,
    /// Payment files in Parquet
    Parquet,
    /// Run databases, through every command that reads one
    Database,
    /// Checkpoints of the engine and of live runs; what is taken goes on for some ticks
    Checkpoint,
    /// Calls on a live run, against the naive engine
    Calls,
    /// What is typed behind `payment-sim`
    Arguments,
    /// No door: it fails in each of the ways that must be found
    #[value(hide = true)]
    Canary,
}

impl Door {
    /// Returns all doors.
    pub(crate) fn all() -> Vec<Self> {
        Self::value_variants().iter().copied().filter(|door| *door != Self::Canary).collect()
    }

    /// Returns its name on the command line.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Gives the input of a seed to the door; `folder` is empty, and for this input alone. Returns
    /// whether the input was taken for a sound one.
    pub(crate) fn enter(self, seed: u64, corpus: &Corpus, folder: &Path) -> bool {
        let mut dice = Dice::new(seed, &self.name());
        match self {
            Self::Yaml => scenario::enter(false, corpus, &mut dice, folder),
            Self::Json => scenario::enter(true, corpus, &mut dice, folder),
            Self::Policy => policy::enter(corpus, &mut dice),
            Self::Csv => payments::enter_csv(&mut dice, folder),
            Self::Parquet => payments::enter_parquet(&mut dice, folder),
            Self::Database => database::enter(seed, &mut dice, folder),
            Self::Checkpoint => checkpoint::enter(&mut dice),
            Self::Calls => calls::enter(&mut dice),
            Self::Arguments => arguments::enter(corpus, &mut dice, folder),
            Self::Canary => fail(seed),
        }
    }
}

/// Panics, dies, or takes more memory than there may be.
fn fail(seed: u64) -> bool {
    match seed % 3 {
        0 => panic!("a canary"),
        1 => std::process::abort(),
        _ => vec![1_u8; 1 << 34].iter().any(|byte| *byte == 0),
    }
}

/// Writes a file of the input.
fn write(folder: &Path, name: &str, content: impl AsRef<[u8]>) {
    fs::write(folder.join(name), content).expect("Condition failed: the folder can be written to");
}
