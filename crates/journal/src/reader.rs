//! A run out of the file, tick by tick.

use psim_model::Tick;
use psim_model::event::{EventBatch, Names};
use rusqlite::Statement;

use crate::decode::{Decoder, ID, Known, TICK};
use crate::error::At;
use crate::schema;
use crate::{Journal, JournalError, StoredRun};

/// Reads a run from its first tick to the last one that was in the file when it was looked up.
#[derive(Debug)]
pub struct RunReader<'j> {
    journal: &'j Journal,
    run: StoredRun,
    statement: Statement<'j>,
    decoder: Decoder<'j>,
    names: Names,
    known: Known,
    next_tick: u32,
    next_seq: u64,
    /// The tick of the event at `next_seq`, if that has been seen.
    tick_ahead: Option<u32>,
}

impl Journal {
    /// Begins to read a run from its first tick.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: the file cannot be read, or the run's counts do not fit its rows.
    pub fn read(&self, run: &StoredRun) -> Result<RunReader<'_>, JournalError> {
        let decoder = Decoder::new(&self.connection, run.run).at(&self.path)?;
        let sql = format!(
            "SELECT {} FROM events WHERE id >= ?1 AND id < ?2 ORDER BY id",
            decoder.columns()
        );
        Ok(RunReader {
            journal: self,
            run: run.clone(),
            statement: self.connection.prepare(&sql).at(&self.path)?,
            decoder,
            names: self.names(run)?,
            known: Known { agents: 0, payments: 0, is_counted: true },
            next_tick: 0,
            next_seq: 0,
            tick_ahead: None,
        })
    }
}

impl RunReader<'_> {
    /// Fills `batch` with the next tick, which may have no events; returns false after the last.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: the file cannot be read, or is damaged there.
    pub fn next(&mut self, batch: &mut EventBatch) -> Result<bool, JournalError> {
        if self.next_tick == self.run.ticks_done {
            return if self.next_seq == self.run.events { Ok(false) } else { Err(self.missing()?) };
        }
        let tick = self.next_tick;
        batch.begin(Tick(tick), self.run.day_of(tick), self.next_seq);
        if self.tick_ahead.is_none_or(|ahead| ahead == tick) {
            self.fill(batch)?;
        }
        self.next_tick = self.next_tick.saturating_add(1);
        Ok(true)
    }

    /// Adds the events of the batch's tick and notes the tick of the one after.
    fn fill(&mut self, batch: &mut EventBatch) -> Result<(), JournalError> {
        let path = &self.journal.path;
        let (run, tick) = (self.run.run, i64::from(batch.tick().0));
        let range = (schema::row_id(run, self.next_seq), schema::all_rows_of(run).1);
        let mut rows = self.statement.query(range).at(path)?;
        // After the last event only empty ticks can come.
        self.tick_ahead = Some(u32::MAX);
        while let Some(row) = rows.next().at(path)? {
            let found = row.get::<_, i64>(TICK).at(path)?;
            if found > tick {
                self.tick_ahead = u32::try_from(found).ok();
                break;
            }
            let id = row.get::<_, i64>(ID).at(path)?;
            if id != schema::row_id(run, self.next_seq) || self.next_seq >= self.run.events {
                drop(rows);
                return Err(self.missing()?);
            }
            let pushed = if found == tick {
                self.decoder.push(row, batch, &self.names, &mut self.known)
            } else {
                Err(format!("tick {found} comes after tick {tick}"))
            };
            pushed.map_err(|what| {
                self.journal.damaged_run(&self.run, format!("event {}: {what}", self.next_seq))
            })?;
            self.next_seq = self.next_seq.saturating_add(1);
        }
        drop(rows);
        // What lies beyond the ticks that are read was written later.
        let is_last = self.tick_ahead.is_none_or(|ahead| ahead >= self.run.ticks_done);
        if is_last && self.next_seq != self.run.events {
            return Err(self.missing()?);
        }
        Ok(())
    }

    fn missing(&self) -> Result<JournalError, JournalError> {
        let what = format!("event {} is not where it should be", self.next_seq);
        self.journal.missing_rows(&self.run, &what)
    }
}
