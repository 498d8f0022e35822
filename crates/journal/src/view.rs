//! `simulation_events`: the events in the words of the stream, for anyone with a SQLite shell.
//!
//! Written in SQL alone, so that it needs no program of ours and works while a run is writing.

use psim_model::event::{EventKind, FieldSpec, FieldType};

use crate::layout;
use crate::schema::{first_row_sql, kept_text_sql, seq_sql};

/// The name of the view.
pub(crate) const NAME: &str = "simulation_events";

const TICK: &str = "e.tick";
const DAY: &str = "e.tick / r.ticks_per_day";

/// Returns the statement that creates the view, exactly as SQLite keeps it.
pub(crate) fn sql() -> String {
    let seq = seq_sql("e.id");
    let (first, end) = (first_row_sql("r.run", 0), first_row_sql("r.run", 1));
    let (agent, counterparty, payment) =
        (agent_sql("e.agent"), agent_sql("e.counterparty"), payment_sql("e.tx"));
    let by_kind = |result: &dyn Fn(EventKind) -> String| {
        let cases = EventKind::ALL.iter().map(|kind| (kind.code(), result(*kind)));
        choice_sql("e.kind", cases)
    };
    let event_type = by_kind(&|kind| quoted(kind.spec().name));
    let details = by_kind(&details_sql);
    // CROSS JOIN keeps this order: a run, then its rows, so that a condition on `simulation_id`
    // reads nothing of other runs.
    format!(
        "CREATE VIEW {NAME} AS SELECT r.simulation_id AS simulation_id, {seq} AS seq, \
         {TICK} AS tick, {DAY} AS day, {event_type} AS event_type, {agent} AS agent_id, \
         {counterparty} AS counterparty_id, {payment} AS tx_id, e.amount AS amount, \
         {details} AS details \
         FROM runs r CROSS JOIN events e ON e.id >= {first} AND e.id < {end}"
    )
}

/// Returns SQL for all fields of an event as one JSON object.
fn details_sql(kind: EventKind) -> String {
    let spec = kind.spec();
    let mut entries = vec![
        ("event_type", quoted(spec.name)),
        ("tick", TICK.to_owned()),
        ("day", DAY.to_owned()),
        ("seq", seq_sql("e.id")),
    ];
    for (field, column) in spec.fields.iter().zip(layout::columns_of(kind)) {
        entries.push((field.name, value_sql(field, column)));
    }
    let entries: Vec<String> =
        entries.iter().map(|(name, value)| format!("{}, {value}", quoted(name))).collect();
    format!("json_object({})", entries.join(", "))
}

/// Returns SQL for a cell as the JSON of the event stream has it.
fn value_sql(field: &FieldSpec, column: usize) -> String {
    let cell = format!("e.{}", layout::column_name(column));
    match field.ty {
        FieldType::Agent => agent_sql(&cell),
        FieldType::Payment => payment_sql(&cell),
        FieldType::Money | FieldType::Tick => cell,
        FieldType::Text => text_sql(&cell),
        FieldType::Number => number_sql(&cell),
        // A cell keeps the bits of an unsigned number; a NULL must not become 0.
        FieldType::Count { .. } => {
            choice_sql(&format!("{cell} IS NULL"), [(0, format!("json(printf('%llu', {cell}))"))])
        }
        FieldType::Flag => {
            let words = [(0, quoted("false")), (1, quoted("true"))];
            format!("json({})", choice_sql(&cell, words))
        }
        FieldType::Fraction => format!("{cell} / 1e12"),
        FieldType::Decimal { places } => format!("{cell} / 1e{places}"),
        FieldType::Choice(words) => {
            choice_sql(&cell, words.iter().map(|(word, _)| quoted(word)).enumerate())
        }
        FieldType::Payments => ids_sql(&cell, payment_sql),
        FieldType::Agents => ids_sql(&cell, agent_sql),
        FieldType::Amounts => format!("json({})", list_sql(&cell)),
    }
}

/// Returns SQL for a text that stands in its cell, or in `texts` if that has a number.
fn text_sql(cell: &str) -> String {
    let kept = format!("SELECT t.text FROM texts t WHERE t.id = {}", kept_text_sql("r.run", cell));
    format!("CASE typeof({cell}) WHEN 'integer' THEN ({kept}) ELSE {cell} END")
}

/// Returns SQL for a number with no more digits than it takes to read it back, as far as a shell
/// tells; by itself `json_object` writes 15.
fn number_sql(cell: &str) -> String {
    let digits = |number: u8| format!("printf('%!.{number}g', {cell})");
    let (few, all) = (digits(15), digits(17));
    format!("json(CASE CAST({few} AS REAL) WHEN {cell} THEN {few} ELSE {all} END)")
}

/// Returns SQL for a list of numbers as the text of a JSON array.
fn list_sql(cell: &str) -> String {
    format!("'[' || replace({cell}, ' ', ',') || ']'")
}

/// Returns SQL for a list of numbers as a JSON array of the ids that `id_sql` gives them.
fn ids_sql(cell: &str, id_sql: fn(&str) -> String) -> String {
    // The order stands in a subquery, since older shells know no order within an aggregate.
    let (id, list) = (id_sql("l.value"), list_sql(cell));
    let ids = format!("SELECT {id} AS id FROM json_each({list}) l ORDER BY l.key");
    format!("json((SELECT json_group_array(id) FROM ({ids})))")
}

fn agent_sql(cell: &str) -> String {
    format!("(SELECT a.id FROM agents a WHERE a.run = r.run AND a.agent = {cell})")
}

fn payment_sql(cell: &str) -> String {
    format!(
        "coalesce((SELECT p.id FROM payment_ids p WHERE p.run = r.run AND p.tx = {cell}), \
         'tx-' || {cell})"
    )
}

/// Returns SQL that picks a result by the value of `subject` (NULL for any other value).
fn choice_sql<N: std::fmt::Display>(
    subject: &str,
    cases: impl IntoIterator<Item = (N, String)>,
) -> String {
    let cases: Vec<String> =
        cases.into_iter().map(|(value, result)| format!("WHEN {value} THEN {result}")).collect();
    format!("CASE {subject} {} END", cases.join(" "))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
