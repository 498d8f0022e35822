//! Laws that every event stream obeys, whatever the scenario.
//!
//! A fold over the stream that keeps its own books: balances, limits, where each payment is, what
//! was promised and what was booked. It knows of the scenario only what the stream does not say
//! (the settlement rules and what was scheduled) and does not predict which payment settles when;
//! that is the twin's part.

mod books;
mod budgets;
mod charges;
mod collateral;
mod families;
mod limits;
mod lives;
mod order;
mod policies;
mod queues;
mod saving;
mod verdicts;

use std::collections::VecDeque;

use psim_model::event::{Event, EventBatch, EventKind, Names, Origin};
use psim_model::{AgentNo, PaymentNo, Scenario, Tick};

use crate::transcript::EventLine;
use books::Books;
use budgets::Budgets;
use charges::Charges;
use limits::LimitBook;
use lives::Lives;
use order::{Due, steps_of, turn_of};
use policies::Policies;
use saving::Runs;

/// The law that was broken, in words.
type Verdict = Result<(), &'static str>;

/// Returns `law` as broken unless it holds.
fn ensure(holds: bool, law: &'static str) -> Verdict {
    if holds { Ok(()) } else { Err(law) }
}

/// Checks the stream of a whole run.
///
/// # Errors
///
/// The law that is broken, and by which event.
pub fn check(batches: &[EventBatch], scenario: &Scenario) -> Result<(), String> {
    let mut laws = Laws::new(scenario);
    for batch in batches {
        laws.observe(batch)?;
    }
    let horizon = scenario.calendar.horizon();
    if laws.tick == Tick(horizon) {
        return Ok(());
    }
    Err(format!("the stream has {} of {horizon} ticks", laws.tick))
}

/// The laws, for a stream that is observed tick by tick.
#[derive(Debug)]
pub struct Laws<'a> {
    scenario: &'a Scenario,
    names: Names,
    /// The tick that comes next.
    tick: Tick,
    next_seq: u64,
    books: Books,
    lives: Lives,
    limits: LimitBook,
    budgets: Budgets,
    charges: Charges,
    runs: Runs,
    policies: Policies,
    /// What the next events must be.
    due: VecDeque<Due>,
    /// The limits that were said not to admit a payment that is about to join queue 2.
    exceeded: Vec<(EventKind, PaymentNo)>,
    /// The step of the tick that the last event belongs to.
    step: u8,
    /// Whose turn it was last in this step, and for what.
    turn: Option<(AgentNo, u8)>,
    last_kind: Option<EventKind>,
    /// The last tick of this day on which payments enter.
    cutoff_tick_in_day: u32,
    /// Agents that cannot send.
    out: Vec<AgentNo>,
}

impl<'a> Laws<'a> {
    /// Begins with a stream of which nothing has been seen.
    pub fn new(scenario: &'a Scenario) -> Self {
        Self {
            scenario,
            names: Names::default(),
            tick: Tick(0),
            next_seq: 0,
            books: Books::new(scenario.rules.deferred_crediting),
            lives: Lives::new(scenario.rules, scenario.policies.trace_decisions),
            limits: LimitBook::new(scenario.rules, scenario.agents.len()),
            budgets: Budgets::default(),
            charges: Charges::default(),
            runs: Runs::default(),
            policies: Policies::new(scenario),
            due: VecDeque::new(),
            exceeded: Vec::new(),
            step: 0,
            turn: None,
            last_kind: None,
            cutoff_tick_in_day: scenario.rules.cutoff_tick_in_day,
            out: Vec::new(),
        }
    }

    /// Takes in the next tick.
    ///
    /// # Errors
    ///
    /// The law that it breaks, and by which event.
    pub fn observe(&mut self, batch: &EventBatch) -> Result<(), String> {
        self.names.observe(batch);
        self.begin(batch).map_err(|law| format!("tick {}: {law}", batch.tick()))?;
        for (index, event) in batch.events().iter().enumerate() {
            self.take(event, batch).map_err(|law| {
                let line = EventLine { batch, index, names: &self.names };
                format!("{law}\n    {line:#}")
            })?;
        }
        self.finish().map_err(|law| format!("end of tick {}: {law}", batch.tick()))?;
        self.tick = self.tick.next();
        self.next_seq = batch.next_seq();
        Ok(())
    }

    fn begin(&mut self, batch: &EventBatch) -> Verdict {
        let calendar = self.scenario.calendar;
        ensure(batch.tick() == self.tick, "ticks follow each other without a gap")?;
        ensure(self.tick <= calendar.last_tick(), "nothing follows the horizon")?;
        ensure(batch.day() == calendar.day_of(self.tick), "a tick belongs to its day")?;
        ensure(batch.first_seq() == self.next_seq, "events are numbered without a gap")?;
        let kinds: Vec<EventKind> = batch.events().iter().map(Event::kind).collect();
        let count = |kind| kinds.iter().filter(|found| **found == kind).count();
        let expect = |kind, wanted: bool| count(kind) == usize::from(wanted);
        let opens = self.tick == Tick(0);
        let closes = calendar.is_last_of_day(self.tick);
        let ends = self.tick == calendar.last_tick();
        ensure(expect(EventKind::RunStarted, opens), "the stream opens once, on tick 0")?;
        ensure(expect(EventKind::RulesSet, opens), "the rules are said once, on tick 0")?;
        ensure(expect(EventKind::EndOfDay, closes), "each day closes once, on its last tick")?;
        ensure(expect(EventKind::RunEnded, ends), "the run ends once, on its last tick")?;
        let agents = if opens { self.scenario.agents.len() } else { 0 };
        ensure(count(EventKind::AgentOpened) == agents, "each agent opens once, on tick 0")?;
        self.check_schedule(batch)?;
        if opens {
            Policies::check_opening(batch, self.scenario)?;
        }
        self.step = 0;
        self.turn = None;
        self.last_kind = None;
        self.policies.begin_tick();
        self.budgets.begin_tick();
        self.runs.begin_tick();
        let is_morning = calendar.is_first_of_day(self.tick);
        if is_morning {
            self.limits.begin_day();
            self.lives.begin_day();
            self.cutoff_tick_in_day = self.scenario.rules.cutoff_tick_in_day;
        }
        self.charges.begin_tick(self.scenario.agents.len(), is_morning);
        Ok(())
    }

    /// What was scheduled for this tick happens in it, in file order.
    fn check_schedule(&self, batch: &EventBatch) -> Verdict {
        let events = self.scenario.events.iter().filter(|s| s.schedule.is_due(self.tick));
        let executed = batch.events().iter().filter_map(|event| match event {
            Event::ScenarioEventExecuted(e) => Some(e.scenario_event_type),
            _ => None,
        });
        let events_happen = events.map(|scheduled| scheduled.event.kind()).eq(executed);
        ensure(events_happen, "scenario events happen when they are due, in order")?;
        let instructions = self.scenario.instructions.iter().filter(|s| s.tick == self.tick);
        let given = batch.events().iter().filter_map(|event| match event {
            Event::InstructionGiven(e) => (e.origin != Origin::Api).then_some(e.instruction_type),
            _ => None,
        });
        let are_given = instructions.map(|scheduled| scheduled.instruction.kind()).eq(given);
        ensure(are_given, "instructions are given when they are due, in order")
    }

    fn take(&mut self, event: &Event, batch: &EventBatch) -> Verdict {
        match self.due.pop_front() {
            Some(due) => {
                ensure(due.is(event), "what must follow directly does, and nothing else")?;
            }
            None => self.keep_step(event, batch)?,
        }
        self.keep_exceeded(event)?;
        self.policies.take_way(event, batch.columns())?;
        self.dispatch(event, batch)?;
        self.last_kind = Some(event.kind());
        Ok(())
    }

    /// Expects an event that nothing has caused directly to belong to this step or a later one.
    fn keep_step(&mut self, event: &Event, batch: &EventBatch) -> Verdict {
        let steps = steps_of(event, self.last_kind, batch);
        ensure(!steps.is_empty(), "this follows only what causes it")?;
        let mut law = "events follow the steps of the tick";
        for step in steps.iter().copied().filter(|step| *step >= self.step) {
            let turn = turn_of(event, step, batch.columns());
            if step > self.step || turn.is_none() || turn >= self.turn {
                self.step = step;
                self.turn = turn;
                return Ok(());
            }
            law = "agents come in turn";
        }
        Err(law)
    }

    fn finish(&mut self) -> Verdict {
        ensure(self.due.is_empty(), "what must follow directly does")?;
        ensure(self.exceeded.is_empty(), "what exceeds a limit joins queue 2")?;
        self.lives.finish_tick(self.tick)?;
        self.charges.finish_tick()?;
        self.books.finish_tick()
    }
}
