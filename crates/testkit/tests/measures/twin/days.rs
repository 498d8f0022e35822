//! What each agent paid and got on a day.

use super::life::Life;
use super::story::Story;

impl Story<'_> {
    /// Returns the payments that settled on a day, parts by themselves.
    pub(super) fn settled_on(&self, day: usize) -> Vec<&Life> {
        let is_on = |life: &&Life| life.settled.is_some_and(|tick| self.day_of(tick) == day);
        self.leaves().filter(is_on).collect()
    }

    /// Returns the amounts that an agent paid on a day.
    pub(super) fn sent(&self, day: usize, agent: usize) -> Vec<i128> {
        let settled = self.settled_on(day).into_iter();
        settled.filter(|life| life.sender == agent).map(|life| life.amount).collect()
    }

    /// Returns the amounts that it got.
    pub(super) fn received(&self, day: usize, agent: usize) -> Vec<i128> {
        let settled = self.settled_on(day).into_iter();
        settled.filter(|life| life.receiver == agent).map(|life| life.amount).collect()
    }

    /// Returns the value that an agent paid on a day before a tick of the day; `None` if the run
    /// did not come so far.
    pub(super) fn sent_before(&self, day: usize, agent: usize, tick_in_day: usize) -> Option<i128> {
        let until = day * self.ticks_per_day + tick_in_day;
        if until > self.ticks && tick_in_day > 0 {
            return None;
        }
        let settled = self.settled_on(day).into_iter().filter(|life| life.sender == agent);
        Some(settled.filter(|life| life.settled < Some(until)).map(|life| life.amount).sum())
    }

    /// Returns the value that waited as a day began or arrived on it.
    pub(super) fn due(&self, day: usize, agent: usize) -> i128 {
        let first = day * self.ticks_per_day;
        let waiting = first.checked_sub(1).map(|before| &self.ends[before]);
        let waiting = waiting.into_iter().flat_map(|end| end.queue1.iter().chain(&end.queue2));
        let arrived = self.roots().filter(|no| self.day_of(self.lives[*no].arrival) == day);
        let all = waiting.copied().chain(arrived).map(|no| &self.lives[no]);
        all.filter(|life| life.sender == agent).map(|life| life.amount).sum()
    }

    /// Returns the bounds of a day: what an agent needs at least and at most.
    pub(super) fn bounds(&self, day: usize, agent: usize) -> (i128, i128) {
        let mut net = 0;
        let mut nets = vec![0];
        for life in self.roots().map(|no| &self.lives[no]) {
            if self.day_of(life.arrival) != day {
                continue;
            }
            if life.sender == agent {
                net -= life.amount;
            }
            if life.receiver == agent {
                net += life.amount;
            }
            nets.push(net);
        }
        let lowest = nets.iter().min().copied().unwrap_or_default();
        ((-net).max(0), (-lowest).max(0))
    }

    pub(super) fn used(&self, day: usize, agent: usize) -> i128 {
        let lowest = self.days[day][agent].balances.iter().min().copied().unwrap_or_default();
        (self.days[day][agent].start.balance - lowest).max(0)
    }
}
