//! How what somebody meant is written, where what they wrote cannot be read.

use psim_policy::library;

use crate::keys;
use crate::scalar::ScalarFault;
use crate::shape::Kind;

/// Adds to a fault how its text is written, if it can be seen what it means.
pub(crate) fn with_way(fault: ScalarFault, kind: &Kind, text: &str) -> ScalarFault {
    match fault {
        ScalarFault::Wanted { what, hint } => {
            let hint = way(kind, text).or(hint).or_else(|| way_to_policies(kind));
            ScalarFault::Wanted { what, hint }
        }
        ScalarFault::Is(_) => fault,
    }
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
