//! Going on with a run that was cut off.

use psim_model::Day;
use rusqlite::Connection;

use crate::error::At;
use crate::open::PATIENCE_DURING;
use crate::schema;
use crate::{Journal, JournalError, RunWriter, StoredRun};

/// How far a run is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) ticks: u32,
    pub(crate) events: u64,
    /// Agents that have been introduced.
    pub(crate) agents: u32,
    /// Texts that are kept once.
    pub(crate) texts: u32,
    /// The day of the last tick, and how many events it has so far.
    pub(crate) today: Day,
    pub(crate) today_events: u64,
}

impl Journal {
    /// Goes on with a run from the last tick that is in the file. The run stands as cut off until
    /// it is finished, and has no hash.
    ///
    /// # Errors
    ///
    /// Besides what any writing can meet: the run is damaged, or is not as it was looked up because
    /// another process goes on with it.
    pub fn resume(mut self, run: &StoredRun) -> Result<RunWriter, JournalError> {
        self.check_extent(run)?;
        let days = self.days(run)?;
        let last = days.last();
        let reopen = |connection: &Connection| {
            let sql = "UPDATE runs SET stream_hash = NULL, complete = 0 \
                       WHERE run = ?1 AND ticks_done = ?2 AND events = ?3";
            let found =
                connection.execute(sql, (run.run, run.ticks_done, run.events.cast_signed()))?;
            connection.execute("UPDATE days SET hash = NULL WHERE run = ?1", [run.run])?;
            let count = |sql: &str, parameters: [i64; 2]| {
                connection.query_row(sql, parameters, |row| row.get::<_, u32>(0))
            };
            let agents = "SELECT count(*) FROM agents WHERE run = ?1 AND agent >= ?2";
            let texts = "SELECT count(*) FROM texts WHERE id >= ?1 AND id < ?2";
            let rows = <[i64; 2]>::from(schema::all_rows_of(run.run));
            Ok((found == 1, count(agents, [run.run, 0])?, count(texts, rows)?))
        };
        let (is_same, agents, texts) = self.in_transaction(reopen).at(&self.path)?;
        let id = run.simulation_id.clone();
        if !is_same {
            return Err(JournalError::OtherWriter { path: self.path, id });
        }
        let standing = Standing {
            ticks: run.ticks_done,
            events: run.events,
            agents,
            texts,
            today: last.map_or(Day(0), |day| day.day),
            today_events: last.map_or(0, |day| day.events),
        };
        self.wait_for_others(PATIENCE_DURING)?;
        RunWriter::start(self, (run.run, id), run.ticks_asked, standing)
    }
}
