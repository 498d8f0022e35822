//! `payment-sim trace`

use std::io::Write;

use psim_journal::{Journal, JournalError, StoredRun};
use psim_model::event::EventBatch;
use psim_view::{Fold, Life, Trace, unknown_payment};

use crate::arguments::{OutputForm, TraceArguments};
use crate::failure::Failure;
use crate::{interrupt, output};

/// Runs with no more events than this are searched; an index would save nothing that is felt.
const EVENTS_SEARCHED_MAX: u64 = 100_000;

/// Tells one payment's life.
pub(crate) fn trace(arguments: &TraceArguments) -> Result<(), Failure> {
    let named = arguments.run();
    let (journal, run) = named.open()?;
    if run.events > EVENTS_SEARCHED_MAX {
        // A file that cannot be changed now can still be searched.
        let _ =
            Journal::open_to_change(&named.db).and_then(|mut journal| journal.ensure_trace_index());
    }
    let life = life(&journal, &run, &arguments.tx)?;
    let mut out = output::stdout();
    match arguments.output {
        OutputForm::Text => write!(out, "{}", life.to_text())?,
        OutputForm::Json => writeln!(out, "{:#}", life.to_json())?,
    }
    Ok(out.flush()?)
}

fn life(journal: &Journal, run: &StoredRun, tx: &str) -> Result<Life, Failure> {
    let mut reader = match journal.read_payment(run, tx) {
        Err(JournalError::UnknownPayment { .. }) => return Err(unknown(journal, run, tx)?),
        outcome => outcome?,
    };
    let mut trace = Trace::with_names(tx, journal.names(run)?);
    let mut batch = EventBatch::default();
    while reader.next(&mut batch)? {
        if interrupt::asked() {
            return Err(Failure::Interrupted);
        }
        trace.observe(&batch);
    }
    Ok(trace.finish(run.ticks_done))
}

fn unknown(journal: &Journal, run: &StoredRun, tx: &str) -> Result<Failure, JournalError> {
    let unknown = unknown_payment(tx, &journal.names(run)?, journal.payment_count(run)?);
    Ok(Failure::Mistake(format!("run `{}` {unknown}", run.simulation_id)))
}
