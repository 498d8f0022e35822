//! A scenario and its payments as a reader would write them: put into files, loaded and run.

use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;

use psim_model::event::EventBatch;
use psim_runner::{RunOptions, run};
use psim_scenario::{Overrides, load};
use psim_view::{Fold, Projection, Summary, SummaryFold};
use tempfile::TempDir;

/// A folder with `scenario.yaml` and `payments.csv`.
#[derive(Debug)]
pub(crate) struct Scene(TempDir);

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The events, tick by tick.
    pub(crate) batches: Vec<EventBatch>,
    /// The measures.
    pub(crate) summary: Summary,
    /// The state after the last tick.
    pub(crate) end: Projection,
}

impl Scene {
    pub(crate) fn new(scenario: &str, payments: &str) -> Self {
        let scene = Self(tempfile::tempdir().expect("a temporary folder can be made"));
        fs::write(scene.file("scenario.yaml"), scenario).expect("it can be written to");
        fs::write(scene.file("payments.csv"), payments).expect("it can be written to");
        scene
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs the scenario with the keys of `set` (`key=value`) changed; after every tick the run is
    /// checked as by `--paranoid`.
    pub(crate) fn run(&self, set: &[String]) -> Outcome {
        self.run_with(set, true)
    }

    /// Runs the scenario without the checks, which take longer than a long run itself.
    pub(crate) fn measure(&self, set: &[String]) -> Summary {
        self.run_with(set, false).summary
    }

    fn run_with(&self, set: &[String], paranoid: bool) -> Outcome {
        let overrides = Overrides { set: set.to_vec(), ..Overrides::default() };
        let loaded = match load(&self.file("scenario.yaml"), &overrides) {
            Ok(loaded) => loaded,
            Err(faults) => panic!("{faults}"),
        };
        let mut summary = SummaryFold::new();
        let mut end = Projection::new();
        let mut batches = Vec::new();
        run(loaded.scenario, RunOptions { ticks: None, paranoid }, |batch| {
            summary.observe(batch);
            if paranoid {
                end.observe(batch);
                batches.push(batch.clone());
            }
            ControlFlow::Continue(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
        Outcome { batches, summary: summary.finish(), end }
    }
}

impl Outcome {
    /// Returns the balances at the end, in the order of ids.
    pub(crate) fn balances(&self) -> Vec<i64> {
        self.end.agents().iter().map(|agent| agent.balance.minor()).collect()
    }

    /// Returns the number of payments in queue 2 at the end.
    pub(crate) fn queued(&self) -> usize {
        self.end.queue2().len()
    }

    /// Returns the delay indicator as the summary gives it.
    pub(crate) fn delay(&self) -> f64 {
        self.summary.delay.indicator.expect("payments arrived")
    }
}
