//! Events as tables.

mod cells;
mod lists;
mod plan;
mod shape;
mod sparse;

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
    table(log.into_iter(), names, Which::Occurring)
}

/// Returns all events of a run as [`events`] does, with the columns of all kinds of the catalogue:
/// tables of different runs have the same columns, whatever happened in them.
pub fn events_of_all_kinds<'a>(
    log: impl IntoIterator<Item = &'a EventBatch, IntoIter: Clone>,
    names: &Names,
) -> Frame {
    table(log.into_iter(), names, Which::All)
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
    table(log.into_iter(), names, Which::One(kind))
}

/// The kinds that a table has columns for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    Occurring,
    All,
    One(EventKind),
}

fn table<'a>(
    log: impl Iterator<Item = &'a EventBatch> + Clone,
    names: &Names,
    which: Which,
) -> Frame {
    let only = if let Which::One(kind) = which { Some(kind) } else { None };
    let is_meant = |event: &Event| only.is_none_or(|kind| event.kind() == kind);
    let mut counts = [0_usize; 256];
    for event in log.clone().flat_map(EventBatch::events) {
        counts[usize::from(event.kind().code())] += 1;
    }
    let occurs = |kind: &EventKind| counts[usize::from(kind.code())] > 0;
    let kinds: Vec<EventKind> = match which {
        Which::One(kind) => vec![kind],
        Which::All => EventKind::ALL.to_vec(),
        Which::Occurring => EventKind::ALL.iter().copied().filter(occurs).collect(),
    };
    let rows = kinds.iter().map(|kind| counts[usize::from(kind.code())]).sum();

    let sharing = if only.is_some() { &kinds } else { EventKind::ALL };
    let plan = Plan::of(&kinds, sharing);
    let parts = parts(rows);
    let mut lengths = parts.iter().copied();
    let mut length = lengths.next().unwrap_or_default();
    let mut stamps = Stamps::of(only.is_none().then_some(&kinds));
    let mut filling = Filling::of(&plan, length, names);
    stamps.reserve(length);
    for batch in log {
        let columns = batch.columns();
        for (seq, event) in (batch.first_seq()..).zip(batch.events()) {
            if !is_meant(event) {
                continue;
            }
            if stamps.rows() == length {
                length = lengths.next().unwrap_or_default();
                stamps.close();
                stamps.reserve(length);
                filling.close(length);
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
    stamps.close();
    filling.close(0);
    let (mut fields, mut columns): (Vec<_>, Vec<_>) = stamps.finish().into_iter().unzip();
    fields.extend(plan.columns.iter().map(plan::Declared::field));
    columns.extend(filling.finish());
    Frame::in_parts(&parts, fields, &columns)
}

/// Rows after which the next part begins: columns without a value in a part cost nothing there.
const PART_ROWS: usize = 1 << 17;

/// Returns how many rows each part has; there is one at least.
fn parts(rows: usize) -> Vec<usize> {
    let mut parts = vec![PART_ROWS; rows / PART_ROWS];
    if parts.is_empty() || !rows.is_multiple_of(PART_ROWS) {
        parts.push(rows % PART_ROWS);
    }
    parts
}

/// What every event has.
#[derive(Default)]
struct Stamps<'a> {
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
    fn of(kinds: Option<&'a Vec<EventKind>>) -> Self {
        let mut numbers = vec![0; 256];
        for (number, kind) in (0..).zip(kinds.into_iter().flatten()) {
            numbers[usize::from(kind.code())] = number;
        }
        Self { kinds, numbers, ..Self::default() }
    }

    /// Returns the number of rows in the open part.
    const fn rows(&self) -> usize {
        self.seq.len()
    }

    fn reserve(&mut self, rows: usize) {
        self.seq.reserve_exact(rows);
        self.tick.reserve_exact(rows);
        self.day.reserve_exact(rows);
        self.kind.reserve_exact(rows);
    }

    /// Appends an event's and returns its row in the open part.
    fn push(&mut self, seq: u64, batch: &EventBatch, event: &Event) -> usize {
        let row = self.seq.len();
        self.seq.push(seq);
        self.tick.push(i64::from(batch.tick().0));
        self.day.push(i64::from(batch.day().0));
        self.kind.push(self.numbers[usize::from(event.kind().code())]);
        row
    }

    fn close(&mut self) {
        let [seq, tick, day] = &mut self.closed;
        seq.push(Arc::new(UInt64Array::from(std::mem::take(&mut self.seq))));
        tick.push(Arc::new(Int64Array::from(std::mem::take(&mut self.tick))));
        day.push(Arc::new(Int64Array::from(std::mem::take(&mut self.day))));
        self.closed_kinds.push(UInt32Array::from(std::mem::take(&mut self.kind)));
    }

    /// Returns the columns with their parts.
    fn finish(self) -> Vec<(Field, Vec<ArrayRef>)> {
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
