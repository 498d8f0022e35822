//! `payment-sim checkpoint`

use std::io::Write;

use psim_journal::{Journal, StoredCheckpoint, StoredRun};
use psim_model::Tick;
use psim_runner::stored_checkpoint;
use serde_json::{Value, json};

use crate::arguments::{CheckpointCommand, OutputForm};
use crate::failure::Failure;
use crate::output;

/// Looks after the checkpoints of a run.
pub(crate) fn checkpoint(command: &CheckpointCommand) -> Result<(), Failure> {
    let mut out = output::stdout();
    match command {
        CheckpointCommand::List { run, output } => {
            let (journal, stored) = run.open()?;
            list(&mut out, &journal.checkpoints(&stored)?, *output)?;
        }
        CheckpointCommand::Info { run, at, output } => {
            let (journal, stored) = run.open()?;
            info(&mut out, &journal, &stored, (at.map(Tick), *output))?;
        }
        CheckpointCommand::Delete { run, at, .. } => {
            let named = run.named();
            let mut journal = Journal::open_to_change(&named.db)?;
            let stored = journal.resolve(named.simulation_id.as_deref())?;
            let at: Vec<Tick> = at.iter().copied().map(Tick).collect();
            let ticks = (!at.is_empty()).then_some(at.as_slice());
            let deleted = journal.delete_checkpoints(&stored, ticks)?;
            let plural = if deleted == 1 { "" } else { "s" };
            writeln!(
                out,
                "deleted {deleted} checkpoint{plural} of run `{}`",
                stored.simulation_id
            )?;
        }
    }
    Ok(out.flush()?)
}

fn list(
    out: &mut impl Write,
    checkpoints: &[StoredCheckpoint],
    form: OutputForm,
) -> Result<(), Failure> {
    match form {
        OutputForm::Json => {
            let checkpoints: Vec<Value> = checkpoints.iter().map(checkpoint_json).collect();
            writeln!(out, "{:#}", Value::from(checkpoints))?;
        }
        OutputForm::Text if checkpoints.is_empty() => writeln!(out, "no checkpoints")?,
        OutputForm::Text => {
            writeln!(out, "{:>10}  {:>12}  {:>12}  made", "before tick", "events", "bytes")?;
            for it in checkpoints {
                let (tick, events, bytes) = (it.tick, it.events, it.packed_bytes);
                writeln!(out, "{tick:>11}  {events:>12}  {bytes:>12}  {}", it.created_at)?;
            }
        }
    }
    Ok(())
}

fn info(
    out: &mut impl Write,
    journal: &Journal,
    run: &StoredRun,
    (at, form): (Option<Tick>, OutputForm),
) -> Result<(), Failure> {
    let last = journal.checkpoint_before(run, at.unwrap_or(Tick(u32::MAX)))?;
    let Some(kept) = last.filter(|kept| at.is_none_or(|tick| tick == kept.tick)) else {
        return Err(journal.no_checkpoint(run, at.unwrap_or(Tick(run.ticks_done)))?.into());
    };
    let found = stored_checkpoint(journal, run, &kept)?;
    match form {
        OutputForm::Json => {
            let mut info = checkpoint_json(&kept);
            info["simulation_id"] = json!(run.simulation_id);
            info["version"] = json!(found.version());
            info["scenario_hash"] = json!(found.scenario().to_string());
            info["state_bytes"] = json!(found.state_bytes());
            writeln!(out, "{info:#}")?;
        }
        OutputForm::Text => {
            writeln!(out, "run            {}", run.simulation_id)?;
            writeln!(out, "before tick    {} of {}", kept.tick, run.ticks_asked)?;
            writeln!(out, "events         {}", kept.events)?;
            writeln!(out, "stream hash    {}", kept.stream_hash)?;
            writeln!(out, "scenario hash  {}", found.scenario())?;
            writeln!(out, "version        {}", found.version())?;
            writeln!(out, "made           {}", kept.created_at)?;
            let (bytes, packed) = (found.state_bytes(), kept.packed_bytes);
            writeln!(out, "state          {bytes} bytes, {packed} packed")?;
            writeln!(out, "sound          yes: the run can go on from it")?;
        }
    }
    Ok(())
}

fn checkpoint_json(kept: &StoredCheckpoint) -> Value {
    json!({
        "tick": kept.tick.0,
        "events": kept.events,
        "stream_hash": kept.stream_hash,
        "packed_bytes": kept.packed_bytes,
        "created_at": kept.created_at,
    })
}
