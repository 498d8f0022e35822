//! The measures of all runs side by side, as tables.

use std::collections::BTreeSet;

use psim_model::Total;
use psim_view::AgentSummary;

use super::{Compared, Comparison};
use crate::sections::{Section, sections};
use crate::table::Table;
use crate::value::Value;

/// A figure of an agent.
type AgentFigure = fn(&AgentSummary) -> Total;

/// What a scenario that has no such key is shown with.
const ABSENT: &str = "-";

/// Returns the runs: their letters and what they are.
pub(super) fn runs(comparison: &Comparison) -> Table {
    let labels = ["", "run", "scenario", "seed", "ticks", "events"];
    let mut table = Table::new("runs", "Runs", 3, labels);
    for Compared { letter, run } in &comparison.runs {
        let about = &run.measures.run;
        table.row([
            letter.clone(),
            run.facts.simulation_id.clone(),
            match run.facts.origin(&run.style) {
                Some(origin) => format!("{}, {origin}", run.facts.source),
                None => run.facts.source.clone(),
            },
            about.rng_seed.to_string(),
            psim_view::count(about.ticks_executed.into()),
            psim_view::count(about.events),
        ]);
    }
    table
}

/// Returns what differs in the scenarios.
pub(super) fn settings(comparison: &Comparison) -> Table {
    let letters = comparison.runs.iter().map(|compared| compared.letter.clone());
    let labels = std::iter::once("key".to_owned()).chain(letters);
    let texts = comparison.runs.len() + 1;
    let mut table = Table::with_labels("settings", "What differs in the scenarios", texts, labels);
    for setting in &comparison.told {
        let values = setting.values.iter().map(|value| value.as_deref().unwrap_or(ABSENT));
        let row = std::iter::once(setting.path.as_str()).chain(values);
        table.rows.push(row.map(str::to_owned).collect());
    }
    table
}

/// Returns all figures side by side, a table for each section; figures that no run has are left
/// out.
pub(super) fn measures(comparison: &Comparison) -> Vec<Table> {
    let all: Vec<Vec<Section>> =
        comparison.runs.iter().map(|compared| sections(&compared.run)).collect();
    let Some(first) = all.first() else { return Vec::new() };
    let mut tables = Vec::new();
    for (index, section) in first.iter().enumerate() {
        let mut table = side_by_side(comparison, section.id, section.title, "");
        for (row, figure) in section.figures.iter().enumerate() {
            let values: Vec<Option<Value>> =
                all.iter().map(|sections| sections.get(index)?.figures.get(row)?.value).collect();
            push(&mut table, comparison, figure.label, &values);
        }
        if section.id == "offset" {
            paths(&mut table, comparison);
        }
        tables.push(table);
    }
    tables.extend(agents(comparison));
    tables.retain(|table| !table.rows.is_empty());
    tables
}

/// Returns a table of a label, the figures of the runs and their differences from the first.
fn side_by_side(comparison: &Comparison, id: &str, title: &str, what: &str) -> Table {
    let mut labels = vec![what.to_owned()];
    for (index, Compared { letter, .. }) in comparison.runs.iter().enumerate() {
        labels.push(letter.clone());
        if index > 0 {
            labels.push(format!("{letter} - A"));
        }
    }
    Table::with_labels(id, title, 1, labels)
}

fn push(table: &mut Table, comparison: &Comparison, label: &str, values: &[Option<Value>]) {
    if values.iter().all(Option::is_none) {
        return;
    }
    let first = values.first().copied().flatten();
    let mut row = vec![label.to_owned()];
    for (index, (value, compared)) in values.iter().zip(&comparison.runs).enumerate() {
        let style = &compared.run.style;
        row.push(value.map_or(ABSENT.to_owned(), |value| value.text(style)));
        if index > 0 {
            let is_alike = match value {
                Some(Value::Money(_)) => comparison.has_same_currency(),
                Some(Value::Ticks(_) | Value::WholeTicks(_) | Value::Time(_)) => {
                    comparison.has_same_calendar()
                }
                _ => true,
            };
            let difference = value.zip(first).filter(|_| is_alike);
            let difference = difference.and_then(|(value, first)| value.beyond(first, style));
            row.push(difference.unwrap_or_else(|| ABSENT.to_owned()));
        }
    }
    table.rows.push(row);
}

/// Adds the value that settled on each path that any run knows.
fn paths(table: &mut Table, comparison: &Comparison) {
    let mut seen = BTreeSet::new();
    let all = comparison.runs.iter().flat_map(|compared| &compared.run.measures.offset.mechanisms);
    for path in all.filter(|path| path.settled.count > 0 && seen.insert(path.mechanism)) {
        let values: Vec<Option<Value>> = comparison
            .runs
            .iter()
            .map(|compared| {
                let paths = &compared.run.measures.offset.mechanisms;
                let found = paths.iter().find(|other| other.mechanism == path.mechanism);
                Some(Value::Money(found.map_or(Total::ZERO, |found| found.settled.value)))
            })
            .collect();
        push(table, comparison, path.how.phrase(), &values);
    }
}

/// Returns what each agent sent, used and bore; agents of any run, by id.
fn agents(comparison: &Comparison) -> Vec<Table> {
    let ids: BTreeSet<&str> = comparison
        .runs
        .iter()
        .flat_map(|compared| compared.run.summary.agents.iter().map(|agent| agent.id.as_str()))
        .collect();
    let columns: [(&str, &str, AgentFigure); 3] = [
        ("agents_sent", "Value sent by agent", |agent| agent.sent.value),
        ("agents_used", "Most liquidity used by agent on a day", |agent| {
            agent.liquidity_used_max.into()
        }),
        ("agents_costs", "Costs by agent", |agent| agent.costs.total),
    ];
    columns
        .into_iter()
        .map(|(id, title, of)| {
            let mut table = side_by_side(comparison, id, title, "agent");
            for agent in &ids {
                let values: Vec<Option<Value>> =
                    comparison.runs.iter().map(|compared| figure(compared, agent, of)).collect();
                push(&mut table, comparison, agent, &values);
            }
            table
        })
        .collect()
}

fn figure(compared: &Compared, agent: &str, of: AgentFigure) -> Option<Value> {
    let agents = &compared.run.summary.agents;
    let index = agents.binary_search_by(|other| other.id.as_str().cmp(agent)).ok()?;
    Some(Value::Money(of(&agents[index])))
}
