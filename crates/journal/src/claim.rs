//! The start of a run: an id that is its own, and what is known before the first tick.
//!
//! All of it is one transaction: a run that is in the file can go on, however early it was cut off.

use rusqlite::{Connection, ffi, params};

use crate::error::At;
use crate::open::PATIENCE_DURING;
use crate::packing::pack;
use crate::resume::Standing;
use crate::schema::RUN_MAX;
use crate::{Ancestor, Journal, JournalError, RunRecord, RunWriter, ancestors};

/// Digits of the scenario's hash in an id that nobody chose.
const HASH_DIGITS: usize = 8;

impl Journal {
    /// Claims an id and begins to write a run.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: the file cannot be written, the id is taken, or there are too many ticks.
    pub fn begin(self, record: &RunRecord<'_>) -> Result<RunWriter, JournalError> {
        self.begin_branch(record, &[])
    }

    /// Claims an id and begins to write a branch, from its first tick, given the runs that it was
    /// before.
    ///
    /// # Errors
    ///
    /// [`JournalError`], as for [`Journal::begin`].
    pub fn begin_branch(
        mut self,
        record: &RunRecord<'_>,
        before: &[Ancestor],
    ) -> Result<RunWriter, JournalError> {
        if let Some(id) = record.simulation_id
            && (id.is_empty() || id.chars().any(char::is_control))
        {
            return Err(JournalError::BadId { id: id.to_owned() });
        }
        let most = record.scenario.calendar.horizon();
        if record.ticks_asked > most {
            return Err(JournalError::TooManyTicks { most });
        }
        // Packing a large scenario takes a while, for which nobody has to wait for the file.
        let packed = pack(&record.scenario.to_bytes());
        let claim = |connection: &Connection| {
            let Some(id) = free_id(connection, record)? else { return Ok(None) };
            insert(connection, &id, record)?;
            let run = connection.last_insert_rowid();
            if run > RUN_MAX {
                return Err(rusqlite::Error::SqliteFailure(
                    ffi::Error::new(ffi::SQLITE_FULL),
                    None,
                ));
            }
            let sql = "INSERT INTO scenarios (run, scenario_text, scenario) VALUES (?1, ?2, ?3)";
            connection.execute(sql, (run, record.scenario_text, &packed))?;
            ancestors::write(connection, run, before)?;
            Ok(Some((run, id)))
        };
        let Some((run, id)) = self.in_transaction(claim).at(&self.path)? else {
            let id = record.simulation_id.unwrap_or_default().to_owned();
            return Err(JournalError::IdTaken { path: self.path, id });
        };
        self.wait_for_others(PATIENCE_DURING)?;
        RunWriter::start(self, (run, id), record.ticks_asked, Standing::default())
    }
}

fn insert(connection: &Connection, id: &str, record: &RunRecord<'_>) -> rusqlite::Result<()> {
    let scenario = record.scenario;
    let overrides = serde_json::Value::from(record.overrides).to_string();
    connection.execute(
        "INSERT INTO runs (simulation_id, source, overrides, rng_seed, version, scenario_hash, \
         ticks_per_day, num_days, ticks_asked) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            id,
            record.source,
            overrides,
            scenario.rng_seed.cast_signed(),
            record.version,
            scenario.fingerprint().to_string(),
            scenario.calendar.ticks_per_day(),
            scenario.calendar.num_days(),
            record.ticks_asked,
        ],
    )?;
    Ok(())
}

/// Returns the id that a run gets, or `None` if the one it asks for is taken.
fn free_id(connection: &Connection, record: &RunRecord<'_>) -> rusqlite::Result<Option<String>> {
    let mut taken = connection.prepare("SELECT count(*) FROM runs WHERE simulation_id = ?1")?;
    let mut is_free =
        |id: &str| taken.query_row([id], |row| row.get::<_, bool>(0)).map(|taken| !taken);
    if let Some(id) = record.simulation_id {
        return Ok(is_free(id)?.then(|| id.to_owned()));
    }
    let hash = record.scenario.fingerprint().to_string();
    let stem = format!("sim-{}", &hash[..HASH_DIGITS]);
    let mut id = stem.clone();
    let mut copy = 1_u64;
    while !is_free(&id)? {
        copy = copy.saturating_add(1);
        id = format!("{stem}-{copy}");
    }
    Ok(Some(id))
}
