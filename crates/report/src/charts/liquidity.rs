//! Charts of liquidity.

use psim_model::Tick;

use super::{Chart, Drawing, Level, Unit, at, number};
use crate::measured::Measured;
use crate::picture::Picture;

/// Most agents in a figure of balances.
const LINES_MAX: usize = 8;

/// What had been used by then on the day; on a single day with its bounds.
pub(super) fn used(run: &Measured, moments: &[Tick]) -> Chart {
    let measured = &run.measures.liquidity;
    let about = "Liquidity that all agents had used on the day by then: the sum of how far each \
                 balance had fallen below its opening.";
    let mut chart =
        Chart::over_time("liquidity", "Liquidity used", Unit::Money, Drawing::Step, about);
    let values = at(moments, &measured.used_by_tick, |value| number(*value));
    chart.add("used", values.collect::<Vec<_>>());
    if let [day] = measured.days.as_slice() {
        let figures = &day.figures;
        for (label, value) in [
            ("lower bound", figures.lower_bound),
            ("upper bound", figures.upper_bound),
            ("available", figures.available),
        ] {
            chart.levels.push(Level { value: number(value), label: label.to_owned() });
        }
    }
    chart
}

/// The balances of the largest payers.
pub(crate) fn balances(run: &Measured, picture: &Picture) -> Chart {
    let shown = picture.balances.len().min(LINES_MAX);
    let about = if shown < run.summary.agents.len() {
        format!("The balances of the {shown} largest payers at the end of the tick.")
    } else {
        "Balances at the end of the tick.".to_owned()
    };
    let mut chart = Chart::over_time("balances", "Balances", Unit::Money, Drawing::Step, &about);
    for (agent, balances) in picture.selection.agents.iter().zip(&picture.balances).take(shown) {
        let id = run.summary.agents.get(agent.index()).map_or("", |agent| agent.id.as_str());
        chart.add(id, balances.iter().map(|balance| number(*balance)));
    }
    chart
}
