//! Who paid whom, and when.

use std::collections::BTreeMap;

use psim_model::{AgentNo, Total};
use serde_json::{Value, json};

use super::data::minor;
use crate::measured::Measured;
use crate::picture::Picture;

/// Returns the largest links between the largest payers; nothing if nobody paid.
pub(super) fn network(run: &Measured, picture: &Picture) -> Option<Value> {
    let selection = &picture.selection;
    let rows: BTreeMap<AgentNo, usize> =
        selection.agents.iter().enumerate().map(|(row, no)| (*no, row)).collect();
    let links: Vec<Value> = picture
        .links
        .iter()
        .map(|((from, to), steps)| {
            let count: u64 = steps.iter().map(|step| step.count).sum();
            let value: Total = steps.iter().map(|step| step.value).sum();
            let steps: Vec<Value> =
                steps.iter().map(|step| json!([step.moment, minor(step.value)])).collect();
            json!({
                "from": rows.get(from),
                "to": rows.get(to),
                "count": count,
                "value": minor(value),
                "steps": steps,
            })
        })
        .collect();
    if links.is_empty() {
        return None;
    }
    let all = run.measures.concentration.links;
    let about = if (links.len() as u64) < all {
        format!(
            "The {} largest links between the {} largest payers, of {} in all.",
            links.len(),
            selection.nodes.len(),
            psim_view::count(all)
        )
    } else {
        "All links with a settled payment.".to_owned()
    };
    let agents: Vec<Option<&usize>> = selection.nodes.iter().map(|no| rows.get(no)).collect();
    Some(json!({"about": about, "agents": agents, "links": links}))
}
