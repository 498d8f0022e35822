//! Reports of stored runs.

use psim_journal::{Journal, JournalError, StoredRun};
use psim_model::CheckedScenario;
use psim_report::{Branch, Comparison, Measured, MeasuredFold, Picture, PictureFold, RunFacts};
use psim_scenario::Overrides;

use crate::altered::Altered;
use crate::pass::pass;

/// Why a run cannot be reported.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The run cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The events are others than when the run was kept.
    #[error(transparent)]
    Altered(#[from] Altered),
    /// The caller asked for an end.
    #[error("stopped")]
    Stopped,
}

/// A stored run that was measured; its picture takes another pass.
#[derive(Debug)]
pub struct StoredReport<'j> {
    journal: &'j Journal,
    run: StoredRun,
    fold: MeasuredFold,
    measured: Measured,
}

/// Measures a run as far as it is stored, in one pass. `is_stopped` is asked now and then whether
/// to give up.
///
/// # Errors
///
/// [`ReportError`]: the run cannot be read or is another than when it was kept, or the caller asked
/// for an end.
pub fn report<'j>(
    journal: &'j Journal,
    run: &StoredRun,
    is_stopped: &dyn Fn() -> bool,
) -> Result<StoredReport<'j>, ReportError> {
    let scenario = scenario(journal, run)?;
    let guideline = scenario.as_ref().map(|it| it.policies.throughput_guideline.clone());
    let mut fold = MeasuredFold::new(guideline.unwrap_or_default());
    if !pass(journal, run, &mut fold, is_stopped)? {
        return Err(ReportError::Stopped);
    }
    let facts = facts(journal, run, scenario.as_ref())?;
    let measured = fold.finish(facts);
    Altered::check(run, measured.stream_hash())?;
    Ok(StoredReport { journal, run: run.clone(), fold, measured })
}

impl StoredReport<'_> {
    /// Reads the run once more for what the HTML page and the figures show beside the measures.
    ///
    /// # Errors
    ///
    /// [`ReportError`], as for [`report()`].
    pub fn picture(&self, is_stopped: &dyn Fn() -> bool) -> Result<Picture, ReportError> {
        let mut fold = PictureFold::new(self.fold.selection(&self.measured));
        if !pass(self.journal, &self.run, &mut fold, is_stopped)? {
            return Err(ReportError::Stopped);
        }
        Ok(fold.finish())
    }

    /// Returns the measured run.
    pub fn finish(self) -> Measured {
        self.measured
    }
}

/// Measures several runs and sets them side by side.
///
/// # Errors
///
/// [`ReportError`], as for [`report()`].
pub fn compare(
    runs: &[(&Journal, StoredRun)],
    is_stopped: &dyn Fn() -> bool,
) -> Result<Comparison, ReportError> {
    let mut measured = Vec::with_capacity(runs.len());
    for (journal, run) in runs {
        let measured_run = report(journal, run, is_stopped)?.measured;
        let facts = measured_run.facts();
        let overrides = Overrides::from_changes(&facts.overrides);
        let settings = psim_scenario::settings(&facts.source, &facts.scenario_text, &overrides);
        measured.push((measured_run, settings));
    }
    Ok(Comparison::new(measured))
}

/// Returns what a file says of one of its runs, given its scenario.
///
/// # Errors
///
/// [`JournalError`]: the run cannot be read.
pub fn facts(
    journal: &Journal,
    run: &StoredRun,
    scenario: Option<&CheckedScenario>,
) -> Result<RunFacts, JournalError> {
    let parent = journal.ancestors(run)?.pop();
    Ok(RunFacts {
        simulation_id: run.simulation_id.clone(),
        source: run.source.clone(),
        overrides: run.overrides.clone(),
        scenario_text: journal.scenario_text(run).or_else(|error| absent(run, error))?,
        ticks_asked: run.ticks_asked,
        ticks_done: run.ticks_done,
        is_complete: run.is_complete,
        reports_blocks: scenario.is_some_and(|it| it.liquidity_saving.reports_blocks),
        branch: parent.map(|parent| Branch { parent: parent.simulation_id, tick: parent.tick }),
    })
}

/// Returns the scenario of a run; one that was cut off at once may have none.
fn scenario(journal: &Journal, run: &StoredRun) -> Result<Option<CheckedScenario>, JournalError> {
    match journal.scenario(run) {
        Ok(scenario) => Ok(Some(scenario)),
        Err(error) => absent(run, error),
    }
}

fn absent<T: Default>(run: &StoredRun, error: JournalError) -> Result<T, JournalError> {
    if run.ticks_done == 0 { Ok(T::default()) } else { Err(error) }
}
