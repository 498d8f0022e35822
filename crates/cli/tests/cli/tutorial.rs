//! The tutorial of policies: what it says a command prints is what the command prints.

use std::fs;

use crate::harness::{root, run};

/// What stands for output that is left out.
const LEFT_OUT: &str = "…";

/// A command and the output that the page shows for it.
struct Shown {
    command: String,
    output: String,
}

/// Returns the commands of a page, each with the text that follows it.
fn commands(page: &str) -> Vec<Shown> {
    let mut found: Vec<Shown> = Vec::new();
    for block in page.split("\n```").skip(1).step_by(2) {
        let (language, body) = block.split_once('\n').unwrap_or((block, ""));
        match language {
            "console" => found.push(Shown { command: body.to_owned(), output: String::new() }),
            "text" => found.last_mut().expect("a command before").output = body.to_owned(),
            _ => {}
        }
    }
    found
}

/// Returns whether an output is what is shown of it: lines in order, other lines only where
/// something is left out.
fn is_shown(output: &str, shown: &str) -> bool {
    let output: Vec<&str> = output.lines().collect();
    let mut pieces = shown.lines().collect::<Vec<_>>();
    let (open_before, open_after) =
        (pieces.first() == Some(&LEFT_OUT), pieces.last() == Some(&LEFT_OUT));
    pieces.retain({
        let mut index = 0;
        let last = pieces.len() - 1;
        move |line| {
            index += 1;
            !(*line == LEFT_OUT && (index == 1 || index == last + 1))
        }
    });
    let mut at = 0;
    let runs: Vec<&[&str]> = pieces.split(|line| *line == LEFT_OUT).collect();
    for (number, wanted) in runs.iter().enumerate() {
        let found = (at..=output.len().saturating_sub(wanted.len()))
            .find(|start| output[*start..].starts_with(wanted));
        let Some(start) = found else { return false };
        if number == 0 && !open_before && start != 0 {
            return false;
        }
        at = start + wanted.len();
    }
    open_after || at == output.len()
}

#[test]
fn the_tutorial_shows_what_its_commands_print() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("tutorial.db").to_string_lossy().into_owned();
    let page = fs::read_to_string(root().join("docs/policy.md")).expect("the page");
    let shown = commands(&page);
    assert!(shown.len() >= 10, "{} commands", shown.len());
    for Shown { command, output } in shown {
        let words: Vec<String> =
            command.split_whitespace().map(|word| word.replace("tutorial.db", &db)).collect();
        let (program, arguments) = words.split_first().expect("a command");
        assert_eq!(program, "payment-sim", "{command}");
        let outcome = run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        let printed = outcome.stdout + &outcome.stderr;
        assert!(is_shown(&printed, &output), "{command}\nprints\n{printed}\nnot\n{output}");
    }
}

/// The documents that the page shows are the files that it runs.
#[test]
fn the_tutorial_shows_its_files_as_they_are() {
    let page = fs::read_to_string(root().join("docs/policy.md")).expect("the page");
    let first = root().join("scenarios/data/tutorial/1_wait.json");
    assert!(page.contains(&fs::read_to_string(first).expect("the file")));
}

#[test]
fn what_is_left_out_may_be_anything_and_nothing_else() {
    let output = "a\nb\nc\nd\n";
    for (shown, fits) in [
        ("a\nb\nc\nd", true),
        ("a\n…\nd", true),
        ("…\nb\n…", true),
        ("…\nd", true),
        ("a\nd", false),
        ("b\n…", false),
        ("…\nc", false),
        ("…\nc\n…\nb\n…", false),
        ("e", false),
    ] {
        assert_eq!(is_shown(output, shown), fits, "{shown}");
    }
}
