//! A run measured: the first pass over its events.

use psim_model::Fraction;
use psim_model::event::EventBatch;
use psim_view::{Fold, Measures, MeasuresFold, Summary};

use crate::charts::WaitBins;
use crate::digest::ArrivalsDigest;
use crate::facts::RunFacts;
use crate::selection::Selection;
use crate::shocks::{Shocks, ShocksTold};
use crate::style::Style;

/// Measures a run, and finds what of it is worth a closer look.
#[derive(Clone, Debug, Default)]
pub struct MeasuredFold {
    measures: MeasuresFold,
    arrivals: ArrivalsDigest,
    shocks: Shocks,
}

/// The measures of a run and what else is said of it.
#[derive(Clone, Debug)]
pub struct Measured {
    pub(crate) facts: RunFacts,
    pub(crate) measures: Measures,
    pub(crate) summary: Summary,
    /// The hash of what arrived.
    pub(crate) arrivals: String,
    pub(crate) style: Style,
    pub(crate) waits: WaitBins,
    /// Its scenario events in words, as far as they are few.
    pub(crate) shocks: ShocksTold,
}

impl MeasuredFold {
    /// Returns the fold before anything happened, of a scenario with this throughput guideline.
    pub fn new(guideline: impl IntoIterator<Item = (u32, Fraction)>) -> Self {
        let measures = MeasuresFold::new().with_guideline(guideline);
        Self { measures, ..Self::default() }
    }

    /// Returns the run as it was measured so far.
    pub fn finish(&self, facts: RunFacts) -> Measured {
        let (measures, summary) = self.measures.finish_both();
        let style = Style::of(&measures);
        Measured {
            facts,
            summary,
            arrivals: self.arrivals.finish(),
            waits: WaitBins::of(&self.measures),
            shocks: self.shocks.told(&style),
            style,
            measures,
        }
    }

    /// Returns what a picture of the run is to show.
    pub fn selection(&self, measured: &Measured) -> Selection {
        Selection::of(&self.measures, &measured.summary)
    }
}

impl Measured {
    /// Returns what was said of the run.
    pub const fn facts(&self) -> &RunFacts {
        &self.facts
    }

    /// Returns the hash of its events, in hexadecimal.
    pub fn stream_hash(&self) -> &str {
        &self.summary.run.stream_hash
    }
}

impl Fold for MeasuredFold {
    fn observe(&mut self, batch: &EventBatch) {
        self.measures.observe(batch);
        self.arrivals.observe(batch);
        self.shocks.observe(batch);
    }
}
