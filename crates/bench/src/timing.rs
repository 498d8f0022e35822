//! How long something takes: the least of several tries, since noise only ever adds.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Times `work` `tries` times and returns the shortest with its last result.
#[expect(clippy::disallowed_methods, reason = "measuring time is what this program does")]
pub(crate) fn shortest<T>(tries: u32, mut work: impl FnMut() -> T) -> (Duration, T) {
    let mut best = Duration::MAX;
    loop_times(tries, || {
        let started = Instant::now();
        let result = black_box(work());
        best = best.min(started.elapsed());
        result
    })
    .map_or_else(|| unreachable!("tries is at least 1"), |result| (best, result))
}

fn loop_times<T>(tries: u32, mut work: impl FnMut() -> T) -> Option<T> {
    let mut last = None;
    for _ in 0..tries.max(1) {
        last = Some(work());
    }
    last
}

/// Times each call of `step` until it returns `false`.
#[expect(clippy::disallowed_methods, reason = "measuring time is what this program does")]
pub(crate) fn each(mut step: impl FnMut() -> bool) -> Vec<Duration> {
    let mut durations = Vec::new();
    loop {
        let started = Instant::now();
        if !step() {
            return durations;
        }
        durations.push(started.elapsed());
    }
}

/// Returns the middle one.
pub(crate) fn median(mut durations: Vec<Duration>) -> Duration {
    durations.sort_unstable();
    durations.get(durations.len() / 2).copied().unwrap_or_default()
}
