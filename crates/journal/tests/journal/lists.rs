//! Events with lists: kept with their order, and found by each payment they list.

use std::path::Path;

use psim_journal::{Journal, JournalError};
use rusqlite::Connection;
use tempfile::tempdir;

use crate::common::{assert_same, persist, read_all, read_everything};
use crate::sample::sample;

#[test]
fn every_type_of_event_comes_back_bit_for_bit() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, batches) = sample();
    persist(&path, "sample", &scenario, &batches);
    let journal = Journal::open(&path).unwrap();
    let run = journal.run("sample").unwrap();
    assert_same(&read_all(&journal, &run), &batches);
}

/// Returns the rows that `event_payments` has for an event of the last tick.
fn listed(path: &Path, kind: u8) -> Vec<(u32, u32, i64)> {
    let connection = Connection::open(path).unwrap();
    let sql = "SELECT position, tx, amount FROM event_payments WHERE id = \
               (SELECT max(id) FROM events WHERE kind = ?1) ORDER BY position";
    let mut statement = connection.prepare(sql).unwrap();
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    statement.query_map([kind], row).unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn listed_payments_have_rows_with_their_amounts() {
    use psim_model::event::Event;

    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, batches) = sample();
    persist(&path, "sample", &scenario, &batches);
    let last = batches.last().unwrap();
    let mut kinds = Vec::new();
    for event in last.events() {
        let (payments, amounts) = match event {
            Event::PolicySplit(split) => (split.child_ids, Some(split.child_amounts)),
            Event::DeferredCreditApplied(credit) => (credit.source_transactions, None),
            event => match event.settled_set() {
                Some(set) => (set.tx_ids, Some(set.tx_amounts)),
                None => continue,
            },
        };
        kinds.push(event.kind().code().to_string());
        let payments = payments.of(last.columns());
        let amounts = amounts.map(|amounts| amounts.of(last.columns()));
        let amount = |index: usize| amounts.map_or(0, |amounts| amounts[index].minor());
        let expected: Vec<_> =
            (0..).zip(payments).map(|(at, tx)| (at, tx.0, amount(at as usize))).collect();
        assert_eq!(expected.len(), 3);
        assert_eq!(listed(&path, event.kind().code()), expected, "{event:?}");
    }
    assert_eq!(kinds.len(), 6);
    let sql = format!(
        "SELECT count(*) FROM event_payments p JOIN events e ON e.id = p.id \
         WHERE e.kind NOT IN ({})",
        kinds.join(", ")
    );
    let others: u32 =
        Connection::open(&path).unwrap().query_row(&sql, [], |row| row.get(0)).unwrap();
    assert_eq!(others, 0);
}

#[test]
fn lists_that_no_run_can_have_are_found() {
    let folder = tempdir().unwrap();
    let (scenario, batches) = sample();
    for (number, change) in [
        // Parts of a split payment: they are the next new ones.
        "x2 = '1000000' WHERE kind = 40 AND x2 <> ''",
        "x2 = '' WHERE kind = 40 AND x2 <> ''",
        "x2 = x2 || ' 0' WHERE kind = 40",
        "x2 = x2 || ' x' WHERE kind = 40",
        "x2 = NULL WHERE kind = 40",
        "x2 = 12 WHERE kind = 40",
        "x2 = x'31' WHERE kind = 40",
        "x3 = '1.5' WHERE kind = 40",
        "x3 = '9223372036854775808' WHERE kind = 40",
        // Payments and agents that were never there.
        "x1 = '-1' WHERE kind = 46",
        "x1 = '0 1 4294967295' WHERE kind = 46",
        "x1 = '4294967296' WHERE kind = 46",
        "x3 = '0 100' WHERE kind = 46",
        "x3 = 'agent 0' WHERE kind = 46",
    ]
    .into_iter()
    .enumerate()
    {
        let path = folder.path().join(format!("{number}.db"));
        persist(&path, "sample", &scenario, &batches);
        let sql = format!("UPDATE events SET {change}");
        assert!(Connection::open(&path).unwrap().execute(&sql, []).unwrap() > 0, "{sql}");
        let error = read_everything(&path).expect_err(&sql);
        assert!(matches!(error, JournalError::Damaged { .. }), "{sql}: {error}");
    }
}
