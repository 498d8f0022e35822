//! The run: one tick after another.

mod branch;
mod checkpoint;

use psim_model::event::{EventBatch, Origin};
use psim_model::{CheckedScenario, Instruction, PaymentNo, Submission, Tick};
use rustc_hash::FxHashSet;

use crate::agenda::{Agenda, Due};
use crate::arrivals::Arrivals;
use crate::error::{BatchFault, InstructionError, TickError};
use crate::headroom::{Coming, Headroom};
use crate::world::{Step, World};
use crate::{
    bank, costs, day, deadlines, decide, deferred, entry, instructions, lsm, opening, queue2_pass,
    release, scenario_events,
};

pub use checkpoint::Checkpoint;

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
    coming: EventBatch,
}

impl Engine {
    /// Starts a run before its first tick.
    pub fn new(scenario: CheckedScenario) -> Self {
        let mut coming = EventBatch::default();
        coming.begin(Tick(0), scenario.calendar.day_of(Tick(0)), 0);
        opening::announce(&mut Step::new(&scenario, Tick(0), &mut coming));
        Self {
            now: Tick(0),
            agenda: Agenda::new(&scenario),
            arrivals: Arrivals::new(&scenario),
            headroom: Headroom::new(&scenario),
            world: World::new(&scenario),
            coming,
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

    /// Returns the events that wait for the coming tick: those of the opening, and of instructions
    /// given since the last. The batch of that tick will begin with them.
    pub const fn coming_events(&self) -> &EventBatch {
        &self.coming
    }

    pub(crate) const fn arrivals(&self) -> &Arrivals {
        &self.arrivals
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
        let step = &mut Step::new(&self.scenario, self.now, &mut self.coming);
        let outcome = instructions::carry_out(&mut self.world, step, instruction, Origin::Api);
        outcome.map_err(InstructionError::Refused)
    }

    /// Submits payments before the coming tick, all or none, as so many instructions would; returns
    /// their numbers.
    ///
    /// # Errors
    ///
    /// [`BatchFault`], the first there is; then nothing has changed. No payments are no fault, also
    /// after the last tick.
    pub fn submit_batch(
        &mut self,
        submissions: &[Submission],
    ) -> Result<Vec<PaymentNo>, BatchFault> {
        let instructions: Vec<Instruction> =
            submissions.iter().cloned().map(Instruction::SubmitTransaction).collect();
        self.check_batch(&instructions)?;
        let step = &mut Step::new(&self.scenario, self.now, &mut self.coming);
        let mut numbers = Vec::with_capacity(instructions.len());
        for instruction in &instructions {
            let outcome = instructions::carry_out(&mut self.world, step, instruction, Origin::Api);
            numbers.extend(outcome.expect("Invariant: each was checked, given those before it"));
        }
        Ok(numbers)
    }

    /// Checks payments that are submitted together, each given those before it.
    fn check_batch(&mut self, instructions: &[Instruction]) -> Result<(), BatchFault> {
        if self.is_finished() && !instructions.is_empty() {
            return Err(BatchFault { index: 0, error: InstructionError::RunOver });
        }
        self.world.ids.prepare_for_calls(&self.scenario);
        let mut ids = FxHashSet::default();
        let step = &Step::new(&self.scenario, self.now, &mut self.coming);
        for (index, instruction) in instructions.iter().enumerate() {
            let fault = |error| BatchFault { index, error };
            self.scenario
                .check_instruction(instruction)
                .map_err(|problem| fault(InstructionError::Unsound(problem)))?;
            let Instruction::SubmitTransaction(submission) = instruction else { continue };
            let refused =
                instructions::refusal_in_batch(&self.world, step, (submission, index), &ids);
            if let Some(refusal) = refused {
                return Err(fault(InstructionError::Refused(refusal)));
            }
            ids.extend(submission.id.as_deref());
        }
        Ok(())
    }

    /// Returns the payment of an id: the one it was given, or `tx-{number}`. The first question
    /// makes room for looking ids up.
    pub fn payment_called(&mut self, id: &str) -> Option<PaymentNo> {
        self.world.ids.prepare_for_calls(&self.scenario);
        instructions::called(&self.world, &self.scenario, id)
    }

    /// Runs the next tick and fills `batch` with its events.
    ///
    /// # Errors
    ///
    /// [`TickError`]; then nothing has changed and `batch` is empty. Everything that can fail is
    /// drawn and weighed before the first change.
    pub fn tick(&mut self, batch: &mut EventBatch) -> Result<(), TickError> {
        let due = &self.begin(batch)?;
        let (world, shape) = (&mut self.world, &mut self.arrivals.shape);
        let step = &mut Step::new(&self.scenario, self.now, batch);
        instructions::carry_out_due(world, step, due); //     what was scheduled to be asked for
        day::start(world, step); //                        1  start of day
        scenario_events::execute(world, step, due, shape); // 2  scenario events
        self.arrivals.enter(world, step); //               3  arrivals into queue 1
        deadlines::pass(world, step); //                   4  deadlines
        bank::decide(world, step); //                      5  timers, collateral and bank trees
        release::decide(world, step); //                   6  queue 1
        decide::in_queue2(world, step); //                 7  queue-2 decisions
        entry::enter(world, step); //                      8  entry of what was released
        queue2_pass::run(world, step); //                  9  one pass over queue 2
        lsm::run(world, step); //                          10 liquidity-saving mechanisms
        bank::decide_at_end(world, step); //               11 end-of-tick collateral trees
        deferred::credit(world, step); //                     deferred credits
        costs::accrue(world, step); //                     12 costs
        day::close(world, step); //                           and the end of the day
        self.end(batch);
        Ok(())
    }

    /// Admits the coming tick and begins its batch with what was told before it; returns what the
    /// scenario has for it. A tick that is not admitted leaves the batch empty.
    fn begin(&mut self, batch: &mut EventBatch) -> Result<Due, TickError> {
        batch.begin(self.now, self.coming.day(), self.coming.first_seq());
        let due = self.admit()?;
        if !self.coming.events().is_empty() {
            std::mem::swap(batch, &mut self.coming);
        }
        Ok(due)
    }

    /// Draws the arrivals of the coming tick and makes sure that nothing in it can fail.
    fn admit(&mut self) -> Result<Due, TickError> {
        if self.is_finished() {
            let last_tick = self.scenario.calendar.last_tick();
            return Err(TickError::BeyondHorizon { tick: self.now, last_tick });
        }
        let (scenario, now) = (&self.scenario, self.now);
        let due = self.agenda.due(scenario, now);
        let arriving = self.arrivals.draw(scenario, &due, now)?;
        let world = &self.world;
        self.headroom.admit(&Coming { scenario, world, now, due: &due, arriving })?;
        self.arrivals.commit();
        Ok(due)
    }

    /// Ends a tick: the world forgets what held for it, and the batch of the next begins.
    fn end(&mut self, batch: &EventBatch) {
        self.world.end_tick();
        self.now = self.now.next();
        let day = self.scenario.calendar.day_of(self.now);
        self.coming.begin(self.now, day, batch.next_seq());
    }
}

#[cfg(test)]
mod tests;
