//! How a run differs from what was stored of it, in words.

use std::fmt;

use psim_engine::{BranchError, InstructionError, TickError};
use psim_model::Tick;

use crate::VERSION;

/// How a run differs from what was stored of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// An event is another; the first that is.
    Event {
        /// Tick of the event.
        tick: Tick,
        /// Its place in the stream.
        seq: u64,
        /// What was stored for this tick there, as JSON; `None` if nothing was.
        stored: Option<String>,
        /// What came now, as JSON; `None` if nothing came.
        again: Option<String>,
        /// The version that wrote the run, if it is another than this one.
        other_version: Option<String>,
    },
    /// A tick that was stored cannot happen.
    Refused(TickError),
    /// An instruction that was given by a call cannot be given again.
    Call {
        /// Tick before which it was given.
        tick: Tick,
        /// Place of its event in the stream.
        seq: u64,
        /// Its type.
        kind: &'static str,
        /// Its arguments, as they were stored.
        arguments: String,
        /// Why it was not carried out; `None` if it cannot even be read.
        refusal: Option<InstructionError>,
    },
    /// The run is a branch, and cannot be branched off again.
    Branch(BranchError),
    /// A tick is not among the stored ones.
    Missing {
        /// The tick.
        tick: Tick,
        /// Ticks that are.
        known: u32,
    },
    /// All compared events are the same, but something that was noted of the run is not.
    Note {
        /// What was noted.
        what: String,
        /// As it was stored.
        stored: String,
        /// As it is.
        again: String,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event { tick, seq, stored, again, other_version } => {
                writeln!(f, "the runs differ, first at tick {tick}, event {seq}")?;
                let nothing = "nothing more in this tick";
                writeln!(f, "  stored: {}", stored.as_deref().unwrap_or(nothing))?;
                write!(f, "  again:  {}", again.as_deref().unwrap_or(nothing))?;
                match other_version {
                    Some(version) => write!(
                        f,
                        "\n  it was run by version {version}, this is {VERSION}: results may differ"
                    ),
                    None => Ok(()),
                }
            }
            Self::Refused(error) => write!(f, "the run cannot be repeated: {error}"),
            Self::Call { tick, seq, kind, arguments, refusal } => {
                let why: &dyn fmt::Display = match refusal {
                    Some(refusal) => refusal,
                    None => &"it cannot be read",
                };
                writeln!(f, "the run cannot be repeated from tick {tick}, event {seq}: {why}")?;
                write!(f, "  stored: {kind} {arguments}")
            }
            Self::Branch(error) => write!(f, "it cannot be branched off again: {error}"),
            Self::Missing { tick, known } => {
                write!(f, "tick {tick} was not stored, only {known} ticks were")
            }
            Self::Note { what, stored, again } => {
                write!(f, "{what} was stored as {stored}, but is {again}")
            }
        }
    }
}
