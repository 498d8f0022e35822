//! A bar for long runs, when somebody watches.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output;

/// Shows ticks done, their rate and the remaining time; silent unless stderr is a terminal, and
/// until a run has proven long.
pub(crate) struct Progress {
    bar: ProgressBar,
}

/// Runs shorter than this show no bar.
const PATIENCE: Duration = Duration::from_millis(700);

impl Progress {
    pub(crate) fn new(ticks: u32, quiet: bool) -> Self {
        let target = if quiet || !output::stderr_is_terminal() {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr_with_hz(10)
        };
        let bar = ProgressBar::with_draw_target(None, target);
        let template = "{bar:30} tick {pos} of {len}, {per_sec}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        let progress = Self { bar };
        progress.bar.set_length(u64::from(ticks));
        progress
    }

    /// Notes that a tick is done.
    pub(crate) fn tick(&self, done: u64) {
        if self.bar.elapsed() > PATIENCE {
            self.bar.set_position(done);
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
