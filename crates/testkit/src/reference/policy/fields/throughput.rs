//! Fields about what was paid and received so far.

use psim_model::{Fraction, Total};
use psim_policy::Field;

use super::super::facts::{Facts, fraction, total};

impl Facts<'_> {
    pub(in super::super) fn throughput(&self, field: Field) -> Option<f64> {
        Some(match field {
            Field::MyThroughputFractionToday => self.settled_share(),
            Field::ExpectedThroughputFractionByNow => self.day_progress(),
            Field::ThroughputGap => self.settled_share() - self.day_progress(),
            Field::SystemThroughputGuidanceFractionByTick => self.guidance(),
            Field::MyValueSentToday => total(self.sent_today()),
            Field::MyValueReceivedToday => {
                let payments = self.start.settled_today.iter().filter(|it| it.payment.is_some());
                let received = payments.filter(|flow| flow.receiver == self.agent);
                total(received.map(|flow| flow.amount).sum())
            }
            _ => return None,
        })
    }

    fn sent_today(&self) -> Total {
        let payments = self.start.settled_today.iter().filter(|it| it.payment.is_some());
        payments.filter(|flow| flow.sender == self.agent).map(|flow| flow.amount).sum()
    }

    /// Returns what has settled of what was there this morning and came since.
    fn settled_share(&self) -> f64 {
        let calendar = self.start.scenario.calendar;
        let today = calendar.day_of(self.start.now);
        let came_today = self.start.payments.iter().filter(|payment| {
            payment.sender == self.agent
                && payment.parent.is_none()
                && calendar.day_of(payment.arrived) == today
        });
        let came: Total = came_today.map(|payment| payment.amount).sum();
        let due = came + self.account().left_over;
        if due == Total::ZERO { 0.0 } else { total(self.sent_today()) / total(due) }
    }

    /// Returns what should have settled by now: on the straight line between the points of the
    /// guideline before and after this tick.
    fn guidance(&self) -> f64 {
        let tick_in_day = self.start.scenario.calendar.tick_in_day(self.start.now);
        let guideline = &self.start.scenario.policies.throughput_guideline;
        if guideline.is_empty() {
            return self.day_progress();
        }
        let mut before = (0, Fraction::ZERO);
        for (tick, share) in guideline {
            if *tick == tick_in_day {
                return fraction(*share);
            }
            if *tick > tick_in_day {
                let rise = fraction(*share) - fraction(before.1);
                let passed = f64::from(tick_in_day - before.0) / f64::from(tick - before.0);
                return fraction(before.1) + rise * passed;
            }
            before = (*tick, *share);
        }
        fraction(before.1)
    }
}
