//! An axis whose labels stand where they are told to.

use std::ops::Range;

use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};

/// A range of numbers, and those of them that are labelled.
#[derive(Clone, Debug)]
pub(super) struct Labelled {
    pub(super) range: Range<f64>,
    pub(super) places: Vec<f64>,
}

impl Ranged for Labelled {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, pixels: (i32, i32)) -> i32 {
        let share = (value - self.range.start) / (self.range.end - self.range.start);
        let length = f64::from(pixels.1) - f64::from(pixels.0);
        #[expect(clippy::cast_possible_truncation, reason = "casts of floats saturate")]
        let offset = (share * length).round() as i32;
        pixels.0.saturating_add(offset)
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.places.clone()
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}
