//! Folds over the event stream: what anyone sees of a run.
//!
//! A [`Fold`] is fed the batches of a run in order and knows nothing else: not the engine, not
//! files, not clocks. A live run and a replay feed the same batches and therefore show the same.
//!
//! * [`Projection`]: the complete state after the last batch (balances, queues, payments, costs).
//! * [`SummaryFold`]: the measures of a run, as a page for people or as JSON.
//! * [`MeasuresFold`]: all measures of a run as the field defines them, with the summary.
//! * [`RunMeasuresFold`]: the few of them that tell many runs apart, at little cost.
//! * [`VerboseReport`]: a readable account of each tick.
//! * [`EventLines`], [`TickLines`]: a line of JSON for each event, or for each tick.
//! * [`DailyMetricsFold`]: what each agent did on each day; [`CostsByAgent`]: what it cost each.
//! * [`RunTotals`], [`Waits`]: what is counted beside a projection: settlements, delays, times in
//!   queues.
//! * [`Trace`]: the life of one payment, where and why it waited, what it cost; [`Lives`]: those of
//!   many.
//! * [`StreamHash`]: one value that changes if any event does.
//!
//! All but the lines of events and the hash build on one shared core, the state that
//! [`Projection`] shows. An [`EventFilter`] restricts what is listed, never what is known.
//!
//! ```
//! use psim_model::event::{EventBatch, RunEnded};
//! use psim_view::{Fold, SummaryFold};
//!
//! let mut batch = EventBatch::default(); // an engine or a journal fills it
//! batch.push(RunEnded { unsettled_count: 0 });
//!
//! let mut fold = SummaryFold::new();
//! fold.observe(&batch);
//! let summary = fold.finish();
//! assert!(summary.run.complete);
//! assert!(summary.to_text().starts_with("Run complete: 1 of"));
//! ```

mod bulk;
mod catalogue;
mod costs_by_agent;
mod coverage;
mod daily;
mod delay;
mod filter;
mod happened;
mod hash;
mod json;
mod lines;
mod measures;
mod mentions;
mod moves;
mod nearest;
mod phrases;
mod projection;
mod state;
mod summary;
mod table;
mod text;
mod totals;
mod trace;
mod verbose;
mod waits;
mod wording;

use psim_model::event::EventBatch;

pub use bulk::{AgentMeasures, RunMeasures, RunMeasuresFold};
pub use catalogue::{events_json, events_markdown};
pub use costs_by_agent::CostsByAgent;
pub use coverage::{CoverageFold, PolicyCoverage};
pub use daily::{AgentDay, DailyMetricsFold};
pub use filter::{EventFilter, TickRange, TickRangeError, UnknownEventKind, event_kinds};
pub use hash::{DayHash, StreamHash};
pub use json::minor_units;
pub use lines::{EventLines, TickLines};
pub use measures::{
    AgentCostRow, AgentIntraday, AgentLinks, AgentLiquidity, AgentRate, Available, BandRow,
    BlockEpisode, BlockFigures, BlockMeasures, Breach, ClassRow, ConcentrationMeasures,
    CostMeasures, DegreeRow, DelayMeasures, Groups, GuidelinePoint, Hour, IntradayDay,
    IntradayMeasures, Link, LiquidityDay, LiquidityFigures, LiquidityMeasures, MeanQueue, Measures,
    MeasuresFold, MechanismRow, OffsetMeasures, PaymentCosts, PaymentFigures, PeakDay, Peaks,
    QueueMeasures, Series, SettlementMeasures, SettlementRate, SettlementTime, SizeRow, Spread,
    ThroughputDay, ThroughputMeasures,
};
pub use moves::settled_payments;
pub use nearest::unknown_payment;
pub use phrases::{class_phrase, scenario_event_phrase};
pub use projection::Projection;
pub use state::{AgentState, CostKind, Costs, Payment, Place, Settlement, Tally, WaitReason};
pub use summary::{
    AgentSummary, AlgorithmRow, BlockSummary, BoundSummary, CollateralSummary, CostSummary,
    DayLiquidity, DeadlineSummary, DelaySummary, InstructionSummary, LimitSummary,
    LiquiditySavingSummary, LiquiditySummary, Moment, PaymentSummary, PeakCollateral,
    PeakOverdraft, PeakQueue, PolicyRow, PolicySummary, QueueSummary, RunSummary,
    ScenarioEventSummary, SplitSummary, Summary, SummaryFold, UnsettledRow,
};
pub use table::Grid;
pub use text::{amount, bare_amount, clock_time, count, duration, grouped, percent, plural};
pub use totals::{Counts, RunTotals};
pub use trace::{DelayShare, Life, LifeLine, Lives, Trace};
pub use verbose::VerboseReport;
pub use waits::{Wait, Waits};

/// Something that is built up from the events of a run.
pub trait Fold {
    /// Takes in one tick. Batches come in order from the first of the run, one for each executed
    /// tick, also where nothing happened in it.
    fn observe(&mut self, batch: &EventBatch);
}
