//! All measures once more, the obvious way: from the plain list of events, each by a search of its
//! own, with no regard to speed or memory, and sharing nothing with the fold.

mod blocks;
mod costs;
mod days;
mod groups;
mod life;
mod liquidity;
mod network;
mod paths;
mod queues;
mod story;
mod times;

use psim_model::Fraction;
use psim_model::event::EventBatch;
use serde_json::{Value, json};

use story::Story;

/// Returns the measures of a run as the fold should give them, but for `run` and `currency`.
pub(crate) fn measures(batches: &[EventBatch], guideline: &[(u32, Fraction)]) -> Value {
    let story = Story::of(batches);
    json!({
        "settlement": groups::settlement(&story),
        "liquidity": liquidity::liquidity(&story),
        "delay": times::delay(&story),
        "queues": queues::queues(&story),
        "offset": paths::offset(&story),
        "blocks": blocks::blocks(&story),
        "throughput": times::throughput(&story, guideline),
        "concentration": network::concentration(&story),
        "intraday": liquidity::intraday(&story),
        "costs": costs::costs(&story),
    })
}

/// Returns an amount as JSON has it.
fn money(minor: i128) -> Value {
    i64::try_from(minor).map_or_else(|_| json!(minor.to_string()), |minor| json!(minor))
}

/// Returns a number of payments and their value.
fn tally(count: usize, value: i128) -> Value {
    json!({"count": count, "value": money(value)})
}

/// Returns the amounts of some payments, counted and summed.
fn tally_of(amounts: impl IntoIterator<Item = i128>) -> Value {
    let amounts: Vec<i128> = amounts.into_iter().collect();
    tally(amounts.len(), amounts.iter().sum())
}

fn ratio(part: i128, whole: i128) -> Value {
    if whole == 0 { Value::Null } else { json!(part as f64 / whole as f64) }
}

/// Returns a mean, rounded half away from zero.
fn rounded_mean(sum: i128, number: usize) -> Value {
    let number = number.max(1) as i128;
    let half = (2 * sum.abs() + number) / (2 * number);
    money(if sum < 0 { -half } else { half })
}

/// Returns one object with the fields of two.
fn joined(one: Value, other: Value) -> Value {
    let (Value::Object(mut one), Value::Object(other)) = (one, other) else {
        panic!("both are objects")
    };
    one.extend(other);
    Value::Object(one)
}
