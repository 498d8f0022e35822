//! Run databases: bytes flipped and cut, values that no run can have.

use std::fs;
use std::path::Path;

use psim_engine::Engine;
use psim_model::event::EventBatch;
use psim_runner::{KeepOptions, Keeper};
use psim_testkit::worlds::{WorldSize, world};
use psim_view::{Fold as _, SummaryFold};
use rusqlite::Connection;

use crate::dice::Dice;
use crate::{mutate, program};

/// The columns that a stranger may have written anything into.
const CELLS: &[(&str, &[&str])] = &[
    (
        "runs",
        &[
            "run",
            "simulation_id",
            "overrides",
            "rng_seed",
            "version",
            "scenario_hash",
            "ticks_per_day",
            "num_days",
            "ticks_asked",
            "ticks_done",
            "events",
            "complete",
            "stream_hash",
            "created_at",
        ],
    ),
    ("scenarios", &["run", "scenario_text", "scenario"]),
    ("days", &["run", "day", "events", "hash"]),
    ("agents", &["run", "agent", "id"]),
    ("payment_ids", &["run", "tx", "id"]),
    ("texts", &["id", "text"]),
    (
        "events",
        &[
            "id",
            "tick",
            "kind",
            "agent",
            "other_agent",
            "tx",
            "amount",
            "x1",
            "x2",
            "x3",
            "x4",
            "x5",
            "x6",
            "x7",
            "x8",
        ],
    ),
];

/// A scenario that is run into the spoiled database.
const SCENARIO: &str = "simulation: {ticks_per_day: 2, num_days: 1}\n\
                        agents: [{id: A, opening_balance: 1}]\n";

/// Spoils the database of a small world and gives it to every command that reads one.
pub(super) fn enter(seed: u64, dice: &mut Dice, folder: &Path) -> bool {
    let path = folder.join("runs.db");
    super::write(folder, "s.yaml", SCENARIO);
    keep(seed % 40, &path);
    if dice.once_in(2) {
        spoil_cells(&path, dice);
    } else {
        let mut bytes = fs::read(&path).expect("Invariant: it was just written");
        spoil_bytes(&mut bytes, dice);
        super::write(folder, "runs.db", bytes);
    }
    let mut taken = true;
    for arguments in [
        "db list runs.db",
        "db info runs.db",
        "replay runs.db --verbose",
        "replay runs.db --output json --event-stream",
        "trace runs.db tx-0",
        "verify runs.db",
        "policy coverage runs.db",
        "export runs.db --csv out",
        "run s.yaml --persist runs.db --quiet",
        "db delete runs.db run",
        "db vacuum runs.db",
    ] {
        if dice.once_in(2) {
            let arguments: Vec<String> = arguments.split(' ').map(str::to_owned).collect();
            taken &= program::call(folder, &arguments).code == Some(0);
        }
    }
    taken
}

/// Keeps the run of a small world.
fn keep(seed: u64, path: &Path) {
    const KEPT: &str = "Invariant: a run can be kept";
    let size = WorldSize { agents_max: 4, payments_max: 12, ticks_per_day_max: 6, days_max: 2 };
    let scenario = world(seed, &size).check().expect("Invariant: worlds are sound");
    let ticks = scenario.calendar.horizon();
    let options = KeepOptions {
        db: path,
        simulation_id: Some("run"),
        source: "world",
        text: "none",
        overrides: &[],
    };
    let mut keeper = Keeper::begin(options, &scenario, ticks).expect(KEPT);
    let (mut engine, mut batch) = (Engine::new(scenario), EventBatch::default());
    let mut summary = SummaryFold::new();
    while !engine.is_finished() && engine.tick(&mut batch).is_ok() {
        summary.observe(&batch);
        keeper.write(&mut batch).expect(KEPT);
    }
    keeper.finish(&summary).expect(KEPT);
}

/// Writes values into cells that they do not belong into.
fn spoil_cells(path: &Path, dice: &mut Dice) {
    let Ok(connection) = Connection::open(path) else { return };
    for _ in 0..=dice.below(3) {
        let (table, columns) = CELLS[dice.below(CELLS.len())];
        let column = columns[dice.below(columns.len())];
        let value = match dice.below(5) {
            0 => "NULL".to_owned(),
            1 => "x'ff00fe'".to_owned(),
            2 => format!("'{}'", mutate::word(dice).replace(['\'', '\0'], "")),
            3 => format!("{column} + {}", i64::from(dice.byte()) - 128),
            _ => {
                let number = mutate::word(dice).parse::<f64>().unwrap_or(-1.0);
                if dice.once_in(2) {
                    format!("CAST({number:e} AS INTEGER)")
                } else {
                    format!("{number:e}")
                }
            }
        };
        let row = dice.below(60);
        let sql = format!(
            "UPDATE OR IGNORE {table} SET {column} = {value} WHERE rowid IN \
             (SELECT rowid FROM {table} LIMIT 1 OFFSET {row})"
        );
        let whole = format!("UPDATE OR IGNORE {table} SET {column} = {value}");
        let delete = format!(
            "DELETE FROM {table} WHERE rowid IN (SELECT rowid FROM {table} LIMIT 1 OFFSET {row})"
        );
        // What cannot be written there is left as it is.
        let _ = connection.execute(if dice.once_in(6) { &delete } else { &sql }, []);
        if dice.once_in(3) || table == "days" {
            let _ = connection.execute(&whole, []);
        }
    }
}

/// Changes bytes, so that the file stays one of SQLite more often than not.
fn spoil_bytes(bytes: &mut Vec<u8>, dice: &mut Dice) {
    if dice.once_in(4) {
        mutate::bytes(bytes, dice);
        return;
    }
    for _ in 0..=dice.below(8) {
        let at = dice.below(bytes.len());
        match dice.below(4) {
            0 => bytes[at] = dice.byte(),
            1 => bytes[at] ^= 1 << dice.below(8),
            2 => {
                let end = (at + 1 + dice.below(16)).min(bytes.len());
                bytes[at..end].fill(0xff);
            }
            // A page where another belongs.
            _ => {
                const PAGE: usize = 8192;
                let pages = bytes.len() / PAGE;
                let (from, to) = (dice.below(pages) * PAGE, dice.below(pages) * PAGE);
                if pages > 1 {
                    bytes.copy_within(from..from + PAGE, to);
                }
            }
        }
    }
}
