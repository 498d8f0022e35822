//! A row back into the event it was made from, or into the reason why it cannot be one.

use psim_model::event::{
    Cell, Event, EventBatch, EventKind, FieldSpec, FieldType, Loading, Names, Real,
};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use crate::layout;
use crate::schema;
use crate::texts::KeptTexts;

/// Reads rows selected by [`Decoder::columns`]: id, tick, kind, then the cells.
#[derive(Debug)]
pub(crate) struct Decoder<'j> {
    /// By code: the type and the column of each of its fields.
    kinds: Vec<Option<(EventKind, Vec<usize>)>>,
    columns: String,
    texts: KeptTexts<'j>,
}

/// Which agents and payments an event may name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    /// Agents below this number.
    pub(crate) agents: u32,
    /// Payments below this number.
    pub(crate) payments: u32,
    /// Whether those numbers are what the stream has introduced so far, to be counted on.
    pub(crate) is_counted: bool,
}

/// Where the columns that every event has stand.
pub(crate) const ID: usize = 0;
pub(crate) const TICK: usize = 1;
const KIND: usize = 2;
const FIRST_CELL: usize = 3;

impl<'j> Decoder<'j> {
    /// Makes a decoder for a run and the columns that its file has: one that was written under
    /// fewer declarations may lack some.
    pub(crate) fn new(connection: &'j Connection, run: i64) -> rusqlite::Result<Self> {
        let present = schema::event_columns(connection)?;
        let column = |column| {
            if column < present { layout::column_name(column) } else { "NULL".to_owned() }
        };
        let cells: Vec<String> = (0..layout::column_count()).map(column).collect();
        let placed = |kind| (kind, layout::columns_of(kind));
        let kinds = (0..=u8::MAX).map(|code| EventKind::from_code(code).map(placed)).collect();
        let columns = format!("id, tick, kind, {}", cells.join(", "));
        Ok(Self { kinds, columns, texts: KeptTexts::prepare(connection, run)? })
    }

    /// Returns the columns to select.
    pub(crate) fn columns(&self) -> &str {
        &self.columns
    }

    /// Appends the event of a row to the batch, or says what is wrong with the row.
    pub(crate) fn push(
        &mut self,
        row: &Row<'_>,
        batch: &mut EventBatch,
        names: &Names,
        known: &mut Known,
    ) -> Result<(), String> {
        let code = row.get::<_, u8>(KIND).map_err(|error| error.to_string())?;
        let Some(Some((kind, columns))) = self.kinds.get(usize::from(code)) else {
            return Err(format!("an event has the unknown type {code}"));
        };
        self.texts.make_room();
        for (field, column) in kind.spec().fields.iter().zip(columns) {
            if let (FieldType::Text, Ok(ValueRef::Integer(number))) =
                (field.ty, row.get_ref(FIRST_CELL.saturating_add(*column)))
            {
                self.texts.look_up(number)?;
            }
        }
        let texts = &self.texts;
        let mut columns = columns.iter();
        let mut fault = None;
        let cells = |field: &'static FieldSpec| {
            let column = columns.next().map_or(usize::MAX, |at| FIRST_CELL.saturating_add(*at));
            let cell = match (field.ty, cell(row, column)) {
                (FieldType::Text, Some(Cell::Int(number))) => texts.get(number).map(Cell::Text),
                (_, cell) => cell,
            };
            if !cell.is_some_and(|cell| known.admits(field, cell)) {
                fault.get_or_insert(field.name);
            }
            cell.unwrap_or(Cell::Null)
        };
        let event = Event::load(*kind, cells, &mut Loading { batch, names });
        match (event, fault) {
            (Some(event), None) => {
                batch.push(event);
                Ok(())
            }
            (_, Some(field)) => Err(format!("`{field}` of {} is out of range", kind.spec().name)),
            (None, None) => Err(format!("{} has a field that cannot be", kind.spec().name)),
        }
    }
}

impl Known {
    /// Returns whether an event may name whom a cell names, and counts who is new.
    fn admits(&mut self, field: &FieldSpec, cell: Cell<'_>) -> bool {
        let count = match field.ty {
            FieldType::Agent | FieldType::Agents => &mut self.agents,
            FieldType::Payment | FieldType::Payments => &mut self.payments,
            _ => return true,
        };
        let counts_on = field.introduces && self.is_counted;
        let mut admits_one = |number: i64| {
            if counts_on {
                let is_next = number == i64::from(*count);
                *count = count.saturating_add(1);
                return is_next;
            }
            (0..i64::from(*count)).contains(&number)
        };
        match cell {
            Cell::Int(number) => admits_one(number),
            // A list; whether it is one at all is for the event to say.
            Cell::Text(list) => {
                let mut numbers = list.split_ascii_whitespace().map(str::parse);
                numbers.all(|number| number.is_ok_and(&mut admits_one))
            }
            _ => field.nullable,
        }
    }
}

fn cell<'r>(row: &'r Row<'_>, column: usize) -> Option<Cell<'r>> {
    match row.get_ref(column).ok()? {
        ValueRef::Null => Some(Cell::Null),
        ValueRef::Integer(number) => Some(Cell::Int(number)),
        ValueRef::Text(text) => std::str::from_utf8(text).ok().map(Cell::Text),
        ValueRef::Real(number) => number.is_finite().then(|| Cell::Real(Real::new(number))),
        ValueRef::Blob(_) => None,
    }
}
