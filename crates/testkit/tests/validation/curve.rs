//! Delay against liquidity on a synthetic day, with each way of saving liquidity.

use std::thread;

use crate::case::{Case, Row};
use crate::scene::Scene;

const DAY: &str = "simulation: {ticks_per_day: 660, num_days: 1, rng_seed: 2023, opens_at: \"07:00\", tick_seconds: 60}
payments: {synth: {profile: t2, payments: 8_000, participants: 80}}
opening_balances: {bounds: 0}
";

/// A way to settle: its name and its keys.
const WAYS: [(&str, &str); 6] = [
    ("plain", "lsm_config: {preset: plain}"),
    ("bypass", "queue_discipline: bypass"),
    ("rits", "lsm_config: {preset: rits}"),
    ("chaps", "lsm_config: {preset: chaps}"),
    ("lynx", "lsm_config: {preset: lynx}"),
    ("t2", "lsm_config: {preset: t2}"),
];

/// Tenths of the way from the lower to the upper bound.
pub(crate) const TENTHS: u32 = 10;

/// A day at one level of liquidity.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    /// Delay by value, as a share of the longest possible.
    pub(crate) delay: f64,
    /// Value settled, as a share of what arrived.
    pub(crate) settled: f64,
    /// Number of payments that did not settle.
    pub(crate) unsettled: u64,
}

/// All days with one way to settle.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) name: &'static str,
    pub(crate) keys: &'static str,
    /// At 0, 0.1, …, 1.
    pub(crate) points: Vec<Point>,
}

/// All days.
#[derive(Debug)]
pub(crate) struct Curve {
    pub(crate) lines: Vec<Line>,
}

pub(crate) fn compute() -> Curve {
    let lines = thread::scope(|scope| {
        let handles = WAYS.map(|(name, keys)| scope.spawn(move || line(name, keys)));
        handles.map(|handle| handle.join().expect("the day is sound"))
    });
    Curve { lines: lines.into() }
}

fn line(name: &'static str, keys: &'static str) -> Line {
    let scene = Scene::new(&format!("{DAY}{keys}\n"), "");
    let point = |tenths| {
        let level = format!("opening_balances.bounds={}", f64::from(tenths) / f64::from(TENTHS));
        let summary = scene.measure(&[level]);
        Point {
            delay: summary.delay.indicator.expect("payments arrived"),
            settled: summary.payments.settlement_rate_value.expect("payments arrived"),
            unsettled: summary.payments.unsettled.count,
        }
    };
    Line { name, keys, points: (0..=TENTHS).map(point).collect() }
}

impl Curve {
    pub(crate) fn case(&self) -> Case {
        let mut rows = Vec::new();
        for line in &self.lines {
            let top = line.points[line.points.len() - 1];
            rows.push(Row::new(format!("`{}`: delay at the upper bound", line.name), 0, top.delay));
        }
        Case { title: "", source: "", input: String::new(), rows, remark: "" }
    }
}

#[test]
fn show() {
    for line in compute().lines {
        let delays: Vec<String> = line.points.iter().map(|p| format!("{:.4}", p.delay)).collect();
        let settled: Vec<String> =
            line.points.iter().map(|p| format!("{:.2}/{}", 100.0 * p.settled, p.unsettled)).collect();
        eprintln!("{} {delays:?} {settled:?}", line.name);
    }
}
