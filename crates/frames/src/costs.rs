//! What each day has cost each agent.

use std::sync::Arc;

use arrow_array::{Int64Array, UInt32Array};
use psim_model::event::{EventBatch, Names};
use psim_model::{AgentNo, Day};
use psim_view::{CostKind, Costs, CostsByAgent, Fold};

use crate::totals::Totals;
use crate::{Column, Frame, FrameBuilder, words};

/// Returns one row for each day and agent, in this order, with the costs that were booked in that
/// day by kind and all together (`total_cost`); zeros where nothing was booked.
///
/// `names` must have observed the batches.
pub fn costs<'a>(log: impl IntoIterator<Item = &'a EventBatch>, names: &Names) -> Frame {
    let mut days: Vec<(Day, CostsByAgent)> = Vec::new();
    for batch in log {
        if days.last().is_none_or(|(day, _)| *day != batch.day()) {
            days.push((batch.day(), CostsByAgent::new(names.agent_count())));
        }
        if let Some((_, sums)) = days.last_mut() {
            sums.observe(batch);
        }
    }

    let days = || days.iter().map(|(day, sums)| (*day, sums.as_slice()));
    let rows = || days().flat_map(|(day, sums)| sums.iter().map(move |sums| (day, sums)));
    let days_of = Int64Array::from_iter_values(rows().map(|(day, _)| i64::from(day.0)));
    let agents = days().flat_map(|(_, sums)| (0..sums.len()).map(AgentNo::from_index));
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

/// A column for each kind of costs and one for all together.
#[derive(Clone, Debug, Default)]
pub(crate) struct CostColumns {
    kinds: [Totals; CostKind::ALL.len()],
    total: Totals,
}

impl CostColumns {
    /// Appends a row.
    pub(crate) fn push(&mut self, costs: &Costs) {
        for (kind, cost) in self.kinds.iter_mut().zip(costs.by_kind()) {
            kind.push(cost.minor());
        }
        self.total.push(costs.total().minor());
    }

    /// Adds the columns to a table; `when` says over which time they were booked.
    pub(crate) fn finish(self, mut builder: FrameBuilder, when: &str) -> FrameBuilder {
        for (kind, costs) in CostKind::ALL.into_iter().zip(self.kinds) {
            let doc = format!("{}, booked {when}.", kind.doc());
            builder = builder.push_array(Column::new(kind.word(), doc).money(), costs.finish());
        }
        let column = Column::new("total_cost", format!("All costs booked {when}.")).money();
        builder.push_array(column, self.total.finish())
    }
}
