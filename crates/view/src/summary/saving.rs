//! What algorithms settled in sets, and what that took.

use std::collections::BTreeMap;

use psim_model::event::{BlockKind, Event, EventBatch, LsmAlgorithm, LsmBound, SettledSet};
use psim_model::{Calendar, Tick, Total};

use super::blocks::BlockWatch;
use super::{AlgorithmRow, BoundSummary, LiquiditySavingSummary};
use crate::delay::minutes;
use crate::phrases::algorithm_phrase;
use crate::state::{State, Tally};

/// The sets so far, the bounds that were reached and the blocks of queue 2.
#[derive(Clone, Debug, Default)]
pub(crate) struct SavingWatch {
    /// By algorithm; under none the sets that an entering payment made.
    algorithms: BTreeMap<Option<LsmAlgorithm>, Sets>,
    bounds: BoundSummary,
    pub(crate) blocks: BlockWatch,
}

/// What one algorithm has settled.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sets {
    pub(crate) number: u64,
    pub(crate) payments: Tally,
    /// What agents paid on balance.
    pub(crate) moved: Total,
    /// Ticks in queue 2, of all payments together.
    waited: u64,
}

impl SavingWatch {
    /// Looks at an event that the state has not taken in.
    pub(super) fn before(&mut self, batch: &EventBatch, event: &Event, state: &State) {
        self.blocks.before(event, state);
        if let Event::LsmBoundReached(reached) = event {
            *match reached.bound {
                LsmBound::MaxSteps => &mut self.bounds.max_steps,
                LsmBound::MaxRounds => &mut self.bounds.max_rounds,
                LsmBound::MaxCyclesPerTick => &mut self.bounds.max_cycles_per_tick,
            } += 1;
        } else if let Some(set) = event.settled_set() {
            self.algorithms.entry(set.algorithm).or_default().add(batch, &set, state);
        }
    }

    /// Looks at the queue at the end of a tick.
    pub(super) fn end_tick(&mut self, state: &State) {
        self.blocks.end_tick(state);
    }

    /// Returns what an algorithm settled in sets, or (`None`) what entering payments did.
    pub(crate) fn sets(&self, algorithm: Option<LsmAlgorithm>) -> Sets {
        self.algorithms.get(&algorithm).copied().unwrap_or_default()
    }

    pub(super) fn summary(&self, calendar: Option<&Calendar>) -> LiquiditySavingSummary {
        let row = |(algorithm, sets): (&Option<LsmAlgorithm>, &Sets)| {
            Some(sets.row((*algorithm)?, calendar))
        };
        LiquiditySavingSummary {
            algorithms: self.algorithms.iter().filter_map(row).collect(),
            bounds_reached: self.bounds,
            gridlock: self.blocks.summary(BlockKind::Gridlock),
            deadlock: self.blocks.summary(BlockKind::Deadlock),
        }
    }
}

impl Sets {
    fn add(&mut self, batch: &EventBatch, set: &SettledSet, state: &State) {
        let columns = batch.columns();
        self.number += 1;
        for amount in set.tx_amounts.of(columns) {
            self.payments.add(*amount);
        }
        for net in set.net_positions.of(columns) {
            self.moved += net.shortfall();
        }
        for no in set.tx_ids.of(columns) {
            let payment = state.payments.get(no.index());
            let joined = payment.and_then(|payment| payment.queued_since);
            let waited = joined.map_or(0, |joined: Tick| batch.tick().since(joined));
            self.waited += u64::from(waited);
        }
    }

    fn row(&self, algorithm: LsmAlgorithm, calendar: Option<&Calendar>) -> AlgorithmRow {
        let Self { number, payments, moved, waited } = *self;
        let mean = (payments.count > 0).then(|| waited as f64 / payments.count as f64);
        AlgorithmRow {
            algorithm: algorithm.as_str(),
            sets: number,
            payments,
            moved,
            saved: payments.value - moved,
            queue2_wait_ticks_mean: mean,
            queue2_wait_minutes_mean: mean.and_then(|ticks| minutes(ticks, calendar)),
            phrase: algorithm_phrase(algorithm),
        }
    }
}
