//! How what somebody meant is written, where what they wrote cannot be read.

use psim_policy::library;

use crate::keys;
use crate::scalar::{self, ScalarFault};
use crate::shape::{Case, Key, Kind};

/// Adds to a fault how its text is written, if it can be seen what it means.
pub(crate) fn with_way(fault: ScalarFault, kind: &Kind, text: &str) -> ScalarFault {
    fault.hinted(|hint| way(kind, text).or(hint).or_else(|| way_to_policies(kind)))
}

fn way(kind: &Kind, text: &str) -> Option<String> {
    match kind {
        Kind::Variant { tag, cases } if cases.iter().any(|case| case.name == text) => {
            Some(format!("write `{{{tag}: {text}}}`"))
        }
        Kind::Variant { cases, .. } if std::ptr::eq(cases.as_ptr(), keys::POLICIES.as_ptr()) => {
            library::has(text).then(|| format!("write `{{type: Library, name: {text}}}`"))
        }
        Kind::Money { .. } | Kind::Int { .. } if text.contains(':') => {
            Some("a clock time has a key of its own, such as `time`".to_owned())
        }
        Kind::Money { .. } | Kind::Int { .. } => without_commas(text),
        Kind::Clock | Kind::Moment => {
            let (hours, minutes) = text.trim().split_once(['.', 'h'])?;
            let digits = |part: &str| part.len() == 2 && part.bytes().all(|it| it.is_ascii_digit());
            (digits(hours) && digits(minutes)).then(|| format!("write `\"{hours}:{minutes}\"`"))
        }
        Kind::List { .. } => Some(format!("write a list: `[{}]`", text.trim())),
        Kind::Pair(_) => Some("write a list of two: `[4, 16]`".to_owned()),
        Kind::Rate if text.trim().ends_with(['%', 'p']) => Some(
            "write a plain number in the unit of the key; where a rate may be for a year, \
             `{per_year: \"0.5%\"}`"
                .to_owned(),
        ),
        Kind::Number { .. } | Kind::Real | Kind::Fraction | Kind::Multiplier => {
            let digits = text.trim().strip_suffix('%')?;
            digits.trim().parse::<f64>().ok()?;
            Some("write it without `%`: 5 % is 0.05".to_owned())
        }
        _ => None,
    }
}

fn way_to_policies(kind: &Kind) -> Option<String> {
    let Kind::Variant { cases, .. } = kind else { return None };
    std::ptr::eq(cases.as_ptr(), keys::POLICIES.as_ptr()).then(|| {
        "write `{type: Library, name: ...}` for a policy of the library, \
         `{type: FromJson, json_path: ...}` for a file"
            .to_owned()
    })
}

/// Shows how a value of a key that is a map begins, in the form that a plain one stands for if it
/// can be seen which that is.
pub(crate) fn way_to_map(name: &str, kind: &Kind, plain: Option<(&str, bool)>) -> Option<String> {
    let kind = match kind {
        Kind::Either(forms) => forms.iter().find(|form| matches!(form, Kind::Variant { .. }))?,
        kind => kind,
    };
    let Kind::Variant { tag, cases } = kind else { return None };
    if let Some(whole) = plain.and_then(|(text, quoted)| whole_map(tag, cases, text, quoted)) {
        return Some(format!("write `{name}: {whole}`"));
    }
    let kinds = kinds(tag, cases).map_or_else(String::new, |kinds| format!("; {kinds}"));
    Some(format!("write `{name}: {{{tag}: {}, …}}`{kinds}", cases.first()?.name))
}

/// Returns the map that a plain value stands for: that of the first case which needs nothing but a
/// key that can be read from it. A text may be any, and shows nothing.
fn whole_map(tag: &str, cases: &'static [Case], text: &str, quoted: bool) -> Option<String> {
    cases.iter().find_map(|case| {
        let shape = case.shape;
        let fits = |key: &&Key| {
            let suffices = |other: &Key| !other.is_required() || other.name == key.name;
            let is_needed = shape.needs.is_empty() || shape.needs.contains(&key.name);
            let is_word = matches!(key.kind, Kind::Text | Kind::Name);
            let is_one = is_needed && !is_word && shape.keys.iter().all(suffices);
            is_one && scalar::read(&key.kind, text, quoted).is_ok()
        };
        let key = shape.keys.iter().find(fits)?;
        let value = if text.contains(':') { format!("\"{text}\"") } else { text.to_owned() };
        Some(format!("{{{tag}: {}, {}: {value}}}", case.name, key.name))
    })
}

/// Most kinds that are named in a hint.
const KINDS_NAMED: usize = 5;

/// Says of which kinds something may be, if they are few.
pub(crate) fn kinds(tag: &str, cases: &[Case]) -> Option<String> {
    let names: Vec<&str> = cases.iter().map(|case| case.name).collect();
    (names.len() <= KINDS_NAMED).then(|| format!("`{tag}` is {}", scalar::listed(&names)))
}

/// `250,000` is meant to be grouped, unless it is one with decimals: `2,50`.
fn without_commas(text: &str) -> Option<String> {
    let groups: Vec<&str> = text.trim().trim_start_matches(['+', '-']).split(',').collect();
    let (first, others) = groups.split_first()?;
    let digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    let grouped = (1..=3).contains(&first.len())
        && !others.is_empty()
        && groups.iter().all(digits)
        && others.iter().all(|group| group.len() == 3);
    grouped.then(|| format!("group digits with `_`: {}", text.trim().replace(',', "_")))
}
