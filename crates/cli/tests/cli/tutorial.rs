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
            "text" => found.last_mut().expect("a command before").output.push_str(body),
            _ => {}
        }
    }
    found
}

/// Returns whether an output is what is shown of it.
fn is_shown(output: &[&str], shown: &[&str]) -> bool {
    match shown.split_first() {
        None => output.is_empty(),
        Some((&LEFT_OUT, rest)) => (0..=output.len()).any(|skip| is_shown(&output[skip..], rest)),
        Some((line, rest)) => output.first() == Some(line) && is_shown(&output[1..], rest),
    }
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().collect()
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
        let fits = is_shown(&lines(&printed), &lines(&output));
        assert!(fits, "{command}\nprints\n{printed}\nnot\n{output}");
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
        assert_eq!(is_shown(&lines(output), &lines(shown)), fits, "{shown}");
    }
}
