//! What policies did with their registers, where they failed, and what they were asked in vain.

use std::collections::BTreeMap;

use psim_model::event::{EventBatch, PolicyDecision, PolicyFault, PolicyTree, StateRegisterSet};
use psim_model::{AgentNo, PaymentNo};

use super::listing::write_largest;
use super::section::path_note;
use super::sorted::Sorted;
use crate::phrases::tree_phrase;
use crate::table::Grid;
use crate::text::{count, plain_number};
use crate::wording::Wording;

/// Writes what became of registers, and where policies failed.
pub(super) fn write(text: &mut String, batch: &EventBatch, sorted: &Sorted, wording: &Wording) {
    let rows = PolicyRows { batch, wording };
    rows.registers(text, &sorted.registers);
    rows.faults(text, &sorted.faults);
}

/// Writes by which ways nothing was done.
pub(super) fn write_decisions(
    text: &mut String,
    batch: &EventBatch,
    sorted: &Sorted,
    wording: &Wording,
) {
    PolicyRows { batch, wording }.decisions(text, &sorted.decisions);
}

struct PolicyRows<'a> {
    batch: &'a EventBatch,
    wording: &'a Wording<'a>,
}

impl PolicyRows<'_> {
    fn registers(&self, text: &mut String, changes: &[&StateRegisterSet]) {
        let title = counted("Registers", changes.len());
        write_largest(
            text,
            &title,
            Grid::new("lllll"),
            changes,
            |_| 0,
            |event| {
                let (old, new) = (event.old_value.get(), event.new_value.get());
                let row = [
                    self.wording.agent(event.agent_id).to_owned(),
                    self.batch.text_of(event.register_key).to_owned(),
                    format!("{} → {}", plain_number(old), plain_number(new)),
                    self.batch.text_of(event.reason).to_owned(),
                ];
                row.into_iter().chain(path_note(self.batch, event.decision_path)).collect()
            },
        );
    }

    fn faults(&self, text: &mut String, faults: &[&PolicyFault]) {
        let title = counted("Policy faults", faults.len());
        write_largest(
            text,
            &title,
            Grid::new("lllll"),
            faults,
            |_| 0,
            |event| {
                let payment = event.tx_id.map(|payment| self.wording.payment(payment).into_owned());
                let node = self.batch.text_of(event.node);
                let row = [
                    self.wording.agent(event.agent_id).to_owned(),
                    tree_phrase(event.tree).to_owned(),
                    payment.unwrap_or_default(),
                    format!("at {node}: {}", self.batch.text_of(event.message)),
                ];
                row.into_iter().chain(path_note(self.batch, event.decision_path)).collect()
            },
        );
    }

    /// Writes the ways by which nothing was done, each with the payments for which that was so.
    fn decisions(&self, text: &mut String, decisions: &[&PolicyDecision]) {
        let mut ways: BTreeMap<(AgentNo, PolicyTree, &str), Vec<PaymentNo>> = BTreeMap::new();
        for decision in decisions {
            let path = self.batch.text_of(decision.decision_path);
            let way = (decision.agent_id, decision.tree, path);
            ways.entry(way).or_default().extend(decision.tx_id);
        }
        let ways: Vec<_> = ways.into_iter().collect();
        let title = counted("Evaluated, nothing done", decisions.len());
        write_largest(
            text,
            &title,
            Grid::new("llll"),
            &ways,
            |_| 0,
            |(way, payments)| {
                let (agent, tree, path) = *way;
                vec![
                    self.wording.agent(agent).to_owned(),
                    tree_phrase(tree).to_owned(),
                    self.wording.list(payments),
                    format!("path: {path}"),
                ]
            },
        );
    }
}

fn counted(title: &str, number: usize) -> String {
    format!("{title}: {}", count(number as u64))
}
