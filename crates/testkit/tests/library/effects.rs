//! Policies against `fifo`: the same payments, once with the one and once with the other.

use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::sync::Mutex;
use std::thread;

use psim_policy::{Document, Policy, library};

use crate::measure::{Measure, Measures, Whose, run};
use crate::worlds::{BANKS, WORLDS, World, scenario};

/// None of these was used to choose a parameter of a policy.
pub(crate) const SEEDS: RangeInclusive<u64> = 1001..=1020;

/// Parameters that are amounts of money, at the scale of the worlds.
pub(crate) const AT_SCALE: [(&str, &str, f64); 2] = [
    ("liquidity_aware", "target_buffer", 1_000_000.0),
    ("liquidity_splitting", "min_split_amount", 200_000.0),
];

/// A world and who follows the policy in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    pub(crate) world: &'static World,
    /// One bank alone; which differs from seed to seed, so that each of them is it equally often.
    pub(crate) alone: bool,
}

pub(crate) fn settings() -> [Setting; 4] {
    let [first, second] = &WORLDS;
    [(first, true), (first, false), (second, true), (second, false)]
        .map(|(world, alone)| Setting { world, alone })
}

impl Setting {
    fn whose(&self, seed: u64) -> Whose {
        let turn = usize::try_from(seed).expect("seeds are small") % BANKS;
        if self.alone { Whose::One(turn) } else { Whose::All }
    }

    fn run(&self, policy: &Policy, seed: u64) -> Measures {
        let whose = self.whose(seed);
        let fifo = Policy::fifo();
        let policies = std::array::from_fn(|bank| match whose {
            Whose::One(one) if one != bank => fifo.clone(),
            _ => policy.clone(),
        });
        run(scenario(self.world, seed, &policies), whose)
    }
}

/// What a policy does in each of the settings.
#[derive(Clone, Debug)]
pub(crate) struct Effects {
    pub(crate) name: &'static str,
    pub(crate) intent: String,
    /// Whether it may post collateral.
    pub(crate) posts: bool,
    pub(crate) by_setting: [Effect; 4],
}

/// What a policy does in a setting.
#[derive(Clone, Debug, Default)]
pub(crate) struct Effect {
    /// Seed by seed.
    pub(crate) runs: Vec<Measures>,
    /// By [`Measure`].
    pub(crate) differences: [Difference; 4],
}

/// How a measure differs from that with `fifo`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Difference {
    /// Mean over the seeds.
    pub(crate) mean: f64,
    /// Standard error of that mean, from the differences seed by seed.
    pub(crate) error: f64,
}

/// Returns a policy as it is measured.
fn policy(name: &str) -> Policy {
    let policy = library::named(name).expect("it is in the library");
    let mut document: Document = policy.document().clone();
    for (name, value) in &mut document.parameters {
        let scaled = AT_SCALE.iter().find(|(of, what, _)| *of == policy.id() && what == name);
        *value = scaled.map_or(*value, |(_, _, scaled)| *scaled);
    }
    Policy::new(document)
}

/// Measures all policies of the library; `fifo` comes first, and differs in nothing.
pub(crate) fn measure() -> Vec<Effects> {
    let names: Vec<&str> = library::names().collect();
    let jobs: Vec<(&str, usize)> =
        names.iter().flat_map(|name| (0..4).map(|it| (*name, it))).collect();
    let runs = in_parallel(&jobs, |(name, setting)| {
        let (policy, setting) = (policy(name), settings()[*setting]);
        SEEDS.map(|seed| setting.run(&policy, seed)).collect::<Vec<_>>()
    });
    let mut runs = runs.into_iter();
    let measured = names.iter().map(|name| {
        let policy = policy(name);
        Effects {
            name,
            intent: policy.document().description.clone().unwrap_or_default(),
            posts: policy.can_post(),
            by_setting: std::array::from_fn(|_| Effect {
                runs: runs.next().unwrap_or_default(),
                ..Effect::default()
            }),
        }
    });
    let mut all: Vec<Effects> = measured.collect();
    let fifo = all[0].clone();
    for effects in &mut all {
        for (effect, fifo) in effects.by_setting.iter_mut().zip(&fifo.by_setting) {
            effect.differences =
                Measure::ALL.map(|measure| difference(measure, &effect.runs, &fifo.runs));
        }
    }
    all
}

/// Compares runs seed by seed.
fn difference(measure: Measure, runs: &[Measures], fifo: &[Measures]) -> Difference {
    let count = runs.len() as f64;
    let of = |run: &Measures| run.of[measure as usize];
    let each: Vec<f64> = runs.iter().zip(fifo).map(|(run, fifo)| of(run) - of(fifo)).collect();
    let mean = each.iter().sum::<f64>() / count;
    let squares: f64 = each.iter().map(|each| (each - mean) * (each - mean)).sum();
    let error = (squares / (count - 1.0) / count).sqrt();
    let unit = if measure.is_relative() {
        fifo.iter().map(of).sum::<f64>() / count / 100.0
    } else if measure == Measure::Settled {
        0.01
    } else {
        1.0
    };
    Difference { mean: mean / unit, error: error / unit }
}

/// Does something to each item, on as many threads as there are processors; results are in order.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = Mutex::new(0);
    let results: Mutex<Vec<Option<R>>> = Mutex::new(items.iter().map(|_| None).collect());
    let take = || {
        let mut next = next.lock().expect("no thread panics here");
        *next += 1;
        *next - 1
    };
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((index, item)) =
                    Some(take()).and_then(|it| Some((it, items.get(it)?)))
                {
                    let result = work(item);
                    results.lock().expect("no thread panics here")[index] = Some(result);
                }
            });
        }
    });
    let results = results.into_inner().expect("no thread panics");
    results.into_iter().map(|result| result.expect("each item was taken")).collect()
}
