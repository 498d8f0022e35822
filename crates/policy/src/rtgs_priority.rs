//! The class that a payment is declared with.

use serde::{Deserialize, Serialize};

/// The class that a payment is declared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RtgsPriority {
    /// Any payment that is not declared urgent.
    Normal,
    /// Before normal ones.
    Urgent,
    /// Before all others.
    HighlyUrgent,
}

impl RtgsPriority {
    /// All classes, the lowest first.
    pub const ALL: &'static [Self] = &[Self::Normal, Self::Urgent, Self::HighlyUrgent];
    /// Their words, in the same order.
    pub const WORDS: &'static [&'static str] = &["Normal", "Urgent", "HighlyUrgent"];

    /// Returns the word of documents, scenarios and events.
    pub const fn as_str(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    /// Returns the class of a word, as it is written.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|class| class.as_str() == word)
    }
}
