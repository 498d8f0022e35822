//! Why payments are unsettled.

use psim_model::event::DropReason;

use super::UnsettledRow;
use crate::state::{Payment, Place, Size, Tally, WaitReason, drop_phrase};

/// Why a payment is unsettled: dropped, and what it waited for.
type Standstill = (Option<DropReason>, Option<WaitReason>);

/// Unsettled payments by reason.
#[derive(Debug, Default)]
pub(super) struct Standstills(Vec<(Standstill, Tally)>);

impl Standstills {
    /// Counts a payment that is not split, if it is unsettled.
    pub(super) fn count(&mut self, payment: &Payment, size: Size) {
        if payment.settled_at().is_none() {
            self.entry(standstill(payment)).enlarge(size);
        }
    }

    /// Returns the tally of a key; there are few keys, so a list is as good as a map.
    fn entry(&mut self, key: Standstill) -> &mut Tally {
        let tallies = &mut self.0;
        let index = tallies.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
            tallies.push((key, Tally::default()));
            tallies.len() - 1
        });
        &mut tallies[index].1
    }

    /// Returns the reasons, largest value first.
    pub(super) fn rows(self) -> Vec<UnsettledRow> {
        let mut standstills = self.0;
        standstills.sort_unstable_by_key(|(key, tally)| {
            (std::cmp::Reverse((tally.value, tally.count)), *key)
        });
        standstills.into_iter().map(row).collect()
    }
}

const fn standstill(payment: &Payment) -> Standstill {
    let dropped = match payment.place {
        Place::Dropped { reason, .. } => reason,
        _ => None,
    };
    (dropped, payment.last_reason)
}

fn row(((dropped, waited), payments): (Standstill, Tally)) -> UnsettledRow {
    let word = waited.map_or("Undecided", WaitReason::as_str);
    let phrase = waited.map_or("not yet decided on", WaitReason::phrase);
    match dropped {
        None => UnsettledRow { reason: word, before: None, payments, phrase, phrase_before: None },
        Some(reason) => UnsettledRow {
            reason: reason.as_str(),
            before: Some(word),
            payments,
            phrase: drop_phrase(dropped),
            phrase_before: Some(phrase),
        },
    }
}
