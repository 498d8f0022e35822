//! One row of a payment file: cells in, a payment or a reason out.

use psim_model::{AgentNo, Calendar, Day, Money, PreparedPayment, Tick};
use rustc_hash::FxHashMap;

use super::columns::Column;
use super::number::{self, NumberFault};
use crate::build::agents::Roster;
use crate::build::time::written;
use crate::diagnostic::{did_you_mean, quoted};
use crate::scalar::clock_seconds;

/// A cell as its file gives it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cell<'a> {
    Missing,
    Text(&'a [u8]),
    Int(i64),
    Bool(bool),
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

fn fault<T>(column: Column, message: impl Into<String>) -> Parsed<T> {
    Err(Box::new(RowFault { column, message: message.into(), hint: None, unknown: None }))
}

fn hinted<T>(column: Column, message: impl Into<String>, hint: &'static str) -> Parsed<T> {
    Err(Box::new(RowFault { column, message: message.into(), hint: Some(hint), unknown: None }))
}

impl RowReader<'_> {
    /// Reads a payment.
    pub(super) fn read(&mut self, cells: &impl Cells) -> Parsed<PreparedPayment> {
        let day = self.day(cells)?;
        let tick = self.tick(cells, day)?;
        let sender = self.agent(cells, Column::Sender)?;
        let receiver = self.agent(cells, Column::Receiver)?;
        if sender == receiver {
            return fault(Column::Receiver, "sender and receiver are the same");
        }
        let amount = self.amount(cells)?;
        let priority = match bounded(cells, Column::Priority, 10)? {
            Some(priority) => u8::try_from(priority).unwrap_or(10),
            None => 5,
        };
        refuse_classes(cells)?;
        let divisible = divisible(cells)?;
        let (deadline, earliest) = self.window(cells, tick, day)?;
        Ok(PreparedPayment {
            tick,
            sender,
            receiver,
            amount,
            deadline,
            earliest,
            priority,
            divisible,
        })
    }

    /// Returns the hint for an unknown agent.
    pub(super) fn nearest_agent(&self, id: &str) -> Option<String> {
        match &self.banks {
            Banks::Known(roster) => did_you_mean(id, roster.ids()),
            Banks::Discovered { .. } => None,
        }
    }

    fn day(&self, cells: &impl Cells) -> Parsed<Day> {
        let last = self.calendar.num_days() - 1;
        match bounded(cells, Column::Day, last)? {
            Some(day) => Ok(Day(day)),
            None => Ok(Day(0)),
        }
    }

    fn tick(&self, cells: &impl Cells, day: Day) -> Parsed<Tick> {
        let first = self.calendar.first_tick_of(day);
        let last = self.calendar.ticks_per_day() - 1;
        if let Some(tick) = bounded(cells, Column::Tick, last)? {
            return Ok(Tick(first.0 + tick));
        }
        match cells.cell(Column::Time) {
            Cell::Text(text) => self.time(text).map(|tick| Tick(first.0 + tick)),
            Cell::Missing => fault(Column::Tick, "no tick and no time"),
            _ => fault(Column::Time, "not a time of day such as `09:30`"),
        }
    }

    fn time(&self, text: &[u8]) -> Parsed<u32> {
        let Some(seconds) = clock_seconds(text) else {
            return fault(Column::Time, "not a time of day such as `09:30`");
        };
        if let Some(tick) = self.calendar.tick_in_day_at(seconds) {
            return Ok(tick);
        }
        match self.calendar.clock() {
            Some(clock) => {
                let opens = u64::from(clock.opens_at_seconds);
                let ticks = u64::from(self.calendar.ticks_per_day());
                let closes = written(opens + ticks * u64::from(clock.tick_seconds));
                let message = format!("lies outside the day, {} to {closes}", written(opens));
                fault(Column::Time, message)
            }
            None => hinted(
                Column::Time,
                "a time, but ticks have no clock time",
                "give `opens_at` and `tick_seconds` under `simulation`",
            ),
        }
    }

    fn agent(&mut self, cells: &impl Cells, column: Column) -> Parsed<AgentNo> {
        let mut digits = NumberText::default();
        let id = match cells.cell(column) {
            Cell::Text(id) => id,
            Cell::Int(number) => digits.write(number),
            Cell::Missing => return fault(column, "empty"),
            Cell::Bool(_) | Cell::Float => return fault(column, "not an agent id"),
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
            (Cell::Float, _) => (Column::Amount, Err(NumberFault::NotWhole)),
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
            Ok(_) => fault(column, "not above 0"),
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

    fn window(&self, cells: &impl Cells, tick: Tick, day: Day) -> Parsed<(Tick, Tick)> {
        let default = (self.calendar.last_tick_of(day), tick);
        if !self.reads_deadlines {
            return Ok(default);
        }
        let deadline = match bounded(cells, Column::DeadlineTick, u32::MAX - 1)? {
            Some(deadline) if deadline <= tick.0 => {
                let message = format!("{deadline} is not after the arrival at tick {tick}");
                let hint = "deadlines are ticks of the run, counted from 0 over all days";
                return hinted(Column::DeadlineTick, message, hint);
            }
            Some(deadline) => Tick(deadline),
            None => default.0,
        };
        let earliest = bounded(cells, Column::EarliestTick, u32::MAX - 1)?;
        Ok((deadline, earliest.map_or(tick, |earliest| tick.max(Tick(earliest)))))
    }
}

/// Reads a whole number from 0 to `max`, if there is one.
fn bounded(cells: &impl Cells, column: Column, max: u32) -> Parsed<Option<u32>> {
    let value = match cells.cell(column) {
        Cell::Missing => return Ok(None),
        Cell::Int(value) => Ok(value),
        Cell::Text(text) => number::whole(text),
        Cell::Bool(_) => Err(NumberFault::NotANumber),
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

fn refuse_classes(cells: &impl Cells) -> Parsed<()> {
    match cells.cell(Column::RtgsPriority) {
        Cell::Missing | Cell::Text(b"Normal" | b"normal") => Ok(()),
        Cell::Text(b"HighlyUrgent" | b"Urgent") => {
            fault(Column::RtgsPriority, "only Normal is built yet: queue 2 has no classes")
        }
        _ => fault(Column::RtgsPriority, "not one of HighlyUrgent, Urgent, Normal"),
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
