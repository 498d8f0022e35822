//! Weighted choice in constant time (Walker's alias method, built as Vose does).

use psim_random::Generator;

/// A distribution over the indices of its weights.
#[derive(Clone, Debug)]
pub(crate) struct AliasTable {
    /// For each index: keep it if 32 random bits lie below the first part, else take the second.
    columns: Vec<(u32, u32)>,
}

impl AliasTable {
    /// Prepares draws in proportion to weights, of which there is at least one; they are not
    /// negative and have a positive sum.
    pub(crate) fn new(weights: &[f64]) -> Self {
        let scale = weights.len() as f64 / weights.iter().sum::<f64>();
        let mut left: Vec<f64> = weights.iter().map(|weight| weight * scale).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..left.len()).rev().partition(|index| left[*index] < 1.0);
        let mut columns: Vec<(u32, u32)> =
            (0..left.len()).map(|index| (u32::MAX, narrow(index))).collect();
        while let (Some(low), Some(high)) = (small.pop(), large.last().copied()) {
            columns[low] = (threshold(left[low]), narrow(high));
            left[high] -= 1.0 - left[low];
            if left[high] < 1.0 {
                large.pop();
                small.push(high);
            }
        }
        Self { columns }
    }

    /// Draws an index (one draw).
    pub(crate) fn draw(&self, generator: &mut Generator) -> u32 {
        let bits = generator.next_u64();
        let column = narrow_u64(((bits >> 32) * self.columns.len() as u64) >> 32);
        let (keep_below, other) = self.columns[column as usize];
        if narrow_u64(bits & 0xFFFF_FFFF) < keep_below { column } else { other }
    }
}

fn narrow(index: usize) -> u32 {
    u32::try_from(index).expect("Invariant: fewer than 2^32 weights")
}

fn narrow_u64(number: u64) -> u32 {
    u32::try_from(number).expect("Invariant: the number was cut to 32 bits")
}

/// Turns a probability into a threshold for 32 random bits.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
fn threshold(probability: f64) -> u32 {
    (probability * 4_294_967_296.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(weights: &[f64]) {
        const DRAWS: u32 = 200_000;
        let table = AliasTable::new(weights);
        let mut generator = Generator::new(42);
        let mut counts = vec![0_u32; weights.len()];
        for _ in 0..DRAWS {
            counts[table.draw(&mut generator) as usize] += 1;
        }
        let sum: f64 = weights.iter().sum();
        for (weight, count) in weights.iter().zip(counts) {
            let drawn = f64::from(count) / f64::from(DRAWS);
            // Five standard errors of a share at worst.
            assert!((drawn - weight / sum).abs() < 0.006, "{weight} of {sum}: {drawn}");
            assert!(*weight > 0.0 || count == 0);
        }
    }

    #[test]
    fn draws_follow_the_weights() {
        check(&[1.0]);
        check(&[1.0, 1.0, 1.0]);
        check(&[0.0, 3.0, 1.0, 0.0]);
        check(&[1e-9, 1e9, 1e9]);
        check(&[8.0, 4.0, 2.0, 1.0, 0.5, 0.25]);
    }
}
