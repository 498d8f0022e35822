//! `payment-sim synth`

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

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
    let day = generate(&spec).map_err(Failure::mistake)?;
    if let Some(path) = &arguments.output {
        write_file(path, |file| write_payments_csv(&day, &spec, file))?;
    }
    if let Some(path) = &arguments.participants_file {
        write_file(path, |file| write_participants_csv(&day, file))?;
    }
    let mut out = output::stdout();
    if arguments.describe {
        write!(out, "{}", description_table(&describe(&spec, &day)))?;
    }
    Ok(out.flush()?)
}

fn write_file(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), Failure> {
    let written = File::create(path).map(BufWriter::new).and_then(|mut file| {
        write(&mut file)?;
        file.flush()
    });
    written.map_err(|error| Failure::writing(path, &error))
}
