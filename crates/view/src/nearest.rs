//! Which of many names somebody may have meant.

use psim_model::PaymentNo;
use psim_model::event::Names;

/// Most names that are proposed.
const MOST: usize = 3;

/// Longest name that is compared: comparing takes time that grows with the square of it.
const LONGEST: usize = 100;

/// Least similarity, from 0 (nothing in common) to 1 (the same), of a name that is proposed.
const LEAST: f64 = 0.6;

/// Says that a run has no payment of an id, and which ids may have been meant; `payments` is how
/// many have arrived.
pub fn unknown_payment(asked: &str, names: &Names, payments: u32) -> String {
    let near = payments_like(asked, names, payments);
    let near: Vec<String> = near.iter().map(|id| format!("`{id}`")).collect();
    let hint = match near.as_slice() {
        [] => String::new(),
        near => format!("; did you mean {}?", near.join(" or ")),
    };
    format!("has no payment `{asked}`{hint}")
}

/// Returns ids of payments of a run that are like the one asked for, at most three, the likest
/// first.
fn payments_like(asked: &str, names: &Names, payments: u32) -> Vec<String> {
    let is_number = !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit());
    let asked = if is_number { format!("tx-{asked}") } else { asked.to_owned() };
    let ids = (0..payments).map(|payment| names.payment(PaymentNo(payment)));
    nearest(&asked, ids).into_iter().map(String::from).collect()
}

/// Returns the names that are like `name`, at most three, the likest first (of equally like ones
/// the first known). Upper and lower case count as the same.
pub(crate) fn nearest<T: AsRef<str>>(name: &str, known: impl IntoIterator<Item = T>) -> Vec<T> {
    if name.len() > LONGEST {
        return Vec::new();
    }
    let lower = name.to_lowercase();
    let mut best: Vec<(f64, T)> = Vec::with_capacity(MOST + 1);
    for other in known {
        let score = similarity(&lower, other.as_ref());
        if score < LEAST {
            continue;
        }
        let place = best.partition_point(|(better, _)| *better >= score);
        if place < MOST {
            best.insert(place, (score, other));
            best.truncate(MOST);
        }
    }
    best.into_iter().map(|(_, other)| other).collect()
}

fn similarity(lower: &str, other: &str) -> f64 {
    if other.len() > LONGEST {
        return 0.0;
    }
    let other = other.to_lowercase();
    let alike = strsim::normalized_damerau_levenshtein(lower, &other);
    // A name that only lacks or adds a word is near, whatever its length.
    let is_part = lower.len() >= 4 && (other.contains(lower) || lower.contains(other.as_str()));
    if is_part { alike.max(0.75) } else { alike }
}
