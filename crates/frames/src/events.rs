//! Events as tables.

mod cells;
mod lists;
mod plan;
mod shape;

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, UInt32Array, UInt64Array};
use arrow_schema::{DataType, Field};
use psim_model::event::{Event, EventBatch, EventKind, Names};

use crate::column::Column;
use crate::{Frame, words};
use cells::Filling;
use plan::Plan;

/// Returns all events of a run, one row each, in order.
///
/// Columns: `seq`, `tick`, `day`, `event_type`, then the fields of the kinds that occur, in the
/// order of the catalogue. Fields of the same name share a column; a row has values in those of
/// its kind alone. `names` must have observed the batches: an agent it does not know is null.
///
/// A field that is a text or a number in one kind and a word in another (`reason`, `algorithm`) is
/// a word here, numbers written as text; [`events_of`] has each kind's own.
pub fn events<'a>(
    log: impl IntoIterator<Item = &'a EventBatch, IntoIter: Clone>,
    names: &Names,
) -> Frame {
    table(log.into_iter(), names, None)
}

/// Returns the events of one kind, one row each, in order.
///
/// Columns: `seq`, `tick`, `day`, then the fields of the kind, all of them, in its order. `names`
/// must have observed the batches: an agent it does not know is null.
pub fn events_of<'a>(
    kind: EventKind,
    log: impl IntoIterator<Item = &'a EventBatch, IntoIter: Clone>,
    names: &Names,
) -> Frame {
    table(log.into_iter(), names, Some(kind))
}

fn table<'a>(
    log: impl Iterator<Item = &'a EventBatch> + Clone,
    names: &Names,
    only: Option<EventKind>,
) -> Frame {
    let is_meant = |event: &Event| only.is_none_or(|kind| event.kind() == kind);
    let mut counts = [0_usize; 256];
    for event in log.clone().flat_map(EventBatch::events) {
        counts[usize::from(event.kind().code())] += 1;
    }
    let occurs = |kind: &EventKind| counts[usize::from(kind.code())] > 0;
    let kinds: Vec<EventKind> = match only {
        Some(kind) => vec![kind],
        None => EventKind::ALL.iter().copied().filter(occurs).collect(),
    };
    let rows = kinds.iter().map(|kind| counts[usize::from(kind.code())]).sum();

    let plan = Plan::of(&kinds);
    let mut stamps = Stamps::of(rows, only.is_none().then_some(&kinds));
    let mut filling = Filling::of(&plan, rows, names);
    for batch in log {
        let columns = batch.columns();
        for (seq, event) in (batch.first_seq()..).zip(batch.events()) {
            if !is_meant(event) {
                continue;
            }
            let row = stamps.push(seq, batch, event);
            let mut slots = plan.slots(event.kind()).iter();
            event.store(columns, |_, cell| {
                if let Some(slot) = slots.next() {
                    filling.fill(slot, row, cell);
                }
            });
        }
    }
    let mut columns = stamps.finish();
    columns.extend(filling.finish());
    Frame::of(rows, columns)
}

/// What every event has.
struct Stamps<'a> {
    seq: Vec<u64>,
    tick: Vec<i64>,
    day: Vec<i64>,
    kind: Vec<u32>,
    /// The kinds that are told apart, if there can be several, and the number of each by code.
    kinds: Option<&'a Vec<EventKind>>,
    numbers: [u32; 256],
}

impl<'a> Stamps<'a> {
    fn of(rows: usize, kinds: Option<&'a Vec<EventKind>>) -> Self {
        let mut numbers = [0; 256];
        for (number, kind) in (0..).zip(kinds.into_iter().flatten()) {
            numbers[usize::from(kind.code())] = number;
        }
        Self {
            seq: Vec::with_capacity(rows),
            tick: Vec::with_capacity(rows),
            day: Vec::with_capacity(rows),
            kind: Vec::with_capacity(if kinds.is_some() { rows } else { 0 }),
            kinds,
            numbers,
        }
    }

    /// Appends an event's and returns its row.
    fn push(&mut self, seq: u64, batch: &EventBatch, event: &Event) -> usize {
        let row = self.seq.len();
        self.seq.push(seq);
        self.tick.push(i64::from(batch.tick().0));
        self.day.push(i64::from(batch.day().0));
        if self.kinds.is_some() {
            self.kind.push(self.numbers[usize::from(event.kind().code())]);
        }
        row
    }

    fn finish(self) -> Vec<(Field, ArrayRef)> {
        let seq = Column::new("seq", "Place of the event in the run, from 0.");
        let tick = Column::new("tick", "Tick in which it happened, from 0 over all days.").ticks();
        let day = Column::new("day", "Day in which it happened, from 0.");
        let mut columns: Vec<(Field, ArrayRef)> = vec![
            (seq.field(DataType::UInt64, false), Arc::new(UInt64Array::from(self.seq))),
            (tick.field(DataType::Int64, false), Arc::new(Int64Array::from(self.tick))),
            (day.field(DataType::Int64, false), Arc::new(Int64Array::from(self.day))),
        ];
        if let Some(kinds) = self.kinds {
            let values = words::texts(kinds.iter().map(|kind| kind.spec().name));
            let kind = Column::new("event_type", "What happened: the kind of event.");
            columns.push((
                kind.field(words::data_type(), false),
                words::column(UInt32Array::from(self.kind), values),
            ));
        }
        columns
    }
}
