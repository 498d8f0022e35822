//! The words for comparisons and computations, with what they mean.

use super::{Comparison, Operator};

impl Comparison {
    /// All comparisons.
    pub const ALL: [Self; 6] = [
        Self::Equal,
        Self::NotEqual,
        Self::Less,
        Self::LessOrEqual,
        Self::Greater,
        Self::GreaterOrEqual,
    ];

    /// Returns the sign that documents write.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// Returns what it asks, as a sentence.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Equal => "The same, or less than 1e-9 apart; infinities equal themselves.",
            Self::NotEqual => "Not equal, with the same tolerance.",
            Self::Less => "Below.",
            Self::LessOrEqual => "Below, or equal with that tolerance.",
            Self::Greater => "Above.",
            Self::GreaterOrEqual => "Above, or equal with that tolerance.",
        }
    }

    /// Finds a comparison by its sign.
    pub(crate) fn of_sign(sign: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|comparison| comparison.sign() == sign)
    }
}

impl Operator {
    /// All operators.
    pub const ALL: [Self; 12] = [
        Self::Add,
        Self::Subtract,
        Self::Multiply,
        Self::Divide,
        Self::Max,
        Self::Min,
        Self::Ceil,
        Self::Floor,
        Self::Round,
        Self::Abs,
        Self::Clamp,
        Self::DivideOr,
    ];

    /// Returns the word that documents write.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Max => "max",
            Self::Min => "min",
            Self::Ceil => "ceil",
            Self::Floor => "floor",
            Self::Round => "round",
            Self::Abs => "abs",
            Self::Clamp => "clamp",
            Self::DivideOr => "div0",
        }
    }

    /// Returns the keys of its operands, in the order of evaluation; `None` if it takes a list
    /// under `values`.
    pub const fn keys(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Add | Self::Subtract | Self::Multiply | Self::Divide => Some(&["left", "right"]),
            Self::Max | Self::Min => None,
            Self::Ceil | Self::Floor | Self::Round | Self::Abs => Some(&["value"]),
            Self::Clamp => Some(&["value", "min", "max"]),
            Self::DivideOr => Some(&["numerator", "denominator", "default"]),
        }
    }

    /// Returns what it computes, as a sentence.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Add => "Sum.",
            Self::Subtract => "Left less right.",
            Self::Multiply => "Product.",
            Self::Divide => "Left divided by right; a fault if that is below 2.22e-16 in size.",
            Self::Max => "Largest of a list.",
            Self::Min => "Smallest of a list.",
            Self::Ceil => "Up to a whole number.",
            Self::Floor => "Down to a whole number.",
            Self::Round => "To the nearest whole number, half away from 0.",
            Self::Abs => "Without its sign.",
            Self::Clamp => "At least `min`, then at most `max`.",
            Self::DivideOr => "Quotient, or `default` if the denominator is below 1e-9 in size.",
        }
    }

    /// Finds an operator by its word.
    pub(crate) fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.word() == word)
    }
}
