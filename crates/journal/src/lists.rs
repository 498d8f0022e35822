//! The lists of an event: as text in its row, and its payments in rows of their own.
//!
//! The text keeps the order and gives the event back; the rows let an index find the events that
//! list a payment.

use std::fmt::{Display, Write};

use psim_model::event::Cell;
use psim_model::{AgentNo, Money, PaymentNo};
use rusqlite::{Connection, Statement};

/// What an event lists of payments, gathered while its cells are written.
#[derive(Clone, Copy, Default)]
pub(crate) struct Listed<'a> {
    payments: &'a [PaymentNo],
    amounts: &'a [Money],
}

/// Writes lists; keeps its memory from event to event.
pub(crate) struct Lists<'c> {
    text: String,
    insert: Statement<'c>,
}

impl<'a> Listed<'a> {
    /// Notes a cell if it says which payments the event lists, or how much each of them is.
    ///
    /// Amounts follow their payments in a declaration; other amounts come after these.
    pub(crate) const fn note(&mut self, cell: &Cell<'a>) {
        match cell {
            Cell::Payments(payments) => self.payments = payments,
            Cell::Amounts(amounts)
                if self.amounts.is_empty() && amounts.len() == self.payments.len() =>
            {
                self.amounts = amounts;
            }
            _ => {}
        }
    }
}

impl<'c> Lists<'c> {
    pub(crate) fn prepare(connection: &'c Connection) -> rusqlite::Result<Self> {
        let sql = "INSERT INTO event_payments (id, position, tx, amount) VALUES (?1, ?2, ?3, ?4)";
        Ok(Self { text: String::new(), insert: connection.prepare(sql)? })
    }

    /// Returns a list as its row has it, such as `3 1 4`.
    pub(crate) fn text_of(&mut self, cell: &Cell<'_>) -> &str {
        self.text.clear();
        match cell {
            Cell::Payments(payments) => self.join(payments.iter().map(|PaymentNo(no)| no)),
            Cell::Agents(agents) => self.join(agents.iter().map(|AgentNo(no)| no)),
            Cell::Amounts(amounts) => self.join(amounts.iter().map(|amount| amount.minor())),
            Cell::Null | Cell::Int(_) | Cell::Real(_) | Cell::Text(_) => {}
        }
        &self.text
    }

    /// Writes a row for each payment that the event of row `id` lists.
    pub(crate) fn write(&mut self, id: i64, listed: Listed<'_>) -> rusqlite::Result<()> {
        for (position, payment) in (0_u32..).zip(listed.payments) {
            let amount = listed.amounts.get(position as usize).map_or(0, |amount| amount.minor());
            self.insert.execute((id, position, payment.0, amount))?;
        }
        Ok(())
    }

    fn join(&mut self, items: impl Iterator<Item = impl Display>) {
        for item in items {
            let gap = if self.text.is_empty() { "" } else { " " };
            // Writing to a `String` cannot fail.
            let _ = write!(self.text, "{gap}{item}");
        }
    }
}

#[cfg(test)]
mod tests {
    use psim_model::event::{EventKind, FieldType};

    #[test]
    fn no_event_lists_payments_twice() {
        for kind in EventKind::ALL {
            let is_list = |ty: FieldType| ty == FieldType::Payments;
            let lists = kind.spec().fields.iter().filter(|field| is_list(field.ty)).count();
            assert!(lists <= 1, "the rows of the lists of {} would clash", kind.spec().name);
        }
    }
}
