//! Scenario files: what loads runs for some ticks, checked after each.

use std::ops::ControlFlow;
use std::path::Path;

use psim_model::CheckedScenario;
use psim_runner::{RunError, RunOptions};
use psim_scenario::{Overrides, load};
use psim_view::{Fold as _, SummaryFold};

/// Loads a scenario file and runs what it says.
pub fn take(file: &Path, overrides: &Overrides) -> bool {
    match load(file, overrides) {
        Ok(loaded) => {
            let _ = loaded.warnings.render(true);
            run(loaded.scenario);
            true
        }
        Err(faults) => {
            assert!(faults.errors() > 0, "Invariant: what is refused has a fault");
            assert!(!faults.render(true).is_empty(), "Invariant: a fault is shown");
            false
        }
    }
}

/// Runs the first ticks of a scenario of which they do not take long.
pub fn run(scenario: CheckedScenario) {
    const TICKS: u32 = 30;
    let horizon = scenario.calendar.horizon();
    let ticks = horizon.min(TICKS);
    let generated = scenario.generated_payments() / f64::from(horizon) * f64::from(ticks);
    // A factor of the profile may gather all of a day in these ticks.
    let profile = scenario.rate_profile.iter().map(|it| it.factor).fold(1.0, f64::max);
    if generated * profile > 5_000.0 || scenario.agents.len() > 300 {
        return;
    }
    let mut summary = SummaryFold::new();
    let options = RunOptions { ticks: Some(ticks), paranoid: true };
    let ending = psim_runner::run(scenario, options, |batch| {
        summary.observe(batch);
        ControlFlow::Continue(())
    });
    if let Err(RunError::Broken(broken)) = ending {
        panic!("a law is broken: {broken}");
    }
    let _ = serde_json::to_string(&summary.finish());
}
