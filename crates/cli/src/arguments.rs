//! What can be typed.

mod checkpoint;
mod numbers;
mod policy;
mod report;
mod schema;
mod stored_run;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum, ValueHint};
use psim_scenario::{Caller, Overrides};
use psim_synth::Profile;
use psim_view::TickRange;

pub(crate) use checkpoint::{CheckpointCommand, Every, GoOnArguments};
pub(crate) use policy::{
    CheckPolicyArguments, CoverageArguments, DiffArguments, ExplainArguments, PolicyCommand,
    ShowPolicyArguments, TreeName,
};
pub(crate) use report::{CompareArguments, ReportArguments};
pub(crate) use schema::{Format, PolicyFormat, PolicySchemaArguments, SchemaCommand};
pub(crate) use stored_run::{NamedRun, StoredRunArguments};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Simulate large-value payment systems
///
/// A scenario file describes banks, rules, costs and payments; the simulator settles them gross in
/// real time, queues what cannot settle, and accounts for every cent. The same scenario always
/// gives the same result.
#[derive(Debug, Parser)]
#[command(name = "payment-sim", version, styles = STYLES, max_term_width = 100)]
#[command(after_help = "Start here:\n  \
    payment-sim run scenarios/first_day.yaml             a day of four banks, summed up\n  \
    payment-sim run scenarios/first_day.yaml --verbose   the same, tick by tick\n  \
    payment-sim check my_scenario.yaml                   every fault of a file of your own\n\n\
    `payment-sim COMMAND --help` explains a command and gives examples.\n\
    Exit codes: 0 done; 1 a file, name or value is wrong; 2 the command line is wrong;\n\
    3 the environment failed, such as a full disk; 101 a defect of the program; 130 interrupted.")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a scenario and print what happened
    Run(Box<RunArguments>),
    /// Print a stored run again, exactly as `run` printed it
    Replay(ReplayArguments),
    /// Show the life of one payment: where it waited, why, and what it cost
    Trace(TraceArguments),
    /// Run a stored scenario again and compare every event
    Verify(StoredRunArguments),
    /// Show all measures of a stored run: in the terminal, as HTML, JSON, CSV or figures
    Report(ReportArguments),
    /// Compare the measures of stored runs, side by side
    Compare(CompareArguments),
    /// Write a stored run as tables, in Parquet or CSV
    Export(ExportArguments),
    /// List, describe and delete the runs of a database
    #[command(subcommand)]
    Db(DbCommand),
    /// List, describe and delete the checkpoints of a stored run
    #[command(subcommand)]
    Checkpoint(CheckpointCommand),
    /// Check a scenario and list every fault in it
    Check(CheckArguments),
    /// Print how much liquidity a list of payments needs, at least and at most
    Bounds(BoundsArguments),
    /// Write a realistic day of payments made from published aggregates
    Synth(SynthArguments),
    /// Check, draw, explain and compare policies, and count which parts of them a run used
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Describe scenario files, the policy language, costs or events
    #[command(subcommand)]
    Schema(SchemaCommand),
}

/// Where a scenario comes from and what is changed in it.
#[derive(Args, Debug)]
pub(crate) struct ScenarioArguments {
    /// Scenario file (YAML or JSON)
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    #[arg(required_unless_present = "config")]
    file: Option<PathBuf>,

    /// Scenario file, as an option instead of the argument FILE
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    #[arg(conflicts_with = "file")]
    config: Option<PathBuf>,

    /// Set a key of the scenario, such as `cost_rates.eod_penalty=100` (repeatable)
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,

    /// Use this seed instead of the scenario's
    #[arg(long, short, value_name = "N")]
    #[arg(value_parser = numbers::seed, allow_negative_numbers = true)]
    pub(crate) seed: Option<u64>,

    /// Give an agent, or all with `*`, a policy of the library or from a file (repeatable)
    #[arg(long, value_name = "AGENT=FILE|NAME")]
    pub(crate) policy: Vec<String>,

    /// Record the path through the policy's tree with each decision
    #[arg(long)]
    pub(crate) trace_decisions: bool,

    #[command(flatten)]
    pub(crate) reach: ReachArguments,
}

/// Which files a scenario may name.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct ReachArguments {
    /// Let the scenario read files outside its own folder
    #[arg(long)]
    pub(crate) allow_outside: bool,
}

impl ScenarioArguments {
    /// Returns what is changed in the scenario.
    pub(crate) fn overrides(&self) -> Overrides {
        Overrides {
            set: self.set.clone(),
            seed: self.seed,
            policies: self.policy.clone(),
            trace_decisions: self.trace_decisions,
            allow_outside: self.reach.allow_outside,
            caller: Caller::CommandLine,
        }
    }

    /// Returns the path, by whichever way it was given.
    pub(crate) fn path(&self) -> PathBuf {
        self.file.clone().or_else(|| self.config.clone()).unwrap_or_default()
    }
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    payment-sim run scenarios/first_day.yaml --verbose\n  \
    payment-sim run scenarios/t2_day.yaml --set opening_balances.bounds=0.2 --output json\n  \
    payment-sim run scenarios/first_day.yaml --policy NORD=deadline --trace-decisions\n  \
    payment-sim run scenarios/first_day.yaml --persist out.db --checkpoint-every day\n  \
    payment-sim run --resume out.db\n  \
    payment-sim run --branch out.db --at 30 --set cost_rates.eod_penalty=1000")]
#[command(mut_arg("file", |file| file.required_unless_present_any(["resume", "branch"])))]
pub(crate) struct RunArguments {
    #[command(flatten)]
    pub(crate) scenario: ScenarioArguments,

    /// Run only the first N ticks; the length of a day does not change
    #[arg(long, short, value_name = "N")]
    pub(crate) ticks: Option<u32>,

    /// Store the run in this database (SQLite), which may hold many runs
    #[arg(long, short, value_name = "DB", value_hint = ValueHint::FilePath, group = "kept")]
    pub(crate) persist: Option<PathBuf>,

    /// Id of the stored run, instead of one made from the scenario
    #[arg(long, value_name = "ID", requires = "persist")]
    pub(crate) simulation_id: Option<String>,

    /// Check after every tick that the books balance and that the events describe the whole state
    #[arg(long)]
    pub(crate) paranoid: bool,

    #[command(flatten)]
    pub(crate) go_on: GoOnArguments,

    #[command(flatten)]
    pub(crate) show: ShowArguments,
}

/// What is shown of a run, live or stored.
#[derive(Args, Debug)]
#[group(skip)]
pub(crate) struct ShowArguments {
    /// Print what happens in each tick before the summary
    #[arg(long, short, group = "listing")]
    pub(crate) verbose: bool,

    /// Print one JSON line for each tick before the summary; filters restrict what it counts, but
    /// not the queues
    #[arg(long, group = "listing")]
    pub(crate) stream: bool,

    /// Print one JSON line for each event before the summary
    #[arg(long, group = "listing")]
    pub(crate) event_stream: bool,

    /// Print the summary and nothing else: no progress, no warnings, no duration
    #[arg(long, short, conflicts_with = "listing")]
    pub(crate) quiet: bool,

    /// Format of the summary
    #[arg(long, short, value_enum, default_value_t = OutputForm::Text)]
    pub(crate) output: OutputForm,

    /// List only events of this agent
    #[arg(long, value_name = "AGENT", requires = "listing", help_heading = "Filters")]
    pub(crate) filter_agent: Option<String>,

    /// List only events of this payment
    #[arg(long, value_name = "TX", requires = "listing", help_heading = "Filters")]
    pub(crate) filter_tx: Option<String>,

    /// List only events of these types, such as `QueuedRtgs,PolicyHold`
    #[arg(long, value_name = "TYPE,…", requires = "listing", help_heading = "Filters")]
    pub(crate) filter_event_type: Option<String>,

    /// List only these ticks, both ends included: `10-20`, `10-`, `-20` or `10`
    #[arg(
        long,
        value_name = "A-B",
        requires = "listing",
        help_heading = "Filters",
        allow_hyphen_values = true
    )]
    pub(crate) filter_tick_range: Option<TickRange>,
}

#[derive(Args, Debug)]
#[command(after_help = "ID may be left out if the database holds one run.\n\
    The summary always covers the run from its first tick; filters restrict what is listed.")]
pub(crate) struct ReplayArguments {
    /// Run database, or `DB:ID` for one run of it
    #[arg(value_name = "DB", value_hint = ValueHint::FilePath)]
    db: OsString,

    /// Id of the run, if the database holds several
    #[arg(value_name = "ID")]
    id: Option<String>,

    /// The same as ID
    #[arg(long, value_name = "ID", conflicts_with = "id")]
    simulation_id: Option<String>,

    /// List events from this tick on
    #[arg(long, value_name = "N", requires = "listing")]
    #[arg(value_parser = numbers::tick)]
    pub(crate) from_tick: Option<u32>,

    /// Stop after this tick, as if only so many had been run
    #[arg(long, value_name = "N")]
    #[arg(value_parser = numbers::tick)]
    pub(crate) to_tick: Option<u32>,

    #[command(flatten)]
    pub(crate) show: ShowArguments,
}

#[derive(Args, Debug)]
#[command(after_help = "ID may be left out if the database holds one run.\n\
    The first trace of a large run adds an index to the database, so that later ones are \
    immediate.")]
pub(crate) struct TraceArguments {
    /// Run database, or `DB:ID` for one run of it
    #[arg(value_name = "DB", value_hint = ValueHint::FilePath)]
    db: OsString,

    /// Id of the payment, such as `tx-12`
    #[arg(value_name = "TX")]
    pub(crate) tx: String,

    /// Id of the run, if the database holds several
    #[arg(value_name = "ID")]
    id: Option<String>,

    /// The same as ID
    #[arg(long, value_name = "ID", conflicts_with = "id")]
    simulation_id: Option<String>,

    /// Format of the answer
    #[arg(long, short, value_enum, default_value_t = OutputForm::Text)]
    pub(crate) output: OutputForm,
}

impl ReplayArguments {
    /// Returns the run, by whichever way it was named.
    pub(crate) fn run(&self) -> NamedRun {
        NamedRun::new(&self.db, self.id.as_deref().or(self.simulation_id.as_deref()))
    }
}

impl TraceArguments {
    /// Returns the run, by whichever way it was named.
    pub(crate) fn run(&self) -> NamedRun {
        NamedRun::new(&self.db, self.id.as_deref().or(self.simulation_id.as_deref()))
    }
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    payment-sim export out.db --parquet tables\n  \
    payment-sim export out.db first-day --csv tables-csv --force\n\n\
    Each table is a folder that is partitioned by run, so that one folder can hold many runs:\n  \
    tables/transactions/simulation_id=first-day/part-0.parquet\n\
    Tables: transactions, pairs, agents_by_tick, ticks, costs, events; docs/export.md has their \
    columns.\nAmounts are integers in minor units.")]
#[command(group(ArgGroup::new("tables").required(true).multiple(true)))]
pub(crate) struct ExportArguments {
    #[command(flatten)]
    pub(crate) run: StoredRunArguments,

    /// Folder to write Parquet files to
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, group = "tables")]
    pub(crate) parquet: Option<PathBuf>,

    /// Folder to write CSV files to
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, group = "tables")]
    pub(crate) csv: Option<PathBuf>,

    /// Replace files of the same run
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DbCommand {
    /// List the runs
    List {
        /// Run database
        #[arg(value_name = "DB", value_hint = ValueHint::FilePath)]
        db: PathBuf,

        /// Format of the list
        #[arg(long, short, value_enum, default_value_t = OutputForm::Text)]
        output: OutputForm,
    },
    /// Describe a run: its scenario, and where it stopped
    Info {
        #[command(flatten)]
        run: StoredRunArguments,

        /// Format of the answer
        #[arg(long, short, value_enum, default_value_t = OutputForm::Text)]
        output: OutputForm,
    },
    /// Delete a run
    Delete {
        /// Run database
        #[arg(value_name = "DB", value_hint = ValueHint::FilePath)]
        db: PathBuf,

        /// Id of the run
        #[arg(value_name = "ID")]
        simulation_id: String,
    },
    /// Free the disk space of deleted runs
    Vacuum {
        /// Run database
        #[arg(value_name = "DB", value_hint = ValueHint::FilePath)]
        db: PathBuf,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputForm {
    /// Text for people
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
#[command(
    after_help = "The lower bound is what a bank needs to settle everything by netting at the \
    end of the day,\nthe upper bound what it needs to settle everything at once."
)]
pub(crate) struct BoundsArguments {
    /// Scenario (YAML, JSON) or payment file (CSV, .csv.gz, Parquet)
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) reach: ReachArguments,

    /// Format of the table
    #[arg(long, short, value_enum, default_value_t = OutputForm::Text)]
    pub(crate) output: OutputForm,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  \
    payment-sim synth --profile t2 --seed 7 -o payments.csv --participants-file banks.csv")]
#[command(group(ArgGroup::new("made").required(true).multiple(true)))]
pub(crate) struct SynthArguments {
    /// System whose published figures the day is made from
    #[arg(long, value_parser = parse_profile, value_name = "t2|fedwire|chaps|rits")]
    pub(crate) profile: Profile,

    /// Seed of the random numbers
    #[arg(long, short, default_value_t = 1, value_name = "N")]
    #[arg(value_parser = numbers::seed, allow_negative_numbers = true)]
    pub(crate) seed: u64,

    /// Number of payments [default: that of the system]
    #[arg(long, value_name = "N")]
    pub(crate) payments: Option<u32>,

    /// Number of participants [default: that of the system]
    #[arg(long, value_name = "N")]
    pub(crate) participants: Option<u32>,

    /// File to write the payments to (CSV)
    #[arg(long, short, value_name = "FILE", group = "made")]
    pub(crate) output: Option<PathBuf>,

    /// File to write the participants to (CSV), each with the opening balance with which no payment
    /// waits
    #[arg(long, value_name = "FILE")]
    pub(crate) participants_file: Option<PathBuf>,

    /// Replace files that exist
    #[arg(long)]
    pub(crate) force: bool,

    /// Print each target with its source beside what this day has
    #[arg(long, group = "made")]
    pub(crate) describe: bool,
}

fn parse_profile(text: &str) -> Result<Profile, String> {
    text.parse().map_err(|error| format!("{error}"))
}
