//! Whether a run has as many rows as it says, without reading them.

use rusqlite::{OptionalExtension, Row};

use crate::error::At;
use crate::schema;
use crate::{Journal, JournalError, StoredRun};

/// One statement, since a run that is being written grows between two. The last row is found by its
/// id alone; of days there are few.
const EXTENT: &str = "
SELECT ticks_done, events, ticks_per_day,
    (SELECT id FROM events WHERE id >= ?2 AND id < ?3 ORDER BY id DESC LIMIT 1),
    (SELECT count(*) FROM days WHERE days.run = runs.run),
    (SELECT coalesce(sum(days.events), 0) FROM days WHERE days.run = runs.run)
FROM runs WHERE run = ?1";

/// What a run says of itself at one moment, and what its rows say.
struct Extent {
    ticks: u32,
    events: i64,
    ticks_per_day: u32,
    last_row: Option<i64>,
    days: u32,
    events_of_days: i64,
}

impl Journal {
    /// Compares the counts of a run with the last of its events and with its days.
    pub(crate) fn check_extent(&self, run: &StoredRun) -> Result<(), JournalError> {
        let (first, end) = schema::all_rows_of(run.run);
        let extent = self.connection.query_row(EXTENT, (run.run, first, end), extent).optional();
        let Some(extent) = extent.at(&self.path)? else {
            return Err(self.missing_rows(run, "it has vanished")?);
        };
        match extent.fault(first) {
            Some(what) => Err(self.damaged_run(run, what)),
            None => Ok(()),
        }
    }
}

impl Extent {
    /// Returns what does not fit, for a run whose first event would have the id `first`.
    fn fault(&self, first: i64) -> Option<String> {
        let events = self.last_row.map_or(0, |last| last.saturating_sub(first).saturating_add(1));
        if events != self.events {
            return Some(format!("it has {} events, its last is number {events}", self.events));
        }
        if self.ticks.div_ceil(self.ticks_per_day.max(1)) != self.days {
            return Some(format!("it has {} ticks and {} days", self.ticks, self.days));
        }
        let (events, of_days) = (self.events, self.events_of_days);
        (events != of_days).then(|| format!("it has {events} events, its days have {of_days}"))
    }
}

fn extent(row: &Row<'_>) -> rusqlite::Result<Extent> {
    Ok(Extent {
        ticks: row.get(0)?,
        events: row.get(1)?,
        ticks_per_day: row.get(2)?,
        last_row: row.get(3)?,
        days: row.get(4)?,
        events_of_days: row.get(5)?,
    })
}
