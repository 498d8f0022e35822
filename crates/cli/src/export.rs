//! `payment-sim export`

use std::io::Write;

use psim_runner::{ExportError, ExportOptions};

use crate::arguments::ExportArguments;
use crate::failure::Failure;
use crate::stored::warn_if_incomplete;
use crate::{interrupt, output};

/// Writes the tables of a stored run.
pub(crate) fn export(arguments: &ExportArguments) -> Result<(), Failure> {
    let (journal, run) = arguments.run.open()?;
    let options = ExportOptions {
        parquet: arguments.parquet.as_deref(),
        csv: arguments.csv.as_deref(),
        force: arguments.force,
    };
    let files = psim_runner::export(&journal, &run, options, &interrupt::asked)?;
    warn_if_incomplete(&run);
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
            ExportError::Files(error) => error.into(),
            ExportError::Stopped => {
                output::problem("interrupted", "nothing was written");
                Self::Interrupted
            }
            ExportError::Altered(altered) => altered.into(),
            ExportError::Taken { .. } => Self::Mistake(format!(
                "{error}; choose another folder or replace them with `--force`"
            )),
            ExportError::SameFolder { .. } | ExportError::OtherForm { .. } => Self::mistake(error),
        }
    }
}
