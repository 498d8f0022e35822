//! Fields about the clock.

use psim_policy::Field;

use super::super::facts::{Facts, flag};

impl Facts<'_> {
    pub(in super::super) fn time(&self, field: Field) -> Option<f64> {
        let calendar = self.start.scenario.calendar;
        let tick_in_day = f64::from(calendar.tick_in_day(self.start.now));
        Some(match field {
            Field::SystemTicksPerDay => calendar.ticks_per_day().into(),
            Field::SystemCurrentDay => calendar.day_of(self.start.now).0.into(),
            Field::SystemTickInDay => tick_in_day,
            Field::TicksRemainingInDay => f64::from(calendar.ticks_per_day()) - tick_in_day - 1.0,
            Field::DayProgressFraction => self.day_progress(),
            Field::IsEodRush => {
                flag(self.day_progress() >= self.start.scenario.policies.eod_rush_threshold)
            }
            Field::TicksToCutoff => f64::from(self.start.cutoff_tick_in_day) - tick_in_day,
            _ => return None,
        })
    }

    pub(super) fn day_progress(&self) -> f64 {
        let calendar = self.start.scenario.calendar;
        f64::from(calendar.tick_in_day(self.start.now)) / f64::from(calendar.ticks_per_day())
    }
}
