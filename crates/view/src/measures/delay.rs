//! How long payments took, and where they waited.

use psim_model::PaymentNo;
use serde::Serialize;

use crate::Waits;
use crate::delay::{Delays, minutes, nearest_rank};
use crate::state::State;

/// How long payments took.
///
/// Everything is exact: each payment's arrival and settlement is remembered, so memory grows with
/// the number of payments, not with that of events.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DelayMeasures {
    /// The settlement delay indicator.
    ///
    /// Formula: ρ = Σ a_k (s_k − e_k) / Σ a_k (T − e_k), with amount a, settlement s, arrival e and
    /// close T of the day of arrival; what is unsettled then counts s = T; parts of split payments
    /// are delayed each by itself. Unit: share of 1; 0 if all settle on arrival, 1 if nothing
    /// settles by the close. Source: Leinonen and Soramäki, Bank of Finland Discussion Paper
    /// 23/2003.
    pub indicator: Option<f64>,
    /// Value-weighted mean delay.
    ///
    /// Formula: Σ a_k (s_k − e_k) / Σ a_k, with the same s and e. Unit: ticks. Source: as above.
    pub mean_ticks_by_value: Option<f64>,
    /// The same in minutes, if ticks have clock times.
    pub mean_minutes_by_value: Option<f64>,
    /// Ticks from arrival to settlement of the payments that settled; of a split payment, to when
    /// its last part did.
    pub wait_ticks: Spread,
    /// Ticks in queue 1, of those that stood there at the end of at least one tick. Parts count by
    /// themselves, split payments as long as they were whole; what the close cancels stood there
    /// in the last tick.
    pub queue1_ticks: Spread,
    /// Ticks in queue 2, likewise.
    pub queue2_ticks: Spread,
}

/// How waiting times are spread.
///
/// Formula: pN is the nearest rank, the smallest time that at least N percent of all do not exceed.
/// Unit: ticks. Source: queue time statistics of the Bank of Finland's simulator (as above).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// How many times.
    pub count: u64,
    /// Their sum.
    pub total: u64,
    /// Their mean; absent if there are none, as the others.
    pub mean: Option<f64>,
    /// The median.
    pub p50: Option<u32>,
    /// What 95 % do not exceed.
    pub p95: Option<u32>,
    /// What 99 % do not exceed.
    pub p99: Option<u32>,
    /// The longest.
    pub max: Option<u32>,
}

/// Measures the delays of a run of which so many ticks are over.
pub(super) fn measure(
    state: &State,
    delays: &Delays,
    waits: &Waits,
    ticks_done: u32,
) -> DelayMeasures {
    let (mut queue1, mut queue2) = (Vec::new(), Vec::new());
    for no in (0..state.payments.len()).map(PaymentNo::from_index) {
        let Some(wait) = waits.of(no, ticks_done) else { continue };
        queue1.extend(Some(wait.queue1_ticks).filter(|ticks| *ticks > 0));
        queue2.extend(Some(wait.queue2_ticks).filter(|ticks| *ticks > 0));
    }
    let mean_ticks = delays.by_value.mean_ticks();
    DelayMeasures {
        indicator: delays.by_value.indicator(),
        mean_ticks_by_value: mean_ticks,
        mean_minutes_by_value: mean_ticks
            .and_then(|ticks| minutes(ticks, state.setting.calendar())),
        wait_ticks: Spread::of(delays.waits.clone()),
        queue1_ticks: Spread::of(queue1),
        queue2_ticks: Spread::of(queue2),
    }
}

impl Spread {
    fn of(mut ticks: Vec<u32>) -> Self {
        let count = ticks.len() as u64;
        let total = ticks.iter().map(|ticks| u64::from(*ticks)).sum();
        Self {
            count,
            total,
            mean: (count > 0).then(|| total as f64 / count as f64),
            p50: nearest_rank(&mut ticks, 50),
            p95: nearest_rank(&mut ticks, 95),
            p99: nearest_rank(&mut ticks, 99),
            max: nearest_rank(&mut ticks, 100),
        }
    }
}
