//! How long something takes: the least of several tries, since noise only ever adds.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Times `work` `tries` times and returns the shortest with its last result.
pub(crate) fn shortest<T>(tries: u32, mut work: impl FnMut() -> T) -> (Duration, T) {
    shortest_after(tries, || (), |()| work())
}

/// Does the same for work on something that is made anew, untimed, before each try.
#[expect(clippy::disallowed_methods, reason = "measuring time is what this program does")]
pub(crate) fn shortest_after<S, T>(
    tries: u32,
    mut prepare: impl FnMut() -> S,
    mut work: impl FnMut(S) -> T,
) -> (Duration, T) {
    let mut best = Duration::MAX;
    let mut tried = 0;
    loop {
        let prepared = prepare();
        let started = Instant::now();
        let result = black_box(work(prepared));
        best = best.min(started.elapsed());
        tried += 1;
        if tried >= tries {
            return (best, result);
        }
    }
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
