//! The columns that tables of all kinds of events have.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, UInt32Array, UInt64Array};
use arrow_schema::{DataType, Field};
use psim_model::event::{Event, EventBatch, EventKind};

use crate::column::Column;
use crate::words;

/// What every event has.
#[derive(Default)]
pub(super) struct Stamps<'a> {
    seq: Vec<u64>,
    tick: Vec<i64>,
    day: Vec<i64>,
    kind: Vec<u32>,
    /// Parts that are closed, by column.
    closed: [Vec<ArrayRef>; 3],
    closed_kinds: Vec<UInt32Array>,
    /// The kinds that are told apart, if there can be several, and the number of each by code.
    kinds: Option<&'a Vec<EventKind>>,
    numbers: Vec<u32>,
}

impl<'a> Stamps<'a> {
    pub(super) fn of(kinds: Option<&'a Vec<EventKind>>) -> Self {
        let mut numbers = vec![0; 256];
        for (number, kind) in (0..).zip(kinds.into_iter().flatten()) {
            numbers[usize::from(kind.code())] = number;
        }
        Self { kinds, numbers, ..Self::default() }
    }

    /// Returns the number of rows in the open part.
    pub(super) const fn rows(&self) -> usize {
        self.seq.len()
    }

    pub(super) fn reserve(&mut self, rows: usize) {
        self.seq.reserve_exact(rows);
        self.tick.reserve_exact(rows);
        self.day.reserve_exact(rows);
        self.kind.reserve_exact(rows);
    }

    /// Appends an event's and returns its row in the open part.
    pub(super) fn push(&mut self, seq: u64, batch: &EventBatch, event: &Event) -> usize {
        let row = self.seq.len();
        self.seq.push(seq);
        self.tick.push(i64::from(batch.tick().0));
        self.day.push(i64::from(batch.day().0));
        self.kind.push(self.numbers[usize::from(event.kind().code())]);
        row
    }

    pub(super) fn close(&mut self) {
        let [seq, tick, day] = &mut self.closed;
        seq.push(Arc::new(UInt64Array::from(std::mem::take(&mut self.seq))));
        tick.push(Arc::new(Int64Array::from(std::mem::take(&mut self.tick))));
        day.push(Arc::new(Int64Array::from(std::mem::take(&mut self.day))));
        self.closed_kinds.push(UInt32Array::from(std::mem::take(&mut self.kind)));
    }

    /// Returns the columns with their parts.
    pub(super) fn finish(self) -> Vec<(Field, Vec<ArrayRef>)> {
        let seq = Column::new("seq", "Place of the event in the run, from 0.");
        let tick = Column::new("tick", "Tick in which it happened, from 0 over all days.").ticks();
        let day = Column::new("day", "Day in which it happened, from 0.");
        let fields = [
            seq.field(DataType::UInt64, false),
            tick.field(DataType::Int64, false),
            day.field(DataType::Int64, false),
        ];
        let mut columns: Vec<_> = fields.into_iter().zip(self.closed).collect();
        if let Some(kinds) = self.kinds {
            let values = words::texts(kinds.iter().map(|kind| kind.spec().name));
            let kind = Column::new("event_type", "What happened: the kind of event.");
            let keys = self.closed_kinds.into_iter();
            columns.push((
                kind.field(words::data_type(), false),
                keys.map(|keys| words::column(keys, values.clone())).collect(),
            ));
        }
        columns
    }
}
