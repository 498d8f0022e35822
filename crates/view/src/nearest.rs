//! Which of many names somebody may have meant.

use psim_model::PaymentNo;
use psim_model::event::Names;
use psim_policy::nearest::{LIKE, likeness};

/// Most names that are proposed.
const MOST: usize = 3;

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
    let mut best: Vec<(f64, T)> = Vec::with_capacity(MOST + 1);
    for other in known {
        let score = likeness(name, other.as_ref());
        if score < LIKE {
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
