//! Split payments: parts make up their parent, which is complete exactly when they are.

use psim_model::event::{Columns, PolicySplit, SplitCompleted, SplitOutcome};
use psim_model::{Money, PaymentNo, Priority, Tick, Total};

use super::lives::{Life, Lives, Place};
use super::order::Due;
use super::{Verdict, ensure};

impl Lives {
    /// Takes note of a split; returns the parts that must be released now.
    pub(super) fn split(
        &mut self,
        event: &PolicySplit,
        columns: &Columns,
        now: Tick,
    ) -> Result<Vec<PaymentNo>, &'static str> {
        let parts = event.child_ids.of(columns);
        let amounts = event.child_amounts.of(columns);
        let max_splits = self.rules.max_splits;
        let first = self.payments.len();
        let parent = self.life(event.tx_id)?;
        ensure(event.agent_id == parent.sender, "a sender stays")?;
        ensure(parent.place == Place::Queue1, "only what is in queue 1 is split")?;
        ensure(parent.release_at.is_none(), "a part that waits for its time is not split")?;
        ensure(parent.divisible != Some(false), "only what is divisible is split")?;
        let count = event.num_splits as usize;
        ensure(count >= 2 && event.num_splits <= max_splits, "a split has 2 parts to the most")?;
        ensure(parts.len() == count && amounts.len() == count, "a split names all its parts")?;
        let numbered = (first..first + count).map(PaymentNo::from_index);
        ensure(numbered.eq(parts.iter().copied()), "parts are numbered in order of creation")?;
        let sum: Total = amounts.iter().copied().sum();
        ensure(sum == parent.amount.into(), "parts make up their parent")?;
        let each = Money::from_minor(parent.amount.minor() / i64::from(event.num_splits));
        let alike = amounts.iter().rev().skip(1).all(|amount| *amount == each);
        ensure(alike && each.is_positive(), "parts are alike but for the last")?;
        let is_alike = (0..=Priority::MAX.get()).any(|boost| {
            event.child_priority == parent.priority.raised_by(boost)
                && event.child_original_priority == parent.original_priority.raised_by(boost)
        });
        ensure(is_alike, "a split raises what escalation starts from as much as the priority")?;
        let released = event.released_now as usize;
        let has_gap = event.gap_ticks > 0;
        ensure(released <= count && has_gap == (released < count), "a gap is between parts")?;
        parent.place = Place::Split;
        let part = Life {
            priority: event.child_priority,
            original_priority: event.child_original_priority,
            place: Place::Queue1,
            last_hold: None,
            penalty: parent.penalty.map(|_| Money::ZERO),
            parent: Some(event.tx_id),
            ..parent.clone()
        };
        for (index, amount) in (0_u32..).zip(amounts) {
            let later = index.checked_sub(event.released_now);
            let wait = later.map(|later| (later + 1).saturating_mul(event.gap_ticks));
            let release_at = wait.map(|wait| Tick(now.0.saturating_add(wait)));
            self.payments.push(Life { amount: *amount, release_at, ..part.clone() });
        }
        Ok(parts[..released].to_vec())
    }

    /// Returns the completions that must follow when a payment has settled or was dropped.
    pub(super) fn completed_by(&mut self, no: PaymentNo) -> Result<Vec<Due>, &'static str> {
        let mut completed = Vec::new();
        let mut last = no;
        while let Some(parent) = self.life(last)?.parent {
            let Some(outcome) = self.outcome_of(parent) else { break };
            self.life(parent)?.place = match outcome {
                SplitOutcome::Settled => Place::Settled,
                SplitOutcome::Dropped => Place::Dropped,
            };
            completed.push(Due::SplitCompleted(parent));
            last = parent;
        }
        Ok(completed)
    }

    pub(super) fn complete(&mut self, event: &SplitCompleted) -> Verdict {
        let outcome = self.outcome_of(event.tx_id);
        ensure(outcome == Some(event.outcome), "the outcome of a split is that of its parts")?;
        ensure(event.agent_id == self.life(event.tx_id)?.sender, "a sender stays")
    }

    /// Returns what has become of a split payment, once all its parts are done.
    fn outcome_of(&self, parent: PaymentNo) -> Option<SplitOutcome> {
        let parts = || self.payments.iter().filter(|life| life.parent == Some(parent));
        let is_done = |life: &Life| matches!(life.place, Place::Settled | Place::Dropped);
        let all_settled = parts().all(|life| life.place == Place::Settled);
        let outcome = if all_settled { SplitOutcome::Settled } else { SplitOutcome::Dropped };
        parts().all(is_done).then_some(outcome)
    }

    /// Expects each split payment to have parts on their way, or to be complete.
    pub(super) fn families_are_whole(&self) -> Verdict {
        let mut numbers = (0..self.payments.len()).map(PaymentNo::from_index);
        let is_open = |no: &PaymentNo| self.payments[no.index()].place == Place::Split;
        let is_whole = numbers.all(|no| !is_open(&no) || self.outcome_of(no).is_none());
        ensure(is_whole, "a parent is complete when its parts are")
    }
}
