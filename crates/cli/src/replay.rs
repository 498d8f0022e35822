//! `payment-sim replay`

use psim_model::Tick;
use psim_model::event::EventBatch;
use psim_runner::Altered;

use crate::arguments::ReplayArguments;
use crate::failure::Failure;
use crate::presentation::{Presentation, beyond, known_agent};
use crate::{interrupt, output};

/// Prints a stored run again.
pub(crate) fn replay(arguments: &ReplayArguments) -> Result<(), Failure> {
    let (journal, run) = arguments.run().open()?;
    let ticks = match arguments.to_tick {
        Some(last) if last >= run.ticks_done => {
            return Err(beyond("--to-tick", Tick(last), run.ticks_done));
        }
        Some(last) => last + 1,
        None => run.ticks_done,
    };
    if let Some(agent) = &arguments.show.filter_agent {
        let scenario = journal.scenario(&run)?;
        known_agent("--filter-agent", agent, &scenario)?;
    }
    let from = Tick(arguments.from_tick.unwrap_or(0));
    let mut presentation = Presentation::new(&arguments.show, from, ticks)?;
    let mut out = output::stdout();
    let mut reader = journal.read(&run)?;
    let mut batch = EventBatch::default();
    let mut done = 0;
    while done < ticks && !interrupt::asked() && reader.next(&mut batch)? {
        presentation.observe(&batch, &mut out)?;
        done += 1;
    }
    presentation.conclude(&mut out)?;
    if done < ticks {
        output::problem("interrupted", &format!("stopped after {done} of {ticks} ticks"));
        return Err(Failure::Interrupted);
    }
    if ticks == run.ticks_done {
        // Altered events are not to pass for the run.
        Altered::check(&run, &presentation.summary().stream_hash())?;
    }
    Ok(())
}
