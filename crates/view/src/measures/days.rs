//! What each agent did on each day: the figures that measures of liquidity and throughput share.
//!
//! Memory grows with agents times days, and with the marks of the day (hours and points of the
//! guideline), not with the number of events.

use psim_model::event::{Event, EventBatch};
use psim_model::{Calendar, Day, Money, NetPositions, Total};

use crate::moves::settled_payments;
use crate::state::{State, Tally};
use crate::summary::liquidity::{LiquidityWatch, Start};

/// One day of all agents.
#[derive(Clone, Debug)]
pub(super) struct DayRecord {
    pub(super) day: Day,
    /// By agent number.
    pub(super) agents: Vec<AgentRecord>,
    /// By mark that was passed, then by agent: value that it had paid before.
    pub(super) paid_before: Vec<Vec<Total>>,
}

/// One day of an agent.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AgentRecord {
    /// What it had at the start of the day.
    pub(super) start: Start,
    /// How far its balance fell below that.
    pub(super) used: Money,
    /// How far it rose above that.
    pub(super) risen: Money,
    /// Least liquidity for settling the day's arrivals by netting at the end.
    pub(super) lower: Total,
    /// Least liquidity for settling them on arrival.
    pub(super) upper: Total,
    /// Value of own payments that waited as the day began or arrived on it.
    pub(super) due: Total,
    /// Own payments that settled, parts by themselves.
    pub(super) sent: Tally,
    /// Payments to it that settled.
    pub(super) received: Tally,
}

/// Gathers the records.
#[derive(Clone, Debug, Default)]
pub(super) struct DayBook {
    /// Ticks of the day, ascending, before which payments are counted.
    marks: Vec<u32>,
    paid_before: Vec<Vec<Total>>,
    nets: NetPositions,
    today: Vec<AgentRecord>,
    days: Vec<DayRecord>,
}

impl DayBook {
    /// Counts payments before these ticks of the day too.
    pub(super) fn mark(&mut self, ticks: impl IntoIterator<Item = u32>) {
        self.marks.extend(ticks);
        self.marks.sort_unstable();
        self.marks.dedup();
    }

    /// Returns the place of a mark among all.
    pub(super) fn place_of(&self, mark: u32) -> Option<usize> {
        self.marks.binary_search(&mark).ok()
    }

    /// Takes note of an event that the state has taken in.
    pub(super) fn after(&mut self, batch: &EventBatch, event: &Event, state: &State) {
        match event {
            Event::AgentOpened(_) => {
                if self.today.len() < state.agents.len() {
                    self.today.push(AgentRecord::default());
                    self.nets.add_agent();
                }
            }
            Event::Arrival(arrival) => {
                let Some(payment) = state.payments.get(arrival.tx_id.no.index()) else { return };
                self.nets.pay(payment.sender, payment.receiver, payment.amount);
                self.today[payment.sender.index()].due += payment.amount;
            }
            event => settled_payments(batch, event, |no| {
                let Some(payment) = state.payments.get(no.index()) else { return };
                self.today[payment.sender.index()].sent.add(payment.amount);
                self.today[payment.receiver.index()].received.add(payment.amount);
            }),
        }
    }

    /// Ends a tick of the day.
    pub(super) fn end_tick(&mut self, tick_in_day: u32) {
        while let Some(mark) = self.marks.get(self.paid_before.len())
            && *mark <= tick_in_day.saturating_add(1)
        {
            let paid = |agent: &AgentRecord| match mark {
                0 => Total::ZERO,
                _ => agent.sent.value,
            };
            self.paid_before.push(self.today.iter().map(paid).collect());
        }
    }

    /// Closes a day and begins the next one from the state.
    pub(super) fn close_day(&mut self, liquidity: &LiquidityWatch, state: &State) {
        self.days.push(self.day(liquidity, state));
        self.paid_before.clear();
        self.nets = NetPositions::new(self.today.len());
        for (record, agent) in self.today.iter_mut().zip(&state.agents) {
            let due = agent.queue1.value + agent.queue2.value;
            *record = AgentRecord { due, ..AgentRecord::default() };
        }
    }

    /// Returns all days, the one under way included.
    pub(super) fn days(&self, liquidity: &LiquidityWatch, state: &State) -> Vec<DayRecord> {
        let mut days = self.days.clone();
        if state.tick.is_some() {
            days.push(self.day(liquidity, state));
        }
        days
    }

    fn day(&self, liquidity: &LiquidityWatch, state: &State) -> DayRecord {
        let bounds = self.nets.lower().zip(self.nets.upper());
        let agents = self.today.iter().zip(bounds).enumerate();
        let record = |(index, (record, (lower, upper))): (usize, (&AgentRecord, _))| AgentRecord {
            start: liquidity.start(index),
            used: liquidity.used(index),
            risen: liquidity.risen(index),
            lower,
            upper,
            ..*record
        };
        DayRecord {
            day: state.day,
            agents: agents.map(record).collect(),
            paid_before: self.paid_before.clone(),
        }
    }
}

/// Hours that a day may have; a longer one is cut into tenths.
const HOURS_MAX: u64 = 48;

/// Returns the ends of the hours of a day, as the first tick after each: full hours of the clock,
/// or tenths of the day where ticks have no clock times.
pub(super) fn hours(calendar: &Calendar) -> Vec<u32> {
    let ticks = u64::from(calendar.ticks_per_day());
    let clock = calendar
        .clock()
        .map(|clock| (u64::from(clock.opens_at_seconds), u64::from(clock.tick_seconds)));
    let ends: Vec<u64> = match clock.filter(|(_, length)| ticks * length <= HOURS_MAX * 3600) {
        Some((opens, length)) => {
            let hours = opens / 3600 + 1..;
            hours
                .map(|hour| (hour * 3600 - opens).div_ceil(length))
                .take_while(|tick| *tick < ticks)
                .collect()
        }
        None => (1..10).map(|tenth| ticks * tenth / 10).filter(|tick| *tick > 0).collect(),
    };
    let ends = ends.into_iter().chain([ticks]).filter_map(|tick| u32::try_from(tick).ok());
    let mut ends: Vec<u32> = ends.collect();
    ends.dedup();
    ends
}
