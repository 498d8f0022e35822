//! Step 10: which algorithms run, in what order, and what they leave behind.

use psim_model::event::{AlgorithmExecution, BlockKind, LsmBound, LsmBoundReached, LsmResult};
use psim_model::{Algorithm, LiquiditySaving, Pairs, PaymentNo, ScheduledAlgorithm, Tick, Total};

use super::Reference;
use super::limits::clamped;
use super::state::Flow;

/// What liquidity saving remembers.
#[derive(Clone, Debug)]
pub(super) struct Saving {
    /// The list of algorithms as it is now.
    pub(super) algorithms: Vec<ScheduledAlgorithm>,
    /// By place in the list: the last run, if another like it would be in vain.
    marks: Vec<Option<Mark>>,
    /// Rings that have settled in this tick.
    pub(super) rings_settled: u32,
    /// Why the queue could not move in the last tick, if it could not.
    pub(super) block: Option<BlockKind>,
}

/// A run in which nothing settled.
#[derive(Clone, Copy, Debug)]
struct Mark {
    /// The changes counted up to its end.
    changes: u64,
    /// When the first payment becomes old enough that was too young for it.
    ripe: Option<Tick>,
}

/// One run of an algorithm.
#[derive(Debug)]
pub(super) struct Run {
    steps_left: Option<u64>,
    /// The bound that ended it.
    pub(super) bound: Option<LsmBound>,
    /// What has settled in it.
    pub(super) settled: Vec<Flow>,
}

impl Run {
    /// Returns a run of at most so many steps.
    pub(super) const fn new(max_steps: Option<u64>) -> Self {
        Self { steps_left: max_steps, bound: None, settled: Vec::new() }
    }

    /// Takes a step, if there is one left.
    #[must_use]
    pub(super) fn step(&mut self) -> bool {
        if self.steps_left == Some(0) {
            self.bound = Some(LsmBound::MaxSteps);
            return false;
        }
        self.steps_left = self.steps_left.map(|left| left - 1);
        true
    }
}

impl Saving {
    pub(super) fn new(saving: &LiquiditySaving) -> Self {
        Self {
            algorithms: saving.algorithms.clone(),
            marks: vec![None; saving.algorithms.len()],
            rings_settled: 0,
            block: None,
        }
    }
}

impl Reference {
    /// Runs the algorithms that are due, and says so if the queue is blocked.
    pub(super) fn save_liquidity(&mut self) {
        self.saving.rings_settled = 0;
        let due = self.due_algorithms();
        if self.scenario.liquidity_saving.sequencing {
            self.run_in_sequence(&due);
        } else {
            for place in due {
                self.run(place);
            }
        }
        if self.scenario.liquidity_saving.reports_blocks {
            self.report_block();
        }
    }

    /// Returns the places in the list of what is to run in this tick.
    fn due_algorithms(&self) -> Vec<usize> {
        let tick_in_day = self.scenario.calendar.tick_in_day(self.now);
        if !tick_in_day.is_multiple_of(self.scenario.liquidity_saving.run_every_ticks) {
            return Vec::new();
        }
        let listed = self.saving.algorithms.iter().enumerate();
        let due = listed.filter(|(_, it)| it.enabled && tick_in_day.is_multiple_of(it.every));
        due.map(|(place, _)| place).collect()
    }

    /// Starts the list anew after each success, until all of it has run without one.
    fn run_in_sequence(&mut self, due: &[usize]) {
        let max_rounds = self.scenario.liquidity_saving.max_rounds;
        for _ in 0..max_rounds {
            let succeeded = due.iter().any(|place| self.run(*place));
            if !succeeded {
                return;
            }
        }
        if let Some(first) = due.first() {
            self.log.push(LsmBoundReached {
                bound: LsmBound::MaxRounds,
                limit: max_rounds.into(),
                name: self.saving.algorithms[*first].algorithm.name(),
            });
        }
    }

    /// Runs an algorithm, unless that is in vain; returns whether payments settled.
    fn run(&mut self, place: usize) -> bool {
        if self.queue2.is_empty() || self.is_in_vain(place) {
            return false;
        }
        let algorithm = self.saving.algorithms[place].algorithm;
        let mut run = Run::new(self.scenario.liquidity_saving.max_steps);
        match algorithm {
            Algorithm::Retry => run.settled = self.pass_queue2(),
            Algorithm::Bilateral(pairs) => self.offset_pairs(pairs, &mut run),
            Algorithm::Cycles { max_cycle_length, max_cycles_per_tick } => {
                self.settle_rings(max_cycle_length, max_cycles_per_tick, &mut run);
            }
            Algorithm::GridlockResolution => self.resolve_gridlock(&mut run),
            Algorithm::Partial => self.settle_part(&mut run),
            Algorithm::AllOrNothing => self.settle_all_or_nothing(&mut run),
        }
        self.say_run(place, &run);
        self.mark(place, &run);
        !run.settled.is_empty()
    }

    fn say_run(&mut self, place: usize, run: &Run) {
        let algorithm = self.saving.algorithms[place].algorithm;
        let name = algorithm.name();
        let max_steps = self.scenario.liquidity_saving.max_steps;
        if let Some(bound) = run.bound {
            let limit = match algorithm {
                Algorithm::Cycles { max_cycles_per_tick, .. }
                    if bound == LsmBound::MaxCyclesPerTick =>
                {
                    max_cycles_per_tick.into()
                }
                _ => max_steps.expect("Invariant: a bound that was reached was set"),
            };
            self.log.push(LsmBoundReached { bound, limit, name });
        }
        if self.scenario.liquidity_saving.sequencing {
            let number = |count| u32::try_from(count).expect("Invariant: counts fit 32 bits");
            let has_settled = !run.settled.is_empty();
            self.log.push(AlgorithmExecution {
                algorithm: number(place + 1),
                name,
                result: if has_settled { LsmResult::Success } else { LsmResult::NoSuccess },
                settlements: number(run.settled.len()),
                settled_value: clamped(run.settled.iter().map(|flow| flow.amount).sum::<Total>()),
            });
        }
    }

    /// Remembers a run that would end as it did if nothing changed.
    fn mark(&mut self, place: usize, run: &Run) {
        let left_some = run.bound == Some(LsmBound::MaxCyclesPerTick);
        let mark = Mark { changes: self.changes, ripe: self.next_ripe(place) };
        let is_final = run.settled.is_empty() && !left_some;
        self.saving.marks[place] = is_final.then_some(mark);
    }

    /// Returns when the next payment of queue 2 will have waited long enough for an algorithm.
    fn next_ripe(&self, place: usize) -> Option<Tick> {
        let algorithm = self.saving.algorithms[place].algorithm;
        let Algorithm::Bilateral(Pairs { min_queue_ticks, .. }) = algorithm else { return None };
        let ripe = self.queue2.iter().map(|no| {
            let joined = self.payments[no.index()].joined_queue2;
            let joined = joined.expect("Invariant: it is in queue 2");
            Tick(joined.0.saturating_add(min_queue_ticks))
        });
        ripe.filter(|tick| *tick > self.now).min()
    }

    /// Returns whether an algorithm would find what it found without success the last time.
    fn is_in_vain(&self, place: usize) -> bool {
        self.saving.marks[place].is_some_and(|mark| {
            mark.changes == self.changes && mark.ripe.is_none_or(|tick| tick > self.now)
        })
    }

    /// Returns the payments of queue 2 that may be in a set, in queue order.
    pub(super) fn eligible(&self) -> Vec<PaymentNo> {
        let mut eligible = self.queue2_in_order();
        eligible.retain(|no| {
            let payment = &self.payments[no.index()];
            payment.earliest <= self.now && !self.accounts[payment.sender.index()].is_out
        });
        eligible
    }
}
