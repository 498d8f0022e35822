//! The tables, and how a file written under other declarations is brought up to these.
//!
//! An event's row is `id, tick, kind` and its cells; `id` is the run's number and the event's
//! `seq`, so that the rows of a run are neighbours in order and need no index. A long text that
//! comes again stands once, in `texts`, under the run's number and its own ([`crate::texts`]). What
//! a run says about itself is in `runs`, which is small and changes with every transaction; the
//! scenario, which is large and never changes, is apart. `simulation_events` is for people
//! ([`crate::view`]).

use psim_model::event::EventKind;
use rusqlite::Connection;

use crate::ancestors;
use crate::checkpoints;
use crate::layout;
use crate::view;

/// Marks a SQLite file as a run database: `psim` in ASCII.
pub(crate) const APPLICATION_ID: i32 = 0x7073_696D;
/// The format; a file with another number was written under declarations that this program would
/// misread.
pub(crate) const SCHEMA_VERSION: i32 = 5;
/// The oldest format that is still read; its tables mean the same, and the first change to the file
/// adds those that are missing.
pub(crate) const OLDEST_VERSION: i32 = 4;
/// The first format with checkpoints and branches.
const WITH_CHECKPOINTS: i32 = 5;
/// Bits of a row's id that hold the `seq`, or the number of a text; the run's number is above them.
const SEQ_BITS: u32 = 40;
/// Runs that can be numbered: the rows of one end where those of the next would begin.
pub(crate) const RUN_MAX: i64 = (1 << (63 - SEQ_BITS)) - 2;
/// Events that a run can have.
pub(crate) const EVENTS_MAX: u64 = 1 << SEQ_BITS;

const TABLES: &str = "
CREATE TABLE runs (
    run INTEGER PRIMARY KEY AUTOINCREMENT,
    simulation_id TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    overrides TEXT NOT NULL,
    rng_seed INTEGER NOT NULL, -- 64 bits without a sign: read printf('%llu', rng_seed)
    version TEXT NOT NULL,
    scenario_hash TEXT NOT NULL,
    ticks_per_day INTEGER NOT NULL,
    num_days INTEGER NOT NULL,
    ticks_asked INTEGER NOT NULL,
    ticks_done INTEGER NOT NULL DEFAULT 0,
    events INTEGER NOT NULL DEFAULT 0,
    complete INTEGER NOT NULL DEFAULT 0,
    stream_hash TEXT,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
);
CREATE TABLE scenarios (
    run INTEGER PRIMARY KEY,
    scenario_text TEXT NOT NULL,
    scenario BLOB NOT NULL
);
CREATE TABLE days (
    run INTEGER NOT NULL,
    day INTEGER NOT NULL,
    events INTEGER NOT NULL,
    hash TEXT,
    PRIMARY KEY (run, day)
) WITHOUT ROWID;
CREATE TABLE agents (
    run INTEGER NOT NULL,
    agent INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (run, agent)
) WITHOUT ROWID;
CREATE TABLE payment_ids (
    run INTEGER NOT NULL,
    tx INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (run, tx)
) WITHOUT ROWID;
CREATE TABLE event_payments (
    id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    tx INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (id, position)
) WITHOUT ROWID;
CREATE TABLE texts (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL
);
CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    tick INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    agent INTEGER,
    counterparty INTEGER,
    tx INTEGER,
    amount INTEGER
);
";

/// Returns the indexes in which a trace looks up its payment and what it needs beside it.
pub(crate) fn trace_indexes_sql() -> String {
    format!(
        "CREATE INDEX IF NOT EXISTS events_tx ON events (tx) WHERE tx IS NOT NULL;
         CREATE INDEX IF NOT EXISTS event_payments_tx ON event_payments (tx);
         CREATE INDEX IF NOT EXISTS events_beside ON events (kind) WHERE {};
         DROP INDEX IF EXISTS events_of_run; -- an earlier one, without reservations",
        of_run_sql()
    )
}

/// Returns SQL for whether a row opens an agent, says what one reserves, or names neither agent nor
/// payment. A search finds the index by these very words; they do not change when an event is
/// declared.
pub(crate) fn of_run_sql() -> String {
    let [opened, reserved] =
        [EventKind::AgentOpened, EventKind::ReservationsSet].map(EventKind::code);
    format!("(kind = {opened} OR kind = {reserved} OR agent IS NULL AND tx IS NULL)")
}

/// Returns the id of an event's row.
pub(crate) const fn row_id(run: i64, seq: u64) -> i64 {
    (run << SEQ_BITS) | seq.cast_signed()
}

/// Returns the id that the first row of a run would have, and the id behind the last that it could
/// ever have.
pub(crate) const fn all_rows_of(run: i64) -> (i64, i64) {
    (row_id(run, 0), row_id(run.saturating_add(1), 0))
}

/// Returns SQL for the first row id of a run (`offset` 0) or of the run after it (1).
pub(crate) fn first_row_sql(run: &str, offset: u8) -> String {
    format!("(({run} + {offset}) << {SEQ_BITS})")
}

/// Returns SQL for the id of a run's text.
pub(crate) fn kept_text_sql(run: &str, number: &str) -> String {
    format!("(({run} << {SEQ_BITS}) | {number})")
}

/// Returns SQL for the `seq` of a row.
pub(crate) fn seq_sql(id: &str) -> String {
    format!("({id} & {})", EVENTS_MAX - 1)
}

/// Returns whether a file has no tables and nobody's mark.
pub(crate) fn is_blank(connection: &Connection) -> rusqlite::Result<bool> {
    let sql = "SELECT (SELECT count(*) FROM sqlite_schema) = 0 \
               AND (SELECT application_id FROM pragma_application_id) = 0";
    connection.query_row(sql, [], |row| row.get(0))
}

/// Makes an empty file a run database; runs within the caller's transaction.
pub(crate) fn create(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(TABLES)?;
    refresh(connection)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)
}

/// Returns the format of a file; 0 of one that is being made.
fn version(connection: &Connection) -> rusqlite::Result<i32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Returns whether the file has the tables of checkpoints and branches.
pub(crate) fn has_checkpoints(connection: &Connection) -> rusqlite::Result<bool> {
    Ok(version(connection)? >= WITH_CHECKPOINTS)
}

/// Returns whether the file has all tables, columns and the view that this program asks for.
pub(crate) fn is_current(connection: &Connection) -> rusqlite::Result<bool> {
    Ok(version(connection)? == SCHEMA_VERSION
        && event_columns(connection)? >= layout::column_count()
        && view_is_current(connection)?)
}

/// Adds the tables of later formats and the columns that new events need, writes the view anew;
/// runs within the caller's transaction.
pub(crate) fn refresh(connection: &Connection) -> rusqlite::Result<()> {
    if !has_checkpoints(connection)? {
        connection.execute_batch(checkpoints::TABLE)?;
        connection.execute_batch(ancestors::TABLE)?;
        connection.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    }
    for column in event_columns(connection)?..layout::column_count() {
        // No type: SQLite would turn the text "12" in an INTEGER column into a number.
        let name = layout::column_name(column);
        connection.execute_batch(&format!("ALTER TABLE events ADD COLUMN {name}"))?;
    }
    if !view_is_current(connection)? {
        connection.execute_batch(&format!("DROP VIEW IF EXISTS {}", view::NAME))?;
        connection.execute_batch(&view::sql())?;
    }
    Ok(())
}

/// Returns the number of columns for cells that the file has.
pub(crate) fn event_columns(connection: &Connection) -> rusqlite::Result<usize> {
    let sql = "SELECT count(*) FROM pragma_table_info('events') \
               WHERE name NOT IN ('id', 'tick', 'kind')";
    connection.query_row(sql, [], |row| row.get::<_, u32>(0)).map(|count| count as usize)
}

fn view_is_current(connection: &Connection) -> rusqlite::Result<bool> {
    let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'view' AND name = ?1 AND sql = ?2";
    connection.query_row(sql, (view::NAME, view::sql()), |row| row.get::<_, bool>(0))
}
