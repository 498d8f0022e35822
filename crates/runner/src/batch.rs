//! A scenario under many settings and seeds.

use psim_frames::{Frame, RunRow, Setting, runs, runs_by_agent};
use psim_model::CheckedScenario;
use psim_view::RunMeasures;

use crate::Job;

/// A setting of runs: what it is called, and the scenario under it.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Name of its policies.
    pub policies: String,
    /// Name of its overrides.
    pub overrides: String,
    /// The numbers that those set, each a column of the table.
    pub settings: Vec<Setting>,
    /// What is run.
    pub scenario: CheckedScenario,
}

/// Runs that are to be compared: each variant under each seed, for [`many`](crate::many).
#[derive(Clone, Debug)]
pub struct RunBatch {
    variants: Vec<Variant>,
    jobs: Vec<Job>,
    /// By job: which variant it runs.
    variant_of: Vec<usize>,
}

impl RunBatch {
    /// Crosses variants with seeds: all seeds of a variant, in order, then those of the next.
    /// Without seeds each variant runs once, under its own.
    pub fn cross(variants: Vec<Variant>, seeds: Option<&[u64]>) -> Self {
        let (mut jobs, mut variant_of) = (Vec::new(), Vec::new());
        for (index, Variant { scenario, .. }) in variants.iter().enumerate() {
            let own = [scenario.rng_seed];
            for seed in seeds.unwrap_or(&own) {
                jobs.push(Job { scenario: scenario.clone(), seed: *seed });
                variant_of.push(index);
            }
        }
        Self { variants, jobs, variant_of }
    }

    /// Returns the runs, in order.
    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// Returns the table of what each run came to, given that in the order of the jobs.
    pub fn runs(&self, measures: &[RunMeasures]) -> Frame {
        runs(&self.rows(measures))
    }

    /// Returns the table of what each run cost each agent, likewise.
    pub fn runs_by_agent(&self, measures: &[RunMeasures]) -> Frame {
        runs_by_agent(&self.rows(measures))
    }

    fn rows<'a>(&'a self, measures: &'a [RunMeasures]) -> Vec<RunRow<'a>> {
        let jobs = self.jobs.iter().zip(&self.variant_of).zip(measures);
        let rows = jobs.filter_map(|((job, variant), measures)| {
            let Variant { policies, overrides, settings, scenario } =
                self.variants.get(*variant)?;
            Some(RunRow { seed: job.seed, policies, overrides, settings, scenario, measures })
        });
        rows.collect()
    }
}
