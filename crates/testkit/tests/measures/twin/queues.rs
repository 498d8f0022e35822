//! How much was waiting.

use serde_json::{Value, json};

use super::story::{Story, TickEnd};
use super::{joined, money, ratio, rounded_mean, tally};

type Size = (usize, i128);

pub(super) fn queues(story: &Story<'_>) -> Value {
    let size = |queue: &Vec<usize>| -> Size {
        (queue.len(), queue.iter().map(|no| story.lives[*no].amount).sum())
    };
    let queue1: Vec<Size> = story.ends.iter().map(|TickEnd { queue1, .. }| size(queue1)).collect();
    let queue2: Vec<Size> = story.ends.iter().map(|TickEnd { queue2, .. }| size(queue2)).collect();
    let peak = |sizes: &[Size], of: &dyn Fn(&Size) -> i128| {
        let most = sizes.iter().map(of).max().unwrap_or_default();
        let first = sizes.iter().position(|size| of(size) == most).filter(|_| most > 0);
        first.map_or(Value::Null, |tick| {
            joined(tally(sizes[tick].0, sizes[tick].1), moment(story, tick))
        })
    };
    let last = |sizes: &[Size]| sizes.last().copied().unwrap_or_default();
    let mean = |sizes: &[Size]| {
        let (count, value) =
            sizes.iter().fold((0, 0), |(count, value), size| (count + size.0, value + size.1));
        json!({
            "count": ratio(count as i128, sizes.len() as i128),
            "value": rounded_mean(value, sizes.len()),
        })
    };
    let ever = ever_in_queue2(story);
    let arrived: Size = size(&story.roots().collect());
    let (by_count, by_value) = (|size: &Size| size.0 as i128, |size: &Size| size.1);
    json!({
        "queue1_peak_count": peak(&queue1, &by_count),
        "queue1_peak_value": peak(&queue1, &by_value),
        "queue2_peak_count": peak(&queue2, &by_count),
        "queue2_peak_value": peak(&queue2, &by_value),
        "queue1_at_end": tally(last(&queue1).0, last(&queue1).1),
        "queue2_at_end": tally(last(&queue2).0, last(&queue2).1),
        "ever_in_queue2": tally(ever.0, ever.1),
        "ever_in_queue2_share": ratio(ever.0 as i128, arrived.0 as i128),
        "ever_in_queue2_share_value": ratio(ever.1, arrived.1),
        "queue1_mean": mean(&queue1),
        "queue2_mean": mean(&queue2),
        "series": series(story, &queue1, &queue2),
    })
}

fn series(story: &Story<'_>, queue1: &[Size], queue2: &[Size]) -> Value {
    let counts = |sizes: &[Size]| sizes.iter().map(|size| size.0).collect::<Vec<_>>();
    let values = |sizes: &[Size]| sizes.iter().map(|size| money(size.1)).collect::<Vec<_>>();
    let arrived = |tick: usize| {
        let roots = story.roots().map(|no| &story.lives[no]);
        money(roots.filter(|life| life.arrival == tick).map(|life| life.amount).sum())
    };
    let settled = |tick: usize| {
        let settled = story.leaves().filter(|life| life.settled == Some(tick));
        money(settled.map(|life| life.amount).sum())
    };
    json!({
        "queue1_count": counts(queue1),
        "queue1_value": values(queue1),
        "queue2_count": counts(queue2),
        "queue2_value": values(queue2),
        "arrived_value": (0..story.ticks).map(arrived).collect::<Vec<_>>(),
        "settled_value": (0..story.ticks).map(settled).collect::<Vec<_>>(),
    })
}

/// Returns a tick with its day and time.
pub(super) fn moment(story: &Story<'_>, tick: usize) -> Value {
    let time = story.time(tick % story.ticks_per_day);
    json!({"tick": tick, "day": story.day_of(tick), "time": time})
}

/// Counts the payments of which something was ever in queue 2; of the values, those of the parts
/// that were, or that are parts of what was.
fn ever_in_queue2(story: &Story<'_>) -> Size {
    let was = |no: &usize| story.lives[*no].was_in_queue2;
    let reached = |no: &usize| story.line_of(*no).iter().any(was);
    let count = story.roots().filter(|root| {
        let is_of = |no: &usize| story.line_of(*no).contains(root);
        (0..story.lives.len()).filter(is_of).any(|no| was(&no))
    });
    let leaves = story.roots().flat_map(|root| story.leaves_of(root)).filter(reached);
    (count.count(), leaves.map(|no| story.lives[no].amount).sum())
}
