//! How urgent a payment is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A payment's priority, from 0 to 10; higher is more urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Priority(u8);

/// A number that is no priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a priority is at most {}", Priority::MAX)]
pub struct PriorityTooHigh;

impl Priority {
    /// The lowest.
    pub const MIN: Self = Self(0);
    /// The highest.
    pub const MAX: Self = Self(10);
    /// That of a payment that is given none.
    pub const DEFAULT: Self = Self(5);

    /// Returns the priority that is nearest to a number: the highest for all above it.
    pub const fn clamped(number: u8) -> Self {
        if number < Self::MAX.0 { Self(number) } else { Self::MAX }
    }

    /// Returns the number.
    pub const fn get(self) -> u8 {
        self.0
    }

    /// Returns the priority with a boost added, at most the highest.
    #[must_use]
    pub const fn raised_by(self, boost: u8) -> Self {
        Self::clamped(self.0.saturating_add(boost))
    }
}

impl TryFrom<u8> for Priority {
    type Error = PriorityTooHigh;

    fn try_from(number: u8) -> Result<Self, PriorityTooHigh> {
        if number <= Self::MAX.0 { Ok(Self(number)) } else { Err(PriorityTooHigh) }
    }
}

impl From<Priority> for u8 {
    fn from(priority: Priority) -> Self {
        priority.0
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_is_above_the_highest() {
        assert_eq!(Priority::try_from(10), Ok(Priority::MAX));
        assert_eq!(Priority::try_from(0), Ok(Priority::MIN));
        let refused = Priority::try_from(11).unwrap_err();
        assert_eq!(refused.to_string(), "a priority is at most 10");
        assert_eq!(Priority::clamped(11), Priority::MAX);
        assert_eq!(Priority::clamped(9).get(), 9);
        assert_eq!(Priority::DEFAULT.raised_by(3), Priority::clamped(8));
        assert_eq!(Priority::DEFAULT.raised_by(6), Priority::MAX);
        assert_eq!(Priority::MAX.raised_by(u8::MAX), Priority::MAX);
    }

    #[test]
    fn it_is_stored_as_its_number() {
        assert_eq!(serde_json::to_string(&Priority::DEFAULT).unwrap(), "5");
        assert_eq!(serde_json::from_str::<Priority>("10").unwrap(), Priority::MAX);
        let refused = serde_json::from_str::<Priority>("11").unwrap_err();
        assert!(refused.to_string().starts_with("a priority is at most 10"), "{refused}");
    }
}
