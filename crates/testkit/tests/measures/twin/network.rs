//! Who paid whom, and how much of it is in few hands.

use serde_json::{Value, json};

use super::story::Story;
use super::{joined, money, ratio, tally_of};

pub(super) fn concentration(story: &Story<'_>) -> Value {
    let n = story.ids.len();
    let link = |from: usize, to: usize| -> Vec<i128> {
        let settled = story.leaves().filter(|life| life.settled.is_some());
        let those = settled.filter(|life| (life.sender, life.receiver) == (from, to));
        those.map(|life| life.amount).collect()
    };
    let table: Vec<Vec<Vec<i128>>> =
        (0..n).map(|from| (0..n).map(|to| link(from, to)).collect()).collect();
    let is_link = |from: usize, to: usize| !table[from][to].is_empty();
    let pairs = || (0..n).flat_map(move |from| (0..n).map(move |to| (from, to)));
    let links: Vec<_> = pairs().filter(|(from, to)| is_link(*from, *to)).collect();
    let returned = links.iter().filter(|(from, to)| is_link(*to, *from)).count();
    let paid: Vec<i128> = table.iter().map(|row| row.iter().flatten().sum()).collect();
    let all: i128 = paid.iter().sum();
    let out_degree = |from: usize| (0..n).filter(|to| is_link(from, *to)).count();
    let in_degree = |to: usize| (0..n).filter(|from| is_link(*from, to)).count();
    let shares = paid.iter().map(|paid| *paid as f64 / all as f64);
    let hhi: f64 = shares.map(|share| share * share).sum();
    let mut sorted = paid.clone();
    sorted.sort_unstable();
    let top_five = sorted.iter().rev().take(5).sum();
    let degrees =
        (0..n).map(|degree| (degree, (0..n).filter(|it| out_degree(*it) == degree).count()));
    let degrees = degrees.filter(|(_, agents)| *agents > 0);
    let mut largest = links.clone();
    largest.sort_by_key(|(from, to)| -table[*from][*to].iter().sum::<i128>());
    let shown = largest.iter().take(50).map(|(from, to)| {
        let ends = json!({"sender_id": story.ids[*from], "receiver_id": story.ids[*to]});
        joined(ends, tally_of(table[*from][*to].iter().copied()))
    });
    let agent = |it: usize| {
        json!({
            "agent_id": story.ids[it],
            "paid": money(paid[it]),
            "share": ratio(paid[it], all),
            "out_degree": out_degree(it),
            "in_degree": in_degree(it),
        })
    };
    json!({
        "hhi": if all == 0 { Value::Null } else { json!(hhi) },
        "top_five_share": ratio(top_five, all),
        "links": links.len(),
        "connectivity": ratio(links.len() as i128, (n * n.saturating_sub(1)) as i128),
        "reciprocity": ratio(returned as i128, links.len() as i128),
        "degree_mean": ratio(links.len() as i128, n as i128),
        "out_degree_max": (0..n).map(out_degree).max().unwrap_or_default(),
        "in_degree_max": (0..n).map(in_degree).max().unwrap_or_default(),
        "out_degrees": degrees
            .map(|(degree, agents)| json!({"degree": degree, "agents": agents}))
            .collect::<Vec<_>>(),
        "agents": (0..n).map(agent).collect::<Vec<_>>(),
        "largest_links": shown.collect::<Vec<_>>(),
    })
}
