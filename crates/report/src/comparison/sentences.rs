//! What the comparison comes to, in plain sentences.

use psim_view::plural;

use super::{Compared, Comparison};
use crate::story::listed;
use crate::value::Value;

/// Most settings that are named.
const NAMED_MAX: usize = 4;

/// Tells what is the same, and what came of what is not.
pub(super) fn sentences(comparison: &Comparison) -> Vec<String> {
    let mut told = Vec::new();
    told.push(arrivals(comparison));
    told.push(settings(comparison));
    if !comparison.has_same_currency() {
        told.push("The currencies differ, so amounts are not compared.".to_owned());
    }
    if !comparison.has_same_calendar() {
        told.push(
            "Days and ticks differ, so there are no charts over time and times are not compared."
                .to_owned(),
        );
    }
    if let Some(first) = comparison.runs.first() {
        told.extend(comparison.others().filter_map(|other| outcome(first, other, comparison)));
    }
    for compared in &comparison.runs {
        told.extend(compared.run.facts.notice().map(|text| format!("{}: {text}", compared.letter)));
    }
    told
}

fn settings(comparison: &Comparison) -> String {
    let all = &comparison.told;
    let paths: Vec<String> = all.iter().map(|setting| setting.path.clone()).collect();
    match paths.as_slice() {
        [] if comparison.has_same_scenario() => {
            "Nothing differs in what the scenarios say.".to_owned()
        }
        [] => "The scenarios say the same, but the files that they name do not.".to_owned(),
        [path] => format!("The scenarios differ in {path}."),
        paths if paths.len() <= NAMED_MAX => format!("The scenarios differ in {}.", listed(paths)),
        paths => format!("The scenarios differ in {}.", plural(paths.len() as u64, "setting")),
    }
}

fn arrivals(comparison: &Comparison) -> String {
    if comparison.has_same_arrivals() {
        let seeds = if comparison.has_same_seed() { "the same seed" } else { "other seeds" };
        return format!("The same payments arrived in all runs, with {seeds}.");
    }
    let [first, ..] = comparison.runs.as_slice() else { return String::new() };
    let differs = |other: &&Compared| other.run.arrivals != first.run.arrivals;
    let others: Vec<&Compared> = comparison.others().filter(differs).collect();
    let seed = |it: &Compared| it.run.measures.run.rng_seed;
    let alike = others.iter().filter(|other| seed(other) == seed(first)).count();
    let seeds = match alike {
        0 => ", under another seed",
        _ if alike == others.len() => ", under the same seed",
        _ => "",
    };
    let letters: Vec<String> = others.iter().map(|other| other.letter.clone()).collect();
    format!("{} did not have the same arrivals as {}{seeds}.", listed(&letters), first.letter)
}

/// Says what another run did against the first.
fn outcome(first: &Compared, other: &Compared, comparison: &Comparison) -> Option<String> {
    let (one, two) = (&other.run.measures, &first.run.measures);
    let style = &first.run.style;
    let money = comparison.has_same_currency();
    let differences = [
        (
            "settlement rate by value",
            Value::share(one.settlement.all.rate_value),
            Value::share(two.settlement.all.rate_value),
        ),
        (
            "liquidity used",
            money.then_some(Value::Money(one.liquidity.all.used)),
            money.then_some(Value::Money(two.liquidity.all.used)),
        ),
        ("delay indicator", index(one.delay.indicator), index(two.delay.indicator)),
        (
            "costs",
            money.then_some(Value::Money(one.costs.all.total)),
            money.then_some(Value::Money(two.costs.all.total)),
        ),
    ];
    let (mut others, mut same) = (Vec::new(), Vec::new());
    for (label, one, two) in differences {
        let (Some(one), Some(two)) = (one, two) else { continue };
        match one.beyond(two, style) {
            Some(_) if one == two => same.push(label.to_owned()),
            Some(difference) => others.push(format!("{label} {difference}")),
            None => {}
        }
    }
    let (one, two) = (&other.letter, &first.letter);
    match (others.as_slice(), same.as_slice()) {
        ([], []) => None,
        ([], same) => Some(format!("{one} has the same {} as {two}.", listed(same))),
        (others, []) => Some(format!("{one} against {two}: {}.", listed(others))),
        (others, same) => {
            Some(format!("{one} against {two}: {}; the same {}.", listed(others), listed(same)))
        }
    }
}

fn index(index: Option<f64>) -> Option<Value> {
    index.map(|index| Value::Number(index, 4))
}
