//! Which column each field of each kind of event goes to.

use arrow_schema::Field;
use psim_model::Fraction;
use psim_model::event::{EventKind, FieldSpec, FieldType};

use super::shape::Shape;
use crate::column::Column;
use crate::words::Words;

/// Where a field goes, and how its cell is read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Slot {
    pub(super) column: usize,
    pub(super) reading: Reading,
}

/// How the number in a cell becomes a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reading {
    /// It is the value.
    Plain,
    /// It counts parts of one, of which there are so many.
    Parts(f64),
    /// It is the index of a word, which has this number in the column.
    Words(Vec<u32>),
}

/// A column to be filled.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    /// The words that choices can be, each once.
    pub(super) words: Words,
    /// What the fields say of themselves, each with the kinds that say it.
    docs: Vec<(&'static str, Vec<&'static str>)>,
}

/// The columns of some kinds of events.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    pub(super) columns: Vec<Declared>,
    /// By code, the slots of a kind's fields in order.
    slots: Vec<Vec<Slot>>,
}

impl Plan {
    /// Gives each field name of the kinds a column, which could hold the fields of this name of all
    /// kinds in `sharing`: so its type does not depend on what happens in a run.
    pub(super) fn of(kinds: &[EventKind], sharing: &[EventKind]) -> Self {
        let mut plan = Self::default();
        plan.slots.resize(256, Vec::new());
        for kind in kinds {
            let slots = kind.spec().fields.iter().map(|field| plan.slot(*kind, field, sharing));
            let slots = slots.collect();
            plan.slots[usize::from(kind.code())] = slots;
        }
        plan
    }

    /// Returns where the fields of a kind go, in their order.
    pub(super) fn slots(&self, kind: EventKind) -> &[Slot] {
        &self.slots[usize::from(kind.code())]
    }

    fn slot(&mut self, kind: EventKind, field: &'static FieldSpec, sharing: &[EventKind]) -> Slot {
        let known = self.columns.iter().position(|column| column.name == field.name);
        let column = known.unwrap_or_else(|| {
            let fields = sharing.iter().flat_map(|kind| kind.spec().fields);
            let same = fields.filter(|other| other.name == field.name);
            let shapes = same.map(|other| Shape::of(other.ty));
            let shape = shapes.fold(Shape::of(field.ty), Shape::and);
            let (words, docs) = (Words::default(), Vec::new());
            self.columns.push(Declared { name: field.name, shape, words, docs });
            self.columns.len() - 1
        });
        let declared = &mut self.columns[column];
        declared.say(kind, field.doc.trim());
        let reading = match field.ty {
            FieldType::Fraction => Reading::Parts(Fraction::ONE.trillionths() as f64),
            FieldType::Decimal { places } => Reading::Parts(10_u64.pow(places) as f64),
            FieldType::Choice(words) => {
                let numbers = words.iter().filter_map(|(word, _)| declared.words.number(word));
                Reading::Words(numbers.collect())
            }
            _ => Reading::Plain,
        };
        Slot { column, reading }
    }
}

impl Declared {
    fn say(&mut self, kind: EventKind, doc: &'static str) {
        let name = kind.spec().name;
        match self.docs.iter_mut().find(|(known, _)| *known == doc) {
            Some((_, kinds)) => kinds.push(name),
            None => self.docs.push((doc, vec![name])),
        }
    }

    /// Returns the field of the schema; where kinds say different things, each is named.
    pub(super) fn field(&self) -> Field {
        let doc = match &*self.docs {
            [(doc, _)] => (*doc).to_owned(),
            docs => {
                let says =
                    |(doc, kinds): &(&str, Vec<&str>)| format!("{}: {doc}", kinds.join(", "));
                docs.iter().map(says).collect::<Vec<_>>().join("\n")
            }
        };
        let column = Column::new(self.name, doc);
        let column = match self.shape.unit() {
            Some(unit) => column.unit(unit),
            None => column,
        };
        column.field(self.shape.data_type(), true)
    }
}
