//! `payment-sim run`

use std::io::ErrorKind;
use std::ops::ControlFlow;

use psim_model::event::EventBatch;
use psim_model::{CheckedScenario, Tick};
use psim_runner::{Ending, RunError, RunOptions};
use psim_scenario::{Caller, Loaded, Overrides, load};

use crate::arguments::{RunArguments, ScenarioArguments};
use crate::failure::Failure;
use crate::keep::Keeping;
use crate::presentation::Presentation;
use crate::progress::Progress;
use crate::{interrupt, output};

/// Runs a scenario and prints what happened.
pub(crate) fn run(arguments: &RunArguments) -> Result<(), Failure> {
    let quiet = arguments.show.quiet;
    let Loaded { scenario, text, .. } = load_scenario(&arguments.scenario, quiet)?;
    let ticks = psim_runner::ticks_of(&scenario, arguments.ticks).map_err(Failure::mistake)?;
    if let Some(agent) = &arguments.show.filter_agent {
        let known = scenario.agents.iter().map(|agent| agent.id.as_str());
        known_agent("--filter-agent", agent, known)?;
    }
    let mut presentation = Presentation::new(&arguments.show, Tick(0), ticks)?;
    let mut keeper = Keeping::new(arguments, &scenario, &text, ticks)?;
    let mut out = output::stdout();
    let ending = simulate(scenario, ticks, arguments, &mut |batch| {
        match presentation.observe(batch, &mut out) {
            Err(error) if keeper.keeps() && error.kind() == ErrorKind::BrokenPipe => {
                presentation.stop_listing();
            }
            observed => observed?,
        }
        keeper.write(batch)
    })?;
    // However the run ended, what has happened is kept and shown.
    keeper.finish(presentation.summary(), quiet)?;
    presentation.conclude(&mut out)?;
    match ending {
        Ok(Ending::Finished) => Ok(()),
        Ok(Ending::Stopped) => Err(Failure::Interrupted),
        Err(RunError::Broken(broken)) => Err(Failure::defect(broken)),
        Err(refused) => Err(Failure::mistake(refused)),
    }
}

/// Loads a scenario and shows what it warns of.
pub(crate) fn load_scenario(arguments: &ScenarioArguments, quiet: bool) -> Result<Loaded, Failure> {
    let overrides = Overrides {
        set: arguments.set.clone(),
        seed: arguments.seed,
        policies: arguments.policy.clone(),
        trace_decisions: arguments.trace_decisions,
        allow_outside: arguments.reach.allow_outside,
        caller: Caller::CommandLine,
    };
    let loaded = load(&arguments.path(), &overrides)?;
    if !quiet && !loaded.warnings.is_empty() {
        output::diagnostics(&loaded.warnings);
    }
    Ok(loaded)
}

/// Refuses an agent that the run does not have: a filter for it would silently list nothing.
pub(crate) fn known_agent<'a>(
    flag: &str,
    agent: &str,
    mut known: impl Iterator<Item = &'a str>,
) -> Result<(), Failure> {
    if known.any(|id| id == agent) {
        return Ok(());
    }
    Err(Failure::Mistake(format!("`{flag}`: the run has no agent `{agent}`")))
}

/// Runs the ticks, handing each to `consumer`, until one is refused or breaks a law, the consumer
/// fails or the user interrupts.
fn simulate(
    scenario: CheckedScenario,
    ticks: u32,
    arguments: &RunArguments,
    consumer: &mut dyn FnMut(&mut EventBatch) -> Result<(), Failure>,
) -> Result<Result<Ending, RunError>, Failure> {
    let progress = Progress::new(ticks, arguments.show.quiet);
    let options = RunOptions { ticks: Some(ticks), paranoid: arguments.paranoid };
    let mut consumed = Ok(());
    let mut done = 0;
    let ending = psim_runner::run(scenario, options, |batch| {
        consumed = consumer(batch);
        done += 1;
        progress.tick(done);
        if consumed.is_err() || interrupt::asked() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    progress.finish();
    consumed?;
    if ending == Ok(Ending::Stopped) {
        output::problem("interrupted", &format!("stopped after {done} of {ticks} ticks"));
    }
    Ok(ending)
}
