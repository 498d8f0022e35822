//! `payment-sim export`

use std::io::Write;

use psim_journal::Journal;
use psim_runner::{ExportError, ExportOptions};

use crate::arguments::ExportArguments;
use crate::failure::Failure;
use crate::{interrupt, output};

/// Writes the tables of a stored run.
pub(crate) fn export(arguments: &ExportArguments) -> Result<(), Failure> {
    let journal = Journal::open(&arguments.run.db)?;
    let run = journal.resolve(arguments.run.simulation_id.as_deref())?;
    let options = ExportOptions {
        parquet: arguments.parquet.as_deref(),
        csv: arguments.csv.as_deref(),
        force: arguments.force,
    };
    let files = psim_runner::export(&journal, &run, options, &interrupt::asked)?;
    if !run.is_complete {
        let (id, done, asked) = (&run.simulation_id, run.ticks_done, run.ticks_asked);
        let text = format!("run `{id}` is incomplete: these are {done} of its {asked} ticks");
        output::problem("warning", &text);
    }
    let mut out = output::stdout();
    for file in files {
        writeln!(out, "{:<14}  {:>9} rows  {}", file.table, file.rows, file.path.display())?;
    }
    Ok(out.flush()?)
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Journal(error) => error.into(),
            ExportError::Write { .. } => Self::Environment(error.to_string()),
            ExportError::Stopped => {
                output::problem("interrupted", "nothing was written");
                Self::Interrupted
            }
            ExportError::Altered { .. } => Self::Mistake(format!(
                "{error}; `payment-sim verify` finds the first event that differs"
            )),
            ExportError::Taken { .. } => Self::Mistake(format!(
                "{error}; choose another folder or replace them with `--force`"
            )),
            ExportError::SameFolder { .. } => Self::mistake(error),
        }
    }
}
