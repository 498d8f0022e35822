//! When in the day value settled, and whether that was soon enough.

use psim_model::{Calendar, Day, Fraction, Total};
use serde::Serialize;

use super::days::{DayBook, DayRecord};
use super::intraday::Hour;
use super::series::Series;
use crate::json::{minor_units, minor_units_each};

/// When in the day value settled.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ThroughputMeasures {
    /// All days together.
    pub settlement_time: SettlementTime,
    /// Each day.
    pub days: Vec<ThroughputDay>,
    /// The guideline: what share of a day's value is to have settled by when. Empty without one.
    pub guideline: Vec<GuidelinePoint>,
    /// Where it was not kept, by day, point of the guideline and agent, all agents first: at most
    /// one for each of these.
    pub breaches: Vec<Breach>,
}

/// Value-weighted mean time of settlement.
///
/// Formula: Σ a_k t_k / Σ a_k over settled payments, t_k the tick of the day of settlement. Unit:
/// ticks of the day; seconds after midnight if ticks have clock times.
/// Source: average time of settlement, Armantier, Arnold and McAndrews, FRBNY Economic Policy
/// Review 14(2), 2008.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SettlementTime {
    /// As a tick of the day.
    pub mean_tick_in_day: Option<f64>,
    /// As seconds after midnight.
    pub mean_seconds: Option<f64>,
}

/// A day's throughput. Amounts are minor units.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ThroughputDay {
    /// The day.
    pub day: Day,
    /// What could have settled: the value that waited as the day began and the value that arrived.
    #[serde(serialize_with = "minor_units")]
    pub due: Total,
    /// The throughput curve: value settled by the end of each tick of the day.
    ///
    /// Unit: minor units; as a share of `due`, it is what the guideline is about. Source:
    /// throughput in the Bank of England's CHAPS reference manual.
    #[serde(serialize_with = "minor_units_each")]
    pub settled_by_tick: Vec<Total>,
    /// When it settled on average.
    pub settlement_time: SettlementTime,
}

/// A point of a throughput guideline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GuidelinePoint {
    /// By when.
    #[serde(flatten)]
    pub by: Hour,
    /// The share of the day's value that is to have settled.
    pub share: f64,
}

/// A point of the guideline that was not kept.
///
/// Formula: value settled before the tick / (value that waited as the day began + value that
/// arrived on the day) < the share asked. Unit: shares of 1, minor units. Source: throughput rules
/// of CHAPS (50 % by 12:00, 75 % by 14:30), Ball, Denbee, Manning and Wetherilt, Bank of England
/// Financial Stability Paper 11, 2011.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Breach {
    /// The day.
    pub day: Day,
    /// By when.
    #[serde(flatten)]
    pub by: Hour,
    /// Whose payments; none for those of all agents together.
    pub agent_id: Option<String>,
    /// The share asked.
    pub share: f64,
    /// The share reached.
    pub reached: f64,
    /// The value that was missing, rounded up.
    #[serde(serialize_with = "minor_units")]
    pub missing: Total,
}

/// Measures the throughput of all days.
pub(super) fn measure(
    days: &[DayRecord],
    series: &Series,
    calendar: Option<&Calendar>,
    breaches: Vec<Breach>,
    guideline: &[(u32, Fraction)],
) -> ThroughputMeasures {
    let ticks = calendar.map_or(1, Calendar::ticks_per_day) as usize;
    let chunks = series.settled_value.chunks(ticks);
    let day = |(record, settled): (&DayRecord, &[Total])| ThroughputDay {
        day: record.day,
        due: due(record),
        settled_by_tick: settled
            .iter()
            .scan(Total::ZERO, |sum, value| {
                *sum += *value;
                Some(*sum)
            })
            .collect(),
        settlement_time: SettlementTime::of(settled, ticks, calendar),
    };
    let point = |(tick, share): &(u32, Fraction)| GuidelinePoint {
        by: Hour::before(*tick, calendar),
        share: share.to_f64(),
    };
    ThroughputMeasures {
        settlement_time: SettlementTime::of(&series.settled_value, ticks, calendar),
        days: days.iter().zip(chunks).map(day).collect(),
        guideline: guideline.iter().map(point).collect(),
        breaches,
    }
}

/// Finds where a guideline was not kept.
pub(super) fn breaches(
    days: &[DayRecord],
    book: &DayBook,
    calendar: Option<&Calendar>,
    guideline: &[(u32, Fraction)],
    ids: &[String],
) -> Vec<Breach> {
    let mut found = Vec::new();
    for record in days {
        for (tick, share) in guideline {
            let place = book.place_of(*tick);
            let Some(paid) = place.and_then(|place| record.paid_before.get(place)) else {
                continue;
            };
            let all: Total = paid.iter().copied().sum();
            let agents = record.agents.iter().zip(paid).zip(ids);
            let agents = agents.map(|((agent, paid), id)| (Some(id), *paid, agent.due));
            for (agent, paid, due) in [(None, all, due(record))].into_iter().chain(agents) {
                let missing = asked(due, *share) - paid;
                let Some(reached) = paid.share_of(due).filter(|_| missing > Total::ZERO) else {
                    continue;
                };
                found.push(Breach {
                    day: record.day,
                    by: Hour::before(*tick, calendar),
                    agent_id: agent.cloned(),
                    share: share.to_f64(),
                    reached,
                    missing,
                });
            }
        }
    }
    found
}

fn due(record: &DayRecord) -> Total {
    record.agents.iter().map(|agent| agent.due).sum()
}

/// Returns the share of a value, rounded up: what settled is less than the exact share if it is
/// less than this.
fn asked(value: Total, share: Fraction) -> Total {
    let one = i128::from(Fraction::ONE.trillionths());
    let (whole, rest) = (value.minor().div_euclid(one), value.minor().rem_euclid(one));
    let share = i128::from(share.trillionths());
    Total::from_minor(whole * share + (rest * share + one - 1).div_euclid(one))
}

impl SettlementTime {
    /// Returns the mean time of value that settled in ticks from the first of a day on.
    fn of(settled: &[Total], ticks_per_day: usize, calendar: Option<&Calendar>) -> Self {
        let (mut weighted, mut all) = (Total::ZERO, Total::ZERO);
        for (tick, value) in (0_i128..).zip(settled) {
            let tick_in_day = tick % ticks_per_day as i128;
            weighted += Total::from_minor(value.minor().saturating_mul(tick_in_day));
            all += *value;
        }
        let mean_tick_in_day = weighted.share_of(all);
        let clock = calendar.and_then(Calendar::clock);
        Self {
            mean_tick_in_day,
            mean_seconds: mean_tick_in_day.zip(clock).map(|(tick, clock)| {
                f64::from(clock.opens_at_seconds) + tick * f64::from(clock.tick_seconds)
            }),
        }
    }
}
