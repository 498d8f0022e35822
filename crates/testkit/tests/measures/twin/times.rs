//! How long payments took, and when in the day they settled.

use psim_model::Fraction;
use serde_json::{Value, json};

use super::life::Life;
use super::story::Story;
use super::{money, ratio};

pub(super) fn delay(story: &Story<'_>) -> Value {
    let close = |life: &Life| (story.day_of(life.arrival) + 1) * story.ticks_per_day;
    let until = |life: &Life| life.settled.map_or(close(life), |tick| tick.min(close(life)));
    let weighted = |of: &dyn Fn(&Life) -> usize| -> i128 {
        story.leaves().map(|life| life.amount * of(life) as i128).sum()
    };
    let delayed = weighted(&|life| until(life) - life.arrival);
    let longest = weighted(&|life| close(life) - life.arrival);
    let mean = ratio(delayed, weighted(&|_| 1));
    let minutes = mean.as_f64().zip(story.clock);
    let wait = |no: usize| Some(story.lives[no].settled? - story.lives[no].arrival);
    let stood = |queue: usize| {
        let ticks = story.lives.iter().map(|life| life.stood[queue] as usize);
        spread(ticks.filter(|ticks| *ticks > 0).collect())
    };
    json!({
        "indicator": ratio(delayed, longest),
        "mean_ticks_by_value": mean,
        "mean_minutes_by_value": minutes.map(|(mean, (_, length))| mean * length as f64 / 60.0),
        "wait_ticks": spread(story.roots().filter_map(wait).collect()),
        "queue1_ticks": stood(0),
        "queue2_ticks": stood(1),
    })
}

fn spread(mut ticks: Vec<usize>) -> Value {
    ticks.sort_unstable();
    let total: usize = ticks.iter().sum();
    let rank = |percent: usize| {
        // The first that so many percent of all do not exceed.
        ticks.iter().find(|most| {
            let within = ticks.iter().filter(|other| other <= most).count();
            within * 100 >= percent * ticks.len()
        })
    };
    json!({
        "count": ticks.len(),
        "total": total,
        "mean": ratio(total as i128, ticks.len() as i128),
        "p50": rank(50),
        "p95": rank(95),
        "p99": rank(99),
        "max": ticks.last(),
    })
}

pub(super) fn throughput(story: &Story<'_>, guideline: &[(u32, Fraction)]) -> Value {
    let settled_in = |tick: usize| -> i128 {
        story.leaves().filter(|life| life.settled == Some(tick)).map(|life| life.amount).sum()
    };
    let agents = || 0..story.ids.len();
    let day = |day: usize| {
        let first = day * story.ticks_per_day;
        let ticks = first..story.ticks.min(first + story.ticks_per_day);
        let by = |tick: usize| money((first..=tick).map(settled_in).sum());
        json!({
            "day": day,
            "due": money(agents().map(|agent| story.due(day, agent)).sum()),
            "settled_by_tick": ticks.map(by).collect::<Vec<_>>(),
            "settlement_time": settlement_time(story, &story.settled_on(day)),
        })
    };
    let point = |(tick, share): &(u32, Fraction)| {
        let time = story.time(*tick as usize);
        json!({"before_tick": tick, "time": time, "share": as_number(*share)})
    };
    json!({
        "settlement_time": settlement_time(
            story, &story.leaves().filter(|life| life.settled.is_some()).collect::<Vec<_>>()),
        "days": (0..story.days.len()).map(day).collect::<Vec<_>>(),
        "guideline": guideline.iter().map(point).collect::<Vec<_>>(),
        "breaches": breaches(story, guideline),
    })
}

fn as_number(share: Fraction) -> f64 {
    share.to_f64()
}

fn settlement_time(story: &Story<'_>, settled: &[&Life]) -> Value {
    let value: i128 = settled.iter().map(|life| life.amount).sum();
    let tick = |life: &Life| life.settled.unwrap() % story.ticks_per_day;
    let weighted = settled.iter().map(|life| life.amount * tick(life) as i128).sum();
    let mean = ratio(weighted, value);
    let seconds = mean.as_f64().zip(story.clock);
    let seconds = seconds.map(|(mean, (opens, length))| opens as f64 + mean * length as f64);
    json!({"mean_tick_in_day": mean, "mean_seconds": seconds})
}

fn breaches(story: &Story<'_>, guideline: &[(u32, Fraction)]) -> Vec<Value> {
    let mut found = Vec::new();
    for day in 0..story.days.len() {
        for (tick, share) in guideline {
            let all: Vec<usize> = (0..story.ids.len()).collect();
            let groups = std::iter::once((None, all.clone()))
                .chain(all.iter().map(|agent| (Some(&story.ids[*agent]), vec![*agent])));
            for (id, agents) in groups {
                let sent: Option<Vec<i128>> =
                    agents.iter().map(|it| story.sent_before(day, *it, *tick as usize)).collect();
                let Some(sent) = sent else { continue };
                let sent: i128 = sent.iter().sum();
                let due: i128 = agents.iter().map(|agent| story.due(day, *agent)).sum();
                let asked = due * i128::from(share.trillionths());
                if sent * 1_000_000_000_000 < asked {
                    let asked = (asked + 999_999_999_999) / 1_000_000_000_000;
                    found.push(json!({
                        "day": day,
                        "before_tick": tick,
                        "time": story.time(*tick as usize),
                        "agent_id": id,
                        "share": as_number(*share),
                        "reached": ratio(sent, due),
                        "missing": money(asked - sent),
                    }));
                }
            }
        }
    }
    found
}
