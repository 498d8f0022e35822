//! Opening files without touching what is not ours.
//!
//! A file is first looked at through a connection that can neither lock nor write; only a file with
//! our mark, a known format, or no content at all is opened for writing afterwards. All access
//! goes through SQLite: opening and closing the file beside it would drop this process's locks.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::error::At;
use crate::schema::{self, APPLICATION_ID, SCHEMA_VERSION};
use crate::{Journal, JournalError};

/// How long a file that another process is writing to is waited for before a run.
pub(crate) const PATIENCE_BEFORE: Duration = Duration::from_secs(5);
/// How long it is waited for during a run, when giving up means losing the rest of it.
pub(crate) const PATIENCE_DURING: Duration = Duration::from_secs(60);
/// Time between two attempts; other writers leave a gap that is longer (see the writer).
const RETRY_EVERY: Duration = Duration::from_micros(200);

const PAGE_BYTES: u32 = 8192;
/// Memory for pages, in KiB (negative is SQLite's way to say so).
const CACHE_KIB: i32 = -16_384;
/// Pages after which the log is copied into the file.
const CHECKPOINT_PAGES: u32 = 4_000;

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Nothing,
    Empty,
    Journal,
}

impl Journal {
    /// Opens a file to write runs to; one that does not exist or is empty becomes a run database.
    pub fn create_or_open(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        let path = path.as_ref();
        let found = look(path)?;
        if found == Found::Nothing {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            fs::metadata(folder.unwrap_or(Path::new("."))).at(path)?;
        }
        open_to_write(path, found)
    }

    /// Opens an existing file for reading; another process may be writing to it.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        let path = path.as_ref();
        existing(path)?;
        // Not read-only for SQLite: the last one to close a file must be able to tidy up beside it.
        // Where that is not permitted SQLite falls back to reading.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
        let connection = match open_to_read(connect(path, flags).at(path)?, path) {
            // A folder that cannot be written to has no room for the files that readers share with
            // a writer; without a log there is no writer and the file will not change.
            Err(JournalError::Io { .. } | JournalError::ReadOnly { .. }) if !has_log(path) => {
                open_to_read(connect_immutable(path).at(path)?, path)?
            }
            outcome => outcome?,
        };
        Ok(Self { connection, path: path.to_owned() })
    }

    /// Opens an existing file to change it: to delete runs, to vacuum, to add the index for traces.
    pub fn open_to_change(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        let path = path.as_ref();
        existing(path)?;
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

fn existing(path: &Path) -> Result<(), JournalError> {
    match look(path)? {
        Found::Journal => Ok(()),
        Found::Nothing => Err(JournalError::Missing { path: path.to_owned() }),
        Found::Empty => Err(JournalError::NotAJournal { path: path.to_owned() }),
    }
}

/// Says what is at a path and touches nothing.
fn look(path: &Path) -> Result<Found, JournalError> {
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
    if pragma(&connection, "application_id").at(path)? != APPLICATION_ID {
        return Err(JournalError::NotAJournal { path: path.to_owned() });
    }
    match pragma(&connection, "user_version").at(path)? {
        SCHEMA_VERSION => Ok(Found::Journal),
        found if found > SCHEMA_VERSION => {
            let path = path.to_owned();
            Err(JournalError::NewerVersion { path, found, known: SCHEMA_VERSION })
        }
        found => Err(crate::error::damaged(path, format!("it has format {found}"))),
    }
}

fn open_to_read(connection: Connection, path: &Path) -> Result<Connection, JournalError> {
    connection.pragma_update(None, "query_only", true).at(path)?;
    connection.pragma_update(None, "trusted_schema", false).at(path)?;
    connection.pragma_update(None, "cell_size_check", true).at(path)?;
    schema::event_columns(&connection).at(path)?;
    Ok(connection)
}

fn open_to_write(path: &Path, found: Found) -> Result<Journal, JournalError> {
    let flags = match found {
        Found::Nothing => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        Found::Empty | Found::Journal => OpenFlags::SQLITE_OPEN_READ_WRITE,
    };
    let connection = connect(path, flags).at(path)?;
    if connection.is_readonly("main").at(path)? {
        return Err(JournalError::ReadOnly { path: path.to_owned() });
    }
    let mut journal = Journal { connection, path: path.to_owned() };
    journal.prepare_to_write(found).at(path)?;
    Ok(journal)
}

impl Journal {
    fn prepare_to_write(&mut self, found: Found) -> rusqlite::Result<()> {
        let connection = &self.connection;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "cache_size", CACHE_KIB)?;
        if found != Found::Journal {
            connection.pragma_update(None, "page_size", PAGE_BYTES)?;
            self.create()?;
        }
        let connection = &self.connection;
        switch_to_log(connection)?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
        if !schema::is_current(connection)? {
            self.in_transaction(schema::refresh)?;
        }
        Ok(())
    }

    /// Makes the tables, unless another process has made them in the meantime.
    ///
    /// This happens before the file is switched to a log, so that the mark is in the file itself
    /// from the first moment.
    fn create(&mut self) -> rusqlite::Result<()> {
        self.in_transaction(|connection| match pragma(connection, "application_id")? {
            APPLICATION_ID => Ok(()),
            _ => schema::create(connection),
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

fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<i32> {
    connection.pragma_query_value(None, name, |row| row.get(0))
}

fn connect(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(plain(path), flags)?;
    be_patient(&mut connection, PATIENCE_BEFORE)?;
    Ok(connection)
}

/// Opens a file as if it could not change: without locks, without a log, without traces.
fn connect_immutable(path: &Path) -> rusqlite::Result<Connection> {
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
            _ => write!(uri, "%{byte:02X}").expect("Invariant: a text takes any text"),
        }
    }
    uri
}

/// Returns whether a log with content stands beside the file.
fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    fs::metadata(PathBuf::from(log)).is_ok_and(|metadata| metadata.len() > 0)
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
