//! Comparisons with a number that stays: the range in which they hold.

use crate::document::Comparison;
use crate::evaluate::holds;

/// The numbers from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Range {
    low: f64,
    high: f64,
}

impl Range {
    const NOTHING: Self = Self { low: f64::INFINITY, high: f64::NEG_INFINITY };

    /// Returns the numbers for which a comparison with another holds; `None` for `NotEqual`, whose
    /// numbers are no range. The ends are found by [`holds`], which says what is nearly equal.
    pub(super) fn of(comparison: Comparison, number: f64) -> Option<Self> {
        let within = match comparison {
            Comparison::NotEqual => return None,
            Comparison::Less => f64::NEG_INFINITY,
            Comparison::Greater => f64::INFINITY,
            Comparison::Equal | Comparison::LessOrEqual | Comparison::GreaterOrEqual => number,
        };
        let holds = |it| holds(comparison, it, number);
        if !holds(within) {
            return Some(Self::NOTHING); // less than the least, more than the most
        }
        let end = |outside| last(rank(within), rank(outside), |rank| holds(ranked(rank)));
        let (low, high) = (end(f64::NEG_INFINITY), end(f64::INFINITY));
        Some(Self { low: ranked(low), high: ranked(high) })
    }

    /// Returns whether a number is one of them.
    #[inline]
    pub(crate) fn contains(self, number: f64) -> bool {
        self.low <= number && number <= self.high
    }
}

/// Returns the last whole number that something holds for, on the way from one that it holds for.
fn last(mut within: i64, end: i64, holds: impl Fn(i64) -> bool) -> i64 {
    if holds(end) {
        return end;
    }
    let mut outside = end;
    loop {
        let middle = within.midpoint(outside);
        if middle == within || middle == outside {
            return within;
        }
        if holds(middle) {
            within = middle;
        } else {
            outside = middle;
        }
    }
}

/// Returns the place of a number among all numbers, ascending.
fn rank(number: f64) -> i64 {
    turned(number.to_bits().cast_signed())
}

/// Returns the number at a place.
fn ranked(rank: i64) -> f64 {
    f64::from_bits(turned(rank).cast_unsigned())
}

/// Turns the order of negative numbers around, there or back: bits count their size.
fn turned(bits: i64) -> i64 {
    if bits < 0 { bits ^ i64::MAX } else { bits }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPARISONS: [Comparison; 5] = [
        Comparison::Equal,
        Comparison::Less,
        Comparison::LessOrEqual,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
    ];

    /// Numbers of all sizes, and what is hard by them.
    fn numbers() -> Vec<f64> {
        let sizes = [0.0, 5e-324, 1e-9, 2e-9, 0.5, 1.0, 3.5, 1e7, 1e15, f64::MAX, f64::INFINITY];
        let both = sizes.iter().flat_map(|size| [*size, -size]);
        let near = |it: f64| [it, it + 1e-9, it - 1e-9, it + 5e-10, it * 1.5];
        let beside = |it: f64| [it.next_down().next_down(), it.next_down(), it, it.next_up()];
        both.flat_map(near).flat_map(beside).collect()
    }

    #[test]
    fn a_number_is_in_range_if_the_comparison_holds() {
        let numbers = numbers();
        for comparison in COMPARISONS {
            for limit in &numbers {
                let range = Range::of(comparison, *limit).expect("it is a range");
                for number in &numbers {
                    let expected = holds(comparison, *number, *limit);
                    let found = range.contains(*number);
                    assert_eq!(found, expected, "{number:e} {comparison:?} {limit:e}: {range:?}");
                }
            }
        }
    }
}
