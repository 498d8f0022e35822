//! Gridlock resolution by brute force: every vector of prefixes is tried.

/// Queues of banks 0, 1, …: the receiver and the amount of each payment, in order.
pub(crate) type Queues = Vec<Vec<(usize, i64)>>;

/// The most that can settle together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Most {
    /// How many payments at most.
    pub(crate) count: usize,
    /// Which value at most.
    pub(crate) value: i64,
    /// How many of each bank, where both are reached at once.
    pub(crate) taken: Vec<usize>,
}

/// Tries all vectors of prefixes with which no bank ends below zero. Panics if none of them has
/// both the most payments and the most value.
pub(crate) fn most(balances: &[i64], queues: &Queues) -> Most {
    let mut found = Most { taken: vec![0; queues.len()], ..Most::default() };
    let mut taken = vec![0; queues.len()];
    let (mut best_count, mut best_value) = (0, 0);
    loop {
        if let Some((count, value)) = settled(balances, queues, &taken) {
            best_count = best_count.max(count);
            best_value = best_value.max(value);
            if (count, value) >= (found.count, found.value) {
                found = Most { count, value, taken: taken.clone() };
            }
        }
        // The next vector, counting up as in a number whose digits are the prefixes.
        let Some(bank) = (0..taken.len()).find(|bank| taken[*bank] < queues[*bank].len()) else {
            break;
        };
        taken[bank] += 1;
        taken[..bank].fill(0);
    }
    assert_eq!((found.count, found.value), (best_count, best_value), "no vector is the largest");
    found
}

/// Returns count and value of the prefixes if no bank ends below zero.
fn settled(balances: &[i64], queues: &Queues, taken: &[usize]) -> Option<(usize, i64)> {
    let mut after = [0; 8];
    after[..balances.len()].copy_from_slice(balances);
    let (mut count, mut value) = (0, 0);
    for (bank, queue) in queues.iter().enumerate() {
        for (receiver, amount) in &queue[..taken[bank]] {
            after[bank] -= amount;
            after[*receiver] += amount;
            count += 1;
            value += amount;
        }
    }
    after.iter().all(|balance| *balance >= 0).then_some((count, value))
}
