//! Which algorithms run in a tick, how often, and when it would be in vain.

use psim_model::event::{AlgorithmExecution, LsmAlgorithm, LsmBound, LsmBoundReached, LsmResult};
use psim_model::{Algorithm, LiquiditySaving, Money, Tick};
use serde::{Deserialize, Serialize};

use super::apply::{self, Tally};
use super::blocks::{self, Blocks};
use super::view::View;
use super::{Set, Steps, begin};
use crate::world::{Changes, Step, World};

/// What liquidity saving remembers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Lsm {
    /// By place in the list: whether the algorithm runs at all.
    enabled: Vec<bool>,
    /// By place in the list: how things stood after the last run, if that was without success.
    vain: Vec<Option<Vain>>,
    /// Cycles that have settled in this tick.
    cycles: u32,
    pub(super) blocks: Blocks,
}

/// How things stood after a run without success.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Vain {
    changes: Changes,
    /// When the next payment will have waited as long as the algorithm asks.
    ripens: Option<Tick>,
}

impl Lsm {
    pub(crate) fn new(saving: &LiquiditySaving) -> Self {
        Self {
            enabled: saving.algorithms.iter().map(|listed| listed.enabled).collect(),
            vain: vec![None; saving.algorithms.len()],
            cycles: 0,
            blocks: Blocks::default(),
        }
    }

    /// Takes another list of algorithms; what is blocked stays so.
    pub(crate) fn begin_anew(&mut self, saving: &LiquiditySaving) {
        *self = Self { blocks: self.blocks, ..Self::new(saving) };
    }

    /// Returns whether it is about the algorithms of a list.
    pub(crate) fn fits(&self, saving: &LiquiditySaving) -> bool {
        let count = saving.algorithms.len();
        self.enabled.len() == count && self.vain.len() == count
    }

    /// Returns whether a listed algorithm runs; `None` if it is not listed.
    pub(crate) fn is_enabled(&self, saving: &LiquiditySaving, name: LsmAlgorithm) -> Option<bool> {
        Some(self.enabled[place_of(saving, name)?])
    }

    /// Lets a listed algorithm run, or no more.
    pub(crate) fn enable(&mut self, saving: &LiquiditySaving, name: LsmAlgorithm, enabled: bool) {
        if let Some(place) = place_of(saving, name) {
            self.enabled[place] = enabled;
        }
    }
}

fn place_of(saving: &LiquiditySaving, name: LsmAlgorithm) -> Option<usize> {
    saving.algorithms.iter().position(|listed| listed.algorithm.name() == name)
}

/// Runs the algorithms that are due.
pub(crate) fn run(world: &mut World, step: &mut Step<'_>) {
    let saving = &step.scenario.liquidity_saving;
    let tick = step.scenario.calendar.tick_in_day(step.now);
    if tick.is_multiple_of(saving.run_every_ticks) && world.queue2.len() > 0 {
        let listed = saving.algorithms.iter().enumerate();
        let due =
            listed.filter(|(place, it)| world.lsm.enabled[*place] && tick.is_multiple_of(it.every));
        let due: Vec<usize> = due.map(|(place, _)| place).collect();
        world.lsm.cycles = 0;
        run_list(world, step, &due);
    }
    if saving.reports_blocks {
        blocks::watch(world, step);
    }
}

fn run_list(world: &mut World, step: &mut Step<'_>, due: &[usize]) {
    let LiquiditySaving { sequencing, max_rounds, ref algorithms, .. } =
        step.scenario.liquidity_saving;
    for _ in 0..max_rounds {
        let mut succeeded = false;
        for place in due {
            succeeded = run_one(world, step, *place);
            if succeeded && sequencing {
                break;
            }
        }
        if !(succeeded && sequencing) {
            return;
        }
    }
    if let Some(first) = due.first() {
        let name = algorithms[*first].algorithm.name();
        step.emit(LsmBoundReached { bound: LsmBound::MaxRounds, limit: max_rounds.into(), name });
    }
}

/// Runs an algorithm, unless that would be in vain; returns whether payments settled.
fn run_one(world: &mut World, step: &mut Step<'_>, place: usize) -> bool {
    let scenario = step.scenario;
    let saving = &scenario.liquidity_saving;
    let algorithm = &saving.algorithms[place].algorithm;
    if world.queue2.len() == 0 || is_vain(world, step, place) {
        return false;
    }
    let mut run = begin(algorithm, world.lsm.cycles);
    let mut steps = Steps::new(saving.max_steps);
    let mut settled = Tally::default();
    while let Some(set) = run.next_set(&View::new(world, step.now), &mut steps) {
        let Tally { payments, value } = apply::apply(world, step, algorithm.name(), &set);
        settled.payments += payments;
        settled.value += value;
        if matches!(set, Set::Cycle(..)) {
            world.lsm.cycles += 1;
        }
    }
    tell_bounds(step, algorithm, &steps);
    let success = settled.payments > 0;
    if saving.sequencing {
        step.emit(AlgorithmExecution {
            algorithm: u32::try_from(place + 1).expect("Invariant: the list is short"),
            name: algorithm.name(),
            result: if success { LsmResult::Success } else { LsmResult::NoSuccess },
            settlements: settled.payments,
            settled_value: settled.value.to_money().unwrap_or(Money::MAX),
        });
    }
    // The bound on cycles is one of a tick: in the next, those left untested may be tested.
    let can_repeat = success || steps.rings_ended;
    world.lsm.vain[place] = (!can_repeat)
        .then(|| Vain { changes: world.changes(), ripens: ripens(world, step.now, algorithm) });
    success
}

fn tell_bounds(step: &mut Step<'_>, algorithm: &Algorithm, steps: &Steps) {
    let name = algorithm.name();
    if let (true, Some(limit)) = (steps.ended, step.scenario.liquidity_saving.max_steps) {
        step.emit(LsmBoundReached { bound: LsmBound::MaxSteps, limit, name });
    }
    if let (true, Algorithm::Cycles { max_cycles_per_tick, .. }) = (steps.rings_ended, algorithm) {
        let limit = u64::from(*max_cycles_per_tick);
        step.emit(LsmBoundReached { bound: LsmBound::MaxCyclesPerTick, limit, name });
    }
}

/// Returns whether an algorithm would find nothing because all is as it was when it found nothing.
fn is_vain(world: &World, step: &Step<'_>, place: usize) -> bool {
    world.lsm.vain[place].is_some_and(|vain| {
        vain.changes == world.changes() && vain.ripens.is_none_or(|ripens| step.now < ripens)
    })
}

/// Returns when the next payment in queue 2 will have waited as long as an algorithm asks.
fn ripens(world: &World, now: Tick, algorithm: &Algorithm) -> Option<Tick> {
    let Algorithm::Bilateral(options) = algorithm else { return None };
    let ripe = |no| Tick(world.payments.get(no).moved_at.0.saturating_add(options.min_queue_ticks));
    world.queue2.payments().map(ripe).filter(|ripe| *ripe > now).min()
}
