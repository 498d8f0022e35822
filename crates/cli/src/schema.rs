//! `payment-sim schema`

use std::io::Write;

use crate::arguments::{SchemaArguments, SchemaOf};
use crate::failure::Failure;
use crate::output;

/// Prints the schema of a file format.
pub(crate) fn schema(arguments: &SchemaArguments) -> Result<(), Failure> {
    let mut out = output::stdout();
    match arguments.of {
        SchemaOf::Scenario => writeln!(out, "{:#}", psim_scenario::json_schema())?,
    }
    Ok(out.flush()?)
}
