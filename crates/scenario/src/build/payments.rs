//! Payments from data: where they come from, and how they meet the agents.

use psim_model::PreparedPayments;

use super::agents::{Drafts, Members};
use super::time::Time;
use crate::check::Checker;
use crate::data::payments::{Reading, find_file, read_file};
use crate::synth::{self, Days};
use crate::typed::{Fields, Typed};

/// Where payments come from.
pub(super) enum Origin {
    None,
    File { key: &'static str, name: String, columns: Option<Fields> },
    Synth(Days),
}

/// Reads where payments come from; days are generated here, since they may name the agents.
pub(super) fn origin(
    checker: &mut Checker<'_>,
    root: &Fields,
    time: Option<&Time>,
    members: Option<&Members>,
    seed: Option<u64>,
) -> Option<Origin> {
    let Some(given) = root.given("payments") else { return Some(Origin::None) };
    let item = given.item.as_ref()?;
    let fields = match &item.typed {
        Typed::Text(name) => {
            return Some(Origin::File { key: "payments", name: name.clone(), columns: None });
        }
        Typed::Fields(fields) => fields,
        _ => return None,
    };
    match (fields.given("file"), fields.given("synth")) {
        (Some(_), None) => {
            let columns = match fields.given("columns") {
                Some(_) => Some(fields.fields("columns")?.clone()),
                None => None,
            };
            Some(Origin::File { key: "payments.file", name: fields.read_given("file")?, columns })
        }
        (None, Some(_)) => {
            if let Some(columns) = fields.given("columns") {
                checker.fault(columns.key_span, "`columns` belongs to `file`", None);
            }
            let synth = fields.fields("synth")?;
            let calendar = &time.filter(|time| time.is_whole)?.calendar;
            synth::generate(checker, synth, calendar, members?.len(), seed).map(Origin::Synth)
        }
        (Some(file), Some(synth)) => {
            let message = "`payments` come from `file` or from `synth`, not from both";
            checker.fault_between(synth.key_span, message, file.key_span, "given here");
            None
        }
        (None, None) => None,
    }
}

/// Reads or takes over the payments, as far as days and agents are known.
pub(super) fn read(
    checker: &mut Checker<'_>,
    root: &Fields,
    origin: &Origin,
    time: Option<&Time>,
    drafts: Option<&Drafts>,
    numbered: bool,
) -> Option<PreparedPayments> {
    match origin {
        Origin::None => Some(PreparedPayments::default()),
        Origin::Synth(days) => days.payments(&time?.calendar, &drafts?.roster),
        Origin::File { key, name, columns } => {
            let named = (*key, name.as_str());
            let span = root.span_of("payments");
            // Where agents are missing, each of their payments would be a fault of its own.
            let known = time.zip(drafts.filter(|drafts| drafts.is_complete()));
            let decimals = root.read("currency_decimals");
            let (Some((time, drafts)), Some(currency_decimals)) = (known, decimals) else {
                find_file(checker, named, span);
                return None;
            };
            let reading = Reading {
                roster: &drafts.roster,
                calendar: time.calendar,
                currency_decimals,
                numbered,
            };
            read_file(checker, named, columns.as_ref(), span, &reading)
        }
    }
}
