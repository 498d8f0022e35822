//! What stands at the axes.

use std::ops::Range;

use psim_model::Tick;
use psim_view::clock_time;

use crate::charts::{Chart, Unit};
use crate::style::Style;
use crate::value::decimal;

/// Most labels of an axis.
const LABELS_MAX: i32 = 24;
/// Longest name of a category.
const CATEGORY_LENGTH: usize = 14;
/// Steps of clock times in seconds: minutes, hours, half a day.
const STEPS: [u32; 13] =
    [1, 10, 60, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 43_200];

/// How heights are written.
#[derive(Clone, Debug)]
pub(super) struct Scale {
    /// What a height is divided by.
    divisor: f64,
    /// What the axis says.
    pub(super) label: String,
    suffix: &'static str,
}

impl Scale {
    /// Returns a scale for heights up to `most`, so that they are short numbers.
    pub(super) fn of(chart: &Chart, most: f64, style: &Style) -> Self {
        match chart.unit {
            Unit::Share => Self { divisor: 0.01, label: String::new(), suffix: " %" },
            Unit::Count => Self { divisor: 1.0, label: "payments".to_owned(), suffix: "" },
            Unit::Money => {
                let major = (0..style.currency.decimals).fold(1.0, |unit, _| unit * 10.0);
                let (factor, word) = match most / major {
                    size if size >= 1e12 => (1e12, "trillion"),
                    size if size >= 1e9 => (1e9, "billion"),
                    size if size >= 1e6 => (1e6, "million"),
                    size if size >= 1e4 => (1e3, "thousand"),
                    _ => (1.0, ""),
                };
                let label = format!("{} {word}", style.currency.code).trim().to_owned();
                Self { divisor: major * factor, label, suffix: "" }
            }
        }
    }

    /// Returns a height in the unit of the axis.
    pub(super) fn height(&self, value: f64) -> f64 {
        value / self.divisor
    }

    /// Returns what stands at a height, where labels are `step` apart.
    pub(super) fn text(&self, height: f64, step: f64) -> String {
        let places = match step {
            step if step >= 1.0 => 0,
            step if step >= 0.1 => 1,
            step if step >= 0.01 => 2,
            _ => 4,
        };
        let height = if height.abs() < step / 1e6 { 0.0 } else { height };
        format!("{}{}", decimal(height, places), self.suffix)
    }
}

/// Returns 4 to 10 round numbers within a range.
pub(super) fn round_numbers(least: f64, most: f64) -> Vec<f64> {
    let step = round_step((most - least) / 8.0);
    multiples(least, most, step)
}

/// Returns the multiples of a step within a range.
fn multiples(least: f64, most: f64, step: f64) -> Vec<f64> {
    let first = (least / step).ceil();
    let all = (0..=LABELS_MAX).map(|index| (first + f64::from(index)) * step);
    all.take_while(|number| *number <= most).collect()
}

/// Returns the least of 1, 2, 5, 10, 20 … (or of their parts) that is not below `least`.
fn round_step(least: f64) -> f64 {
    let mut unit = 1.0;
    while unit > least && unit > f64::MIN_POSITIVE * 1e10 {
        unit /= 10.0;
    }
    while unit * 10.0 <= least {
        unit *= 10.0;
    }
    let steps = [unit, 2.0 * unit, 5.0 * unit];
    steps.into_iter().find(|step| *step >= least).unwrap_or(10.0 * unit)
}

/// Returns the range of a time axis, and where its labels stand: at full hours or parts of them,
/// at the beginnings of days, or at round numbers of ticks.
pub(super) fn time(moments: &[Tick], style: &Style) -> (Range<f64>, Vec<f64>) {
    let first = moments.first().map_or(0.0, |tick| f64::from(tick.0));
    let last = moments.last().map_or(1.0, |tick| f64::from(tick.0)).max(first + 1.0);
    let least = (last - first) / 9.0;
    let plain = || multiples(first, last, round_step(least).max(1.0));
    let Some(calendar) = style.calendar else { return (first..last, plain()) };
    let per_day = f64::from(calendar.ticks_per_day());
    let places = if calendar.num_days() > 1 && last >= per_day {
        multiples(first, last, round_step(least / per_day).max(1.0) * per_day)
    } else if let Some(clock) = calendar.clock() {
        let (opens, length) = (f64::from(clock.opens_at_seconds), f64::from(clock.tick_seconds));
        let step = STEPS.into_iter().map(f64::from).find(|step| *step >= least * length);
        let step = step.unwrap_or(86_400.0);
        let times = multiples(opens + first * length, opens + last * length, step);
        times.into_iter().map(|time| (time - opens) / length).collect()
    } else {
        plain()
    };
    (first..last, places)
}

/// Returns the range of an axis of categories, and the middle of each.
pub(super) fn categories(chart: &Chart) -> (Range<f64>, Vec<f64>) {
    let number = chart.categories.len();
    (-0.5..number as f64 - 0.5, (0..number).map(|index| index as f64).collect())
}

/// Returns the name of the category whose middle is at `x`.
pub(super) fn category(chart: &Chart, x: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "they saturate")]
    let name = chart.categories.get(x.round() as usize).map_or("", String::as_str);
    if name.chars().count() <= CATEGORY_LENGTH {
        return name.to_owned();
    }
    name.chars().take(CATEGORY_LENGTH - 1).chain(['…']).collect()
}

/// Returns what stands at a tick: its time of day, or its number; of several days, the day.
pub(super) fn moment(tick: f64, style: &Style) -> String {
    let Some(calendar) = &style.calendar else { return decimal(tick, 0) };
    if calendar.num_days() > 1 {
        return decimal(tick / f64::from(calendar.ticks_per_day()), 0);
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "they saturate")]
    let number = Tick(tick.round() as u32);
    clock_time(calendar, number).unwrap_or_else(|| decimal(tick, 0))
}

/// Returns what the time axis says.
pub(super) fn time_label(style: &Style) -> &'static str {
    match &style.calendar {
        Some(calendar) if calendar.num_days() > 1 => "day",
        Some(calendar) if calendar.clock().is_some() => "time of day",
        _ => "tick",
    }
}

#[cfg(test)]
mod tests {
    use super::{multiples, round_numbers, round_step};

    #[test]
    fn labels_stand_at_round_numbers() {
        assert_eq!([0.3, 1.0, 11.0, 60.0].map(round_step).to_vec(), [0.5, 1.0, 20.0, 100.0]);
        assert_eq!(round_numbers(0.0, 8_600.0), [0.0, 2_000.0, 4_000.0, 6_000.0, 8_000.0]);
        assert_eq!(multiples(-3.0, 4.0, 2.0), [-2.0, 0.0, 2.0, 4.0]);
        let few = round_numbers(0.0, f64::MIN_POSITIVE);
        assert!(few.len() < 100, "{few:?}");
    }
}
