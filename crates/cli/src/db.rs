//! `payment-sim db`

use std::io::{self, Write};
use std::path::Path;

use psim_journal::{Journal, StoredAncestor, StoredCheckpoint, StoredDay, StoredRun};
use serde_json::{Value, json};

use crate::arguments::{DbCommand, OutputForm};
use crate::failure::Failure;
use crate::output;

/// Looks after a run database.
pub(crate) fn db(command: &DbCommand) -> Result<(), Failure> {
    let mut out = output::stdout();
    match command {
        DbCommand::List { db, output } => list(&mut out, db, *output)?,
        DbCommand::Info { run, output } => {
            let (journal, stored) = run.open()?;
            let info = Info {
                days: journal.days(&stored)?,
                ancestors: journal.ancestors(&stored)?,
                checkpoints: journal.checkpoints(&stored)?,
                run: stored,
            };
            match output {
                OutputForm::Text => write_info(&mut out, &info)?,
                OutputForm::Json => writeln!(out, "{:#}", info_json(&info))?,
            }
        }
        DbCommand::Delete { db, simulation_id } => {
            Journal::open_to_change(db)?.delete(simulation_id)?;
            writeln!(out, "deleted run `{simulation_id}`")?;
        }
        DbCommand::Vacuum { db } => {
            let sizes = Journal::open_to_change(db)?.vacuum()?;
            writeln!(out, "{} bytes before, {} after", sizes.bytes_before, sizes.bytes_after)?;
        }
    }
    Ok(out.flush()?)
}

fn list(out: &mut impl Write, db: &Path, form: OutputForm) -> Result<(), Failure> {
    let journal = Journal::open(db)?;
    let runs = journal.runs()?;
    match form {
        OutputForm::Json => {
            let mut list = Vec::with_capacity(runs.len());
            for run in &runs {
                list.push(run_json(run, &journal.ancestors(run)?));
            }
            writeln!(out, "{:#}", Value::from(list))?;
        }
        OutputForm::Text if runs.is_empty() => writeln!(out, "no runs")?,
        OutputForm::Text => {
            let ids = runs.iter().map(|run| run.simulation_id.chars().count());
            let width = ids.max().unwrap_or_default().max("run".len());
            writeln!(
                out,
                "{:width$}  {:20}  {:>10}  {:>12}  scenario",
                "run", "begun", "ticks", "events"
            )?;
            for run in &runs {
                let ticks = format!("{}/{}", run.ticks_done, run.ticks_asked);
                let parent = journal.ancestors(run)?.pop();
                let branch = parent.map_or_else(String::new, |parent| {
                    format!("  (branch of {} from tick {})", parent.simulation_id, parent.tick)
                });
                writeln!(
                    out,
                    "{:width$}  {:20}  {ticks:>10}  {:>12}  {}{branch}{}",
                    run.simulation_id,
                    run.created_at,
                    run.events,
                    run.source,
                    if run.is_complete { "" } else { "  (incomplete)" },
                )?;
            }
        }
    }
    Ok(())
}

/// All that is told of a run.
struct Info {
    run: StoredRun,
    days: Vec<StoredDay>,
    ancestors: Vec<StoredAncestor>,
    checkpoints: Vec<StoredCheckpoint>,
}

fn write_info(out: &mut impl Write, info: &Info) -> io::Result<()> {
    let Info { run, days, ancestors, checkpoints } = info;
    let state = match run.ticks_done.checked_sub(1) {
        _ if run.is_complete => "complete".to_owned() + asked_part(run),
        Some(last) => format!("incomplete, stopped after tick {last}"),
        None => "incomplete, stopped before its first tick was written".to_owned(),
    };
    writeln!(out, "run            {}", run.simulation_id)?;
    writeln!(out, "state          {state}")?;
    writeln!(out, "scenario       {}", run.source)?;
    writeln!(out, "scenario hash  {}", run.scenario_hash)?;
    for StoredAncestor { simulation_id, tick, changes } in ancestors {
        writeln!(out, "branch of      {simulation_id}, from tick {tick}")?;
        for change in changes {
            writeln!(out, "  with         {change}")?;
        }
    }
    for change in &run.overrides {
        writeln!(out, "changed        {change}")?;
    }
    writeln!(out, "seed           {}", run.rng_seed)?;
    writeln!(out, "version        {}", run.version)?;
    writeln!(out, "begun          {}", run.created_at)?;
    writeln!(out, "days           {} of {} ticks", run.num_days, run.ticks_per_day)?;
    writeln!(out, "ticks          {} of {} asked for", run.ticks_done, run.ticks_asked)?;
    writeln!(out, "events         {}", run.events)?;
    if !checkpoints.is_empty() {
        writeln!(out, "checkpoints    {}", checkpoints_told(checkpoints))?;
    }
    let hash = run.stream_hash.as_deref().unwrap_or("none: the run was cut off");
    writeln!(out, "stream hash    {hash}")?;
    for day in days {
        let hash = day.hash.as_deref().unwrap_or("-");
        writeln!(out, "  day {:<4} {:>12} events  {hash}", day.day, day.events)?;
    }
    Ok(())
}

/// Says before which ticks there are checkpoints; of many, the first and the last.
fn checkpoints_told(checkpoints: &[StoredCheckpoint]) -> String {
    const LISTED: usize = 20;
    let ticks: Vec<String> = checkpoints.iter().map(|it| it.tick.to_string()).collect();
    match ticks.as_slice() {
        [first, .., last] if ticks.len() > LISTED => {
            format!("{}, from before {first} to before {last}", ticks.len())
        }
        few => format!("before {}", few.join(", ")),
    }
}

/// A run may be complete and yet not the whole scenario.
fn asked_part(run: &StoredRun) -> &'static str {
    let horizon = u64::from(run.num_days) * u64::from(run.ticks_per_day);
    if u64::from(run.ticks_asked) < horizon { ", as far as was asked for" } else { "" }
}

fn run_json(run: &StoredRun, ancestors: &[StoredAncestor]) -> Value {
    let branch = ancestors.last().map(|it| json!({"parent": it.simulation_id, "tick": it.tick.0}));
    json!({
        "simulation_id": run.simulation_id,
        "is_complete": run.is_complete,
        "source": run.source,
        "branch": branch,
        "scenario_hash": run.scenario_hash,
        "overrides": run.overrides,
        "rng_seed": run.rng_seed,
        "version": run.version,
        "created_at": run.created_at,
        "ticks_per_day": run.ticks_per_day,
        "num_days": run.num_days,
        "ticks_asked": run.ticks_asked,
        "ticks_done": run.ticks_done,
        "events": run.events,
        "stream_hash": run.stream_hash,
    })
}

fn ancestor_json(it: &StoredAncestor) -> Value {
    json!({"simulation_id": it.simulation_id, "tick": it.tick.0, "changes": it.changes})
}

fn info_json(info: &Info) -> Value {
    let Info { run, days, ancestors, checkpoints } = info;
    let mut info = run_json(run, ancestors);
    info["ancestors"] = ancestors.iter().map(ancestor_json).collect();
    info["checkpoints"] = checkpoints.iter().map(|it| json!(it.tick.0)).collect();
    let days = days.iter();
    info["days"] =
        days.map(|day| json!({"day": day.day, "events": day.events, "hash": day.hash})).collect();
    info
}
