//! Numbers in sentences, with the unit that what they stand beside gives them.

use super::phrases::{Phrase, phrase};
use crate::document::{Computation, Document, Operator, Value};
use crate::fields::{Field, Unit};
use crate::prose::{grouped, listed, word};
use crate::rtgs_priority::RtgsPriority;

/// What a number is counted in, as far as a sentence shows that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    /// Minor units, written with separators.
    Money,
    /// `5 ticks`
    Ticks,
    /// `0.5 basis points a tick`
    BasisPoints,
    /// `Urgent`
    Class,
    /// By itself.
    Plain,
}

/// Returns what a number is counted in; `None` if it takes that from what it stands beside.
pub(super) fn counted(value: &Value) -> Option<Counted> {
    match value {
        Value::Field(field) => Some(counted_field(*field)),
        Value::Parameter(_) | Value::Number(_) | Value::Flag(_) | Value::Register(_) => None,
        Value::Compute(computation) => {
            let of = |index: usize| computation.operands.get(index).and_then(counted);
            match computation.operator {
                Operator::Multiply => match (of(0), of(1)) {
                    (Some(unit), None | Some(Counted::Plain))
                    | (None | Some(Counted::Plain), Some(unit)) => Some(unit),
                    (None, None) => None,
                    _ => Some(Counted::Plain),
                },
                Operator::Divide | Operator::DivideOr => match (of(0), of(1)) {
                    (unit, None | Some(Counted::Plain)) => unit,
                    _ => Some(Counted::Plain),
                },
                _ => computation.operands.iter().find_map(counted),
            }
        }
    }
}

fn counted_field(field: Field) -> Counted {
    match (phrase(field), field.spec().unit) {
        (Phrase::Class(_), _) => Counted::Class,
        (_, Unit::Money) => Counted::Money,
        (Phrase::Noun(_), Unit::Ticks) => Counted::Ticks,
        (_, Unit::BpsPerTick) => Counted::BasisPoints,
        _ => Counted::Plain,
    }
}

/// Writes numbers of a document as parts of sentences.
#[derive(Clone, Copy)]
pub(super) struct Numbers<'d>(pub(super) &'d Document);

impl Numbers<'_> {
    /// Returns a number as a noun; literals and parameters are counted in `beside`.
    pub(super) fn noun(self, value: &Value, beside: Counted) -> String {
        match value {
            Value::Field(field) => match phrase(*field) {
                Phrase::Noun(noun) | Phrase::Moment(noun) | Phrase::Class(noun) => noun.to_owned(),
                Phrase::Clause(clause) => format!("1 if {} (else 0)", clause.replace("{}", "")),
            },
            Value::Register(name) => format!("the register {}", word(name)),
            Value::Parameter(name) => {
                let number = self.0.parameter(name).unwrap_or(f64::NAN);
                format!("{} ({})", amount(number, beside), word(name))
            }
            Value::Number(number) => amount(*number, beside),
            Value::Flag(flag) => String::from(if *flag { "1" } else { "0" }),
            Value::Compute(computation) => self.computation(computation, beside),
        }
    }

    /// Returns the number that a value always is, if it is written in the document.
    pub(super) fn constant(self, value: &Value) -> Option<f64> {
        match value {
            Value::Number(number) => Some(*number),
            Value::Flag(flag) => Some(f64::from(u8::from(*flag))),
            Value::Parameter(name) => self.0.parameter(name),
            _ => None,
        }
    }

    fn computation(self, computation: &Computation, beside: Counted) -> String {
        let operands = &computation.operands;
        let part = |index: usize, beside: Counted| {
            operands.get(index).map_or_else(String::new, |operand| self.operand(operand, beside))
        };
        let first = |beside| operands.first().map_or_else(String::new, |it| self.noun(it, beside));
        // What is added or compared is counted alike; factors and divisors are not.
        let alike = operands.iter().find_map(counted).unwrap_or(beside);
        let plain = Counted::Plain;
        match computation.operator {
            Operator::Add => self.sum(operands, "plus", alike),
            Operator::Subtract => self.sum(operands, "less", alike),
            Operator::Multiply => match &operands[..] {
                // 0.5 times the balance, and not the balance times 0.5
                [left, right] if counted(left).is_some() && counted(right).is_none() => {
                    format!("{} times {}", self.operand(right, plain), self.operand(left, plain))
                }
                _ => format!("{} times {}", part(0, plain), part(1, plain)),
            },
            Operator::Divide => format!("{} divided by {}", part(0, plain), part(1, plain)),
            Operator::DivideOr => {
                let (dividend, divisor) = (part(0, plain), part(1, plain));
                format!(
                    "{dividend} divided by {divisor} (or {} if the divisor is 0)",
                    part(2, beside)
                )
            }
            Operator::Max => self.extreme(operands, ["larger", "largest"], alike),
            Operator::Min => self.extreme(operands, ["smaller", "smallest"], alike),
            Operator::Ceil => format!("{}, rounded up", first(beside)),
            Operator::Floor => format!("{}, rounded down", first(beside)),
            Operator::Round => format!("{}, rounded", first(beside)),
            Operator::Abs => format!("{} without its sign", part(0, beside)),
            Operator::Clamp => {
                let (least, most) = (part(1, alike), part(2, alike));
                format!("{}, but at least {least} and at most {most}", part(0, alike))
            }
        }
    }

    /// Returns a sum or difference; products in it, and sums it begins with, need no parentheses.
    fn sum(self, operands: &[Value], word: &str, beside: Counted) -> String {
        let [left, right] = operands else { return String::new() };
        let left = match computed(left) {
            Some(Operator::Add | Operator::Subtract | Operator::Multiply) => {
                self.noun(left, beside)
            }
            _ => self.operand(left, beside),
        };
        let right = match computed(right) {
            Some(Operator::Multiply) => self.noun(right, beside),
            _ => self.operand(right, beside),
        };
        format!("{left} {word} {right}")
    }

    fn extreme(self, operands: &[Value], words: [&str; 2], beside: Counted) -> String {
        let nouns: Vec<String> =
            operands.iter().map(|operand| self.operand(operand, beside)).collect();
        match nouns.as_slice() {
            [only] => only.clone(),
            [_, _] => format!("the {} of {}", words[0], listed(&nouns, "and")),
            _ => format!("the {} of {}", words[1], listed(&nouns, "and")),
        }
    }

    /// Returns a number within another; in parentheses if it is computed itself.
    fn operand(self, value: &Value, beside: Counted) -> String {
        let text = self.noun(value, beside);
        if matches!(value, Value::Compute(_)) { format!("({text})") } else { text }
    }
}

/// Returns how a number is computed, if it is.
fn computed(value: &Value) -> Option<Operator> {
    match value {
        Value::Compute(computation) => Some(computation.operator),
        _ => None,
    }
}

fn amount(number: f64, counted: Counted) -> String {
    let text = grouped(number);
    match counted {
        Counted::Ticks if text == "1" => "1 tick".to_owned(),
        Counted::Ticks => format!("{text} ticks"),
        Counted::BasisPoints => format!("{text} basis points a tick"),
        Counted::Class => {
            let class = text.parse().ok().and_then(|class: usize| RtgsPriority::WORDS.get(class));
            class.map_or(text, |word| (*word).to_owned())
        }
        Counted::Money | Counted::Plain => text,
    }
}
