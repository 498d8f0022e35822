//! The summary as a page for people.

mod occasional;
mod saving;

use std::fmt::Write as _;

use psim_model::{Currency, Total};

use super::{DayLiquidity, DeadlineSummary, Moment, PeakQueue, Summary};
use crate::state::{Costs, Tally};
use crate::table::Grid;
use crate::text::{amount, count, percent, plural};

/// Agents named in the table of costs.
const COSTLIEST: usize = 10;

/// Sets out a summary, section by section.
pub(super) fn write(summary: &Summary) -> String {
    if summary.run.events == 0 {
        return "Nothing ran: the event stream is empty\n".to_owned();
    }
    let page = Page { summary, currency: &summary.currency };
    let mut text = String::new();
    page.run(&mut text);
    page.payments(&mut text);
    page.unsettled(&mut text);
    page.splits(&mut text);
    page.limits(&mut text);
    page.liquidity(&mut text);
    page.liquidity_saving(&mut text);
    page.collateral(&mut text);
    page.delay(&mut text);
    page.queues(&mut text);
    page.blocks(&mut text);
    page.deadlines(&mut text);
    page.costs(&mut text);
    page.policies(&mut text);
    page.interventions(&mut text);
    page.stream(&mut text);
    text
}

struct Page<'a> {
    summary: &'a Summary,
    currency: &'a Currency,
}

impl Page<'_> {
    fn amount(&self, value: impl Into<Total>) -> String {
        amount(value, self.currency)
    }

    fn moment(&self, at: &Moment) -> String {
        at.phrase(self.summary.run.num_days)
    }

    fn run(&self, text: &mut String) {
        let run = &self.summary.run;
        let state = if run.complete { "complete" } else { "stopped early" };
        let _ = writeln!(
            text,
            "Run {state}: {} of {}, {} of {}",
            count(run.ticks_executed.into()),
            plural(run.ticks_planned.into(), "tick"),
            plural(run.num_days.into(), "day"),
            plural(run.ticks_per_day.into(), "tick"),
        );
        let _ = writeln!(
            text,
            "  {}, seed {}, version {}",
            plural(run.agents, "agent"),
            run.rng_seed,
            run.version
        );
        let _ = writeln!(text, "  scenario {}", run.scenario_hash);
    }

    fn payments(&self, text: &mut String) {
        let payments = &self.summary.payments;
        let all = payments.arrived;
        let mut grid = Grid::new("lrrrr");
        grid.row(["", "count", "of arrived", "value", "of arrived"]);
        grid.row(["arrived", &count(all.count), "", &self.amount(all.value), ""]);
        let is_any = |tally: Tally| tally != Tally::default();
        let any_settled = is_any(payments.settled);
        let parts = [
            ("settled", payments.settled, true),
            ("  on entry", payments.settled_on_entry, any_settled),
            ("  from queue 2", payments.settled_from_queue2, any_settled),
            (
                "  by offset on entry",
                payments.settled_entry_offset,
                is_any(payments.settled_entry_offset),
            ),
            (
                "  by algorithm",
                payments.settled_by_algorithm,
                is_any(payments.settled_by_algorithm),
            ),
            ("  in parts", payments.settled_in_parts, is_any(payments.settled_in_parts)),
            ("unsettled", payments.unsettled, true),
            ("  dropped", payments.dropped, is_any(payments.dropped)),
        ];
        for (label, part, _) in parts.into_iter().filter(|(_, _, shown)| *shown) {
            grid.row([
                label.to_owned(),
                count(part.count),
                share_of_count(part, all),
                self.amount(part.value),
                percent(part.value, all.value),
            ]);
        }
        section(text, "Payments", grid);
    }

    fn unsettled(&self, text: &mut String) {
        let all = self.summary.payments.unsettled;
        if self.summary.unsettled_by_reason.is_empty() {
            return;
        }
        let mut grid = Grid::new("lrrrr");
        grid.row(["", "count", "of unsettled", "value", "of unsettled"]);
        for row in &self.summary.unsettled_by_reason {
            let reason = match row.phrase_before {
                Some(before) => format!("{} ({before})", row.phrase),
                None => row.phrase.to_owned(),
            };
            grid.row([
                reason,
                count(row.payments.count),
                share_of_count(row.payments, all),
                self.amount(row.payments.value),
                percent(row.payments.value, all.value),
            ]);
        }
        section(text, "Unsettled, by last reason", grid);
    }

    fn liquidity(&self, text: &mut String) {
        let liquidity = &self.summary.liquidity;
        let mut grid = Grid::new("lrl");
        let of_opening = |day: &DayLiquidity| {
            let opening = self.amount(day.opening);
            format!("{} of {opening} opening liquidity", percent(day.used, day.opening))
        };
        if let Some(day) = &liquidity.peak_day {
            if liquidity.days.len() == 1 {
                grid.row(["used".to_owned(), self.amount(day.used), of_opening(day)]);
            } else {
                let note = format!("day {}, {}", day.day, of_opening(day));
                grid.row(["used on the day with most".to_owned(), self.amount(day.used), note]);
                let days = plural(liquidity.days.len() as u64, "day");
                let mean = self.amount(liquidity.mean_used);
                grid.row(["used on average".to_owned(), mean, format!("over {days}")]);
            }
        }
        let turnover =
            liquidity.turnover_ratio.map_or("-".to_owned(), |ratio| format!("{ratio:.2}"));
        grid.row(["turnover ratio", &turnover, "value settled / liquidity used"]);
        match &liquidity.peak_overdraft {
            Some(peak) => {
                let note = format!("{}, {}", peak.agent_id, self.moment(&peak.at));
                grid.row(["largest overdraft".to_owned(), self.amount(peak.amount), note]);
            }
            None => grid.row(["largest overdraft", "none", ""]),
        }
        section(text, "Liquidity", grid);
    }

    fn delay(&self, text: &mut String) {
        let delay = &self.summary.delay;
        let mut grid = Grid::new("lrl");
        if let Some(indicator) = delay.indicator {
            let note = "0: all settle on arrival, 1: none before the day closes";
            grid.row(["delay indicator", &format!("{indicator:.4}"), note]);
        }
        if let Some(ticks) = delay.mean_ticks_by_value {
            let minutes = delay
                .mean_minutes_by_value
                .map_or_else(String::new, |minutes| format!("{minutes:.1} minutes, "));
            let note = format!("{minutes}weighted by value, counted up to the close");
            grid.row(["mean delay".to_owned(), format!("{ticks:.2} ticks"), note]);
        }
        if let (Some(mean), Some(p95), Some(max)) = (
            delay.settled_wait_ticks_mean,
            delay.settled_wait_ticks_p95,
            delay.settled_wait_ticks_max,
        ) {
            let note = format!(
                "of settled payments; 95 % waited at most {}, the longest {}",
                count(p95.into()),
                count(max.into())
            );
            grid.row(["mean wait".to_owned(), format!("{mean:.2} ticks"), note]);
        }
        section(text, "Delay", grid);
    }

    fn queues(&self, text: &mut String) {
        let queues = &self.summary.queues;
        let mut grid = Grid::new("lrrl");
        let peaks = [
            ("queue 1, most payments", &queues.queue1_peak_count),
            ("queue 1, most value", &queues.queue1_peak_value),
            ("queue 2, most payments", &queues.queue2_peak_count),
            ("queue 2, most value", &queues.queue2_peak_value),
        ];
        for (label, peak) in peaks {
            if let Some(PeakQueue { size, at }) = peak {
                let value = self.amount(size.value);
                let note = format!("after {}", self.moment(at));
                grid.row([label.to_owned(), count(size.count), value, note]);
            }
        }
        let ever = queues.ever_in_queue2;
        grid.row([
            "ever in queue 2".to_owned(),
            count(ever.count),
            self.amount(ever.value),
            format!("{} of arrived", share_of_count(ever, self.summary.payments.arrived)),
        ]);
        section(text, "Queues", grid);
    }

    fn deadlines(&self, text: &mut String) {
        let deadlines = &self.summary.deadlines;
        let DeadlineSummary { overdue, deadline_penalties, end_of_day_penalties, .. } = deadlines;
        if overdue.count + deadline_penalties.count + end_of_day_penalties.count == 0 {
            return;
        }
        let mut grid = Grid::new("lrr");
        let rows = [
            ("became overdue", deadlines.overdue),
            ("settled late", deadlines.settled_late),
            ("deadline penalties", deadlines.deadline_penalties),
            ("end-of-day penalties", deadlines.end_of_day_penalties),
        ];
        for (label, tally) in rows {
            grid.row([label.to_owned(), count(tally.count), self.amount(tally.value)]);
        }
        section(text, "Deadlines", grid);
    }

    fn costs(&self, text: &mut String) {
        let costs = &self.summary.costs;
        if costs.by_kind == Costs::default() {
            text.push_str("\nCosts\n  none\n");
            return;
        }
        let mut grid = Grid::new("lrr");
        for (kind, cost) in costs.by_kind.booked() {
            let share = percent(cost, costs.total);
            grid.row([kind.phrase().to_owned(), self.amount(cost), share]);
        }
        grid.row(["total", &self.amount(costs.total), ""]);
        section(text, "Costs", grid);

        let mut agents: Vec<_> =
            self.summary.agents.iter().filter(|agent| agent.costs.total > Total::ZERO).collect();
        agents.sort_by_key(|agent| std::cmp::Reverse(agent.costs.total)); // stable: ties by id
        let mut grid = Grid::new("lrr");
        for agent in agents.iter().take(COSTLIEST) {
            let share = percent(agent.costs.total, costs.total);
            grid.row([agent.id.clone(), self.amount(agent.costs.total), share]);
        }
        if let Some(others) = agents.get(COSTLIEST..).filter(|others| !others.is_empty()) {
            let rest: Total = others.iter().map(|agent| agent.costs.total).sum();
            let label = format!("{} more", count(others.len() as u64));
            grid.row([label, self.amount(rest), percent(rest, costs.total)]);
        }
        section(text, "Costs by agent", grid);
    }

    fn stream(&self, text: &mut String) {
        let run = &self.summary.run;
        let _ = writeln!(text, "\n{}, stream hash", plural(run.events, "event"));
        let _ = writeln!(text, "  {}", run.stream_hash);
    }
}

fn section(text: &mut String, title: &str, grid: Grid) {
    let _ = writeln!(text, "\n{title}");
    grid.write_to(text);
}

fn share_of_count(part: Tally, whole: Tally) -> String {
    percent(Total::from_minor(part.count.into()), Total::from_minor(whole.count.into()))
}
