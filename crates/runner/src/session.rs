//! A live run that is steered from outside.
//!
//! A [`Session`] owns an engine and keeps every event that it has told. It runs a tick at a time,
//! takes instructions between ticks, and answers questions at any time. Answers come from the
//! events, those that wait for the coming tick included; the engine itself is asked for figures
//! that it alone knows, or has at hand. No question changes the run: with and without them the
//! stream has the same bytes.
//!
//! Ids are text and amounts integers in minor units. Answers are plain structs whose fields have
//! the names that a caller in any language sees. What is deliberately absent: anything estimated,
//! and any clock but the one behind [`Session::last_tick_micros`].

mod agents;
mod attempts;
mod by_day;
mod checkpoint;
mod costs;
mod days;
mod events;
mod lsm;
mod payments;
mod queues;
mod system;
mod told;

use std::time::{Duration, Instant};

use psim_engine::{BatchFault, Engine, InstructionError, TickError};
use psim_model::event::{Event, EventBatch, Names};
use psim_model::{
    AgentNo, CheckedScenario, Day, Instruction, PaymentNo, Submission, Tick, Total, agent_called,
};
use psim_view::{DailyMetricsFold, Projection, settled_payments};
use serde::Serialize;

use told::Followed;

pub use agents::{AgentLimits, AgentOutflows, AgentPolicy, AgentStanding};
pub use checkpoint::RestoreError;
pub use costs::AgentCosts;
pub use days::{CollateralMove, DayTransaction};
pub use lsm::SettledTogether;
pub use payments::{NearDeadline, OverdueTransaction, TransactionDetails};
pub use queues::{QueueContents, Queues};
pub use system::SystemMetrics;

/// A live run: an engine, the log of what it has told, and what is known from that.
#[derive(Clone, Debug)]
pub struct Session {
    engine: Engine,
    /// The scenario that was asked for; a branch follows another.
    asked_for: CheckedScenario,
    /// The batch of each tick so far; its index is the tick.
    log: Vec<EventBatch>,
    told: Followed,
    daily: DailyMetricsFold,
    /// Batches that `daily` has taken in.
    daily_ticks: usize,
    last_tick: Option<Duration>,
}

/// What a tick brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TickReport {
    /// The tick.
    pub tick: Tick,
    /// Payments that arrived, those submitted before the tick included.
    pub num_arrivals: u64,
    /// Payments that settled, on any path; parts are counted by themselves.
    pub num_settlements: u64,
    /// How many of them settled together with others.
    pub num_lsm_releases: u64,
    /// Costs of all agents.
    pub total_cost: Total,
}

impl Session {
    /// Starts a run before its first tick.
    pub fn new(scenario: CheckedScenario) -> Self {
        Self::of(Engine::new(scenario))
    }

    /// Starts to listen to an engine of which nothing was heard so far.
    fn of(engine: Engine) -> Self {
        Self {
            asked_for: engine.scenario().clone(),
            engine,
            log: Vec::new(),
            told: Followed::default(),
            daily: DailyMetricsFold::new(),
            daily_ticks: 0,
            last_tick: None,
        }
    }

    /// Returns the engine.
    pub const fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Returns the tick that comes next.
    pub const fn now(&self) -> Tick {
        self.engine.now()
    }

    /// Returns the day of the tick that comes next; after the last tick, the day of that.
    pub fn today(&self) -> Day {
        let calendar = &self.engine.scenario().calendar;
        calendar.day_of(self.now().min(calendar.last_tick()))
    }

    /// Returns whether the last tick of the run is over.
    pub fn is_finished(&self) -> bool {
        self.engine.is_finished()
    }

    /// Runs the next tick.
    ///
    /// # Errors
    ///
    /// [`TickError`]; then nothing has changed.
    #[expect(clippy::disallowed_methods, reason = "tells how long it took and changes no result")]
    pub fn tick(&mut self) -> Result<TickReport, TickError> {
        let started = Instant::now();
        let mut batch = EventBatch::default();
        self.engine.tick(&mut batch)?;
        let report = TickReport::of(&batch);
        self.log.push(batch);
        self.last_tick = Some(started.elapsed());
        Ok(report)
    }

    /// Returns how long the last tick took, in microseconds of wall clock; `None` before the first.
    pub fn last_tick_micros(&self) -> Option<f64> {
        self.last_tick.map(|duration| duration.as_secs_f64() * 1e6)
    }

    /// Carries out an instruction before the coming tick. Returns the number of the payment that it
    /// submitted, if it did.
    ///
    /// # Errors
    ///
    /// [`InstructionError`]; then nothing has changed.
    pub fn instruct(
        &mut self,
        instruction: &Instruction,
    ) -> Result<Option<PaymentNo>, InstructionError> {
        self.engine.instruct(instruction)
    }

    /// Submits payments before the coming tick, all or none; returns their numbers.
    ///
    /// # Errors
    ///
    /// [`BatchFault`] names the first that cannot be submitted; then nothing has changed.
    pub fn submit_batch(
        &mut self,
        submissions: &[Submission],
    ) -> Result<Vec<PaymentNo>, BatchFault> {
        self.engine.submit_batch(submissions)
    }

    /// Returns the batches of all ticks so far; a batch's index is its tick.
    pub fn log(&self) -> &[EventBatch] {
        &self.log
    }

    /// Returns the state as all events so far tell it, those that wait for the coming tick
    /// included. It stands before the coming tick: once a day is over it is the morning of the
    /// next, and nothing has been paid or booked today.
    pub fn projection(&mut self) -> &Projection {
        self.catch_up().projection()
    }

    /// Returns the ids of agents and payments.
    pub fn names(&mut self) -> &Names {
        self.projection().names()
    }

    /// Returns the number of an agent.
    pub fn agent(&self, id: &str) -> Option<AgentNo> {
        agent_called(&self.engine.scenario().agents, id)
    }

    /// Returns the number of a payment that has arrived: of the id it was given, or `tx-{number}`.
    pub fn payment(&mut self, id: &str) -> Option<PaymentNo> {
        self.engine.payment_called(id)
    }

    /// Takes in what has been told since the last question.
    fn catch_up(&mut self) -> &Followed {
        self.told.catch_up(&self.log, &self.engine);
        &self.told
    }

    fn ids(&self) -> impl Iterator<Item = (AgentNo, &str)> {
        let agents = self.engine.scenario().agents.iter().enumerate();
        agents.map(|(index, agent)| (AgentNo::from_index(index), agent.id.as_str()))
    }

    fn id(&self, agent: AgentNo) -> &str {
        self.engine.scenario().agents.get(agent.index()).map_or("?", |agent| &agent.id)
    }

    /// Returns the number of ticks that are over.
    fn ticks_done(&self) -> u32 {
        self.engine.now().0
    }

    /// Returns the batches of a day, as far as it has gone; none of a day that has not begun.
    fn batches_of(&self, day: Day) -> &[EventBatch] {
        let from = self.log.partition_point(|batch| batch.day() < day);
        let to = self.log.partition_point(|batch| batch.day() <= day);
        &self.log[from..to]
    }
}

impl TickReport {
    fn of(batch: &EventBatch) -> Self {
        let mut report = Self { tick: batch.tick(), ..Self::default() };
        for event in batch.events() {
            match event {
                Event::Arrival(_) => report.num_arrivals += 1,
                Event::CostAccrual(accrual) => report.total_cost += accrual.total,
                event => {
                    let mut settled = 0;
                    settled_payments(batch, event, |_| settled += 1);
                    report.num_settlements += settled;
                    report.num_lsm_releases += event.settled_set().map_or(0, |_| settled);
                }
            }
        }
        report
    }
}
