//! What is typed behind `payment-sim`.

use std::path::Path;

use super::write;
use crate::corpus::{Corpus, PAYMENTS};
use crate::dice::Dice;
use crate::{mutate, program};

/// Words that the command knows, and files that are there; a file is written into the folder alone.
const WORDS: &[&str] = &[
    "run",
    "replay",
    "trace",
    "verify",
    "export",
    "db",
    "check",
    "bounds",
    "synth",
    "policy",
    "schema",
    "list",
    "info",
    "delete",
    "vacuum",
    "show",
    "explain",
    "diff",
    "coverage",
    "scenario",
    "costs",
    "events",
    "help",
    "s.yaml",
    "p.csv",
    "d.json",
    "runs.db",
    "fifo",
    "deadline",
    "tx-0",
    "--verbose",
    "--stream",
    "--event-stream",
    "--quiet",
    "--paranoid",
    "--trace-decisions",
    "--allow-outside",
    "--describe",
    "--force",
    "--predecessor",
    "--help",
    "--version",
    "--",
    "-v",
    "-q",
    "-h",
];

/// Options with a value.
const OPTIONS: &[&str] = &[
    "--set",
    "--seed",
    "--ticks",
    "--policy",
    "--output",
    "--persist",
    "--simulation-id",
    "--filter-agent",
    "--filter-tx",
    "--filter-event-type",
    "--filter-tick-range",
    "--from-tick",
    "--to-tick",
    "--csv",
    "--parquet",
    "--profile",
    "--payments",
    "--participants",
    "--at",
    "--format",
    "--tree",
    "--config",
    "--situation",
    "-o",
    "-s",
    "-t",
];

/// Values that options know.
const VALUES: &[&str] = &[
    "json",
    "text",
    "markdown",
    "1",
    "0",
    "-1",
    "10-20",
    "20-10",
    "-",
    "5-",
    "-5",
    "A",
    "NORD",
    "QueuedRtgs",
    "QueuedRtgs,PolicyHold",
    "t2",
    "chaps",
    "rits",
    "runs.db",
    "out",
    "*=hold",
    "A=deadline",
    "A=d.json",
    "agents.A.opening_balance=5",
    "simulation.num_days=2",
    "balance=5",
];

/// Lines that make sense, and what may be added to each.
const LINES: &[(&str, &[&str])] = &[
    ("run s.yaml --persist runs.db --quiet", &["--simulation-id=x", "--checkpoint-at=1", "-s=4"]),
    ("run s.yaml --verbose", &["--filter-event-type=QueuedRtgs", "--filter-tx=tx-0", "-t=1"]),
    ("run s.yaml --event-stream --output json", RUN),
    ("run s.yaml --paranoid --stream", RUN),
    ("check s.yaml", &["--seed=3", "--trace-decisions", "--policy=*=hold"]),
    ("bounds p.csv", &["--output=json"]),
    ("replay runs.db --verbose", &["--from-tick=0", "--filter-tx=tx-1", "--simulation-id=run"]),
    ("replay runs.db --output json", &["--stream", "--to-tick=0"]),
    ("trace runs.db tx-1", &["--output=json"]),
    ("verify runs.db", &["run"]),
    ("synth --profile t2 --payments 50 --participants 5 -o q.csv", &["--seed=9"]),
    ("policy explain d.json --at balance=5", &["--at=amount=9", "--tree=payment_tree"]),
    ("policy show d.json", &["--json"]),
    ("policy check d.json --predecessor", &[]),
    ("policy diff d.json fifo", &[]),
    ("export runs.db --csv out --force", &["run", "--parquet=more"]),
    ("db list runs.db", &["--output=json"]),
];
const RUN: &[&str] = &[
    "--seed=3",
    "--ticks=1",
    "--policy=*=hold",
    "--set=simulation.num_days=2",
    "--trace-decisions",
];

/// Types something.
pub(super) fn enter(corpus: &Corpus, dice: &mut Dice, folder: &Path) -> bool {
    let scenario = &corpus.scenarios[dice.below(corpus.scenarios.len())];
    write(folder, "s.yaml", &scenario.text);
    write(folder, PAYMENTS, &scenario.payments);
    write(folder, "d.json", corpus.policies[dice.below(corpus.policies.len())].json(true));
    let (line, fitting) = LINES[dice.below(LINES.len())];
    if line.contains("runs.db") && !line.starts_with("run ") {
        program::call(folder, &split("run s.yaml --persist runs.db --simulation-id run --quiet"));
    }
    let mut arguments = if dice.once_in(8) { Vec::new() } else { split(line) };
    let options = dice.below(3);
    for _ in 0..options {
        arguments.extend(fitting.get(dice.below(fitting.len())).map(|it| (*it).to_owned()));
    }
    // As it is, or with one change, or with any number of them.
    let changes = [0, 0, 1, 1, 1, 1 + dice.below(5)];
    for _ in 0..changes[dice.below(changes.len())] {
        spoil(&mut arguments, dice);
    }
    // A system of millions of payments is not what this is about.
    let is_large =
        arguments.iter().any(|it| it == "synth") && !arguments.iter().any(|it| it == "50");
    !is_large && program::call(folder, &arguments).code == Some(0)
}

/// Changes one thing.
fn spoil(arguments: &mut Vec<String>, dice: &mut Dice) {
    let at = dice.below(arguments.len() + 1);
    match dice.below(6) {
        0 if at < arguments.len() => drop(arguments.remove(at)),
        1 if at < arguments.len() => arguments[at] = word(dice),
        2 => arguments.insert(at, dice.pick(WORDS).to_owned()),
        3 => arguments.push(format!("{}={}", dice.pick(OPTIONS), value(dice))),
        _ => arguments.extend([dice.pick(OPTIONS).to_owned(), value(dice)]),
    }
}

fn split(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

fn value(dice: &mut Dice) -> String {
    if dice.once_in(3) { word(dice) } else { dice.pick(VALUES).to_owned() }
}

/// Returns a word of trouble that can be an argument and names no file outside of the folder.
fn word(dice: &mut Dice) -> String {
    let word = mutate::word(dice).replace('\0', "");
    if word.contains('/') { "x".repeat(1 + dice.below(5_000)) } else { word }
}
