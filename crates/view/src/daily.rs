//! What each agent did on each day.
//!
//! A day begins for an agent with what it has once the morning's share of its pool was brought in,
//! and closes before that goes back in the evening. Queues are measured at the ends of ticks.

use psim_model::event::{AgentOpened, Event, EventBatch};
use psim_model::{AgentNo, Day, Money, Total};
use serde::Serialize;

use crate::moves::{moved_balances, settled_payments};
use crate::state::AgentState;
use crate::{Costs, Fold, Projection};

/// Gathers the figures of each agent on each day that is over.
#[derive(Clone, Debug, Default)]
pub struct DailyMetricsFold {
    projection: Projection,
    days: Vec<Vec<AgentDay>>,
    /// By agent: the day under way.
    today: Vec<Watch>,
}

/// One agent's day. Amounts are minor units; counts are payments, parts counted by themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AgentDay {
    /// The agent.
    pub agent_id: String,
    /// The day, from 0.
    pub day: Day,
    /// Balance with which it began, the morning's share of the pool included.
    pub opening_balance: Money,
    /// Balance with which it closed, before the pool's share goes back.
    pub closing_balance: Money,
    /// Lowest balance between them.
    pub min_balance: Money,
    /// Highest balance between them.
    pub max_balance: Money,
    /// Unsecured cap at the close.
    pub unsecured_cap: Money,
    /// How far below zero the balance was at most.
    pub peak_overdraft: Money,
    /// Collateral posted in the morning, at nominal value.
    pub opening_posted_collateral: Money,
    /// Collateral posted at the close.
    pub closing_posted_collateral: Money,
    /// Most collateral posted in between.
    pub peak_posted_collateral: Money,
    /// Most collateral that it might have posted at the close.
    pub collateral_capacity: Money,
    /// How often it posted collateral.
    pub num_collateral_posts: u64,
    /// How often it withdrew some, by timers included.
    pub num_collateral_withdrawals: u64,
    /// Own payments that arrived.
    pub num_arrivals: u64,
    /// How often own payments were released into the system; again after each withdrawal.
    pub num_sent: u64,
    /// Payments to it that settled.
    pub num_received: u64,
    /// Own payments that settled.
    pub num_settled: u64,
    /// Own payments that were dropped.
    pub num_dropped: u64,
    /// Most payments in its queue 1 at the end of a tick.
    pub queue1_peak_size: u64,
    /// Payments in its queue 1 at the end of the day.
    pub queue1_eod_size: u64,
    /// For negative balances.
    pub liquidity_cost: Total,
    /// For queued payments.
    pub delay_cost: Total,
    /// For posted collateral.
    pub collateral_cost: Total,
    /// Deadline and end-of-day penalties.
    pub penalty_cost: Total,
    /// The same, under the name that the predecessor has for it.
    pub deadline_penalty_cost: Total,
    /// For splitting.
    pub split_friction_cost: Total,
    /// For liquidity brought in from the pool.
    pub liquidity_opportunity_cost: Total,
    /// All costs.
    pub total_cost: Total,
}

/// What is followed of an agent through a day.
#[derive(Clone, Debug, Default)]
struct Watch {
    figures: AgentDay,
    costs: Costs,
}

impl DailyMetricsFold {
    /// Returns the fold before anything happened.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the agents' figures of a day, in order; `None` for a day that is not over.
    pub fn day(&self, day: Day) -> Option<&[AgentDay]> {
        self.days.get(day.0 as usize).map(Vec::as_slice)
    }

    fn after(
        today: &mut Vec<Watch>,
        (batch, event): (&EventBatch, &Event),
        projection: &Projection,
    ) {
        match event {
            Event::AgentOpened(AgentOpened { agent_id, .. }) => {
                if let Some(agent) = projection.agent(agent_id.no)
                    && today.len() == agent_id.no.index()
                {
                    today.push(Watch::begin(agent));
                }
            }
            // The day closes before the pool's share goes back.
            Event::LiquidityReturn(_) => {}
            Event::LiquidityAllocation(allocation) => {
                let (agent, amount) = (allocation.agent_id, allocation.balance_after);
                with(today, agent, |watch| watch.figures.open(amount));
            }
            event => moved_balances(batch, event, |agent| {
                let balance = projection.balance(agent).unwrap_or_default();
                with(today, agent, |watch| watch.figures.note_balance(balance));
            }),
        }
        settled_payments(batch, event, |no| {
            let Some(payment) = projection.payment(no) else { return };
            with(today, payment.sender, |watch| watch.figures.num_settled += 1);
            with(today, payment.receiver, |watch| watch.figures.num_received += 1);
        });
        count(today, event);
        if let Some(agent) = collateral_of(event)
            && let Some(state) = projection.agent(agent)
        {
            with(today, agent, |watch| watch.figures.note_posted(state.posted_collateral));
        }
    }

    /// Closes the day that has ended.
    fn close_day(&mut self, day: Day) {
        let names = self.projection.names();
        let agents = self.projection.agents();
        let closed = agents.iter().zip(std::mem::take(&mut self.today)).zip(names.agents());
        self.days.push(closed.map(|((agent, watch), id)| watch.close(agent, day, id)).collect());
        self.today = agents.iter().map(Watch::begin).collect();
    }
}

impl Fold for DailyMetricsFold {
    fn observe(&mut self, batch: &EventBatch) {
        let today = &mut self.today;
        self.projection.observe_from(batch, 0, |projection, event| {
            Self::after(today, (batch, event), projection);
        });
        self.projection.end_tick();
        for (watch, agent) in self.today.iter_mut().zip(self.projection.agents()) {
            let peak = &mut watch.figures.queue1_peak_size;
            *peak = (*peak).max(agent.queue1.count);
        }
        let calendar = self.projection.calendar();
        if calendar.is_some_and(|calendar| calendar.is_last_of_day(batch.tick())) {
            self.close_day(batch.day());
        }
    }
}

/// Counts an event for the agent that it is about.
fn count(today: &mut [Watch], event: &Event) {
    match event {
        Event::Arrival(arrival) => {
            with(today, arrival.sender_id, |watch| watch.figures.num_arrivals += 1);
        }
        Event::RtgsSubmission(submission) => {
            with(today, submission.sender_id, |watch| watch.figures.num_sent += 1);
        }
        Event::PolicyDrop(dropped) => {
            with(today, dropped.agent_id, |watch| watch.figures.num_dropped += 1);
        }
        Event::CollateralPost(moved) => {
            with(today, moved.agent_id, |watch| watch.figures.num_collateral_posts += 1);
        }
        Event::CollateralWithdraw(moved) => {
            with(today, moved.agent_id, |watch| watch.figures.num_collateral_withdrawals += 1);
        }
        Event::CollateralTimerWithdrawn(moved) => {
            with(today, moved.agent_id, |watch| watch.figures.num_collateral_withdrawals += 1);
        }
        Event::CostAccrual(accrual) => {
            with(today, accrual.agent_id, |watch| watch.costs.book(accrual));
        }
        _ => {}
    }
}

/// Returns the agent whose posted collateral an event may have changed.
const fn collateral_of(event: &Event) -> Option<AgentNo> {
    match event {
        Event::CollateralPost(moved) => Some(moved.agent_id),
        Event::CollateralWithdraw(moved) => Some(moved.agent_id),
        Event::CollateralTimerWithdrawn(moved) => Some(moved.agent_id),
        Event::CollateralValueChanged(changed) => Some(changed.agent_id),
        _ => None,
    }
}

fn with(today: &mut [Watch], agent: AgentNo, change: impl FnOnce(&mut Watch)) {
    if let Some(watch) = today.get_mut(agent.index()) {
        change(watch);
    }
}

impl Watch {
    fn begin(agent: &AgentState) -> Self {
        let posted = agent.posted_collateral;
        let mut watch = Self::default();
        watch.figures.open(agent.balance);
        watch.figures.opening_posted_collateral = posted;
        watch.figures.peak_posted_collateral = posted;
        watch
    }

    fn close(self, agent: &AgentState, day: Day, id: &str) -> AgentDay {
        let Self { figures, costs } = self;
        AgentDay {
            agent_id: id.to_owned(),
            day,
            unsecured_cap: agent.unsecured_cap,
            peak_overdraft: figures.min_balance.shortfall(),
            closing_posted_collateral: agent.posted_collateral,
            collateral_capacity: agent.max_collateral_capacity,
            queue1_eod_size: agent.queue1.count,
            liquidity_cost: costs.liquidity_cost,
            delay_cost: costs.delay_cost,
            collateral_cost: costs.collateral_cost,
            penalty_cost: costs.penalty_cost,
            deadline_penalty_cost: costs.penalty_cost,
            split_friction_cost: costs.split_friction_cost,
            liquidity_opportunity_cost: costs.liquidity_opportunity_cost,
            total_cost: costs.total(),
            ..figures
        }
    }
}

impl AgentDay {
    /// Begins the day with a balance.
    const fn open(&mut self, balance: Money) {
        self.opening_balance = balance;
        self.closing_balance = balance;
        self.min_balance = balance;
        self.max_balance = balance;
    }

    fn note_balance(&mut self, balance: Money) {
        self.closing_balance = balance;
        self.min_balance = self.min_balance.min(balance);
        self.max_balance = self.max_balance.max(balance);
    }

    fn note_posted(&mut self, posted: Money) {
        self.peak_posted_collateral = self.peak_posted_collateral.max(posted);
    }
}
