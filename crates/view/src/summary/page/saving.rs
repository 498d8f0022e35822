//! Sections of the page about liquidity saving and about a queue 2 that cannot move.

use std::fmt::Write as _;

use psim_model::Total;

use super::{Page, section};
use crate::state::Tally;
use crate::summary::{AlgorithmRow, BlockSummary, BoundSummary};
use crate::table::Grid;
use crate::text::{count, duration, percent, plural};

impl Page<'_> {
    pub(super) fn liquidity_saving(&self, text: &mut String) {
        let rows = &self.summary.liquidity_saving.algorithms;
        let reached = bounds(self.summary.liquidity_saving.bounds_reached);
        if rows.is_empty() && reached.is_none() {
            return;
        }
        let mut grid = Grid::new("lrrrrrrl");
        if !rows.is_empty() {
            let titles = ["", "sets", "payments", "value", "moved", "saved", "of value"];
            grid.row(titles.into_iter().chain(["mean wait in queue 2"]));
        }
        for row in rows {
            self.sets(&mut grid, row);
        }
        if rows.len() > 1 {
            self.sets(&mut grid, &all(rows));
        }
        section(text, "Liquidity saving", grid);
        if let Some(reached) = reached {
            let _ = writeln!(text, "  bounds reached: {reached}");
        }
    }

    fn sets(&self, grid: &mut Grid, row: &AlgorithmRow) {
        grid.row([
            row.phrase.to_owned(),
            count(row.sets),
            count(row.payments.count),
            self.amount(row.payments.value),
            self.amount(row.moved),
            self.amount(row.saved),
            percent(row.saved, row.payments.value),
            wait(row),
        ]);
    }

    pub(super) fn blocks(&self, text: &mut String) {
        let saving = &self.summary.liquidity_saving;
        let mut grid = Grid::new("lrrl");
        let mut is_any = false;
        for (label, block) in [("gridlock", saving.gridlock), ("deadlock", saving.deadlock)] {
            let BlockSummary { episodes, ticks } = block;
            if episodes > 0 {
                is_any = true;
                let length = self.summary.run.tick_seconds.map_or_else(String::new, |seconds| {
                    duration(ticks.saturating_mul(u64::from(seconds)))
                });
                let episodes = plural(episodes, "episode");
                grid.row([label.to_owned(), episodes, plural(ticks, "tick"), length]);
            }
        }
        if is_any {
            section(text, "Queue 2 blocked", grid);
        }
    }
}

/// Returns the sums of the rows; the mean wait is left out.
fn all(rows: &[AlgorithmRow]) -> AlgorithmRow {
    let total = |part: fn(&AlgorithmRow) -> Total| rows.iter().map(part).sum();
    AlgorithmRow {
        algorithm: "",
        sets: rows.iter().map(|row| row.sets).sum(),
        payments: rows.iter().fold(Tally::default(), |sum, row| sum.and(row.payments)),
        moved: total(|row| row.moved),
        saved: total(|row| row.saved),
        queue2_wait_ticks_mean: None,
        queue2_wait_minutes_mean: None,
        phrase: "all",
    }
}

/// Returns `2.40 ticks, 2.4 minutes`.
fn wait(row: &AlgorithmRow) -> String {
    let minutes = row.queue2_wait_minutes_mean;
    let minutes = minutes.map_or_else(String::new, |minutes| format!(", {minutes:.1} minutes"));
    let ticks = row.queue2_wait_ticks_mean;
    ticks.map_or_else(String::new, |ticks| format!("{ticks:.2} ticks{minutes}"))
}

/// Returns `3 (2 max_steps, 1 max_rounds)`; `None` if no bound was reached.
fn bounds(reached: BoundSummary) -> Option<String> {
    let BoundSummary { max_steps, max_rounds, max_cycles_per_tick } = reached;
    let kinds = [
        (max_steps, "max_steps"),
        (max_rounds, "max_rounds"),
        (max_cycles_per_tick, "max_cycles_per_tick"),
    ];
    let all: u64 = kinds.iter().map(|(number, _)| number).sum();
    let named = kinds.iter().filter(|(number, _)| *number > 0);
    let named: Vec<String> =
        named.map(|(number, name)| format!("{} {name}", count(*number))).collect();
    (all > 0).then(|| format!("{} ({})", count(all), named.join(", ")))
}
