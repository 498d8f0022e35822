//! Poisson counts.

use crate::Generator;

/// The largest mean that is drawn in one part; e^-500 is still far from underflow.
const MEAN_PER_PART: f64 = 500.0;

/// Draws a Poisson count with the given mean; nothing is drawn if it is not positive.
///
/// Knuth's product method: k + 1 draws for a count of k. A mean above 500 is drawn as
/// ceil(mean / 500) equal parts, summed.
pub fn poisson(generator: &mut Generator, mean: f64) -> u64 {
    if !mean.is_finite() || mean <= 0.0 {
        return 0;
    }
    let parts = (mean / MEAN_PER_PART).ceil();
    let limit = libm::exp(-(mean / parts));
    let mut count = 0;
    let mut part = 0.0;
    while part < parts {
        let mut product = generator.float();
        while product > limit {
            count += 1;
            product *= generator.float();
        }
        part += 1.0;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_their_published_values() {
        let mut generator = Generator::new(42);
        let counts: Vec<u64> = (0..6).map(|_| poisson(&mut generator, 2.0)).collect();
        assert_eq!(counts, [5, 1, 2, 2, 0, 2]);
    }

    #[test]
    fn nothing_is_drawn_for_no_arrivals() {
        let mut generator = Generator::new(42);
        for mean in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(poisson(&mut generator, mean), 0);
        }
        assert_eq!(generator, Generator::new(42));
    }

    #[test]
    fn large_means_keep_their_mean() {
        let mut generator = Generator::new(42);
        let mean = (0..200).map(|_| poisson(&mut generator, 1_200.0)).sum::<u64>() as f64 / 200.0;
        assert!((mean - 1_200.0).abs() < 10.0, "{mean}");
    }
}
