//! Sections of the page about what does not happen in every run.

use std::fmt::Write as _;

use super::{Page, section};
use crate::state::Tally;
use crate::summary::{InstructionSummary, LimitSummary, ScenarioEventSummary, SplitSummary};
use crate::table::Grid;
use crate::text::count;

impl Page<'_> {
    pub(super) fn splits(&self, text: &mut String) {
        let SplitSummary { split, parts } = self.summary.splits;
        self.tallies(text, "Splits", &[("payments split", split), ("parts", parts)]);
    }

    pub(super) fn limits(&self, text: &mut String) {
        let LimitSummary { stopped_by_bilateral, stopped_by_multilateral } = self.summary.limits;
        let rows = [
            ("stopped by a bilateral limit", stopped_by_bilateral),
            ("stopped by a multilateral limit", stopped_by_multilateral),
        ];
        self.tallies(text, "Limits", &rows);
    }

    pub(super) fn collateral(&self, text: &mut String) {
        let collateral = &self.summary.collateral;
        if collateral.posted.count + collateral.withdrawn.count == 0 {
            return;
        }
        let mut grid = Grid::new("lrrl");
        if let Some(peak) = &collateral.peak_posted {
            let note = format!("after {}", self.moment(&peak.at));
            grid.row(["most posted".to_owned(), String::new(), self.amount(peak.amount), note]);
        }
        let rows = [("postings", collateral.posted), ("withdrawals", collateral.withdrawn)];
        for (label, tally) in rows.into_iter().filter(|(_, tally)| tally.count > 0) {
            let value = self.amount(tally.value);
            grid.row([label.to_owned(), count(tally.count), value, String::new()]);
        }
        section(text, "Collateral", grid);
    }

    pub(super) fn policies(&self, text: &mut String) {
        let policies = &self.summary.policies;
        if policies.is_plain() {
            return;
        }
        let mut grid = Grid::new("lrl");
        for row in &policies.followed {
            let noun = if row.agents == 1 { "agent" } else { "agents" };
            grid.row([row.policy.clone(), count(row.agents), noun.to_owned()]);
        }
        section(text, "Policies", grid);
        if policies.faults > 0 {
            let nouns = if policies.faults == 1 { "payment or tree" } else { "payments or trees" };
            let faults = count(policies.faults);
            let _ = writeln!(text, "  policy faults: {faults} {nouns} affected");
        }
    }

    pub(super) fn interventions(&self, text: &mut String) {
        let ScenarioEventSummary { applied, not_applied } = self.summary.scenario_events;
        let InstructionSummary { given, refused } = self.summary.instructions;
        let rows = [
            ("scenario events applied", applied),
            ("scenario events not applied", not_applied),
            ("instructions carried out", given.saturating_sub(refused)),
            ("instructions refused", refused),
        ];
        let mut grid = Grid::new("lr");
        for (label, number) in rows.into_iter().filter(|(_, number)| *number > 0) {
            grid.row([label.to_owned(), count(number)]);
        }
        if applied + not_applied + given > 0 {
            section(text, "Interventions", grid);
        }
    }

    /// Writes a section of counts and values, of those that are not nothing.
    fn tallies(&self, text: &mut String, title: &str, rows: &[(&str, Tally)]) {
        let mut grid = Grid::new("lrr");
        let mut shown = rows.iter().filter(|(_, tally)| tally.count > 0).peekable();
        if shown.peek().is_none() {
            return;
        }
        for (label, tally) in shown {
            grid.row([(*label).to_owned(), count(tally.count), self.amount(tally.value)]);
        }
        section(text, title, grid);
    }
}
