//! Words that repeat: each is kept once, rows hold its number.

use std::sync::Arc;

use arrow_array::types::UInt32Type;
use arrow_array::{ArrayRef, DictionaryArray, LargeStringArray, UInt32Array};
use arrow_schema::DataType;
use rustc_hash::FxHashMap;

/// Words in order of their first use, each once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    words: Vec<Box<str>>,
    numbers: FxHashMap<Box<str>, u32>,
}

impl Words {
    /// Returns the number of a word; `None` if there are as many as can be numbered.
    pub(crate) fn number(&mut self, word: &str) -> Option<u32> {
        if let Some(number) = self.numbers.get(word) {
            return Some(*number);
        }
        let number = u32::try_from(self.words.len()).ok()?;
        self.words.push(word.into());
        self.numbers.insert(word.into(), number);
        Some(number)
    }

    pub(crate) fn values(&self) -> ArrayRef {
        texts(self.words.iter().map(|word| &**word))
    }
}

/// Returns texts one after another, as the values of a dictionary.
pub(crate) fn texts<'a>(texts: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(LargeStringArray::from_iter_values(texts))
}

/// Returns a column of words; keys that are not null are numbers of values.
pub(crate) fn column(keys: UInt32Array, values: ArrayRef) -> ArrayRef {
    let column = DictionaryArray::<UInt32Type>::try_new(keys, values)
        .expect("Invariant: each key was given out for a value");
    Arc::new(column)
}

/// Returns the type of a column of words.
pub(crate) fn data_type() -> DataType {
    DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::LargeUtf8))
}
