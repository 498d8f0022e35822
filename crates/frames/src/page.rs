//! The columns of all tables as a page.

use std::fmt::Write as _;

use arrow_schema::{DataType, Field};
use psim_model::event::Names;
use psim_view::Projection;

use crate::{
    AgentsByTick, Frame, costs, events_of_all_kinds, pairs, runs, runs_by_agent, ticks,
    transactions,
};

/// Returns the tables of a run with their columns, types and units, in Markdown.
pub fn tables_markdown() -> String {
    let nothing = Projection::new();
    let tables = [
        ("transactions", "One row for each payment.", transactions(&nothing)),
        ("pairs", "One row for each sender and receiver with payments.", pairs(&nothing)),
        ("agents_by_tick", "One row for each tick and agent.", AgentsByTick::new().finish()),
        ("ticks", "The whole system after each tick.", ticks(&[])),
        ("costs", "One row for each day and agent.", costs(&[], &Names::default())),
        (
            "events",
            "One row for each event. A row has values in the columns of its kind alone; what each \
             kind means is in [events](events.md).",
            events_of_all_kinds(&[], &Names::default()),
        ),
        (
            "runs",
            "One row for each run: the table of `run_many` in Python, which `export` does not \
             write. A column for each key that `overrides` set to a number follows, of that name; \
             it is null where that was not set.",
            runs(&[]),
        ),
        (
            "runs_by_agent",
            "One row for each run and agent: that of `run_many(by_agent=True)`. The same columns \
             follow.",
            runs_by_agent(&[]),
        ),
    ];
    let sections = tables.iter().map(|(name, about, frame)| section(name, about, frame));
    sections.collect::<Vec<_>>().join("\n")
}

fn section(name: &str, about: &str, frame: &Frame) -> String {
    let mut page = format!("## {name}\n\n{about}\n\n| column | type | unit | what it holds |\n");
    page.push_str("| --- | --- | --- | --- |\n");
    for field in frame.schema().fields() {
        let of = |key: &str| field.metadata().get(key).map_or("", String::as_str);
        let doc = of("doc").replace('|', "\\|").replace('\n', "<br>");
        let (name, ty, unit) = (field.name(), type_name(field), of("unit"));
        let _ = writeln!(page, "| `{name}` | {ty} | {unit} | {doc} |");
    }
    page
}

/// Returns what a column holds, in the words of the Parquet format where it has one.
fn type_name(field: &Field) -> String {
    let name = match field.data_type() {
        DataType::Int64 => "int64",
        DataType::UInt64 => "uint64",
        DataType::Float64 => "double",
        DataType::Boolean => "boolean",
        DataType::Utf8View | DataType::LargeUtf8 | DataType::Dictionary(..) => "string",
        DataType::LargeList(item) => return format!("list of {}", type_name(item)),
        other => return other.to_string(),
    };
    name.to_owned()
}
