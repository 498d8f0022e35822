//! The tables of ticks and of pairs against the summary of the same run.

use psim_frames::{Frame, pairs, ticks};
use psim_model::Total;
use psim_testkit::worlds::{WorldSize, requested_seeds, world};
use psim_view::{Fold as _, Projection, SummaryFold};

use crate::share::{column, run};

fn sum(frame: &Frame, name: &str) -> Total {
    let numbers = column(frame, name).into_iter().map(|cell| match cell.as_i64() {
        Some(number) => i128::from(number),
        None => cell.as_str().expect("wide sums are texts").parse().expect("a number"),
    });
    Total::from_minor(numbers.sum())
}

fn last(frame: &Frame, name: &str) -> Option<u64> {
    column(frame, name).last().and_then(serde_json::Value::as_u64)
}

#[test]
fn ticks_and_pairs_add_up_to_the_summary() {
    let mut settled_pairs = 0;
    for seed in requested_seeds(300) {
        let scenario = world(seed, &WorldSize::default()).check();
        let batches = run(scenario.expect("random worlds are sound"));
        let (mut fold, mut projection) = (SummaryFold::new(), Projection::new());
        for batch in &batches {
            fold.observe(batch);
            projection.observe(batch);
        }
        let summary = fold.finish();
        let by_tick = ticks(&batches);
        assert_eq!(by_tick.num_rows(), batches.len(), "seed {seed}");
        assert_eq!(sum(&by_tick, "arrived_value"), summary.payments.arrived.value, "seed {seed}");
        assert_eq!(sum(&by_tick, "settled_value"), summary.payments.settled.value, "seed {seed}");
        assert_eq!(sum(&by_tick, "total_cost"), summary.costs.total, "seed {seed}");
        if batches.last().is_some() {
            let (queue1, queue2) = (summary.queues.queue1_at_end, summary.queues.queue2_at_end);
            assert_eq!(last(&by_tick, "queue1_count"), Some(queue1.count), "seed {seed}");
            assert_eq!(last(&by_tick, "queue2_count"), Some(queue2.count), "seed {seed}");
        }
        let tick = column(&by_tick, "tick");
        let mut stamps = tick.iter().zip(&batches);
        assert!(stamps.all(|(cell, batch)| cell.as_u64() == Some(u64::from(batch.tick().0))));
        let by_pair = pairs(&projection);
        assert_eq!(sum(&by_pair, "payment_value"), summary.payments.arrived.value, "seed {seed}");
        assert_eq!(sum(&by_pair, "settled_value"), summary.payments.settled.value, "seed {seed}");
        settled_pairs += by_pair.num_rows();
    }
    assert!(settled_pairs > 300, "{settled_pairs} pairs");
}
