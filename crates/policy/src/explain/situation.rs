//! A situation that is made up: fields and registers with their values.

use std::collections::BTreeMap;

use crate::document::{REGISTER, Value};
use crate::fields::{ALIASES, Field, Unit};
use crate::nearest::nearest;
use crate::rtgs_priority::RtgsPriority;

/// Fields and registers with their values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Situation {
    fields: BTreeMap<Field, f64>,
    registers: BTreeMap<String, f64>,
}

/// Why a text says no field's value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SituationError {
    /// There is no `=`.
    #[error("`{0}` is not of the form field=value")]
    Form(String),
    /// No field is called so.
    #[error("unknown field `{name}`{}", question(hint.as_deref()))]
    Field {
        /// The name.
        name: String,
        /// The nearest one.
        hint: Option<String>,
    },
    /// It is given already.
    #[error("`{0}` is given twice")]
    Twice(String),
    /// The value is none.
    #[error("`{name}` is a number{words}, not `{value}`")]
    Value {
        /// The field or register.
        name: String,
        /// What else it can be, as a clause.
        words: &'static str,
        /// What was given.
        value: String,
    },
}

fn question(hint: Option<&str>) -> String {
    hint.map_or_else(String::new, |it| format!("; did you mean `{it}`?"))
}

impl Situation {
    /// Reads `field=value,field=value`, each field once. Numbers may have `_` between digits; `inf`
    /// and `-inf` are infinite; yes and no are `true` and `false` too, classes have their names.
    ///
    /// # Errors
    ///
    /// [`SituationError`] for the first part that says nothing.
    pub fn read(&mut self, text: &str) -> Result<(), SituationError> {
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (name, value) =
                part.split_once('=').ok_or_else(|| SituationError::Form(part.to_owned()))?;
            self.set(name.trim(), value.trim())?;
        }
        Ok(())
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), SituationError> {
        let refused =
            |words| SituationError::Value { name: name.to_owned(), words, value: value.to_owned() };
        if name.starts_with(REGISTER) {
            let number = number(value).filter(|number| number.is_finite());
            let number = number.ok_or_else(|| refused(" that is finite"))?;
            let earlier = self.registers.insert(name.to_owned(), number);
            return once(name, earlier);
        }
        let field = Field::named(name).ok_or_else(|| unknown(name))?;
        let (named, words) = match field {
            _ if field.spec().unit == Unit::Flag => (flag(value), " or true or false"),
            Field::RtgsPriority => (class(value), " or Normal, Urgent or HighlyUrgent"),
            _ => (None, ""),
        };
        let number = named.or_else(|| number(value)).ok_or_else(|| refused(words))?;
        once(name, self.fields.insert(field, number))
    }

    /// Returns a field, if it is given.
    pub fn field(&self, field: Field) -> Option<f64> {
        self.fields.get(&field).copied()
    }

    /// Returns a register, 0 if it is not given.
    pub fn register(&self, name: &str) -> f64 {
        self.registers.get(name).copied().unwrap_or(0.0)
    }

    /// Visits the registers that are given.
    pub fn registers(&self) -> impl Iterator<Item = &str> {
        self.registers.keys().map(String::as_str)
    }

    /// Returns a number that a node names, if it is known.
    pub(super) fn value(&self, value: &Value) -> Option<f64> {
        match value {
            Value::Field(field) => self.field(*field),
            Value::Register(name) => Some(self.register(name)),
            _ => None,
        }
    }
}

fn once(name: &str, earlier: Option<f64>) -> Result<(), SituationError> {
    earlier.map_or(Ok(()), |_| Err(SituationError::Twice(name.to_owned())))
}

/// Reads a number; one that is too large for a float is none, and not infinite.
fn number(text: &str) -> Option<f64> {
    let digits = text.replace('_', "");
    let says_so = !digits.contains(|letter: char| letter.is_ascii_digit());
    let number: Option<f64> = digits.parse().ok();
    number.filter(|number| number.is_finite() || number.is_infinite() && says_so)
}

fn flag(text: &str) -> Option<f64> {
    match text {
        "true" | "yes" => Some(1.0),
        "false" | "no" => Some(0.0),
        _ => None,
    }
}

fn class(text: &str) -> Option<f64> {
    RtgsPriority::named(text).map(|class| f64::from(class as u8))
}

fn unknown(name: &str) -> SituationError {
    let names = Field::ALL.iter().map(|field| field.name()).chain(ALIASES.iter().map(|it| it.0));
    let hint = nearest(name, names).map(str::to_owned);
    SituationError::Field { name: name.to_owned(), hint }
}
