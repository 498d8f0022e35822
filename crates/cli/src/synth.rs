//! `payment-sim synth`

use std::io::Write;
use std::path::Path;

use psim_runner::{check_file, write_file};
use psim_synth::{
    SynthSpec, describe, description_table, generate, write_participants_csv, write_payments_csv,
};

use crate::arguments::SynthArguments;
use crate::failure::Failure;
use crate::output;

/// Endings of what is no plain CSV.
const NO_CSV: [&str; 8] = ["db", "gz", "json", "parquet", "xlsx", "yaml", "yml", "zip"];

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
        check_name(path)?;
        check_file(path, arguments.force)?; // before the work
    }
    let day = generate(&spec).map_err(Failure::mistake)?;
    if let Some(path) = &arguments.output {
        write_file(path, arguments.force, |file| write_payments_csv(&day, &spec, file))?;
    }
    if let Some(path) = &arguments.participants_file {
        write_file(path, arguments.force, |file| write_participants_csv(&day, file))?;
    }
    if let Some(path) = &arguments.output {
        output::line(&beginning(arguments, path));
    }
    let mut out = output::stdout();
    if arguments.describe {
        write!(out, "{}", description_table(&describe(&spec, &day)))?;
    }
    Ok(out.flush()?)
}

/// Refuses a file that is called something else than what is written to it.
fn check_name(path: &Path) -> Result<(), Failure> {
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
    if path == Path::new("-") || ending.is_some_and(|it| NO_CSV.contains(&it.as_str())) {
        let text = format!("`{}`: this writes plain CSV; choose a file `….csv`", path.display());
        return Err(Failure::Mistake(text));
    }
    Ok(())
}

/// Says how a scenario begins that the payments fit.
fn beginning(arguments: &SynthArguments, payments: &Path) -> String {
    let profile = arguments.profile;
    let (ticks, opens) = (profile.ticks_per_day(), profile.opens_at_seconds());
    let opens = format!("{:02}:{:02}", opens / 3600, opens / 60 % 60);
    // Paths in a scenario are relative to its folder. Text in JSON is text in YAML.
    let quoted = |path: &Path| serde_json::json!(path.display().to_string()).to_string();
    let name = |path: &Path| quoted(path.file_name().map_or(path, Path::new));
    let agents = match &arguments.participants_file {
        Some(path) if path.parent() == payments.parent() => format!("{{file: {}}}", name(path)),
        Some(path) => {
            let whole = std::path::absolute(path).unwrap_or_else(|_| path.clone());
            format!("{{file: {}}}  # with --allow-outside", quoted(&whole))
        }
        None => "{file: banks.csv}  # as --participants-file banks.csv writes it".to_owned(),
    };
    format!(
        "wrote `{}`; a scenario beside it begins like this:\n  \
         simulation: {{ticks_per_day: {ticks}, num_days: 1, opens_at: \"{opens}\", \
         tick_seconds: 60}}\n  currency: {}\n  payments: {}\n  agents: {agents}",
        payments.display(),
        profile.currency(),
        name(payments),
    )
}
