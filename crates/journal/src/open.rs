//! Opening files without touching what is not ours.
//!
//! A file is looked at twice (`judge`): for our mark, in a way that touches nothing, then in a
//! transaction that reads the file and its log together. Nothing is written before both are passed.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::error::At;
use crate::judge::{self, Found};
use crate::schema;
use crate::{Journal, JournalError};

/// How long a file that another process is writing to is waited for before a run.
pub(crate) const PATIENCE_BEFORE: Duration = Duration::from_secs(5);
/// How long it is waited for during a run, when giving up means losing the rest of it.
pub(crate) const PATIENCE_DURING: Duration = Duration::from_secs(60);
/// Time between two attempts; other writers leave a gap that is longer (see the writer).
pub(crate) const RETRY_EVERY: Duration = Duration::from_micros(200);

const PAGE_BYTES: u32 = 8192;
/// Memory for pages, in KiB (negative is SQLite's way to say so).
const CACHE_KIB: i32 = -16_384;
/// Pages after which the log is copied into the file.
const CHECKPOINT_PAGES: u32 = 4_000;

impl Journal {
    /// Opens a file to write runs to; one that does not exist or is empty becomes a run database.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: it cannot be made or opened, is no run database, or has a format of
    /// another version.
    pub fn create_or_open(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        let path = path.as_ref();
        let found = judge::look(path)?;
        if found == Found::Nothing {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            fs::metadata(folder.unwrap_or(Path::new("."))).at(path)?;
        }
        open_to_write(path, found)
    }

    /// Opens an existing file for reading; another process may be writing to it.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: it is not there, cannot be read, is no run database, or has a format of
    /// another version.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        let path = path.as_ref();
        judge::look_for_journal(path)?;
        let connection = match open_to_read(path) {
            // A folder that cannot be written to has no room for the files that readers share with
            // a writer; without a log there is no writer and the file will not change.
            Err(JournalError::Io { .. } | JournalError::ReadOnly { .. }) if !has_log(path) => {
                open_unchanging(path).or_else(|error| match error {
                    // A writer has come in the meantime.
                    JournalError::Damaged { .. } if has_log(path) => open_to_read(path),
                    error => Err(error),
                })?
            }
            outcome => outcome?,
        };
        Ok(Self { connection, path: path.to_owned() })
    }

    /// Opens an existing file to change it: to delete runs, to vacuum, to add the index for traces.
    ///
    /// # Errors
    ///
    /// [`JournalError`], as for [`Journal::open`]; or it cannot be written.
    pub fn open_to_change(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        let path = path.as_ref();
        judge::look_for_journal(path)?;
        open_to_write(path, Found::Journal)
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Sets how long another process that is writing is waited for.
    pub(crate) fn wait_for_others(&mut self, patience: Duration) -> Result<(), JournalError> {
        be_patient(&mut self.connection, patience).at(&self.path)
    }
}

fn open_to_read(path: &Path) -> Result<Connection, JournalError> {
    // Not read-only for SQLite: the last one to close a file must be able to tidy up beside it.
    // Where that is not permitted SQLite falls back to reading.
    let (connection, found) = connect_and_judge(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    only_read(connection, found, path)
}

/// Opens a file for reading that nobody changes, in a folder that cannot be written to.
fn open_unchanging(path: &Path) -> Result<Connection, JournalError> {
    let connection = connect_immutable(path).at(path)?;
    let found = judge::judge(&connection, path)?;
    only_read(connection, found, path)
}

fn only_read(
    connection: Connection,
    found: Found,
    path: &Path,
) -> Result<Connection, JournalError> {
    if found != Found::Journal {
        return Err(JournalError::NotAJournal { path: path.to_owned() });
    }
    connection.pragma_update(None, "query_only", true).at(path)?;
    connection.pragma_update(None, "trusted_schema", false).at(path)?;
    connection.pragma_update(None, "cell_size_check", true).at(path)?;
    schema::event_columns(&connection).at(path)?;
    Ok(connection)
}

/// Opens a file in which the first look has found `expected`.
fn open_to_write(path: &Path, expected: Found) -> Result<Journal, JournalError> {
    let flags = match expected {
        Found::Nothing => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        Found::Empty | Found::Journal => OpenFlags::SQLITE_OPEN_READ_WRITE,
    };
    let (connection, found) = connect_and_judge(path, flags)?;
    if connection.is_readonly("main").at(path)? {
        return Err(JournalError::ReadOnly { path: path.to_owned() });
    }
    let mut journal = Journal { connection, path: path.to_owned() };
    if found != Found::Journal && !journal.create().at(path)? {
        return Err(JournalError::NotAJournal { path: path.to_owned() });
    }
    journal.prepare_to_write().at(path)?;
    Ok(journal)
}

/// Opens a file with its log and says what it is; one that is refused is left as it is.
fn connect_and_judge(path: &Path, flags: OpenFlags) -> Result<(Connection, Found), JournalError> {
    let connection = connect(path, flags).at(path)?;
    // Whoever closes a file last copies its log into it, which is not for us to do unless the file
    // is ours. Without a log there is nothing to copy, only empty files to tidy up.
    let keep_log = |keep| {
        let option = DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
        connection.set_db_config(option, keep).map(|_| ()).at(path)
    };
    keep_log(has_log(path))?;
    let found = judge::judge(&connection, path)?;
    keep_log(false)?;
    Ok((connection, found))
}

impl Journal {
    fn prepare_to_write(&mut self) -> rusqlite::Result<()> {
        let connection = &self.connection;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "cache_size", CACHE_KIB)?;
        switch_to_log(connection)?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
        if !schema::is_current(connection)? {
            self.in_transaction(schema::refresh)?;
        }
        Ok(())
    }

    /// Makes the tables, unless another process has made them in the meantime; returns false and
    /// makes nothing if it has made something else.
    ///
    /// This happens before the file is switched to a log, so that the mark is in the file itself
    /// from the first moment.
    fn create(&mut self) -> rusqlite::Result<bool> {
        self.connection.pragma_update(None, "page_size", PAGE_BYTES)?;
        self.in_transaction(|connection| {
            if judge::is_ours(connection)? {
                return Ok(true);
            }
            let is_blank = schema::is_blank(connection)?;
            if is_blank {
                schema::create(connection)?;
            }
            Ok(is_blank)
        })
    }

    /// Makes a change that happens whole or not at all.
    pub(crate) fn in_transaction<T>(
        &mut self,
        change: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let behavior = rusqlite::TransactionBehavior::Immediate;
        let transaction = self.connection.transaction_with_behavior(behavior)?;
        let outcome = change(&transaction)?;
        transaction.commit()?;
        Ok(outcome)
    }
}

/// Has a file use a log; SQLite does not wait for others here by itself.
fn switch_to_log(connection: &Connection) -> rusqlite::Result<()> {
    let since = now();
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && since.elapsed() < PATIENCE_BEFORE =>
            {
                thread::sleep(RETRY_EVERY);
            }
            outcome => return outcome,
        }
    }
}

/// Opens a file in this way; one that another holds is waited for.
pub(crate) fn connect(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(plain(path), flags)?;
    be_patient(&mut connection, PATIENCE_BEFORE)?;
    Ok(connection)
}

/// Opens a file as if it could not change: without locks, without a log, without traces.
pub(crate) fn connect_immutable(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(uri(&plain(path)) + "?immutable=1", flags)
}

/// Returns a path into which SQLite reads nothing more, as it does into `:memory:`.
fn plain(path: &Path) -> PathBuf {
    Path::new(".").join(path)
}

/// Returns a path as SQLite's URIs have it.
fn uri(path: &Path) -> String {
    use std::fmt::Write;

    let mut uri = String::from(if path.is_absolute() { "file://" } else { "file:" });
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                uri.push(char::from(*byte));
            }
            // Writing to a `String` cannot fail.
            _ => drop(write!(uri, "%{byte:02X}")),
        }
    }
    uri
}

/// Returns whether a log with content stands beside the file.
pub(crate) fn has_log(path: &Path) -> bool {
    has_beside(path, "-wal")
}

/// Returns whether a file that is called the same but for an ending has content.
pub(crate) fn has_beside(path: &Path, ending: &str) -> bool {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    fs::metadata(PathBuf::from(name)).is_ok_and(|metadata| metadata.len() > 0)
}

/// Has a connection wait for others; attempts are frequent since writers let go only briefly.
fn be_patient(connection: &mut Connection, patience: Duration) -> rusqlite::Result<()> {
    let mut since = None;
    connection.busy_handler(Some(move |attempts: i32| {
        if attempts == 0 {
            since = None;
        }
        thread::sleep(RETRY_EVERY);
        since.get_or_insert_with(now).elapsed() < patience
    }))
}

#[expect(clippy::disallowed_methods, reason = "how long to wait changes no result")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
