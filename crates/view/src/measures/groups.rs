//! Payments by priority band, by declared class and by size.
//!
//! A payment belongs where it belonged as it arrived: by the priority it came with and by its
//! amount; the class is the one that was declared last. Parts belong where the payment belongs
//! that was split, so that what settles of a group never exceeds what arrived in it.

use psim_model::event::RtgsPriority;
use psim_model::{PriorityBand, Total};
use serde::Serialize;

use crate::json::minor_units;
use crate::state::Payment;

/// The same figures for each group of payments that there is, the most urgent or smallest first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Groups<T> {
    /// By band of the priority with which payments came: `Urgent` 8 to 10, `Normal` 4 to 7, `Low`
    /// 0 to 3.
    pub by_priority: Vec<BandRow<T>>,
    /// By the class that was declared last.
    pub by_class: Vec<ClassRow<T>>,
    /// By powers of ten of the amount.
    pub by_size: Vec<SizeRow<T>>,
}

/// The figures of a priority band.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BandRow<T> {
    /// The band.
    pub band: PriorityBand,
    /// Its figures.
    #[serde(flatten)]
    pub figures: T,
}

/// The figures of a declared class.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClassRow<T> {
    /// The class.
    pub class: RtgsPriority,
    /// Its figures.
    #[serde(flatten)]
    pub figures: T,
}

/// The figures of the payments of some size.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SizeRow<T> {
    /// The least amount, a power of ten in minor units.
    #[serde(serialize_with = "minor_units")]
    pub from: Total,
    /// Ten times that: no amount is as large.
    #[serde(serialize_with = "minor_units")]
    pub below: Total,
    /// Its figures.
    #[serde(flatten)]
    pub figures: T,
}

/// Figures being gathered by group: a place for each that there can be, since all payments pass.
#[derive(Clone, Debug)]
pub(super) struct Gathering<T> {
    bands: [Option<T>; BANDS.len()],
    classes: [Option<T>; RtgsPriority::ALL.len()],
    /// By the number of digits less one.
    sizes: [Option<T>; DIGITS],
}

/// The bands, the most urgent first.
const BANDS: [PriorityBand; 3] = [PriorityBand::Urgent, PriorityBand::Normal, PriorityBand::Low];
/// Digits that an amount can have.
const DIGITS: usize = i64::MAX.ilog10() as usize + 1;

impl<T: Default> Gathering<T> {
    pub(super) fn new() -> Self {
        Self {
            bands: std::array::from_fn(|_| None),
            classes: std::array::from_fn(|_| None),
            sizes: std::array::from_fn(|_| None),
        }
    }

    /// Changes the figures of the three groups to which a payment that arrived belongs.
    pub(super) fn each(&mut self, whole: &Payment, mut change: impl FnMut(&mut T)) {
        let band = match PriorityBand::of(whole.original_priority) {
            PriorityBand::Urgent => 0,
            PriorityBand::Normal => 1,
            PriorityBand::Low => 2,
        };
        change(self.bands[band].get_or_insert_default());
        change(self.classes[whole.rtgs_priority as usize].get_or_insert_default());
        let digits = whole.amount.minor().checked_ilog10().unwrap_or_default() as usize;
        change(self.sizes[digits].get_or_insert_default());
    }

    /// Returns the groups that have members, with what `finish` makes of their figures.
    pub(super) fn rows<U>(self, finish: impl Fn(T) -> U) -> Groups<U> {
        let bands = BANDS.into_iter().zip(self.bands);
        let classes = RtgsPriority::ALL.iter().copied().zip(self.classes).rev();
        let size = |(digits, figures): (u32, Option<T>)| {
            let from = 10_i128.pow(digits);
            let (from, below) = (Total::from_minor(from), Total::from_minor(10 * from));
            Some(SizeRow { from, below, figures: finish(figures?) })
        };
        Groups {
            by_priority: bands
                .filter_map(|(band, figures)| Some(BandRow { band, figures: finish(figures?) }))
                .collect(),
            by_class: classes
                .filter_map(|(class, figures)| Some(ClassRow { class, figures: finish(figures?) }))
                .collect(),
            by_size: (0..).zip(self.sizes).filter_map(size).collect(),
        }
    }
}
