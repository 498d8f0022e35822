//! Amounts: a truncated log-normal distribution, stratified.

use psim_model::Money;
use psim_random::Generator;

use crate::normal;

/// A log-normal distribution of amounts, cut off above `largest`. It is in major units (euro,
/// dollar), of which each has 100 minor units.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Amounts {
    /// Mean of the natural logarithm before the cut.
    pub(crate) mu: f64,
    /// Standard deviation of the natural logarithm before the cut.
    pub(crate) sigma: f64,
    /// Largest amount that can be drawn.
    pub(crate) largest: f64,
}

/// Minor units in a major unit; the four currencies agree.
pub(crate) const MINOR_UNITS: f64 = 100.0;

/// Draws `count` amounts in ascending order: one from each of `count` equally likely ranges, so
/// that the sample has the distribution's shares, and nearly its mean, whatever the seed. The
/// few that would round to nothing become one minor unit.
pub(crate) fn stratified(law: &Amounts, count: usize, generator: &mut Generator) -> Vec<Money> {
    let cut = normal::probability_below((libm::log(law.largest) - law.mu) / law.sigma);
    let largest = to_minor(law.largest);
    (0..count)
        .map(|stratum| {
            let probability = (stratum as f64 + generator.float()) / count as f64 * cut;
            // The very first stratum may hit 0 itself, where no finite amount lies.
            let z = normal::quantile(probability.max(f64::MIN_POSITIVE));
            let amount = to_minor(libm::exp(law.mu + law.sigma * z));
            Money::from_minor(amount.clamp(1, largest))
        })
        .collect()
}

/// Rounds major units to minor units.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates and the caller clamps")]
fn to_minor(major: f64) -> i64 {
    (major * MINOR_UNITS).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Profile;

    /// The mean of a truncated log-normal distribution, in closed form.
    fn mean(law: &Amounts) -> f64 {
        let cut = (libm::log(law.largest) - law.mu) / law.sigma;
        let untruncated = libm::exp(law.mu + law.sigma * law.sigma / 2.0);
        let kept = normal::probability_below(cut - law.sigma);
        untruncated * kept / normal::probability_below(cut)
    }

    #[test]
    fn constants_have_the_mean_they_were_solved_for() {
        for profile in Profile::ALL {
            let calibration = profile.calibration();
            let ratio = mean(&calibration.amounts) / calibration.mean.0;
            // The T2 parameters are published rounded and lie 0.17 % above.
            assert!((ratio - 1.0).abs() < 0.002, "{profile}: {ratio}");
        }
    }

    #[test]
    fn every_stratum_gives_one_amount() {
        let law = Amounts { mu: 0.0, sigma: 1.0, largest: 1e12 };
        let drawn = stratified(&law, 4, &mut Generator::new(42));
        // Quartiles of the standard log-normal law: exp(-0.67449), 1, exp(0.67449), in cents.
        let quartiles = [0, 51, 100, 196, i64::MAX];
        for (amount, bounds) in drawn.iter().zip(quartiles.windows(2)) {
            let minor = amount.minor();
            assert!(bounds[0] <= minor && minor <= bounds[1], "{drawn:?}");
        }
    }

    #[test]
    fn amounts_are_positive_and_not_above_the_largest() {
        // Half of this law lies far below one minor unit and half far above the cut.
        let law = Amounts { mu: 0.0, sigma: 50.0, largest: 10.0 };
        let drawn = stratified(&law, 1_000, &mut Generator::new(42));
        assert!(drawn.is_sorted());
        assert_eq!(drawn.first(), Some(&Money::from_minor(1)));
        assert!(drawn.iter().all(|amount| (1..=1_000).contains(&amount.minor())));
    }
}
