//! One payment's events.

use std::vec;

use psim_model::event::{EventBatch, EventKind, FieldType, Names};
use psim_model::{Day, PaymentNo, Tick};
use rusqlite::{OptionalExtension, Statement};

use crate::decode::{Decoder, Known, TICK};
use crate::error::At;
use crate::layout;
use crate::schema::{self, EVENTS_MAX};
use crate::{Journal, JournalError, StoredRun};

/// Reads the events that name one payment, in order.
#[derive(Debug)]
pub struct PaymentReader<'j> {
    journal: &'j Journal,
    run: StoredRun,
    payment: PaymentNo,
    /// Of the events that have not been read.
    row_ids: vec::IntoIter<i64>,
    statement: Statement<'j>,
    decoder: Decoder,
    names: Names,
    known: Known,
}

impl Journal {
    /// Begins to read the events that name a payment, which is given by its id: the one from the
    /// data, or `tx-{number}` if it has none.
    ///
    /// Searches the whole run unless [`Journal::ensure_trace_index`] was once called for the file.
    pub fn read_payment(
        &self,
        run: &StoredRun,
        id: &str,
    ) -> Result<PaymentReader<'_>, JournalError> {
        let mut names = self.agent_names(run)?;
        let given = self.payment_with_given_id(run, id)?;
        if let Some(payment) = given {
            names.introduce_payment(payment, id);
        }
        let unnamed = || self.payment_without_given_id(run, id);
        let payment = given.map_or_else(unnamed, |payment| Ok(Some(payment)))?;
        let row_ids = match payment {
            Some(payment) => self.rows_of_payment(run, payment)?,
            None => Vec::new(),
        };
        let Some(payment) = payment.filter(|_| !row_ids.is_empty()) else {
            let (path, run) = (self.path.clone(), run.simulation_id.clone());
            return Err(JournalError::UnknownPayment { path, run, id: id.to_owned() });
        };
        let decoder = Decoder::new(&self.connection).at(&self.path)?;
        let sql = format!("SELECT {} FROM events WHERE id = ?1", decoder.columns());
        let agents = u32::try_from(names.agent_count()).unwrap_or(u32::MAX);
        Ok(PaymentReader {
            journal: self,
            run: run.clone(),
            payment,
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
        let number = id.strip_prefix("tx-").and_then(|digits| digits.parse::<u32>().ok());
        let Some(no) = number.filter(|no| format!("tx-{no}") == id) else { return Ok(None) };
        let sql = "SELECT count(*) FROM payment_ids WHERE run = ?1 AND tx = ?2";
        let is_given = self.connection.query_row(sql, (run.run, no), |row| row.get::<_, bool>(0));
        Ok((!is_given.at(&self.path)?).then_some(PaymentNo(no)))
    }

    fn rows_of_payment(
        &self,
        run: &StoredRun,
        payment: PaymentNo,
    ) -> Result<Vec<i64>, JournalError> {
        let rows = (schema::row_id(run.run, 0), schema::row_id(run.run, run.events));
        let mut statement = self.connection.prepare(&search_sql()).at(&self.path)?;
        let ids = statement.query_map((rows.0, rows.1, payment.0), |row| row.get(0));
        ids.at(&self.path)?.collect::<Result<_, _>>().at(&self.path)
    }
}

impl PaymentReader<'_> {
    /// Returns the payment's number.
    pub const fn payment(&self) -> PaymentNo {
        self.payment
    }

    /// Fills `batch` with the next event (one, with its own tick and `seq`); returns false after
    /// the last.
    pub fn next(&mut self, batch: &mut EventBatch) -> Result<bool, JournalError> {
        let Some(id) = self.row_ids.next() else { return Ok(false) };
        let path = &self.journal.path;
        let mut rows = self.statement.query([id]).at(path)?;
        let Some(row) = rows.next().at(path)? else {
            return Err(self.journal.missing_rows(&self.run, "an event has vanished")?);
        };
        let tick = row.get::<_, u32>(TICK).at(path)?;
        let seq = id.cast_unsigned() & (EVENTS_MAX - 1);
        batch.begin(Tick(tick), Day(tick / self.run.ticks_per_day), seq);
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

/// Returns the statement that finds the rows which name a payment in any column or as a member of
/// a set, in order.
fn search_sql() -> String {
    let range = "id >= ?1 AND id < ?2";
    let mut searches = vec![
        format!("SELECT id FROM events WHERE tx = ?3 AND {range}"),
        format!("SELECT id FROM event_payments WHERE tx = ?3 AND {range}"),
    ];
    for kind in EventKind::ALL {
        for (field, column) in kind.spec().fields.iter().zip(layout::columns_of(*kind)) {
            let column = layout::column_name(column);
            if field.ty == FieldType::Payment && column != "tx" {
                let code = kind.code();
                searches.push(format!(
                    "SELECT id FROM events WHERE kind = {code} AND {column} = ?3 AND {range}"
                ));
            }
        }
    }
    searches.join(" UNION ") + " ORDER BY id"
}
