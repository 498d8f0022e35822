//! `payment-sim synth`

use std::io::Write;

use psim_runner::{check_file, write_file};
use psim_synth::{
    SynthSpec, describe, description_table, generate, write_participants_csv, write_payments_csv,
};

use crate::arguments::SynthArguments;
use crate::failure::Failure;
use crate::output;

/// Makes a day of payments and writes or describes it.
pub(crate) fn synth(arguments: &SynthArguments) -> Result<(), Failure> {
    let spec = SynthSpec {
        profile: arguments.profile,
        seed: arguments.seed,
        payments: arguments.payments,
        participants: arguments.participants,
        ticks_per_day: arguments.profile.ticks_per_day(),
    };
    let files = [&arguments.output, &arguments.participants_file];
    for path in files.into_iter().flatten() {
        check_file(path, arguments.force)?; // before the work
    }
    let day = generate(&spec).map_err(Failure::mistake)?;
    if let Some(path) = &arguments.output {
        write_file(path, arguments.force, |file| write_payments_csv(&day, &spec, file))?;
    }
    if let Some(path) = &arguments.participants_file {
        write_file(path, arguments.force, |file| write_participants_csv(&day, file))?;
    }
    let mut out = output::stdout();
    if arguments.describe {
        write!(out, "{}", description_table(&describe(&spec, &day)))?;
    }
    Ok(out.flush()?)
}
