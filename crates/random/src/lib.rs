//! The random numbers of payment-sim.
//!
//! One generator, xorshift64*, and the draws that are made from it. The algorithm is our own code
//! and its transcendental functions come from a pinned pure-Rust library, so that no upgrade and
//! no platform can change a stream; the vectors in the tests hold that.
//!
//! ```
//! use psim_random::Generator;
//!
//! let mut generator = Generator::new(42);
//! assert_eq!(generator.next_u64(), 6_255_019_084_209_693_600);
//! ```

mod poisson;

pub use poisson::poisson;

/// A stream of random numbers (xorshift64*).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Generator {
    state: u64,
}

impl Generator {
    /// Starts a stream; the seed 0 means 1.
    pub const fn new(seed: u64) -> Self {
        Self { state: if seed == 0 { 1 } else { seed } }
    }

    /// Starts the stream that belongs to `name` under `seed`, independent of all others:
    /// SplitMix64 of the seed and the name's FNV-1a hash.
    pub fn named(seed: u64, name: &str) -> Self {
        Self::new(split_mix64(seed ^ fnv1a64(name.as_bytes())))
    }

    /// Returns the state, from which [`Generator::new`] continues the stream exactly.
    pub const fn state(&self) -> u64 {
        self.state
    }

    /// Draws 64 bits.
    pub const fn next_u64(&mut self) -> u64 {
        let mut x = self.state;
        x ^= x >> 12;
        x ^= x << 25;
        x ^= x >> 27;
        self.state = x;
        x.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// Draws a number in [0, 1).
    pub fn float(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Draws an index below `count`, which is at least 1.
    pub fn index(&mut self, count: usize) -> usize {
        let drawn = self.next_u64() % (count as u64).max(1);
        usize::try_from(drawn).expect("Invariant: a remainder is below its divisor")
    }

    /// Draws an integer from `low` to `high`, both included; `low` if the range is empty or all of
    /// 64 bits.
    pub fn integer(&mut self, low: i64, high: i64) -> i64 {
        let drawn = self.next_u64();
        match high.wrapping_sub(low).cast_unsigned().checked_add(1) {
            Some(span) if low <= high => low.wrapping_add((drawn % span).cast_signed()),
            _ => low,
        }
    }

    /// Draws from the standard normal distribution (Box-Muller, cosine branch, two draws).
    pub fn normal(&mut self) -> f64 {
        let radius = self.float();
        let angle = self.float();
        libm::sqrt(-2.0 * libm::log(radius)) * libm::cos(2.0 * std::f64::consts::PI * angle)
    }

    /// Draws an index in proportion to weights (not negative, with a positive sum).
    ///
    /// One draw; weights are summed and walked in the order given. The last index is the answer
    /// should rounding leave something over.
    pub fn weighted(&mut self, weights: impl Iterator<Item = f64> + Clone) -> usize {
        let mut target = self.float() * weights.clone().sum::<f64>();
        let mut last = 0;
        for (index, weight) in weights.enumerate() {
            target -= weight;
            last = index;
            if target <= 0.0 {
                break;
            }
        }
        last
    }
}

/// Scrambles 64 bits (one step of SplitMix64).
pub const fn split_mix64(x: u64) -> u64 {
    let z = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Hashes bytes (FNV-1a, 64 bits).
pub const fn fnv1a64(bytes: &[u8]) -> u64 {
    let mut hash = 0xCBF2_9CE4_8422_2325;
    let mut index = 0;
    while index < bytes.len() {
        hash = (hash ^ bytes[index] as u64).wrapping_mul(0x0000_0100_0000_01B3);
        index += 1;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_has_its_published_values() {
        let draw = |seed, count| {
            let mut generator = Generator::new(seed);
            (0..count).map(|_| generator.next_u64()).collect::<Vec<_>>()
        };
        assert_eq!(draw(1, 1), [5_180_492_295_206_395_165]);
        assert_eq!(draw(0, 1), draw(1, 1));
        assert_eq!(
            draw(42, 4),
            [
                6_255_019_084_209_693_600,
                14_430_073_426_741_505_498,
                14_575_455_857_230_217_846,
                17_414_512_882_241_728_735
            ]
        );
        assert_eq!(draw(12_345, 2), [10_977_518_812_293_740_004, 13_893_246_733_018_840_292]);
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "the digits are the specification")]
    fn floats_have_their_published_values() {
        let mut generator = Generator::new(42);
        assert_eq!(generator.float(), 0.339_085_264_001_921_96);
        assert_eq!(generator.float(), 0.782_255_847_919_924_3);
    }

    #[test]
    fn integers_cover_their_range() {
        let mut generator = Generator::new(7);
        let drawn: Vec<i64> = (0..200).map(|_| generator.integer(-1, 1)).collect();
        assert!(drawn.iter().all(|value| (-1..=1).contains(value)));
        assert!((-1..=1).all(|value| drawn.contains(&value)));
        assert_eq!(generator.integer(5, 5), 5);
        assert_eq!(generator.integer(5, 4), 5);
        assert_eq!(generator.integer(i64::MIN, i64::MAX), i64::MIN);
    }

    #[test]
    fn hashes_have_their_published_values() {
        // FNV-1a and SplitMix64 reference vectors.
        assert_eq!(fnv1a64(b""), 0xCBF2_9CE4_8422_2325);
        assert_eq!(fnv1a64(b"a"), 0xAF63_DC4C_8601_EC8C);
        assert_eq!(fnv1a64(b"foobar"), 0x8594_4171_F739_67E8);
        assert_eq!(split_mix64(0), 0xE220_A839_7B1D_CDAF);
    }

    #[test]
    fn weights_are_walked_in_order() {
        let mut generator = Generator::new(42);
        let drawn: Vec<usize> =
            (0..4).map(|_| generator.weighted([0.5, 0.0, 0.5].into_iter())).collect();
        assert_eq!(drawn, [0, 2, 2, 2]);
    }

    /// Committed values of the library's functions: an upgrade that changes them fails here.
    #[test]
    fn normals_are_pinned() {
        let mut generator = Generator::new(42);
        let bits: Vec<u64> = (0..3).map(|_| generator.normal().to_bits()).collect();
        assert_eq!(bits, PINNED_NORMALS);
    }

    const PINNED_NORMALS: [u64; 3] =
        [4_599_004_476_623_649_679, 4_603_979_260_401_508_409, 4_600_446_398_459_874_684];
}
