//! `payment-sim check`

use std::io::Write;

use crate::arguments::CheckArguments;
use crate::failure::Failure;
use crate::output;
use crate::run::load_scenario;

/// Checks a scenario and says what is in it.
pub(crate) fn check(arguments: &CheckArguments) -> Result<(), Failure> {
    let scenario = load_scenario(&arguments.scenario, false)?.scenario;
    let mut out = output::stdout();
    let path = arguments.scenario.path();
    write!(
        out,
        "{}: no faults; agents: {}, days: {} of {} ticks, payments from data: {}",
        path.display(),
        scenario.agents.len(),
        scenario.calendar.num_days(),
        scenario.calendar.ticks_per_day(),
        scenario.payments.rows.len(),
    )?;
    let generated = scenario.generated_payments();
    match generated {
        0.0 => {}
        1.0.. => write!(out, ", generated: about {generated:.0}")?,
        _ => write!(out, ", generated: less than 1")?,
    }
    writeln!(out)?;
    Ok(out.flush()?)
}
