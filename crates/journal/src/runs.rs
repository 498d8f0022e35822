//! The runs of a file and what is kept of each beside its events.

use psim_model::event::Names;
use psim_model::{CheckedScenario, Day, PaymentNo};
use rusqlite::{OptionalExtension, Row};

use crate::error::{At, damaged};
use crate::packing::unpack;
use crate::schema::{EVENTS_MAX, RUN_MAX};
use crate::{Journal, JournalError, StoredDay, StoredRun};

const RUN_COLUMNS: &str = "run, simulation_id, source, overrides, rng_seed, version, \
    scenario_hash, ticks_per_day, num_days, ticks_asked, ticks_done, events, complete, \
    stream_hash, created_at";

impl Journal {
    /// Returns all runs, oldest first.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: the file cannot be read, or is damaged there.
    pub fn runs(&self) -> Result<Vec<StoredRun>, JournalError> {
        let sql = format!("SELECT {RUN_COLUMNS} FROM runs ORDER BY run");
        let mut statement = self.connection.prepare(&sql).at(&self.path)?;
        let rows = statement.query_map([], stored_run).at(&self.path)?;
        rows.map(|row| self.sound(row.at(&self.path)?)).collect()
    }

    /// Returns the run of an id.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: there is no such run, or the file cannot be read.
    pub fn run(&self, simulation_id: &str) -> Result<StoredRun, JournalError> {
        let sql = format!("SELECT {RUN_COLUMNS} FROM runs WHERE simulation_id = ?1");
        let row = self.connection.query_row(&sql, [simulation_id], stored_run).optional();
        match row.at(&self.path)? {
            Some(run) => self.sound(run),
            None => Err(self.unknown_run(simulation_id)?),
        }
    }

    /// Returns the run of an id, or without one the only run.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: there is no such run; without an id, there are none or several.
    pub fn resolve(&self, simulation_id: Option<&str>) -> Result<StoredRun, JournalError> {
        if let Some(id) = simulation_id {
            return self.run(id);
        }
        let mut runs = self.runs()?;
        if runs.len() == 1
            && let Some(run) = runs.pop()
        {
            return Ok(run);
        }
        let known = runs.into_iter().map(|run| run.simulation_id).collect();
        Err(JournalError::WhichRun { path: self.path.clone(), known })
    }

    /// Returns the scenario of a run, as it ran.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: the file cannot be read, or what is stored is no scenario or another one.
    pub fn scenario(&self, run: &StoredRun) -> Result<CheckedScenario, JournalError> {
        let packed: Vec<u8> = self.column_of_scenario(run, "scenario")?;
        let bytes = unpack(&packed).map_err(|error| self.damaged_run(run, error.to_string()))?;
        let scenario = CheckedScenario::from_bytes(&bytes)
            .map_err(|fault| self.damaged_run(run, fault.to_string()))?;
        let calendar = &scenario.calendar;
        if scenario.fingerprint().to_string() != run.scenario_hash
            || scenario.rng_seed != run.rng_seed
            || calendar.ticks_per_day() != run.ticks_per_day
            || calendar.num_days() != run.num_days
        {
            return Err(self.damaged_run(run, "its scenario is not the one that it names"));
        }
        Ok(scenario)
    }

    /// Returns the text that the scenario of a run was read from.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: the file cannot be read, or is damaged there.
    pub fn scenario_text(&self, run: &StoredRun) -> Result<String, JournalError> {
        self.column_of_scenario(run, "scenario_text")
    }

    /// Returns the days of a run that are in the file, in order.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: the file cannot be read, or is damaged there.
    pub fn days(&self, run: &StoredRun) -> Result<Vec<StoredDay>, JournalError> {
        self.check_extent(run)?;
        let sql = "SELECT day, events, hash FROM days WHERE run = ?1 ORDER BY day";
        let mut statement = self.connection.prepare(sql).at(&self.path)?;
        let day = |row: &Row<'_>| {
            let events = row.get::<_, i64>(1)?.cast_unsigned();
            Ok(StoredDay { day: Day(row.get(0)?), events, hash: row.get(2)? })
        };
        let days = statement.query_map([run.run], day).at(&self.path)?;
        let days: Vec<StoredDay> = days.collect::<Result<_, _>>().at(&self.path)?;
        if (0..).map(Day).zip(&days).all(|(expected, day)| day.day == expected) {
            Ok(days)
        } else {
            Err(self.damaged_run(run, "its days do not follow each other"))
        }
    }

    /// Returns the ids of the agents and payments of a run, as a fold over all its events would
    /// know them.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: the file cannot be read, or is damaged there.
    pub fn names(&self, run: &StoredRun) -> Result<Names, JournalError> {
        let mut names = self.agent_names(run)?;
        let mut next = 0;
        self.each_id(run, "payment_ids", "tx", |no, id| {
            let ascends = no >= next;
            next = no.saturating_add(1);
            names.introduce_payment(PaymentNo(no), id);
            ascends
        })?;
        Ok(names)
    }

    /// Returns the ids of the agents of a run whose rows are as many as it says.
    ///
    /// The first tick introduces them; a run that has not got there takes them from its scenario.
    pub(crate) fn agent_names(&self, run: &StoredRun) -> Result<Names, JournalError> {
        self.check_extent(run)?;
        let mut names = Names::default();
        self.each_id(run, "agents", "agent", |no, id| {
            let is_next = no as usize == names.agent_count();
            names.introduce_agent(id);
            is_next
        })?;
        if names.agent_count() == 0 {
            if run.ticks_done > 0 {
                return Err(self.missing_rows(run, "its agents are missing")?);
            }
            // A run that was cut off at once under an earlier version may have no scenario either.
            if self.has_scenario(run)? {
                for agent in &self.scenario(run)?.agents {
                    names.introduce_agent(&agent.id);
                }
            }
        }
        Ok(names)
    }

    /// Hands each numbered id of a table to `take`, which says whether it may be the next.
    fn each_id(
        &self,
        run: &StoredRun,
        table: &str,
        number: &str,
        mut take: impl FnMut(u32, &str) -> bool,
    ) -> Result<(), JournalError> {
        let sql = format!("SELECT {number}, id FROM {table} WHERE run = ?1 ORDER BY {number}");
        let mut statement = self.connection.prepare(&sql).at(&self.path)?;
        let mut rows = statement.query([run.run]).at(&self.path)?;
        while let Some(row) = rows.next().at(&self.path)? {
            let no = row.get(0).at(&self.path)?;
            let id = row.get_ref(1).and_then(|id| id.as_str().map_err(Into::into));
            if !take(no, id.at(&self.path)?) {
                return Err(self.damaged_run(run, format!("{number} {no} is out of order")));
            }
        }
        Ok(())
    }

    fn has_scenario(&self, run: &StoredRun) -> Result<bool, JournalError> {
        let sql = "SELECT count(*) FROM scenarios WHERE run = ?1";
        self.connection.query_row(sql, [run.run], |row| row.get(0)).at(&self.path)
    }

    fn column_of_scenario<T: rusqlite::types::FromSql>(
        &self,
        run: &StoredRun,
        column: &str,
    ) -> Result<T, JournalError> {
        let sql = format!("SELECT {column} FROM scenarios WHERE run = ?1");
        let found = self.connection.query_row(&sql, [run.run], |row| row.get(0)).optional();
        match found.at(&self.path)? {
            Some(found) => Ok(found),
            None if run.ticks_done == 0 => {
                match self.missing_rows(run, "its scenario is missing")? {
                    JournalError::Damaged { path, .. } => {
                        Err(JournalError::CutOff { path, id: run.simulation_id.clone() })
                    }
                    deleted => Err(deleted),
                }
            }
            None => Err(self.missing_rows(run, "its scenario is missing")?),
        }
    }

    /// Returns a run if what it says of itself can be.
    fn sound(&self, run: StoredRun) -> Result<StoredRun, JournalError> {
        let horizon = u64::from(run.ticks_per_day).saturating_mul(run.num_days.into());
        let is_sound = (1..=RUN_MAX).contains(&run.run)
            && horizon > 0
            && horizon < u64::from(u32::MAX)
            && u64::from(run.ticks_asked) <= horizon
            && run.ticks_done <= run.ticks_asked
            && (!run.is_complete || run.ticks_done == run.ticks_asked)
            && (run.ticks_done > 0 || run.events == 0)
            && run.events <= EVENTS_MAX;
        if is_sound { Ok(run) } else { Err(self.damaged_run(&run, "its counts contradict")) }
    }

    /// Returns why rows of a run are not there: it has been deleted, or the file is damaged.
    pub(crate) fn missing_rows(
        &self,
        run: &StoredRun,
        what: &str,
    ) -> Result<JournalError, JournalError> {
        let sql = "SELECT count(*) FROM runs WHERE run = ?1";
        let is_there = self.connection.query_row(sql, [run.run], |row| row.get(0));
        if is_there.at(&self.path)? {
            Ok(self.damaged_run(run, what))
        } else {
            self.unknown_run(&run.simulation_id)
        }
    }

    pub(crate) fn damaged_run(&self, run: &StoredRun, what: impl AsRef<str>) -> JournalError {
        damaged(&self.path, format!("run `{}`: {}", run.simulation_id, what.as_ref()))
    }

    fn unknown_run(&self, id: &str) -> Result<JournalError, JournalError> {
        let known = self.simulation_ids()?;
        Ok(JournalError::UnknownRun { path: self.path.clone(), id: id.to_owned(), known })
    }

    fn simulation_ids(&self) -> Result<Vec<String>, JournalError> {
        let sql = "SELECT simulation_id FROM runs ORDER BY run";
        let mut statement = self.connection.prepare(sql).at(&self.path)?;
        let ids = statement.query_map([], |row| row.get(0)).at(&self.path)?;
        ids.collect::<Result<_, _>>().at(&self.path)
    }
}

fn stored_run(row: &Row<'_>) -> rusqlite::Result<StoredRun> {
    let overrides = row.get_ref(3)?.as_str()?;
    Ok(StoredRun {
        run: row.get(0)?,
        simulation_id: row.get(1)?,
        source: row.get(2)?,
        overrides: serde_json::from_str(overrides).map_err(|error| {
            let kind = rusqlite::types::Type::Text;
            rusqlite::Error::FromSqlConversionFailure(3, kind, error.into())
        })?,
        rng_seed: row.get::<_, i64>(4)?.cast_unsigned(),
        version: row.get(5)?,
        scenario_hash: row.get(6)?,
        ticks_per_day: row.get(7)?,
        num_days: row.get(8)?,
        ticks_asked: row.get(9)?,
        ticks_done: row.get(10)?,
        events: row.get::<_, i64>(11)?.cast_unsigned(),
        is_complete: row.get(12)?,
        stream_hash: row.get(13)?,
        created_at: row.get(14)?,
    })
}
