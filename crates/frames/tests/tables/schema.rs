//! The columns as others see them; a change here is a change for every reader.

use std::fmt::Write as _;

use psim_frames::{
    AgentsByTick, Frame, costs, events, events_of, events_of_all_kinds, runs, runs_by_agent,
    tables_markdown, transactions,
};
use psim_model::event::{
    Cell, Event, EventBatch, EventKind, FieldType, Loading, Names, Real, RunEnded,
};
use psim_view::Projection;

/// Returns a line for each column: name, type, whether it can be null, unit; and what it holds.
fn described(frame: &Frame, with_docs: bool) -> String {
    let mut page = String::new();
    for field in frame.schema().fields() {
        let null = if field.is_nullable() { "?" } else { "" };
        let unit = field.metadata().get("unit").map_or(String::new(), |unit| format!(", {unit}"));
        let _ = writeln!(page, "{}: {}{null}{unit}", field.name(), field.data_type());
        if with_docs {
            let doc = field.metadata().get("doc").expect("each column says what it holds");
            let _ = writeln!(page, "    {}", doc.replace('\n', "\n    "));
        }
    }
    page
}

/// Returns a batch with an event of each kind.
fn one_of_each() -> EventBatch {
    let mut batch = EventBatch::default();
    let mut names = Names::default();
    names.introduce_agent("A");
    for kind in EventKind::ALL {
        let mut scratch = EventBatch::default();
        let cells = |field: &'static psim_model::event::FieldSpec| match field.ty {
            FieldType::Text => Cell::Text("text"),
            FieldType::Number => Cell::Real(Real::new(0.5)),
            FieldType::Payments => Cell::Payments(&[]),
            FieldType::Agents => Cell::Agents(&[]),
            FieldType::Amounts => Cell::Amounts(&[]),
            _ => Cell::Int(0),
        };
        let mut loading = Loading { batch: &mut scratch, names: &names };
        batch.push(Event::load(*kind, cells, &mut loading).expect("all fields can be that"));
    }
    batch
}

#[test]
fn the_wide_table() {
    let frame = events(&[one_of_each()], &Names::default());
    insta::assert_snapshot!(described(&frame, false));
}

#[test]
fn the_columns_of_all_kinds_are_there_whatever_happened() {
    let all = events(&[one_of_each()], &Names::default());
    let mut few = EventBatch::default();
    few.push(RunEnded { unsettled_count: 3 });
    for log in [vec![], vec![few], vec![one_of_each()]] {
        let frame = events_of_all_kinds(&log, &Names::default());
        assert_eq!(frame.schema(), all.schema());
        let rows = log.iter().map(|batch| batch.events().len()).sum::<usize>();
        assert_eq!(frame.num_rows(), rows);
    }
}

#[test]
fn the_page_has_a_row_for_each_column() {
    let page = tables_markdown();
    let all = events_of_all_kinds(&[], &Names::default());
    let others = [
        transactions(&Projection::new()),
        AgentsByTick::new().finish(),
        costs(&[], &Names::default()),
        runs(&[]),
        runs_by_agent(&[]),
    ];
    for frame in others.iter().chain([&all]) {
        for name in frame.names() {
            assert!(page.contains(&format!("\n| `{name}` | ")), "{name}");
        }
    }
}

#[test]
fn docs_of_shared_columns_say_whose_they_are() {
    let frame = events(&[one_of_each()], &Names::default());
    let narrow = frame.select(["unsettled_count", "fraction", "algorithm"]).unwrap();
    insta::assert_snapshot!(described(&narrow, true));
    let own = events_of(EventKind::AlgorithmExecution, &[one_of_each()], &Names::default());
    insta::assert_snapshot!(described(&own, true));
}

#[test]
fn the_other_tables() {
    insta::assert_snapshot!(described(&transactions(&Projection::new()), true));
    insta::assert_snapshot!(described(&AgentsByTick::new().finish(), true));
    insta::assert_snapshot!(described(&costs(&[], &Names::default()), true));
    insta::assert_snapshot!(described(&runs(&[]), true));
    insta::assert_snapshot!(described(&runs_by_agent(&[]), true));
}
