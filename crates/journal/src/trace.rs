//! One payment's share of a run.

use std::vec;

use psim_model::event::{EventBatch, EventKind, FieldSpec, FieldType, Names};
use psim_model::{PaymentNo, Tick};
use rusqlite::{OptionalExtension, Statement};

use crate::decode::{Decoder, Known, TICK};
use crate::error::At;
use crate::layout;
use crate::schema::{self, EVENTS_MAX};
use crate::{Journal, JournalError, StoredRun};

/// Reads what tells one payment's life, in order: the events that name it or, if it is a part, a
/// payment that it is a part of; those that open an agent or say what one reserves; and those that
/// name neither an agent nor a payment.
#[derive(Debug)]
pub struct PaymentReader<'j> {
    journal: &'j Journal,
    run: StoredRun,
    /// Of the events that have not been read.
    row_ids: vec::IntoIter<i64>,
    statement: Statement<'j>,
    decoder: Decoder<'j>,
    names: Names,
    known: Known,
}

impl Journal {
    /// Begins to read a payment's share of a run. The payment is given by its id: the one from the
    /// data, or `tx-{number}` if it has none.
    ///
    /// Searches the whole run unless [`Journal::ensure_trace_index`] was once called for the file.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: the run has no such payment, or the file cannot be read.
    pub fn read_payment(
        &self,
        run: &StoredRun,
        id: &str,
    ) -> Result<PaymentReader<'_>, JournalError> {
        let mut names = self.agent_names(run)?;
        let given = self.payment_with_given_id(run, id)?;
        let unnamed = || self.payment_without_given_id(run, id);
        let payment = given.map_or_else(unnamed, |payment| Ok(Some(payment)))?;
        let lineage = payment.map(|payment| self.lineage(run, payment)).transpose()?;
        let lineage = lineage.unwrap_or_default();
        let row_ids = self.rows_of_share(run, &lineage)?;
        if row_ids.is_empty() {
            let (path, run) = (self.path.clone(), run.simulation_id.clone());
            return Err(JournalError::UnknownPayment { path, run, id: id.to_owned() });
        }
        self.name_payments(run, &lineage, &mut names)?;
        let decoder = Decoder::new(&self.connection, run.run).at(&self.path)?;
        let sql = format!("SELECT {} FROM events WHERE id = ?1", decoder.columns());
        let agents = u32::try_from(names.agent_count()).unwrap_or(u32::MAX);
        Ok(PaymentReader {
            journal: self,
            run: run.clone(),
            row_ids: row_ids.into_iter(),
            statement: self.connection.prepare(&sql).at(&self.path)?,
            decoder,
            names,
            known: Known { agents, payments: u32::MAX, is_counted: false },
        })
    }

    fn payment_with_given_id(
        &self,
        run: &StoredRun,
        id: &str,
    ) -> Result<Option<PaymentNo>, JournalError> {
        let sql = "SELECT tx FROM payment_ids WHERE run = ?1 AND id = ?2";
        let found = self.connection.query_row(sql, (run.run, id), |row| row.get(0));
        found.optional().map(|no| no.map(PaymentNo)).at(&self.path)
    }

    /// Returns the payment of an id `tx-{number}`; one with a given id does not answer to it.
    fn payment_without_given_id(
        &self,
        run: &StoredRun,
        id: &str,
    ) -> Result<Option<PaymentNo>, JournalError> {
        let Some(PaymentNo(no)) = PaymentNo::from_own_id(id) else { return Ok(None) };
        let sql = "SELECT count(*) FROM payment_ids WHERE run = ?1 AND tx = ?2";
        let is_given = self.connection.query_row(sql, (run.run, no), |row| row.get::<_, bool>(0));
        Ok((!is_given.at(&self.path)?).then_some(PaymentNo(no)))
    }

    /// Returns the payments that a payment is a part of, ascending, and itself at the end.
    fn lineage(&self, run: &StoredRun, payment: PaymentNo) -> Result<Vec<PaymentNo>, JournalError> {
        // A parent was there before its parts, so that its number is smaller: this comes to an end
        // in a damaged file too.
        let sql = "SELECT e.tx FROM event_payments p CROSS JOIN events e ON e.id = p.id \
                   WHERE p.tx = ?3 AND p.id >= ?1 AND p.id < ?2 AND e.kind = ?4 AND e.tx < ?3";
        let (first, end) = stored_rows_of(run);
        let mut statement = self.connection.prepare(sql).at(&self.path)?;
        let mut lineage = Vec::new();
        let mut next = Some(payment);
        while let Some(member) = next {
            lineage.push(member);
            let split = (first, end, member.0, EventKind::PolicySplit.code());
            let parent = statement.query_row(split, |row| row.get(0)).optional();
            next = parent.at(&self.path)?.map(PaymentNo);
        }
        lineage.reverse();
        Ok(lineage)
    }

    /// Returns the rows of a payment's share; none if no row names the payment.
    fn rows_of_share(
        &self,
        run: &StoredRun,
        lineage: &[PaymentNo],
    ) -> Result<Vec<i64>, JournalError> {
        let (first, end) = stored_rows_of(run);
        let mut statement = self.connection.prepare(&search_sql()).at(&self.path)?;
        let mut ids = Vec::new();
        for payment in lineage {
            let mut rows = statement.query((first, end, payment.0)).at(&self.path)?;
            let mut is_named = false;
            while let Some(row) = rows.next().at(&self.path)? {
                ids.push(row.get(0).at(&self.path)?);
                is_named |= !row.get::<_, bool>(1).at(&self.path)?;
            }
            if !is_named {
                return Ok(Vec::new());
            }
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    /// Adds the ids that some payments, which ascend, were given.
    fn name_payments(
        &self,
        run: &StoredRun,
        payments: &[PaymentNo],
        names: &mut Names,
    ) -> Result<(), JournalError> {
        let sql = "SELECT id FROM payment_ids WHERE run = ?1 AND tx = ?2";
        let mut statement = self.connection.prepare(sql).at(&self.path)?;
        for payment in payments {
            let id = statement.query_row((run.run, payment.0), |row| row.get::<_, String>(0));
            if let Some(id) = id.optional().at(&self.path)? {
                names.introduce_payment(*payment, &id);
            }
        }
        Ok(())
    }

    /// Returns the number of payments of a run: those that have arrived and the parts of those that
    /// were split.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: the file cannot be read, or is damaged there.
    pub fn payment_count(&self, run: &StoredRun) -> Result<u32, JournalError> {
        let sql = "SELECT (SELECT count(*) FROM events WHERE id >= ?1 AND id < ?2 AND kind = ?3) \
                   + (SELECT count(*) FROM event_payments p CROSS JOIN events e ON e.id = p.id \
                      WHERE p.id >= ?1 AND p.id < ?2 AND e.kind = ?4)";
        let (first, end) = stored_rows_of(run);
        let sources = (first, end, EventKind::Arrival.code(), EventKind::PolicySplit.code());
        self.connection.query_row(sql, sources, |row| row.get(0)).at(&self.path)
    }
}

/// Returns a run's first row and the one behind the last that is stored.
fn stored_rows_of(run: &StoredRun) -> (i64, i64) {
    (schema::row_id(run.run, 0), schema::row_id(run.run, run.events))
}

impl PaymentReader<'_> {
    /// Fills `batch` with the next event (one, with its own tick and `seq`); returns false after
    /// the last.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: the file cannot be read, or is damaged there.
    pub fn next(&mut self, batch: &mut EventBatch) -> Result<bool, JournalError> {
        let Some(id) = self.row_ids.next() else { return Ok(false) };
        let path = &self.journal.path;
        let mut rows = self.statement.query([id]).at(path)?;
        let Some(row) = rows.next().at(path)? else {
            return Err(self.journal.missing_rows(&self.run, "an event has vanished")?);
        };
        let tick = row.get::<_, u32>(TICK).at(path)?;
        let seq = id.cast_unsigned() & (EVENTS_MAX - 1);
        batch.begin(Tick(tick), self.run.day_of(tick), seq);
        let pushed = if tick < self.run.ticks_done {
            self.decoder.push(row, batch, &self.names, &mut self.known)
        } else {
            Err(format!("tick {tick} has not run"))
        };
        let damaged = |what| self.journal.damaged_run(&self.run, format!("event {seq}: {what}"));
        pushed.map_err(damaged)?;
        Ok(true)
    }
}

/// Returns the statement that finds the rows of a payment's share, in order, each with whether it
/// is there for the run's sake.
pub(crate) fn search_sql() -> String {
    let of_run = kinds_of_run();
    let mut reasons = vec![
        "tx = ?3".to_owned(),
        format!("{} AND kind IN ({of_run})", schema::of_run_sql()),
        "id IN (SELECT id FROM event_payments WHERE tx = ?3)".to_owned(),
    ];
    for kind in EventKind::ALL {
        for (field, column) in kind.spec().fields.iter().zip(layout::columns_of(*kind)) {
            let column = layout::column_name(column);
            if field.ty == FieldType::Payment && column != "tx" {
                reasons.push(format!("kind = {} AND {column} = ?3", kind.code()));
            }
        }
    }
    let reasons = reasons.join(" OR ");
    format!(
        "SELECT id, kind IN ({of_run}) FROM events \
         WHERE id >= ?1 AND id < ?2 AND ({reasons}) ORDER BY id"
    )
}

/// Returns the codes of the events that a payment's share has whatever the payment is: those that
/// open an agent or say what one reserves, and those that name neither agent nor payment.
fn kinds_of_run() -> String {
    let names_somebody = |field: &FieldSpec| match field.ty {
        FieldType::Agent => !field.introduces,
        FieldType::Agents | FieldType::Payment | FieldType::Payments => true,
        _ => false,
    };
    let is_of_run = |kind: &&EventKind| {
        **kind == EventKind::ReservationsSet || !kind.spec().fields.iter().any(names_somebody)
    };
    let kinds = EventKind::ALL.iter().filter(is_of_run);
    kinds.map(|kind| kind.code().to_string()).collect::<Vec<_>>().join(", ")
}
