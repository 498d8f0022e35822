//! The account of a day.

use std::fmt::Write as _;

use psim_model::event::{EndOfDay, Event, EventBatch, SettledSet};
use psim_model::{AgentNo, Money, Total};

use super::agents::{self, AgentRow};
use crate::state::{Costs, State, Tally, minus};
use crate::table::Grid;
use crate::text::{count, percent};
use crate::wording::Wording;

/// What has happened since the day began.
#[derive(Clone, Debug, Default)]
pub(super) struct DayTally {
    carried_in: Tally,
    arrived: Tally,
    on_entry: Tally,
    from_queue2: Tally,
    entry_offset: Tally,
    by_algorithm: Tally,
    /// Parts beyond the first of each payment that was split.
    more_by_splits: u64,
    dropped: Tally,
    went_overdue: Tally,
    /// Balances as the day began, by agent number.
    morning: Vec<Money>,
}

impl DayTally {
    /// Begins a day that is not the first.
    pub(super) fn begin(state: &State) -> Self {
        Self {
            carried_in: state.queue1.and(state.queue2),
            morning: state.agents.iter().map(|agent| agent.balance).collect(),
            ..Self::default()
        }
    }

    /// Counts an event that the state has taken in.
    pub(super) fn after(&mut self, batch: &EventBatch, event: &Event, state: &State) {
        match event {
            Event::AgentOpened(opened) if self.morning.len() < state.agents.len() => {
                self.morning.push(opened.opening_balance);
            }
            Event::Arrival(arrival) => self.arrived.add(arrival.amount),
            Event::RtgsImmediateSettlement(settled) => self.on_entry.add(settled.amount),
            Event::Queue2LiquidityRelease(settled) => self.from_queue2.add(settled.amount),
            Event::PolicySplit(split) => {
                let more = split.num_splits.saturating_sub(1);
                self.more_by_splits = self.more_by_splits.saturating_add(more.into());
            }
            Event::TransactionWentOverdue(overdue) => self.went_overdue.add(overdue.amount),
            Event::PolicyDrop(dropped) => {
                if let Some(payment) = state.payments.get(dropped.tx_id.index()) {
                    self.dropped.add(payment.amount);
                }
            }
            event => {
                if let Some(set) = event.settled_set() {
                    self.count_set(batch, &set);
                }
            }
        }
    }

    fn count_set(&mut self, batch: &EventBatch, set: &SettledSet) {
        let sum =
            if set.algorithm.is_some() { &mut self.by_algorithm } else { &mut self.entry_offset };
        for amount in set.tx_amounts.of(batch.columns()) {
            sum.add(*amount);
        }
    }
}

/// Writes the account of the day that has just closed.
pub(super) fn write(
    text: &mut String,
    end_of_day: &EndOfDay,
    tally: &DayTally,
    state: &State,
    wording: &Wording,
) {
    let _ = writeln!(text, "\nDay {} closes", state.day);
    // A split payment counts as its parts, which add nothing to its value.
    let more_by_splits = Tally { count: tally.more_by_splits, ..Tally::default() };
    let all = tally.carried_in.and(tally.arrived).and(more_by_splits);
    let settled = [tally.from_queue2, tally.entry_offset, tally.by_algorithm]
        .into_iter()
        .fold(tally.on_entry, Tally::and);
    let waiting = state.queue1.and(state.queue2);
    let mut grid = Grid::new("lrrrr");
    grid.row(["", "count", "of all", "value", "of all"]);
    let rows = [
        ("carried in", tally.carried_in, tally.carried_in.count > 0),
        ("arrived", tally.arrived, true),
        ("more by splitting", more_by_splits, tally.more_by_splits > 0),
        ("settled", settled, true),
        ("  on entry", tally.on_entry, settled.count > 0),
        ("  from queue 2", tally.from_queue2, settled.count > 0),
        ("  by offset on entry", tally.entry_offset, tally.entry_offset.count > 0),
        ("  by algorithm", tally.by_algorithm, tally.by_algorithm.count > 0),
        ("dropped", tally.dropped, tally.dropped.count > 0),
        ("still waiting", waiting, true),
        ("went overdue", tally.went_overdue, tally.went_overdue.count > 0),
    ];
    for (label, part, _) in rows.into_iter().filter(|(_, _, is_shown)| *is_shown) {
        grid.row([
            label.to_owned(),
            count(part.count),
            percent(Total::from_minor(part.count.into()), Total::from_minor(all.count.into())),
            wording.amount(part.value),
            percent(part.value, all.value),
        ]);
    }
    grid.write_to(text);
    write_costs(text, end_of_day, state, wording);
    write_agents(text, tally, state, wording);
}

fn write_costs(text: &mut String, end_of_day: &EndOfDay, state: &State, wording: &Wording) {
    let mut costs = Costs::default();
    for agent in &state.agents {
        costs.add(&agent.costs_today);
    }
    let kinds: Vec<String> = costs
        .booked()
        .map(|(kind, cost)| format!("{} {}", kind.phrase(), wording.amount(cost)))
        .collect();
    let _ = write!(text, "Costs of the day: {}", wording.amount(costs.total()));
    let _ = match kinds.as_slice() {
        [] => writeln!(text),
        kinds => writeln!(text, " ({})", kinds.join(", ")),
    };
    if end_of_day.total_penalties.is_positive() {
        let penalties = wording.amount(end_of_day.total_penalties);
        let _ = writeln!(text, "Penalties of the day: {penalties}");
    }
}

fn write_agents(text: &mut String, tally: &DayTally, state: &State, wording: &Wording) {
    let mut standings = Vec::new();
    for (index, (agent, morning)) in state.agents.iter().zip(&tally.morning).enumerate() {
        let change = minus(agent.balance, *morning);
        let costs = agent.costs_today.total();
        let is_waiting = agent.queue1.count + agent.queue2.count > 0;
        if change != Money::ZERO || costs != Total::ZERO || is_waiting {
            let id = wording.agent(AgentNo::from_index(index));
            standings.push(AgentRow { id, agent, change, costs });
        }
    }
    agents::write(text, "Agents over the day", "costs today", &standings, wording);
}
