//! A stored run against the same scenario run again.

use std::fmt;

use psim_engine::{Engine, TickError};
use psim_journal::{Journal, JournalError, StoredRun};
use psim_model::Tick;
use psim_model::event::{EventBatch, EventJson, Names};
use psim_view::{Fold, StreamHash};

use crate::VERSION;

/// What came of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every event is the same, and so are the stored hashes, if there are any.
    Same {
        /// Ticks compared.
        ticks: u32,
        /// Events compared.
        events: u64,
        /// Hash of the stream.
        stream_hash: String,
    },
    /// They differ.
    Differs(Difference),
}

/// How a run differs from what was stored of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// An event is another; the first that is.
    Event {
        /// Tick of the event.
        tick: Tick,
        /// Its place in the stream.
        seq: u64,
        /// What was stored, as JSON; `None` if there was nothing.
        stored: Option<String>,
        /// What came now, as JSON; `None` if nothing came.
        again: Option<String>,
        /// The version that wrote the run, if it is another than this one.
        other_version: Option<String>,
    },
    /// A tick that was stored cannot happen.
    Refused(TickError),
    /// All events are the same, but the hash that was stored is another.
    Hash {
        /// The stored hash.
        stored: String,
        /// The hash of the events.
        again: String,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event { tick, seq, stored, again, other_version } => {
                writeln!(f, "the runs differ, first at tick {tick}, event {seq}")?;
                writeln!(f, "  stored: {}", stored.as_deref().unwrap_or("nothing"))?;
                write!(f, "  again:  {}", again.as_deref().unwrap_or("nothing"))?;
                match other_version {
                    Some(version) => write!(
                        f,
                        "\n  it was run by version {version}, this is {VERSION}: results may differ"
                    ),
                    None => Ok(()),
                }
            }
            Self::Refused(error) => write!(f, "the run cannot be repeated: {error}"),
            Self::Hash { stored, again } => write!(
                f,
                "the events are the same, but the stored hash is {stored} and theirs is {again}"
            ),
        }
    }
}

/// Runs the scenario of a stored run again and compares every event of the ticks that were stored,
/// and the hash of the stream.
pub fn verify(journal: &Journal, run: &StoredRun) -> Result<Verdict, JournalError> {
    let mut engine = Engine::new(journal.scenario(run)?);
    let mut reader = journal.read(run)?;
    let (mut stored, mut again) = (EventBatch::default(), EventBatch::default());
    let mut hash = StreamHash::new();
    let mut names = Names::default();
    while reader.next(&mut stored)? {
        if let Err(error) = engine.tick(&mut again) {
            return Ok(Verdict::Differs(Difference::Refused(error)));
        }
        names.observe(&again);
        if let Some(difference) = first_difference(run, &stored, &again, &names) {
            return Ok(Verdict::Differs(difference));
        }
        hash.observe(&again);
    }
    let again = hash.total();
    Ok(match &run.stream_hash {
        Some(stored) if *stored != again => {
            Verdict::Differs(Difference::Hash { stored: stored.clone(), again })
        }
        _ => Verdict::Same { ticks: run.ticks_done, events: run.events, stream_hash: again },
    })
}

fn first_difference(
    run: &StoredRun,
    stored: &EventBatch,
    again: &EventBatch,
    names: &Names,
) -> Option<Difference> {
    let row = |batch: &EventBatch, index: usize| {
        let mut row = Vec::new();
        batch.events().get(index)?.encode(batch.texts(), &mut row);
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
