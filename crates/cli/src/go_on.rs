//! `payment-sim run --resume` and `--branch`: runs that go on where a kept one stands.

use std::ops::ControlFlow;
use std::path::Path;

use psim_journal::{Journal, StoredRun};
use psim_model::event::EventBatch;
use psim_model::{CheckedScenario, Tick};
use psim_runner::{BranchOrigin, Paranoid, Underway, branch_scenario, check_as_read, retrace};
use psim_scenario::{Loaded, Overrides, load_text};

use crate::arguments::{GoOnArguments, NamedRun, RunArguments};
use crate::failure::Failure;
use crate::keep::{Keeping, Written};
use crate::presentation::{Presentation, known_agent};
use crate::run::Course;
use crate::{interrupt, output};

/// Goes on with a run that was cut off, and prints what the whole run would have printed.
pub(crate) fn resume(arguments: &RunArguments, kept: &NamedRun) -> Result<(), Failure> {
    let (journal, run) = kept.open()?;
    warn_of_checkpoints(&arguments.go_on, &run);
    let (ticks, done) = (run.ticks_asked, Tick(run.ticks_done));
    let mut course = begin(arguments, &journal.scenario(&run)?, ticks)?;
    course.is_kept = true;
    let mut paranoid = course.paranoid.take();
    let stop = (done, paranoid.as_mut());
    let underway = follow(&journal, &run, stop, &mut |batch| course.show(batch))?;
    course.paranoid = paranoid;
    let Some(underway) = underway else { return Err(Failure::Interrupted) };
    if !run.is_complete {
        course.keeper = Keeping::resume(arguments, &kept.db, &run, underway.engine())?;
        course.keep_checkpoint(underway.engine())?;
        if !arguments.show.quiet {
            output::line(&format!("going on with `{}` at tick {done}", run.simulation_id));
        }
    } else if !arguments.show.quiet {
        output::line(&complete(&run));
    }
    course.go_on(underway, arguments, ticks)
}

/// Says that nothing is left to do, and how a run goes on beyond what was asked of it.
fn complete(run: &StoredRun) -> String {
    let (id, done) = (&run.simulation_id, run.ticks_done);
    let further = if done < run.ticks_per_day.saturating_mul(run.num_days) {
        format!("; `run --branch DB {id} --at {done} --ticks N` goes on from there")
    } else {
        String::new()
    };
    format!("`{id}` is complete: it has all {done} ticks that were asked for{further}")
}

/// Warns that a run that is complete keeps no more checkpoints: nothing would go on from them.
fn warn_of_checkpoints(asked: &GoOnArguments, run: &StoredRun) {
    if let Some(option) = asked.checkpoint_option().filter(|_| run.is_complete) {
        let id = &run.simulation_id;
        let text = format!("`{option}`: run `{id}` is complete, so no checkpoint is stored");
        output::problem("warning", &text);
    }
}

/// Runs a branch of a stored run, and prints it from its parent's first tick on.
pub(crate) fn branch(arguments: &RunArguments, kept: &NamedRun) -> Result<(), Failure> {
    let at = Tick(arguments.go_on.at.unwrap_or_default());
    let (journal, parent) = kept.open()?;
    check_point(&journal, &parent, at)?;
    let Change { base, wanted, changes, text } = Change::read(arguments, &journal, &parent)?;
    let follows = branch_scenario(&journal.scenario(&parent)?, (&base, &wanted), at)
        .map_err(Failure::mistake)?;
    let ticks = arguments.ticks.unwrap_or(parent.ticks_asked);
    psim_runner::ticks_of(&follows, Some(ticks)).map_err(Failure::mistake)?;
    if at.0 >= ticks {
        let problem = format!("`--at {at}`: the branch has no tick, the run ends after {ticks}");
        return Err(Failure::Mistake(problem));
    }
    let mut course = begin(arguments, &follows, ticks)?;
    let asked = arguments.scenario.overrides().changes();
    let origin = BranchOrigin { journal: &journal, parent: &parent, at, changes: &asked };
    let written = Written { source: &parent.source, text: &text, changes: &changes };
    course.keeper = Keeping::branch(arguments, &follows, written, ticks, origin)?;
    course.is_kept = course.keeper.keeps();
    let mut paranoid = course.paranoid.take();
    let underway = follow(&journal, &parent, (at, paranoid.as_mut()), &mut |batch| {
        course.show(batch)?;
        course.keeper.write(&mut batch.clone())
    })?;
    course.paranoid = paranoid;
    let Some(underway) = underway else { return Err(Failure::Interrupted) };
    let engine = underway.engine().branch(follows).map_err(Failure::mistake)?;
    if !arguments.show.quiet {
        // The stream, and so the page, begins with the scenario of the parent.
        let (id, scenario) = (&parent.simulation_id, engine.scenario().fingerprint());
        output::line(&format!("branch of `{id}` from tick {at} under scenario {scenario}"));
    }
    course.keep_checkpoint(&engine)?;
    course.go_on(engine.into(), arguments, ticks)
}

/// Refuses a tick at which the run is not itself, or has not got to.
fn check_point(journal: &Journal, parent: &StoredRun, at: Tick) -> Result<(), Failure> {
    let id = &parent.simulation_id;
    if at.0 > parent.ticks_done {
        let advice = if parent.is_complete {
            "choose an earlier tick"
        } else {
            "choose an earlier tick, or complete it with `run --resume`"
        };
        return Err(Failure::Mistake(format!(
            "`--at {at}`: run `{id}` is stored up to tick {} only; {advice}",
            parent.ticks_done
        )));
    }
    match journal.ancestors(parent)?.last() {
        Some(before) if at < before.tick => Err(Failure::Mistake(format!(
            "`--at {at}`: before tick {} `{id}` was `{}`; branch off that run",
            before.tick, before.simulation_id
        ))),
        _ => Ok(()),
    }
}

/// The scenario of a stored run as it was written and as it is wanted.
struct Change {
    base: CheckedScenario,
    wanted: CheckedScenario,
    /// What was and is changed, in order.
    changes: Vec<String>,
    text: String,
}

impl Change {
    /// Reads the kept text of the scenario once more: as it was, and with what is asked for.
    fn read(
        arguments: &RunArguments,
        journal: &Journal,
        parent: &StoredRun,
    ) -> Result<Self, Failure> {
        let text = journal.scenario_text(parent)?;
        let directory = Path::new(&parent.source).parent().unwrap_or(Path::new(""));
        let asked = arguments.scenario.overrides();
        let load = |changes: &[String]| -> Result<Loaded, Failure> {
            let (allow_outside, caller) = (asked.allow_outside, asked.caller);
            let kept = Overrides::from_changes(changes);
            let overrides = Overrides { allow_outside, caller, ..kept };
            Ok(load_text(&parent.source, &text, &overrides, directory)?)
        };
        let base = load(&parent.overrides)?;
        check_files(journal, parent, &base.scenario, |changes| Ok(load(changes)?.scenario))?;
        let with = |new: &[String]| [&parent.overrides, new].concat();
        let changes = with(&asked.changes());
        let wanted = load(&changes)?;
        if !arguments.show.quiet {
            let new = wanted.warnings.beyond(&base.warnings);
            if !new.is_empty() {
                output::diagnostics(&new);
            }
            for change in asked.changes() {
                let alone = load(&with(std::slice::from_ref(&change)));
                let is = |it: Loaded| it.scenario.fingerprint() == base.scenario.fingerprint();
                if alone.is_ok_and(is) {
                    output::problem("warning", &without_effect(&change));
                }
            }
        }
        Ok(Self { base: base.scenario, wanted: wanted.scenario, changes, text })
    }
}

/// Says that a branch changes nothing by this, though something else may be in force.
fn without_effect(change: &str) -> String {
    format!(
        "`{change}`: the scenario of the run says so already, so the branch changes nothing \
         there; whatever is in force at its first tick stays"
    )
}

/// Checks that the files that the scenario of a stored run names still say what the run, and the
/// runs that it was a branch of, followed.
fn check_files(
    journal: &Journal,
    run: &StoredRun,
    read: &CheckedScenario,
    load: impl Fn(&[String]) -> Result<CheckedScenario, Failure>,
) -> Result<(), Failure> {
    let ancestry = journal.ancestry(run)?;
    let later: usize = ancestry.iter().map(|ancestor| ancestor.changes.len()).sum();
    let mut until = run.overrides.len().saturating_sub(later);
    let (mut followed, mut as_read) = (Vec::new(), Vec::new());
    for ancestor in ancestry {
        as_read.push(load(&run.overrides[..until])?);
        until += ancestor.changes.len();
        followed.push((ancestor.scenario, ancestor.tick));
    }
    as_read.push(read.clone());
    followed.push((journal.scenario(run)?, Tick(run.ticks_done)));
    check_as_read(&followed, &as_read).map_err(Failure::mistake)
}

/// Prepares what is shown of a stored run that goes on.
fn begin(
    arguments: &RunArguments,
    scenario: &CheckedScenario,
    ticks: u32,
) -> Result<Course, Failure> {
    if let Some(agent) = &arguments.show.filter_agent {
        known_agent("--filter-agent", agent, scenario)?;
    }
    let mut course = Course::new(Presentation::new(&arguments.show, Tick(0), ticks)?);
    course.check(arguments, scenario);
    Ok(course)
}

/// Follows a stored run to before a tick, checked if that is asked for; `None` if the user
/// interrupts.
fn follow(
    journal: &Journal,
    run: &StoredRun,
    (until, paranoid): (Tick, Option<&mut Paranoid>),
    consumer: &mut dyn FnMut(&EventBatch) -> Result<(), Failure>,
) -> Result<Option<Underway>, Failure> {
    let mut consumed = Ok(());
    let underway = retrace(journal, run, until, paranoid, |batch| {
        consumed = consumer(batch);
        if consumed.is_err() || interrupt::asked() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    consumed?;
    Ok(underway?)
}
