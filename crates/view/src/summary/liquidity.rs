//! How much liquidity settling took.
//!
//! An agent uses on a day what its balance falls below that at the start of the day, after its
//! pool was brought in. The evening's return of the pool is no use.

use psim_model::event::{Event, EventBatch};
use psim_model::{AgentNo, Day, Money, Tick, Total, round_ratio};

use super::{DayLiquidity, LiquiditySummary};
use crate::moves::moved_balances;
use crate::state::{AgentState, State, minus};

/// Follows balances through the day; columns are indexed by agent number.
#[derive(Clone, Debug, Default)]
pub(crate) struct LiquidityWatch {
    start_of_day: Vec<Start>,
    lowest: Vec<Money>,
    highest: Vec<Money>,
    used_max: Vec<Money>,
    days: Vec<DayLiquidity>,
    peak_credit: Option<PeakCredit>,
}

/// What an agent has at the start of a day, once its pool was brought in.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Start {
    pub(crate) balance: Money,
    /// What of the balance came from the pool.
    pub(crate) pool: Money,
    /// What the posted collateral is worth after its haircut.
    pub(crate) collateral: Money,
    pub(crate) unsecured_cap: Money,
}

impl Start {
    fn of(agent: &AgentState) -> Self {
        Self {
            balance: agent.balance,
            pool: agent.allocated_pool,
            collateral: agent.collateral_value(),
            unsecured_cap: agent.unsecured_cap,
        }
    }

    /// Returns what can be paid out: balance and credit permission, never below zero.
    pub(crate) fn liquidity(self) -> Total {
        let parts = [self.balance, self.collateral, self.unsecured_cap];
        parts.into_iter().sum::<Total>().max(Total::ZERO)
    }
}

/// The largest credit that one agent used, and when first.
#[derive(Clone, Copy, Debug)]
pub(super) struct PeakCredit {
    pub(super) agent: AgentNo,
    pub(super) amount: Money,
    pub(super) tick: Tick,
}

impl LiquidityWatch {
    /// Closes a day and begins the next one from the balances of the agents.
    pub(super) fn close_day(&mut self, day: Day, agents: &[AgentState]) {
        self.days.push(self.day(day));
        for index in 0..self.start_of_day.len() {
            self.used_max[index] = self.used_max[index].max(self.used(index));
        }
        self.start_of_day.clear();
        self.start_of_day.extend(agents.iter().map(Start::of));
        self.lowest.clear();
        self.lowest.extend(agents.iter().map(|agent| agent.balance));
        self.highest.clone_from(&self.lowest);
    }

    /// Takes note of an event that the state has taken in.
    pub(super) fn after(&mut self, batch: &EventBatch, event: &Event, state: &State) {
        let tick = batch.tick();
        match event {
            Event::AgentOpened(opened) => self.open(opened.agent_id.no, state, tick),
            Event::LiquidityAllocation(allocation) => {
                self.bring_in(allocation.agent_id, state);
                self.note_credit(allocation.agent_id, state, tick);
            }
            Event::LiquidityReturn(returned) => self.note_credit(returned.agent_id, state, tick),
            event => moved_balances(batch, event, |agent| self.moved(agent, state, tick)),
        }
    }

    fn open(&mut self, agent: AgentNo, state: &State, tick: Tick) {
        if agent.index() == self.start_of_day.len() && agent.index() < state.agents.len() {
            self.start_of_day.push(Start::default());
            self.lowest.push(Money::ZERO);
            self.highest.push(Money::ZERO);
            self.used_max.push(Money::ZERO);
            self.start_of_day[agent.index()] = Start::of(&state.agents[agent.index()]);
            self.bring_in(agent, state);
        }
        self.note_credit(agent, state, tick);
    }

    /// Begins an agent's day with the balance and the pool that it has now. Credit is as the day
    /// began: instructions may have changed it before pools come in.
    fn bring_in(&mut self, agent: AgentNo, state: &State) {
        if let Some(known) = state.agents.get(agent.index()) {
            let start = &mut self.start_of_day[agent.index()];
            (start.balance, start.pool) = (known.balance, known.allocated_pool);
            self.lowest[agent.index()] = known.balance;
            self.highest[agent.index()] = known.balance;
        }
    }

    /// Takes note that an agent's balance may have moved.
    fn moved(&mut self, agent: AgentNo, state: &State, tick: Tick) {
        if let Some(AgentState { balance, .. }) = state.agents.get(agent.index()) {
            let lowest = &mut self.lowest[agent.index()];
            *lowest = (*lowest).min(*balance);
            let highest = &mut self.highest[agent.index()];
            *highest = (*highest).max(*balance);
        }
        self.note_credit(agent, state, tick);
    }

    fn note_credit(&mut self, agent: AgentNo, state: &State, tick: Tick) {
        let Some(known) = state.agents.get(agent.index()) else { return };
        let amount = known.credit_used();
        if amount > self.peak_credit.map_or(Money::ZERO, |peak| peak.amount) {
            self.peak_credit = Some(PeakCredit { agent, amount, tick });
        }
    }

    /// Returns the largest credit that one agent used.
    pub(super) const fn peak_credit(&self) -> Option<PeakCredit> {
        self.peak_credit
    }

    /// Returns the most liquidity an agent used on a day.
    pub(super) fn used_max(&self, agent: usize) -> Money {
        let before_today = self.used_max.get(agent).copied().unwrap_or_default();
        before_today.max(self.used(agent))
    }

    /// Returns the measures, the last day included; all but the peak overdraft.
    pub(crate) fn summary(&self, state: &State, settled: Total) -> LiquiditySummary {
        let mut days = self.days.clone();
        if state.tick.is_some() {
            days.push(self.day(state.day));
        }
        let used: Total = days.iter().map(|day| day.used).sum();
        let most = days.iter().map(|day| day.used).max();
        let number = i128::try_from(days.len()).unwrap_or(i128::MAX);
        LiquiditySummary {
            peak_day: days.iter().find(|day| Some(day.used) == most).copied(),
            mean_used: Total::from_minor(round_ratio(used.minor(), number.max(1))),
            days,
            turnover_ratio: settled.share_of(used),
            peak_overdraft: None,
        }
    }

    fn day(&self, day: Day) -> DayLiquidity {
        let used = (0..self.lowest.len()).map(|agent| self.used(agent)).sum();
        let opening = self.start_of_day.iter().map(|start| start.liquidity()).sum();
        DayLiquidity { day, used, opening, usage: used.share_of(opening) }
    }

    /// Returns what an agent has at the start of the day under way.
    pub(crate) fn start(&self, agent: usize) -> Start {
        self.start_of_day.get(agent).copied().unwrap_or_default()
    }

    /// Returns how far an agent's balance has risen above that at the start of the day.
    pub(crate) fn risen(&self, agent: usize) -> Money {
        let start = self.start(agent).balance;
        minus(self.highest.get(agent).copied().unwrap_or(start), start)
    }

    /// Returns how far it has fallen below it.
    pub(crate) fn used(&self, agent: usize) -> Money {
        match (self.start_of_day.get(agent), self.lowest.get(agent)) {
            (Some(start), Some(lowest)) => minus(start.balance, *lowest).or_zero(),
            _ => Money::ZERO,
        }
    }
}
