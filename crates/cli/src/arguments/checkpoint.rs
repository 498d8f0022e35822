//! What can be typed about checkpoints: making them, going on from them, branching off.

use std::ffi::OsString;
use std::str::FromStr;

use clap::{ArgGroup, Args, Subcommand, ValueHint};

use super::{NamedRun, OutputForm, StoredRunArguments};

/// When checkpoints are made, and where a run goes on instead of beginning.
#[derive(Args, Debug)]
#[group(skip)]
pub(crate) struct GoOnArguments {
    /// Store a checkpoint before each of these ticks, from which to resume or branch
    #[arg(long, value_name = "N,…", value_delimiter = ',')]
    #[arg(value_parser = super::numbers::later_tick)]
    #[arg(requires = "kept", help_heading = "Checkpoints and branches")]
    pub(crate) checkpoint_at: Vec<u32>,

    /// Store a checkpoint after the last tick of each day, or every N ticks
    #[arg(long, value_name = "day|N", requires = "kept")]
    #[arg(help_heading = "Checkpoints and branches")]
    pub(crate) checkpoint_every: Option<Every>,

    /// Resume a stored run (also `DB:ID`) that was cut off, from its last checkpoint; it ends as if
    /// uninterrupted
    #[arg(long, num_args = 1..=2, value_names = ["DB", "ID"], value_hint = ValueHint::FilePath)]
    #[arg(group = "kept", help_heading = "Checkpoints and branches")]
    #[arg(conflicts_with_all = ["branch", "file", "config", "set", "seed", "policy"])]
    #[arg(conflicts_with_all = ["trace_decisions", "ticks", "simulation_id"])]
    resume: Vec<OsString>,

    /// Continue a stored run (also `DB:ID`) from tick --at on under other costs, liquidity saving,
    /// limits, policies or later events
    #[arg(long, num_args = 1..=2, value_names = ["DB", "ID"], value_hint = ValueHint::FilePath)]
    #[arg(requires = "at", help_heading = "Checkpoints and branches")]
    #[arg(conflicts_with_all = ["file", "config"])]
    branch: Vec<OsString>,

    /// First tick of the branch
    #[arg(long, value_name = "N", requires = "branch")]
    #[arg(help_heading = "Checkpoints and branches")]
    #[arg(value_parser = super::numbers::tick)]
    pub(crate) at: Option<u32>,
}

impl GoOnArguments {
    /// Returns the run that is to go on, if one is.
    pub(crate) fn resumed(&self) -> Option<NamedRun> {
        NamedRun::behind_flag(&self.resume)
    }

    /// Returns the run that is branched off, if one is.
    pub(crate) fn branched(&self) -> Option<NamedRun> {
        NamedRun::behind_flag(&self.branch)
    }

    /// Returns the option by which checkpoints are asked for, if they are.
    pub(crate) fn checkpoint_option(&self) -> Option<&'static str> {
        if self.checkpoint_at.is_empty() {
            self.checkpoint_every.map(|_| "--checkpoint-every")
        } else {
            Some("--checkpoint-at")
        }
    }
}

/// How often a checkpoint is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Every {
    Day,
    Ticks(u32),
}

impl FromStr for Every {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            _ if text == "day" => Ok(Self::Day),
            Ok(ticks) if ticks > 0 => Ok(Self::Ticks(ticks)),
            _ => Err("`day`, or a number of ticks from 1 on".to_owned()),
        }
    }
}

#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:\n  \
    payment-sim run scenarios/first_day.yaml --persist out.db --checkpoint-at 30\n  \
    payment-sim checkpoint list out.db\n  \
    payment-sim run --branch out.db --at 30 --set cost_rates.eod_penalty=1000")]
pub(crate) enum CheckpointCommand {
    /// List the checkpoints of a run
    List {
        #[command(flatten)]
        run: StoredRunArguments,

        /// Format of the list
        #[arg(long, short, value_enum, default_value_t = OutputForm::Text)]
        output: OutputForm,
    },
    /// Describe a checkpoint, and say whether the run can resume from it
    Info {
        #[command(flatten)]
        run: StoredRunArguments,

        /// Tick of the checkpoint [default: that of the last one]
        #[arg(long, value_name = "N", value_parser = super::numbers::tick)]
        at: Option<u32>,

        /// Format of the answer
        #[arg(long, short, value_enum, default_value_t = OutputForm::Text)]
        output: OutputForm,
    },
    /// Delete checkpoints of a run, but not its events
    #[command(group(ArgGroup::new("which").required(true).args(["at", "all"])))]
    Delete {
        #[command(flatten)]
        run: StoredRunArguments,

        /// Ticks of the checkpoints
        #[arg(long, value_name = "N,…", value_delimiter = ',')]
        at: Vec<u32>,

        /// All checkpoints of the run
        #[arg(long)]
        all: bool,
    },
}
