//! What can go wrong with a run database, in words that say what to do.

use std::path::{Path, PathBuf};

use psim_model::Tick;
use rusqlite::{ErrorCode, ffi};

/// Why a run database could not be opened, written, read or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The file does not exist.
    #[error("there is no run database at `{}`", path.display())]
    Missing {
        /// The file that was asked for.
        path: PathBuf,
    },
    /// The file is something else; it was left as it is.
    #[error("`{}` is not a run database of payment-sim; choose another file", path.display())]
    NotAJournal {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by a later program; it was left as it is.
    #[error(
        "`{}` has format {found}, this program knows format {known}; use a newer payment-sim",
        path.display()
    )]
    NewerVersion {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i32,
        /// The format that this program knows.
        known: i32,
    },
    /// The file was written by an earlier program; it was left as it is.
    #[error(
        "`{}` has format {found}, this program knows format {known}; \
         choose another file and run again",
        path.display()
    )]
    OlderVersion {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i32,
        /// The format that this program knows.
        known: i32,
    },
    /// What the file holds cannot have been written by this program.
    #[error("`{}` is damaged: {what}; restore it from a copy or run again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// No run of the file has this id.
    #[error("`{}` has no run `{id}`; it holds {}", path.display(), listed(known))]
    UnknownRun {
        /// The file.
        path: PathBuf,
        /// The id that was asked for.
        id: String,
        /// The ids of its runs.
        known: Vec<String>,
    },
    /// No id was given and the file does not hold exactly one run.
    #[error("`{}` holds {}; say which one is meant", path.display(), listed(known))]
    WhichRun {
        /// The file.
        path: PathBuf,
        /// The ids of its runs.
        known: Vec<String>,
    },
    /// No payment of the run has this id.
    #[error("run `{run}` in `{}` has no payment `{id}`", path.display())]
    UnknownPayment {
        /// The file.
        path: PathBuf,
        /// The id of the run.
        run: String,
        /// The id that was asked for.
        id: String,
    },
    /// A run of this id is there already.
    #[error(
        "`{}` already holds a run `{id}`; choose another id, another file, or delete that run",
        path.display()
    )]
    IdTaken {
        /// The file.
        path: PathBuf,
        /// The id.
        id: String,
    },
    /// A run cannot be called this.
    #[error(
        "`{}` cannot be the id of a run: it is empty or has control characters",
        id.escape_debug()
    )]
    BadId {
        /// The id.
        id: String,
    },
    /// The run has no checkpoint at this tick.
    #[error(
        "run `{run}` in `{}` has no checkpoint at tick {tick}; it has {}",
        path.display(), listed_ticks(known)
    )]
    UnknownCheckpoint {
        /// The file.
        path: PathBuf,
        /// The id of the run.
        run: String,
        /// The tick that was asked for.
        tick: Tick,
        /// The ticks of its checkpoints.
        known: Vec<Tick>,
    },
    /// Another process writes the same run.
    #[error(
        "another process is continuing run `{id}` in `{}`; let it finish, then resume what is \
         left",
        path.display()
    )]
    OtherWriter {
        /// The file.
        path: PathBuf,
        /// The id of the run.
        id: String,
    },
    /// Another process held the file for too long.
    #[error(
        "another process is writing to `{}`; wait until it is done or choose another file",
        path.display()
    )]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The file or its folder cannot be written to.
    #[error(
        "`{}` cannot be written to; check the permissions of the file and its folder",
        path.display()
    )]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// No room is left.
    #[error(
        "no room left to write `{}`; make room or choose another disk \
         (ticks written before are kept)",
        path.display()
    )]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// A run was cut off so early that not even its scenario was written, under an earlier version:
    /// the scenario is now stored with the run.
    #[error(
        "run `{id}` in `{}` was cut off before its scenario was written: it has no tick",
        path.display()
    )]
    CutOff {
        /// The file.
        path: PathBuf,
        /// The id of the run.
        id: String,
    },
    /// The run that was being written is no longer in the file.
    #[error("run `{id}` was deleted from `{}` while it was being written", path.display())]
    Deleted {
        /// The file.
        path: PathBuf,
        /// The id of the run.
        id: String,
    },
    /// An earlier failure ended the writing; it was reported when it happened.
    #[error("nothing more can be written to `{}` after an earlier failure", path.display())]
    Stopped {
        /// The file.
        path: PathBuf,
    },
    /// Batches did not follow each other.
    #[error(
        "the batch of tick {found} does not follow what was written; tick {expected} comes next"
    )]
    OutOfOrder {
        /// The tick that comes next.
        expected: u32,
        /// The tick that was handed over.
        found: u32,
    },
    /// More ticks were asked for or handed over than there are.
    #[error("the run has only {most} ticks")]
    TooManyTicks {
        /// Ticks that there are.
        most: u32,
    },
    /// The operating system refused something.
    #[error("cannot use `{}`: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Ids and ticks that a message names at most.
const LISTED: usize = 20;

fn listed_ticks(ticks: &[Tick]) -> String {
    if ticks.is_empty() { "none".to_owned() } else { format!("those at {}", some(ticks)) }
}

fn listed(ids: &[String]) -> String {
    match ids {
        [] => "no run".to_owned(),
        [only] => format!("one run, `{only}`"),
        ids => {
            let quoted: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
            format!("{} runs, {}", ids.len(), some(&quoted))
        }
    }
}

/// Names all that are listed, or the first and the last of many.
fn some(all: &[impl ToString]) -> String {
    let words: Vec<String> = all.iter().map(ToString::to_string).collect();
    let left_out = words.len().saturating_sub(LISTED);
    if left_out == 0 {
        return words.join(", ");
    }
    let (first, rest) = words.split_at(LISTED / 2);
    let last: Vec<&str> = rest.iter().skip(left_out).map(String::as_str).collect();
    format!("{}, …, {}", first.join(", "), last.join(", "))
}

/// Gives errors of the store the path and the meaning they have here.
pub(crate) trait At<T> {
    /// Names the file that the outcome is about.
    fn at(self, path: &Path) -> Result<T, JournalError>;
}

impl<T> At<T> for rusqlite::Result<T> {
    fn at(self, path: &Path) -> Result<T, JournalError> {
        self.map_err(|error| translate(error, path.to_owned()))
    }
}

impl<T> At<T> for std::io::Result<T> {
    fn at(self, path: &Path) -> Result<T, JournalError> {
        let path = path.to_owned();
        self.map_err(|source| JournalError::Io { path, source: source.into() })
    }
}

/// All statements are ours and fit a sound file: where one does not run or gives something else
/// than it should, the file is not what it was.
fn translate(error: rusqlite::Error, path: PathBuf) -> JournalError {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => JournalError::NotAJournal { path },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => JournalError::Locked { path },
        Some(ErrorCode::ReadOnly) => JournalError::ReadOnly { path },
        Some(ErrorCode::DiskFull) => JournalError::Full { path },
        Some(ErrorCode::SystemIoFailure) if is_short(&error) => {
            JournalError::Damaged { path, what: "its end is missing".to_owned() }
        }
        Some(
            ErrorCode::CannotOpen
            | ErrorCode::PermissionDenied
            | ErrorCode::SystemIoFailure
            | ErrorCode::OutOfMemory
            | ErrorCode::NoLargeFileSupport
            | ErrorCode::FileLockingProtocolFailed,
        ) => JournalError::Io { path, source: error.into() },
        _ => JournalError::Damaged { path, what: error.to_string() },
    }
}

/// Returns whether a page ends before it should, rather than that a disk refuses to read it.
fn is_short(error: &rusqlite::Error) -> bool {
    let failure = error.sqlite_error();
    failure.is_some_and(|failure| failure.extended_code == ffi::SQLITE_IOERR_SHORT_READ)
}

/// Returns the error for content that cannot be.
pub(crate) fn damaged(path: &Path, what: impl Into<String>) -> JournalError {
    JournalError::Damaged { path: path.to_owned(), what: what.into() }
}
