//! How a run in a database is named: `DB ID`, `DB:ID`, or `DB` where it is the only one.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};

/// A database, and the run in it that is meant; `None` if it is the only one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedRun {
    pub(crate) db: PathBuf,
    pub(crate) simulation_id: Option<String>,
}

impl NamedRun {
    /// Takes what was given as the database, which may be `DB:ID` if no id was given beside it.
    pub(crate) fn new(db: &OsStr, id: Option<&str>) -> Self {
        let whole = || Self { db: db.into(), simulation_id: id.map(str::to_owned) };
        if id.is_some() || Path::new(db).exists() {
            return whole(); // a file that is called like the whole is a database
        }
        let Some(text) = db.to_str() else { return whole() };
        let split = text.char_indices().filter(|(_, letter)| *letter == ':');
        let mut pairs = split.map(|(at, _)| (&text[..at], &text[at + 1..]));
        match pairs.find(|(db, _)| Path::new(db).is_file()) {
            Some((db, id)) => Self { db: db.into(), simulation_id: Some(id.to_owned()) },
            None => whole(),
        }
    }

    /// Takes the words behind a flag.
    pub(super) fn behind_flag(words: &[OsString]) -> Option<Self> {
        let (db, id) = words.split_first()?;
        let id = id.first().map(|id| id.to_string_lossy().into_owned());
        Some(Self::new(db, id.as_deref()))
    }
}

/// A run in a database.
#[derive(Args, Debug)]
pub(crate) struct StoredRunArguments {
    /// Run database, or `DB:ID` for one run of it
    #[arg(value_name = "DB", value_hint = ValueHint::FilePath)]
    db: OsString,

    /// Id of the run, if the database holds several
    #[arg(value_name = "ID")]
    simulation_id: Option<String>,
}

impl StoredRunArguments {
    /// Returns the run, by whichever way it was named.
    pub(crate) fn named(&self) -> NamedRun {
        NamedRun::new(&self.db, self.simulation_id.as_deref())
    }
}
