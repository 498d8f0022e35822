//! When payments arrive.

use psim_model::Total;

use super::{Aggregate, Target, Unit, about, major_of, turnover};
use crate::calibration::{Side, Throughput};
use crate::shape::Shape;
use crate::{SynthDay, SynthSpec};

/// Measures the published throughput times, and the share of count and value by the hour.
pub(super) fn measure(spec: &SynthSpec, day: &SynthDay) -> Vec<Aggregate> {
    let day = TimedDay::of(spec, day);
    let mut rows = throughput(spec, &day);
    rows.extend(hours(spec, &day));
    rows
}

fn throughput(spec: &SynthSpec, day: &TimedDay<'_>) -> Vec<Aggregate> {
    let row = |figure: &Throughput| {
        let (word, from, until) = match figure.side {
            Side::Before => ("before", day.shape.opens_at, figure.minute),
            Side::After => ("after", figure.minute, day.shape.closes_at()),
        };
        Aggregate {
            name: format!("value {word} {}", clock(figure.minute)),
            unit: Unit::Share,
            target: Some(Target::AtLeast(figure.at_least.0)),
            obtained: day.between(from, until).value,
            source: figure.at_least.1,
        }
    };
    spec.profile.calibration().throughput.iter().map(row).collect()
}

fn hours(spec: &SynthSpec, day: &TimedDay<'_>) -> Vec<Aggregate> {
    let source = spec.profile.calibration().shape_source;
    let mut rows = Vec::new();
    let mut from = day.shape.opens_at;
    while from < day.shape.closes_at() {
        let until = ((from / 60 + 1) * 60).min(day.shape.closes_at());
        let Shares { aimed_at, count, value } = day.between(from, until);
        let (hour, target) = (format!("{}-{}", clock(from), clock(until)), (aimed_at, source));
        rows.push(about(&format!("payments {hour}"), Unit::Share, target, count));
        rows.push(about(&format!("value {hour}"), Unit::Share, target, value));
        from = until;
    }
    rows
}

/// A day's payments by the tick of their arrival.
struct TimedDay<'a> {
    shape: &'a Shape,
    ticks_per_day: u32,
    /// Number and value of each tick.
    ticks: Vec<(u32, Total)>,
    payments: f64,
    turnover: f64,
}

/// What arrives in a part of the day, as shares of the whole.
struct Shares {
    /// What the shape of the day means it to be.
    aimed_at: f64,
    count: f64,
    value: f64,
}

impl<'a> TimedDay<'a> {
    fn of(spec: &'a SynthSpec, day: &SynthDay) -> Self {
        let mut ticks = vec![(0, Total::ZERO); spec.ticks_per_day as usize];
        for payment in &day.payments {
            if let Some((count, value)) = ticks.get_mut(payment.tick as usize) {
                *count += 1;
                *value += payment.amount;
            }
        }
        let shape = &spec.profile.calibration().shape;
        let (ticks_per_day, payments) = (spec.ticks_per_day, day.payments.len() as f64);
        Self { shape, ticks_per_day, ticks, payments, turnover: turnover(day) }
    }

    /// Returns what arrives from one minute to before another. Whole ticks are counted where they
    /// begin, in what is aimed at as in the day.
    fn between(&self, from: u32, until: u32) -> Shares {
        let begins = |tick| self.shape.tick_begins_at(tick, self.ticks_per_day);
        let meant = f64::from(from)..f64::from(until);
        let (mut aimed_at, mut count, mut value) = (0.0, 0, Total::ZERO);
        for (tick, of_tick) in (0..).zip(&self.ticks) {
            if meant.contains(&begins(tick)) {
                let until_next = self.shape.share_before(begins(tick + 1));
                aimed_at += until_next - self.shape.share_before(begins(tick));
                count += of_tick.0;
                value += of_tick.1;
            }
        }
        Shares {
            aimed_at,
            count: f64::from(count) / self.payments,
            value: major_of(value) / self.turnover,
        }
    }
}

/// Returns minutes after midnight as `17:30`.
fn clock(minute: u32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}
