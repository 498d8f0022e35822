//! Amounts, counts, shares and clock times as people read them.

use psim_model::{Calendar, Currency, Tick, Total, round_ratio};

/// Returns an amount in the currency's major unit: `EUR 1,234,567.89`, or just the number where
/// the currency has no code.
pub fn amount(value: impl Into<Total>, currency: &Currency) -> String {
    with_code(&bare_amount(value, currency), currency)
}

/// Returns a number of major units behind the currency's code, if it has one.
pub(crate) fn with_code(number: &str, currency: &Currency) -> String {
    match currency.code.as_str() {
        "" => number.to_owned(),
        code => format!("{code} {number}"),
    }
}

/// Returns an amount in the currency's major unit without the currency's code.
pub fn bare_amount(value: impl Into<Total>, currency: &Currency) -> String {
    let minor = value.into().minor();
    let decimals = usize::from(currency.decimals);
    let digits = format!("{:0>width$}", minor.unsigned_abs(), width = decimals + 1);
    let (major, fraction) = digits.split_at(digits.len() - decimals);
    let mut text = String::from(if minor < 0 { "-" } else { "" });
    text.push_str(&grouped(major));
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// Returns a number that need not be whole as documents have it: `3.5`, `-2`, `1e300`.
pub(crate) fn plain_number(number: f64) -> String {
    const LARGE: f64 = 1e15;
    const SMALL: f64 = 1e-6;
    let size = number.abs();
    if size == 0.0 || (SMALL..LARGE).contains(&size) {
        number.to_string()
    } else {
        format!("{number:e}")
    }
}

/// Returns a text in quotes, on one line.
pub(crate) fn quoted(text: &str) -> String {
    format!("{text:?}")
}

/// Returns a number of things with thousands separators: `409,444`.
pub fn count(number: u64) -> String {
    grouped(&number.to_string())
}

/// Returns digits with thousands separators.
pub fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns how many percent of `whole` a part is: `99.89 %`, or `-` where `whole` is nothing.
///
/// Two decimals, or as many (up to nine) as it takes not to round a part to the whole or to
/// nothing; only the whole is ever shown as 100 %.
pub fn percent(part: impl Into<Total>, whole: impl Into<Total>) -> String {
    const MOST_DECIMALS: u32 = 9;
    let (mut part, mut whole) = (part.into().minor(), whole.into().minor());
    if whole <= 0 {
        return "-".to_owned();
    }
    let (is_nothing, is_whole) = (part == 0, part == whole);
    // 80 bits show every decimal and leave room for the products.
    let bits = u128::BITS - part.unsigned_abs().max(whole.unsigned_abs()).leading_zeros();
    let shift = bits.saturating_sub(80);
    (part, whole) = (part >> shift, (whole >> shift).max(1));
    let mut decimals = 2;
    loop {
        let hundred = 100 * 10_i128.pow(decimals);
        let scaled = round_ratio(part * hundred, whole);
        let is_honest = (scaled != hundred || is_whole) && (scaled != 0 || is_nothing);
        if is_honest || decimals == MOST_DECIMALS {
            let shown = match (is_honest, scaled) {
                (true, _) => scaled,
                (false, 0) => 1,
                (false, _) => hundred - 1,
            };
            let places = u8::try_from(decimals).unwrap_or(u8::MAX);
            let style = Currency { code: String::new(), decimals: places };
            return format!("{} %", bare_amount(Total::from_minor(shown), &style));
        }
        decimals += 1;
    }
}

/// Returns the time of day at which a tick begins (`07:12`, with seconds where ticks need them),
/// if ticks have clock times.
pub fn clock_time(calendar: &Calendar, tick: Tick) -> Option<String> {
    let clock = calendar.clock()?;
    let seconds = calendar.seconds_at(tick)?;
    let (hours, minutes) = (seconds / 3600 % 24, seconds / 60 % 60);
    let whole_minutes =
        clock.opens_at_seconds.is_multiple_of(60) && clock.tick_seconds.is_multiple_of(60);
    Some(if whole_minutes {
        format!("{hours:02}:{minutes:02}")
    } else {
        format!("{hours:02}:{minutes:02}:{:02}", seconds % 60)
    })
}

/// Returns a length of time in its two largest units: `45 s`, `3 min`, `1 h 5 min`.
pub fn duration(seconds: u64) -> String {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes, rest) {
        (0, 0, rest) => format!("{rest} s"),
        (0, minutes, 0) => format!("{minutes} min"),
        (0, minutes, rest) => format!("{minutes} min {rest} s"),
        (hours, 0, _) => format!("{} h", count(hours)),
        (hours, minutes, _) => format!("{} h {minutes} min", count(hours)),
    }
}

/// Returns `1 payment`, `2 payments`.
pub fn plural(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", count(number), if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests;
