//! `payment-sim run`

use std::io::Write;
use std::ops::ControlFlow;
use std::time::Instant;

use psim_model::CheckedScenario;
use psim_model::event::EventBatch;
use psim_runner::Ending;
use psim_scenario::{Overrides, load};
use psim_view::{Fold, Summary, SummaryFold, VerboseReport};

use crate::arguments::{OutputForm, RunArguments, ScenarioArguments};
use crate::failure::Failure;
use crate::progress::Progress;
use crate::{interrupt, output};

/// Runs a scenario and prints what happened.
pub(crate) fn run(arguments: &RunArguments) -> Result<(), Failure> {
    #[expect(clippy::disallowed_methods, reason = "tells the user how long it took")]
    let started = Instant::now();
    let scenario = load_scenario(&arguments.scenario, arguments.quiet)?;
    let mut out = output::stdout();
    let (ending, summary) = simulate(arguments, scenario, &mut out)?;
    match arguments.output {
        OutputForm::Text => write!(out, "{}", summary.to_text())?,
        OutputForm::Json => writeln!(out, "{:#}", summary.to_json())?,
    }
    let duration = format!("Duration: {:.2} s", started.elapsed().as_secs_f64());
    match arguments.output {
        _ if arguments.quiet => {}
        OutputForm::Text => writeln!(out, "{duration}")?,
        OutputForm::Json => output::line(&duration),
    }
    out.flush()?;
    match ending {
        Ending::Finished => Ok(()),
        Ending::Stopped => Err(Failure::Interrupted),
    }
}

/// Loads a scenario and shows what it warns of.
pub(crate) fn load_scenario(
    arguments: &ScenarioArguments,
    quiet: bool,
) -> Result<CheckedScenario, Failure> {
    let overrides = Overrides { set: arguments.set.clone(), seed: arguments.seed };
    let loaded = load(&arguments.path(), &overrides)?;
    if !quiet && !loaded.warnings.is_empty() {
        output::diagnostics(&loaded.warnings);
    }
    Ok(loaded.scenario)
}

fn simulate(
    arguments: &RunArguments,
    scenario: CheckedScenario,
    out: &mut impl Write,
) -> Result<(Ending, Summary), Failure> {
    let ticks = arguments.ticks.unwrap_or(scenario.calendar.horizon());
    let progress = Progress::new(ticks, arguments.quiet);
    let mut summary = SummaryFold::new();
    let mut report = arguments.verbose.then(VerboseReport::new);
    let mut written = Ok(());
    let mut done = 0;
    let ending = psim_runner::run(scenario, arguments.ticks, |batch: &EventBatch| {
        summary.observe(batch);
        if let Some(report) = &mut report {
            written = out.write_all(report.tick_text(batch).as_bytes());
        }
        done += 1;
        progress.tick(done);
        if written.is_err() || interrupt::asked() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    progress.finish();
    written?;
    let ending = ending.map_err(Failure::mistake)?;
    if ending == Ending::Stopped {
        output::problem("interrupted", &format!("stopped after {done} of {ticks} ticks"));
    }
    Ok((ending, summary.finish()))
}
