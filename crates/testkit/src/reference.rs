//! The naive reference engine: what a tick does, written down as plainly as possible.
//!
//! No index, no aggregate, no shortcut. Queues are lists that are walked from the front, sums are
//! added up anew each time they are needed. Whoever doubts the engine reads this, and the twin
//! test holds the two together event for event. It knows scenarios, money, rates and events from
//! the model and the primitive draws of the generator; every rule is its own.

mod arrivals;
mod closing;
mod settlement;

use std::fmt;

use psim_model::event::{
    AgentOpened, DelayRatesSet, EventBatch, HoldReason, LiquidityAllocation, NewAgent, PolicyHold,
    RtgsSubmission, RunStarted, TransactionWentOverdue,
};
use psim_model::{
    AgentNo, CheckedScenario, CostOverflow, EndOfDay, EntryOrder, Money, PaymentNo, Policy,
    PriorityBand, RngStreams, Tick,
};
use psim_random::Generator;

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
/// Ends with the horizon, or after the first tick that fails.
#[derive(Clone, Debug)]
pub struct Reference {
    scenario: CheckedScenario,
    version: String,
    /// The tick that comes next.
    now: Tick,
    next_seq: u64,
    failed: bool,
    /// One for all agents, or one for each.
    generators: Vec<Generator>,
    /// By agent number.
    accounts: Vec<Account>,
    /// By payment number; nothing is ever removed.
    payments: Vec<Payment>,
    /// Payments that wait for liquidity, in order of entry.
    queue2: Vec<PaymentNo>,
    /// The events of the tick so far.
    log: EventBatch,
}

#[derive(Clone, Debug)]
struct Account {
    balance: Money,
    /// What it has brought in from its pool and not returned.
    allocated: Money,
    /// Own payments that are not yet released, in order.
    queue1: Vec<PaymentNo>,
}

#[derive(Clone, Copy, Debug)]
struct Payment {
    sender: AgentNo,
    receiver: AgentNo,
    amount: Money,
    deadline: Tick,
    earliest: Tick,
    priority: u8,
    divisible: Option<bool>,
    last_hold: Option<HoldReason>,
    joined_queue2: Option<Tick>,
    deadline_penalty: Option<Money>,
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
        let account = |opening_balance| Account {
            balance: opening_balance,
            allocated: Money::ZERO,
            queue1: Vec::new(),
        };
        Self {
            scenario: scenario.clone(),
            version: version.to_owned(),
            now: Tick(0),
            next_seq: 0,
            failed: false,
            generators,
            accounts: scenario.agents.iter().map(|agent| account(agent.opening_balance)).collect(),
            payments: Vec::new(),
            queue2: Vec::new(),
            log: EventBatch::default(),
        }
    }

    fn tick(&mut self) -> Result<EventBatch, Overflow> {
        let calendar = self.scenario.calendar;
        self.log.begin(self.now, calendar.day_of(self.now), self.next_seq);
        if self.now == Tick(0) {
            self.open();
        }
        self.bring_in_pools();
        // Step 2, scenario events, will stand here.
        self.take_arrivals()?;
        self.pass_deadlines()?;
        // Step 5, collateral and bank trees, will stand here.
        let released = self.decide();
        // Step 7, queue-2 decisions, will stand here.
        self.enter(released);
        self.retry();
        // Steps 10 and 11, liquidity saving and deferred credits, will stand here.
        self.book_costs()?;
        if calendar.is_last_of_day(self.now) {
            self.close_day()?;
        }
        if self.now == calendar.last_tick() {
            self.end_run();
        }
        self.now = self.now.next();
        self.next_seq = self.log.next_seq();
        Ok(std::mem::take(&mut self.log))
    }

    /// Before tick 0: who takes part, with what.
    fn open(&mut self) {
        let scenario = self.scenario.clone();
        let clock = scenario.calendar.clock();
        let started = RunStarted {
            rng_seed: scenario.rng_seed,
            version: self.log.text(&self.version),
            scenario_hash: self.log.text(&scenario.fingerprint().to_string()),
            ticks_per_day: scenario.calendar.ticks_per_day(),
            num_days: scenario.calendar.num_days(),
            opens_at_seconds: clock.map(|clock| clock.opens_at_seconds),
            tick_seconds: clock.map(|clock| clock.tick_seconds),
            currency: self.log.text(&scenario.currency.code),
            currency_decimals: scenario.currency.decimals,
        };
        self.log.push(started);
        let rates = &scenario.costs;
        let urgency = |band| rates.priority_delay_multipliers.of(band);
        self.log.push(DelayRatesSet {
            delay_cost_per_tick_per_cent: rates.delay_cost_per_tick_per_cent,
            overdue_delay_multiplier: rates.overdue_delay_multiplier,
            urgent_multiplier: urgency(PriorityBand::Urgent),
            normal_multiplier: urgency(PriorityBand::Normal),
            low_multiplier: urgency(PriorityBand::Low),
            delay_cost_queues: scenario.rules.delay_cost_queues,
        });
        for (index, agent) in scenario.agents.iter().enumerate() {
            let opened = AgentOpened {
                agent_id: NewAgent { no: AgentNo::from_index(index), id: self.log.text(&agent.id) },
                opening_balance: agent.opening_balance,
                unsecured_cap: agent.unsecured_cap,
                posted_collateral: agent.posted_collateral,
                collateral_haircut: agent.collateral_haircut,
                max_collateral_capacity: agent.max_collateral_capacity,
                liquidity_pool: agent.liquidity_pool.map_or(Money::ZERO, |pool| pool.amount),
            };
            self.log.push(opened);
        }
    }

    /// Step 1: each morning (or only the first) a share of each pool is brought in.
    fn bring_in_pools(&mut self) {
        let daily = self.scenario.rules.daily_liquidity_reallocation;
        let morning = self.scenario.calendar.is_first_of_day(self.now);
        if !morning || (self.now != Tick(0) && !daily) {
            return;
        }
        for (index, agent) in self.scenario.agents.iter().enumerate() {
            let Some(pool) = agent.liquidity_pool else { continue };
            let amount = pool.fraction.floor_of(pool.amount);
            let account = &mut self.accounts[index];
            account.balance += amount;
            account.allocated = amount;
            self.log.push(LiquidityAllocation {
                agent_id: AgentNo::from_index(index),
                fraction: pool.fraction,
                amount,
                balance_after: account.balance,
            });
        }
    }

    /// Step 4: what was due in the last tick and still waits is overdue now.
    fn pass_deadlines(&mut self) -> Result<(), CostOverflow> {
        for no in self.queued_by_number() {
            let payment = &mut self.payments[no.index()];
            if payment.deadline.next() != self.now {
                continue;
            }
            let penalty = self.scenario.costs.deadline_penalty.on(payment.amount)?;
            payment.deadline_penalty = Some(penalty);
            self.log.push(TransactionWentOverdue {
                tx_id: no,
                sender_id: payment.sender,
                receiver_id: payment.receiver,
                amount: payment.amount,
                remaining_amount: payment.amount,
                deadline_tick: payment.deadline,
                ticks_overdue: 1,
                deadline_penalty_cost: penalty,
            });
        }
        Ok(())
    }

    /// Step 6: asks each agent's policy about each of its payments; returns those released.
    fn decide(&mut self) -> Vec<PaymentNo> {
        let tick_in_day = self.scenario.calendar.tick_in_day(self.now);
        let closed = tick_in_day > self.scenario.rules.cutoff_tick_in_day;
        let mut released = Vec::new();
        for (index, agent) in self.scenario.agents.iter().enumerate() {
            let hold = match agent.policy {
                Policy::Hold => Some(HoldReason::PolicyDecision),
                Policy::Fifo if closed => Some(HoldReason::CutOff),
                Policy::Fifo => None,
            };
            for no in self.accounts[index].queue1.clone() {
                let payment = &mut self.payments[no.index()];
                let Some(reason) = hold else {
                    self.accounts[index].queue1.retain(|waiting| *waiting != no);
                    released.push(no);
                    self.log.push(RtgsSubmission {
                        tx_id: no,
                        sender_id: payment.sender,
                        receiver_id: payment.receiver,
                        amount: payment.amount,
                        priority: payment.priority,
                    });
                    continue;
                };
                if payment.last_hold != Some(reason) {
                    payment.last_hold = Some(reason);
                    self.log.push(PolicyHold { tx_id: no, agent_id: payment.sender, reason });
                }
            }
        }
        if self.scenario.rules.entry_order == EntryOrder::Submission {
            released.sort();
        }
        released
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

    fn cancels_at_end_of_day(&self) -> bool {
        self.scenario.rules.end_of_day == EndOfDay::Cancel
    }
}
