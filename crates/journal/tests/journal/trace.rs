//! One payment's share of a run, and what deleting leaves.

use psim_journal::{Journal, JournalError, StoredRun};
use psim_model::PaymentNo;
use psim_model::event::{Event, EventBatch, EventKind, FieldType, Value};
use tempfile::tempdir;

use crate::common::{assert_same, persist, read_all, world_of};
use crate::sample::sample;

/// Returns the canonical rows of the events that a reader of one payment gives, with their `seq`.
fn traced(journal: &Journal, run: &StoredRun, id: &str) -> Vec<(u64, Vec<u8>)> {
    let mut reader = journal.read_payment(run, id).unwrap();
    let mut batch = EventBatch::default();
    let mut events = Vec::new();
    while reader.next(&mut batch).unwrap() {
        assert_eq!(batch.events().len(), 1);
        let mut row = Vec::new();
        batch.encode(&mut row);
        events.push((batch.first_seq(), row));
    }
    events
}

/// Returns the payments that a payment is a part of, and itself.
fn lineage(batches: &[EventBatch], payment: PaymentNo) -> Vec<PaymentNo> {
    let mut lineage = vec![payment];
    // Whoever is split was there before: going back, a parent is met after its parts.
    for batch in batches.iter().rev() {
        for event in batch.events().iter().rev() {
            if let Event::PolicySplit(split) = event
                && let Some(youngest) = lineage.last()
                && split.child_ids.of(batch.columns()).contains(youngest)
            {
                lineage.push(split.tx_id);
            }
        }
    }
    lineage
}

/// Returns the same, picked from the whole stream, and whether the payment is in it: every event
/// that names it or what it is a part of, every `AgentOpened` and `ReservationsSet`, and every event
/// that names nobody.
fn picked(batches: &[EventBatch], payment: PaymentNo) -> (Vec<(u64, Vec<u8>)>, bool) {
    let lineage = lineage(batches, payment);
    let (mut events, mut is_found) = (Vec::new(), false);
    for batch in batches {
        for (seq, event) in (batch.first_seq()..).zip(batch.events()) {
            let (mut is_named, mut names_anyone) = (false, false);
            event.visit(batch.columns(), |field, value| {
                is_named |= match value {
                    Value::Payment(no) => lineage.contains(&no),
                    Value::Payments(list) => list.iter().any(|no| lineage.contains(no)),
                    _ => false,
                };
                names_anyone |= matches!(
                    field.ty,
                    FieldType::Payment | FieldType::Payments | FieldType::Agent | FieldType::Agents
                );
            });
            if let Event::Arrival(arrival) = event {
                is_named = lineage.contains(&arrival.tx_id.no);
            }
            let is_of_run =
                matches!(event.kind(), EventKind::AgentOpened | EventKind::ReservationsSet);
            if is_named || !names_anyone || is_of_run {
                let mut row = batch.tick().0.to_le_bytes().to_vec();
                event.encode(batch.columns(), &mut row);
                events.push((seq, row));
            }
            is_found |= is_named;
        }
    }
    (events, is_found)
}

/// Compares the share of every payment of a run; returns how many there are.
fn compare_all(journal: &Journal, id: &str, batches: &[EventBatch]) -> u32 {
    let run = journal.run(id).unwrap();
    let names = journal.names(&run).unwrap();
    let count = journal.payment_count(&run).unwrap();
    for no in (0..count).map(PaymentNo) {
        let payment = names.payment(no).into_owned();
        let (expected, is_found) = picked(batches, no);
        assert!(is_found, "run {id}, {payment}");
        assert_eq!(traced(journal, &run, &payment), expected, "run {id}, {payment}");
    }
    assert!(!picked(batches, PaymentNo(count)).1, "run {id} has more than {count} payments");
    count
}

#[test]
fn a_payments_share_is_the_same_with_and_without_the_index() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let worlds: Vec<_> = (0..8).map(world_of).collect();
    for (seed, (scenario, batches)) in worlds.iter().enumerate() {
        persist(&path, &seed.to_string(), scenario, batches);
    }
    for is_indexed in [false, true] {
        let mut journal = Journal::open_to_change(&path).unwrap();
        if is_indexed {
            journal.ensure_trace_index().unwrap();
            journal.ensure_trace_index().unwrap();
        }
        let mut payments = 0;
        for (seed, (_, batches)) in worlds.iter().enumerate() {
            payments += compare_all(&journal, &seed.to_string(), batches);
        }
        assert!(payments > 100, "{payments}");
    }
}

#[test]
fn parts_and_listed_payments_are_found_with_and_without_the_index() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, batches) = sample();
    persist(&path, "sample", &scenario, &batches);
    // Numbers of other runs must not be taken for those of this one.
    persist(&path, "other", &scenario, &batches);
    let mut journal = Journal::open_to_change(&path).unwrap();
    let parts = |batch: &EventBatch| {
        let count = |event: &Event| match event {
            Event::PolicySplit(split) => split.child_ids.of(batch.columns()).len(),
            _ => 0,
        };
        batch.events().iter().map(count).sum::<usize>()
    };
    assert!(batches.iter().map(parts).sum::<usize>() > 20);
    let count = compare_all(&journal, "sample", &batches);
    journal.ensure_trace_index().unwrap();
    assert_eq!(compare_all(&journal, "sample", &batches), count);
    assert_eq!(compare_all(&journal, "other", &batches), count);
}

#[test]
fn only_payments_of_the_run_can_be_traced() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, batches) = (0..100)
        .map(world_of)
        .find(|(scenario, _)| scenario.payments.ids.get(0).is_some_and(|id| !id.is_empty()))
        .unwrap();
    persist(&path, "run", &scenario, &batches);
    let journal = Journal::open(&path).unwrap();
    let run = journal.run("run").unwrap();
    let given =
        journal.names(&run).unwrap().given().next().map(|(no, _)| format!("tx-{no}", no = no.0));
    let cases = ["", "tx-", "tx-4000000000", "tx-00", "tx-+0", "tx--1", "tx-99999999999", "Tx-0"];
    for id in cases.into_iter().chain(given.as_deref()) {
        let error = journal.read_payment(&run, id).unwrap_err();
        assert!(matches!(error, JournalError::UnknownPayment { .. }), "{id}: {error}");
    }
}

#[test]
fn deleting_a_run_leaves_the_others_and_vacuum_gives_its_room_back() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let worlds: Vec<_> = (0..9).map(world_of).collect();
    for (seed, (scenario, batches)) in worlds.iter().enumerate() {
        persist(&path, &seed.to_string(), scenario, batches);
    }
    let mut journal = Journal::open_to_change(&path).unwrap();
    for seed in [0, 2, 3, 5, 6, 8] {
        journal.delete(&seed.to_string()).unwrap();
    }
    let error = journal.delete("3").unwrap_err();
    assert!(matches!(error, JournalError::UnknownRun { .. }), "{error}");
    let vacuumed = journal.vacuum().unwrap();
    assert!(vacuumed.bytes_after < vacuumed.bytes_before, "{vacuumed:?}");
    assert_eq!(vacuumed.bytes_after, std::fs::metadata(&path).unwrap().len());
    drop(journal);

    persist(&path, "new", &worlds[0].0, &worlds[0].1);
    let journal = Journal::open(&path).unwrap();
    let ids: Vec<_> = journal.runs().unwrap().into_iter().map(|run| run.simulation_id).collect();
    assert_eq!(ids, ["1", "4", "7", "new"]);
    for (id, seed) in [("1", 1), ("4", 4), ("7", 7), ("new", 0)] {
        let run = journal.run(id).unwrap();
        assert_same(&read_all(&journal, &run), &worlds[seed].1);
    }
}
