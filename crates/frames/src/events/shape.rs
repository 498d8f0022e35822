//! What kind of column a field makes.

use arrow_schema::DataType;
use psim_model::event::FieldType;

use crate::column::{MINOR_UNITS, TICKS};
use crate::words;

/// What a column of events holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Amounts.
    Money,
    /// Moments.
    Tick,
    /// Whole numbers of up to 32 bits.
    Count,
    /// Whole numbers of up to 64 bits.
    LongCount,
    /// Numbers that need not be whole.
    Number,
    Flag,
    Agent,
    Payment,
    Word,
    Text,
    Payments,
    Agents,
    Amounts,
}

impl Shape {
    pub(super) const fn of(ty: FieldType) -> Self {
        match ty {
            FieldType::Agent => Self::Agent,
            FieldType::Payment => Self::Payment,
            FieldType::Money => Self::Money,
            FieldType::Tick => Self::Tick,
            FieldType::Count { bits: ..64 } => Self::Count,
            FieldType::Count { .. } => Self::LongCount,
            FieldType::Flag => Self::Flag,
            FieldType::Fraction | FieldType::Number | FieldType::Decimal { .. } => Self::Number,
            FieldType::Text => Self::Text,
            FieldType::Payments => Self::Payments,
            FieldType::Agents => Self::Agents,
            FieldType::Amounts => Self::Amounts,
            FieldType::Choice(_) => Self::Word,
        }
    }

    /// Returns what holds the values of both; words can hold texts and counts.
    pub(super) fn and(self, other: Self) -> Self {
        if self == other { self } else { Self::Word }
    }

    pub(super) fn data_type(self) -> DataType {
        let list = |item: DataType| DataType::new_large_list(item, true);
        match self {
            Self::Money | Self::Tick | Self::Count => DataType::Int64,
            Self::LongCount => DataType::UInt64,
            Self::Number => DataType::Float64,
            Self::Flag => DataType::Boolean,
            Self::Agent | Self::Word => words::data_type(),
            Self::Payment | Self::Text => DataType::Utf8View,
            Self::Payments => list(DataType::LargeUtf8),
            Self::Agents => list(words::data_type()),
            Self::Amounts => list(DataType::Int64),
        }
    }

    pub(super) const fn unit(self) -> Option<&'static str> {
        match self {
            Self::Money | Self::Amounts => Some(MINOR_UNITS),
            Self::Tick => Some(TICKS),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use psim_model::event::EventKind;

    use super::*;

    #[test]
    fn fields_of_one_name_are_of_one_shape_but_for_these() {
        let mut shapes: BTreeMap<&str, Vec<Shape>> = BTreeMap::new();
        for field in EventKind::ALL.iter().flat_map(|kind| kind.spec().fields) {
            let known = shapes.entry(field.name).or_default();
            let shape = Shape::of(field.ty);
            if !known.contains(&shape) {
                known.push(shape);
            }
        }
        shapes.retain(|_, shapes| shapes.len() > 1);
        // Words take them all; `Filling` knows how to write a count and a text as a word.
        let mixed = [
            ("algorithm", vec![Shape::Word, Shape::Count]),
            ("reason", vec![Shape::Word, Shape::Text]),
        ];
        assert_eq!(shapes, BTreeMap::from(mixed));
    }

    #[test]
    fn no_field_is_named_like_a_stamp() {
        for field in EventKind::ALL.iter().flat_map(|kind| kind.spec().fields) {
            assert!(!["seq", "tick", "day", "event_type"].contains(&field.name), "{}", field.name);
        }
    }
}
