//! Amounts over the day: a random order in which large and small are spread evenly.
//!
//! A plain shuffle would leave the day's value to where a few hundred very large payments happen
//! to fall. Here the day is cut into slices of equally many payments, and of every run of
//! neighbouring amounts each slice gets one; within its slice an amount falls anywhere.

use psim_model::Money;
use psim_random::Generator;

/// Number of slices of the day.
const SLICES: usize = 32;

/// Returns `sorted` in order of submission.
pub(crate) fn over_the_day(sorted: &[Money], generator: &mut Generator) -> Vec<Money> {
    let count = sorted.len();
    let mut places: Vec<Vec<usize>> = (0..SLICES)
        .map(|slice| {
            let slice_places = slice * count / SLICES..(slice + 1) * count / SLICES;
            let mut places: Vec<usize> = slice_places.collect();
            shuffle(&mut places, generator);
            places
        })
        .collect();
    let mut ordered = vec![Money::ZERO; count];
    let mut turn: Vec<usize> = (0..SLICES).collect();
    let mut largest_first = sorted.iter().rev();
    let rounds = count.div_ceil(SLICES);
    for _ in 0..rounds {
        shuffle(&mut turn, generator);
        // Slices differ by at most one place, so only the last round meets an empty one.
        for place in turn.iter().filter_map(|slice| places[*slice].pop()) {
            if let Some(amount) = largest_first.next() {
                ordered[place] = *amount;
            }
        }
    }
    ordered
}

/// Shuffles (Fisher-Yates, from the back).
fn shuffle(items: &mut [usize], generator: &mut Generator) {
    for index in (1..items.len()).rev() {
        items.swap(index, generator.index(index + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amounts(count: i64) -> Vec<Money> {
        (1..=count).map(Money::from_minor).collect()
    }

    #[test]
    fn nothing_is_lost_or_doubled() {
        for count in [0, 1, 2, 31, 32, 33, 100, 1_000] {
            let sorted = amounts(count);
            let mut ordered = over_the_day(&sorted, &mut Generator::new(42));
            ordered.sort_unstable();
            assert_eq!(ordered, sorted);
        }
    }

    #[test]
    fn each_slice_gets_one_of_every_run_of_neighbours() {
        let ordered = over_the_day(&amounts(320), &mut Generator::new(42));
        for slice in ordered.chunks(10) {
            // The largest 32 amounts are 289 to 320, the next 32 are 257 to 288, and so on.
            let mut runs: Vec<i64> = slice.iter().map(|amount| (amount.minor() - 1) / 32).collect();
            runs.sort_unstable();
            assert_eq!(runs, (0..10).collect::<Vec<_>>());
        }
    }

    #[test]
    fn another_seed_gives_another_order() {
        let order = |seed| over_the_day(&amounts(100), &mut Generator::new(seed));
        assert_eq!(order(1), order(1));
        assert_ne!(order(1), order(2));
    }
}
