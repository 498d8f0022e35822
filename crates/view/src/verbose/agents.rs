//! How agents stand.

use psim_model::{AgentNo, Money, Total};

use super::distance;
use super::listing::write_largest;
use crate::state::{AgentState, State, minus};
use crate::table::Grid;
use crate::text::count;
use crate::wording::Wording;

/// One row: an agent now, and what has changed.
pub(super) struct AgentRow<'a> {
    pub(super) id: &'a str,
    pub(super) agent: &'a AgentState,
    pub(super) change: Money,
    pub(super) costs: Total,
}

/// Writes the agents whose balance, queues or costs differ from before the tick.
pub(super) fn write_changed(
    text: &mut String,
    before: &[(AgentNo, AgentState)],
    state: &State,
    wording: &Wording,
) {
    let mut changed: Vec<(AgentNo, AgentRow)> = Vec::new();
    for (no, before) in before {
        let Some(agent) = state.agents.get(no.index()) else { continue };
        if shown(agent) != shown(before) {
            let change = minus(agent.balance, before.balance);
            let (id, costs) = (wording.agent(*no), agent.costs.total());
            changed.push((*no, AgentRow { id, agent, change, costs }));
        }
    }
    changed.sort_unstable_by_key(|(no, _)| *no);
    let rows: Vec<AgentRow> = changed.into_iter().map(|(_, row_of)| row_of).collect();
    write(text, "Agents that changed", "costs so far", &rows, wording);
}

/// Returns what a table shows of an agent.
fn shown(agent: &AgentState) -> impl PartialEq {
    (
        [agent.balance, agent.pending, agent.available(), agent.posted_collateral],
        [agent.queue1, agent.queue2],
        agent.costs,
    )
}

/// Writes a table of agents; where there are too many, those whose balance moved most. What is
/// pending and what collateral is posted have a column where somebody has some.
pub(super) fn write(
    text: &mut String,
    title: &str,
    costs_title: &str,
    rows: &[AgentRow],
    wording: &Wording,
) {
    let has_pending = rows.iter().any(|row_of| row_of.agent.pending != Money::ZERO);
    let has_collateral = rows.iter().any(|row_of| row_of.agent.posted_collateral != Money::ZERO);
    let mut titles = vec!["agent", "balance", "change"];
    titles.extend(has_pending.then_some("pending"));
    titles.push("available");
    titles.extend(has_collateral.then_some("collateral"));
    titles.extend(["queue 1", "value", "queue 2", "value", costs_title]);
    let mut grid = Grid::new("lrrrrrrrrrr");
    grid.row(titles);
    let size = |row_of: &AgentRow| distance(row_of.change);
    write_largest(text, &wording.title(title), grid, rows, size, |row_of| {
        let AgentRow { id, agent, change, costs } = row_of;
        let mut row =
            vec![(*id).to_owned(), wording.bare_amount(agent.balance), signed(*change, wording)];
        row.extend(has_pending.then(|| wording.bare_amount(agent.pending)));
        row.push(wording.bare_amount(agent.available()));
        row.extend(has_collateral.then(|| wording.bare_amount(agent.posted_collateral)));
        row.extend([
            count(agent.queue1.count),
            wording.bare_amount(agent.queue1.value),
            count(agent.queue2.count),
            wording.bare_amount(agent.queue2.value),
            wording.bare_amount(*costs),
        ]);
        row
    });
}

/// Returns an amount with its sign, without the currency's code.
pub(super) fn signed(change: Money, wording: &Wording) -> String {
    let sign = if change.is_positive() { "+" } else { "" };
    format!("{sign}{}", wording.bare_amount(change))
}
