//! Groups of payments, and the settlement of each.

use serde_json::{Value, json};

use super::story::Story;
use super::{joined, money, ratio, tally};

/// Returns figures of all groups, from the payments that arrived in each.
pub(super) fn grouped(story: &Story<'_>, figures: impl Fn(&[usize]) -> Value) -> Value {
    let all: Vec<usize> = story.roots().collect();
    let those = |is_in: &dyn Fn(usize) -> bool| -> Vec<usize> {
        all.iter().copied().filter(|no| is_in(*no)).collect()
    };
    let rows = |groups: Vec<(Value, Vec<usize>)>| -> Vec<Value> {
        let groups = groups.into_iter().filter(|(_, members)| !members.is_empty());
        groups.map(|(name, members)| joined(name, figures(&members))).collect()
    };
    let band = |name: &str, from: u8, to: u8| {
        let members = those(&|no| (from..=to).contains(&story.lives[no].came_with));
        (json!({"band": name}), members)
    };
    let class = |name: &str| (json!({"class": name}), those(&|no| story.lives[no].class.1 == name));
    let size = |digits: usize| {
        let from = 10_i128.pow(u32::try_from(digits).unwrap() - 1);
        let members = those(&|no| story.lives[no].amount.to_string().len() == digits);
        (json!({"from": money(from), "below": money(from * 10)}), members)
    };
    json!({
        "by_priority": rows(vec![band("Urgent", 8, 10), band("Normal", 4, 7), band("Low", 0, 3)]),
        "by_class": rows(vec![class("HighlyUrgent"), class("Urgent"), class("Normal")]),
        "by_size": rows((1..20).map(size).collect()),
    })
}

pub(super) fn settlement(story: &Story<'_>) -> Value {
    let all: Vec<usize> = story.roots().collect();
    let agent = |(agent, id): (usize, &String)| {
        let own: Vec<usize> =
            all.iter().copied().filter(|no| story.lives[*no].sender == agent).collect();
        joined(json!({"agent_id": id}), rate(story, &own))
    };
    let by_agent: Vec<Value> = story.ids.iter().enumerate().map(agent).collect();
    let groups = grouped(story, |members| rate(story, members));
    joined(json!({"all": rate(story, &all), "by_agent": by_agent}), groups)
}

fn rate(story: &Story<'_>, roots: &[usize]) -> Value {
    let arrived: i128 = roots.iter().map(|no| story.lives[*no].amount).sum();
    let leaves = roots.iter().flat_map(|no| story.leaves_of(*no)).map(|no| &story.lives[no]);
    let settled: i128 = leaves.filter(|leaf| leaf.settled.is_some()).map(|leaf| leaf.amount).sum();
    let count = roots.iter().filter(|no| story.lives[**no].settled.is_some()).count();
    json!({
        "arrived": tally(roots.len(), arrived),
        "settled": tally(count, settled),
        "rate_count": ratio(count as i128, roots.len() as i128),
        "rate_value": ratio(settled, arrived),
    })
}
