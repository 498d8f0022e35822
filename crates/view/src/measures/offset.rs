//! On which paths value settled, and what offsetting saved.

use psim_model::Total;
use psim_model::event::LsmAlgorithm;
use serde::Serialize;

use super::days::DayRecord;
use crate::json::minor_units;
use crate::state::{Place, Settlement, State, Tally};
use crate::summary::saving::{SavingWatch, Sets};

/// On which paths value settled. Parts of split payments count as payments.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OffsetMeasures {
    /// Each path on which something settled.
    pub mechanisms: Vec<MechanismRow>,
    /// Share of the settled value that settled in sets.
    ///
    /// Formula: value settled by offset on entry and by algorithms / value settled. Unit: share of
    /// 1. Source: as `share` of the mechanisms.
    pub offset_share: Option<f64>,
    /// How far what is paid in a day offsets itself.
    ///
    /// Formula: 1 − Σ max(0, paid − received) / Σ paid, over agents and days, of settled payments.
    /// Unit: share of 1. Source: multilateral net positions after the CPSS, "A glossary of terms
    /// used in payments and settlement systems", 2003.
    pub netting_ratio: Option<f64>,
}

/// What settled on one path.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MechanismRow {
    /// `on_entry`, `from_queue2`, `entry_offset`, or the word of the events for an algorithm.
    pub mechanism: &'static str,
    /// The same for programs in Rust, and in words for people.
    #[serde(skip)]
    pub how: Settlement,
    /// How many payments, and how much.
    #[serde(flatten)]
    pub settled: Tally,
    /// Share of all settled value.
    ///
    /// Formula: value settled on this path / value settled. Unit: share of 1. Source: offset shares
    /// of the Reserve Bank of Australia, Research Discussion Paper 2012-05.
    pub share: Option<f64>,
    /// How many sets it settled in; 0 where each payment settles by itself.
    pub sets: u64,
    /// What agents paid on balance.
    #[serde(serialize_with = "minor_units")]
    pub moved: Total,
    /// What was offset.
    ///
    /// Formula: 1 − Σ over sets and agents of max(0, paid − received) / value. Unit: share of 1.
    pub netting_ratio: Option<f64>,
}

/// A path, and what settled on it.
#[derive(Clone, Copy, Debug)]
struct Path {
    how: Settlement,
    settled: Tally,
}

/// Returns all paths, in the order of the report.
fn paths() -> impl Iterator<Item = Path> {
    let algorithms = LsmAlgorithm::ALL.iter().copied().map(Settlement::ByAlgorithm);
    let others = [Settlement::OnEntry, Settlement::FromQueue2, Settlement::EntryOffset];
    others.into_iter().chain(algorithms).map(|how| Path { how, settled: Tally::default() })
}

/// Measures by which paths the payments of a run settled.
pub(super) fn measure(state: &State, saving: &SavingWatch, days: &[DayRecord]) -> OffsetMeasures {
    let mut paths: Vec<Path> = paths().collect();
    let mut all = Tally::default();
    for payment in &state.payments {
        let Place::Settled { how, .. } = payment.place else { continue };
        if let Some(path) = paths.iter_mut().find(|path| path.how == how) {
            path.settled.add(payment.amount);
            all.add(payment.amount);
        }
    }
    let offset = paths.iter().filter(|path| path.sets(saving).is_some());
    let offset: Total = offset.map(|path| path.settled.value).sum();
    let used = paths.iter().filter(|path| path.settled.count > 0);
    OffsetMeasures {
        mechanisms: used.map(|path| path.row(saving, &all)).collect(),
        offset_share: offset.share_of(all.value),
        netting_ratio: netting_ratio(days),
    }
}

impl Path {
    /// Returns the sets that settled on it; `None` where each payment settles by itself.
    fn sets(&self, saving: &SavingWatch) -> Option<Sets> {
        match self.how {
            Settlement::EntryOffset | Settlement::ByAlgorithm(_) => {
                Some(saving.sets(self.how.algorithm()))
            }
            Settlement::OnEntry | Settlement::FromQueue2 | Settlement::InParts => None,
        }
    }

    fn row(&self, saving: &SavingWatch, all: &Tally) -> MechanismRow {
        let Self { how, settled } = *self;
        let sets = self.sets(saving);
        let moved = sets.map_or(settled.value, |sets| sets.moved);
        MechanismRow {
            mechanism: how.algorithm().map_or(how.word(), LsmAlgorithm::as_str),
            how,
            settled,
            share: settled.value_share_of(all),
            sets: sets.map_or(0, |sets| sets.number),
            moved,
            netting_ratio: (settled.value - moved).share_of(settled.value),
        }
    }
}

fn netting_ratio(days: &[DayRecord]) -> Option<f64> {
    let (mut paid, mut net) = (Total::ZERO, Total::ZERO);
    for agent in days.iter().flat_map(|day| &day.agents) {
        paid += agent.sent.value;
        net += (agent.sent.value - agent.received.value).max(Total::ZERO);
    }
    (paid - net).share_of(paid)
}
