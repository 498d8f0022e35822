//! The runs that are disturbed, and how they are when they are not.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::program::call;

/// A scenario of the repository, and what makes it long.
pub(super) struct Kept {
    scenario: &'static str,
    settings: &'static [&'static str],
    /// Ticks from one checkpoint to the next.
    every: &'static str,
}

pub(super) const SCENARIOS: [Kept; 3] = [
    Kept { scenario: "several_days.yaml", settings: &["num_days=200"], every: "day" },
    Kept { scenario: "first_day.yaml", settings: &["num_days=40"], every: "300" },
    Kept { scenario: "splitting.yaml", settings: &["num_days=60"], every: "7" },
];

/// An undisturbed run.
pub(super) struct Reference {
    kept: &'static Kept,
    /// What it printed, a line for each tick, and where each line ends.
    stream: String,
    pub(super) stream_hash: String,
    /// How long it takes.
    pub(super) takes: Duration,
}

impl Reference {
    /// Runs a scenario undisturbed.
    pub(super) fn of(kept: &'static Kept) -> Self {
        let folder = tempfile::tempdir().expect("Condition failed: folders can be made");
        let mut arguments = kept.arguments(kept.every);
        #[expect(clippy::disallowed_methods, reason = "how long a disturbed run may be left alone")]
        let started = Instant::now();
        let whole = call(folder.path(), &arguments);
        let takes = started.elapsed();
        assert_eq!(whole.code, Some(0), "{}", whole.stderr);
        arguments.truncate(arguments.len() - 6); // not kept, and all of it printed
        arguments.push("--stream".to_owned());
        let stream = call(folder.path(), &arguments).stdout;
        arguments.pop();
        arguments.extend(["--output", "json", "--quiet"].map(str::to_owned));
        let summary = call(folder.path(), &arguments);
        assert_eq!(summary.code, Some(0), "{}", summary.stderr);
        let summary: serde_json::Value =
            serde_json::from_str(&summary.stdout).expect("a summary in JSON");
        let hash = summary["run"]["stream_hash"].as_str().expect("a hash");
        Self { kept, stream, stream_hash: hash.to_owned(), takes }
    }

    /// Returns the ticks from one checkpoint to the next, as the run has them by itself.
    pub(super) fn every(&self) -> &'static str {
        self.kept.every
    }

    /// Returns what begins the run or, if a part of it is there, goes on with it.
    pub(super) fn arguments(&self, is_there: bool, every: &str) -> Vec<String> {
        if is_there {
            return ["run", "--resume", "runs.db", "--checkpoint-every", every]
                .map(str::to_owned)
                .to_vec();
        }
        self.kept.arguments(every)
    }

    /// Holds the lines of the first ticks against what is printed of a part.
    pub(super) fn holds_beginning(&self, printed: &str, ticks: u64) {
        let mut found = printed.lines();
        for (tick, expected) in (0..ticks).zip(self.stream.lines()) {
            assert_eq!(found.next(), Some(expected), "tick {tick} is another");
        }
        let beyond = found.next().filter(|line| line.starts_with('{'));
        assert_eq!(beyond, None, "a tick that was not committed");
    }
}

impl Kept {
    /// Returns the call that keeps the run; the last six say where and how.
    fn arguments(&self, every: &str) -> Vec<String> {
        let mut arguments = vec!["run".to_owned(), scenario(self.scenario).display().to_string()];
        for setting in self.settings {
            arguments.extend(["--set".to_owned(), (*setting).to_owned()]);
        }
        let kept = ["--persist", "runs.db", "--simulation-id", "kept", "--checkpoint-every"];
        arguments.extend(kept.map(str::to_owned));
        arguments.push(every.to_owned());
        arguments
    }
}

fn scenario(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios").join(name)
}
