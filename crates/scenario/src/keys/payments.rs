//! Payments from data.

use psim_synth::{PARTICIPANTS_MAX, PAYMENTS_MAX};

use crate::shape::{Case, Key, Kind, SEED, Shape};

/// Payments from a file or generated before the run.
pub(super) static PAYMENTS: Shape = Shape {
    title: "`payments`",
    needs: &["file", "synth"],
    keys: &[
        Key::optional(
            "file",
            Kind::Name,
            "none",
            "CSV, `.csv.gz` or Parquet, relative to the scenario; exclusive with `synth`",
        ),
        Key::optional(
            "columns",
            Kind::Map(&COLUMNS),
            "the same names",
            "What the file calls each column",
        ),
        Key::optional("synth", Kind::Map(&SYNTH), "none", "A realistic day, generated"),
    ],
};

/// The columns of a payment file; as keys they map names.
pub(crate) static COLUMNS: Shape = Shape {
    title: "the columns of a payment file",
    needs: &[],
    keys: &[
        column("id", "none", "Its name, unique in the run"),
        column("day", "0", "Day of the run, from 0"),
        column("tick", "required, or `time`", "Tick of that day, from 0"),
        column("time", "required, or `tick`", "Time of day, `09:30` or `09:30:15`"),
        column("sender", "required", "Agent that pays"),
        column("receiver", "required", "Agent that is paid"),
        column("amount", "required, or `amount_decimal`", "Amount in whole minor units"),
        column("amount_decimal", "required, or `amount`", "Amount in major units, such as 12.34"),
        column("priority", "5", "From 0 to 10"),
        column("rtgs_priority", "Normal", "Declared class: Normal, Urgent or HighlyUrgent"),
        column(
            "deadline_tick",
            "last tick of the day",
            "Tick of the run, after the arrival; in the last tick of a day also that tick",
        ),
        column("earliest_tick", "the arrival", "Tick of the run before which it may not settle"),
        column("divisible", "may be split", "`true` or `false`"),
    ],
};

const fn column(name: &'static str, default: &'static str, doc: &'static str) -> Key {
    Key::optional(name, Kind::Name, default, doc)
}

/// Where [`COLUMNS`] describes the files themselves.
pub(crate) static PAYMENT_FILE: &Shape = &COLUMNS;

/// A generated day.
pub(crate) static SYNTH: Shape = Shape {
    title: "`synth`",
    needs: &[],
    keys: &[
        Key::required(
            "profile",
            Kind::Choice(&[
                Case::word("t2", "T2, the euro area"),
                Case::word("fedwire", "Fedwire, the United States"),
                Case::word("chaps", "CHAPS, the United Kingdom"),
                Case::word("rits", "RITS, Australia"),
            ]),
            "Which system's published figures it follows",
        ),
        Key::optional("seed", SEED, "`rng_seed`", "Seed of the first day")
            .unit("later days use SplitMix64(seed xor day)"),
        Key::optional(
            "payments",
            Kind::Int { min: 1, max: PAYMENTS_MAX as i128 },
            "as in the profile",
            "Payments a day",
        ),
        Key::optional(
            "participants",
            Kind::Int { min: 2, max: PARTICIPANTS_MAX as i128 },
            "as in the profile",
            "Number of banks",
        ),
    ],
};

/// The class that a payment is declared with.
pub(super) const CLASS: Kind = Kind::Choice(&CLASSES);

static CLASSES: [Case; 3] = [
    Case::word("Normal", "any payment that is not declared urgent"),
    Case::word("Urgent", "before normal ones"),
    Case::word("HighlyUrgent", "before all others"),
];
