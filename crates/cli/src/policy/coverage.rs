//! `payment-sim policy coverage`

use std::io::Write;

use psim_journal::{Journal, StoredRun};
use psim_policy::Json;
use psim_runner::read_whole;
use psim_view::{CoverageFold, Fold, PolicyCoverage};

use crate::arguments::{CoverageArguments, OutputForm};
use crate::failure::Failure;
use crate::presentation::known_agent;
use crate::{interrupt, output};

/// Counts how often a run came to each node of its policies.
pub(super) fn coverage(arguments: &CoverageArguments) -> Result<(), Failure> {
    let (journal, run) = arguments.run.open()?;
    let scenario = journal.scenario(&run)?;
    if !scenario.policies.trace_decisions {
        return Err(Failure::Mistake(format!(
            "run `{}` did not trace its decisions; run the scenario again with --trace-decisions",
            run.simulation_id
        )));
    }
    if let Some(agent) = &arguments.agent {
        known_agent("--agent", agent, &scenario)?;
    }
    let counted = count(&journal, &run, arguments.agent.as_deref())?;
    let mut out = output::stdout();
    match arguments.output {
        OutputForm::Json => {
            let list: Vec<Json> = counted.iter().map(PolicyCoverage::to_json).collect();
            writeln!(out, "{}", Json::List(list))?;
        }
        OutputForm::Text if counted.is_empty() => {
            writeln!(out, "no policy was asked: all release at once")?;
        }
        OutputForm::Text => {
            for (index, coverage) in counted.iter().enumerate() {
                write!(out, "{}{}", if index > 0 { "\n" } else { "" }, coverage.to_text())?;
            }
        }
    }
    Ok(out.flush()?)
}

fn count(
    journal: &Journal,
    run: &StoredRun,
    agent: Option<&str>,
) -> Result<Vec<PolicyCoverage>, Failure> {
    let mut fold = CoverageFold::new();
    read_whole(journal, run, |batch| {
        if interrupt::asked() {
            return Err(Failure::Interrupted);
        }
        fold.observe(batch);
        Ok(())
    })?;
    fold.finish(agent).map_err(Failure::mistake)
}
