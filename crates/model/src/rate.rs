//! Exact rates: decimals kept to twelve places, applied in 128-bit integers, rounded once.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::money::{Money, Total};

const RATE_PLACES: u32 = 12;
const RATE_SCALE: i128 = 10_i128.pow(RATE_PLACES);
const MULTIPLIER_PLACES: u32 = 4;
const MULTIPLIER_SCALE: i128 = 10_i128.pow(MULTIPLIER_PLACES);
const BPS: i128 = 10_000;

/// A non-negative decimal kept to 12 places, such as a cost per tick or basis points per tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(i64);

/// A decimal from 0 to 1 kept to 12 places, such as a haircut or a share of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fraction(i64);

/// A non-negative decimal of at most 4 places that scales another rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Multiplier(i64);

/// Why a text is not the decimal that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateError {
    /// Not a decimal number.
    NotANumber,
    /// Below zero.
    Negative,
    /// Too large to keep.
    TooLarge,
    /// Above 1, for a fraction.
    AboveOne,
    /// More than 4 decimal places, for a multiplier.
    TooFine,
}

impl fmt::Display for RateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotANumber => "not a decimal number",
            Self::Negative => "below zero",
            Self::TooLarge => "too large",
            Self::AboveOne => "above 1",
            Self::TooFine => "more than 4 decimal places",
        })
    }
}

impl std::error::Error for RateError {}

/// A cost that does not fit 64-bit money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CostOverflow;

impl fmt::Display for CostOverflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a cost does not fit 64-bit minor units")
    }
}

impl std::error::Error for CostOverflow {}

/// Divides and rounds to the nearest integer, halves away from zero; `denominator` is positive.
pub const fn round_ratio(numerator: i128, denominator: i128) -> i128 {
    let quotient = numerator / denominator;
    let remainder = (numerator % denominator).abs();
    if remainder >= denominator - remainder {
        quotient + if numerator < 0 { -1 } else { 1 }
    } else {
        quotient
    }
}

fn cost(numerator: Option<i128>, denominator: i128) -> Result<Money, CostOverflow> {
    let rounded = round_ratio(numerator.ok_or(CostOverflow)?, denominator);
    i64::try_from(rounded).map(Money::from_minor).map_err(|_| CostOverflow)
}

impl Rate {
    /// Decimal places that are kept.
    pub const PLACES: u32 = RATE_PLACES;
    /// No cost.
    pub const ZERO: Self = Self(0);

    /// Takes a count of 10^-12.
    pub const fn from_trillionths(trillionths: i64) -> Option<Self> {
        if trillionths < 0 { None } else { Some(Self(trillionths)) }
    }

    /// Makes the rate numerator / denominator (of plain units), rounded once to 12 places.
    ///
    /// # Errors
    ///
    /// [`RateError`]: a numerator below zero, a denominator not above it, or too large a rate.
    pub fn from_ratio(numerator: i128, denominator: i128) -> Result<Self, RateError> {
        if numerator < 0 || denominator <= 0 {
            return Err(RateError::Negative);
        }
        let scaled = numerator.checked_mul(RATE_SCALE).ok_or(RateError::TooLarge)?;
        let rounded = round_ratio(scaled, denominator);
        i64::try_from(rounded).map(Self).map_err(|_| RateError::TooLarge)
    }

    /// Returns the count of 10^-12.
    pub const fn trillionths(self) -> i64 {
        self.0
    }

    /// Returns the nearest float.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / 1e12
    }

    /// Returns whether nothing is charged.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Returns this many basis points of an amount, rounded once.
    ///
    /// # Errors
    ///
    /// [`CostOverflow`]: it is more than 64 bits hold.
    pub fn of_bps(self, amount: Money) -> Result<Money, CostOverflow> {
        if self.is_zero() || amount == Money::ZERO {
            return Ok(Money::ZERO); // the common case, without a 128-bit division
        }
        cost(i128::from(amount.minor()).checked_mul(i128::from(self.0)), RATE_SCALE * BPS)
    }

    /// Returns this rate times a sum that has already been weighted by two multipliers
    /// (see [`Multiplier::weigh`]), rounded once.
    ///
    /// # Errors
    ///
    /// [`CostOverflow`]: it is more than 64 bits hold.
    pub fn of_weighted(self, weighted: Total) -> Result<Money, CostOverflow> {
        let numerator = weighted.minor().checked_mul(i128::from(self.0));
        cost(numerator, RATE_SCALE * MULTIPLIER_SCALE * MULTIPLIER_SCALE)
    }
}

impl Fraction {
    /// Nothing of it.
    pub const ZERO: Self = Self(0);
    /// All of it.
    pub const ONE: Self = Self(1_000_000_000_000);

    /// Takes a count of 10^-12, from 0 to 10^12.
    pub const fn from_trillionths(trillionths: i64) -> Option<Self> {
        if trillionths < 0 || trillionths > Self::ONE.0 { None } else { Some(Self(trillionths)) }
    }

    /// Returns the count of 10^-12.
    pub const fn trillionths(self) -> i64 {
        self.0
    }

    /// Returns the nearest float.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / 1e12
    }

    /// Returns what is missing to 1.
    #[must_use]
    pub const fn complement(self) -> Self {
        Self(Self::ONE.0 - self.0)
    }

    /// Returns floor(fraction x amount) of a non-negative amount, exactly.
    pub fn floor_of(self, amount: Money) -> Money {
        let exact = i128::from(amount.minor()) * i128::from(self.0);
        let floored = exact.div_euclid(RATE_SCALE);
        Money::from_minor(i64::try_from(floored).expect("Invariant: a share fits its whole"))
    }
}

impl Multiplier {
    /// Decimal places that are kept.
    pub const PLACES: u32 = MULTIPLIER_PLACES;
    /// Units of one.
    pub const SCALE: i128 = MULTIPLIER_SCALE;
    /// Leaves what it scales as it is.
    pub const ONE: Self = Self(10_000);

    /// Returns the nearest float.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / 1e4
    }

    /// Returns `sum` weighted by this and another multiplier, in units of 10^-8, or `None` on
    /// overflow.
    pub fn weigh(self, other: Self, sum: Total) -> Option<Total> {
        let weight = i128::from(self.0).checked_mul(i128::from(other.0))?;
        sum.minor().checked_mul(weight).map(Total::from_minor)
    }
}

/// Gives a stored decimal the checks that a written one gets.
macro_rules! stored_as_integer {
    ($( $type:ident: $checked:expr; )*) => { $(
        impl TryFrom<i64> for $type {
            type Error = RateError;

            fn try_from(stored: i64) -> Result<Self, RateError> {
                let checked: fn(i64) -> Result<Self, RateError> = $checked;
                checked(stored)
            }
        }

        impl From<$type> for i64 {
            fn from(decimal: $type) -> Self {
                decimal.0
            }
        }

        /// A decimal text where people read it, an integer elsewhere.
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    self.0.serialize(serializer)
                }
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
                } else {
                    Self::try_from(i64::deserialize(deserializer)?).map_err(D::Error::custom)
                }
            }
        }
    )* };
}

stored_as_integer! {
    Rate: |stored| Self::from_trillionths(stored).ok_or(RateError::Negative);
    Fraction: |stored| Self::from_trillionths(stored).ok_or(RateError::AboveOne);
    Multiplier: |stored| if stored < 0 { Err(RateError::Negative) } else { Ok(Self(stored)) };
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        parse_decimal(text, RATE_PLACES).map(|decimal| Self(decimal.scaled))
    }
}

impl FromStr for Fraction {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let decimal = parse_decimal(text, RATE_PLACES)?;
        if decimal.scaled > Self::ONE.0 {
            return Err(RateError::AboveOne);
        }
        Ok(Self(decimal.scaled))
    }
}

impl FromStr for Multiplier {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let decimal = parse_decimal(text, MULTIPLIER_PLACES)?;
        if decimal.rounded { Err(RateError::TooFine) } else { Ok(Self(decimal.scaled)) }
    }
}

struct Decimal {
    scaled: i64,
    rounded: bool,
}

/// Reads `12`, `.5`, `1_000.25` or `1.5e-4` exactly, keeping `places` decimals (one rounding).
fn parse_decimal(text: &str, places: u32) -> Result<Decimal, RateError> {
    let text = text.trim();
    let (negative, body) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let (mantissa, exponent) = match body.find(['e', 'E']) {
        Some(at) => {
            let exponent = body[at + 1..].parse::<i32>().map_err(|_| RateError::NotANumber)?;
            (&body[..at], exponent)
        }
        None => (body, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: Vec<u8> =
        whole.bytes().filter(|byte| *byte != b'_').chain(fraction.bytes()).collect();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(RateError::NotANumber);
    }
    if negative && digits.iter().any(|digit| *digit != b'0') {
        return Err(RateError::Negative);
    }
    let fraction_len = i64::try_from(fraction.len()).map_err(|_| RateError::NotANumber)?;
    // Digits of the mantissa that stand before the last kept place.
    let digit_count = i64::try_from(digits.len()).map_err(|_| RateError::NotANumber)?;
    let kept = digit_count - fraction_len + i64::from(exponent) + i64::from(places);
    let mut scaled: i64 = 0;
    let mut place: i64 = 0;
    while place < kept {
        let digit =
            usize::try_from(place).ok().and_then(|at| digits.get(at)).map_or(0, |d| d - b'0');
        scaled = scaled
            .checked_mul(10)
            .and_then(|value| value.checked_add(i64::from(digit)))
            .ok_or(RateError::TooLarge)?;
        place += 1;
        if scaled == 0 && place >= digit_count {
            break;
        }
    }
    let dropped_from = usize::try_from(kept.max(0)).unwrap_or(usize::MAX).min(digits.len());
    let dropped = &digits[dropped_from..];
    let rounded = dropped.iter().any(|digit| *digit != b'0');
    // With a negative `kept` the first dropped digit is an implied zero.
    if kept >= 0 && dropped.first().is_some_and(|digit| *digit >= b'5') {
        scaled = scaled.checked_add(1).ok_or(RateError::TooLarge)?;
    }
    Ok(Decimal { scaled, rounded })
}

fn write_scaled(f: &mut fmt::Formatter<'_>, scaled: i64, places: u32) -> fmt::Result {
    let scale = 10_i64.pow(places);
    let fraction = format!("{:0width$}", scaled % scale, width = places as usize);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        write!(f, "{}", scaled / scale)
    } else {
        write!(f, "{}.{fraction}", scaled / scale)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_scaled(f, self.0, RATE_PLACES)
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_scaled(f, self.0, RATE_PLACES)
    }
}

impl fmt::Display for Multiplier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_scaled(f, self.0, MULTIPLIER_PLACES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_exactly() {
        for (text, trillionths) in [
            ("0", 0),
            ("0.001", 1_000_000_000),
            ("1e-12", 1),
            ("4.9e-13", 0),
            ("5e-13", 1),
            ("0.0000000000005", 1),
            ("1_000.25", 1_000_250_000_000_000),
            (".5", 500_000_000_000),
            ("2E3", 2_000_000_000_000_000),
            ("-0", 0),
            ("1e-40", 0),
            ("0e99999999", 0),
        ] {
            assert_eq!(text.parse::<Rate>(), Ok(Rate(trillionths)), "{text}");
        }
        for (text, error) in [
            ("", RateError::NotANumber),
            (".", RateError::NotANumber),
            ("nan", RateError::NotANumber),
            ("1e", RateError::NotANumber),
            ("-0.1", RateError::Negative),
            ("9223373", RateError::TooLarge),
            ("1e30", RateError::TooLarge),
            ("1e2000000000", RateError::TooLarge),
        ] {
            assert_eq!(text.parse::<Rate>(), Err(error), "{text}");
        }
        assert_eq!("1.0001".parse::<Fraction>(), Err(RateError::AboveOne));
        assert_eq!("1.00005".parse::<Multiplier>(), Err(RateError::TooFine));
        assert_eq!("1.00010".parse::<Multiplier>(), Ok(Multiplier(10_001)));
        let most = "922_337_203_685_477.5807".parse::<Multiplier>();
        assert_eq!(most.map(|it| it.0), Ok(i64::MAX));
        let beyond = "922_337_203_685_477.5808".parse::<Multiplier>();
        assert_eq!(beyond, Err(RateError::TooLarge));
        assert_eq!("0.02".parse::<Fraction>().unwrap().to_string(), "0.02");
    }

    #[test]
    fn halves_round_away_from_zero() {
        for (numerator, denominator, expected) in
            [(5, 10, 1), (4, 10, 0), (-5, 10, -1), (-4, 10, 0), (15, 10, 2), (7, 7, 1), (1, 3, 0)]
        {
            assert_eq!(round_ratio(numerator, denominator), expected);
        }
    }

    #[test]
    fn a_haircut_value_is_exact() {
        let haircut: Fraction = "0.9".parse().unwrap();
        assert_eq!(haircut.complement().floor_of(Money::from_minor(100)), Money::from_minor(10));
    }
}
