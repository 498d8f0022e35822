//! What a branch goes back to: the runs that it was before it became itself.

use psim_model::{CheckedScenario, Tick};
use rusqlite::{Connection, OptionalExtension};

use crate::error::At;
use crate::packing::{pack, unpack};
use crate::schema;
use crate::{Journal, JournalError, StoredRun};

/// An ancestor of a branch, and up to which tick.
#[derive(Clone, Debug)]
pub struct Ancestor {
    /// Its id.
    pub simulation_id: String,
    /// The first tick that is no longer its.
    pub tick: Tick,
    /// What was changed there, as it was asked for.
    pub changes: Vec<String>,
    /// The scenario up to there.
    pub scenario: CheckedScenario,
}

/// A run that a branch was, without its scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAncestor {
    /// Its id.
    pub simulation_id: String,
    /// The first tick that is no longer its.
    pub tick: Tick,
    /// What was changed there, as it was asked for.
    pub changes: Vec<String>,
}

/// Makes the table; the last of a run's rows is its parent.
pub(crate) const TABLE: &str = "
CREATE TABLE ancestors (
    run INTEGER NOT NULL,
    position INTEGER NOT NULL,
    simulation_id TEXT NOT NULL,
    tick INTEGER NOT NULL,
    changes TEXT NOT NULL,
    scenario BLOB NOT NULL,
    PRIMARY KEY (run, position)
);
";

impl Journal {
    /// Returns the runs that a branch was, the first one first and its parent last; none of a run
    /// that began by itself.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: the file cannot be read, or is damaged there.
    pub fn ancestors(&self, run: &StoredRun) -> Result<Vec<StoredAncestor>, JournalError> {
        if !schema::has_checkpoints(&self.connection).at(&self.path)? {
            return Ok(Vec::new());
        }
        let sql = "SELECT simulation_id, tick, changes FROM ancestors WHERE run = ?1 \
                   ORDER BY position";
        let mut statement = self.connection.prepare(sql).at(&self.path)?;
        let rows = statement.query_map([run.run], |row| {
            Ok((row.get(0)?, Tick(row.get(1)?), row.get::<_, String>(2)?))
        });
        let rows = rows.at(&self.path)?.map(|row| {
            let (simulation_id, tick, changes) = row.at(&self.path)?;
            let changes = serde_json::from_str(&changes)
                .map_err(|error| self.damaged_run(run, error.to_string()))?;
            Ok(StoredAncestor { simulation_id, tick, changes })
        });
        let ancestors: Vec<StoredAncestor> = rows.collect::<Result<_, JournalError>>()?;
        let is_sound = ancestors.is_sorted_by_key(|ancestor| ancestor.tick)
            && ancestors.iter().all(|ancestor| ancestor.tick.0 <= run.ticks_asked);
        let fault = || self.damaged_run(run, "the ticks at which it was branched off contradict");
        if is_sound { Ok(ancestors) } else { Err(fault()) }
    }

    /// Returns the runs that a branch was, each with its scenario.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: the file cannot be read, or is damaged there.
    pub fn ancestry(&self, run: &StoredRun) -> Result<Vec<Ancestor>, JournalError> {
        let ancestors = self.ancestors(run)?.into_iter().enumerate();
        let with_scenario = |(position, stored): (usize, StoredAncestor)| {
            let StoredAncestor { simulation_id, tick, changes } = stored;
            let scenario = self.ancestor_scenario(run, position)?;
            Ok(Ancestor { simulation_id, tick, changes, scenario })
        };
        ancestors.map(with_scenario).collect()
    }

    fn ancestor_scenario(
        &self,
        run: &StoredRun,
        position: usize,
    ) -> Result<CheckedScenario, JournalError> {
        let sql = "SELECT scenario FROM ancestors WHERE run = ?1 AND position = ?2";
        let place = (run.run, i64::try_from(position).unwrap_or(i64::MAX));
        let packed = self.connection.query_row(sql, place, |row| row.get::<_, Vec<u8>>(0));
        let Some(packed) = packed.optional().at(&self.path)? else {
            return Err(self.missing_rows(run, "a scenario that it followed is missing")?);
        };
        let bytes = unpack(&packed).map_err(|error| self.damaged_run(run, error.to_string()))?;
        CheckedScenario::from_bytes(&bytes)
            .map_err(|fault| self.damaged_run(run, fault.to_string()))
    }
}

/// Writes what a branch goes back to, within the caller's transaction.
pub(crate) fn write(
    connection: &Connection,
    run: i64,
    ancestors: &[Ancestor],
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO ancestors (run, position, simulation_id, tick, changes, scenario) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let mut insert = connection.prepare(sql)?;
    for (position, ancestor) in (0_u32..).zip(ancestors) {
        let changes = serde_json::Value::from(ancestor.changes.as_slice()).to_string();
        let scenario = pack(&ancestor.scenario.to_bytes());
        let (id, tick) = (&ancestor.simulation_id, ancestor.tick.0);
        insert.execute((run, position, id, tick, changes, scenario))?;
    }
    Ok(())
}
