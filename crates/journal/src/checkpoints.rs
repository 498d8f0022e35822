//! Checkpoints of a run, beside its events.
//!
//! A checkpoint is committed with the ticks before it or after them, never before. What it holds is
//! the engine's and not looked into here; it is packed, and its counts are checked against the
//! run's.

use std::collections::BTreeSet;

use psim_model::Tick;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::error::At;
use crate::packing::{pack, unpack};
use crate::schema;
use crate::{Journal, JournalError, StoredRun};

/// A checkpoint that is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointRecord {
    /// The tick that comes next.
    pub tick: Tick,
    /// Events of the ticks before it.
    pub events: u64,
    /// Hash of the stream up to there.
    pub stream_hash: String,
    /// The state.
    pub state: Vec<u8>,
}

/// A checkpoint in the file, without its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCheckpoint {
    /// The tick that comes next.
    pub tick: Tick,
    /// Events of the ticks before it.
    pub events: u64,
    /// Hash of the stream up to there.
    pub stream_hash: String,
    /// Bytes of the state as it is packed.
    pub packed_bytes: u64,
    /// When it was made, in UTC (`2026-01-31T12:00:00Z`).
    pub created_at: String,
}

/// Makes the table.
pub(crate) const TABLE: &str = "
CREATE TABLE checkpoints (
    run INTEGER NOT NULL,
    tick INTEGER NOT NULL,
    events INTEGER NOT NULL,
    stream_hash TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    state BLOB NOT NULL,
    PRIMARY KEY (run, tick)
);
";

const COLUMNS: &str = "tick, events, stream_hash, length(state), created_at";

impl Journal {
    /// Returns the checkpoints of a run, the earliest first.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: the file cannot be read, or is damaged there.
    pub fn checkpoints(&self, run: &StoredRun) -> Result<Vec<StoredCheckpoint>, JournalError> {
        if !schema::has_checkpoints(&self.connection).at(&self.path)? {
            return Ok(Vec::new());
        }
        let sql = format!("SELECT {COLUMNS} FROM checkpoints WHERE run = ?1 ORDER BY tick");
        let mut statement = self.connection.prepare(&sql).at(&self.path)?;
        let rows = statement.query_map([run.run], stored).at(&self.path)?;
        let found: Vec<StoredCheckpoint> = rows.collect::<Result<_, _>>().at(&self.path)?;
        // A run that is being written may have come further since it was looked up.
        Ok(found.into_iter().filter(|it| it.tick.0 <= run.ticks_done).collect())
    }

    /// Returns the last checkpoint of a run that is not after a tick, if there is one.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: the file cannot be read, or is damaged there.
    pub fn checkpoint_before(
        &self,
        run: &StoredRun,
        tick: Tick,
    ) -> Result<Option<StoredCheckpoint>, JournalError> {
        Ok(self.checkpoints(run)?.into_iter().rfind(|it| it.tick <= tick))
    }

    /// Returns the state that a checkpoint holds.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: the file cannot be read, or the checkpoint is not there or damaged.
    pub fn checkpoint_state(
        &self,
        run: &StoredRun,
        checkpoint: &StoredCheckpoint,
    ) -> Result<Vec<u8>, JournalError> {
        let sql = "SELECT state FROM checkpoints WHERE run = ?1 AND tick = ?2";
        let place = (run.run, checkpoint.tick.0);
        let packed = self.connection.query_row(sql, place, |row| row.get::<_, Vec<u8>>(0));
        let Some(packed) = packed.optional().at(&self.path)? else {
            return Err(self.no_checkpoint(run, checkpoint.tick)?);
        };
        unpack(&packed).map_err(|error| {
            self.damaged_run(run, format!("its checkpoint at {}: {error}", checkpoint.tick))
        })
    }

    /// Deletes the checkpoints of a run at some ticks, or all of them; returns how many there were.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: the file cannot be written, or one of the ticks has no checkpoint; then
    /// none is deleted.
    pub fn delete_checkpoints(
        &mut self,
        run: &StoredRun,
        ticks: Option<&[Tick]>,
    ) -> Result<usize, JournalError> {
        let known = self.checkpoints(run)?;
        let asked: BTreeSet<Tick> = match ticks {
            Some(ticks) => ticks.iter().copied().collect(),
            None => known.iter().map(|it| it.tick).collect(),
        };
        let is_known = |tick: &Tick| known.iter().any(|it| it.tick == *tick);
        if let Some(unknown) = asked.iter().find(|tick| !is_known(tick)) {
            return Err(self.no_checkpoint(run, *unknown)?);
        }
        let sql = "DELETE FROM checkpoints WHERE run = ?1 AND tick = ?2";
        let deleted = self.in_transaction(|connection| {
            let mut statement = connection.prepare(sql)?;
            asked.iter().map(|tick| statement.execute((run.run, tick.0))).sum()
        });
        deleted.at(&self.path)
    }

    /// Returns what there is to say of a checkpoint that is not of its tick.
    pub fn damaged_checkpoint(&self, run: &StoredRun, tick: Tick) -> JournalError {
        self.damaged_run(run, format!("its checkpoint at {tick} is of another tick"))
    }

    /// Returns why there is no checkpoint at a tick.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: the file cannot be read.
    pub fn no_checkpoint(&self, run: &StoredRun, tick: Tick) -> Result<JournalError, JournalError> {
        let known = self.checkpoints(run)?.into_iter().map(|it| it.tick).collect();
        let (path, run) = (self.path.clone(), run.simulation_id.clone());
        Ok(JournalError::UnknownCheckpoint { path, run, tick, known })
    }
}

/// Writes a checkpoint within the caller's transaction; one at the same tick is replaced.
pub(crate) fn write(
    connection: &Connection,
    run: i64,
    record: &CheckpointRecord,
) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO checkpoints (run, tick, events, stream_hash, state) \
               VALUES (?1, ?2, ?3, ?4, ?5)";
    let CheckpointRecord { tick, events, stream_hash, state } = record;
    let row = (run, tick.0, events.cast_signed(), stream_hash, pack(state));
    connection.execute(sql, row).map(|_| ())
}

fn stored(row: &Row<'_>) -> rusqlite::Result<StoredCheckpoint> {
    Ok(StoredCheckpoint {
        tick: Tick(row.get(0)?),
        events: row.get::<_, i64>(1)?.cast_unsigned(),
        stream_hash: row.get(2)?,
        packed_bytes: row.get::<_, i64>(3)?.cast_unsigned(),
        created_at: row.get(4)?,
    })
}
