//! Why payments are held.

use psim_model::PaymentNo;
use psim_model::event::{HoldReason, PolicyHold};

use crate::payments::Payments;
use crate::words::{WordNo, Words};
use crate::world::Step;

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
        detail: own_words.map(|word| step.batch.text(words.text(word))),
        decision_path: step.path,
    };
    step.emit(event);
}
