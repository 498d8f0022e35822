//! Texts by number, so that they are compared and kept cheaply.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// Texts that are told apart, once each.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub(crate) struct Words {
    texts: Vec<String>,
    numbers: FxHashMap<String, WordNo>,
}

impl From<Words> for Vec<String> {
    fn from(words: Words) -> Self {
        words.texts
    }
}

impl From<Vec<String>> for Words {
    fn from(texts: Vec<String>) -> Self {
        let mut words = Self::default();
        for text in &texts {
            words.number(text);
        }
        words
    }
}

/// A text among [`Words`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct WordNo(u32);

impl Words {
    /// Returns the number of a text.
    pub(crate) fn number(&mut self, text: &str) -> WordNo {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).expect("Invariant: texts can be numbered");
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), WordNo(number));
        WordNo(number)
    }

    /// Returns how many texts there are.
    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }

    /// Returns a text.
    pub(crate) fn text(&self, word: WordNo) -> &str {
        &self.texts[word.0 as usize]
    }
}
