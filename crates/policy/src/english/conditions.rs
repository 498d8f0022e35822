//! Conditions as clauses.

use super::numbers::{Counted, Numbers, counted};
use super::phrases::{Phrase, phrase};
use crate::document::{Comparison, Expression, Value};
use crate::fields::{Field, Unit};

impl Numbers<'_> {
    /// Returns a condition, or its contrary, as what may follow "if".
    pub(super) fn clause(self, expression: &Expression, is_so: bool) -> String {
        match expression {
            Expression::Compare(comparison, left, right) => {
                let comparison = if is_so { *comparison } else { contrary(*comparison) };
                self.comparison(comparison, left, right)
            }
            Expression::Not(inner) => self.clause(inner, !is_so),
            Expression::And(list) | Expression::Or(list) => {
                let all = matches!(expression, Expression::And(_));
                match (list.as_slice(), all == is_so) {
                    ([only], _) => self.clause(only, is_so),
                    ([], true) => "there is nothing to ask".to_owned(),
                    ([], false) => "the impossible happens".to_owned(),
                    (_, true) => self.chain(list, is_so, " and "),
                    (_, false) => self.chain(list, is_so, " or "),
                }
            }
        }
    }

    fn chain(self, list: &[Expression], is_so: bool, word: &str) -> String {
        let clauses: Vec<String> = list
            .iter()
            .map(|inner| {
                let clause = self.clause(inner, is_so);
                if is_chain(inner) { format!("({clause})") } else { clause }
            })
            .collect();
        clauses.join(word)
    }

    fn comparison(self, comparison: Comparison, left: &Value, right: &Value) -> String {
        if self.constant(left).is_some() && self.constant(right).is_none() {
            return self.comparison(mirrored(comparison), right, left);
        }
        let special = self.flag(comparison, left, right);
        if let Some(clause) = special.or_else(|| self.counterparty(comparison, left, right)) {
            return clause;
        }
        let beside = counted(left).or_else(|| counted(right)).unwrap_or(Counted::Plain);
        let verb = match comparison {
            Comparison::Equal => "is",
            Comparison::NotEqual => "is not",
            Comparison::Less => "is below",
            Comparison::LessOrEqual => "is at most",
            Comparison::Greater => "is above",
            Comparison::GreaterOrEqual => "is at least",
        };
        format!("{} {verb} {}", self.noun(left, beside), self.noun(right, beside))
    }

    /// Returns a clause for a yes or no that is compared with 1 or 0.
    fn flag(self, comparison: Comparison, left: &Value, right: &Value) -> Option<String> {
        let Value::Field(field) = left else { return None };
        let Phrase::Clause(clause) = phrase(*field) else { return None };
        let than = self.constant(right)?;
        let holds = |flag: f64| crate::evaluate::holds(comparison, flag, than);
        match (holds(0.0), holds(1.0)) {
            (false, true) => Some(clause.replace("{}", "")),
            (true, false) => Some(clause.replace("{}", "not ")),
            _ => None,
        }
    }

    /// Returns a clause for a ranked counterparty that is compared with 0, which stands for none.
    fn counterparty(self, comparison: Comparison, left: &Value, right: &Value) -> Option<String> {
        let Value::Field(field) = left else { return None };
        let is_ranked = field.spec().unit == Unit::IdHash && *field != Field::TxCounterpartyId;
        let Phrase::Noun(noun) = phrase(*field) else { return None };
        let noun = noun.strip_prefix("the ").filter(|_| is_ranked)?;
        match (comparison, self.constant(right)?) {
            (Comparison::Equal, 0.0) => Some(format!("there is no {noun}")),
            (Comparison::NotEqual, 0.0) => Some(format!("there is a {noun}")),
            _ => None,
        }
    }
}

fn is_chain(expression: &Expression) -> bool {
    match expression {
        Expression::And(list) | Expression::Or(list) => list.len() > 1,
        Expression::Not(inner) => is_chain(inner),
        Expression::Compare(..) => false,
    }
}

const fn contrary(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::Less => Comparison::GreaterOrEqual,
        Comparison::LessOrEqual => Comparison::Greater,
        Comparison::Greater => Comparison::LessOrEqual,
        Comparison::GreaterOrEqual => Comparison::Less,
    }
}

/// Returns the comparison that holds with its sides exchanged.
const fn mirrored(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal | Comparison::NotEqual => comparison,
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
    }
}
