//! What became of priorities and declared classes in a tick.

use psim_model::event::{
    PriorityEscalated, RtgsResubmission, RtgsWithdrawal, TransactionReprioritized,
};

use super::section::Section;
use crate::phrases::{class_phrase, origin_phrase};
use crate::text::plural;

impl Section<'_> {
    pub(super) fn escalations(&self, text: &mut String, escalations: &[&PriorityEscalated]) {
        let subject = |event: &&PriorityEscalated| self.recall(event.tx_id);
        self.list(text, "Priority raised", escalations, subject, |event| {
            let left = plural(event.ticks_until_deadline.into(), "tick");
            let priority = format!("to {}", event.escalated_priority);
            vec![priority, format!("{left} to the deadline")]
        });
    }

    pub(super) fn reprioritizations(
        &self,
        text: &mut String,
        changes: &[&TransactionReprioritized],
    ) {
        let subject = |event: &&TransactionReprioritized| self.recall(event.tx_id);
        self.list(text, "Priority changed", changes, subject, |event| {
            let mut notes = vec![format!("from {} to {}", event.old_priority, event.new_priority)];
            notes.extend(self.path(event.decision_path));
            notes
        });
    }

    pub(super) fn withdrawals(&self, text: &mut String, withdrawals: &[&RtgsWithdrawal]) {
        let subject = |event: &&RtgsWithdrawal| self.recall(event.tx_id);
        self.list(text, "Withdrawn from queue 2", withdrawals, subject, |event| {
            let mut notes = vec![origin_phrase(event.origin).to_owned()];
            notes.extend(self.path(event.decision_path));
            notes
        });
    }

    pub(super) fn resubmissions(&self, text: &mut String, resubmissions: &[&RtgsResubmission]) {
        let subject = |event: &&RtgsResubmission| self.recall(event.tx_id);
        self.list(text, "Declared anew", resubmissions, subject, |event| {
            let old = class_phrase(event.old_rtgs_priority);
            let new = class_phrase(event.new_rtgs_priority);
            let origin = origin_phrase(event.origin).to_owned();
            let mut notes = vec![format!("from {old} to {new}"), origin];
            notes.extend(self.path(event.decision_path));
            notes
        });
    }
}
