//! How much liquidity settling took.
//!
//! An agent uses on a day what its balance falls below that at the start of the day, after its
//! pool was brought in. The evening's return of the pool is no use.

use psim_model::event::Event;
use psim_model::{AgentNo, Day, Money, Tick, Total, round_ratio};

use super::{DayLiquidity, LiquiditySummary};
use crate::state::{AgentState, State, minus};

/// Follows balances through the day; columns are indexed by agent number.
#[derive(Clone, Debug, Default)]
pub(super) struct LiquidityWatch {
    start_of_day: Vec<Money>,
    lowest: Vec<Money>,
    used_max: Vec<Money>,
    days: Vec<DayLiquidity>,
    peak_credit: Option<PeakCredit>,
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
        self.days.push(self.day(day, agents));
        for index in 0..self.start_of_day.len() {
            self.used_max[index] = self.used_max[index].max(self.used(index));
        }
        self.start_of_day.clear();
        self.start_of_day.extend(agents.iter().map(|agent| agent.balance));
        self.lowest.clone_from(&self.start_of_day);
    }

    /// Takes note of an event that the state has taken in.
    pub(super) fn after(&mut self, event: &Event, state: &State, tick: Tick) {
        let agent = match event {
            Event::RtgsImmediateSettlement(settled) => settled.sender_id,
            Event::Queue2LiquidityRelease(settled) => settled.sender_id,
            Event::LiquidityAllocation(allocation) => allocation.agent_id,
            Event::LiquidityReturn(returned) => returned.agent_id,
            Event::AgentOpened(opened) => opened.agent_id.no,
            _ => return,
        };
        let index = agent.index();
        let Some(AgentState { balance, .. }) = state.agents.get(index) else { return };
        match event {
            Event::AgentOpened(_) if index == self.start_of_day.len() => {
                self.start_of_day.push(*balance);
                self.lowest.push(*balance);
                self.used_max.push(Money::ZERO);
            }
            Event::LiquidityAllocation(_) => {
                self.start_of_day[index] = *balance;
                self.lowest[index] = *balance;
            }
            Event::LiquidityReturn(_) => {}
            _ => self.lowest[index] = self.lowest[index].min(*balance),
        }
        let credit = balance.shortfall();
        if credit > self.peak_credit.map_or(Money::ZERO, |peak| peak.amount) {
            self.peak_credit = Some(PeakCredit { agent, amount: credit, tick });
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
    pub(super) fn summary(&self, state: &State, settled: Total) -> LiquiditySummary {
        let mut days = self.days.clone();
        if state.tick.is_some() {
            days.push(self.day(state.day, &state.agents));
        }
        let used = days.iter().fold(Total::ZERO, |sum, day| sum + day.used);
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

    fn day(&self, day: Day, agents: &[AgentState]) -> DayLiquidity {
        let used = (0..self.lowest.len()).map(|agent| self.used(agent)).sum();
        let mut opening = Total::ZERO;
        for (agent, start) in agents.iter().zip(&self.start_of_day) {
            opening += agent.liquidity_at(*start);
        }
        DayLiquidity { day, used, opening, usage: used.share_of(opening) }
    }

    fn used(&self, agent: usize) -> Money {
        match (self.start_of_day.get(agent), self.lowest.get(agent)) {
            (Some(start), Some(lowest)) => minus(*start, *lowest).or_zero(),
            _ => Money::ZERO,
        }
    }
}
