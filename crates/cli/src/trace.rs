//! `payment-sim trace`

use std::io::Write;

use psim_journal::Journal;
use psim_model::event::EventBatch;
use psim_view::{Fold, Trace};

use crate::arguments::{OutputForm, TraceArguments};
use crate::failure::Failure;
use crate::{interrupt, output};

/// Tells one payment's life.
pub(crate) fn trace(arguments: &TraceArguments) -> Result<(), Failure> {
    let journal = Journal::open(&arguments.db)?;
    let run = journal.resolve(arguments.simulation_id.as_deref())?;
    let mut trace = Trace::new(&arguments.tx);
    let mut reader = journal.read(&run)?;
    let mut batch = EventBatch::default();
    while reader.next(&mut batch)? {
        if interrupt::asked() {
            return Err(Failure::Interrupted);
        }
        trace.observe(&batch);
    }
    if !trace.found() {
        return Err(unknown(&arguments.tx, &run.simulation_id, &trace.suggestions()));
    }
    let mut out = output::stdout();
    match arguments.output {
        OutputForm::Text => write!(out, "{}", trace.to_text())?,
        OutputForm::Json => writeln!(out, "{:#}", trace.to_json())?,
    }
    Ok(out.flush()?)
}

fn unknown(tx: &str, run: &str, near: &[String]) -> Failure {
    let near: Vec<String> = near.iter().map(|id| format!("`{id}`")).collect();
    let hint = match near.as_slice() {
        [] => String::new(),
        near => format!("; did you mean {}?", near.join(" or ")),
    };
    Failure::Mistake(format!("run `{run}` has no payment `{tx}`{hint}"))
}
