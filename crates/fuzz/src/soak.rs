//! Large random worlds on fronts chosen by chance: what they tell must be the same.
//!
//! Each world runs on the engine alone, with every law checked after every tick, and then on
//! another front; the hashes of their streams are compared. The seed of a world decides all: the
//! world, the front, the number of threads.

mod fronts;
mod going_on;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use psim_testkit::worlds::{WorldSize, world};

use crate::dice::Dice;
use crate::say;
use fronts::{Front, Told};

/// What has been done.
#[derive(Default)]
struct Tally {
    worlds: u64,
    ticks: u64,
    events: u64,
    fronts: [u64; Front::ALL.len()],
}

/// Runs worlds for so many minutes, or so many of them.
#[expect(clippy::disallowed_methods, reason = "how long to go on, not what to do")]
pub(crate) fn run(minutes: u64, first: u64, worlds: Option<u64>) -> ExitCode {
    let until = Instant::now() + Duration::from_secs(60 * minutes);
    let mut tally = Tally::default();
    let mut seed = first;
    while worlds.map_or_else(|| Instant::now() < until, |worlds| tally.worlds < worlds) {
        let outcome = catch_unwind(AssertUnwindSafe(|| one(seed)));
        match outcome.unwrap_or_else(|_| Err("a panic, told above".to_owned())) {
            Ok((front, told)) => tally.add(front, &told),
            Err(what) => {
                say(&format!("{what}\n  again: cargo xtask soak --first {seed} --worlds 1"));
                return ExitCode::FAILURE;
            }
        }
        seed += 1;
        if tally.worlds.is_multiple_of(500) {
            say(&tally.line());
        }
    }
    say(&tally.line());
    ExitCode::SUCCESS
}

/// Runs the world of a seed on the engine alone and on another front.
fn one(seed: u64) -> Result<(Front, Told), String> {
    let mut dice = Dice::new(seed, "soak");
    let size = size(&mut dice);
    let scenario = world(seed, &size).check().map_err(|fault| fault.to_string())?;
    let front = Front::ALL[dice.below(Front::ALL.len())];
    let expected = fronts::alone(&scenario)?;
    let found = front.tell(&scenario, &expected, &mut dice)?;
    if found == expected.hash {
        Ok((front, expected))
    } else {
        Err(format!("{front:?} tells {found}, the engine alone {}", expected.hash))
    }
}

/// Returns how large a world may be: mostly middling, now and then large.
fn size(dice: &mut Dice) -> WorldSize {
    let middling =
        WorldSize { agents_max: 30, payments_max: 600, ticks_per_day_max: 40, days_max: 4 };
    match dice.below(12) {
        0 => {
            WorldSize { agents_max: 200, payments_max: 6_000, ticks_per_day_max: 200, days_max: 3 }
        }
        1 => WorldSize { ticks_per_day_max: 2_000, days_max: 10, ..middling },
        2 => WorldSize { agents_max: 4, payments_max: 3_000, ..middling },
        _ => middling,
    }
}

impl Tally {
    fn add(&mut self, front: Front, told: &Told) {
        self.worlds += 1;
        self.ticks += u64::from(told.ticks);
        self.events += told.events;
        if let Some(count) = self.fronts.get_mut(front as usize) {
            *count += 1;
        }
    }

    fn line(&self) -> String {
        let fronts = Front::ALL.iter().zip(self.fronts);
        let fronts: Vec<String> =
            fronts.map(|(front, count)| format!("{front:?} {count}")).collect();
        let (worlds, ticks, events) = (self.worlds, self.ticks, self.events);
        format!("{worlds} worlds, {ticks} ticks, {events} events; {}", fronts.join(", "))
    }
}
