//! Columns while they are filled.

use std::sync::Arc;

use arrow_array::types::{ArrowPrimitiveType, Float64Type, Int64Type, UInt64Type};
use arrow_array::{
    ArrayRef, BooleanArray, Int64Array, LargeStringArray, PrimitiveArray, UInt32Array,
};
use arrow_buffer::{ArrowNativeType, BooleanBuffer, Buffer, OffsetBuffer, ScalarBuffer};
use psim_model::event::{Cell, Names};
use psim_model::{AgentNo, PaymentNo};

use super::lists::Lists;
use super::plan::{Declared, Plan, Reading, Slot};
use super::shape::Shape;
use super::sparse::{Part, Sparse};
use crate::nulls::Nothing;
use crate::texts::{self, PaymentIds, Texts};
use crate::words::{self, Words};

/// The values of one column.
#[derive(Clone, Debug)]
enum Cells {
    Ints(Sparse<i64>),
    Longs(Sparse<u64>),
    Numbers(Sparse<f64>),
    Flags(Sparse<u8>),
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
    fn of(declared: &Declared) -> Self {
        match declared.shape {
            Shape::Money | Shape::Tick | Shape::Count => Self::Ints(Sparse::none()),
            Shape::LongCount => Self::Longs(Sparse::none()),
            Shape::Number => Self::Numbers(Sparse::none()),
            Shape::Flag => Self::Flags(Sparse::none()),
            Shape::Agent => Self::Agents(Sparse::none()),
            Shape::Payment => Self::Payments(Sparse::none()),
            Shape::Word => Self::Words(Sparse::none(), declared.words.clone()),
            Shape::Text => Self::Texts(Sparse::none(), Texts::default()),
            Shape::Payments => Self::PaymentLists(Lists::none()),
            Shape::Agents => Self::AgentLists(Lists::none()),
            Shape::Amounts => Self::AmountLists(Lists::none()),
        }
    }
}

/// All columns while they are filled, part by part.
pub(super) struct Filling<'a> {
    /// Rows that the open part will have.
    rows: usize,
    names: &'a Names,
    known: usize,
    agents: ArrayRef,
    payments: PaymentIds,
    nothing: Nothing,
    cells: Vec<Cells>,
}

impl<'a> Filling<'a> {
    /// Begins with a part of `rows`, and no later part will have more.
    pub(super) fn of(plan: &Plan, rows: usize, names: &'a Names) -> Self {
        Self {
            rows,
            names,
            known: names.agent_count(),
            agents: words::texts(names.agents()),
            payments: PaymentIds::of(names),
            nothing: Nothing::of(rows),
            cells: plan.columns.iter().map(Cells::of).collect(),
        }
    }

    /// Closes the open part and begins one that will have `next` rows.
    pub(super) fn close(&mut self, next: usize) {
        for cells in &mut self.cells {
            cells.close(self.rows, &self.nothing, &self.agents);
        }
        self.rows = next;
    }

    /// Puts a cell into its column; one that does not fit there stays absent.
    pub(super) fn fill(&mut self, slot: &Slot, row: usize, cell: Cell<'_>) {
        let (count, rows) = (self.known, self.rows);
        let known = |agent: u32| ((agent as usize) < count).then_some(agent);
        match (&mut self.cells[slot.column], cell) {
            (Cells::Ints(values), Cell::Int(number)) => values.set(row, rows, number),
            (Cells::Payments(values), Cell::Int(number)) => {
                if let Ok(number) = u32::try_from(number) {
                    values.set(row, rows, self.payments.view(PaymentNo(number)));
                }
            }
            (Cells::Agents(values), Cell::Int(number)) => {
                if let Some(agent) = u32::try_from(number).ok().and_then(known) {
                    values.set(row, rows, agent);
                }
            }
            (Cells::Words(values, words), cell) => {
                if let Some(number) = word(words, &slot.reading, cell) {
                    values.set(row, rows, number);
                }
            }
            (Cells::Texts(values, texts), Cell::Text(text)) => {
                if let Some(view) = texts.view(text) {
                    values.set(row, rows, view);
                }
            }
            (Cells::Longs(values), Cell::Int(number)) => {
                values.set(row, rows, number.cast_unsigned());
            }
            (Cells::Numbers(values), Cell::Real(number)) => values.set(row, rows, number.get()),
            (Cells::Numbers(values), Cell::Int(number)) => {
                let parts = if let Reading::Parts(parts) = slot.reading { parts } else { 1.0 };
                values.set(row, rows, number as f64 / parts);
            }
            (Cells::Flags(values), Cell::Int(flag)) => {
                values.set(row, rows, u8::from(flag != 0));
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

    /// Returns the parts of each column.
    pub(super) fn finish(self) -> Vec<Vec<ArrayRef>> {
        let payments = self.payments.finish();
        self.cells.into_iter().map(|cells| cells.finish(&self.agents, &payments)).collect()
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
    fn close(&mut self, rows: usize, nothing: &Nothing, agents: &ArrayRef) {
        match self {
            Self::Ints(values) => values.close(rows, nothing),
            Self::Longs(values) => values.close(rows, nothing),
            Self::Numbers(values) => values.close(rows, nothing),
            Self::Flags(values) => values.close(rows, nothing),
            Self::Agents(keys) | Self::Words(keys, _) => keys.close(rows, nothing),
            Self::Payments(views) | Self::Texts(views, _) => views.close(rows, nothing),
            Self::PaymentLists(lists) => lists.close(rows, Ids::finish),
            Self::AgentLists(lists) => {
                lists.close(rows, |keys| words::column(UInt32Array::from(keys), agents.clone()));
            }
            Self::AmountLists(lists) => {
                lists.close(rows, |amounts| Arc::new(Int64Array::from(amounts)));
            }
        }
    }

    fn finish(self, agents: &ArrayRef, payments: &Arc<[Buffer]>) -> Vec<ArrayRef> {
        match self {
            Self::Ints(values) => numbers::<Int64Type>(values),
            Self::Longs(values) => numbers::<UInt64Type>(values),
            Self::Numbers(values) => numbers::<Float64Type>(values),
            Self::Flags(values) => each(values, |(values, nulls)| {
                let set = BooleanBuffer::collect_bool(values.len(), |row| values[row] != 0);
                Arc::new(BooleanArray::new(set, nulls))
            }),
            Self::Agents(keys) => of_words(keys, agents),
            Self::Words(keys, words) => of_words(keys, &words.values()),
            Self::Payments(views) => of_texts(views, payments),
            Self::Texts(views, texts) => of_texts(views, &texts.finish()),
            Self::PaymentLists(lists) => lists.parts(),
            Self::AgentLists(lists) => lists.parts(),
            Self::AmountLists(lists) => lists.parts(),
        }
    }
}

fn each<T: ArrowNativeType>(
    values: Sparse<T>,
    array: impl FnMut(Part<T>) -> ArrayRef,
) -> Vec<ArrayRef> {
    values.parts().into_iter().map(array).collect()
}

fn numbers<T: ArrowPrimitiveType>(values: Sparse<T::Native>) -> Vec<ArrayRef> {
    each(values, |(values, nulls)| Arc::new(PrimitiveArray::<T>::new(values, nulls)))
}

fn of_words(keys: Sparse<u32>, words: &ArrayRef) -> Vec<ArrayRef> {
    each(keys, |(keys, nulls)| words::column(UInt32Array::new(keys, nulls), words.clone()))
}

fn of_texts(views: Sparse<u128>, buffers: &Arc<[Buffer]>) -> Vec<ArrayRef> {
    each(views, |(views, nulls)| texts::column(views, buffers.clone(), nulls))
}
