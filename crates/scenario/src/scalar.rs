//! Plain values out of their text, exactly, with a reason where that fails.

use psim_model::{Fraction, Money, Multiplier, Rate, RateError};
use psim_policy::library;

use crate::diagnostic::{did_you_mean, quoted};
use crate::shape::{Case, Kind};
use crate::typed::{Typed, YearlyRate};

/// Why a scalar is not what its key wants.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ScalarFault {
    /// Not of that kind: "must be ..., found ...".
    Wanted { what: String, hint: Option<String> },
    /// Of that kind and out of range: "is ...".
    Is(String),
}

impl ScalarFault {
    /// Gives what can be hinted another hint.
    pub(crate) fn hinted(self, other: impl FnOnce(Option<String>) -> Option<String>) -> Self {
        match self {
            Self::Wanted { what, hint } => Self::Wanted { what, hint: other(hint) },
            Self::Is(_) => self,
        }
    }
}

fn wanted<T>(what: impl Into<String>, hint: Option<String>) -> Result<T, ScalarFault> {
    Err(ScalarFault::Wanted { what: what.into(), hint })
}

/// Reads a scalar as the kind that is wanted.
pub(crate) fn read(kind: &Kind, text: &str, quoted: bool) -> Result<Typed, ScalarFault> {
    match kind {
        Kind::Name if text.trim().is_empty() => Err(ScalarFault::Is("blank".to_owned())),
        Kind::Text | Kind::Name => read_text(text, quoted),
        Kind::Choice(cases) => choice(cases, text).map(|case| Typed::Choice(case.name)),
        Kind::LibraryPolicy => library_policy(text),
        Kind::Clock => clock(text).map(Typed::Clock),
        Kind::YearlyRate => yearly(text, quoted),
        Kind::Moment if text.contains(':') => clock(text).map(Typed::Clock),
        Kind::Moment if quoted => {
            wanted("a tick of the day or a time such as `09:30`", unquote(text))
        }
        Kind::Moment => whole(text, 0, i128::from(u32::MAX), "a tick of the day").map(Typed::Int),
        _ if quoted => wanted(name_of(kind), unquote(text)),
        Kind::Bool => read_bool(text),
        Kind::Int { min, max } => whole(text, *min, *max, "a whole number").map(Typed::Int),
        Kind::Money { min } => money(text, *min),
        Kind::Number { positive, max } => number(text, *positive, *max).map(Typed::Number),
        Kind::Real => real(text).map(Typed::Number),
        Kind::Rate => exact::<Rate>(text).map(Typed::Rate),
        Kind::Fraction => exact::<Fraction>(text).map(Typed::Fraction),
        Kind::Multiplier => exact::<Multiplier>(text).map(Typed::Multiplier),
        _ => wanted(name_of(kind), None),
    }
}

/// Names a kind for people, with its article.
pub(crate) fn name_of(kind: &Kind) -> String {
    match kind {
        Kind::Bool => "`true` or `false`".to_owned(),
        Kind::Int { .. } => "a whole number".to_owned(),
        Kind::Money { .. } => "an amount in whole minor units".to_owned(),
        Kind::Number { .. } | Kind::Real | Kind::Rate | Kind::Multiplier => "a number".to_owned(),
        Kind::YearlyRate => "a yearly rate such as `50bp`, `0.5%` or a number".to_owned(),
        Kind::Fraction => "a number from 0 to 1".to_owned(),
        Kind::Text | Kind::Name => "a text".to_owned(),
        Kind::Choice(cases) => one_of(cases),
        Kind::Clock => "a time of day such as `07:00`".to_owned(),
        Kind::Moment => "a tick of the day or a time such as `09:30`".to_owned(),
        Kind::Map(shape) => format!("a map ({})", key_names(shape)),
        Kind::Variant { tag, .. } => format!("a map with `{tag}`"),
        Kind::List { .. } => "a list".to_owned(),
        Kind::Pair(_) => "a list of two values, low and high".to_owned(),
        Kind::ByName { .. } => "a map with names as keys".to_owned(),
        Kind::LibraryPolicy => "a policy of the library".to_owned(),
        Kind::Document => "a policy document".to_owned(),
        Kind::Either(forms) => forms.iter().map(name_of).collect::<Vec<_>>().join(" or "),
        Kind::Anything => "anything".to_owned(),
    }
}

fn key_names(shape: &crate::shape::Shape) -> String {
    const MOST: usize = 4;
    let mut names: Vec<&str> = shape.keys.iter().take(MOST).map(|key| key.name).collect();
    if shape.keys.len() > MOST {
        names.push("...");
    }
    names.join(", ")
}

/// Finds the case a word means.
pub(crate) fn choice(cases: &'static [Case], word: &str) -> Result<&'static Case, ScalarFault> {
    if let Some(case) = cases.iter().find(|case| case.answers_to(word)) {
        return Ok(case);
    }
    let near = did_you_mean(word, cases.iter().map(|case| case.name));
    wanted(one_of(cases), near.or_else(|| told_of(cases, word)))
}

/// Suggests the only case that is explained by a word.
fn told_of(cases: &[Case], word: &str) -> Option<String> {
    let is_it = |other: &str| other.eq_ignore_ascii_case(word);
    let tells = |case: &&Case| case.doc.split(|it: char| !it.is_alphanumeric()).any(is_it);
    let mut telling = cases.iter().filter(tells);
    let only = telling.next().filter(|_| telling.next().is_none())?;
    Some(format!("did you mean {}?", quoted(only.name)))
}

fn one_of(cases: &[Case]) -> String {
    listed(&cases.iter().map(|case| case.name).collect::<Vec<_>>())
}

/// Lists names of which one is meant.
pub(crate) fn listed(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

fn unquote(text: &str) -> Option<String> {
    let hint = || "remove the quotes".to_owned();
    (looks_like_number(text) || matches!(text, "true" | "false")).then(hint)
}

fn read_text(text: &str, quoted: bool) -> Result<Typed, ScalarFault> {
    let other_type = !quoted && (looks_like_number(text) || matches!(text, "true" | "false"));
    if other_type {
        return wanted("a text", Some(format!("quote it: \"{text}\"")));
    }
    Ok(Typed::Text(text.to_owned()))
}

fn read_bool(text: &str) -> Result<Typed, ScalarFault> {
    match text {
        "true" | "True" | "TRUE" => Ok(Typed::Bool(true)),
        "false" | "False" | "FALSE" => Ok(Typed::Bool(false)),
        _ => {
            let meant = match text.to_ascii_lowercase().as_str() {
                "yes" | "y" | "on" | "1" => Some("true"),
                "no" | "n" | "off" | "0" => Some("false"),
                _ => None,
            };
            wanted("`true` or `false`", meant.map(|word| format!("write `{word}`")))
        }
    }
}

fn looks_like_number(text: &str) -> bool {
    let starts = text.trim_start_matches(['+', '-', '.']).starts_with(|c: char| c.is_ascii_digit());
    starts && text.replace('_', "").parse::<f64>().is_ok()
}

/// The value of a whole number, or why it has none.
#[derive(Clone, Copy)]
enum Whole {
    Value(i128),
    /// Digits, but more than 128 bits.
    TooLong {
        negative: bool,
    },
    Otherwise,
}

fn parse_whole(text: &str) -> Whole {
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let sound = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && !digits.contains("__");
    if !sound {
        return Whole::Otherwise;
    }
    let mut value: i128 = 0;
    for digit in digits.bytes().filter(u8::is_ascii_digit) {
        let next =
            value.checked_mul(10).and_then(|v| v.checked_add(i128::from(digit.wrapping_sub(b'0'))));
        match next {
            Some(next) => value = next,
            None => return Whole::TooLong { negative },
        }
    }
    Whole::Value(if negative { value.saturating_neg() } else { value })
}

fn whole(text: &str, min: i128, max: i128, what: &str) -> Result<i128, ScalarFault> {
    bounded(parse_whole(text), min, max, what)
}

fn bounded(whole: Whole, min: i128, max: i128, what: &str) -> Result<i128, ScalarFault> {
    match whole {
        Whole::Value(value) if value < min => Err(too_low(min)),
        Whole::Value(value) if value > max => Err(too_high(max)),
        Whole::Value(value) => Ok(value),
        Whole::TooLong { negative: true } => Err(too_low(min)),
        Whole::TooLong { negative: false } => Err(too_high(max)),
        Whole::Otherwise => wanted(what, None),
    }
}

fn too_low(min: i128) -> ScalarFault {
    ScalarFault::Is(format!("below {}", grouped(min)))
}

fn too_high(max: i128) -> ScalarFault {
    ScalarFault::Is(format!("above {}", grouped(max)))
}

fn money(text: &str, min: i64) -> Result<Typed, ScalarFault> {
    const WHAT: &str = "an amount in whole minor units";
    let parsed = parse_whole(text);
    if matches!(parsed, Whole::Otherwise) && looks_like_number(text) {
        let hint = match text.split_once('.') {
            // What a program writes that multiplies.
            Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|it| it == b'0') => {
                format!("amounts are integers, in minor units: `{whole}`, in Python `int(…)`")
            }
            _ => "amounts are whole minor units: 12.34 is written 1234".to_owned(),
        };
        return wanted(WHAT, Some(hint));
    }
    let most = i128::from(i64::MAX);
    let value = bounded(parsed, i128::from(min), most, WHAT)?;
    let minor = i64::try_from(value).map_err(|_| too_high(most))?;
    Ok(Typed::Money(Money::from_minor(minor)))
}

fn library_policy(name: &str) -> Result<Typed, ScalarFault> {
    if library::has(name) {
        return Ok(Typed::Text(name.to_owned()));
    }
    wanted("a policy of the library", Some(near_in_library(name)))
}

/// Suggests a policy of the library, or names them all.
pub(crate) fn near_in_library(name: &str) -> String {
    let all = || format!("the library has {}", library::names().collect::<Vec<_>>().join(", "));
    did_you_mean(name, library::names()).unwrap_or_else(all)
}

/// Reads a number as policies hold it: of any sign, and finite.
fn real(text: &str) -> Result<f64, ScalarFault> {
    match as_number(text) {
        Some(value) if value.is_finite() => Ok(value),
        Some(_) => Err(ScalarFault::Is("too large".to_owned())),
        None => wanted("a number", None),
    }
}

/// Returns the number that a plain word is, if it is one; it may be beyond what floats hold.
pub(crate) fn as_number(text: &str) -> Option<f64> {
    if looks_like_number(text) { text.replace('_', "").parse().ok() } else { None }
}

fn number(text: &str, positive: bool, max: f64) -> Result<f64, ScalarFault> {
    match real(text)? {
        value if value < 0.0 => Err(ScalarFault::Is("below 0".to_owned())),
        value if positive && value <= 0.0 => wanted("above 0", None),
        value if value > max => Err(ScalarFault::Is(format!("above {}", plain(max)))),
        value => Ok(value),
    }
}

/// Writes a bound that is a whole number of moderate size as people do.
pub(crate) fn plain(bound: f64) -> String {
    let (whole, point) = match format!("{bound}").split_once('.') {
        Some((whole, fraction)) => (whole.to_owned(), format!(".{fraction}")),
        None => (format!("{bound}"), String::new()),
    };
    whole.parse::<i128>().map_or_else(|_| format!("{bound}"), |whole| grouped(whole) + &point)
}

fn exact<T: std::str::FromStr<Err = RateError>>(text: &str) -> Result<T, ScalarFault> {
    match text.parse() {
        Ok(value) => Ok(value),
        Err(RateError::NotANumber) => wanted("a number", None),
        Err(RateError::TooFine) => {
            Err(ScalarFault::Is("written with more than 4 decimal places".to_owned()))
        }
        Err(RateError::Negative) => Err(ScalarFault::Is("below 0".to_owned())),
        Err(error) => Err(ScalarFault::Is(error.to_string())),
    }
}

fn yearly(text: &str, quoted: bool) -> Result<Typed, ScalarFault> {
    let trimmed = text.trim();
    let (digits, unit) = if let Some(digits) = trimmed.strip_suffix('%') {
        (digits, 100)
    } else if let Some(digits) = trimmed.strip_suffix("bps").or(trimmed.strip_suffix("bp")) {
        (digits, 1)
    } else if quoted {
        return wanted("a yearly rate such as `50bp` or `0.5%`", unquote(text));
    } else {
        return exact::<Rate>(trimmed).map(|rate| Typed::Yearly(YearlyRate::Plain(rate)));
    };
    let rate = match exact::<Rate>(digits.trim()) {
        Err(ScalarFault::Wanted { .. }) => {
            return wanted("a yearly rate such as `50bp`, `0.5%` or a number", None);
        }
        other => other?,
    };
    let bps = rate.trillionths().checked_mul(unit).and_then(Rate::from_trillionths);
    match bps {
        Some(bps) => Ok(Typed::Yearly(YearlyRate::Bps(bps))),
        None => Err(ScalarFault::Is("too large".to_owned())),
    }
}

/// Reads `07:00` or `07:00:30` as seconds after midnight, up to `24:00`.
pub(crate) fn clock(text: &str) -> Result<u32, ScalarFault> {
    match clock_seconds(text.as_bytes()) {
        Some(seconds) => Ok(seconds),
        None => wanted("a time of day such as `07:00` or `07:00:30`", None),
    }
}

/// Reads a time of day without allocation; `None` if it is none.
pub(crate) fn clock_seconds(text: &[u8]) -> Option<u32> {
    let mut parts = text.split(|byte| *byte == b':');
    let digit = |byte: &u8| char::from(*byte).to_digit(10);
    let two_digits = |part: &[u8]| match part {
        [tens, ones] => digit(tens)?.checked_mul(10)?.checked_add(digit(ones)?),
        _ => None,
    };
    let hours = match parts.next()? {
        [one] => digit(one)?,
        two => two_digits(two)?,
    };
    let minutes = two_digits(parts.next()?)?;
    let seconds = parts.next().map_or(Some(0), two_digits)?;
    let total = hours.checked_mul(3_600)?.checked_add(minutes.checked_mul(60)?)?;
    let total = total.checked_add(seconds)?;
    let sound = parts.next().is_none() && minutes < 60 && seconds < 60 && total <= 86_400;
    sound.then_some(total)
}

/// Writes a number with commas between thousands.
pub(crate) fn grouped(value: i128) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && digits.len().saturating_sub(at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0 { format!("-{text}") } else { text }
}
