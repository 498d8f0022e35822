//! The run: one tick after another.

use psim_model::event::EventBatch;
use psim_model::{CheckedScenario, Tick};

use crate::arrivals::Arrivals;
use crate::error::TickError;
use crate::headroom::Headroom;
use crate::world::{Step, World};
use crate::{costs, day, deadlines, entry, opening, release, retry};

/// A run in progress.
#[derive(Clone, Debug)]
pub struct Engine {
    scenario: CheckedScenario,
    now: Tick,
    next_seq: u64,
    arrivals: Arrivals,
    headroom: Headroom,
    world: World,
}

impl Engine {
    /// Starts a run before its first tick.
    pub fn new(scenario: CheckedScenario) -> Self {
        Self {
            now: Tick(0),
            next_seq: 0,
            arrivals: Arrivals::new(&scenario),
            headroom: Headroom::new(&scenario),
            world: World::new(&scenario),
            scenario,
        }
    }

    /// Returns the scenario of the run.
    pub const fn scenario(&self) -> &CheckedScenario {
        &self.scenario
    }

    /// Returns the tick that comes next.
    pub const fn now(&self) -> Tick {
        self.now
    }

    /// Returns whether the last tick of the run is over.
    pub fn is_finished(&self) -> bool {
        self.now > self.scenario.calendar.last_tick()
    }

    pub(crate) const fn world(&self) -> &World {
        &self.world
    }

    /// Runs the next tick and fills `batch` with its events.
    ///
    /// # Errors
    ///
    /// [`TickError`]; then nothing has changed and `batch` is empty. Everything that can fail is
    /// drawn and weighed before the first change.
    pub fn tick(&mut self, batch: &mut EventBatch) -> Result<(), TickError> {
        let calendar = &self.scenario.calendar;
        batch.begin(self.now, calendar.day_of(self.now), self.next_seq);
        if self.is_finished() {
            let last_tick = calendar.last_tick();
            return Err(TickError::BeyondHorizon { tick: self.now, last_tick });
        }
        let arriving = self.arrivals.draw(&self.scenario, self.now)?;
        self.headroom.admit(&self.scenario, &self.world, self.now, arriving)?;
        self.arrivals.commit();

        let world = &mut self.world;
        let step = &mut Step { scenario: &self.scenario, now: self.now, out: batch };
        opening::announce(step); //                     the stream opens with tick 0
        day::start(world, step); //                     1  start of day
        // 2  scenario events
        self.arrivals.enter(world, step); //            3  arrivals into queue 1
        deadlines::pass(world, step); //                4  deadlines
        // 5  collateral timers, strategic collateral trees, bank trees
        release::decide(world, step); //                6  queue 1
        // 7  queue-2 decisions
        entry::enter(world, step); //                   8  entry of what was released
        retry::pass(world, step); //                    9  one pass over queue 2
        // 10 liquidity-saving mechanisms
        // 11 end-of-tick collateral trees, deferred credits
        costs::accrue(world, step); //                  12 costs
        day::close(world, step); //                        and the end of the day

        self.next_seq = batch.next_seq();
        self.now = self.now.next();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
