//! The frame of a tick's account, its costs and what pools bring in and take back.

use std::fmt::Write as _;

use psim_model::Money;
use psim_model::event::{AgentOpened, AgentOverExtended, CostAccrual, EventBatch};

use super::distance;
use super::listing::write_largest;
use super::sorted::Sorted;
use crate::happened::Happened;
use crate::phrases::cause_phrase;
use crate::state::{AgentState, CostKind, Costs, State, Tally};
use crate::table::Grid;
use crate::text::{count, plural};
use crate::wording::Wording;

/// Columns that the line above a tick fills.
const WIDTH: usize = 78;

/// Writes what the run begins with.
pub(super) fn write_opening(
    text: &mut String,
    sorted: &Sorted,
    batch: &EventBatch,
    state: &State,
    wording: &Wording,
) {
    if let Some(started) = sorted.started {
        let _ = writeln!(
            text,
            "Run of {} of {}, seed {}, version {}\nScenario {}",
            plural(started.num_days.into(), "day"),
            plural(started.ticks_per_day.into(), "tick"),
            started.rng_seed,
            batch.text_of(started.version),
            batch.text_of(started.scenario_hash),
        );
    }
    let mut grid = Grid::new("lrrrr");
    grid.row(["agent", "balance", "unsecured credit", "collateral value", "pool"]);
    let title = plural(sorted.opened.len() as u64, "agent");
    let size = |opened: &&AgentOpened| distance(opened.opening_balance);
    write_largest(text, &wording.title(&title), grid, &sorted.opened, size, |opened| {
        let agent = state.agents.get(opened.agent_id.no.index());
        let collateral = agent.map_or(Money::ZERO, AgentState::collateral_value);
        let amounts =
            [opened.opening_balance, opened.unsecured_cap, collateral, opened.liquidity_pool];
        let mut row = vec![batch.text_of(opened.agent_id.id).to_owned()];
        row.extend(amounts.map(|amount| wording.bare_amount(amount)));
        row
    });
    if sorted.started.is_some() || !sorted.opened.is_empty() {
        text.push('\n');
    }
}

/// Writes the line above the account: tick, day and time.
pub(super) fn write_header(text: &mut String, batch: &EventBatch, wording: &Wording) {
    let mut header = format!("── Tick {} · day {}", batch.tick(), batch.day());
    if let Some(time) = wording.at(batch.tick()).time {
        let _ = write!(header, " · {time}");
    }
    header.push(' ');
    let rest = WIDTH.saturating_sub(header.chars().count());
    let _ = writeln!(text, "{header}{}", "─".repeat(rest));
}

/// Writes what the tick cost whom, with a column for each kind that occurs.
pub(super) fn write_costs(text: &mut String, sorted: &Sorted, wording: &Wording) {
    let all = costs_of(&sorted.costs);
    let occurring: Vec<CostKind> = all.booked().map(|(kind, _)| kind).collect();
    let mut grid = Grid::new("lrrrrrrr");
    let mut titles = vec!["agent"];
    titles.extend(occurring.iter().map(|kind| kind.phrase()));
    titles.push("total");
    grid.row(titles);
    let title = format!("Costs: {}", wording.amount(all.total()));
    let size = |accrual: &&CostAccrual| distance(accrual.total);
    write_largest(text, &title, grid, &sorted.costs, size, |accrual| {
        let costs = costs_of(&[accrual]);
        let mut row = vec![wording.agent(accrual.agent_id).to_owned()];
        row.extend(occurring.iter().map(|kind| wording.bare_amount(costs.of(*kind))));
        row.push(wording.bare_amount(costs.total()));
        row
    });
    let mut penalties = Tally::default();
    for penalty in &sorted.end_of_day_penalties {
        penalties.add(penalty.amount);
    }
    if penalties.count > 0 {
        let number = plural(penalties.count, "payment");
        let value = wording.amount(penalties.value);
        let _ = writeln!(text, "End-of-day penalties: {number}, {value}, part of these costs");
    }
}

/// Writes what pools bring in at the start of a day.
pub(super) fn write_allocations(text: &mut String, sorted: &Sorted, wording: &Wording) {
    let all = sum(sorted.allocations.iter().map(|event| event.amount));
    write_pools(text, "Brought in from pools", all, wording);
}

/// Writes what pools take back at the end of a day.
pub(super) fn write_returns(text: &mut String, sorted: &Sorted, wording: &Wording) {
    let all = sum(sorted.returns.iter().map(|event| event.amount));
    write_pools(text, "Returned to pools", all, wording);
}

/// Writes who was left beyond its permission.
pub(super) fn write_over_extended(
    text: &mut String,
    over_extended: &[&AgentOverExtended],
    wording: &Wording,
) {
    let size = |event: &&AgentOverExtended| distance(event.shortfall);
    let (title, grid) = ("Beyond their permission", Grid::new("lrl"));
    write_largest(text, title, grid, over_extended, size, |event| {
        let agent = wording.agent(event.agent_id).to_owned();
        vec![agent, wording.amount(event.shortfall), cause_phrase(event.cause).to_owned()]
    });
}

fn write_pools(text: &mut String, title: &str, all: Tally, wording: &Wording) {
    if all.count > 0 {
        let agents = plural(all.count, "agent");
        let _ = writeln!(text, "{title}: {} by {agents}", wording.amount(all.value));
    }
}

/// Writes the tick in one line.
pub(super) fn write_total(text: &mut String, batch: &EventBatch, state: &State, wording: &Wording) {
    let happened = Happened::in_tick(batch);
    let sized = |tally: Tally| match tally.count {
        0 => "0".to_owned(),
        number => format!("{} ({})", count(number), wording.amount(tally.value)),
    };
    let _ = writeln!(
        text,
        "Tick {}: {} arrived, {} settled; waiting in queue 1: {}, in queue 2: {}; costs {}",
        batch.tick(),
        sized(happened.arrivals),
        sized(happened.settlements.all),
        sized(state.queue1),
        sized(state.queue2),
        wording.amount(happened.costs),
    );
}

/// Writes that the run is over.
pub(super) fn write_end(text: &mut String, sorted: &Sorted) {
    if let Some(ended) = sorted.ended {
        let unsettled = match ended.unsettled_count {
            0 => "nothing".to_owned(),
            number => plural(number.into(), "payment"),
        };
        let _ = writeln!(text, "The run ends, {unsettled} left unsettled");
    }
}

fn costs_of(accruals: &[&CostAccrual]) -> Costs {
    let mut costs = Costs::default();
    for accrual in accruals {
        costs.book(accrual);
    }
    costs
}

fn sum(amounts: impl Iterator<Item = Money>) -> Tally {
    let mut tally = Tally::default();
    for amount in amounts {
        tally.add(amount);
    }
    tally
}
