//! What can be typed.

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use psim_synth::Profile;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Simulate large-value payment systems
///
/// A scenario file describes banks, rules, costs and payments; the simulator settles them gross in
/// real time, queues what cannot settle, and accounts for every cent. The same scenario gives the
/// same result, always.
#[derive(Debug, Parser)]
#[command(name = "payment-sim", version, styles = STYLES, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a scenario and print what happened
    Run(RunArguments),
    /// Check a scenario and list every fault in it
    Check(CheckArguments),
    /// Print how much liquidity a list of payments needs, at most and at least
    Bounds(BoundsArguments),
    /// Write a realistic day of payments made from published aggregates
    Synth(SynthArguments),
    /// Print the schema of a file format
    Schema(SchemaArguments),
}

/// Where a scenario comes from and what is changed in it.
#[derive(Args, Debug)]
pub(crate) struct ScenarioArguments {
    /// Scenario file (YAML or JSON)
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath, required_unless_present = "config")]
    file: Option<PathBuf>,

    /// Scenario file, for those used to naming it with a flag
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "file")]
    config: Option<PathBuf>,

    /// Set a key of the scenario, such as `cost_rates.eod_penalty=100` (repeatable)
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,

    /// Use this seed instead of the scenario's
    #[arg(long, short, value_name = "N")]
    pub(crate) seed: Option<u64>,
}

impl ScenarioArguments {
    /// Returns the path, by whichever way it was given.
    pub(crate) fn path(&self) -> PathBuf {
        self.file.clone().or_else(|| self.config.clone()).unwrap_or_default()
    }
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    payment-sim run scenarios/first_day.yaml --verbose\n  \
    payment-sim run scenarios/t2_day.yaml --set opening_balances.bounds=0.2 --output json")]
pub(crate) struct RunArguments {
    #[command(flatten)]
    pub(crate) scenario: ScenarioArguments,

    /// Run only the first N ticks; the length of a day does not change
    #[arg(long, short, value_name = "N")]
    pub(crate) ticks: Option<u32>,

    /// Tell each tick before the summary
    #[arg(long, short, conflicts_with = "quiet")]
    pub(crate) verbose: bool,

    /// Print the summary and nothing else: no progress, no warnings, no duration
    #[arg(long, short)]
    pub(crate) quiet: bool,

    /// Form of the summary
    #[arg(long, short, value_enum, default_value_t = OutputForm::Text)]
    pub(crate) output: OutputForm,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputForm {
    /// A page for people
    Text,
    /// One JSON object, amounts in minor units
    Json,
}

#[derive(Args, Debug)]
pub(crate) struct CheckArguments {
    #[command(flatten)]
    pub(crate) scenario: ScenarioArguments,
}

#[derive(Args, Debug)]
#[command(after_help = "The lower bound is what a bank needs to settle everything by netting at the \
    end of the day,\nthe upper bound what it needs to settle everything at once.")]
pub(crate) struct BoundsArguments {
    /// Scenario (YAML, JSON) or payment file (CSV, .csv.gz, Parquet)
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    /// Form of the table
    #[arg(long, short, value_enum, default_value_t = OutputForm::Text)]
    pub(crate) output: OutputForm,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  \
    payment-sim synth --profile t2 --seed 7 -o payments.csv --participants-file banks.csv")]
pub(crate) struct SynthArguments {
    /// System whose published figures the day is made from
    #[arg(long, value_parser = parse_profile, value_name = "t2|fedwire|chaps|rits")]
    pub(crate) profile: Profile,

    /// Seed of the random numbers
    #[arg(long, short, default_value_t = 1, value_name = "N")]
    pub(crate) seed: u64,

    /// Number of payments, if not that of the system
    #[arg(long, value_name = "N")]
    pub(crate) payments: Option<u32>,

    /// Number of participants, if not that of the system
    #[arg(long, value_name = "N")]
    pub(crate) participants: Option<u32>,

    /// File to write the payments to (CSV)
    #[arg(long, short, value_name = "FILE", required_unless_present = "describe")]
    pub(crate) output: Option<PathBuf>,

    /// File to write the participants to (CSV), each with the balance at which nothing waits
    #[arg(long, value_name = "FILE")]
    pub(crate) participants_file: Option<PathBuf>,

    /// Print each published aggregate beside what this day has
    #[arg(long)]
    pub(crate) describe: bool,
}

fn parse_profile(text: &str) -> Result<Profile, String> {
    text.parse().map_err(|error| format!("{error}"))
}

#[derive(Args, Debug)]
pub(crate) struct SchemaArguments {
    /// What to describe
    #[arg(value_enum)]
    pub(crate) of: SchemaOf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// Scenario files, as JSON Schema
    Scenario,
}
