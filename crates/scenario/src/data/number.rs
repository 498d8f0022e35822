//! Whole and decimal numbers out of bytes, without allocation.

/// Why a cell is not the number that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberFault {
    NotANumber,
    /// A number with a decimal point where a whole one is wanted.
    NotWhole,
    TooLarge,
    /// More decimal places than the currency has.
    TooFine,
}

impl NumberFault {
    /// Says it of a number that has no places at all.
    pub(super) const fn of_whole(self) -> Self {
        match self {
            Self::TooFine => Self::NotWhole,
            other => other,
        }
    }
}

/// A decimal number as some files store it: `unscaled` x 10^-`scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    pub(super) unscaled: i128,
    pub(super) scale: u32,
}

impl Decimal {
    /// Returns it as units of 10^-`places`, exactly.
    pub(super) fn minor(self, places: u8) -> Result<i64, NumberFault> {
        let places = u32::from(places);
        let power = |exponent| 10_i128.checked_pow(exponent);
        let minor = if let Some(missing) = places.checked_sub(self.scale) {
            power(missing).and_then(|unit| self.unscaled.checked_mul(unit))
        } else {
            // A power too large for 128 bits is larger than the number itself.
            let unit = power(self.scale.saturating_sub(places)).unwrap_or(i128::MAX);
            if self.unscaled.checked_rem(unit) != Some(0) {
                return Err(NumberFault::TooFine);
            }
            self.unscaled.checked_div(unit)
        };
        minor.and_then(|minor| i64::try_from(minor).ok()).ok_or(NumberFault::TooLarge)
    }
}

/// Returns whether the character at `at` is a `_` between two digits.
fn is_separator(digits: &[u8], at: usize) -> bool {
    let digit =
        |at: Option<usize>| at.and_then(|at| digits.get(at)).is_some_and(u8::is_ascii_digit);
    digits.get(at) == Some(&b'_') && digit(at.checked_sub(1)) && digit(at.checked_add(1))
}

/// Reads a whole number with an optional sign; `_` may stand between digits.
pub(super) fn whole(cell: &[u8]) -> Result<i64, NumberFault> {
    let (negative, digits) = sign(cell);
    if digits.is_empty() {
        return Err(NumberFault::NotANumber);
    }
    let mut value: i64 = 0;
    let mut fits = true;
    for (at, byte) in digits.iter().enumerate() {
        if !byte.is_ascii_digit() {
            if is_separator(digits, at) {
                continue;
            }
            let decimal = digits.iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','));
            let fault = if decimal { NumberFault::NotWhole } else { NumberFault::NotANumber };
            return Err(fault);
        }
        match push_digit(value, *byte) {
            Some(next) => value = next,
            None => fits = false,
        }
    }
    if !fits {
        return Err(NumberFault::TooLarge);
    }
    Ok(if negative { value.saturating_neg() } else { value })
}

/// Reads an amount in major units as minor units, exactly; digits beyond `places` must be zeros.
pub(super) fn decimal(cell: &[u8], places: u8) -> Result<i64, NumberFault> {
    let (negative, digits) = sign(cell);
    let mut value: i64 = 0;
    let mut after_point: Option<u8> = None;
    let mut any = false;
    let (mut fits, mut fine) = (true, false);
    for (at, byte) in digits.iter().enumerate() {
        match (byte, after_point) {
            (b'_', None) if is_separator(digits, at) => {}
            (b'.', None) => after_point = Some(0),
            (b'0'..=b'9', Some(count)) if count >= places => {
                any = true;
                fine |= *byte != b'0';
            }
            (b'0'..=b'9', count) => {
                any = true;
                after_point = count.map(|count| count.saturating_add(1));
                match push_digit(value, *byte) {
                    Some(next) => value = next,
                    None => fits = false,
                }
            }
            _ => return Err(NumberFault::NotANumber),
        }
    }
    if !any {
        return Err(NumberFault::NotANumber);
    }
    for _ in after_point.unwrap_or(0)..places {
        match value.checked_mul(10) {
            Some(next) => value = next,
            None => fits = false,
        }
    }
    match (fits, fine) {
        (false, _) => Err(NumberFault::TooLarge),
        (_, true) => Err(NumberFault::TooFine),
        _ => Ok(if negative { value.saturating_neg() } else { value }),
    }
}

fn sign(cell: &[u8]) -> (bool, &[u8]) {
    match cell {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, cell),
    }
}

fn push_digit(value: i64, digit: u8) -> Option<i64> {
    value.checked_mul(10)?.checked_add(i64::from(digit.wrapping_sub(b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_read_or_refused_with_a_reason() {
        for (cell, expected) in [
            ("0", Ok(0)),
            ("-12", Ok(-12)),
            ("+7", Ok(7)),
            ("9223372036854775807", Ok(i64::MAX)),
            ("9223372036854775808", Err(NumberFault::TooLarge)),
            ("99999999999999999999", Err(NumberFault::TooLarge)),
            ("", Err(NumberFault::NotANumber)),
            ("-", Err(NumberFault::NotANumber)),
            ("1.5", Err(NumberFault::NotWhole)),
            ("1,500", Err(NumberFault::NotWhole)),
            ("1e3", Err(NumberFault::NotANumber)),
            ("12a", Err(NumberFault::NotANumber)),
            ("1_000", Ok(1_000)),
            ("-1_2_3", Ok(-123)),
            ("1__0", Err(NumberFault::NotANumber)),
            ("_1", Err(NumberFault::NotANumber)),
            ("1_", Err(NumberFault::NotANumber)),
        ] {
            assert_eq!(whole(cell.as_bytes()), expected, "{cell}");
        }
    }

    #[test]
    fn decimal_amounts_are_exact() {
        for (cell, places, expected) in [
            ("12.34", 2, Ok(1_234)),
            ("12", 2, Ok(1_200)),
            (".5", 2, Ok(50)),
            ("5.", 2, Ok(500)),
            ("1.230", 2, Ok(123)),
            ("1.234", 2, Err(NumberFault::TooFine)),
            ("7", 0, Ok(7)),
            ("7.5", 0, Err(NumberFault::TooFine)),
            ("-0.01", 2, Ok(-1)),
            ("92233720368547758.07", 2, Ok(i64::MAX)),
            ("92233720368547758.08", 2, Err(NumberFault::TooLarge)),
            (".", 2, Err(NumberFault::NotANumber)),
            ("1.2.3", 2, Err(NumberFault::NotANumber)),
            ("1,5", 2, Err(NumberFault::NotANumber)),
            ("1_000.25", 2, Ok(100_025)),
            ("1_.25", 2, Err(NumberFault::NotANumber)),
            ("1.2_5", 2, Err(NumberFault::NotANumber)),
        ] {
            assert_eq!(decimal(cell.as_bytes(), places), expected, "{cell}");
        }
    }

    #[test]
    fn stored_decimals_are_exact() {
        for (unscaled, scale, places, expected) in [
            (1_234, 2, 2, Ok(1_234)),
            (1_234, 2, 4, Ok(123_400)),
            (1_230, 3, 2, Ok(123)),
            (1_234, 3, 2, Err(NumberFault::TooFine)),
            (-5, 0, 2, Ok(-500)),
            (i128::MAX, 2, 2, Err(NumberFault::TooLarge)),
            (i128::MAX, 0, 9, Err(NumberFault::TooLarge)),
            (5, 60, 2, Err(NumberFault::TooFine)),
            (0, 60, 2, Ok(0)),
        ] {
            assert_eq!(Decimal { unscaled, scale }.minor(places), expected, "{unscaled}e-{scale}");
        }
    }

    /// Scenario files and data files take the same texts for whole numbers, and for the same ones.
    #[test]
    fn whole_numbers_are_the_same_in_scenarios_and_in_data() {
        use crate::scalar::read;
        use crate::shape::Kind;
        use crate::typed::Typed;

        let kind = Kind::Int { min: i128::from(-i64::MAX), max: i128::from(i64::MAX) };
        for text in [
            "0",
            "-0",
            "+0",
            "007",
            "1_000",
            "1__000",
            "_1",
            "1_",
            "-_1",
            "+1_2_3",
            "-1",
            "+1",
            "--1",
            "+-1",
            "",
            "-",
            "_",
            "1.0",
            "1,000",
            "1e3",
            "0x10",
            " 1",
            "1 ",
            "\u{661}",
            "9223372036854775807",
            "-9223372036854775807",
            "9223372036854775808",
            "340282366920938463463374607431768211456",
        ] {
            let of_scenario = match read(&kind, text, false) {
                Ok(Typed::Int(value)) => i64::try_from(value).ok(),
                _ => None,
            };
            assert_eq!(of_scenario, whole(text.as_bytes()).ok(), "{text:?}");
        }
    }
}
