//! `payment-sim replay`

use psim_journal::Journal;
use psim_model::Tick;
use psim_model::event::EventBatch;

use crate::arguments::ReplayArguments;
use crate::failure::Failure;
use crate::presentation::{Presentation, beyond};
use crate::run::known_agent;
use crate::{interrupt, output};

/// Prints a stored run again.
pub(crate) fn replay(arguments: &ReplayArguments) -> Result<(), Failure> {
    let journal = Journal::open(&arguments.db)?;
    let run = journal.resolve(arguments.simulation_id.as_deref())?;
    let ticks = match arguments.to_tick {
        Some(last) if last >= run.ticks_done => {
            return Err(beyond("--to-tick", Tick(last), run.ticks_done));
        }
        Some(last) => last + 1,
        None => run.ticks_done,
    };
    if let Some(agent) = &arguments.show.filter_agent {
        let scenario = journal.scenario(&run)?;
        known_agent(
            "--filter-agent",
            agent,
            scenario.agents.iter().map(|agent| agent.id.as_str()),
        )?;
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
    match &run.stream_hash {
        Some(kept) if ticks == run.ticks_done => compare_hash(&presentation, kept),
        _ => Ok(()),
    }
}

/// Refuses to let altered events pass for the run: their hash was kept beside them.
fn compare_hash(presentation: &Presentation, kept: &str) -> Result<(), Failure> {
    let found = presentation.summary().finish().run.stream_hash;
    if found == kept {
        return Ok(());
    }
    Err(Failure::Mistake(format!(
        "the stored events are not those of the run: their hash is {found}, that of the run was \
         {kept}; `payment-sim verify` finds the first that differs"
    )))
}
