//! Fields about the system, the clock and the day so far.

use psim_model::Fraction;
use psim_policy::Field;

use super::{Reader, flag, share, total};

impl Reader<'_> {
    /// Computes a field about queue 2 and the system.
    pub(super) fn of_system(&self, field: Field) -> Option<f64> {
        let (world, agent) = (self.world, self.agent);
        let number = match field {
            Field::TotalAgents => self.scenario.agents.len() as f64,
            Field::RtgsQueueSize => world.queue2.len() as f64,
            Field::RtgsQueueValue => total(world.backlog.queue2_value()),
            Field::Queue2CountForAgent => world.queue2.len_of(agent) as f64,
            Field::Queue2NearestDeadline => {
                self.nearest_deadline().map_or(f64::INFINITY, f64::from)
            }
            Field::TicksToNearestQueue2Deadline => {
                let ticks = |deadline: u32| f64::from(deadline.saturating_sub(self.now.0));
                self.nearest_deadline().map_or(f64::INFINITY, ticks)
            }
            Field::SystemQueue2PressureIndex => self.pressure(),
            Field::LsmRunRateLast10Ticks => world.history.run_rate.rate(),
            _ => return None,
        };
        Some(number)
    }

    fn nearest_deadline(&self) -> Option<u32> {
        let mut nearest: Option<u32> = None;
        self.world.queue2.visit(self.agent, |_, no| {
            let deadline = self.world.payments.get(no).deadline.0;
            nearest = Some(nearest.map_or(deadline, |nearest| nearest.min(deadline)));
        });
        nearest
    }

    fn pressure(&self) -> f64 {
        let waiting = self.world.queue2.len() as f64;
        if waiting == 0.0 {
            return 0.0;
        }
        let agents = self.scenario.agents.len() as f64;
        1.0 / (1.0 + libm::exp(-2.0 * waiting / (10.0 * agents)))
    }

    /// Computes a field about the clock.
    pub(super) fn of_clock(&self, field: Field) -> Option<f64> {
        let calendar = &self.scenario.calendar;
        let ticks_per_day = f64::from(calendar.ticks_per_day());
        let tick_in_day = f64::from(calendar.tick_in_day(self.now));
        let number = match field {
            Field::CurrentTick => f64::from(self.now.0),
            Field::SystemTicksPerDay => ticks_per_day,
            Field::SystemCurrentDay => f64::from(calendar.day_of(self.now).0),
            Field::SystemTickInDay => tick_in_day,
            Field::TicksRemainingInDay => ticks_per_day - tick_in_day - 1.0,
            Field::DayProgressFraction | Field::ExpectedThroughputFractionByNow => {
                tick_in_day / ticks_per_day
            }
            Field::IsEodRush => {
                flag(tick_in_day / ticks_per_day >= self.scenario.policies.eod_rush_threshold)
            }
            Field::TicksToCutoff => f64::from(self.world.cutoff) - tick_in_day,
            Field::SystemThroughputGuidanceFractionByTick => {
                let guideline = &self.scenario.policies.throughput_guideline;
                guided(guideline, calendar.tick_in_day(self.now))
                    .unwrap_or(tick_in_day / ticks_per_day)
            }
            _ => return None,
        };
        Some(number)
    }

    /// Computes a field about what was paid and received today.
    pub(super) fn of_day(&self, field: Field) -> Option<f64> {
        let today = self.world.history.flows.as_ref().map(|flows| *flows.of(self.agent));
        let today = today.unwrap_or_default();
        let settled = || share(total(today.sent), total(today.asked), 0.0);
        let number = match field {
            Field::MyThroughputFractionToday => settled(),
            Field::ThroughputGap => {
                settled() - self.of_clock(Field::ExpectedThroughputFractionByNow)?
            }
            Field::MyValueSentToday => total(today.sent),
            Field::MyValueReceivedToday => total(today.received),
            _ => return None,
        };
        Some(number)
    }
}

/// Returns what is to have settled by a tick of the day: straight lines from nothing at tick 0
/// through the points, and level after the last; `None` without points.
fn guided(points: &[(u32, Fraction)], tick: u32) -> Option<f64> {
    let after = points.partition_point(|(at, _)| *at < tick);
    let Some((next_at, next)) = points.get(after) else {
        return points.last().map(|(_, last)| last.to_f64());
    };
    let (before_at, before) = match after.checked_sub(1) {
        Some(before) => (points[before].0, points[before].1.to_f64()),
        None => (0, 0.0),
    };
    // A point is met as it was written, not as a line rounds it.
    if *next_at == tick {
        return Some(next.to_f64());
    }
    let way = f64::from(tick - before_at) / f64::from(next_at - before_at);
    Some(before + (next.to_f64() - before) * way)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_of_the_guideline_is_met_exactly() {
        let points = [(0, 0), (2, 100_000_000_000), (3, 333_333_333_333), (5, 900_000_000_000)]
            .map(|(tick, trillionths)| (tick, Fraction::from_trillionths(trillionths).unwrap()));
        for (tick, share) in points {
            assert_eq!(guided(&points, tick), Some(share.to_f64()), "tick {tick}");
        }
        assert_eq!(guided(&points, 6), Some(0.9));
    }
}
