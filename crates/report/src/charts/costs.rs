//! Charts of costs.

use std::cmp::Reverse;

use psim_model::Total;
use psim_view::CostKind;

use super::{Chart, Drawing, Unit, number};
use crate::measured::Measured;
use crate::picture::Picture;

/// Most agents of the chart by agent.
const AGENTS_MAX: usize = 15;

/// What had been booked by then, by kind.
pub(super) fn so_far(picture: &Picture) -> Option<Chart> {
    let about = "Costs that had been booked by then, by kind.";
    let mut chart = Chart::over_time("costs", "Costs so far", Unit::Money, Drawing::Step, about);
    let last = picture.costs.last()?;
    for (kind, _) in last.booked() {
        chart.add(kind.phrase(), picture.costs.iter().map(|costs| number(costs.of(kind))));
    }
    Some(chart)
}

/// What the run cost those that it cost most, by kind.
pub(super) fn by_agent(run: &Measured) -> Chart {
    let mut agents: Vec<_> = run.measures.costs.by_agent.iter().collect();
    agents.retain(|agent| agent.costs.total != Total::ZERO);
    agents.sort_by_key(|agent| Reverse(agent.costs.total)); // stable: ties by id
    let about = if agents.len() > AGENTS_MAX {
        format!("Costs of the {AGENTS_MAX} agents that bore most, by kind.")
    } else {
        "Costs of each agent, by kind.".to_owned()
    };
    agents.truncate(AGENTS_MAX);
    let mut chart = Chart::over_categories("costs_by_agent", "Costs by agent", Unit::Money, &about);
    chart.stacked = true;
    chart.categories = agents.iter().map(|agent| agent.agent_id.clone()).collect();
    for kind in CostKind::ALL {
        let costs = || agents.iter().map(|agent| agent.costs.by_kind.of(kind));
        if costs().any(|cost| cost != Total::ZERO) {
            chart.add(kind.phrase(), costs().map(number));
        }
    }
    chart
}
