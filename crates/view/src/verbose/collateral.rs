//! What collateral was posted and withdrawn, and who got deferred credits.

use psim_model::Money;
use psim_model::event::{DeferredCreditApplied, Event, EventBatch, Text};

use super::distance;
use super::listing::write_largest;
use super::section::path_note;
use super::sorted::Sorted;
use crate::state::Tally;
use crate::table::Grid;
use crate::text::plural;
use crate::wording::Wording;

/// Writes what collateral did, with the reasons that were given.
pub(super) fn write(text: &mut String, batch: &EventBatch, sorted: &Sorted, wording: &Wording) {
    let rows = CollateralRows { batch, wording };
    let grid = Grid::new("lllll");
    write_largest(text, "Collateral", grid, &sorted.collateral, |_| 0, |event| rows.row(event));
}

struct CollateralRows<'a> {
    batch: &'a EventBatch,
    wording: &'a Wording<'a>,
}

impl CollateralRows<'_> {
    fn row(&self, event: &Event) -> Vec<String> {
        let wording = self.wording;
        let (agent, what, total, reason) = match event {
            Event::CollateralPost(moved) => {
                let what = self.moved("posts", moved.amount, moved.requested_amount);
                (moved.agent_id, what, Some(moved.new_total), Some(moved.reason))
            }
            Event::CollateralWithdraw(moved) => {
                let what = self.moved("withdraws", moved.amount, moved.requested_amount);
                (moved.agent_id, what, Some(moved.new_total), Some(moved.reason))
            }
            Event::CollateralTimerScheduled(timer) => {
                let (amount, due) = (wording.amount(timer.amount), wording.moment(timer.due_tick));
                (timer.agent_id, format!("will withdraw {amount} at {due}"), None, None)
            }
            Event::CollateralTimerWithdrawn(moved) => {
                let what = self.moved("withdraws", moved.amount, moved.requested_amount);
                let what = format!("{what}, now due");
                (moved.agent_id, what, Some(moved.new_total), Some(moved.original_reason))
            }
            Event::CollateralTimerBlocked(timer) => {
                let amount = wording.amount(timer.requested_amount);
                let what = format!("still needs the {amount} due for withdrawal");
                (timer.agent_id, what, None, Some(timer.original_reason))
            }
            _ => return Vec::new(),
        };
        let total = total.map(|total| format!("{} posted now", wording.amount(total)));
        let path = match event {
            Event::CollateralPost(moved) => path_note(self.batch, moved.decision_path),
            Event::CollateralWithdraw(moved) => path_note(self.batch, moved.decision_path),
            _ => None,
        };
        let row = [
            wording.agent(agent).to_owned(),
            what,
            total.unwrap_or_default(),
            reason.map_or("", |reason: Text| self.batch.text_of(reason)).to_owned(),
        ];
        row.into_iter().chain(path).collect()
    }

    fn moved(&self, verb: &str, amount: Money, requested: Money) -> String {
        let wanted = if amount == requested {
            String::new()
        } else {
            format!(" of {} asked for", self.wording.amount(requested))
        };
        format!("{verb} {}{wanted}", self.wording.amount(amount))
    }
}

/// Writes who gets what it has received in the tick.
pub(super) fn write_credits(
    text: &mut String,
    batch: &EventBatch,
    sorted: &Sorted,
    wording: &Wording,
) {
    let credits = &sorted.deferred_credits;
    let mut all = Tally::default();
    for credit in credits {
        all.add(credit.amount);
    }
    let title = format!("Deferred credits: {}", wording.amount(all.value));
    let size = |event: &&DeferredCreditApplied| distance(event.amount);
    write_largest(text, &title, Grid::new("lrll"), credits, size, |event| {
        let payments = event.source_transactions.of(batch.columns()).len() as u64;
        vec![
            wording.agent(event.agent_id).to_owned(),
            wording.amount(event.amount),
            if payments == 0 {
                "from scheduled settlements".to_owned()
            } else {
                format!("from {}", plural(payments, "payment"))
            },
            format!("has {}", wording.amount(event.balance_after)),
        ]
    });
}
