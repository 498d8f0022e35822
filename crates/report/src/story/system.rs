//! Liquidity, throughput, shocks, concentration and costs.

use std::cmp::Reverse;

use psim_model::Total;
use psim_view::{CostKind, percent, plural};

use super::listed;
use crate::measured::Measured;
use crate::sections::throughput::reached;
use crate::style;

/// Most points of the guideline that are told.
const POINTS_MAX: usize = 4;

pub(super) fn liquidity(run: &Measured) -> Option<String> {
    let all = &run.measures.liquidity.all;
    if all.used == Total::ZERO && all.upper_bound == Total::ZERO {
        return None;
    }
    let style = &run.style;
    let usage = all.usage.map_or_else(String::new, |usage| {
        format!(", {} of what they had as the day began", style::share(usage))
    });
    let over = match run.measures.liquidity.days.len() {
        0 | 1 => String::new(),
        days => format!(" over {}", plural(days as u64, "day")),
    };
    Some(format!(
        "Agents used {} of liquidity{over}{usage}; netting at the end of the day would have needed \
         {}, and settling each payment on arrival {}.",
        style.amount(all.used),
        style.amount(all.lower_bound),
        style.amount(all.upper_bound)
    ))
}

/// Tells each point of the guideline on a single day; of several days, how often it was missed.
pub(super) fn guideline(run: &Measured) -> Option<String> {
    let measured = &run.measures.throughput;
    if measured.guideline.is_empty() {
        return None;
    }
    let points = || measured.guideline.iter();
    if let ([day], true) = (measured.days.as_slice(), measured.guideline.len() <= POINTS_MAX) {
        let told: Vec<String> = points()
            .filter_map(|point| {
                let reached = style::share(reached(day, point.by.before_tick)?);
                let by = point.by.time.clone();
                let by = by.unwrap_or_else(|| format!("tick {}", point.by.before_tick));
                Some(format!(
                    "{reached} of the value due had settled before {by} ({} asked)",
                    style::share(point.share)
                ))
            })
            .collect();
        return (!told.is_empty())
            .then(|| format!("By the throughput guideline, {}.", listed(&told)));
    }
    let breaches = measured.breaches.iter().filter(|breach| breach.agent_id.is_none()).count();
    let reached_on =
        |day| points().filter(move |point| reached(day, point.by.before_tick).is_some());
    let asked: usize = measured.days.iter().map(|day| reached_on(day).count()).sum();
    Some(match breaches {
        _ if asked == 0 => return None,
        0 => "The system kept its throughput guideline on every day.".to_owned(),
        _ => format!(
            "The system missed {} of the {asked} points of its throughput guideline.",
            psim_view::count(breaches as u64)
        ),
    })
}

pub(super) fn shocks(run: &Measured) -> Option<String> {
    let events = run.summary.scenario_events;
    let given = run.summary.instructions.given;
    let which = |told: &[String]| match told {
        [] => String::new(),
        told => format!(": {}", listed(told)),
    };
    let mut told = Vec::new();
    for (count, noun, done) in [
        (given, "instruction", "given".to_owned()),
        (events.applied, "scenario event", format!("applied{}", which(&run.shocks.applied))),
    ] {
        let was = if count == 1 { "was" } else { "were" };
        told.extend((count > 0).then(|| format!("{} {was} {done}", plural(count, noun))));
    }
    let mut story = Vec::new();
    story.extend((!told.is_empty()).then(|| format!("During the run, {}.", listed(&told))));
    if events.not_applied > 0 {
        let was = if events.not_applied == 1 { "was" } else { "were" };
        let events = plural(events.not_applied, "scenario event");
        story.push(format!("{events} {was} not applied{}.", which(&run.shocks.refused)));
    }
    (!story.is_empty()).then(|| story.join(" "))
}

pub(super) fn concentration(run: &Measured) -> Option<String> {
    const FEW: u64 = 10;
    let measured = &run.measures.concentration;
    if run.measures.run.agents < FEW {
        return None; // the share of five of them says nothing
    }
    let share = style::share(measured.top_five_share?);
    let links = style::share(measured.connectivity?);
    Some(format!(
        "The five largest payers sent {share} of the value that settled; in {links} of all \
         ordered pairs of agents the first paid the second."
    ))
}

pub(super) fn costs(run: &Measured) -> Option<String> {
    let all = &run.measures.costs.all;
    if all.total == Total::ZERO {
        return None;
    }
    let mut kinds: Vec<(CostKind, Total)> = all.by_kind.booked().collect();
    kinds.sort_by_key(|(_, cost)| Reverse(*cost));
    let told: Vec<String> = kinds
        .iter()
        .map(|(kind, cost)| format!("{} for {}", percent(*cost, all.total), kind.phrase()))
        .collect();
    let dearest = run.measures.costs.by_agent.iter().max_by_key(|agent| agent.costs.total);
    let most = dearest.map_or_else(String::new, |agent| {
        format!("; {} bore most, {}", agent.agent_id, run.style.amount(agent.costs.total))
    });
    Some(format!("Costs were {}: {}{most}.", run.style.amount(all.total), listed(&told)))
}
