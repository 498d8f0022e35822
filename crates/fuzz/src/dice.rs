//! Choices by chance, the same for the same seed.

use psim_random::Generator;

/// A source of choices.
pub(crate) struct Dice(Generator);

impl Dice {
    /// Returns the dice of a seed; `name` tells those of several purposes apart.
    pub(crate) fn new(seed: u64, name: &str) -> Self {
        Self(Generator::named(seed, name))
    }

    /// Returns a number below `count`; 0 where that is 0.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        if count == 0 { 0 } else { self.0.index(count) }
    }

    /// As [`Self::below`], for what is counted in 32 bits.
    pub(crate) fn below_32(&mut self, count: usize) -> u32 {
        u32::try_from(self.below(count)).unwrap_or(u32::MAX)
    }

    /// Returns whether something happens that happens once in `times`.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// Returns one of several.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }

    /// Returns any byte.
    pub(crate) fn byte(&mut self) -> u8 {
        self.0.next_u64().to_le_bytes()[0]
    }

    /// Returns any number.
    pub(crate) fn number(&mut self) -> u64 {
        self.0.next_u64()
    }
}
