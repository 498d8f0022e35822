//! The comparison as a page: in the terminal, and as data for HTML.

use serde_json::{Value, json};

use super::{Comparison, charts, sentences, tables};
use crate::html::{calendar, chart_moments};
use crate::terminal::wrap;

/// Rows of a table that are shown in the terminal.
const ROWS_MAX: usize = 20;

pub(super) fn text(comparison: &Comparison) -> String {
    let mut page = String::new();
    let runs = tables::runs(comparison);
    runs.write_to(&mut page, usize::MAX);
    page.push('\n');
    for sentence in sentences::sentences(comparison) {
        wrap(&mut page, &sentence);
    }
    let settings = tables::settings(comparison);
    if !settings.rows.is_empty() {
        settings.write_to(&mut page, ROWS_MAX);
    }
    for table in tables::measures(comparison) {
        table.write_to(&mut page, ROWS_MAX);
    }
    page.trim_start().to_owned()
}

/// Returns what the page is called: the letters of the runs and their ids.
pub(super) fn title(comparison: &Comparison) -> String {
    names(comparison).collect::<Vec<_>>().join(", ")
}

fn names(comparison: &Comparison) -> impl Iterator<Item = String> {
    let runs = comparison.runs.iter();
    runs.map(|compared| format!("{}: {}", compared.letter, compared.run.facts.simulation_id))
}

pub(super) fn data(comparison: &Comparison) -> Value {
    let Some(first) = comparison.runs.first() else { return json!({}) };
    let moments = charts::moments(comparison);
    let mut all = vec![tables::runs(comparison), tables::settings(comparison)];
    all.extend(tables::measures(comparison));
    all.retain(|table| !table.rows.is_empty());
    json!({
        "kind": "comparison",
        "title": title(comparison),
        "subtitle": "The same measures side by side; differences are from those of A",
        "currency": first.run.measures.currency,
        "notice": null,
        "story": sentences::sentences(comparison),
        "tiles": [],
        "calendar": calendar(&first.run.style),
        "moments": chart_moments(&moments),
        "state": [],
        "charts": charts::charts(comparison, &moments),
        "shocks": charts::shocks(comparison),
        "agents": null,
        "network": null,
        "payments": null,
        "runs": names(comparison).map(|name| json!({"name": name})).collect::<Vec<_>>(),
        "tables": all,
        "settings": null,
    })
}
