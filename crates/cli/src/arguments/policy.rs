//! What can be typed about policies.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint};
use psim_policy::Tree;

use super::{OutputForm, StoredRunArguments};

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Check a policy file and list every fault in it
    Check(CheckPolicyArguments),
    /// List the policies that come with the program, each with its intent
    List,
    /// Draw the trees of a policy and put them into English
    Show(ShowPolicyArguments),
    /// Show what a policy decides in a given situation, and why
    Explain(ExplainArguments),
    /// List what changes from one policy to another
    Diff(DiffArguments),
    /// Count how often a traced run reached each node of its policies
    Coverage(CoverageArguments),
}

#[derive(Args, Debug)]
#[command(after_help = "If there are no faults, one line says what is in the policy.\n\
    With --predecessor, what the predecessor ignored is a warning, and the policy is printed as \
    the program understands it, without comments and metadata.")]
pub(crate) struct CheckPolicyArguments {
    /// Policy file (JSON)
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    /// Only warn of what the predecessor ignored, and print the policy as it is understood
    #[arg(long)]
    pub(crate) predecessor: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ShowPolicyArguments {
    /// Policy of the library, or file (JSON)
    #[arg(value_name = "NAME|FILE", value_hint = ValueHint::FilePath)]
    pub(crate) policy: String,

    /// Print the document instead, without comments and metadata
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    payment-sim policy explain deadline --at ticks_to_deadline=3\n  \
    payment-sim policy explain my.json --tree bank --at balance=1_000_000,bank_state_cooldown=2\n  \
    payment-sim policy explain deadline --param urgency_threshold=9 --at ticks_to_deadline=8\n\n\
    Every field that the policy reads must be given once; registers that are not given are 0.\n\
    Classes are given by name (Normal, Urgent, HighlyUrgent), flags as true or false, infinity as \
    inf.")]
pub(crate) struct ExplainArguments {
    /// Policy of the library, or file (JSON)
    #[arg(value_name = "NAME|FILE", value_hint = ValueHint::FilePath)]
    pub(crate) policy: String,

    /// The tree to ask
    #[arg(long, value_enum, default_value_t = TreeName::Payment)]
    pub(crate) tree: TreeName,

    /// Values of the fields and registers that the policy reads (repeatable)
    #[arg(long, value_name = "FIELD=VALUE,…")]
    pub(crate) at: Vec<String>,

    /// Value of a parameter, instead of the one in the policy (repeatable)
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) param: Vec<String>,

    /// Format of the answer
    #[arg(long, short, value_enum, default_value_t = OutputForm::Text)]
    pub(crate) output: OutputForm,
}

#[derive(Args, Debug)]
#[command(after_help = "Nodes are compared by their ids.")]
pub(crate) struct DiffArguments {
    /// Policy of the library, or file (JSON)
    #[arg(value_name = "BEFORE", value_hint = ValueHint::FilePath)]
    pub(crate) before: String,

    /// Policy of the library, or file (JSON)
    #[arg(value_name = "AFTER", value_hint = ValueHint::FilePath)]
    pub(crate) after: String,
}

#[derive(Args, Debug)]
#[command(after_help = "The run must have been made with --trace-decisions, or with \
    `trace_decisions: true` in the scenario.\nAgents that follow the same document are counted \
    together.")]
pub(crate) struct CoverageArguments {
    #[command(flatten)]
    pub(crate) run: StoredRunArguments,

    /// Count only the decisions of this agent
    #[arg(long, value_name = "AGENT")]
    pub(crate) agent: Option<String>,

    /// Format of the answer
    #[arg(long, short, value_enum, default_value_t = OutputForm::Text)]
    pub(crate) output: OutputForm,
}

/// A tree, as people name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TreeName {
    /// About each payment
    Payment,
    /// About release budgets and registers
    Bank,
    /// About collateral, before payments are looked at
    Strategic,
    /// About collateral, at the end of the tick
    EndOfTick,
}

impl TreeName {
    /// Returns the tree.
    pub(crate) const fn tree(self) -> Tree {
        match self {
            Self::Payment => Tree::Payment,
            Self::Bank => Tree::Bank,
            Self::Strategic => Tree::StrategicCollateral,
            Self::EndOfTick => Tree::EndOfTickCollateral,
        }
    }
}
