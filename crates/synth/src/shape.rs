//! The shape of a day: which share of the payments arrives when.

use psim_random::Generator;

/// Opening hours, and windows with the share of payments that each receives. Within a window
/// payments arrive evenly.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// Minutes after midnight at which the day begins.
    pub(crate) opens_at: u32,
    /// End of each window in minutes after midnight, and its share in percent. Ends ascend, the
    /// last is the close; shares sum to 100.
    pub(crate) windows: &'static [(u32, f64)],
}

impl Shape {
    /// Returns the minutes after midnight at which the day ends.
    pub(crate) const fn closes_at(&self) -> u32 {
        match self.windows.last() {
            Some(window) => window.0,
            None => self.opens_at,
        }
    }

    /// Returns the length of the day in minutes.
    pub(crate) const fn minutes(&self) -> u32 {
        self.closes_at() - self.opens_at
    }

    /// Returns the minutes after midnight, as a fraction, at which a tick begins.
    pub(crate) fn tick_begins_at(&self, tick: u32, ticks_per_day: u32) -> f64 {
        let elapsed = f64::from(tick) * f64::from(self.minutes()) / f64::from(ticks_per_day);
        f64::from(self.opens_at) + elapsed
    }

    /// Returns the share of the day's payments that arrives before a time, in minutes after
    /// midnight.
    pub(crate) fn share_before(&self, minute: f64) -> f64 {
        let mut begin = f64::from(self.opens_at);
        let mut share = 0.0;
        for (end, percent) in self.windows {
            let end = f64::from(*end);
            let inside = ((minute - begin) / (end - begin)).clamp(0.0, 1.0);
            share += inside * percent / 100.0;
            begin = end;
        }
        share
    }

    /// Draws `count` ticks in ascending order, one from each of `count` equally likely stretches
    /// of the day.
    pub(crate) fn ticks(
        &self,
        count: usize,
        ticks_per_day: u32,
        generator: &mut Generator,
    ) -> Vec<u32> {
        let mut windows = self.windows.iter();
        let (mut begin, mut end, mut below, mut up_to) = (0.0, 0.0, 0.0, 0.0);
        (0..count)
            .map(|stratum| {
                let share = (stratum as f64 + generator.float()) / count as f64 * 100.0;
                while share >= up_to {
                    let Some((minute, percent)) = windows.next() else { break };
                    (begin, end) = (end, f64::from(minute - self.opens_at));
                    (below, up_to) = (up_to, up_to + percent);
                }
                let inside = ((share - below) / (up_to - below)).min(1.0);
                let minute = begin + (end - begin) * inside;
                let tick = minute * f64::from(ticks_per_day) / f64::from(self.minutes());
                whole_part(tick).min(ticks_per_day - 1)
            })
            .collect()
    }
}

/// Returns the whole part of a number that is not negative.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
fn whole_part(number: f64) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Profile;

    /// One hour with a tenth of the payments, an hour of rest, two hours with the others.
    const SHAPE: Shape = Shape { opens_at: 60, windows: &[(120, 10.0), (180, 0.0), (300, 90.0)] };

    #[test]
    fn windows_of_every_profile_ascend_and_sum_to_one_hundred() {
        for profile in Profile::ALL {
            let shape = &profile.calibration().shape;
            assert!(shape.windows.is_sorted_by(|left, right| left.0 < right.0), "{profile}");
            assert!(shape.windows[0].0 > shape.opens_at, "{profile}");
            let sum: f64 = shape.windows.iter().map(|window| window.1).sum();
            assert!((sum - 100.0).abs() < 1e-9, "{profile}: {sum}");
        }
    }

    #[test]
    fn shares_accumulate_evenly_within_a_window() {
        for (minute, share) in
            [(0.0, 0.0), (60.0, 0.0), (90.0, 0.05), (150.0, 0.1), (240.0, 0.55), (400.0, 1.0)]
        {
            assert!((SHAPE.share_before(minute) - share).abs() < 1e-12, "{minute}");
        }
    }

    #[test]
    fn ticks_follow_the_windows() {
        let ticks = SHAPE.ticks(1_000, 24, &mut Generator::new(42));
        assert!(ticks.is_sorted());
        // Ten-minute ticks: 100 payments in the first six, none in the next, 900 in the last 12.
        let within =
            |from, until| ticks.iter().filter(|tick| (from..until).contains(*tick)).count();
        assert_eq!([within(0, 6), within(6, 12), within(12, 24)], [100, 0, 900]);
        assert_eq!(within(12, 18), 450);
    }

    #[test]
    fn a_day_of_one_tick_holds_everything() {
        assert_eq!(SHAPE.ticks(3, 1, &mut Generator::new(42)), [0, 0, 0]);
    }
}
