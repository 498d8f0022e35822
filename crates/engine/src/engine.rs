//! The run: one tick after another.

use psim_model::event::{EventBatch, Origin};
use psim_model::{CheckedScenario, Instruction, PaymentNo, Tick};

use crate::agenda::Agenda;
use crate::arrivals::Arrivals;
use crate::error::{InstructionError, TickError};
use crate::headroom::Headroom;
use crate::world::{Step, World};
use crate::{
    bank, costs, day, deadlines, decide, deferred, entry, instructions, lsm, opening, release,
    retry, shocks,
};

/// A run in progress.
#[derive(Clone, Debug)]
pub struct Engine {
    scenario: CheckedScenario,
    now: Tick,
    agenda: Agenda,
    arrivals: Arrivals,
    headroom: Headroom,
    world: World,
    /// The events of the coming tick so far: the opening, and instructions given since the last.
    pending: EventBatch,
}

impl Engine {
    /// Starts a run before its first tick.
    pub fn new(scenario: CheckedScenario) -> Self {
        let mut pending = EventBatch::default();
        pending.begin(Tick(0), scenario.calendar.day_of(Tick(0)), 0);
        opening::announce(&mut Step::new(&scenario, Tick(0), &mut pending));
        Self {
            now: Tick(0),
            agenda: Agenda::new(&scenario),
            arrivals: Arrivals::new(&scenario),
            headroom: Headroom::new(&scenario),
            world: World::new(&scenario),
            pending,
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

    /// Carries out an instruction before the coming tick, whose events will begin with what it
    /// causes. Returns the number of the payment that it submitted, if it did.
    ///
    /// # Errors
    ///
    /// [`InstructionError`]; then nothing has changed.
    pub fn instruct(
        &mut self,
        instruction: &Instruction,
    ) -> Result<Option<PaymentNo>, InstructionError> {
        if self.is_finished() {
            return Err(InstructionError::RunOver);
        }
        self.scenario.check_instruction(instruction).map_err(InstructionError::Unsound)?;
        self.world.ids.prepare_for_calls(&self.scenario);
        let out = &mut self.pending;
        let step = &mut Step::new(&self.scenario, self.now, out);
        let outcome = instructions::carry_out(&mut self.world, step, instruction, Origin::Api);
        outcome.map_err(InstructionError::Refused)
    }

    /// Runs the next tick and fills `batch` with its events.
    ///
    /// # Errors
    ///
    /// [`TickError`]; then nothing has changed and `batch` is empty. Everything that can fail is
    /// drawn and weighed before the first change.
    pub fn tick(&mut self, batch: &mut EventBatch) -> Result<(), TickError> {
        batch.begin(self.now, self.pending.day(), self.pending.first_seq());
        self.admit()?;
        if !self.pending.events().is_empty() {
            std::mem::swap(batch, &mut self.pending);
        }

        let (world, agenda) = (&mut self.world, &self.agenda);
        let step = &mut Step::new(&self.scenario, self.now, batch);
        instructions::carry_out_due(world, step); //    what was scheduled to be asked for
        day::start(world, step); //                     1  start of day
        shocks::strike(world, step, agenda, &mut self.arrivals.shape); // 2  scenario events
        self.arrivals.enter(world, step); //            3  arrivals into queue 1
        deadlines::pass(world, step); //                4  deadlines
        bank::decide(world, step); //                   5  timers, collateral and bank trees
        release::decide(world, step); //                6  queue 1
        decide::in_queue2(world, step); //              7  queue-2 decisions
        entry::enter(world, step); //                   8  entry of what was released
        retry::pass(world, step); //                    9  one pass over queue 2
        lsm::run(world, step); //                       10 liquidity-saving mechanisms
        bank::decide_at_end(world, step); //            11 end-of-tick collateral trees
        deferred::credit(world, step); //                  deferred credits
        costs::accrue(world, step); //                  12 costs
        day::close(world, step); //                        and the end of the day

        self.world.decisions.clear();
        self.world.end_tick();
        self.now = self.now.next();
        let day = self.scenario.calendar.day_of(self.now);
        self.pending.begin(self.now, day, batch.next_seq());
        Ok(())
    }

    /// Draws the arrivals of the coming tick and makes sure that nothing in it can fail.
    fn admit(&mut self) -> Result<(), TickError> {
        if self.is_finished() {
            let last_tick = self.scenario.calendar.last_tick();
            return Err(TickError::BeyondHorizon { tick: self.now, last_tick });
        }
        let (scenario, agenda, now) = (&self.scenario, &self.agenda, self.now);
        let arriving = self.arrivals.draw(scenario, agenda, now)?;
        self.headroom.admit(scenario, agenda, &self.world, (now, arriving))?;
        self.arrivals.commit();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
