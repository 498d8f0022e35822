//! What trees ask.

use psim_policy::{Comparison, Expression};

use super::Author;

impl Author<'_> {
    pub(super) fn condition(&mut self, depth: usize) -> Expression {
        if depth == 0 {
            return self.comparison();
        }
        match self.draws.below(8) {
            0 => Expression::And(self.conditions(depth)),
            1 => Expression::Or(self.conditions(depth)),
            2 => Expression::Not(Box::new(self.condition(depth - 1))),
            _ => self.comparison(),
        }
    }

    fn conditions(&mut self, depth: usize) -> Vec<Expression> {
        (0..self.draws.below(4)).map(|_| self.condition(depth - 1)).collect()
    }

    /// Compares something with what may be about as large.
    fn comparison(&mut self) -> Expression {
        let comparison = self.draws.pick(&Comparison::ALL);
        let unit = self.any_unit();
        let left = self.value_in(unit, 2);
        let right = self.value_in(unit, 1);
        if self.draws.once_in(2) {
            Expression::Compare(comparison, left, right)
        } else {
            Expression::Compare(comparison, right, left)
        }
    }
}
