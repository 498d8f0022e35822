//! Columns while they are filled.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, LargeStringArray, UInt32Array, UInt64Array,
};
use arrow_buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::Field;
use psim_model::event::{Cell, Names};
use psim_model::{AgentNo, PaymentNo};

use super::lists::Lists;
use super::plan::{Declared, Plan, Reading, Slot};
use super::shape::Shape;
use crate::nulls::Present;
use crate::texts::{self, PaymentIds, Texts};
use crate::words::{self, Words};

/// Values of some rows. Pages of memory that no row touches cost nothing.
#[derive(Clone, Debug)]
struct Sparse<T> {
    values: Vec<T>,
    present: Present,
}

impl<T: Clone> Sparse<T> {
    /// `zero` must be all zero bits, which fresh memory is.
    fn none(rows: usize, zero: T) -> Self {
        Self { values: vec![zero; rows], present: Present::none(rows) }
    }

    fn set(&mut self, row: usize, value: T) {
        self.values[row] = value;
        self.present.set(row);
    }
}

/// The values of one column.
#[derive(Clone, Debug)]
enum Cells {
    Ints(Sparse<i64>),
    Longs(Sparse<u64>),
    Numbers(Sparse<f64>),
    Flags { present: Present, set: Present },
    Agents(Sparse<u32>),
    Payments(Sparse<u128>),
    Words(Sparse<u32>, Words),
    Texts(Sparse<u128>, Texts),
    PaymentLists(Lists<Ids>),
    AgentLists(Lists<Vec<Option<u32>>>),
    AmountLists(Lists<Vec<i64>>),
}

/// Ids of payments one after another.
#[derive(Clone, Debug, Default)]
struct Ids {
    text: Vec<u8>,
    ends: Vec<i64>,
}

impl Cells {
    fn of(declared: &Declared, rows: usize) -> Self {
        match declared.shape {
            Shape::Money | Shape::Tick | Shape::Count => Self::Ints(Sparse::none(rows, 0)),
            Shape::LongCount => Self::Longs(Sparse::none(rows, 0)),
            Shape::Number => Self::Numbers(Sparse::none(rows, 0.0)),
            Shape::Flag => Self::Flags { present: Present::none(rows), set: Present::none(rows) },
            Shape::Agent => Self::Agents(Sparse::none(rows, 0)),
            Shape::Payment => Self::Payments(Sparse::none(rows, 0)),
            Shape::Word => Self::Words(Sparse::none(rows, 0), declared.words.clone()),
            Shape::Text => Self::Texts(Sparse::none(rows, 0), Texts::default()),
            Shape::Payments => Self::PaymentLists(Lists::none(rows)),
            Shape::Agents => Self::AgentLists(Lists::none(rows)),
            Shape::Amounts => Self::AmountLists(Lists::none(rows)),
        }
    }
}

/// All columns while they are filled.
pub(super) struct Filling<'a> {
    rows: usize,
    names: &'a Names,
    agents: usize,
    payments: PaymentIds,
    fields: Vec<Field>,
    cells: Vec<Cells>,
}

impl<'a> Filling<'a> {
    pub(super) fn of(plan: &Plan, rows: usize, names: &'a Names) -> Self {
        Self {
            rows,
            names,
            agents: names.agent_count(),
            payments: PaymentIds::of(names),
            fields: plan.columns.iter().map(Declared::field).collect(),
            cells: plan.columns.iter().map(|column| Cells::of(column, rows)).collect(),
        }
    }

    /// Puts a cell into its column; one that does not fit there stays absent.
    pub(super) fn fill(&mut self, slot: &Slot, row: usize, cell: Cell<'_>) {
        let agents = self.agents;
        let known = |agent: u32| ((agent as usize) < agents).then_some(agent);
        match (&mut self.cells[slot.column], cell) {
            (Cells::Ints(values), Cell::Int(number)) => values.set(row, number),
            (Cells::Payments(values), Cell::Int(number)) => {
                if let Ok(number) = u32::try_from(number) {
                    values.set(row, self.payments.view(PaymentNo(number)));
                }
            }
            (Cells::Agents(values), Cell::Int(number)) => {
                if let Some(agent) = u32::try_from(number).ok().and_then(known) {
                    values.set(row, agent);
                }
            }
            (Cells::Words(values, words), cell) => {
                if let Some(number) = word(words, &slot.reading, cell) {
                    values.set(row, number);
                }
            }
            (Cells::Texts(values, texts), Cell::Text(text)) => {
                if let Some(view) = texts.view(text) {
                    values.set(row, view);
                }
            }
            (Cells::Longs(values), Cell::Int(number)) => values.set(row, number.cast_unsigned()),
            (Cells::Numbers(values), Cell::Real(number)) => values.set(row, number.get()),
            (Cells::Numbers(values), Cell::Int(number)) => {
                let parts = if let Reading::Parts(parts) = slot.reading { parts } else { 1.0 };
                values.set(row, number as f64 / parts);
            }
            (Cells::Flags { present, set }, Cell::Int(flag)) => {
                present.set(row);
                if flag != 0 {
                    set.set(row);
                }
            }
            (Cells::PaymentLists(lists), Cell::Payments(payments)) => {
                lists.begin(row, lists.items.ends.len());
                for payment in payments {
                    lists.items.push(&self.names.payment(*payment));
                }
            }
            (Cells::AgentLists(lists), Cell::Agents(agents)) => {
                lists.begin(row, lists.items.len());
                lists.items.extend(agents.iter().map(|AgentNo(agent)| known(*agent)));
            }
            (Cells::AmountLists(lists), Cell::Amounts(amounts)) => {
                lists.begin(row, lists.items.len());
                lists.items.extend(amounts.iter().map(|amount| amount.minor()));
            }
            _ => {}
        }
    }

    pub(super) fn finish(self) -> Vec<(Field, ArrayRef)> {
        let agents = words::texts(self.names.agents());
        let payments = self.payments.finish();
        let arrays =
            self.cells.into_iter().map(|cells| cells.finish(self.rows, &agents, &payments));
        self.fields.into_iter().zip(arrays).collect()
    }
}

/// Returns the number of the word that a cell holds.
fn word(words: &mut Words, reading: &Reading, cell: Cell<'_>) -> Option<u32> {
    match (reading, cell) {
        (Reading::Words(numbers), Cell::Int(index)) => {
            numbers.get(usize::try_from(index).ok()?).copied()
        }
        (_, Cell::Int(count)) => words.number(&count.cast_unsigned().to_string()),
        (_, Cell::Text(text)) => words.number(text),
        _ => None,
    }
}

impl Ids {
    fn push(&mut self, id: &str) {
        self.text.extend_from_slice(id.as_bytes());
        self.ends.push(i64::try_from(self.text.len()).unwrap_or(i64::MAX));
    }

    fn finish(self) -> ArrayRef {
        let offsets: Vec<i64> = std::iter::once(0).chain(self.ends).collect();
        let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
        Arc::new(LargeStringArray::new(offsets, Buffer::from_vec(self.text), None))
    }
}

impl Cells {
    fn finish(self, rows: usize, agents: &ArrayRef, payments: &Arc<[Buffer]>) -> ArrayRef {
        match self {
            Self::Ints(Sparse { values, present }) => {
                Arc::new(Int64Array::new(values.into(), present.nulls()))
            }
            Self::Longs(Sparse { values, present }) => {
                Arc::new(UInt64Array::new(values.into(), present.nulls()))
            }
            Self::Numbers(Sparse { values, present }) => {
                Arc::new(Float64Array::new(values.into(), present.nulls()))
            }
            Self::Flags { present, set } => {
                Arc::new(BooleanArray::new(set.bits(), present.nulls()))
            }
            Self::Agents(keys) => words::column(keys.keys(), agents.clone()),
            Self::Words(keys, words) => words::column(keys.keys(), words.values()),
            Self::Payments(Sparse { values, present }) => {
                texts::column(values, payments.clone(), present.nulls())
            }
            Self::Texts(Sparse { values, present }, texts) => {
                texts::column(values, texts.finish(), present.nulls())
            }
            Self::PaymentLists(lists) => lists.finish(rows, Ids::finish),
            Self::AgentLists(lists) => lists.finish(rows, |agents_of| {
                words::column(UInt32Array::from(agents_of), agents.clone())
            }),
            Self::AmountLists(lists) => {
                lists.finish(rows, |amounts| Arc::new(Int64Array::from(amounts)))
            }
        }
    }
}

impl Sparse<u32> {
    fn keys(self) -> UInt32Array {
        UInt32Array::new(self.values.into(), self.present.nulls())
    }
}
