//! The standard normal distribution: probability below a value, and the value at a probability.
//!
//! Built on the pinned pure-Rust mathematical functions only, so that every platform agrees.

/// Returns the probability of a draw below `z`.
pub(crate) fn probability_below(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// Returns the value below which a draw lies with probability `p` (between 0 and 1, both
/// excluded), to about 1e-9 relative: Acklam's rational approximation.
pub(crate) fn quantile(p: f64) -> f64 {
    /// Below this probability, and above its complement, the tails have their own formula.
    const TAIL: f64 = 0.024_25;
    if p < TAIL {
        tail(libm::sqrt(-2.0 * libm::log(p)))
    } else if p > 1.0 - TAIL {
        -tail(libm::sqrt(-2.0 * libm::log(1.0 - p)))
    } else {
        let q = p - 0.5;
        let r = q * q;
        q * polynomial(&CENTRE_ABOVE, r) / (polynomial(&CENTRE_BELOW, r) * r + 1.0)
    }
}

fn tail(q: f64) -> f64 {
    polynomial(&TAIL_ABOVE, q) / (polynomial(&TAIL_BELOW, q) * q + 1.0)
}

/// Evaluates a polynomial, highest power first.
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

const CENTRE_ABOVE: [f64; 6] = [
    -39.696_830_286_653_76,
    220.946_098_424_520_5,
    -275.928_510_446_968_7,
    138.357_751_867_269,
    -30.664_798_066_147_16,
    2.506_628_277_459_239,
];
const CENTRE_BELOW: [f64; 5] = [
    -54.476_098_798_224_06,
    161.585_836_858_040_9,
    -155.698_979_859_886_6,
    66.801_311_887_719_72,
    -13.280_681_552_885_72,
];
const TAIL_ABOVE: [f64; 6] = [
    -0.007_784_894_002_430_293,
    -0.322_396_458_041_136_5,
    -2.400_758_277_161_838,
    -2.549_732_539_343_734,
    4.374_664_141_464_968,
    2.938_163_982_698_783,
];
const TAIL_BELOW: [f64; 4] = [
    0.007_784_695_709_041_462,
    0.322_467_129_070_039_8,
    2.445_134_137_142_996,
    3.754_408_661_907_416,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabulated_points_are_met() {
        // Any printed table of the normal distribution.
        for (p, z) in
            [(0.5, 0.0), (0.841_344_746, 1.0), (0.975, 1.959_963_985), (0.001, -3.090_232_306)]
        {
            assert!((quantile(p) - z).abs() < 1e-7, "{p}: {}", quantile(p));
            assert!((probability_below(z) - p).abs() < 1e-9, "{z}");
        }
    }

    #[test]
    fn the_two_are_inverse_far_into_the_tails() {
        for step in -60_i32..=60 {
            let z = f64::from(step) / 10.0;
            assert!((quantile(probability_below(z)) - z).abs() < 1e-6, "{z}");
        }
    }
}
