//! The data of the page.

use psim_model::{Calendar, Tick, Total};
use psim_view::amount;
use serde_json::{Value, json};

use super::{agents, network, payments};
use crate::charts::charts;
use crate::measured::Measured;
use crate::picture::Picture;
use crate::sections::{Section, sections};
use crate::story::story;
use crate::style::{Style, share};
use crate::table::Table;

/// Returns what the page of a run shows.
pub(super) fn report(run: &Measured, picture: &Picture) -> Value {
    let facts = &run.facts;
    json!({
        "kind": "report",
        "title": facts.simulation_id,
        "subtitle": subtitle(run),
        "currency": run.measures.currency,
        "notice": facts.notice(),
        "story": story(run).iter().map(|text| unbroken(text, run)).collect::<Vec<_>>(),
        "tiles": tiles(run),
        "calendar": calendar(&run.style),
        "moments": chart_moments(&picture.moments),
        "state": state(run, picture),
        "charts": charts(run, picture),
        "shocks": run.shocks.marks,
        "agents": agents::table(run, picture),
        "network": network::network(run, picture),
        "payments": payments::list(run, picture),
        "tables": tables(run),
        "settings": settings(run),
    })
}

fn subtitle(run: &Measured) -> String {
    let (facts, about) = (&run.facts, &run.measures.run);
    let origin = facts.origin(&run.style).map_or_else(String::new, |origin| format!(", {origin}"));
    format!("{}{origin}, seed {}, version {}", facts.source, about.rng_seed, about.version)
}

/// Lets no line end within an amount or a percentage.
fn unbroken(sentence: &str, run: &Measured) -> String {
    let code = &run.measures.currency.code;
    let text = sentence.replace(" %", "\u{a0}%");
    if code.is_empty() { text } else { text.replace(&format!("{code} "), &format!("{code}\u{a0}")) }
}

/// Returns points in time as numbers.
pub(crate) fn chart_moments(moments: &[Tick]) -> Vec<u32> {
    moments.iter().map(|tick| tick.0).collect()
}

/// Returns how ticks are counted and shown.
pub(crate) fn calendar(style: &Style) -> Value {
    let clock = style.calendar.as_ref().and_then(Calendar::clock);
    json!({
        "ticks_per_day": style.calendar.map_or(1, |calendar| calendar.ticks_per_day()),
        "num_days": style.calendar.map_or(1, |calendar| calendar.num_days()),
        "opens_at_seconds": clock.map(|clock| clock.opens_at_seconds),
        "tick_seconds": clock.map(|clock| clock.tick_seconds),
    })
}

/// The figures that everybody asks for first.
fn tiles(run: &Measured) -> Vec<Value> {
    let Measured { measures, style, .. } = run;
    let settled = &measures.settlement.all;
    let liquidity = &measures.liquidity.all;
    let mut tiles = Vec::new();
    let mut tile = |label: &str, value: Option<String>, note: String| {
        if let Some(value) = value {
            tiles.push(json!({"label": label, "value": value, "note": note}));
        }
    };
    let of_count =
        settled.rate_count.map_or_else(String::new, |rate| format!("{} of payments", share(rate)));
    tile("Settled, by value", settled.rate_value.map(share), of_count);
    let usage = liquidity
        .usage
        .map_or_else(String::new, |usage| format!("{} of what was available", share(usage)));
    tile("Liquidity used", Some(style.short_amount(liquidity.used)), usage);
    let turnover = liquidity.turnover_ratio.map(|ratio| format!("{ratio:.2}"));
    tile("Turnover", turnover, "value settled per unit of liquidity".to_owned());
    let delay = measures.delay.indicator.map(|indicator| format!("{indicator:.4}"));
    let mean = match (measures.delay.mean_minutes_by_value, measures.delay.mean_ticks_by_value) {
        (Some(minutes), _) => format!("{minutes:.1} minutes on average, by value"),
        (None, Some(ticks)) => format!("{ticks:.2} ticks on average, by value"),
        (None, None) => String::new(),
    };
    tile("Delay indicator", delay, mean);
    let peak = measures.queues.summary.queue2_peak_value.as_ref();
    let value = peak.map(|peak| style.short_amount(peak.size.value));
    let when = peak.map_or_else(String::new, |peak| format!("after {}", style.moment(&peak.at)));
    tile("Most in queue 2", value, when);
    let costs = &measures.costs.all;
    tile("Costs", Some(style.short_amount(costs.total)), String::new());
    tiles
}

/// What there was at each point in time.
fn state(run: &Measured, picture: &Picture) -> Vec<Value> {
    let series = &run.measures.queues.series;
    let moments = &picture.moments;
    let numbers = |column: &[u64]| -> Vec<Value> {
        let found = moments.iter().filter_map(|tick| column.get(tick.index()));
        found.map(|number| json!(number)).collect()
    };
    let values = |column: &[Total]| -> Vec<Value> {
        let found = moments.iter().filter_map(|tick| column.get(tick.index()));
        found.map(|value| minor(*value)).collect()
    };
    let so_far = |column: &[Total]| -> Vec<Value> {
        let mut sum = Total::ZERO;
        let sums: Vec<_> = column
            .iter()
            .map(|value| {
                sum += *value;
                sum
            })
            .collect();
        values(&sums)
    };
    let row = |label: &str, unit: &str, values: Vec<Value>| {
        let mut row = json!({"label": label, "unit": unit});
        row["values"] = Value::Array(values);
        row
    };
    vec![
        row("Arrived so far", "money", so_far(&series.arrived_value)),
        row("Settled so far", "money", so_far(&series.settled_value)),
        row("Payments in queue 1", "count", numbers(&series.queue1_count)),
        row("Value in queue 1", "money", values(&series.queue1_value)),
        row("Payments in queue 2", "count", numbers(&series.queue2_count)),
        row("Value in queue 2", "money", values(&series.queue2_value)),
        row("Liquidity used today", "money", values(&run.measures.liquidity.used_by_tick)),
    ]
}

/// Returns minor units as a number where JavaScript keeps it exactly, else as digits.
pub(super) fn minor(total: impl Into<Total>) -> Value {
    const EXACT: i64 = 1 << 53;
    let total = total.into();
    match total.to_money().map(psim_model::Money::minor) {
        Some(minor) if minor.abs() <= EXACT => json!(minor),
        _ => json!(total.to_string()),
    }
}

/// Returns all sections as tables.
fn tables(run: &Measured) -> Vec<Table> {
    let mut tables = Vec::new();
    for Section { id, title, figures, tables: own } in sections(run) {
        if !figures.is_empty() {
            let mut table = Table::new(id, title, 1, ["", "", ""]);
            table.columns[2].align = crate::table::Align::Left;
            for figure in figures {
                let value = figure.value.map_or("-".to_owned(), |value| value.text(&run.style));
                table.row([figure.label.to_owned(), value, figure.note]);
            }
            tables.push(table);
        }
        tables.extend(own);
    }
    tables
}

fn settings(run: &Measured) -> Value {
    let facts = &run.facts;
    let about = &run.measures.run;
    let all = [
        ("scenario", about.scenario_hash.clone()),
        ("seed", about.rng_seed.to_string()),
        ("version", about.version.clone()),
        ("agents", about.agents.to_string()),
        ("ticks", format!("{} of {}", about.ticks_executed, about.ticks_planned)),
        ("events", about.events.to_string()),
        ("stream hash", about.stream_hash.clone()),
        ("smallest amount", amount(psim_model::Money::from_minor(1), &run.measures.currency)),
    ];
    let all: Vec<[String; 2]> =
        all.into_iter().map(|(name, value)| [name.to_owned(), value]).collect();
    json!({
        "source": facts.source,
        "overrides": facts.overrides,
        "facts": all,
        "text": facts.scenario_text,
    })
}
