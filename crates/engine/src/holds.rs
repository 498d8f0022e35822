//! Why payments are held, in words that are compared by number.

use psim_model::PaymentNo;
use psim_model::event::{HoldReason, PolicyHold};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::payments::Payments;
use crate::world::Step;

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

/// Why a payment is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) reason: HoldReason,
    /// The policy's own words, or how it failed.
    pub(crate) word: Option<WordNo>,
}

impl From<HoldReason> for Held {
    fn from(reason: HoldReason) -> Self {
        Self { reason, word: None }
    }
}

/// Notes why a payment is held; returns whether that is news.
pub(crate) fn note(payments: &mut Payments, no: PaymentNo, held: Held) -> bool {
    let is_like =
        payments.get(no).last_hold == Some(held.reason) && payments.last_word(no) == held.word;
    if !is_like {
        payments.get_mut(no).last_hold = Some(held.reason);
        payments.set_last_word(no, held.word);
    }
    !is_like
}

/// Forgets why a payment was held: it no longer is.
pub(crate) fn forget(payments: &mut Payments, no: PaymentNo) {
    if payments.get(no).last_hold.is_some() {
        payments.get_mut(no).last_hold = None;
        payments.set_last_word(no, None);
    }
}

/// Says why a payment is held, unless that was the last reason given for it.
pub(crate) fn hold(
    payments: &mut Payments,
    words: &Words,
    step: &mut Step<'_>,
    no: PaymentNo,
    held: Held,
) {
    if note(payments, no, held) || step.is_traced() {
        tell(payments, words, step, no, held);
    }
}

/// Says why a payment is held.
pub(crate) fn tell(
    payments: &Payments,
    words: &Words,
    step: &mut Step<'_>,
    no: PaymentNo,
    held: Held,
) {
    let own_words = held.word.filter(|_| held.reason == HoldReason::Custom);
    let event = PolicyHold {
        tx_id: no,
        agent_id: payments.get(no).sender,
        reason: held.reason,
        detail: own_words.map(|word| step.out.text(words.text(word))),
        decision_path: step.path,
    };
    step.emit(event);
}
