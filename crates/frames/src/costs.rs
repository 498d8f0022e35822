//! What each day has cost each agent.

use std::sync::Arc;

use arrow_array::{Int64Array, UInt32Array};
use psim_model::event::{CostAccrual, Event, EventBatch, Names};
use psim_model::{AgentNo, Day, Total};

use crate::totals::Totals;
use crate::{Column, Frame, FrameBuilder, words};

/// The kinds of costs in their order, and what each is for.
const KINDS: [(&str, &str); 6] = [
    ("liquidity_cost", "For its negative balance"),
    ("delay_cost", "For its queued payments"),
    ("collateral_cost", "For its posted collateral"),
    ("penalty_cost", "Deadline and end-of-day penalties"),
    ("split_friction_cost", "For splitting"),
    ("liquidity_opportunity_cost", "For the liquidity it brought in from its pool"),
];

/// Returns one row for each day and agent, in this order, with the costs that were booked in that
/// day by kind and all together (`total_cost`); zeros where nothing was booked.
///
/// `names` must have observed the batches.
pub fn costs<'a>(log: impl IntoIterator<Item = &'a EventBatch>, names: &Names) -> Frame {
    let mut days: Vec<(Day, Vec<[Total; 6]>)> = Vec::new();
    for batch in log {
        if days.last().is_none_or(|(day, _)| *day != batch.day()) {
            days.push((batch.day(), vec![[Total::ZERO; 6]; names.agent_count()]));
        }
        let Some((_, sums)) = days.last_mut() else { continue };
        for event in batch.events() {
            let Event::CostAccrual(accrual) = event else { continue };
            let Some(sums) = sums.get_mut(accrual.agent_id.index()) else { continue };
            for (sum, cost) in sums.iter_mut().zip(by_kind(accrual)) {
                *sum += cost;
            }
        }
    }

    let rows = || days.iter().flat_map(|(day, sums)| sums.iter().map(move |sums| (*day, sums)));
    let days_of = Int64Array::from_iter_values(rows().map(|(day, _)| i64::from(day.0)));
    let agents = days.iter().flat_map(|(_, sums)| (0..sums.len()).map(AgentNo::from_index));
    let agents = UInt32Array::from_iter_values(agents.map(|agent| agent.0));
    let mut sums = CostColumns::default();
    for (_, costs) in rows() {
        sums.push(costs);
    }
    let builder = FrameBuilder::new()
        .push_array(Column::new("day", "The day, from 0."), Arc::new(days_of))
        .keys(Column::new("agent_id", "The agent."), agents, &words::texts(names.agents()));
    let frame = sums.finish(builder, "in this day").build();
    frame.expect("Invariant: each column has a row for each day and agent and a name of its own")
}

fn by_kind(accrual: &CostAccrual) -> [Total; 6] {
    [
        accrual.liquidity_cost,
        accrual.delay_cost,
        accrual.collateral_cost,
        accrual.penalty_cost,
        accrual.split_friction_cost,
        accrual.liquidity_opportunity_cost,
    ]
    .map(Total::from)
}

/// A column for each kind of costs and one for all together.
#[derive(Clone, Debug, Default)]
pub(crate) struct CostColumns {
    kinds: [Totals; 6],
    total: Totals,
}

impl CostColumns {
    /// Appends a row: costs in the order of the kinds.
    pub(crate) fn push(&mut self, costs: &[Total; 6]) {
        for (kind, cost) in self.kinds.iter_mut().zip(costs) {
            kind.push(cost.minor());
        }
        self.total.push(costs.iter().map(|cost| cost.minor()).sum());
    }

    /// Adds the columns to a table; `when` says over which time they were booked.
    pub(crate) fn finish(self, mut builder: FrameBuilder, when: &str) -> FrameBuilder {
        for ((name, doc), kind) in KINDS.into_iter().zip(self.kinds) {
            let column = Column::new(name, format!("{doc}, booked {when}.")).money();
            builder = builder.push_array(column, kind.finish());
        }
        let column = Column::new("total_cost", format!("All costs booked {when}.")).money();
        builder.push_array(column, self.total.finish())
    }
}
