//! How the agents fare from tick to tick.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, UInt32Array};
use psim_model::event::EventBatch;
use psim_view::{AgentState, Costs, Fold, Projection, Tally};

use crate::costs::CostColumns;
use crate::totals::Totals;
use crate::{Column, Frame, FrameBuilder, words};

/// A fold that notes after each tick what each agent has, owes and waits for: the columns of
/// [`AgentsByTick::finish`], or balances alone as [`AgentsByTick::balances`].
#[derive(Clone, Debug, Default)]
pub struct AgentsByTick {
    projection: Projection,
    /// Costs booked before the tick, by agent.
    costs_before: Vec<Costs>,
    ticks: usize,
    rows: Rows,
}

/// The columns.
#[derive(Clone, Debug, Default)]
struct Rows {
    tick: Vec<i64>,
    day: Vec<i64>,
    agent: Vec<u32>,
    balance: Vec<i64>,
    available: Vec<i64>,
    credit_used: Vec<i64>,
    posted_collateral: Vec<i64>,
    queue1: Queue,
    queue2: Queue,
    costs: CostColumns,
}

/// Two columns about a queue.
#[derive(Clone, Debug, Default)]
struct Queue {
    count: Vec<i64>,
    value: Totals,
}

impl AgentsByTick {
    /// Begins before the first tick.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the number of ticks that were taken in.
    pub const fn ticks(&self) -> usize {
        self.ticks
    }

    /// Returns the number of agents.
    pub fn agents(&self) -> usize {
        self.projection.agents().len()
    }

    /// Returns the balance of each agent (minor units) after each tick, one tick after the other:
    /// [`AgentsByTick::ticks`] rows of [`AgentsByTick::agents`] each, agents in order of number.
    ///
    /// `None` if an agent joined after the first tick, which only a damaged stream tells.
    pub fn balances(&self) -> Option<&[i64]> {
        (self.rows.balance.len() == self.ticks * self.agents()).then_some(&self.rows.balance)
    }

    /// Returns the state after the last tick.
    pub const fn projection(&self) -> &Projection {
        &self.projection
    }

    /// Returns one row for each tick and agent, in this order.
    pub fn finish(self) -> Frame {
        let agents = words::texts(self.projection.names().agents());
        let frame = self.rows.finish(&agents).build();
        frame.expect("Invariant: each column has a row for each tick and agent, and its own name")
    }
}

impl Fold for AgentsByTick {
    fn observe(&mut self, batch: &EventBatch) {
        self.projection.observe(batch);
        self.ticks += 1;
        let agents = self.projection.agents();
        self.costs_before.resize(agents.len(), Costs::default());
        for ((index, agent), before) in (0..).zip(agents).zip(&mut self.costs_before) {
            let booked = agent.costs.since(before);
            *before = agent.costs;
            self.rows.tick.push(i64::from(batch.tick().0));
            self.rows.day.push(i64::from(batch.day().0));
            self.rows.agent.push(index);
            self.rows.costs.push(&booked);
            self.rows.note(agent);
        }
    }
}

impl Rows {
    /// Appends what an agent has, owes and waits for.
    fn note(&mut self, agent: &AgentState) {
        self.balance.push(agent.balance.minor());
        self.available.push(agent.available().minor());
        self.credit_used.push(agent.credit_used().minor());
        self.posted_collateral.push(agent.posted_collateral.minor());
        self.queue1.push(agent.queue1);
        self.queue2.push(agent.queue2);
    }

    fn finish(self, agents: &ArrayRef) -> FrameBuilder {
        let money = |name: &str, doc: &str| Column::new(name, doc).money();
        let tick = Column::new("tick", "The tick, from 0 over all days.").ticks();
        let agent = Column::new("agent_id", "The agent.");
        let available = "What it could pay out after the tick, before deducting reservations.";
        let used = "How far the balance is below zero, else 0.";
        let collateral = "Collateral posted, at nominal value.";
        let builder = FrameBuilder::new()
            .push_array(tick, ints(self.tick))
            .push_array(Column::new("day", "Its day, from 0."), ints(self.day))
            .keys(agent, UInt32Array::from(self.agent), agents)
            .push_array(money("balance", "Balance after the tick."), ints(self.balance))
            .push_array(money("available_liquidity", available), ints(self.available))
            .push_array(money("credit_used", used), ints(self.credit_used))
            .push_array(money("posted_collateral", collateral), ints(self.posted_collateral));
        let builder = self.queue1.finish(builder, "queue1", "queue 1");
        let builder = self.queue2.finish(builder, "queue2", "queue 2");
        self.costs.finish(builder, "in this tick")
    }
}

impl Queue {
    fn push(&mut self, queue: Tally) {
        self.count.push(i64::try_from(queue.count).unwrap_or(i64::MAX));
        self.value.push(queue.value.minor());
    }

    fn finish(self, builder: FrameBuilder, name: &str, queue: &str) -> FrameBuilder {
        let count = format!("Own payments in {queue} after the tick.");
        builder
            .push_array(Column::new(format!("{name}_count"), count), ints(self.count))
            .push_array(
                Column::new(format!("{name}_value"), "What they amount to.").money(),
                self.value.finish(),
            )
    }
}

fn ints(values: Vec<i64>) -> ArrayRef {
    Arc::new(Int64Array::from(values))
}
