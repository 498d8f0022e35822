//! What is said of a run that its events do not say.

use psim_model::Tick;
use psim_view::Moment;
use serde::Serialize;

use crate::style::Style;

/// What the place where a run is kept says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunFacts {
    /// Its id.
    pub simulation_id: String,
    /// Where its scenario came from.
    pub source: String,
    /// What was changed on the way from the text to the scenario, in order.
    pub overrides: Vec<String>,
    /// The scenario as it was read, for people.
    pub scenario_text: String,
    /// Ticks that were to be run.
    pub ticks_asked: u32,
    /// Ticks that are there.
    pub ticks_done: u32,
    /// Whether all that were asked for are there.
    pub is_complete: bool,
    /// Whether ticks in which queued payments could not move are told as events.
    pub reports_blocks: bool,
    /// The run that it was before, if it is a branch.
    pub branch: Option<Branch>,
}

/// Where a branch begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Branch {
    /// The run that it was up to there.
    pub parent: String,
    /// Its own first tick; what differs in its scenario holds from then on.
    pub tick: Tick,
}

impl RunFacts {
    /// Says of which run it is a branch, if it is one: `branch of base from tick 20 (12:00) on`.
    pub(crate) fn origin(&self, style: &Style) -> Option<String> {
        let Branch { parent, tick } = self.branch.as_ref()?;
        let from = style.moment(&Moment::of(style.calendar.as_ref(), *tick));
        Some(format!("branch of {parent} from {from} on"))
    }

    /// Says that and where the run was cut off, if it was.
    pub(crate) fn notice(&self) -> Option<String> {
        let Self { ticks_done, ticks_asked, .. } = self;
        match (self.is_complete, ticks_done) {
            (true, _) => None,
            (false, 0) => Some(
                "This run is incomplete: it was interrupted before its first tick was stored."
                    .to_owned(),
            ),
            (false, _) => Some(format!(
                "This run is incomplete: {ticks_done} of the {ticks_asked} ticks that were asked \
                 for are stored, and everything here is as of then."
            )),
        }
    }
}
