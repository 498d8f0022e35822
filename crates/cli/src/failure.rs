//! What can go wrong, and the exit code each has.

use std::fmt::Display;
use std::io;

use psim_journal::JournalError;
use psim_runner::RetraceError;
use psim_scenario::Diagnostics;

use crate::output;

/// Why a command ends early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Faults in a file, each with its place.
    Faults(Diagnostics),
    /// Any other mistake of the user, in words.
    Mistake(String),
    /// The environment failed: a file that cannot be written, say.
    Environment(String),
    /// The program itself is wrong, and has noticed.
    Defect(String),
    /// Interrupted by the user.
    Interrupted,
    /// Whoever read stdout has heard enough.
    ReaderGone,
}

/// The exit code of a defect of ours, as of a panic.
pub(crate) const DEFECT: u8 = 101;

impl Failure {
    pub(crate) fn mistake(problem: impl Display) -> Self {
        Self::Mistake(problem.to_string())
    }

    pub(crate) fn defect(broken: impl Display) -> Self {
        Self::Defect(broken.to_string())
    }

    /// Says what happened and returns the exit code.
    pub(crate) fn report(self) -> u8 {
        match self {
            Self::Faults(faults) => {
                output::diagnostics(&faults);
                1
            }
            Self::Mistake(problem) => {
                output::problem("error", &problem);
                1
            }
            Self::Environment(problem) => {
                output::problem("error", &problem);
                3
            }
            Self::Defect(broken) => {
                output::defect(&broken);
                DEFECT
            }
            Self::Interrupted => 130,
            Self::ReaderGone => 0,
        }
    }
}

/// Errors of writing to stdout.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ReaderGone,
            _ => Self::Environment(format!("cannot write the output: {error}")),
        }
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        match error {
            JournalError::Locked { .. }
            | JournalError::ReadOnly { .. }
            | JournalError::Full { .. }
            | JournalError::Io { .. } => Self::Environment(error.to_string()),
            JournalError::WhichRun { ref path, ref known } if known.is_empty() => {
                Self::Mistake(format!("`{}` holds no run", path.display()))
            }
            JournalError::WhichRun { .. } => Self::Mistake(format!("{error}; give its id last")),
            JournalError::CutOff { .. } => {
                Self::Mistake(format!("{error}; `payment-sim db delete` removes it"))
            }
            _ => Self::mistake(error),
        }
    }
}

impl From<RetraceError> for Failure {
    fn from(error: RetraceError) -> Self {
        match error {
            RetraceError::Journal(error) => error.into(),
            RetraceError::Broken(broken) => Self::defect(broken),
            RetraceError::Checkpoint { .. } => {
                Self::Mistake(format!("{error}; `payment-sim checkpoint delete` removes it"))
            }
            _ => Self::mistake(error),
        }
    }
}

impl From<Diagnostics> for Failure {
    fn from(faults: Diagnostics) -> Self {
        Self::Faults(faults)
    }
}

#[cfg(test)]
mod tests {
    use psim_model::Tick;
    use psim_runner::Broken;

    use super::*;

    #[test]
    fn a_broken_law_is_told_as_a_defect_of_ours() {
        let broken = Broken::Sums { tick: Tick(7), what: "queue 2 is longer".to_owned() };
        let failure = Failure::defect(broken);
        assert!(matches!(&failure, Failure::Defect(text) if text.starts_with("tick 7: ")));
        assert_eq!(failure.report(), DEFECT);
    }
}
