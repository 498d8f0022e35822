//! How long payments waited.

use psim_view::{MeasuresFold, Tally};

use super::{Chart, Unit};
use crate::measured::Measured;

/// Payments by the time they took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct WaitBins {
    /// By bin: none, one tick, then twice as long each time.
    pub(crate) settled: Vec<Tally>,
    pub(crate) unsettled: Tally,
}

impl WaitBins {
    /// Sorts the payments that arrived, each as a whole.
    pub(crate) fn of(measures: &MeasuresFold) -> Self {
        let mut bins = Self::default();
        for figures in measures.payments() {
            let payment = figures.payment;
            if payment.parent.is_some() {
                continue;
            }
            let tally = if payment.settled_at().is_some() {
                let bin = bin_of(figures.wait_ticks);
                if bins.settled.len() <= bin {
                    bins.settled.resize(bin + 1, Tally::default());
                }
                &mut bins.settled[bin]
            } else {
                &mut bins.unsettled
            };
            tally.count += 1;
            tally.value += payment.amount;
        }
        bins
    }
}

const fn bin_of(ticks: u32) -> usize {
    match ticks.checked_ilog2() {
        None => 0,
        Some(power) => power as usize + 1,
    }
}

/// Returns `0`, `1`, `2 to 3`, `4 to 7` …
fn label(bin: usize) -> String {
    match bin {
        0 => "0".to_owned(),
        1 => "1".to_owned(),
        bin => format!("{} to {}", 1_u64 << (bin - 1), (1_u64 << bin) - 1),
    }
}

/// The share of payments that took so long, by number and by value.
pub(super) fn distribution(run: &Measured) -> Option<Chart> {
    let bins = &run.waits;
    let mut categories: Vec<String> = (0..bins.settled.len()).map(label).collect();
    let mut tallies = bins.settled.clone();
    if bins.unsettled.count > 0 {
        categories.push("unsettled".to_owned());
        tallies.push(bins.unsettled);
    }
    let arrived = tallies.iter().fold(Tally::default(), |sum, tally| Tally {
        count: sum.count + tally.count,
        value: sum.value + tally.value,
    });
    let about = "The share of payments that arrived by how many ticks they took to settle.";
    let mut chart = Chart::over_categories("delay", "Ticks to settlement", Unit::Share, about);
    chart.categories = categories;
    chart.add("of payments", tallies.iter().map(|tally| tally.count as f64 / arrived.count as f64));
    let of_value = |tally: &Tally| tally.value.share_of(arrived.value).unwrap_or_default();
    chart.add("of value", tallies.iter().map(of_value));
    Some(chart).filter(|_| arrived.count > 0)
}

#[cfg(test)]
mod tests {
    use super::{bin_of, label};

    #[test]
    fn each_time_is_in_the_bin_that_names_it() {
        assert_eq!([0, 1, 2, 3, 4, 7, 8].map(bin_of), [0, 1, 2, 2, 3, 3, 4]);
        assert_eq!([0, 1, 2, 3, 4].map(label), ["0", "1", "2 to 3", "4 to 7", "8 to 15"]);
        assert_eq!(label(bin_of(u32::MAX)), "2147483648 to 4294967295");
    }
}
