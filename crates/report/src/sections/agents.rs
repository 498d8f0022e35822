//! Each agent, the largest payer first.

use std::cmp::Reverse;

use psim_view::{AgentSummary, count};

use super::{Section, liquidity};
use crate::measured::Measured;
use crate::style;
use crate::table::Table;

pub(super) fn section(run: &Measured) -> Section {
    let Measured { measures, style, .. } = run;
    let mut section = Section::new("agents", "Agents");
    let labels = [
        "agent",
        "sent",
        "value sent",
        "settled",
        "used",
        "usage",
        "lower bound",
        "upper bound",
        "position",
        "turnover",
        "cost",
    ];
    let mut table = Table::new("agents", "Agents, the largest payers first", 1, labels)
        .about("Settled: the share of the value that it was to pay. Liquidity as sums over days.");
    for index in by_value_sent(&run.summary.agents) {
        let agent = &run.summary.agents[index];
        let settled = measures.settlement.by_agent.get(index);
        let rate = settled.and_then(|row| row.figures.rate_value);
        let figures = measures.liquidity.by_agent.get(index).map(|row| row.figures);
        let [used, usage, lower, upper, position, turnover] =
            liquidity::cells(&figures.unwrap_or_default(), style);
        table.row([
            agent.id.clone(),
            count(agent.sent.count),
            style.amount(agent.sent.value),
            rate.map_or("-".to_owned(), style::share),
            used,
            usage,
            lower,
            upper,
            position,
            turnover,
            style.amount(agent.costs.total),
        ]);
    }
    section.table(table);
    section
}

/// Returns the agents by value sent, the largest first, equal ones by id.
pub(crate) fn by_value_sent(agents: &[AgentSummary]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..agents.len()).collect();
    order.sort_by_key(|index| Reverse(agents[*index].sent.value)); // stable
    order
}
