//! Compiled trees at work.

mod walk;

use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::actions::Action;
use crate::document::Comparison;
use crate::fields::Field;

/// Where a policy reads numbers.
pub trait Context {
    /// Returns a field; never a NaN. Fields that no node names are never asked for.
    fn field(&mut self, field: Field) -> f64;

    /// Returns a register: which of [`Policy::registers`](crate::Policy::registers).
    fn register(&mut self, register: usize) -> f64;
}

/// Notes the way that was taken.
pub trait Observer {
    /// Whether it takes notes at all.
    const WATCHES: bool = true;

    /// A node was come to: which of [`Policy::node_ids`](crate::Policy::node_ids).
    fn reach(&mut self, node: u32);
}

/// Takes no notes.
#[derive(Clone, Copy, Debug)]
pub struct Unobserved;

impl Observer for Unobserved {
    const WATCHES: bool = false;

    #[inline]
    fn reach(&mut self, _: u32) {}
}

/// The nodes that were come to, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trail(pub Vec<u32>);

impl Observer for Trail {
    fn reach(&mut self, node: u32) {
        self.0.push(node);
    }
}

/// Why a decision could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunFault {
    /// At which node: which of [`Policy::node_ids`](crate::Policy::node_ids).
    pub node: u32,
    /// What happened.
    pub cause: Cause,
}

/// A name out of the tables of actions.
type ParameterName = &'static str;

/// What can happen to a number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Cause {
    /// A divisor is (nearly) 0.
    DivisionByZero,
    /// A result is not a number: infinity less infinity, or 0 times infinity.
    NotANumber,
    /// A parameter of an action is out of its range.
    NotInRange {
        /// Which.
        #[serde(deserialize_with = "known_parameter")]
        parameter: ParameterName,
        /// What it would be.
        value: f64,
        /// Least.
        min: u32,
        /// Most.
        max: u32,
    },
    /// An amount is beyond 64 bits.
    NoAmount {
        /// Which parameter.
        #[serde(deserialize_with = "known_parameter")]
        parameter: ParameterName,
        /// What it would be.
        value: f64,
    },
    /// A register would become infinite.
    Register {
        /// What it would be.
        value: f64,
    },
}

/// Reads the name of a parameter of some action.
fn known_parameter<'de, D: Deserializer<'de>>(input: D) -> Result<&'static str, D::Error> {
    let name = String::deserialize(input)?;
    let mut specs = Action::ALL.iter().map(|action| action.spec());
    let found = specs.find_map(|spec| spec.parameter(&name));
    found.map(|parameter| parameter.name).ok_or_else(|| D::Error::custom("unknown parameter"))
}

impl Cause {
    /// Returns whether two are of one kind, whatever their figures.
    pub fn is_like(&self, other: &Self) -> bool {
        self.kind() == other.kind()
    }

    /// Returns a word for its kind, and the parameter that it is about (empty if about none).
    pub const fn kind(&self) -> (&'static str, &'static str) {
        match self {
            Self::DivisionByZero => ("DivisionByZero", ""),
            Self::NotANumber => ("NotANumber", ""),
            Self::NotInRange { parameter, .. } => ("NotInRange", parameter),
            Self::NoAmount { parameter, .. } => ("NoAmount", parameter),
            Self::Register { .. } => ("Register", ""),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |value: &f64| value + 0.0; // there is one zero for people
        match self {
            Self::DivisionByZero => out.write_str("division by zero"),
            Self::NotANumber => out.write_str("the result is not a number"),
            Self::NotInRange { parameter, value, min, max } => {
                let value = plain(value);
                write!(out, "{parameter} is {value}, which is not from {min} to {max}")
            }
            Self::NoAmount { parameter, value } => {
                write!(out, "{parameter} is {}, which is no amount of money", plain(value))
            }
            Self::Register { value } => write!(out, "the register would be {}", plain(value)),
        }
    }
}

/// Returns an amount in minor units, cut off toward zero: the door from numbers to money.
#[allow(clippy::cast_possible_truncation)] // its range is tested
pub(crate) fn amount(parameter: &'static str, value: f64) -> Result<i64, Cause> {
    const BEYOND: f64 = 9_223_372_036_854_775_808.0; // 2^63
    let cut = value.trunc();
    if (-BEYOND..BEYOND).contains(&cut) {
        Ok(cut as i64)
    } else {
        Err(Cause::NoAmount { parameter, value })
    }
}

/// Returns a whole number, cut off toward zero, in its range.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // its range is tested
pub(crate) fn whole(parameter: &'static str, value: f64, min: u32, max: u32) -> Result<u32, Cause> {
    let cut = value.trunc();
    if (f64::from(min)..=f64::from(max)).contains(&cut) {
        Ok(cut as u32)
    } else {
        Err(Cause::NotInRange { parameter, value, min, max })
    }
}

/// Returns a whole number, cut off toward zero and brought into its range.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // it is in range
pub(crate) fn clamped(value: f64, min: u32, max: u32) -> u32 {
    value.trunc().clamp(f64::from(min), f64::from(max)) as u32
}

/// Returns whether a comparison holds; neither side is a NaN.
#[inline]
pub(crate) fn holds(comparison: Comparison, left: f64, right: f64) -> bool {
    #[allow(clippy::float_cmp)] // infinities equal themselves
    let equal = || left == right || (left - right).abs() < 1e-9;
    match comparison {
        Comparison::Equal => equal(),
        Comparison::NotEqual => !equal(),
        Comparison::Less => left < right,
        Comparison::LessOrEqual => left < right || equal(),
        Comparison::Greater => left > right,
        Comparison::GreaterOrEqual => left > right || equal(),
    }
}
