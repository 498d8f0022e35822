//! Delay against liquidity on synthetic days, with each way of saving liquidity.

use std::thread;

use crate::case::Row;
use crate::scene::Scene;

/// The days; each is run at every level with every way to settle.
pub(crate) const SEEDS: [u64; 5] = [1, 2, 3, 4, 5];
/// Tenths of the way from the lower to the upper bound.
pub(crate) const TENTHS: u32 = 10;

/// A way to settle: its name and its keys.
const WAYS: [(&str, &str); 6] = [
    ("plain", "lsm_config: {preset: plain}"),
    ("bypass", "queue_discipline: bypass"),
    ("rits", "lsm_config: {preset: rits}"),
    ("lynx", "lsm_config: {preset: lynx}"),
    ("chaps", "lsm_config: {preset: chaps}"),
    ("t2", "lsm_config: {preset: t2}"),
];

/// Returns the scenario of a day, without its way to settle.
pub(crate) fn day(seed: u64) -> String {
    format!(
        "simulation:
  {{ticks_per_day: 660, num_days: 1, rng_seed: {seed}, opens_at: \"07:00\", tick_seconds: 60}}
payments: {{synth: {{profile: t2, payments: 10_000, participants: 100}}}}
opening_balances: {{bounds: 0}}
"
    )
}

/// A day at one level of liquidity, or the mean of several.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Point {
    /// Delay by value, as a share of the longest possible.
    pub(crate) delay: f64,
    /// Value settled, as a share of what arrived.
    pub(crate) settled: f64,
    /// Number of payments that did not settle.
    pub(crate) unsettled: u64,
}

/// One way to settle.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) name: &'static str,
    pub(crate) keys: &'static str,
    /// For each seed: at 0, 0.1, …, 1.
    days: Vec<Vec<Point>>,
    /// The means over the days.
    pub(crate) means: Vec<Point>,
}

/// All ways to settle.
#[derive(Debug)]
pub(crate) struct Curve {
    pub(crate) lines: Vec<Line>,
}

pub(crate) fn compute() -> Curve {
    let lines = thread::scope(|scope| {
        let handles = WAYS.map(|(name, keys)| scope.spawn(move || line(name, keys)));
        handles.map(|handle| handle.join().expect("the days are sound"))
    });
    Curve { lines: lines.into() }
}

fn line(name: &'static str, keys: &'static str) -> Line {
    let days: Vec<Vec<Point>> = SEEDS
        .iter()
        .map(|seed| {
            let scene = Scene::new(&format!("{}{keys}\n", day(*seed)), "");
            (0..=TENTHS).map(|tenths| point(&scene, tenths)).collect()
        })
        .collect();
    let mean = |level: u32| {
        let points = || days.iter().map(|day| day[level as usize]);
        let count = SEEDS.len() as f64;
        Point {
            delay: points().map(|point| point.delay).sum::<f64>() / count,
            settled: points().map(|point| point.settled).sum::<f64>() / count,
            unsettled: points().map(|point| point.unsettled).sum(),
        }
    };
    let means = (0..=TENTHS).map(mean).collect();
    Line { name, keys, days, means }
}

/// Runs a day; `tenths` is its place between the bounds.
fn point(scene: &Scene, tenths: u32) -> Point {
    let level = format!("opening_balances.bounds={}", f64::from(tenths) / f64::from(TENTHS));
    let summary = scene.measure(&[level]);
    Point {
        delay: summary.delay.indicator.expect("payments arrived"),
        settled: summary.payments.settlement_rate_value.expect("payments arrived"),
        unsettled: summary.payments.unsettled.count,
    }
}

impl Curve {
    /// What can be said without running anything, and what came out.
    pub(crate) fn rows(&self) -> Vec<Row> {
        let days = SEEDS.len();
        let mut rows = Vec::new();
        for line in &self.lines {
            let at_once = line.days.iter().filter(|day| {
                let top = day[TENTHS as usize];
                top.delay == 0.0 && top.unsettled == 0
            });
            let what = format!("`{}`, upper bound: days without any delay", line.name);
            rows.push(Row::new(what, days, at_once.count()));
        }
        let t2 = self.line("t2").days.iter().flatten();
        let unsettled: u64 = t2.map(|point| point.unsettled).sum();
        let what = "`t2`, all levels: payments left unsettled on all days together";
        rows.push(Row::new(what, 0, unsettled));
        rows
    }

    pub(crate) fn line(&self, name: &str) -> &Line {
        self.lines.iter().find(|line| line.name == name).expect("it is one of the ways")
    }

    /// What one sees, in words, each with whether it is so.
    pub(crate) fn seen(&self) -> Vec<(&'static str, bool)> {
        let delay = |name: &str, level: usize| self.line(name).means[level].delay;
        let levels = 0..=TENTHS as usize;
        let inner = 1..TENTHS as usize;
        let falls = |points: &[Point]| points.windows(2).all(|two| two[1].delay < two[0].delay);
        let t2 = self.line("t2");
        let saving = ["rits", "lynx", "chaps", "t2"];
        let of_all_banks = ["lynx", "chaps", "t2"];
        let near = |level: usize| {
            let delays = of_all_banks.map(|name| delay(name, level));
            let (least, most) =
                (delays.into_iter().reduce(f64::min), delays.into_iter().reduce(f64::max));
            most.zip(least).is_some_and(|(most, least)| most - least < 0.015)
        };
        vec![
            (
                "In the mean, more liquidity means less delay in every way to settle. On a single day \
                 it need not, not even with `t2`: what an earlier settlement has used up can be \
                 missing later.",
                self.lines.iter().all(|line| falls(&line.means))
                    && t2.days.iter().any(|day| !falls(day)),
            ),
            (
                "Each way that saves liquidity has less delay in the mean than `bypass` at every level \
                 below the upper bound.",
                saving.iter().all(|name| {
                    (0..TENTHS as usize).all(|level| delay(name, level) < delay("bypass", level))
                }),
            ),
            (
                "`lynx`, `chaps` and `t2`, which also look at all banks together, lie below `rits`, \
                 which looks at pairs, at every level between the bounds, and within 0.015 of each \
                 other at all levels: these days do not tell them apart. They differ in what is \
                 left at the close.",
                of_all_banks.iter().all(|name| {
                    inner.clone().all(|level| delay(name, level) < delay("rits", level))
                }) && levels.clone().all(near),
            ),
            (
                "Strict queues without saving (`plain`) have the most delay at most levels, but \
                 overtaking is not always better: at 0.8 `bypass` has more, since single \
                 large payments wait there while smaller ones of their sender go first.",
                (0..8).chain([9]).all(|level| {
                    self.lines.iter().all(|line| delay("plain", level) >= line.means[level].delay)
                }) && delay("bypass", 8) > delay("plain", 8),
            ),
            (
                "`t2` settles everything at every level: its algorithms run in every tick, and the \
                 last run finds all that is left, which the lower bound covers. `chaps` runs every \
                 second tick and does so at every level above the lower bound; payments that arrive in \
                 the last tick, after its last run, are missing at the lower bound, where only \
                 everything together can settle. `lynx`, with a run of all banks every 15 ticks, \
                 and `rits` need more.",
                self.line("chaps").means[1..].iter().all(|point| point.unsettled == 0)
                    && self.line("chaps").means[0].unsettled > 0
                    && [("lynx", 2), ("rits", 5)]
                        .iter()
                        .all(|(name, level)| self.line(name).means[*level].unsettled > 0),
            ),
            (
                "Value is in few payments: at the lower bound `bypass` leaves less than 1 % of the \
                 payments unsettled, and more than half of the value. One large payment more or less \
                 moves a curve; five days do not smooth that.",
                self.line("bypass").means[0].unsettled < 500
                    && self.line("bypass").means[0].settled < 0.5,
            ),
        ]
    }
}
