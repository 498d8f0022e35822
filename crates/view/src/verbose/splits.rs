//! What was split in a tick, and what was done with its last part.

use psim_model::event::{PolicySplit, SplitCompleted};

use super::section::Section;
use crate::phrases::{outcome_phrase, release_phrase};

impl Section<'_> {
    pub(super) fn splits(&self, text: &mut String, splits: &[&PolicySplit]) {
        let subject = |event: &&PolicySplit| self.recall(event.tx_id);
        self.list(text, "Split", splits, subject, |event| {
            let parts = self.wording.list(event.child_ids.of(self.batch.columns()));
            let mut notes = vec![format!("into {parts}"), release_phrase(event)];
            notes.extend(self.path(event.decision_path));
            notes
        });
    }

    pub(super) fn completed(&self, text: &mut String, completed: &[&SplitCompleted]) {
        let subject = |event: &&SplitCompleted| self.recall(event.tx_id);
        self.list(text, "Split payments that are done", completed, subject, |event| {
            vec![outcome_phrase(event.outcome).to_owned()]
        });
    }
}
