//! The agents, the largest payers first, and their balances.

use psim_model::Money;
use serde_json::{Value, json};

use super::data::minor;
use crate::measured::Measured;
use crate::picture::Picture;

/// The columns: label and kind.
const COLUMNS: [(&str, &str); 9] = [
    ("Agent", "text"),
    ("Opening balance", "money"),
    ("Closing balance", "money"),
    ("Payments sent", "count"),
    ("Value sent", "money"),
    ("Value received", "money"),
    ("Unsettled", "money"),
    ("Liquidity used", "money"),
    ("Costs", "money"),
];

/// Returns all agents; nothing before the run has opened.
pub(super) fn table(run: &Measured, picture: &Picture) -> Option<Value> {
    if picture.selection.agents.is_empty() {
        return None;
    }
    let columns = COLUMNS.map(|(label, kind)| json!({"label": label, "kind": kind}));
    let agents = &picture.selection.agents;
    let known = agents.iter().filter_map(|no| run.summary.agents.get(no.index()));
    let rows: Vec<Value> = known
        .map(|agent| {
            json!([
                agent.id,
                minor(agent.opening_balance),
                minor(agent.closing_balance),
                agent.sent.count,
                minor(agent.sent.value),
                minor(agent.received.value),
                minor(agent.unsettled.value),
                minor(agent.liquidity_used_max),
                minor(agent.costs.total),
            ])
        })
        .collect();
    let balances: Vec<Vec<Value>> = picture.balances.iter().map(|column| steps(column)).collect();
    Some(json!({"columns": columns, "rows": rows, "balances": balances}))
}

/// Returns the first balance and the changes after it, most of which are nothing.
fn steps(column: &[Money]) -> Vec<Value> {
    let mut before = psim_model::Total::ZERO;
    let step = |balance: &Money| {
        let now = psim_model::Total::from(*balance);
        let step = now - before;
        before = now;
        minor(step)
    };
    column.iter().map(step).collect()
}
