//! Rows as they come in: payments, their ids and where they stand, and what was refused.

use psim_model::{MAX_PREPARED_PAYMENTS, PreparedPayment, PreparedPayments, TextColumn, is_own_id};

use super::columns::Column;
use super::row::{RowFault, RowReader};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, quoted};
use crate::source::Source;

/// Most bad rows that are listed; the rest is counted.
const MOST_LISTED: usize = 50;

/// How a file counts what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    /// By lines, as in text files.
    Lines,
    /// By rows, where there are no lines.
    Rows,
}

/// The text of a bad row and the cell that is bad, for an excerpt.
pub(super) struct RowText {
    pub(super) text: String,
    pub(super) cell: std::ops::Range<usize>,
}

/// Payments under way.
pub(super) struct Table {
    file: String,
    counted: Counted,
    rows: Vec<PreparedPayment>,
    ids: TextColumn,
    has_ids: bool,
    /// Line or row number of each payment; kept where ids may have to be compared.
    numbers: Vec<u64>,
    bad_rows: usize,
    faults: Vec<Diagnostic>,
    /// Most payments that are taken.
    most: usize,
}

impl Table {
    pub(super) fn new(file: &str, counted: Counted, has_ids: bool) -> Self {
        Self {
            file: file.to_owned(),
            counted,
            rows: Vec::new(),
            ids: TextColumn::default(),
            has_ids,
            numbers: Vec::new(),
            bad_rows: 0,
            faults: Vec::new(),
            most: MAX_PREPARED_PAYMENTS,
        }
    }

    /// Takes a payment; an empty id is none.
    pub(super) fn accept(&mut self, payment: PreparedPayment, id: &str, number: u64) {
        if self.rows.len() >= self.most {
            let message = format!("more than {} payments", self.most);
            self.refuse_line(message, None, number);
            return;
        }
        self.rows.push(payment);
        if self.has_ids {
            self.ids.push(id);
            self.numbers.push(number);
        }
    }

    /// Takes a bad row with all its faults; its text is asked for only if it will be listed.
    pub(super) fn refuse(
        &mut self,
        row_faults: &[RowFault],
        number: u64,
        reader: &RowReader<'_>,
        text: impl Fn(Column) -> Option<RowText>,
    ) {
        self.bad_rows = self.bad_rows.saturating_add(1);
        if self.bad_rows > MOST_LISTED {
            return;
        }
        for fault in row_faults {
            let hint = match &fault.unknown {
                Some(id) => reader.nearest_agent(id),
                None => fault.hint.map(str::to_owned),
            };
            let message = format!("`{}`: {}", fault.column.name(), fault.message);
            let diagnostic = self.at(number, message, text(fault.column));
            self.faults.push(diagnostic.maybe_hint(hint));
        }
    }

    /// Takes a row that cannot be read as one.
    pub(super) fn refuse_line(&mut self, message: String, hint: Option<&str>, number: u64) {
        self.bad_rows = self.bad_rows.saturating_add(1);
        if self.bad_rows <= MOST_LISTED {
            let diagnostic = self.at(number, message, None);
            self.faults.push(diagnostic.maybe_hint(hint.map(str::to_owned)));
        }
    }

    fn at(&self, number: u64, message: String, text: Option<RowText>) -> Diagnostic {
        let place = match (self.counted, text) {
            (Counted::Lines, Some(RowText { text, cell })) => {
                let source = Source::starting_at_line(self.file.as_str(), text, number);
                Place::within(std::sync::Arc::new(source), cell)
            }
            (Counted::Lines, None) => Place::line(&self.file, number),
            (Counted::Rows, _) => Place::file(&self.file),
        };
        let message = match self.counted {
            Counted::Lines => message,
            Counted::Rows => format!("row {number}: {message}"),
        };
        Diagnostic::error(message).at(Some(place))
    }

    /// Checks what concerns all rows, reports every fault, and returns the payments in order of
    /// arrival (of the file within a tick).
    ///
    /// With `numbered` payments may be made during the run, which the simulator names `tx-{n}`.
    pub(super) fn finish(
        mut self,
        numbered: bool,
        faults: &mut Diagnostics,
    ) -> Option<PreparedPayments> {
        if self.has_ids {
            self.refuse_repeated_ids();
            let unnamed = self.ids.iter().any(str::is_empty);
            if numbered || unnamed {
                self.refuse_numbered_ids();
            }
        }
        let more = self.bad_rows.saturating_sub(MOST_LISTED);
        let sound = self.bad_rows == 0;
        self.faults.drain(..).for_each(|fault| faults.push(fault));
        if more > 0 {
            let message = format!("and {more} more bad rows");
            let place = Some(Place::end_of(&self.file));
            faults.push(Diagnostic::error(message).at(place).standing_for(more));
        }
        sound.then(|| self.in_order())
    }

    fn in_order(self) -> PreparedPayments {
        let Self { mut rows, ids, .. } = self;
        if rows.is_sorted_by_key(|row| row.tick) {
            return PreparedPayments { rows, ids };
        }
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|index| rows.get(*index).map(|row| row.tick));
        let ids = order.iter().filter_map(|index| ids.get(*index)).collect();
        rows.sort_by_key(|row| row.tick);
        PreparedPayments { rows, ids }
    }

    /// Returns the line or row of a payment that has one.
    fn number(&self, index: usize) -> u64 {
        self.numbers.get(index).copied().unwrap_or_default()
    }

    fn refuse_repeated_ids(&mut self) {
        let mut hashed: Vec<(u64, usize)> = self
            .ids
            .iter()
            .enumerate()
            .filter(|(_, id)| !id.is_empty())
            .map(|(index, id)| (psim_random::fnv1a64(id.as_bytes()), index))
            .collect();
        hashed.sort_unstable();
        // Equal hashes are neighbours; within them the file's order holds.
        let mut repeated: Vec<(usize, usize)> = Vec::new();
        for group in hashed.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
            for (_, index) in group {
                let id = self.ids.get(*index);
                let first = group.iter().find(|(_, other)| self.ids.get(*other) == id);
                if let Some((_, first)) = first.filter(|(_, first)| first != index) {
                    repeated.push((*index, *first));
                }
            }
        }
        repeated.sort_unstable();
        for (index, first) in repeated {
            let unit = if self.counted == Counted::Lines { "line" } else { "row" };
            let id = quoted(self.ids.get(index).unwrap_or_default());
            let first = self.number(first);
            let message = format!("`id`: {id} was already used in {unit} {first}");
            self.refuse_line(message, None, self.number(index));
        }
    }

    fn refuse_numbered_ids(&mut self) {
        let name = Column::Id.name();
        let indices: Vec<usize> = (0..self.ids.len())
            .filter(|index| self.ids.get(*index).is_some_and(is_own_id))
            .collect();
        for index in indices {
            let id = quoted(self.ids.get(index).unwrap_or_default());
            let message = format!("`{name}`: {id} is what the simulator calls its own payments");
            self.refuse_line(message, None, self.number(index));
        }
    }
}

#[cfg(test)]
mod tests {
    use psim_model::{AgentNo, Money, Priority, RtgsPriority, Tick};

    use super::*;

    fn payment() -> PreparedPayment {
        PreparedPayment {
            tick: Tick(0),
            sender: AgentNo(0),
            receiver: AgentNo(1),
            amount: Money::from_minor(1),
            deadline: Tick(1),
            earliest: Tick(0),
            priority: Priority::DEFAULT,
            rtgs_priority: RtgsPriority::Normal,
            divisible: None,
        }
    }

    /// Nobody waits for as many rows as may be, so the bound is lowered.
    #[test]
    fn payments_are_counted_to_their_bound() {
        for (rows, expected) in [(3, None), (4, Some("more than 3 payments"))] {
            let mut table = Table { most: 3, ..Table::new("p.csv", Counted::Lines, false) };
            assert_eq!(Table::new("p.csv", Counted::Lines, false).most, MAX_PREPARED_PAYMENTS);
            (0..rows).for_each(|row| table.accept(payment(), "", row + 2));
            let mut faults = Diagnostics::default();
            let taken = table.finish(false, &mut faults).map(|payments| payments.rows.len());
            assert_eq!(taken, expected.is_none().then_some(3));
            assert_eq!(faults.iter().next().map(|fault| fault.message.as_str()), expected);
        }
    }
}
