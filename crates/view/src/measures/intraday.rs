//! The monitoring tools of BCBS 248 for intraday liquidity, by agent and day.
//!
//! Source of all: Basel Committee on Banking Supervision, "Monitoring tools for intraday liquidity
//! management" (BCBS 248), April 2013: A(i) to A(iii) and C(i). A(iv) and B are not here: nothing
//! in a scenario says which payments are time-specific or made for customers of a correspondent.

use psim_model::{Calendar, Day, Money, Tick, Total, round_ratio};
use serde::Serialize;

use super::days::{AgentRecord, DayBook, DayRecord, hours};
use crate::json::minor_units;
use crate::state::Tally;
use crate::text::clock_time;

/// How many days are listed of each tool.
const PEAKS: usize = 3;

/// The tools for all agents.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IntradayMeasures {
    /// By when throughput is measured: at full hours and at the close, or at each tenth of the day
    /// where ticks have no clock times.
    pub hours: Vec<Hour>,
    /// Each agent, in the order of ids.
    pub agents: Vec<AgentIntraday>,
}

/// A time of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hour {
    /// The first tick of the day after it.
    pub before_tick: u32,
    /// The time of day, if ticks have clock times.
    pub time: Option<String>,
}

/// The tools for one agent. Amounts are minor units.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AgentIntraday {
    /// The agent.
    pub agent_id: String,
    /// Each day.
    pub days: Vec<IntradayDay>,
    /// A(i), largest net debits: the three largest and the mean.
    pub net_debit_max: Peaks,
    /// A(i), largest net credits: the three largest and the mean.
    pub net_credit_max: Peaks,
    /// A(ii): the three smallest and the mean.
    pub available_at_start: Peaks,
    /// A(iii), sent: the three largest and the mean.
    pub sent: Peaks,
    /// A(iii), received: the three largest and the mean.
    pub received: Peaks,
    /// C(i) by hour, on average over the days on which something was sent.
    pub throughput_mean: Vec<Option<f64>>,
}

/// The tools for one agent on one day. Amounts are minor units.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IntradayDay {
    /// The day.
    pub day: Day,
    /// A(i), daily maximum intraday liquidity usage.
    ///
    /// Formula: max(0, −min_t (balance_t − opening balance)); the opening balance includes the
    /// morning's share of the pool. Unit: minor units.
    pub net_debit_max: Money,
    /// A(i), the largest net cumulative position on the other side.
    ///
    /// Formula: max(0, max_t (balance_t − opening balance)). Unit: minor units.
    pub net_credit_max: Money,
    /// A(ii), available intraday liquidity at the start of the day, by source.
    pub available_at_start: Available,
    /// A(iii), payments sent that settled: number and gross value, parts by themselves.
    pub sent: Tally,
    /// A(iii), payments received.
    pub received: Tally,
    /// C(i), intraday throughput by hour.
    ///
    /// Formula: value sent before the hour / value sent on the day. Unit: share of 1; absent
    /// where nothing was sent or the run did not come so far.
    pub throughput: Vec<Option<f64>>,
}

/// Liquidity at the start of a day, by source. Amounts are minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Available {
    /// Balance on the account but for the pool.
    pub balance: Money,
    /// Brought in from the pool.
    pub pool: Money,
    /// Credit against collateral posted, after its haircut.
    pub collateral: Money,
    /// Unsecured cap.
    pub unsecured_cap: Money,
    /// All of them, never below zero.
    #[serde(serialize_with = "minor_units")]
    pub total: Total,
}

/// The outstanding days of a tool, and its mean.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Peaks {
    /// At most three days, the foremost first; of equal ones the earlier.
    pub days: Vec<PeakDay>,
    /// Mean over all days, rounded to a minor unit.
    #[serde(serialize_with = "minor_units")]
    pub mean: Total,
}

/// A day that stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PeakDay {
    /// The day.
    pub day: Day,
    /// Its figure in minor units.
    #[serde(serialize_with = "minor_units")]
    pub value: Total,
}

/// Applies the tools to all days.
pub(super) fn measure(
    days: &[DayRecord],
    book: &DayBook,
    calendar: Option<&Calendar>,
    ids: &[String],
) -> IntradayMeasures {
    let hours = calendar.map(hours).unwrap_or_default();
    let places: Vec<_> = hours.iter().map(|hour| book.place_of(*hour)).collect();
    let agent = |(index, id): (usize, &String)| {
        let day = |record: &DayRecord| IntradayDay::of(record, index, &places);
        AgentIntraday::of(id, days.iter().map(day).collect(), hours.len())
    };
    IntradayMeasures {
        agents: ids.iter().enumerate().map(agent).collect(),
        hours: hours.iter().map(|hour| Hour::before(*hour, calendar)).collect(),
    }
}

impl Hour {
    /// Returns the time before which so many ticks of the day have passed.
    pub(super) fn before(tick: u32, calendar: Option<&Calendar>) -> Self {
        let time = calendar.and_then(|calendar| time_before(tick, calendar));
        Self { before_tick: tick, time }
    }
}

/// Returns the time at which a tick of the day begins, the one after the last included.
fn time_before(tick: u32, calendar: &Calendar) -> Option<String> {
    let day = Calendar::try_new(tick.saturating_add(1), 1, calendar.clock()).ok()?;
    clock_time(&day, Tick(tick))
}

impl IntradayDay {
    fn of(record: &DayRecord, agent: usize, hours: &[Option<usize>]) -> Self {
        let AgentRecord { start, used, risen, sent, received, .. } =
            record.agents.get(agent).copied().unwrap_or_default();
        let before = |place: &Option<usize>| {
            let paid = record.paid_before.get((*place)?)?;
            paid.get(agent)?.share_of(sent.value)
        };
        Self {
            day: record.day,
            net_debit_max: used,
            net_credit_max: risen.or_zero(),
            available_at_start: Available {
                balance: crate::state::minus(start.balance, start.pool),
                pool: start.pool,
                collateral: start.collateral,
                unsecured_cap: start.unsecured_cap,
                total: start.liquidity(),
            },
            sent,
            received,
            throughput: hours.iter().map(before).collect(),
        }
    }
}

impl AgentIntraday {
    fn of(id: &str, days: Vec<IntradayDay>, hours: usize) -> Self {
        let largest = |figure: fn(&IntradayDay) -> Total| Peaks::of(&days, figure, true);
        let mean = |hour: usize| {
            let shares: Vec<f64> = days.iter().filter_map(|day| day.throughput[hour]).collect();
            (!shares.is_empty()).then(|| shares.iter().sum::<f64>() / shares.len() as f64)
        };
        Self {
            agent_id: id.to_owned(),
            net_debit_max: largest(|day| day.net_debit_max.into()),
            net_credit_max: largest(|day| day.net_credit_max.into()),
            available_at_start: Peaks::of(&days, |day| day.available_at_start.total, false),
            sent: largest(|day| day.sent.value),
            received: largest(|day| day.received.value),
            throughput_mean: (0..hours).map(mean).collect(),
            days,
        }
    }
}

impl Peaks {
    fn of(days: &[IntradayDay], figure: fn(&IntradayDay) -> Total, largest: bool) -> Self {
        let sum: Total = days.iter().map(figure).sum();
        let number = i128::try_from(days.len()).unwrap_or(i128::MAX).max(1);
        let mut peaks: Vec<PeakDay> =
            days.iter().map(|day| PeakDay { day: day.day, value: figure(day) }).collect();
        peaks.sort_by_key(|peak| if largest { -peak.value.minor() } else { peak.value.minor() });
        peaks.truncate(PEAKS);
        Self { days: peaks, mean: Total::from_minor(round_ratio(sum.minor(), number)) }
    }
}
