//! One row of a payment file: cells in, a payment or a reason out.

use psim_model::{
    AgentNo, Calendar, Day, MAX_ID_CHARS, Money, PreparedPayment, Priority, RtgsPriority, Tick,
    id_fits,
};
use rustc_hash::FxHashMap;

use super::columns::Column;
use super::number::{self, Decimal, NumberFault};
use crate::build::agents::Roster;
use crate::build::time::why_outside;
use crate::diagnostic::{did_you_mean_or_list, quoted};
use crate::scalar::clock_seconds;

/// A cell as its file gives it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cell<'a> {
    Missing,
    Text(&'a [u8]),
    Int(i64),
    Bool(bool),
    /// A decimal number, exactly.
    Decimal(Decimal),
    /// A binary float, whose digits are not those that were meant.
    Float,
}

/// Gives the cells of a row.
pub(super) trait Cells {
    fn cell(&self, column: Column) -> Cell<'_>;
}

/// Why a row is refused.
#[derive(Debug)]
pub(super) struct RowFault {
    pub(super) column: Column,
    pub(super) message: String,
    pub(super) hint: Option<&'static str>,
    /// An id for which a near one may be suggested.
    pub(super) unknown: Option<String>,
}

/// Where agents are looked up.
pub(super) enum Banks<'a> {
    /// Those of the scenario.
    Known(&'a Roster),
    /// Those that appear, numbered as they do.
    Discovered { by_id: FxHashMap<Vec<u8>, AgentNo>, ids: Vec<String> },
}

/// What rows are read against.
pub(super) struct RowReader<'a> {
    pub(super) banks: Banks<'a>,
    pub(super) calendar: Calendar,
    pub(super) currency_decimals: u8,
    /// Whether deadlines and earliest ticks are read; a list by itself has no calendar for them.
    pub(super) reads_deadlines: bool,
}

type Parsed<T> = Result<T, Box<RowFault>>;

/// Notes the fault of a cell, so that the cells behind it are looked at too.
fn noted<T>(parsed: Parsed<T>, faults: &mut Vec<RowFault>) -> Option<T> {
    parsed.map_err(|fault| faults.push(*fault)).ok()
}

fn fault<T>(column: Column, message: impl Into<String>) -> Parsed<T> {
    Err(Box::new(RowFault { column, message: message.into(), hint: None, unknown: None }))
}

fn hinted<T>(column: Column, message: impl Into<String>, hint: &'static str) -> Parsed<T> {
    Err(Box::new(RowFault { column, message: message.into(), hint: Some(hint), unknown: None }))
}

impl RowReader<'_> {
    /// Reads a payment, or finds every fault of its row.
    pub(super) fn read(&mut self, cells: &impl Cells) -> Result<PreparedPayment, Vec<RowFault>> {
        let mut faults = Vec::new();
        noted(sound_id(cells), &mut faults);
        let day = noted(self.day(cells), &mut faults);
        let tick = noted(self.tick(cells, day), &mut faults);
        let sender = noted(self.agent(cells, Column::Sender), &mut faults);
        let receiver = noted(self.agent(cells, Column::Receiver), &mut faults);
        if sender.is_some() && sender == receiver {
            let same = fault::<()>(Column::Receiver, "sender and receiver are the same");
            noted(same, &mut faults);
        }
        let amount = noted(self.amount(cells), &mut faults);
        let priority = noted(priority(cells), &mut faults);
        let rtgs_priority = noted(class(cells), &mut faults);
        let divisible = noted(divisible(cells), &mut faults);
        let arrival = day.zip(tick);
        let deadline = noted(self.deadline(cells, arrival), &mut faults);
        let earliest = noted(self.earliest(cells, tick), &mut faults);
        let payment = || {
            Some(PreparedPayment {
                tick: tick?,
                sender: sender?,
                receiver: receiver?,
                amount: amount?,
                deadline: deadline?,
                earliest: earliest?,
                priority: priority?,
                rtgs_priority: rtgs_priority?,
                divisible: divisible?,
            })
        };
        if faults.is_empty() { payment().ok_or(faults) } else { Err(faults) }
    }

    /// Returns the hint for an unknown agent.
    pub(super) fn nearest_agent(&self, id: &str) -> Option<String> {
        match &self.banks {
            Banks::Known(roster) => did_you_mean_or_list(id, "the agents are", roster.ids()),
            Banks::Discovered { .. } => None,
        }
    }

    fn day(&self, cells: &impl Cells) -> Parsed<Day> {
        let last = self.calendar.num_days().saturating_sub(1);
        match bounded(cells, Column::Day, last)? {
            Some(day) => Ok(Day(day)),
            None => Ok(Day(0)),
        }
    }

    /// Reads the tick of arrival; of a row without a sound day as if it were the first.
    fn tick(&self, cells: &impl Cells, day: Option<Day>) -> Parsed<Tick> {
        let day = day.unwrap_or(Day(0));
        if let Some(tick) = bounded(cells, Column::Tick, self.calendar.last_tick_in_day())? {
            return Ok(self.calendar.tick_of(day, tick));
        }
        match cells.cell(Column::Time) {
            Cell::Text(text) => self.time(text).map(|tick| self.calendar.tick_of(day, tick)),
            Cell::Missing => fault(Column::Tick, "no tick and no time"),
            _ => fault(Column::Time, "not a time of day such as `09:30`"),
        }
    }

    fn time(&self, text: &[u8]) -> Parsed<u32> {
        let Some(seconds) = clock_seconds(text) else {
            return fault(Column::Time, "not a time of day such as `09:30`");
        };
        self.calendar.tick_in_day_at(seconds).ok_or_else(|| {
            let (message, hint) = why_outside(&self.calendar);
            Box::new(RowFault { column: Column::Time, message, hint, unknown: None })
        })
    }

    fn agent(&mut self, cells: &impl Cells, column: Column) -> Parsed<AgentNo> {
        let mut digits = NumberText::default();
        let id = match cells.cell(column) {
            Cell::Text(id) => id,
            Cell::Int(number) => digits.write(number),
            Cell::Missing => return fault(column, "empty"),
            Cell::Bool(_) | Cell::Float | Cell::Decimal(_) => {
                return fault(column, "not an agent id");
            }
        };
        match &mut self.banks {
            Banks::Known(roster) => {
                if let Some(agent) = roster.find(id) {
                    return Ok(agent);
                }
                let id = String::from_utf8_lossy(id).into_owned();
                let message = format!("unknown agent {}", quoted(&id));
                Err(Box::new(RowFault { column, message, hint: None, unknown: Some(id) }))
            }
            Banks::Discovered { by_id, ids } => {
                if let Some(agent) = by_id.get(id) {
                    return Ok(*agent);
                }
                let Ok(text) = std::str::from_utf8(id) else {
                    return fault(column, "an id that is not UTF-8");
                };
                refuse_control_characters(column, text)?;
                let agent = AgentNo::from_index(ids.len());
                by_id.insert(id.to_vec(), agent);
                ids.push(text.to_owned());
                Ok(agent)
            }
        }
    }

    fn amount(&self, cells: &impl Cells) -> Parsed<Money> {
        let decimals = self.currency_decimals;
        let (column, minor) = match (cells.cell(Column::Amount), cells.cell(Column::AmountDecimal))
        {
            (Cell::Int(minor), _) => (Column::Amount, Ok(minor)),
            (Cell::Text(text), _) => (Column::Amount, number::whole(text)),
            (Cell::Decimal(number), _) => {
                (Column::Amount, number.minor(0).map_err(NumberFault::of_whole))
            }
            (Cell::Float, _) => (Column::Amount, Err(NumberFault::NotWhole)),
            (_, Cell::Decimal(number)) => (Column::AmountDecimal, number.minor(decimals)),
            (_, Cell::Text(text)) => (Column::AmountDecimal, number::decimal(text, decimals)),
            (_, Cell::Int(major)) => {
                let minor = 10_i64.checked_pow(decimals.into()).and_then(|u| major.checked_mul(u));
                (Column::AmountDecimal, minor.ok_or(NumberFault::TooLarge))
            }
            (_, Cell::Float) => {
                let hint = "store it as text, or in minor units as an integer";
                let message = "a binary float, which holds decimal amounts inexactly";
                return hinted(Column::AmountDecimal, message, hint);
            }
            _ => return fault(Column::Amount, "no amount"),
        };
        match minor {
            Ok(minor) if minor > 0 => Ok(Money::from_minor(minor)),
            Ok(_) => fault(column, "must be above 0"),
            Err(NumberFault::NotWhole) => hinted(
                column,
                "not a whole number of minor units",
                "12.34 is written 1234; a column `amount_decimal` takes major units",
            ),
            Err(NumberFault::TooLarge) => fault(column, "too large (at most 2^63 - 1 minor units)"),
            Err(NumberFault::TooFine) => {
                fault(column, format!("has more than {decimals} decimal places"))
            }
            Err(NumberFault::NotANumber) => fault(column, "not a number"),
        }
    }

    /// Reads the deadline; that of a row without an arrival is only compared with its range.
    fn deadline(&self, cells: &impl Cells, arrival: Option<(Day, Tick)>) -> Parsed<Tick> {
        let (day, tick) = arrival.unzip();
        let default = self.calendar.last_tick_of(day.unwrap_or(Day(0)));
        if !self.reads_deadlines {
            return Ok(default);
        }
        match bounded(cells, Column::DeadlineTick, u32::MAX - 1)? {
            Some(deadline)
                if tick.is_some_and(|it| !self.calendar.admits_deadline(it, Tick(deadline))) =>
            {
                let tick = tick.unwrap_or_default();
                let message = format!("{deadline} is not after the arrival at tick {tick}");
                let hint = "deadlines are ticks of the run, counted from 0 over all days";
                hinted(Column::DeadlineTick, message, hint)
            }
            Some(deadline) => Ok(Tick(deadline)),
            None => Ok(default),
        }
    }

    fn earliest(&self, cells: &impl Cells, tick: Option<Tick>) -> Parsed<Tick> {
        let tick = tick.unwrap_or_default();
        if !self.reads_deadlines {
            return Ok(tick);
        }
        let last = self.calendar.last_tick();
        match bounded(cells, Column::EarliestTick, u32::MAX - 1)? {
            Some(earliest) if earliest > last.0 => {
                let message = format!("{earliest} is after the last tick of the run, {last}");
                fault(Column::EarliestTick, message)
            }
            Some(earliest) => Ok(tick.max(Tick(earliest))),
            None => Ok(tick),
        }
    }
}

/// Checks the id, which is kept by the table and printed as it is.
fn sound_id(cells: &impl Cells) -> Parsed<()> {
    let Cell::Text(id) = cells.cell(Column::Id) else { return Ok(()) };
    if id.len() <= MAX_ID_CHARS && id.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        return Ok(()); // the common case, without decoding
    }
    match std::str::from_utf8(id) {
        Err(_) => fault(Column::Id, "not UTF-8"),
        Ok(text) if !id_fits(text) => too_long(Column::Id),
        Ok(text) => refuse_control_characters(Column::Id, text),
    }
}

fn too_long<T>(column: Column) -> Parsed<T> {
    fault(column, format!("an id has at most {MAX_ID_CHARS} characters"))
}

fn refuse_control_characters(column: Column, text: &str) -> Parsed<()> {
    match text.chars().find(|character| character.is_control()) {
        Some(_) => fault(column, format!("{} contains a control character", quoted(text))),
        None => Ok(()),
    }
}

/// Reads a whole number from 0 to `max`, if there is one.
fn bounded(cells: &impl Cells, column: Column, max: u32) -> Parsed<Option<u32>> {
    let value = match cells.cell(column) {
        Cell::Missing => return Ok(None),
        Cell::Int(value) => Ok(value),
        Cell::Text(text) => number::whole(text),
        Cell::Bool(_) => Err(NumberFault::NotANumber),
        Cell::Decimal(number) => number.minor(0).map_err(NumberFault::of_whole),
        Cell::Float => Err(NumberFault::NotWhole),
    };
    match value {
        Ok(value) => match u32::try_from(value) {
            Ok(value) if value <= max => Ok(Some(value)),
            _ => fault(column, format!("{value} is not between 0 and {max}")),
        },
        Err(NumberFault::TooLarge) => fault(column, format!("not between 0 and {max}")),
        Err(_) => fault(column, "not a whole number"),
    }
}

fn priority(cells: &impl Cells) -> Parsed<Priority> {
    let given = bounded(cells, Column::Priority, Priority::MAX.get().into())?;
    let narrow = |given| Priority::clamped(u8::try_from(given).unwrap_or(u8::MAX));
    Ok(given.map_or(Priority::DEFAULT, narrow))
}

fn class(cells: &impl Cells) -> Parsed<RtgsPriority> {
    let means =
        |text: &[u8], class: &RtgsPriority| class.as_str().as_bytes().eq_ignore_ascii_case(text);
    let class = match cells.cell(Column::RtgsPriority) {
        Cell::Missing => Some(RtgsPriority::Normal),
        Cell::Text(text) => RtgsPriority::ALL.iter().copied().find(|class| means(text, class)),
        _ => None,
    };
    match class {
        Some(class) => Ok(class),
        None => fault(Column::RtgsPriority, "must be `Normal`, `Urgent` or `HighlyUrgent`"),
    }
}

fn divisible(cells: &impl Cells) -> Parsed<Option<bool>> {
    match cells.cell(Column::Divisible) {
        Cell::Missing => Ok(None),
        Cell::Bool(value) => Ok(Some(value)),
        Cell::Text(text) if text.eq_ignore_ascii_case(b"true") => Ok(Some(true)),
        Cell::Text(text) if text.eq_ignore_ascii_case(b"false") => Ok(Some(false)),
        _ => fault(Column::Divisible, "must be `true` or `false`"),
    }
}

/// The digits of a number that stands for an id, as Parquet files have them.
#[derive(Default)]
struct NumberText {
    digits: String,
}

impl NumberText {
    fn write(&mut self, number: i64) -> &[u8] {
        self.digits = number.to_string();
        self.digits.as_bytes()
    }
}
