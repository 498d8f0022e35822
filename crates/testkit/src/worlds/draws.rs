//! Choices of a random world.

use std::str::FromStr;

use psim_model::{AgentNo, Money, Priority, RtgsPriority};
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

    /// Returns one of a few, however large they are.
    pub(super) fn choose<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    /// Returns one of a few decimals, which must be what is asked for.
    pub(super) fn decimal<T: FromStr>(&mut self, texts: &[&str]) -> T {
        let read = self.pick(texts).parse().ok();
        read.expect("Invariant: a decimal of ours")
    }

    /// Returns an amount of a payment: few and small ones, so that exact fits are common.
    pub(super) fn amount(&mut self, unit: i64) -> Money {
        Money::from_minor(self.pick(&[1, 1, 2, 2, 3, 4, 5, 9]) * unit)
    }

    /// Returns two different agents of so many.
    pub(super) fn pair(&mut self, agents: usize) -> (AgentNo, AgentNo) {
        let first = self.below(agents);
        let second = (first + 1 + self.below(agents - 1)) % agents;
        (AgentNo::from_index(first), AgentNo::from_index(second))
    }

    /// Returns any class.
    pub(super) fn class(&mut self) -> RtgsPriority {
        self.pick(RtgsPriority::ALL)
    }

    /// Returns a priority; the edges of the bands are common.
    pub(super) fn priority(&mut self) -> Priority {
        Priority::clamped(self.pick(&[0, 3, 4, 5, 7, 8, 10]))
    }

    /// Puts items into a random order.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}
