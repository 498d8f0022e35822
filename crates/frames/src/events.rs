//! Events as tables.

mod cells;
mod lists;
mod plan;
mod shape;
mod sparse;
mod stamps;

use arrow_array::ArrayRef;
use arrow_schema::Field;
use psim_model::event::{Event, EventBatch, EventKind, Names};

use crate::Frame;
use cells::Filling;
use plan::Plan;
use stamps::Stamps;

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

impl Which {
    fn kinds(self, counts: &Counts) -> Vec<EventKind> {
        match self {
            Self::One(kind) => vec![kind],
            Self::All => EventKind::ALL.to_vec(),
            Self::Occurring => {
                EventKind::ALL.iter().copied().filter(|kind| counts.of(*kind) > 0).collect()
            }
        }
    }

    /// Returns whether a table has rows for a kind.
    fn has(self, kind: EventKind) -> bool {
        !matches!(self, Self::One(only) if only != kind)
    }
}

/// How often each kind occurs, by its code.
struct Counts([usize; 256]);

impl Counts {
    fn in_log<'a>(log: impl Iterator<Item = &'a EventBatch>) -> Self {
        let mut counts = [0; 256];
        for event in log.flat_map(EventBatch::events) {
            counts[usize::from(event.kind().code())] += 1;
        }
        Self(counts)
    }

    const fn of(&self, kind: EventKind) -> usize {
        self.0[kind.code() as usize]
    }
}

fn table<'a>(
    log: impl Iterator<Item = &'a EventBatch> + Clone,
    names: &Names,
    which: Which,
) -> Frame {
    let counts = Counts::in_log(log.clone());
    let kinds = which.kinds(&counts);
    let told_apart = !matches!(which, Which::One(_));
    let plan = Plan::of(&kinds, if told_apart { EventKind::ALL } else { &kinds });
    let parts = parts(kinds.iter().map(|kind| counts.of(*kind)).sum());
    let stamps = Stamps::of(told_apart.then_some(&kinds));
    let mut rows = Rows::of(&plan, stamps, &parts, names);
    for batch in log {
        for (seq, event) in (batch.first_seq()..).zip(batch.events()) {
            if which.has(event.kind()) {
                rows.push(seq, batch, event);
            }
        }
    }
    let (fields, columns) = rows.finish();
    Frame::in_parts(&parts, fields, &columns)
}

/// A table that is filled row by row and part by part.
struct Rows<'a> {
    plan: &'a Plan,
    stamps: Stamps<'a>,
    filling: Filling<'a>,
    /// Rows of the open part.
    length: usize,
    /// Rows of the parts that follow.
    lengths: std::slice::Iter<'a, usize>,
}

impl<'a> Rows<'a> {
    fn of(plan: &'a Plan, mut stamps: Stamps<'a>, parts: &'a [usize], names: &'a Names) -> Self {
        let mut lengths = parts.iter();
        let length = lengths.next().copied().unwrap_or_default();
        stamps.reserve(length);
        Self { plan, stamps, filling: Filling::of(plan, length, names), length, lengths }
    }

    fn push(&mut self, seq: u64, batch: &EventBatch, event: &Event) {
        if self.stamps.rows() == self.length {
            self.next_part();
        }
        let row = self.stamps.push(seq, batch, event);
        let mut slots = self.plan.slots(event.kind()).iter();
        event.store(batch.columns(), |_, cell| {
            if let Some(slot) = slots.next() {
                self.filling.fill(slot, row, cell);
            }
        });
    }

    fn next_part(&mut self) {
        self.length = self.lengths.next().copied().unwrap_or_default();
        self.stamps.close();
        self.stamps.reserve(self.length);
        self.filling.close(self.length);
    }

    /// Returns the fields and the columns, each with its parts.
    fn finish(mut self) -> (Vec<Field>, Vec<Vec<ArrayRef>>) {
        self.stamps.close();
        self.filling.close(0);
        let (mut fields, mut columns): (Vec<_>, Vec<_>) = self.stamps.finish().into_iter().unzip();
        fields.extend(self.plan.columns.iter().map(plan::Declared::field));
        columns.extend(self.filling.finish());
        (fields, columns)
    }
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
