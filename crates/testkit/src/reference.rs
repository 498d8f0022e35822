//! The naive reference engine: what a tick does, written down as plainly as possible.
//!
//! No index, no aggregate, no shortcut. Queues are lists that are walked from the front, sums are
//! added up anew each time they are needed. Whoever doubts the engine reads this, and the twin
//! test holds the two together event for event. It knows scenarios, money, rates and events from
//! the model and the primitive draws of the generator; every rule is its own.

mod arrivals;
mod batches;
mod bilateral;
mod budgets;
mod closing;
mod collateral;
mod costs;
mod credits;
mod cycles;
mod decisions;
mod draws;
mod entry;
mod escalation;
mod factors;
mod instructions;
mod limits;
mod liquidity;
mod liquidity_saving;
mod offsetting;
mod opening;
mod partial;
mod policy;
mod prefixes;
mod queue2;
mod scenario_events;
mod sets;
mod splits;
mod state;
mod switches;

use std::fmt;

use psim_model::event::{CostAccrual, Event, EventBatch, Refusal};
use psim_model::{
    CheckedScenario, CostOverflow, CostRates, Instruction, PaymentAction, PaymentNo, RngStreams,
    Tick, Total,
};
use psim_random::Generator;

use factors::Factors;
use liquidity_saving::Saving;
use state::{Account, Charge, Flow, Payment};

/// Runs a scenario over its whole horizon and returns one batch for each tick.
///
/// `version` is what `RunStarted` names as the version of the engine.
///
/// # Panics
///
/// If a cost does not fit 64-bit money; step through a [`Reference`] to see that as a value.
pub fn run(scenario: &CheckedScenario, version: &str) -> Vec<EventBatch> {
    Reference::new(scenario, version)
        .collect::<Result<_, _>>()
        .expect("Condition failed: the costs of the scenario fit 64-bit money")
}

/// A run of the reference engine: an iterator over the batches of its ticks.
///
/// Ends with the horizon, or after the first tick that fails. Between ticks it can be given
/// instructions, see [`Reference::instruct`].
#[derive(Clone, Debug)]
pub struct Reference {
    scenario: CheckedScenario,
    version: String,
    /// The tick that comes next.
    now: Tick,
    failed: bool,
    /// One for all agents, or one for each.
    generators: Vec<Generator>,
    /// By agent number.
    accounts: Vec<Account>,
    /// By payment number; nothing is ever removed.
    payments: Vec<Payment>,
    /// Payments released in this tick that have not entered yet, in order.
    released: Vec<PaymentNo>,
    /// Payments that wait for liquidity, in order of entry.
    queue2: Vec<PaymentNo>,
    /// What settled today, in order.
    settled_today: Vec<Flow>,
    /// Payments that have settled since the start, in order.
    settled_ever: Vec<Flow>,
    /// How many payments have settled in sets, tick by tick.
    settled_in_sets: Vec<usize>,
    /// What was booked since the start, each with its tick.
    accruals: Vec<(Tick, CostAccrual)>,
    /// All that direct transfers have moved so far.
    transferred: Total,
    /// The cost rates in force.
    costs: CostRates,
    /// Deadline penalties, as they fell due.
    penalties: Vec<Charge>,
    /// Costs of splitting, as they fell due.
    frictions: Vec<Charge>,
    /// The cut-off of this day.
    cutoff_tick_in_day: u32,
    /// What scenario events have made of the arrivals.
    factors: Factors,
    /// What was decided about payments for this tick; of several for one the last counts.
    decisions: Vec<(PaymentNo, Vec<PaymentAction>)>,
    /// What the algorithms of step 10 remember.
    saving: Saving,
    /// Whatever those algorithms look at, counted each time that some of it changes.
    changes: u64,
    /// Whether a payment has settled in this tick.
    has_settled: bool,
    /// The way through a tree that has led to what is just being done, where ways are told.
    way: Option<String>,
    /// The events of the coming tick so far.
    log: EventBatch,
}

/// What does not fit 64-bit money and ends a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    /// A cost.
    Cost,
    /// A drawn amount.
    Amount,
}

impl From<CostOverflow> for Overflow {
    fn from(_: CostOverflow) -> Self {
        Self::Cost
    }
}

impl fmt::Display for Overflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cost => "a cost does not fit 64-bit minor units",
            Self::Amount => "a drawn amount does not fit 64-bit minor units",
        })
    }
}

impl Iterator for Reference {
    type Item = Result<EventBatch, Overflow>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed || self.now > self.scenario.calendar.last_tick() {
            return None;
        }
        let outcome = self.tick();
        self.failed = outcome.is_err();
        Some(outcome)
    }
}

impl Reference {
    /// Prepares a run from tick 0.
    pub fn new(scenario: &CheckedScenario, version: &str) -> Self {
        let seed = scenario.rng_seed;
        let generators = match scenario.rng_streams {
            RngStreams::Shared => vec![Generator::new(seed)],
            RngStreams::PerAgent => {
                scenario.agents.iter().map(|agent| Generator::named(seed, &agent.id)).collect()
            }
        };
        let mut prepared = Self {
            scenario: scenario.clone(),
            version: version.to_owned(),
            now: Tick(0),
            failed: false,
            generators,
            accounts: scenario.agents.iter().map(Account::new).collect(),
            payments: Vec::new(),
            released: Vec::new(),
            queue2: Vec::new(),
            settled_today: Vec::new(),
            settled_ever: Vec::new(),
            settled_in_sets: Vec::new(),
            accruals: Vec::new(),
            transferred: Total::ZERO,
            costs: scenario.costs,
            penalties: Vec::new(),
            frictions: Vec::new(),
            cutoff_tick_in_day: scenario.rules.cutoff_tick_in_day,
            factors: Factors::default(),
            decisions: Vec::new(),
            saving: Saving::new(&scenario.liquidity_saving),
            changes: 0,
            has_settled: false,
            way: None,
            log: EventBatch::default(),
        };
        prepared.open();
        prepared
    }

    /// Carries out an instruction between ticks; its events open the batch of the coming tick.
    ///
    /// # Errors
    ///
    /// Why it cannot be carried out; then nothing has changed and no event says so.
    ///
    /// # Panics
    ///
    /// If no tick is to come, or [`psim_model::Scenario::check_instruction`] does not hold for it.
    pub fn instruct(&mut self, instruction: &Instruction) -> Result<(), Refusal> {
        let is_running = !self.failed && self.now <= self.scenario.calendar.last_tick();
        assert!(is_running, "Condition failed: a tick is to come");
        let sound = self.scenario.check_instruction(instruction);
        sound.expect("Condition failed: the instruction is sound");
        self.take_call(instruction)
    }

    fn tick(&mut self) -> Result<EventBatch, Overflow> {
        let calendar = self.scenario.calendar;
        self.take_scheduled_instructions();
        self.start_day();
        self.execute_scenario_events();
        self.take_arrivals()?;
        self.pass_deadlines()?;
        self.prepare_agents();
        self.escalate();
        self.order_queues1();
        self.decide()?;
        self.decide_in_queue2();
        self.enter();
        self.retry();
        self.save_liquidity();
        self.look_at_collateral();
        self.apply_credits();
        self.book_costs()?;
        if calendar.is_last_of_day(self.now) {
            self.close_day()?;
        }
        if self.now == calendar.last_tick() {
            self.end_run();
        }
        Ok(self.turn_to_next_tick())
    }

    /// Forgets what held for this tick only and returns its events.
    fn turn_to_next_tick(&mut self) -> EventBatch {
        self.decisions.clear();
        self.has_settled = false;
        for account in &mut self.accounts {
            account.budget = None;
            account.released.clear();
            account.submitted.clear();
        }
        let batch = std::mem::take(&mut self.log);
        self.keep_what_policies_ask_about(&batch);
        self.now = self.now.next();
        self.log.begin(self.now, self.scenario.calendar.day_of(self.now), batch.next_seq());
        batch
    }

    /// Remembers what of a tick that is over policies can ask about later.
    fn keep_what_policies_ask_about(&mut self, batch: &EventBatch) {
        let sets = batch.events().iter().filter_map(Event::settled_set);
        let in_sets = sets.map(|set| set.tx_ids.of(batch.columns()).len()).sum();
        self.settled_in_sets.push(in_sets);
        for event in batch.events() {
            if let Event::CostAccrual(accrual) = event {
                self.accruals.push((self.now, *accrual));
            }
        }
    }

    /// Returns all payments in either queue, by number.
    fn queued_by_number(&self) -> Vec<PaymentNo> {
        let mut queued = self.queue2.clone();
        for account in &self.accounts {
            queued.extend(&account.queue1);
        }
        queued.sort();
        queued
    }

    /// Returns whether the cut-off of this day has passed.
    fn is_closed(&self) -> bool {
        self.scenario.calendar.tick_in_day(self.now) > self.cutoff_tick_in_day
    }
}
