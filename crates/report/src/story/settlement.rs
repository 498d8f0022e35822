//! What arrived, and what became of it.

use psim_model::Total;
use psim_view::{percent, plural};

use super::listed;
use crate::measured::Measured;

pub(super) fn arrivals(run: &Measured) -> String {
    let Measured { measures, style, .. } = run;
    let about = &measures.run;
    if about.ticks_executed == 0 {
        return "Nothing has happened yet.".to_owned();
    }
    let ticks = plural(about.ticks_executed.into(), "tick");
    let agents = plural(about.agents, "agent");
    let arrived = measures.settlement.all.arrived;
    if arrived.count == 0 {
        return format!("No payment arrived among {agents} in {ticks}.");
    }
    let settled = measures.settlement.all.settled;
    let days = if about.num_days == 1 {
        format!("In {ticks}")
    } else {
        let days = measures.liquidity.days.len() as u64;
        format!("In {ticks} ({})", plural(days, "day"))
    };
    let payments = plural(arrived.count, "payment");
    let value = style.amount(arrived.value);
    let outcome = if settled == arrived {
        "all of them settled".to_owned()
    } else if settled.count == 0 && settled.value == Total::ZERO {
        "none of them settled".to_owned()
    } else {
        let part = |count: u64| Total::from_minor(count.into());
        format!(
            "{} of them settled, {} by value",
            percent(part(settled.count), part(arrived.count)),
            percent(settled.value, arrived.value)
        )
    };
    format!("{days}, {payments} worth {value} arrived among {agents}; {outcome}.")
}

/// Says how they settled, the path of the largest value first.
pub(super) fn paths(run: &Measured) -> Option<String> {
    let settled = run.measures.settlement.all.settled.value;
    let mut paths: Vec<_> = run.measures.offset.mechanisms.iter().collect();
    paths.retain(|path| path.settled.count > 0);
    paths.sort_by_key(|path| std::cmp::Reverse(path.settled.value));
    let [first, others @ ..] = paths.as_slice() else { return None };
    if others.is_empty() {
        return Some(format!("All that settled did so {}.", first.how.phrase()));
    }
    let told: Vec<String> = paths
        .iter()
        .map(|path| {
            let part = percent(path.settled.value, settled);
            format!("{part} {}", path.how.phrase())
        })
        .collect();
    Some(format!("Of the value that settled, {}.", listed(&told)))
}

pub(super) fn unsettled(run: &Measured) -> Option<String> {
    let unsettled = run.summary.payments.unsettled;
    if unsettled.count == 0 {
        return None;
    }
    let reason = run.summary.unsettled_by_reason.first().map_or_else(String::new, |row| {
        let part = percent(row.payments.value, unsettled.value);
        format!("; the last reason was \"{}\" for {part} of this value", row.phrase)
    });
    let left = if run.facts.is_complete { "did not settle" } else { "had not settled by then" };
    let payments = plural(unsettled.count, "payment");
    Some(format!("{payments} worth {} {left}{reason}.", run.style.amount(unsettled.value)))
}
