//! Choices of a random world.

use psim_random::Generator;

/// A source of choices, the same for the same seed.
pub(super) struct Draws(Generator);

impl Draws {
    /// Seeds that follow each other give worlds that have nothing in common.
    pub(super) fn of(seed: u64) -> Self {
        Self(Generator::named(seed, "world"))
    }

    /// Returns a seed for another generator.
    pub(super) fn seed(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Returns a number below `count`.
    pub(super) fn below(&mut self, count: usize) -> usize {
        self.0.index(count)
    }

    /// Returns a number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        let drawn = self.0.integer(i64::from(low), i64::from(high));
        u32::try_from(drawn).unwrap_or(low)
    }

    /// Returns true once in `times` on average.
    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// Returns one of a few.
    pub(super) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// Puts items into a random order.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}
