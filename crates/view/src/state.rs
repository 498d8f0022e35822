//! The state of a run, rebuilt from its events alone.
//!
//! This is the core that every fold with a memory stands on. It follows what the events say and
//! decides nothing: no settlement rule, no cost formula lives here. Agents and payments that the
//! stream never introduced are passed over, so that a damaged stream cannot bring a fold down.

mod agent;
mod costs;
mod payment;
mod queues;
mod setting;

use psim_model::event::{
    AgentOpened, Arrival, Event, EventBatch, LiquidityAllocation, LiquidityReturn, PolicyDrop,
    PolicyHold, Queue2LiquidityRelease, QueuedRtgs, RtgsImmediateSettlement, RtgsSubmission,
    TransactionWentOverdue,
};
use psim_model::{AgentNo, Day, Money, PaymentNo, Tick};

pub use agent::AgentState;
pub use costs::Costs;
pub(crate) use payment::drop_phrase;
pub use payment::{Payment, Place, Settlement, Tally, WaitReason};
use queues::{Line, Queues};
pub(crate) use setting::Setting;

/// Everything that can be known of a run after its last event.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    /// The tick of the last batch; `None` before the first.
    pub(crate) tick: Option<Tick>,
    pub(crate) day: Day,
    pub(crate) setting: Setting,
    pub(crate) agents: Vec<AgentState>,
    pub(crate) payments: Vec<Payment>,
    pub(crate) queue1: Tally,
    pub(crate) queue2: Tally,
    pub(crate) ended: bool,
    queues: Queues,
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
            Event::RunStarted(_) | Event::DelayRatesSet(_) => self.setting.apply(batch, event),
            Event::AgentOpened(opened) => self.open_agent(opened),
            Event::LiquidityAllocation(allocation) => self.allocate(allocation),
            Event::LiquidityReturn(returned) => self.give_back(returned),
            Event::Arrival(arrival) => self.arrive(batch.tick(), arrival),
            Event::RtgsImmediateSettlement(RtgsImmediateSettlement { tx_id, .. })
            | Event::Queue2LiquidityRelease(Queue2LiquidityRelease { tx_id, .. }) => {
                self.transfer(*tx_id);
                self.follow(*tx_id, batch.tick(), event);
            }
            Event::TransactionWentOverdue(TransactionWentOverdue { tx_id, .. })
            | Event::PolicyHold(PolicyHold { tx_id, .. })
            | Event::RtgsSubmission(RtgsSubmission { tx_id, .. })
            | Event::QueuedRtgs(QueuedRtgs { tx_id, .. })
            | Event::PolicyDrop(PolicyDrop { tx_id, .. }) => {
                self.follow(*tx_id, batch.tick(), event);
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
            self.join(arrival.tx_id.no);
        }
    }

    fn transfer(&mut self, no: PaymentNo) {
        let Some(payment) = self.payments.get(no.index()) else { return };
        let paying = &mut self.agents[payment.sender.index()];
        paying.balance = minus(paying.balance, payment.amount);
        let paid = &mut self.agents[payment.receiver.index()];
        paid.balance = plus(paid.balance, payment.amount);
    }

    /// Lets a payment take in an event and moves it from queue to queue accordingly.
    fn follow(&mut self, no: PaymentNo, tick: Tick, event: &Event) {
        let Some(payment) = self.payments.get_mut(no.index()) else { return };
        let before = *payment;
        payment.follow(tick, event);
        if payment.place != before.place {
            self.leave(no, &before);
            self.join(no);
        }
    }

    /// Takes a payment out of the queue it was in.
    fn leave(&mut self, no: PaymentNo, before: &Payment) {
        let Payment { sender, amount, .. } = *before;
        let agent = &mut self.agents[sender.index()];
        match before.place {
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
    }

    /// Puts a payment last in the queue that it is in now.
    fn join(&mut self, no: PaymentNo) {
        let Payment { sender, amount, place, .. } = self.payments[no.index()];
        let agent = &mut self.agents[sender.index()];
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
