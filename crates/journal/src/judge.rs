//! What a file is, before anything is done with it.
//!
//! The first look sees the main part of the file alone and touches nothing, so it judges only what
//! no log changes: our mark, which is there from the first moment, and the format of another
//! program. Whether the file is whole is for a transaction to say, in which SQLite takes the file
//! and its log together and keeps others from copying one into the other. All access goes through
//! SQLite: opening and closing the file beside it would drop this process's locks.

use std::fs;
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::JournalError;
use crate::error::{At, damaged};
use crate::open::{
    PATIENCE_BEFORE, RETRY_EVERY, connect, connect_immutable, has_beside, has_log, now,
};
use crate::schema::{APPLICATION_ID, OLDEST_VERSION, SCHEMA_VERSION};

/// How long a file without content or mark is looked at again, should it be in the making.
const MAKING_TIME: Duration = Duration::from_millis(500);

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    Empty,
    Journal,
}

/// Looks for a run database, touching nothing that could be one.
pub(crate) fn look_for_journal(path: &Path) -> Result<(), JournalError> {
    let since = now();
    loop {
        match look(path)? {
            Found::Journal => return Ok(()),
            Found::Nothing => return Err(JournalError::Missing { path: path.to_owned() }),
            Found::Empty if may_be_in_the_making(path, since) => thread::sleep(RETRY_EVERY),
            Found::Empty => return Err(JournalError::NotAJournal { path: path.to_owned() }),
        }
    }
}

/// Says what is at a path, touching nothing that could be a run database.
pub(crate) fn look(path: &Path) -> Result<Found, JournalError> {
    let since = now();
    loop {
        match glance(path) {
            // A file is seen before it has all its tables.
            Err(JournalError::NotAJournal { .. } | JournalError::Damaged { .. })
                if has_rollback(path) && may_be_in_the_making(path, since) =>
            {
                thread::sleep(RETRY_EVERY);
            }
            outcome => return outcome,
        }
    }
}

/// Returns whether another may still be making the file since when it was first seen: on a busy
/// machine that takes as long as its writes do.
fn may_be_in_the_making(path: &Path, since: Instant) -> bool {
    let is_at_it = has_rollback(path) && !is_abandoned(path);
    let patience = if is_at_it { PATIENCE_BEFORE } else { MAKING_TIME };
    since.elapsed() < patience
}

/// Returns whether nobody holds an empty file: whoever began to make it was killed. SQLite then
/// drops what was left beside it. A file with content is not touched to find out.
fn is_abandoned(path: &Path) -> bool {
    let is_empty = fs::metadata(path).is_ok_and(|metadata| metadata.len() == 0);
    is_empty && hold_for_a_moment(path).is_ok()
}

/// Takes the lock that a maker holds, unless there is one.
fn hold_for_a_moment(path: &Path) -> rusqlite::Result<()> {
    let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.busy_timeout(Duration::ZERO)?;
    connection.transaction_with_behavior(TransactionBehavior::Immediate)?.finish()
}

/// Returns whether there is the rollback journal under which the tables are made.
fn has_rollback(path: &Path) -> bool {
    has_beside(path, "-journal")
}

fn glance(path: &Path) -> Result<Found, JournalError> {
    match fs::metadata(path) {
        Err(error) if path.as_os_str().is_empty() => return Err(error).at(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(error) => return Err(error).at(path),
        Ok(metadata) if metadata.is_dir() => {
            return Err(io::Error::from(io::ErrorKind::IsADirectory)).at(path);
        }
        Ok(metadata) if metadata.len() == 0 => return Ok(Found::Empty),
        Ok(_) => {}
    }
    let connection = connect_immutable(path).at(path)?;
    // Otherwise SQLite compares the size with the first page, which may be ahead of the others.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_WRITABLE_SCHEMA, true).at(path)?;
    if !is_ours(&connection).at(path)? {
        return Err(JournalError::NotAJournal { path: path.to_owned() });
    }
    refuse_other(pragma(&connection, "user_version").at(path)?, path)?;
    Ok(Found::Journal)
}

/// Says what a file and its log are together; an error unless that is one of ours, or nothing yet.
pub(crate) fn judge(connection: &Connection, path: &Path) -> Result<Found, JournalError> {
    // The transaction keeps the main part as it is as long as there is no log to read beside it.
    let transaction = connection.unchecked_transaction().at(path)?;
    if !is_ours(&transaction).at(path)? {
        return match pages(&transaction) {
            Ok(0) => Ok(Found::Empty),
            _ => Err(JournalError::NotAJournal { path: path.to_owned() }),
        };
    }
    let format = pragma(&transaction, "user_version").at(path)?;
    refuse_other(format, path)?;
    if !(OLDEST_VERSION..=SCHEMA_VERSION).contains(&format) {
        return Err(damaged(path, format!("it has format {format}")));
    }
    if !has_log(path) {
        check_size(&transaction, path)?;
    }
    transaction.finish().at(path)?;
    Ok(Found::Journal)
}

/// Looks for a page cut short at the end of a file without a log, which SQLite would fill up with
/// zeros; that whole pages are missing it finds itself.
fn check_size(connection: &Connection, path: &Path) -> Result<(), JournalError> {
    let page_bytes: u32 = pragma(connection, "page_size").at(path)?;
    let bytes = fs::metadata(path).at(path)?.len();
    if bytes.is_multiple_of(u64::from(page_bytes)) {
        return Ok(());
    }
    Err(damaged(path, format!("its {bytes} bytes are not whole pages")))
}

/// Returns whether a file has our mark.
pub(crate) fn is_ours(connection: &Connection) -> rusqlite::Result<bool> {
    pragma::<i32>(connection, "application_id").map(|mark| mark == APPLICATION_ID)
}

/// Refuses the formats of other programs; a number that none has had is damage.
fn refuse_other(found: i32, path: &Path) -> Result<(), JournalError> {
    let (path, known) = (path.to_owned(), SCHEMA_VERSION);
    match found {
        ..=0 | OLDEST_VERSION..=SCHEMA_VERSION => Ok(()),
        1..OLDEST_VERSION => Err(JournalError::OlderVersion { path, found, known }),
        _ => Err(JournalError::NewerVersion { path, found, known }),
    }
}

fn pages(connection: &Connection) -> rusqlite::Result<u32> {
    pragma(connection, "page_count")
}

fn pragma<T: rusqlite::types::FromSql>(connection: &Connection, name: &str) -> rusqlite::Result<T> {
    connection.pragma_query_value(None, name, |row| row.get(0))
}
