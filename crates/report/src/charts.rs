//! Charts as data: what the HTML page and the SVG files both draw.

mod costs;
mod delay;
mod liquidity;
mod queues;
mod settlement;

use psim_model::{Tick, Total};
use serde::{Serialize, Serializer};

use crate::measured::Measured;
use crate::picture::Picture;

/// A chart: lines, steps or bars over time or over categories.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Chart {
    /// Names it among all, and its file.
    pub(crate) id: &'static str,
    pub(crate) title: String,
    /// What one sees.
    pub(crate) about: String,
    pub(crate) unit: Unit,
    pub(crate) x: Axis,
    pub(crate) style: Drawing,
    /// Whether the series stand on each other.
    pub(crate) stacked: bool,
    pub(crate) series: Vec<Series>,
    /// What the bars are of, if they are not of points in time.
    pub(crate) categories: Vec<String>,
    pub(crate) marks: Vec<Mark>,
    pub(crate) levels: Vec<Level>,
}

/// What the y axis measures; money in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Unit {
    Money,
    Count,
    Share,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Axis {
    Moment,
    Category,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Drawing {
    Line,
    Step,
    Bar,
}

/// One value for each point in time or category.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Series {
    pub(crate) name: String,
    #[serde(serialize_with = "numbers")]
    pub(crate) values: Vec<Option<f64>>,
}

/// A point that is marked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Mark {
    pub(crate) tick: u32,
    pub(crate) value: f64,
    pub(crate) label: String,
}

/// A height that is marked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Level {
    pub(crate) value: f64,
    pub(crate) label: String,
}

impl Chart {
    fn over_time(id: &'static str, title: &str, unit: Unit, style: Drawing, about: &str) -> Self {
        Self {
            id,
            title: title.to_owned(),
            about: about.to_owned(),
            unit,
            x: Axis::Moment,
            style,
            stacked: false,
            series: Vec::new(),
            categories: Vec::new(),
            marks: Vec::new(),
            levels: Vec::new(),
        }
    }

    fn over_categories(id: &'static str, title: &str, unit: Unit, about: &str) -> Self {
        Self { x: Axis::Category, ..Self::over_time(id, title, unit, Drawing::Bar, about) }
    }

    fn add(&mut self, name: impl Into<String>, values: impl IntoIterator<Item = f64>) {
        let values = values.into_iter().map(Some).collect();
        self.series.push(Series { name: name.into(), values });
    }

    /// Whether there is anything but nothing to see.
    pub(crate) fn shows_anything(&self) -> bool {
        let mut values = self.series.iter().flat_map(|series| &series.values).flatten();
        values.any(|value| *value != 0.0)
    }
}

/// Returns the charts of a run that show anything.
pub(crate) fn charts(run: &Measured, picture: &Picture) -> Vec<Chart> {
    let mut all = of_measures(run, &picture.moments);
    all.extend([queues::outflow(picture), costs::by_agent(run)]);
    all.extend(costs::so_far(picture));
    all.sort_by_key(|chart| FIGURES.iter().position(|id| *id == chart.id));
    all.retain(Chart::shows_anything);
    all
}

/// Returns the charts over time, and that of delays, that the measures alone give.
pub(crate) fn of_measures(run: &Measured, moments: &[Tick]) -> Vec<Chart> {
    let mut all = vec![
        settlement::so_far(run, moments),
        queues::value(run, moments),
        queues::number_of(run, moments),
        liquidity::used(run, moments),
    ];
    all.extend(settlement::throughput(run, moments));
    all.extend(delay::distribution(run));
    all
}

/// The names of all charts that a run may have, in the order in which they are shown.
pub const FIGURES: [&str; 10] = [
    "balances",
    "throughput",
    "settled",
    "queue_value",
    "queue_count",
    "queue_outflow",
    "liquidity",
    "delay",
    "costs",
    "costs_by_agent",
];

pub(crate) use delay::WaitBins;
pub(crate) use liquidity::balances;

/// Returns the values of a column at points in time.
fn at<'a, T>(
    moments: &'a [Tick],
    column: &'a [T],
    number: impl Fn(&T) -> f64 + 'a,
) -> impl Iterator<Item = f64> + 'a {
    moments.iter().filter_map(move |tick| column.get(tick.index()).map(&number))
}

/// Returns sums of a column since the start, at points in time.
fn sums_at(moments: &[Tick], column: &[Total]) -> Vec<f64> {
    let (mut sum, mut next) = (Total::ZERO, 0);
    let mut sums = Vec::with_capacity(moments.len());
    for moment in moments {
        while let Some(value) = column.get(next).filter(|_| next <= moment.index()) {
            sum += *value;
            next += 1;
        }
        sums.push(number(sum));
    }
    sums
}

/// Returns minor units as a height in a chart.
fn number(total: impl Into<Total>) -> f64 {
    total.into().minor() as f64
}

/// Writes whole numbers as such.
fn numbers<S: Serializer>(values: &[Option<f64>], serializer: S) -> Result<S::Ok, S::Error> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    serializer.collect_seq(values.iter().map(|value| match value {
        #[expect(clippy::cast_possible_truncation, reason = "whole, and below 2^53")]
        Some(value) if value.fract() == 0.0 && value.abs() <= EXACT => {
            serde_json::Value::from(*value as i64)
        }
        Some(value) => serde_json::Value::from(*value),
        None => serde_json::Value::Null,
    }))
}
