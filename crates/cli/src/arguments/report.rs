//! What can be typed after `report` and `compare`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::StoredRunArguments;

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    payment-sim report out.db\n  \
    payment-sim report out.db first-day -o report.html\n  \
    payment-sim report out.db --json | jq .liquidity.all\n  \
    payment-sim report out.db --csv measures --figures figures\n\n\
    Without -o, --json, --csv or --figures the report is printed. docs/measures.md defines each \
    measure.\nThe HTML file opens in any browser and needs no network and no other file.")]
pub(crate) struct ReportArguments {
    #[command(flatten)]
    pub(crate) run: StoredRunArguments,

    /// HTML file to write: story, charts, network, payments, settings
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,

    /// Print all measures as one JSON object, amounts in minor units
    #[arg(long)]
    pub(crate) json: bool,

    /// Folder to write all measures to as CSV tables
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) csv: Option<PathBuf>,

    /// Folder to write each chart to as SVG
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) figures: Option<PathBuf>,

    /// Replace files that exist
    #[arg(long)]
    pub(crate) force: bool,
}

impl ReportArguments {
    /// Returns whether the report goes to files.
    pub(crate) const fn writes_files(&self) -> bool {
        self.output.is_some() || self.csv.is_some() || self.figures.is_some()
    }
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    payment-sim compare out.db                      all runs of a database\n  \
    payment-sim compare before.db after.db\n  \
    payment-sim compare out.db:base out.db:shock -o comparison.html\n\n\
    Differences are against the first run. Amounts are subtracted only in the same currency.")]
pub(crate) struct CompareArguments {
    /// Runs: `DB`, or `DB:ID` if the database holds several
    #[arg(value_name = "RUN", required = true, value_hint = ValueHint::FilePath)]
    pub(crate) runs: Vec<OsString>,

    /// HTML file to write: tables side by side, the curves of all runs in one chart
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,

    /// Print everything as one JSON object, amounts in minor units
    #[arg(long)]
    pub(crate) json: bool,

    /// Replace a file that exists
    #[arg(long)]
    pub(crate) force: bool,
}
