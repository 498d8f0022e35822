//! `payment-sim run`

use std::io::{BufWriter, ErrorKind, StdoutLock};
use std::ops::ControlFlow;

use psim_model::event::EventBatch;
use psim_model::{CheckedScenario, Tick};
use psim_runner::{Ending, Engine, Paranoid, RunError, Underway};
use psim_scenario::{Loaded, load};

use crate::arguments::{RunArguments, ScenarioArguments};
use crate::failure::Failure;
use crate::keep::Keeping;
use crate::presentation::{Presentation, known_agent};
use crate::progress::Progress;
use crate::{go_on, interrupt, output};

/// Runs a scenario, or goes on with a stored run, and prints what happened.
pub(crate) fn run(arguments: &RunArguments) -> Result<(), Failure> {
    if let Some(kept) = arguments.go_on.resumed() {
        return go_on::resume(arguments, &kept);
    }
    if let Some(kept) = arguments.go_on.branched() {
        return go_on::branch(arguments, &kept);
    }
    if let Some(at) = arguments.go_on.at {
        return Err(Failure::Mistake(format!(
            "`--at {at}` belongs to `--branch`: store the run with `--persist DB`, then give \
             `run --branch DB --at {at}` and what is to be different from there on"
        )));
    }
    let Loaded { scenario, text, .. } = load_scenario(&arguments.scenario, arguments.show.quiet)?;
    let ticks = psim_runner::ticks_of(&scenario, arguments.ticks).map_err(Failure::mistake)?;
    if let Some(agent) = &arguments.show.filter_agent {
        known_agent("--filter-agent", agent, &scenario)?;
    }
    let mut course = Course::new(Presentation::new(&arguments.show, Tick(0), ticks)?);
    course.keeper = Keeping::new(arguments, &scenario, &text, ticks)?;
    course.is_kept = course.keeper.keeps();
    course.check(arguments, &scenario);
    course.go_on(Engine::new(scenario).into(), arguments, ticks)
}

/// A run on its way: what is shown of it, and where it is kept.
pub(crate) struct Course {
    presentation: Presentation,
    pub(crate) keeper: Keeping,
    /// Whether it goes on though nobody reads what is shown.
    pub(crate) is_kept: bool,
    /// What checks it, if that is asked for.
    pub(crate) paranoid: Option<Paranoid>,
    out: BufWriter<StdoutLock<'static>>,
}

impl Course {
    pub(crate) fn new(presentation: Presentation) -> Self {
        let keeper = Keeping::nowhere();
        Self { presentation, keeper, is_kept: false, paranoid: None, out: output::stdout() }
    }

    /// Has the run, which begins under a scenario, checked if that is asked for.
    pub(crate) fn check(&mut self, arguments: &RunArguments, scenario: &CheckedScenario) {
        self.paranoid = arguments.paranoid.then(|| Paranoid::new(scenario));
    }

    /// Shows a tick.
    pub(crate) fn show(&mut self, batch: &EventBatch) -> Result<(), Failure> {
        match self.presentation.observe(batch, &mut self.out) {
            Err(error) if self.is_kept && error.kind() == ErrorKind::BrokenPipe => {
                self.presentation.stop_listing();
                Ok(())
            }
            observed => Ok(observed?),
        }
    }

    /// Keeps a checkpoint of the run as it stands, if one is due.
    pub(crate) fn keep_checkpoint(&mut self, engine: &Engine) -> Result<(), Failure> {
        let Self { keeper, presentation, .. } = self;
        keeper.keep_checkpoint(engine, || presentation.summary().stream_hash())
    }

    /// Runs the ticks before `until` that are left, and prints the summary.
    pub(crate) fn go_on(
        mut self,
        underway: Underway,
        arguments: &RunArguments,
        until: u32,
    ) -> Result<(), Failure> {
        let paranoid = self.paranoid.take();
        let ending = simulate((underway, paranoid), until, arguments, &mut |engine, batch| {
            self.show(batch)?;
            self.keeper.write(batch)?;
            self.keep_checkpoint(engine)
        })?;
        // However the run ended, what has happened is kept and shown.
        self.keeper.finish(self.presentation.summary(), arguments.show.quiet)?;
        self.presentation.conclude(&mut self.out)?;
        match ending {
            Ok(Ending::Finished) => Ok(()),
            Ok(Ending::Stopped) => Err(Failure::Interrupted),
            Err(RunError::Broken(broken)) => Err(Failure::defect(broken)),
            Err(refused) => Err(Failure::mistake(refused)),
        }
    }
}

/// Loads a scenario and shows what it warns of.
pub(crate) fn load_scenario(arguments: &ScenarioArguments, quiet: bool) -> Result<Loaded, Failure> {
    let loaded = load(&arguments.path(), &arguments.overrides())?;
    if !quiet && !loaded.warnings.is_empty() {
        output::diagnostics(&loaded.warnings);
    }
    Ok(loaded)
}

/// Runs the ticks, handing each to `consumer`, until one is refused or breaks a law, the consumer
/// fails or the user interrupts.
fn simulate(
    (underway, paranoid): (Underway, Option<Paranoid>),
    until: u32,
    arguments: &RunArguments,
    consumer: &mut dyn FnMut(&Engine, &mut EventBatch) -> Result<(), Failure>,
) -> Result<Result<Ending, RunError>, Failure> {
    let progress = Progress::new(until, arguments.show.quiet);
    let mut consumed = Ok(());
    let mut done = underway.engine().now().0;
    let ending = psim_runner::go_on(underway, until, paranoid, |engine, batch| {
        consumed = consumer(engine, batch);
        done = engine.now().0;
        progress.tick(u64::from(done));
        if consumed.is_err() || interrupt::asked() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    progress.finish();
    consumed?;
    if ending == Ok(Ending::Stopped) {
        output::problem("interrupted", &format!("stopped after {done} of {until} ticks"));
    }
    Ok(ending)
}
