//! A run's rows into the tables, within the transactions of the caller.

use std::path::Path;

use psim_model::Day;
use psim_model::event::{Cell, Event, EventBatch, EventKind, Names};
use rusqlite::types::Null;
use rusqlite::{Connection, OptionalExtension, Statement};

use crate::error::At;
use crate::layout;
use crate::lists::{Listed, Lists};
use crate::resume::Standing;
use crate::schema::{self, EVENTS_MAX};
use crate::texts::Texts;
use crate::{JournalError, Seal};

/// The statements of a run that is being written, and how far it has got.
pub(crate) struct Rows<'c> {
    path: &'c Path,
    id: &'c str,
    run: i64,
    /// By code; an event's statement binds only the columns that it has.
    events: Vec<Option<Statement<'c>>>,
    lists: Lists<'c>,
    texts: Texts<'c>,
    agent: Statement<'c>,
    payment: Statement<'c>,
    day: Statement<'c>,
    progress: Statement<'c>,
    /// The ids that the batch at hand introduces.
    fresh: Names,
    agents: u32,
    today: Day,
    today_events: u64,
    ticks_done: u32,
    events_done: u64,
}

impl<'c> Rows<'c> {
    /// Prepares to write a run on from where it stands.
    pub(crate) fn prepare(
        connection: &'c Connection,
        path: &'c Path,
        run: i64,
        id: &'c str,
        standing: Standing,
    ) -> rusqlite::Result<Self> {
        let prepare = |sql: &str| connection.prepare(sql);
        let insert =
            |code| EventKind::from_code(code).map(|kind| prepare(&insert_sql(kind))).transpose();
        let events = (0..=u8::MAX).map(insert).collect::<rusqlite::Result<_>>()?;
        Ok(Self {
            path,
            id,
            run,
            events,
            lists: Lists::prepare(connection)?,
            texts: Texts::prepare(connection, run, standing.texts)?,
            agent: prepare("INSERT INTO agents (run, agent, id) VALUES (?1, ?2, ?3)")?,
            payment: prepare("INSERT INTO payment_ids (run, tx, id) VALUES (?1, ?2, ?3)")?,
            day: prepare(
                "INSERT INTO days (run, day, events) VALUES (?1, ?2, ?3) \
                 ON CONFLICT (run, day) DO UPDATE SET events = excluded.events",
            )?,
            progress: prepare("UPDATE runs SET ticks_done = ?2, events = ?3 WHERE run = ?1")?,
            fresh: Names::default(),
            agents: standing.agents,
            today: standing.today,
            today_events: standing.today_events,
            ticks_done: standing.ticks,
            events_done: standing.events,
        })
    }

    /// Makes sure, at the beginning of a transaction, that nobody else has gone on with the run.
    pub(crate) fn check_alone(&self, connection: &Connection) -> Result<(), JournalError> {
        let sql = "SELECT ticks_done FROM runs WHERE run = ?1";
        let found = connection.query_row(sql, [self.run], |row| row.get::<_, u32>(0)).optional();
        let (path, id) = (self.path.to_owned(), self.id.to_owned());
        match found.at(self.path)? {
            Some(ticks) if ticks == self.ticks_done => Ok(()),
            Some(_) => Err(JournalError::OtherWriter { path, id }),
            None => Err(JournalError::Deleted { path, id }),
        }
    }

    /// Returns the number of events written so far.
    pub(crate) const fn events_done(&self) -> u64 {
        self.events_done
    }

    /// Writes a tick.
    pub(crate) fn write(&mut self, batch: &EventBatch) -> Result<(), JournalError> {
        if batch.next_seq() > EVENTS_MAX {
            return Err(JournalError::Full { path: self.path.to_owned() });
        }
        self.write_ids(batch).at(self.path)?;
        let first = schema::row_id(self.run, batch.first_seq());
        for (id, event) in (first..).zip(batch.events()) {
            self.write_event(id, event, batch).at(self.path)?;
        }
        if batch.day() != self.today {
            self.write_day().at(self.path)?;
            self.today = batch.day();
            self.today_events = 0;
        }
        self.today_events = self.today_events.saturating_add(batch.events().len() as u64);
        self.events_done = batch.next_seq();
        self.ticks_done = batch.tick().next().0;
        Ok(())
    }

    /// Notes how far the run has got; comes last in each transaction.
    pub(crate) fn note_progress(&mut self) -> Result<(), JournalError> {
        if self.ticks_done > 0 {
            self.write_day().at(self.path)?;
        }
        let progress = (self.run, self.ticks_done, self.events_done.cast_signed());
        match self.progress.execute(progress).at(self.path)? {
            1 => Ok(()),
            _ => Err(JournalError::Deleted { path: self.path.into(), id: self.id.to_owned() }),
        }
    }

    /// Closes the run, of which all ticks have been written.
    pub(crate) fn seal(&mut self, seal: &Seal, connection: &Connection) -> rusqlite::Result<()> {
        let mut hash =
            connection.prepare("UPDATE days SET hash = ?3 WHERE run = ?1 AND day = ?2")?;
        for (day, text) in (0_u32..).zip(&seal.day_hashes) {
            hash.execute((self.run, day, text))?;
        }
        let sql = "UPDATE runs SET stream_hash = ?2, complete = (ticks_done = ticks_asked) \
                   WHERE run = ?1";
        connection.execute(sql, (self.run, &seal.stream_hash)).map(|_| ())
    }

    fn write_event(&mut self, id: i64, event: &Event, batch: &EventBatch) -> rusqlite::Result<()> {
        #[expect(clippy::expect_used, reason = "made for every type when prepared")]
        let statement = self
            .events
            .get_mut(usize::from(event.kind().code()))
            .and_then(Option::as_mut)
            .expect("Invariant: every type of event has its statement");
        statement.raw_bind_parameter(1, id)?;
        statement.raw_bind_parameter(2, batch.tick().0)?;
        let mut parameters = 3..;
        let mut outcome = Ok(());
        let mut listed = Listed::default();
        event.store(batch.columns(), |_, cell| {
            let parameter = parameters.next().unwrap_or_default();
            if outcome.is_ok() {
                outcome = match cell {
                    Cell::Null => statement.raw_bind_parameter(parameter, Null),
                    Cell::Int(number) => statement.raw_bind_parameter(parameter, number),
                    Cell::Real(number) => statement.raw_bind_parameter(parameter, number.get()),
                    Cell::Text(text) => match self.texts.number_of(text) {
                        Ok(Some(number)) => statement.raw_bind_parameter(parameter, number),
                        Ok(None) => statement.raw_bind_parameter(parameter, text),
                        Err(error) => Err(error),
                    },
                    Cell::Payments(_) | Cell::Agents(_) | Cell::Amounts(_) => {
                        listed.note(&cell);
                        statement.raw_bind_parameter(parameter, self.lists.text_of(&cell))
                    }
                };
            }
        });
        outcome?;
        statement.raw_execute()?;
        self.lists.write(id, listed)
    }

    fn write_ids(&mut self, batch: &EventBatch) -> rusqlite::Result<()> {
        self.fresh.clear();
        self.fresh.observe(batch);
        for id in self.fresh.agents() {
            self.agent.execute((self.run, self.agents, id))?;
            self.agents = self.agents.saturating_add(1);
        }
        for (no, id) in self.fresh.given() {
            self.payment.execute((self.run, no.0, id))?;
        }
        Ok(())
    }

    fn write_day(&mut self) -> rusqlite::Result<()> {
        let row = (self.run, self.today.0, self.today_events.cast_signed());
        self.day.execute(row).map(|_| ())
    }
}

/// Returns the statement for a type of event: id, tick, then its cells in order of declaration.
fn insert_sql(kind: EventKind) -> String {
    let columns: Vec<String> = layout::columns_of(kind)
        .into_iter()
        .map(|column| layout::column_name(column) + ", ")
        .collect();
    format!(
        "INSERT INTO events (id, tick, {}kind) VALUES (?, ?, {}{})",
        columns.concat(),
        "?, ".repeat(columns.len()),
        kind.code()
    )
}
