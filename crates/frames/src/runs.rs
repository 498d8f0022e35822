//! What each of many runs came to.

mod settings;

use psim_model::{AgentNo, CheckedScenario};
use psim_view::{AgentMeasures, CostKind, Costs, RunMeasures};

pub use self::settings::Setting;
use crate::{Column, Frame, FrameBuilder};

/// One of many runs.
#[derive(Clone, Copy, Debug)]
pub struct RunRow<'a> {
    /// The seed that it was run with.
    pub seed: u64,
    /// Name of the policies that it was run under.
    pub policies: &'a str,
    /// Name of the overrides that it was run with.
    pub overrides: &'a str,
    /// The numbers that those set.
    pub settings: &'a [Setting],
    /// What was run.
    pub scenario: &'a CheckedScenario,
    /// What it came to.
    pub measures: &'a RunMeasures,
}

/// Returns one row for each run, in order: what arrived, settled and did not, how long it took, how
/// much liquidity that used, what it cost, and the numbers that were set.
pub fn runs(rows: &[RunRow<'_>]) -> Frame {
    let all = || rows.iter().map(|row| row.measures);
    let number = |pick: fn(&RunMeasures) -> u64| all().map(move |it| i64::try_from(pick(it)).ok());
    let value = |pick: fn(&RunMeasures) -> i128| all().map(pick);
    let builder = begin(rows.iter().enumerate())
        .i64(Column::new("arrived_count", "Payments that arrived."), number(|it| it.arrived.count))
        .totals(money("arrived_value", "Their value."), value(|it| it.arrived.value.minor()))
        .i64(Column::new("settled_count", "Payments that settled."), number(|it| it.settled.count))
        .totals(money("settled_value", "Their value."), value(|it| it.settled.value.minor()))
        .i64(
            Column::new("unsettled_count", "Payments that did not."),
            number(|it| it.unsettled.count),
        )
        .totals(money("unsettled_value", "Their value."), value(|it| it.unsettled.value.minor()))
        .f64(
            Column::new("mean_delay_ticks", "Mean delay by value.").ticks(),
            all().map(|it| it.mean_delay_ticks),
        )
        .f64(
            Column::new("delay_indicator", "Delay as a share of the longest possible."),
            all().map(|it| it.delay_indicator),
        )
        .totals(
            money("liquidity_used", "Liquidity that was used, summed over days and agents."),
            value(|it| it.liquidity_used.minor()),
        )
        .f64(
            Column::new("turnover_ratio", "Value settled for each unit of liquidity used."),
            all().map(|it| it.turnover_ratio),
        )
        .i64(Column::new("num_events", "Events of the run."), number(|it| it.events));
    let builder = costs(builder, &all().map(|it| &it.costs));
    let frame = settings::columns(builder, &rows.iter().map(|row| row.settings)).build();
    frame.expect("Invariant: each column has a row for each run and a name of its own")
}

/// Returns one row for each run and agent, in this order: how much liquidity the agent used, what
/// it cost it, and the numbers that were set.
pub fn runs_by_agent(rows: &[RunRow<'_>]) -> Frame {
    let each = || {
        rows.iter().enumerate().flat_map(|(run, row)| {
            row.measures
                .agents
                .iter()
                .enumerate()
                .map(move |(agent, measures)| (run, row, AgentNo::from_index(agent), measures))
        })
    };
    let id = |row: &RunRow<'_>, agent: AgentNo| {
        row.scenario.agents.get(agent.index()).map(|agent| agent.id.clone())
    };
    let ids: Vec<Option<String>> = each().map(|(_, row, agent, _)| id(row, agent)).collect();
    let all =
        || each().map(|(.., measures): (usize, &RunRow<'_>, AgentNo, &AgentMeasures)| measures);
    let builder = begin(each().map(|(run, row, ..)| (run, row)))
        .words(Column::new("agent_id", "The agent."), ids.iter().map(Option::as_deref))
        .totals(
            money("liquidity_used", "Liquidity that it used, summed over days."),
            all().map(|it| it.liquidity_used.minor()),
        )
        .f64(
            Column::new("turnover_ratio", "Value it paid for each unit of liquidity it used."),
            all().map(|it| it.turnover_ratio),
        );
    let builder = costs(builder, &all().map(|it| &it.costs));
    let frame = settings::columns(builder, &each().map(|(_, row, ..)| row.settings)).build();
    frame.expect("Invariant: each column has a row for each run and agent, and its own name")
}

/// Makes the columns that say which run a row is of.
fn begin<'a>(rows: impl Iterator<Item = (usize, &'a RunRow<'a>)> + Clone) -> FrameBuilder {
    FrameBuilder::new()
        .i64(
            Column::new("run", "Number of the run, from 0."),
            rows.clone().map(|(run, _)| i64::try_from(run).ok()),
        )
        .u64(Column::new("seed", "Seed of the run."), rows.clone().map(|(_, row)| row.seed))
        .words(
            Column::new("policies", "Name of the policies it was run under."),
            rows.clone().map(|(_, row)| row.policies),
        )
        .words(
            Column::new("overrides", "Name of the overrides it was run with."),
            rows.map(|(_, row)| row.overrides),
        )
}

/// Adds the columns of costs.
fn costs<'a>(
    mut builder: FrameBuilder,
    rows: &(impl Iterator<Item = &'a Costs> + Clone),
) -> FrameBuilder {
    let total = rows.clone().map(|costs| costs.total().minor());
    builder = builder.totals(money("total_cost", "All costs booked in the run."), total);
    for kind in CostKind::ALL {
        let doc = format!("{}, booked in the run.", kind.doc());
        let of_kind = rows.clone().map(move |costs| costs.of(kind).minor());
        builder = builder.totals(money(kind.word(), &doc), of_kind);
    }
    builder
}

fn money(name: &str, doc: &str) -> Column {
    Column::new(name, doc).money()
}
