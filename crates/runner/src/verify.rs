//! A stored run against the same scenario run again.

pub(crate) mod calls;
mod difference;

use psim_journal::{Journal, JournalError, StoredRun};
use psim_model::event::{Event, EventBatch, EventJson, Names};
use psim_view::StreamHash;

use crate::VERSION;
use crate::retrace::Again;

pub use difference::Difference;

/// What came of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every event is the same, and so is what was noted of the run.
    Same {
        /// Ticks compared.
        ticks: u32,
        /// Events compared.
        events: u64,
        /// Hash of the stream.
        stream_hash: String,
        /// Whether the run had come to its end.
        is_complete: bool,
    },
    /// They differ.
    Differs(Difference),
}

/// Runs the scenario of a stored run again, with the instructions that were given to it by calls
/// between ticks, and compares every event of the ticks that were stored, the hash of each day and
/// of the stream, and the version that was noted. A branch is run again as the runs that it was,
/// each up to its tick, then as itself; checkpoints are not used.
///
/// # Errors
///
/// [`JournalError`]: the run cannot be read. A run that differs is no error.
pub fn verify(journal: &Journal, run: &StoredRun) -> Result<Verdict, JournalError> {
    let mut again = Again::begin(journal, run)?;
    let mut reader = journal.read(run)?;
    let mut stored = EventBatch::default();
    while reader.next(&mut stored)? {
        if let Some(difference) = version_difference(run, &stored) {
            return Ok(Verdict::Differs(difference));
        }
        if let Err(difference) = again.tick(run, &stored) {
            return Ok(Verdict::Differs(difference));
        }
    }
    let hash = again.hash();
    if let Some(difference) = hash_difference(journal, run, hash)? {
        return Ok(Verdict::Differs(difference));
    }
    Ok(Verdict::Same {
        ticks: run.ticks_done,
        events: run.events,
        stream_hash: hash.total(),
        is_complete: run.is_complete,
    })
}

/// Compares the version that was noted with the one that opens the stream.
fn version_difference(run: &StoredRun, stored: &EventBatch) -> Option<Difference> {
    let Some(Event::RunStarted(started)) = stored.events().first() else { return None };
    let told = stored.text_of(started.version);
    (told != run.version).then(|| Difference::Note {
        what: "version".to_owned(),
        stored: run.version.clone(),
        again: told.to_owned(),
    })
}

/// Compares the hashes that were kept: all of them for a complete run, those there are for another.
fn hash_difference(
    journal: &Journal,
    run: &StoredRun,
    hash: &StreamHash,
) -> Result<Option<Difference>, JournalError> {
    let mut kept: Vec<(String, Option<String>, String)> = Vec::new();
    let stored_days = journal.days(run)?;
    for (day, again) in hash.days().iter().enumerate() {
        let stored = stored_days.get(day).and_then(|stored| stored.hash.clone());
        kept.push((format!("the hash of day {day}"), stored, again.to_string()));
    }
    kept.push(("the hash of the stream".to_owned(), run.stream_hash.clone(), hash.total()));
    let different = kept.into_iter().find(|(_, stored, again)| match stored {
        Some(stored) => stored != again,
        None => run.is_complete,
    });
    Ok(different.map(|(what, stored, again)| Difference::Note {
        what,
        stored: stored.unwrap_or_else(|| "nothing".to_owned()),
        again,
    }))
}

/// Returns the first event of a tick that is not as it was stored.
pub(crate) fn first_difference(
    run: &StoredRun,
    stored: &EventBatch,
    again: &EventBatch,
    names: &Names,
) -> Option<Difference> {
    let row = |batch: &EventBatch, index: usize| {
        let mut row = Vec::new();
        batch.events().get(index)?.encode(batch.columns(), &mut row);
        Some(row)
    };
    let count = stored.events().len().max(again.events().len());
    let index = (0..count).find(|index| row(stored, *index) != row(again, *index))?;
    let shown = |batch: &EventBatch| {
        batch.events().get(index)?;
        serde_json::to_string(&EventJson { batch, index, names }).ok()
    };
    Some(Difference::Event {
        tick: again.tick(),
        seq: again.first_seq() + index as u64,
        stored: shown(stored),
        again: shown(again),
        other_version: (run.version != VERSION).then(|| run.version.clone()),
    })
}
