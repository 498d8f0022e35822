//! Which column of `events` a field stands in; follows from the declarations alone.

use psim_model::event::{EventKind, FieldSpec, FieldType};

/// Columns that mean the same for all events; the others are `x1`, `x2` … in order of declaration.
const SHARED: [&str; 4] = ["agent", "counterparty", "tx", "amount"];

/// Returns the name of a column, counted from the first of the shared ones.
pub(crate) fn column_name(column: usize) -> String {
    match SHARED.get(column) {
        Some(name) => (*name).to_owned(),
        None => format!("x{}", column.saturating_sub(SHARED.len()).saturating_add(1)),
    }
}

/// Returns the column of each field of a type of event, in order of declaration.
pub(crate) fn columns_of(kind: EventKind) -> Vec<usize> {
    let mut taken = [false; SHARED.len()];
    let mut own = SHARED.len()..;
    let place = |field: &FieldSpec| {
        let shared = shared_column(field).filter(|column| {
            taken.get_mut(*column).is_some_and(|taken| !std::mem::replace(taken, true))
        });
        shared.or_else(|| own.next()).unwrap_or(usize::MAX)
    };
    kind.spec().fields.iter().map(place).collect()
}

/// Returns the number of columns that the event with the most fields needs, shared ones included.
pub(crate) fn column_count() -> usize {
    let needed = |kind: &EventKind| {
        columns_of(*kind).into_iter().max().map_or(0, |last| last.saturating_add(1))
    };
    EventKind::ALL.iter().map(needed).max().unwrap_or(0).max(SHARED.len())
}

fn shared_column(field: &FieldSpec) -> Option<usize> {
    match (field.name, field.ty) {
        ("agent_id" | "sender_id", FieldType::Agent) => Some(0),
        ("receiver_id" | "counterparty_id", FieldType::Agent) => Some(1),
        ("tx_id", FieldType::Payment) => Some(2),
        ("amount", FieldType::Money) => Some(3),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_that_events_share_stand_in_shared_columns() {
        // tx_id, sender_id, receiver_id, amount, deadline_tick, earliest_tick, priority,
        // rtgs_priority, divisible
        assert_eq!(columns_of(EventKind::Arrival), [2, 0, 1, 3, 4, 5, 6, 7, 8]);
        assert_eq!(columns_of(EventKind::PolicyHold), [2, 0, 4, 5, 6]);
        assert_eq!([0, 3, 4, 12].map(column_name), ["agent", "amount", "x1", "x9"]);
    }

    #[test]
    fn no_two_fields_of_an_event_share_a_column() {
        for kind in EventKind::ALL {
            let mut columns = columns_of(*kind);
            columns.sort_unstable();
            columns.dedup();
            assert_eq!(columns.len(), kind.spec().fields.len(), "{}", kind.spec().name);
        }
    }
}
