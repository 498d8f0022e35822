//! On which paths value settled.

use serde_json::{Value, json};

use super::story::{Story, set_of};
use super::{joined, money, ratio, tally_of};

const ALONE: [&str; 2] = ["on_entry", "from_queue2"];
const PATHS: [&str; 9] = [
    "on_entry",
    "from_queue2",
    "entry_offset",
    "Retry",
    "Bilateral",
    "Cycles",
    "GridlockResolution",
    "Partial",
    "AllOrNothing",
];

pub(super) fn offset(story: &Story<'_>) -> Value {
    let settled = || story.leaves().filter(|life| life.settled.is_some());
    let all: i128 = settled().map(|life| life.amount).sum();
    let mut rows = Vec::new();
    let mut offset = 0;
    for path in PATHS {
        let amounts: Vec<i128> =
            settled().filter(|life| life.path == path).map(|life| life.amount).collect();
        if amounts.is_empty() {
            continue;
        }
        let value: i128 = amounts.iter().sum();
        let (mut sets, mut moved) = (0, 0);
        for (_, batch, event) in &story.events {
            if let Some((_, payments)) = set_of(batch, event).filter(|(by, _)| *by == path) {
                sets += 1;
                moved += story.nets(&payments).iter().map(|(_, net)| (-net).max(0)).sum::<i128>();
            }
        }
        if ALONE.contains(&path) {
            moved = value;
        } else {
            offset += value;
        }
        rows.push(joined(
            tally_of(amounts),
            json!({
                "mechanism": path,
                "share": ratio(value, all),
                "sets": sets,
                "moved": money(moved),
                "netting_ratio": ratio(value - moved, value),
            }),
        ));
    }
    json!({
        "mechanisms": rows,
        "offset_share": ratio(offset, all),
        "netting_ratio": netting_ratio(story),
    })
}

fn netting_ratio(story: &Story<'_>) -> Value {
    let (mut paid, mut net) = (0, 0);
    for day in 0..story.days.len() {
        for agent in 0..story.ids.len() {
            let sent: i128 = story.sent(day, agent).iter().sum();
            let received: i128 = story.received(day, agent).iter().sum();
            paid += sent;
            net += (sent - received).max(0);
        }
    }
    ratio(paid - net, paid)
}
