//! How the system settles, and what that costs.

use super::{ScenarioFault, fault, is_weight};
use crate::{Algorithm, MAX_SPLITS, Pairs, Penalty, Priority, Scenario};

impl Scenario {
    pub(super) fn check_rules(&self) -> Result<(), ScenarioFault> {
        if self.rules.cutoff_tick_in_day >= self.calendar.ticks_per_day() {
            return fault("the cut-off lies outside the day");
        }
        let mut covered_to = 0;
        for window in &self.rate_profile {
            if window.from < covered_to
                || window.to <= window.from
                || window.to > self.calendar.ticks_per_day()
                || !is_weight(window.factor)
            {
                return fault("rate profile windows ascend, do not overlap and lie in the day");
            }
            covered_to = window.to;
        }
        let settings = &self.policies;
        if !(0.0..=1.0).contains(&settings.eod_rush_threshold) {
            return fault("`eod_rush_threshold` lies between 0 and 1");
        }
        let points = &settings.throughput_guideline;
        let ascends = points.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1);
        if !ascends || points.last().is_some_and(|it| it.0 >= self.calendar.ticks_per_day()) {
            return fault("the points of `throughput_guideline` ascend and lie in the day");
        }
        if self.rules.priority_blocking && !self.rules.priority_mode {
            return fault("`priority_blocking` needs `priority_mode`");
        }
        if self
            .rules
            .escalation
            .is_some_and(|escalation| escalation.max_boost > Priority::MAX.get())
        {
            return fault(format!("an escalation adds at most {}", Priority::MAX));
        }
        if !(2..=MAX_SPLITS).contains(&self.rules.max_splits) {
            return fault(format!("`max_splits` lies between 2 and {MAX_SPLITS}"));
        }
        if self.rules.collateral.timer_buffer.is_negative() {
            return fault("a buffer is negative");
        }
        let penalties = [self.costs.eod_penalty, self.costs.deadline_penalty];
        if penalties.iter().any(|p| matches!(p, Penalty::Fixed(m) if m.is_negative()))
            || self.costs.split_friction_cost.is_negative()
        {
            return fault("a penalty or a friction cost is negative");
        }
        Ok(())
    }

    pub(super) fn check_liquidity_saving(&self) -> Result<(), ScenarioFault> {
        let saving = &self.liquidity_saving;
        let names: Vec<_> = saving.algorithms.iter().map(|it| it.algorithm.name()).collect();
        if (1..names.len()).any(|place| names[..place].contains(&names[place])) {
            return fault("an algorithm is listed twice");
        }
        let intervals = saving.algorithms.iter().map(|it| it.every);
        let mut counts = intervals.chain([saving.run_every_ticks, saving.max_rounds]);
        if counts.any(|count| count == 0) || saving.max_steps == Some(0) {
            return fault("intervals and bounds of liquidity saving are at least 1");
        }
        for scheduled in &saving.algorithms {
            match scheduled.algorithm {
                Algorithm::Cycles { max_cycle_length, max_cycles_per_tick }
                    if !(3..=10).contains(&max_cycle_length) || max_cycles_per_tick == 0 =>
                {
                    return fault("rings have 3 to 10 agents, and at least one may settle");
                }
                Algorithm::Bilateral(Pairs { max_opposing: Some(0), .. }) => {
                    return fault("each side of a pair brings in at least one payment");
                }
                _ => {}
            }
        }
        Ok(())
    }
}
