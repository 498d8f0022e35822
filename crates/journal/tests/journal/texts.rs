//! Numbers that need not be whole come back bit for bit; long texts that come again are kept once.

use std::fs;
use std::path::Path;

use psim_journal::{Journal, JournalError};
use psim_model::event::{
    AgentOpened, Event, EventBatch, HoldReason, NewAgent, PolicyHold, PolicyReplaced, Real,
    StateRegisterSet,
};
use psim_model::{
    AgentNo, CheckedScenario, Day, Fraction, Money, PaymentNo, Policy, Priority, RtgsPriority, Tick,
};
use psim_testkit::sketch;
use rusqlite::Connection;
use tempfile::tempdir;

use crate::common::{assert_same, persist, read_all, read_everything};

const TICKS: u32 = 100;
const PATHS: [&str; 3] = [
    "N1_day_is_over(false) → N2_is_urgent(false) → N3_liquidity_suffices(true) → A4_release",
    "N1_day_is_over(false) → N2_is_urgent(false) → N3_liquidity_suffices(false) → A5_hold_for_now",
    "N1_day_is_over(true) → A6_release_all_that_is_left",
];

/// Returns a run of one agent; `fill` adds to its ticks.
fn run_of(fill: impl Fn(&mut EventBatch)) -> (CheckedScenario, Vec<EventBatch>) {
    let scenario = sketch::scenario(TICKS, 1, &[("A", 100)]).check().unwrap();
    let mut batches: Vec<EventBatch> = Vec::new();
    for tick in 0..TICKS {
        let mut batch = EventBatch::default();
        batch.begin(Tick(tick), Day(0), batches.last().map_or(0, EventBatch::next_seq));
        if tick == 0 {
            open(&mut batch);
        }
        fill(&mut batch);
        batches.push(batch);
    }
    (scenario, batches)
}

fn open(batch: &mut EventBatch) {
    let id = batch.text("A");
    batch.push(AgentOpened {
        agent_id: NewAgent { no: AgentNo(0), id },
        opening_balance: Money::ZERO,
        unsecured_cap: Money::ZERO,
        posted_collateral: Money::ZERO,
        collateral_haircut: Fraction::ZERO,
        max_collateral_capacity: Money::ZERO,
        liquidity_pool: Money::ZERO,
    });
    for no in 0..50 {
        let given_id = None;
        batch.push(psim_model::event::Arrival {
            tx_id: psim_model::event::NewPayment { no: PaymentNo(no), given_id },
            sender_id: AgentNo(0),
            receiver_id: AgentNo(0),
            amount: Money::from_minor(1),
            deadline_tick: Tick(9),
            earliest_tick: None,
            priority: Priority::DEFAULT,
            rtgs_priority: RtgsPriority::Normal,
            divisible: None,
        });
    }
}

/// Adds what a traced run has in each tick: all of its payments are held, each by a way through
/// the tree.
fn hold_all(batch: &mut EventBatch) {
    for no in 0..50 {
        let path = PATHS[no as usize % PATHS.len()];
        let decision_path = Some(batch.text(path));
        batch.push(PolicyHold {
            tx_id: PaymentNo(no),
            agent_id: AgentNo(0),
            reason: HoldReason::PolicyDecision,
            detail: None,
            decision_path,
        });
    }
}

fn set_registers(batch: &mut EventBatch) {
    let values = [0.1, 1e300, -2.5, 3.0, 0.0, f64::MIN_POSITIVE, 5e-324, f64::MAX, 0.1 + 0.2];
    for pair in values.windows(2) {
        let (register_key, reason) = (batch.text("bank_state_stress"), batch.text("because"));
        let (old_value, new_value) = (Real::new(pair[0]), Real::new(pair[1]));
        let (agent_id, decision_path) = (AgentNo(0), None);
        batch.push(StateRegisterSet {
            agent_id,
            register_key,
            old_value,
            new_value,
            reason,
            decision_path,
        });
    }
}

fn registers(batches: &[EventBatch]) -> Vec<(u64, u64)> {
    let events = batches.iter().flat_map(EventBatch::events);
    let values = events.filter_map(|event| match event {
        Event::StateRegisterSet(set) => Some((set.old_value, set.new_value)),
        _ => None,
    });
    values.map(|(old, new)| (old.get().to_bits(), new.get().to_bits())).collect()
}

#[test]
fn numbers_come_back_bit_for_bit() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, batches) = run_of(set_registers);
    persist(&path, "run", &scenario, &batches);
    let journal = Journal::open(&path).unwrap();
    let stored = read_all(&journal, &journal.run("run").unwrap());
    assert_eq!(registers(&stored), registers(&batches));
    assert_eq!(registers(&stored).len(), 8 * TICKS as usize);
    // A whole number may be an integer in the file; what is no number cannot be one.
    let change = |value: &str| {
        let sql = format!("UPDATE events SET x3 = {value} WHERE kind = 56");
        Connection::open(&path).unwrap().execute(&sql, []).unwrap();
        read_everything(&path)
    };
    assert!(change("3").is_ok());
    for value in ["'3'", "9e999", "NULL", "x'33'"] {
        let error = change(value).expect_err(value);
        assert!(matches!(error, JournalError::Damaged { .. }), "{value}: {error}");
    }
}

/// Returns how the view shows the last register that was set, digit by digit.
fn shown(value: f64) -> String {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, batches) = run_of(set_registers);
    persist(&path, "run", &scenario, &batches);
    let connection = Connection::open(&path).unwrap();
    connection.execute("UPDATE events SET x3 = ?1 WHERE kind = 56", [value]).unwrap();
    let sql = "SELECT details FROM simulation_events WHERE event_type = 'StateRegisterSet' LIMIT 1";
    let details: String = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    let from = details.find("new_value\":").unwrap() + "new_value\":".len();
    details[from..].split(',').next().unwrap().to_owned()
}

#[test]
fn the_view_shows_no_more_digits_than_it_takes() {
    for (value, expected) in [(0.1, "0.1"), (3.0, "3.0"), (-2.5, "-2.5"), (1e300, "1.0e+300")] {
        assert_eq!(shown(value), expected);
    }
    for value in [0.1 + 0.2, 1.0 / 3.0, f64::MAX, 1e-300] {
        assert_eq!(shown(value).parse(), Ok(value), "{}", shown(value));
    }
}

fn count(path: &Path, sql: &str) -> u32 {
    Connection::open(path).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn a_long_text_that_comes_again_is_kept_once() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, batches) = run_of(hold_all);
    persist(&path, "run", &scenario, &batches);
    assert_eq!(count(&path, "SELECT count(*) FROM texts"), 3);
    assert_eq!(count(&path, "SELECT count(*) FROM events WHERE x3 LIKE '%N1%'"), 3);
    let long = "SELECT count(*) FROM simulation_events WHERE details LIKE '%A5_hold_for_now%'";
    assert_eq!(count(&path, long), 17 * TICKS);
    let journal = Journal::open(&path).unwrap();
    let run = journal.run("run").unwrap();
    assert_same(&read_all(&journal, &run), &batches);
    // A held payment of a traced run takes the room of a few numbers.
    let empty = folder.path().join("empty.db");
    let (scenario, batches) = run_of(|_| {});
    persist(&empty, "run", &scenario, &batches);
    let size = |path: &Path| fs::metadata(path).unwrap().len();
    let bytes = size(&path) - size(&empty);
    assert!(bytes / run.events < 35, "{bytes} bytes for {} events", run.events);
    // The same of one payment: its arrival, a hold each tick, and the agent that opened.
    let mut reader = journal.read_payment(&run, "tx-1").unwrap();
    let (mut batch, mut held) = (EventBatch::default(), 0);
    while reader.next(&mut batch).unwrap() {
        if let Event::PolicyHold(hold) = &batch.events()[0] {
            assert_eq!(batch.text_of(hold.decision_path.unwrap()), PATHS[1]);
            held += 1;
        }
    }
    assert_eq!(held, TICKS);
}

#[test]
fn a_document_that_many_agents_get_is_kept_once() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let replace = |batch: &mut EventBatch| {
        let hold = Policy::hold();
        let (policy, document) = (batch.text(hold.id()), batch.text(hold.text()));
        let (agent_id, origin) = (AgentNo(0), psim_model::event::Origin::Api);
        batch.push(PolicyReplaced { agent_id, policy, document, origin });
    };
    let (scenario, batches) = run_of(replace);
    persist(&path, "one", &scenario, &batches);
    persist(&path, "two", &scenario, &batches);
    assert_eq!(count(&path, "SELECT count(*) FROM texts"), 2);
    let mut journal = Journal::open_to_change(&path).unwrap();
    journal.delete("one").unwrap();
    assert_eq!(count(&path, "SELECT count(*) FROM texts"), 1);
    assert_same(&read_all(&journal, &journal.run("two").unwrap()), &batches);
}

#[test]
fn a_text_that_is_not_there_is_damage() {
    let folder = tempdir().unwrap();
    let (scenario, batches) = run_of(hold_all);
    for (number, sql) in [
        "DELETE FROM texts WHERE id = (SELECT max(id) FROM texts)",
        "UPDATE texts SET text = x'ff'",
        "UPDATE events SET x3 = 3 WHERE typeof(x3) = 'integer'",
        "UPDATE events SET x3 = -1 WHERE typeof(x3) = 'integer'",
        "UPDATE events SET x3 = 4294967296 WHERE typeof(x3) = 'integer'",
    ]
    .into_iter()
    .enumerate()
    {
        let path = folder.path().join(format!("{number}.db"));
        persist(&path, "run", &scenario, &batches);
        assert!(Connection::open(&path).unwrap().execute(sql, []).unwrap() > 0, "{sql}");
        let error = read_everything(&path).expect_err(sql);
        assert!(matches!(error, JournalError::Damaged { .. }), "{sql}: {error}");
    }
}
