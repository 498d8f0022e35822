//! Liquidity, and the tools of BCBS 248.

use serde_json::{Value, json};

use super::story::{Purse, Story};
use super::{joined, money, ratio, rounded_mean, tally_of};

impl Purse {
    fn collateral(&self) -> i128 {
        self.posted * (1_000_000_000_000 - self.haircut) / 1_000_000_000_000
    }

    fn available(&self) -> i128 {
        (self.balance + self.cap + self.collateral()).max(0)
    }
}

pub(super) fn liquidity(story: &Story<'_>) -> Value {
    let days: Vec<usize> = (0..story.days.len()).collect();
    let agents: Vec<usize> = (0..story.ids.len()).collect();
    let by_day = days
        .iter()
        .map(|day| joined(json!({"day": day}), figures(story, &[*day], &agents)))
        .collect::<Vec<_>>();
    let by_agent = agents
        .iter()
        .map(|it| joined(json!({"agent_id": story.ids[*it]}), figures(story, &days, &[*it])))
        .collect::<Vec<_>>();
    json!({
        "all": figures(story, &days, &agents),
        "days": by_day,
        "by_agent": by_agent,
        "used_by_tick": story.ends.iter().map(|end| money(end.used)).collect::<Vec<_>>(),
    })
}

fn figures(story: &Story<'_>, days: &[usize], agents: &[usize]) -> Value {
    let sum = |of: &dyn Fn(usize, usize) -> i128| -> i128 {
        days.iter().flat_map(|day| agents.iter().map(|agent| of(*day, *agent))).sum()
    };
    let used = sum(&|day, agent| story.used(day, agent));
    let available = sum(&|day, agent| story.days[day][agent].start.available());
    let lower = sum(&|day, agent| story.bounds(day, agent).0);
    let upper = sum(&|day, agent| story.bounds(day, agent).1);
    let paid = sum(&|day, agent| story.sent(day, agent).iter().sum());
    json!({
        "used": money(used),
        "available": money(available),
        "usage": ratio(used, available),
        "lower_bound": money(lower),
        "upper_bound": money(upper),
        "position": ratio(used - lower, upper - lower),
        "paid": money(paid),
        "turnover_ratio": ratio(paid, used),
        "recycling_share": ratio(paid - used, paid),
    })
}

/// Returns the ticks of the day before which throughput is measured.
fn hours(story: &Story<'_>) -> Vec<usize> {
    let ticks = story.ticks_per_day;
    let mut hours: Vec<usize> = match story.clock {
        Some((opens, length)) => {
            let hour = |tick: usize| (opens + tick as u64 * length) / 3600;
            (1..ticks).filter(|tick| hour(*tick) > hour(*tick - 1)).collect()
        }
        None => (1..10).map(|tenth| ticks * tenth / 10).filter(|tick| *tick > 0).collect(),
    };
    hours.push(ticks);
    hours.dedup();
    hours
}

pub(super) fn intraday(story: &Story<'_>) -> Value {
    let hours = hours(story);
    let agents: Vec<Value> = (0..story.ids.len()).map(|it| agent(story, it, &hours)).collect();
    let hour = |tick: &usize| json!({"before_tick": tick, "time": story.time(*tick)});
    json!({"hours": hours.iter().map(hour).collect::<Vec<_>>(), "agents": agents})
}

fn agent(story: &Story<'_>, agent: usize, hours: &[usize]) -> Value {
    let number = story.days.len();
    let highest = |day: usize| {
        let highest = story.days[day][agent].balances.iter().max().copied().unwrap_or_default();
        (highest - story.days[day][agent].start.balance).max(0)
    };
    let share = |day: usize, hour: usize| {
        let sent: i128 = story.sent(day, agent).iter().sum();
        story.sent_before(day, agent, hour).map_or(Value::Null, |before| ratio(before, sent))
    };
    let day = |day: usize| {
        let start = story.days[day][agent].start;
        json!({
            "day": day,
            "net_debit_max": money(story.used(day, agent)),
            "net_credit_max": money(highest(day)),
            "available_at_start": {
                "balance": money(start.balance - start.pool),
                "pool": money(start.pool),
                "collateral": money(start.collateral()),
                "unsecured_cap": money(start.cap),
                "total": money(start.available()),
            },
            "sent": tally_of(story.sent(day, agent)),
            "received": tally_of(story.received(day, agent)),
            "throughput": hours.iter().map(|hour| share(day, *hour)).collect::<Vec<_>>(),
        })
    };
    let mean = |hour: &usize| {
        let shares: Vec<f64> = (0..number).filter_map(|day| share(day, *hour).as_f64()).collect();
        if shares.is_empty() {
            return Value::Null;
        }
        json!(shares.iter().sum::<f64>() / shares.len() as f64)
    };
    let largest = |of: &dyn Fn(usize) -> i128| peaks(number, of, -1);
    json!({
        "agent_id": story.ids[agent],
        "days": (0..number).map(day).collect::<Vec<_>>(),
        "net_debit_max": largest(&|day| story.used(day, agent)),
        "net_credit_max": largest(&highest),
        "available_at_start":
            peaks(number, &|day| story.days[day][agent].start.available(), 1),
        "sent": largest(&|day| story.sent(day, agent).iter().sum()),
        "received": largest(&|day| story.received(day, agent).iter().sum()),
        "throughput_mean": hours.iter().map(mean).collect::<Vec<_>>(),
    })
}

/// Returns the three foremost days: the largest with sign -1, the smallest with 1.
fn peaks(days: usize, of: &dyn Fn(usize) -> i128, sign: i128) -> Value {
    let mut order: Vec<usize> = (0..days).collect();
    order.sort_by_key(|day| (sign * of(*day), *day));
    let foremost = order.iter().take(3);
    let sum: i128 = (0..days).map(of).sum();
    json!({
        "days": foremost.map(|day| json!({"day": day, "value": money(of(*day))}))
            .collect::<Vec<_>>(),
        "mean": rounded_mean(sum, days),
    })
}
