//! `payment-sim verify`

use std::io::Write;

use psim_runner::{Verdict, verify as compare};

use crate::arguments::StoredRunArguments;
use crate::failure::Failure;
use crate::output;

/// Runs a stored scenario again and compares every event and hash.
pub(crate) fn verify(arguments: &StoredRunArguments) -> Result<(), Failure> {
    let (journal, run) = arguments.open()?;
    let mut out = output::stdout();
    match compare(&journal, &run)? {
        Verdict::Same { ticks, events, stream_hash, is_complete } => {
            let id = &run.simulation_id;
            let rest = if is_complete {
                String::new()
            } else {
                format!("; it stopped there; {} ticks were asked for", run.ticks_asked)
            };
            writeln!(out, "run `{id}`: the same {events} events in {ticks} ticks{rest}")?;
            writeln!(out, "stream hash {stream_hash}")?;
            Ok(out.flush()?)
        }
        Verdict::Differs(difference) => Err(Failure::mistake(difference)),
    }
}
