//! What stands at the axes.

use psim_model::{Calendar, Tick};
use psim_view::clock_time;

use crate::charts::{Chart, Unit};
use crate::style::Style;

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
        let places = if step >= 1.0 {
            0
        } else if step >= 0.1 {
            1
        } else {
            2
        };
        let height = if height.abs() < step / 1e6 { 0.0 } else { height };
        format!("{height:.places$}{}", self.suffix)
    }
}

/// Returns what stands at a tick: its time of day, or its number; of several days, the day.
pub(super) fn moment(tick: f64, style: &Style) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "they saturate")]
    let number = tick.round() as u32;
    let Some(calendar) = &style.calendar else { return number.to_string() };
    if calendar.num_days() > 1 {
        return day_of(calendar, number);
    }
    clock_time(calendar, Tick(number)).unwrap_or_else(|| number.to_string())
}

/// Returns the days since the start, with as many decimals as it takes.
fn day_of(calendar: &Calendar, tick: u32) -> String {
    let days = f64::from(tick) / f64::from(calendar.ticks_per_day());
    if days.fract() == 0.0 { format!("{days:.0}") } else { format!("{days:.1}") }
}

/// Returns what the time axis says.
pub(super) fn time(style: &Style) -> &'static str {
    match &style.calendar {
        Some(calendar) if calendar.num_days() > 1 => "day",
        Some(calendar) if calendar.clock().is_some() => "time of day",
        _ => "tick",
    }
}
