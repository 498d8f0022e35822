//! Conditions.

use psim_policy::{Comparison, Expression};

use super::{Asking, Cause};

impl Asking<'_> {
    /// Returns whether a condition is true; what need not be asked for that is not asked.
    pub(super) fn holds(self, condition: &Expression) -> Result<bool, Cause> {
        match condition {
            Expression::Compare(comparison, left, right) => {
                let left = self.number(left)?;
                let right = self.number(right)?;
                Ok(compare(*comparison, left, right))
            }
            Expression::And(conditions) => {
                for condition in conditions {
                    if !self.holds(condition)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Expression::Or(conditions) => {
                for condition in conditions {
                    if self.holds(condition)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Expression::Not(condition) => Ok(!self.holds(condition)?),
        }
    }
}

fn compare(comparison: Comparison, left: f64, right: f64) -> bool {
    match comparison {
        Comparison::Equal => are_equal(left, right),
        Comparison::NotEqual => !are_equal(left, right),
        Comparison::Less => left < right,
        Comparison::LessOrEqual => left < right || are_equal(left, right),
        Comparison::Greater => left > right,
        Comparison::GreaterOrEqual => left > right || are_equal(left, right),
    }
}

/// Returns whether two numbers are the same, or so near that only rounding can part them.
#[expect(clippy::float_cmp, reason = "infinities equal themselves")]
fn are_equal(left: f64, right: f64) -> bool {
    left == right || (left - right).abs() < 1e-9
}
