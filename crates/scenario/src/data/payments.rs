//! Payment files.

use std::path::Path;

use psim_model::{AgentNo, Calendar, Clock, PreparedPayments};
use rustc_hash::FxHashMap;

use super::columns::Mapping;
use super::open::{Opened, open};
use super::row::{Banks, RowReader};
use super::table::Table;
use super::{csv_rows, parquet_rows};
use crate::PaymentList;
use crate::build::agents::Roster;
use crate::check::Checker;
use crate::diagnostic::Diagnostics;
use crate::source::Span;
use crate::typed::Fields;

/// Ticks that a day may have in a list without a calendar; more than seconds.
const TICKS_PER_DAY_AT_MOST: u32 = 1_000_000;
const USUAL_DECIMALS: u8 = 2;

/// What a scenario's payment file is read against.
pub(crate) struct Reading<'a> {
    pub(crate) roster: &'a Roster,
    pub(crate) calendar: Calendar,
    pub(crate) currency_decimals: u8,
    /// Whether the run makes payments that it numbers itself.
    pub(crate) numbered: bool,
}

/// Reads the payment file of a scenario; `named` is the key that names it, and its name.
pub(crate) fn read_file(
    checker: &mut Checker<'_>,
    named: (&str, &str),
    columns: Option<&Fields>,
    span: Span,
    reading: &Reading<'_>,
) -> Option<PreparedPayments> {
    let (opened, file) = find_file(checker, named, span)?;
    let mut rows = RowReader {
        banks: Banks::Known(reading.roster),
        calendar: reading.calendar,
        currency_decimals: reading.currency_decimals,
        reads_deadlines: true,
    };
    let mapping = Mapping { columns, sources: Some(checker.sources) };
    let table = read_opened(opened, &file, &mapping, &mut rows, checker.faults)?;
    let payments = table.finish(reading.numbered, checker.faults)?;
    if payments.rows.is_empty() {
        checker.warn(span, format!("{} has no payments", crate::diagnostic::quoted(&file)), None);
    }
    Some(payments)
}

/// Opens the payment file of a scenario and returns its path too; that it is missing is a fault of
/// the scenario.
pub(crate) fn find_file(
    checker: &mut Checker<'_>,
    (key, name): (&str, &str),
    span: Span,
) -> Option<(Opened, String)> {
    let path = checker.named_file(key, name, span)?;
    let file = path.display().to_string();
    match open(&path) {
        Ok(opened) => Some((opened, file)),
        Err(fault) => {
            let message = format!("{}: {}", crate::diagnostic::quoted(&file), fault.message);
            checker.fault(span, message, None);
            None
        }
    }
}

fn read_opened(
    opened: Opened,
    file: &str,
    mapping: &Mapping<'_>,
    rows: &mut RowReader<'_>,
    faults: &mut Diagnostics,
) -> Option<Table> {
    match opened {
        Opened::Csv(bytes) => csv_rows::read(bytes, file, mapping, rows, faults),
        Opened::Parquet(bytes) => parquet_rows::read(bytes, file, mapping, rows, faults),
    }
}

/// Reads a payment file by itself.
///
/// Without a scenario there is no calendar: rows are ordered by day and then by tick or by second,
/// deadlines are not read, and decimal amounts have two places.
pub(crate) fn read_list(path: &Path) -> Result<PaymentList, Diagnostics> {
    let file = path.display().to_string();
    let opened = open(path)?;
    let clock = Some(Clock { opens_at_seconds: 0, tick_seconds: 1 });
    let days = (u32::MAX - 1) / TICKS_PER_DAY_AT_MOST;
    #[expect(clippy::expect_used, reason = "two numbers of ours")]
    let calendar = Calendar::try_new(TICKS_PER_DAY_AT_MOST, days, clock)
        .expect("Invariant: all these ticks can be numbered");
    let mut rows = RowReader {
        banks: Banks::Discovered { by_id: FxHashMap::default(), ids: Vec::new() },
        calendar,
        currency_decimals: USUAL_DECIMALS,
        reads_deadlines: false,
    };
    let mut faults = Diagnostics::default();
    let mapping = Mapping { columns: None, sources: None };
    let table = read_opened(opened, &file, &mapping, &mut rows, &mut faults);
    let payments = table.and_then(|table| table.finish(false, &mut faults));
    match (payments, rows.banks) {
        (Some(payments), Banks::Discovered { ids, .. }) => Ok(renumber(payments, &ids)),
        _ => Err(faults.sorted()),
    }
}

/// Numbers agents by the byte order of their ids instead of by appearance.
fn renumber(payments: PreparedPayments, ids: &[String]) -> PaymentList {
    let roster = Roster::new(ids);
    let number = |agent: AgentNo| roster.draw_order().get(agent.index()).copied().unwrap_or(agent);
    let mut rows = payments.rows;
    for row in &mut rows {
        row.sender = number(row.sender);
        row.receiver = number(row.receiver);
    }
    PaymentList { agents: roster.ids().map(str::to_owned).collect(), payments: rows }
}
