//! Layout rules that no compiler checks: sizes, words, and which crate may know which.

mod safety;

use std::fs;
use std::path::{Path, PathBuf};

/// Lines a source file may have; tests and tables may have twice as many.
const FILE_LINES: usize = 600;
/// Files that are one table of declarations, which no reader takes in as a whole.
const TABLES: &[&str] = &["crates/model/src/event/catalogue.rs"];
/// Columns a line of code may have.
const LINE_COLUMNS: usize = 100;

/// Words that have no place in committed source, with the reason.
const BANNED: &[(&str, &str)] = &[
    (concat!("TO", "DO"), "finish it or say so in an issue"),
    (concat!("FIX", "ME"), "finish it or say so in an issue"),
    (concat!("#[ig", "nore"), "a skipped test is a defect"),
    (concat!("dbg", "!("), "left over from a search"),
    (concat!("std::", "net"), "a simulator has no business on a network"),
];

/// What each crate may depend on among ours; `model` lies under everything.
const EDGES: &[(&str, &[&str])] = &[
    ("policy", &[]),
    ("model", &["policy"]),
    ("random", &[]),
    ("engine", &["model", "policy", "random"]),
    ("synth", &["model", "random"]),
    ("scenario", &["model", "policy", "random", "synth"]),
    ("view", &["model", "policy"]),
    ("journal", &["model"]),
    ("frames", &["model", "view"]),
    ("report", &["model", "view"]),
    (
        "runner",
        &[
            "model", "policy", "random", "engine", "scenario", "synth", "view", "journal",
            "frames", "report",
        ],
    ),
    ("cli", &["model", "policy", "report", "runner", "scenario", "synth", "view", "journal"]),
    (
        "python",
        &["model", "policy", "engine", "runner", "scenario", "view", "journal", "frames", "report"],
    ),
    ("bench", &["model", "policy", "engine", "synth", "view", "journal", "frames", "runner"]),
    (
        "fuzz",
        &[
            "model", "policy", "random", "engine", "journal", "runner", "scenario", "testkit",
            "view",
        ],
    ),
    ("testkit", &["model", "policy", "random", "engine", "view", "scenario"]),
];

pub(crate) fn check(root: &Path) -> Result<(), String> {
    let mut faults = Vec::new();
    for path in sources(root) {
        check_source(root, &path, &mut faults);
    }
    check_edges(root, &mut faults);
    safety::check(root, &mut faults);
    check_citation(root, &mut faults);
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

fn check_source(root: &Path, path: &Path, faults: &mut Vec<String>) {
    let name = path.strip_prefix(root).unwrap_or(path).display().to_string();
    let Ok(text) = fs::read_to_string(path) else {
        faults.push(format!("{name}: cannot be read"));
        return;
    };
    let is_test = name.contains("tests");
    let is_long = is_test || TABLES.contains(&name.as_str());
    let limit = if is_long { 2 * FILE_LINES } else { FILE_LINES };
    if text.lines().count() > limit {
        faults.push(format!("{name}: more than {limit} lines; split what holds two ideas"));
    }
    if !text.starts_with("//!") {
        faults.push(format!("{name}: must open with `//!` and say what it is"));
    }
    for (number, line) in text.lines().enumerate() {
        let place = format!("{name}:{}", number + 1);
        // Snapshots and tables of expected text may be wider than code.
        if !is_test && line.chars().count() > LINE_COLUMNS {
            faults.push(format!("{place}: more than {LINE_COLUMNS} columns"));
        }
        for (word, reason) in BANNED {
            if line.contains(word) {
                faults.push(format!("{place}: `{word}`: {reason}"));
            }
        }
    }
}

fn check_edges(root: &Path, faults: &mut Vec<String>) {
    let folders = fs::read_dir(root.join("crates")).into_iter().flatten().flatten();
    for folder in folders.map(|entry| entry.file_name().to_string_lossy().into_owned()) {
        let Some((_, allowed)) = EDGES.iter().find(|(known, _)| *known == folder) else {
            faults.push(format!("crates/{folder}: say in xtask/src/tidy.rs what it may know"));
            continue;
        };
        let manifest = root.join("crates").join(&folder).join("Cargo.toml");
        let text = fs::read_to_string(&manifest).unwrap_or_default();
        let shipped = text.split("[dev-dependencies]").next().unwrap_or_default();
        for line in shipped.lines() {
            let Some(name) = line.strip_prefix("psim-") else { continue };
            let dependency = name.split(['.', ' ', '=']).next().unwrap_or_default();
            if !allowed.contains(&dependency) {
                faults.push(format!("crates/{folder}: must not depend on {dependency}"));
            }
        }
    }
}

/// What people cite is the version that they ran.
fn check_citation(root: &Path, faults: &mut Vec<String>) {
    let text = fs::read_to_string(root.join("CITATION.cff")).unwrap_or_default();
    let version = format!("version: {}", env!("CARGO_PKG_VERSION"));
    if !text.lines().any(|line| line == version) {
        faults.push(format!("CITATION.cff: must say `{version}`"));
    }
}

/// All Rust sources of the workspace, and the targets of libFuzzer, in a fixed order.
fn sources(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = ["crates", "xtask", "fuzz/fuzz_targets"].map(|it| root.join(it)).to_vec();
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        for path in entries.map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
