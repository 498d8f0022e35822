//! All measures of a run, as the field defines them.
//!
//! [`MeasuresFold`] makes them in one pass, on top of the fold of the [`Summary`], with whose
//! rules they are counted. `docs/measures.md` lists each with its formula, unit and source.
//!
//! Memory: the state of each payment and each agent, some figures for each agent and day and for
//! each tick; never more for more events.

mod blocks;
mod concentration;
mod costs;
mod days;
mod delay;
mod groups;
mod intraday;
mod liquidity;
mod offset;
mod payments;
mod queues;
mod series;
mod settlement;
mod throughput;

use std::panic::resume_unwind;
use std::thread;

use psim_model::event::{Event, EventBatch};
use psim_model::{Currency, Fraction};
use serde::Serialize;

pub use blocks::{BlockEpisode, BlockFigures, BlockMeasures};
pub use concentration::{AgentLinks, ConcentrationMeasures, DegreeRow, Link};
pub use costs::{AgentCostRow, CostMeasures, PaymentCosts};
pub use delay::{DelayMeasures, Spread};
pub use groups::{BandRow, ClassRow, Groups, SizeRow};
pub use intraday::{AgentIntraday, Available, Hour, IntradayDay, IntradayMeasures, PeakDay, Peaks};
pub use liquidity::{AgentLiquidity, LiquidityDay, LiquidityFigures, LiquidityMeasures};
pub use offset::{MechanismRow, OffsetMeasures};
pub use payments::PaymentFigures;
pub use queues::{MeanQueue, QueueMeasures};
pub use series::Series;
pub use settlement::{AgentRate, SettlementMeasures, SettlementRate};
pub use throughput::{Breach, GuidelinePoint, SettlementTime, ThroughputDay, ThroughputMeasures};

use crate::delay::Delays;
use crate::summary::{RunSummary, Summary, SummaryFold};
use crate::{Fold, Waits};
use costs::Charges;
use days::DayBook;
use series::SeriesWatch;

/// All measures of a run. Amounts are minor units, ratios plain numbers (absent where nothing could
/// be divided by).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measures {
    /// The run itself.
    pub run: RunSummary,
    /// How amounts are shown.
    pub currency: Currency,
    /// What share settled.
    pub settlement: SettlementMeasures,
    /// What liquidity it took.
    pub liquidity: LiquidityMeasures,
    /// How long it took.
    pub delay: DelayMeasures,
    /// How much was waiting.
    pub queues: QueueMeasures,
    /// By which paths it settled.
    pub offset: OffsetMeasures,
    /// When nothing could settle.
    pub blocks: BlockMeasures,
    /// When in the day it settled.
    pub throughput: ThroughputMeasures,
    /// In how few hands it was.
    pub concentration: ConcentrationMeasures,
    /// What supervisors ask of each agent.
    pub intraday: IntradayMeasures,
    /// What it cost.
    pub costs: CostMeasures,
}

impl Measures {
    /// Returns the measures as one JSON object: amounts in minor units (an integer; digits in a
    /// text where 64 bits do not hold it), ratios as numbers, ids as texts.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("Invariant: measures consist of texts and numbers")
    }
}

/// Gathers all measures of a run, and its summary; may be asked for either at any time.
#[derive(Clone, Debug, Default)]
pub struct MeasuresFold {
    summary: SummaryFold,
    guideline: Vec<(u32, Fraction)>,
    series: SeriesWatch,
    book: DayBook,
    waits: Waits,
    charges: Charges,
}

impl MeasuresFold {
    /// Returns the fold before anything happened.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the same with a throughput guideline: before which ticks of the day which share of
    /// the day's value is to have settled, as `throughput_guideline` of a scenario has it. The
    /// stream does not tell it.
    #[must_use]
    pub fn with_guideline(mut self, points: impl IntoIterator<Item = (u32, Fraction)>) -> Self {
        self.guideline = points.into_iter().collect();
        self.book.mark(self.guideline.iter().map(|(tick, _)| *tick));
        self
    }

    /// Returns the summary of the same pass.
    pub fn summary(&self) -> Summary {
        self.summary.finish()
    }

    /// Returns the measures of all batches so far.
    pub fn finish(&self) -> Measures {
        self.finish_both().0
    }

    /// Returns the measures and the summary, which pass over all payments at the same time.
    pub fn finish_both(&self) -> (Measures, Summary) {
        let (state, ids) = (&self.summary.state, self.summary.agent_ids.as_slice());
        let calendar = state.setting.calendar();
        let days = self.book.days(&self.summary.liquidity, state);
        let ticks_done = state.ticks_done();
        let delays = Delays::of(state);
        let guideline = self.guideline.as_slice();
        let series = &self.series.series;
        let (passed, summary) = thread::scope(|scope| {
            let finish = || self.summary.finish_with(&delays);
            // Where the system refuses a thread, one after the other is slower and gives the same.
            let summary = thread::Builder::new().spawn_scoped(scope, finish).ok();
            let passed = (
                settlement::count(state),
                delay::measure(state, &delays, &self.waits, ticks_done),
                offset::measure(state, &self.summary.saving, &days),
                concentration::measure(state, ids),
            );
            let joined = summary.map(|it| it.join().unwrap_or_else(|panic| resume_unwind(panic)));
            (passed, joined.unwrap_or_else(finish))
        });
        let (settlement, delay, offset, concentration) = passed;
        let breaches = throughput::breaches(&days, &self.book, calendar, guideline, ids);
        let (queues, arrived) = (summary.queues.clone(), &summary.payments.arrived);
        let waits = (&self.waits, ticks_done);
        let measures = Measures {
            settlement: settlement.measures(&summary.payments, ids),
            liquidity: liquidity::measure(&days, ids, self.series.used.clone()),
            delay,
            queues: queues::measure(queues, arrived, series.clone()),
            offset,
            blocks: blocks::measure(&self.summary.saving.blocks, |tick| self.summary.moment(tick)),
            throughput: throughput::measure(&days, series, calendar, breaches, guideline),
            concentration,
            intraday: intraday::measure(&days, &self.book, calendar, ids),
            costs: costs::measure(state, &self.charges, waits, (summary.costs, ids)),
            run: summary.run.clone(),
            currency: summary.currency.clone(),
        };
        (measures, summary)
    }
}

impl Fold for MeasuresFold {
    fn observe(&mut self, batch: &EventBatch) {
        let Self { summary, series, book, waits, charges, .. } = self;
        if summary.state.tick.is_some() && batch.day() != summary.state.day {
            book.close_day(&summary.liquidity, &summary.state);
        }
        summary.observe_with(batch, |state, event| {
            if let (Event::RunStarted(_), Some(calendar)) = (event, state.setting.calendar()) {
                book.mark(days::hours(calendar));
            }
            series.after(batch, event, state);
            book.after(batch, event, state);
            waits.note(batch, event, &state.payments);
            charges.note(event);
        });
        series.end_tick(&summary.state, &summary.liquidity);
        let calendar = summary.state.setting.calendar();
        book.end_tick(calendar.map_or(0, |calendar| calendar.tick_in_day(batch.tick())));
    }
}
