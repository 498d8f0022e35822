//! The state of a run, rebuilt from its events alone.
//!
//! This is the core that every fold with a memory stands on. It follows what the events say and
//! decides nothing: no settlement rule, no cost formula lives here. Agents and payments that the
//! stream never introduced are passed over, so that a damaged stream cannot bring a fold down.

mod agent;
mod costs;
mod payment;
mod queues;

use psim_model::event::{
    AgentOpened, Arrival, DelayRatesSet, Event, EventBatch, LiquidityAllocation, LiquidityReturn,
    RunStarted,
};
use psim_model::{AgentNo, Calendar, Clock, Currency, Day, Money, PaymentNo, Tick};

pub use agent::AgentState;
pub use costs::Costs;
pub(crate) use payment::drop_phrase;
pub use payment::{Payment, Place, Settlement, Tally, WaitReason};
use queues::{Line, Queues};

/// What the stream says of the run as a whole.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) rng_seed: u64,
    pub(crate) version: String,
    pub(crate) scenario_hash: String,
    pub(crate) calendar: Calendar,
}

/// Everything that can be known of a run after its last event.
#[derive(Clone, Debug)]
pub(crate) struct State {
    /// The tick of the last batch; `None` before the first.
    pub(crate) tick: Option<Tick>,
    pub(crate) day: Day,
    pub(crate) run: Option<Run>,
    pub(crate) currency: Currency,
    /// What delay costs now; `None` before it was said.
    pub(crate) delay_rates: Option<DelayRatesSet>,
    pub(crate) agents: Vec<AgentState>,
    pub(crate) payments: Vec<Payment>,
    pub(crate) queue1: Tally,
    pub(crate) queue2: Tally,
    pub(crate) ended: bool,
    queues: Queues,
}

impl Default for State {
    fn default() -> Self {
        Self {
            tick: None,
            day: Day(0),
            run: None,
            currency: Currency { code: String::new(), decimals: 0 },
            delay_rates: None,
            agents: Vec::new(),
            payments: Vec::new(),
            queue1: Tally::default(),
            queue2: Tally::default(),
            ended: false,
            queues: Queues::default(),
        }
    }
}

impl State {
    /// Moves on to the tick of a batch; returns whether a new day begins with it.
    pub(crate) fn begin(&mut self, batch: &EventBatch) -> bool {
        let new_day = self.tick.is_some() && batch.day() != self.day;
        self.tick = Some(batch.tick());
        self.day = batch.day();
        if new_day {
            for agent in &mut self.agents {
                agent.costs_today = Costs::default();
            }
        }
        new_day
    }

    /// Takes in one event of the batch that was begun.
    pub(crate) fn apply(&mut self, batch: &EventBatch, event: &Event) {
        match event {
            Event::RunStarted(started) => self.open(batch, started),
            Event::DelayRatesSet(rates) => self.delay_rates = Some(*rates),
            Event::AgentOpened(opened) => self.open_agent(opened),
            Event::LiquidityAllocation(allocation) => self.allocate(allocation),
            Event::LiquidityReturn(returned) => self.give_back(returned),
            Event::Arrival(arrival) => self.arrive(batch.tick(), arrival),
            Event::TransactionWentOverdue(overdue) => {
                if let Some(payment) = self.payments.get_mut(overdue.tx_id.index()) {
                    payment.overdue_since = Some(batch.tick());
                }
            }
            Event::PolicyHold(hold) => {
                self.give_reason(hold.tx_id, WaitReason::Hold(hold.reason));
            }
            Event::RtgsSubmission(submission) => self.relocate(submission.tx_id, Place::Entering),
            Event::QueuedRtgs(queued) => {
                self.give_reason(queued.tx_id, WaitReason::Queue(queued.reason));
                self.relocate(queued.tx_id, Place::Queue2);
                if let Some(payment) = self.payments.get_mut(queued.tx_id.index()) {
                    payment.queued_since.get_or_insert(batch.tick());
                }
            }
            Event::RtgsImmediateSettlement(settled) => {
                self.settle(settled.tx_id, batch.tick(), Settlement::OnEntry);
            }
            Event::Queue2LiquidityRelease(settled) => {
                self.settle(settled.tx_id, batch.tick(), Settlement::FromQueue2);
            }
            Event::PolicyDrop(dropped) => {
                let place = Place::Dropped { tick: batch.tick(), reason: dropped.reason };
                self.relocate(dropped.tx_id, place);
            }
            Event::CostAccrual(accrual) => {
                if let Some(agent) = self.agents.get_mut(accrual.agent_id.index()) {
                    agent.costs_today.book(accrual);
                    agent.costs.book(accrual);
                }
            }
            Event::RunEnded(_) => self.ended = true,
            // These explain what other events have booked.
            Event::OverdueTransactionSettled(_)
            | Event::EndOfDayPenalty(_)
            | Event::EndOfDay(_)
            | Event::AgentOverExtended(_) => {}
        }
    }

    /// Returns the payments of an agent's queue 1, in order.
    pub(crate) fn queue1_of(&self, agent: AgentNo) -> impl Iterator<Item = PaymentNo> {
        self.queues.iter(Line::Queue1(agent))
    }

    /// Returns the payments of queue 2, in order of entry.
    pub(crate) fn queue2(&self) -> impl Iterator<Item = PaymentNo> {
        self.queues.iter(Line::Queue2)
    }

    fn open(&mut self, batch: &EventBatch, started: &RunStarted) {
        let clock = started
            .opens_at_seconds
            .zip(started.tick_seconds)
            .map(|(opens_at_seconds, tick_seconds)| Clock { opens_at_seconds, tick_seconds });
        self.currency = Currency {
            code: batch.text_of(started.currency).to_owned(),
            decimals: started.currency_decimals,
        };
        self.run = Calendar::try_new(started.ticks_per_day, started.num_days, clock).ok().map(
            |calendar| Run {
                rng_seed: started.rng_seed,
                version: batch.text_of(started.version).to_owned(),
                scenario_hash: batch.text_of(started.scenario_hash).to_owned(),
                calendar,
            },
        );
    }

    fn open_agent(&mut self, opened: &AgentOpened) {
        if opened.agent_id.no.index() == self.agents.len() {
            self.agents.push(AgentState::opened(opened));
            self.queues.add_agent();
        }
    }

    fn allocate(&mut self, allocation: &LiquidityAllocation) {
        if let Some(agent) = self.agents.get_mut(allocation.agent_id.index()) {
            agent.balance = allocation.balance_after;
            agent.allocated_pool = plus(agent.allocated_pool, allocation.amount);
        }
    }

    fn give_back(&mut self, returned: &LiquidityReturn) {
        if let Some(agent) = self.agents.get_mut(returned.agent_id.index()) {
            agent.balance = returned.balance_after;
            agent.allocated_pool = minus(agent.allocated_pool, returned.amount);
        }
    }

    fn arrive(&mut self, tick: Tick, arrival: &Arrival) {
        let known = |agent: AgentNo| agent.index() < self.agents.len();
        let in_order = arrival.tx_id.no.index() == self.payments.len();
        if in_order && known(arrival.sender_id) && known(arrival.receiver_id) {
            self.payments.push(Payment::arrived(tick, arrival));
            self.queues.add_payment();
            self.relocate(arrival.tx_id.no, Place::Queue1);
        }
    }

    fn give_reason(&mut self, payment: PaymentNo, reason: WaitReason) {
        if let Some(payment) = self.payments.get_mut(payment.index()) {
            payment.last_reason = Some(reason);
        }
    }

    fn settle(&mut self, no: PaymentNo, tick: Tick, how: Settlement) {
        let Some(payment) = self.payments.get(no.index()) else { return };
        let (sender, receiver, amount) = (payment.sender, payment.receiver, payment.amount);
        let paying = &mut self.agents[sender.index()];
        paying.balance = minus(paying.balance, amount);
        let paid = &mut self.agents[receiver.index()];
        paid.balance = plus(paid.balance, amount);
        self.relocate(no, Place::Settled { tick, how });
    }

    /// Takes a payment out of the queue it is in and puts it where it goes, last in any queue.
    fn relocate(&mut self, no: PaymentNo, place: Place) {
        let Some(payment) = self.payments.get_mut(no.index()) else { return };
        let from = std::mem::replace(&mut payment.place, place);
        let (sender, amount) = (payment.sender, payment.amount);
        let agent = &mut self.agents[sender.index()];
        match from {
            Place::Queue1 => {
                self.queues.remove(Line::Queue1(sender), no);
                agent.queue1.take(amount);
                self.queue1.take(amount);
            }
            Place::Queue2 => {
                self.queues.remove(Line::Queue2, no);
                agent.queue2.take(amount);
                self.queue2.take(amount);
            }
            Place::Entering | Place::Settled { .. } | Place::Dropped { .. } => {}
        }
        match place {
            Place::Queue1 => {
                self.queues.append(Line::Queue1(sender), no);
                agent.queue1.add(amount);
                self.queue1.add(amount);
            }
            Place::Queue2 => {
                self.queues.append(Line::Queue2, no);
                agent.queue2.add(amount);
                self.queue2.add(amount);
            }
            Place::Entering | Place::Settled { .. } | Place::Dropped { .. } => {}
        }
    }
}

/// Adds; stops at the largest amount, which only a damaged stream can reach.
pub(crate) const fn plus(a: Money, b: Money) -> Money {
    Money::from_minor(a.minor().saturating_add(b.minor()))
}

/// Subtracts; stops at the smallest amount, which only a damaged stream can reach.
pub(crate) const fn minus(a: Money, b: Money) -> Money {
    Money::from_minor(a.minor().saturating_sub(b.minor()))
}
