//! Gridlocks and deadlocks.

use psim_model::Total;
use psim_model::event::BlockKind;
use serde::Serialize;

use crate::json::minor_units;
use crate::summary::Moment;
use crate::summary::blocks::{Block, BlockWatch};

/// Times in which queue 2 could not move, as the stream tells them.
///
/// A tick is tested only if nothing at all settled in it and a payment waits that may. It is in
/// gridlock if a non-empty set of first payments of the queues could settle together, else in
/// deadlock. Streams of scenarios without `lsm_config` tell nothing of it. Source: Bech and
/// Soramäki, Bank of Finland Discussion Paper 9/2001.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BlockMeasures {
    /// Times in which queued payments could have settled together, though none settled.
    pub gridlock: BlockFigures,
    /// Times in which they could not have settled even together.
    pub deadlock: BlockFigures,
    /// Each of them, in order: at most one for each tick.
    pub episodes: Vec<BlockEpisode>,
}

/// All times of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BlockFigures {
    /// How many: each ends with the next tick in which a payment settles, when queue 2 is empty or
    /// when it becomes the other kind.
    pub episodes: u64,
    /// Ticks of all of them.
    pub ticks: u64,
    /// Ticks of the longest.
    pub ticks_max: u64,
    /// The most value that was blocked as one of them began, in minor units.
    #[serde(serialize_with = "minor_units")]
    pub value_max: Total,
}

/// One time in which queue 2 could not move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BlockEpisode {
    /// `Gridlock` or `Deadlock`.
    pub kind: &'static str,
    /// When it began.
    #[serde(flatten)]
    pub from: Moment,
    /// How many ticks it lasted.
    pub ticks: u64,
    /// Payments that could be tested as it began.
    pub payments: u32,
    /// Their value, in minor units.
    #[serde(serialize_with = "minor_units")]
    pub value: Total,
    /// How many of them could have settled together.
    pub could_settle: u32,
}

/// Lists the blocks of a run.
pub(super) fn measure(
    watch: &BlockWatch,
    moment: impl Fn(psim_model::Tick) -> Moment,
) -> BlockMeasures {
    let episode = |block: &Block| BlockEpisode {
        kind: block.kind.as_str(),
        from: moment(block.from),
        ticks: block.ticks,
        payments: block.told.payments,
        value: block.told.value.into(),
        could_settle: block.told.could_settle,
    };
    BlockMeasures {
        gridlock: BlockFigures::of(watch, BlockKind::Gridlock),
        deadlock: BlockFigures::of(watch, BlockKind::Deadlock),
        episodes: watch.all().iter().map(episode).collect(),
    }
}

impl BlockFigures {
    fn of(watch: &BlockWatch, kind: BlockKind) -> Self {
        let blocks = || watch.all().iter().filter(|block| block.kind == kind);
        let summary = watch.summary(kind);
        Self {
            episodes: summary.episodes,
            ticks: summary.ticks,
            ticks_max: blocks().map(|block| block.ticks).max().unwrap_or_default(),
            value_max: blocks().map(|block| block.told.value).max().unwrap_or_default().into(),
        }
    }
}
