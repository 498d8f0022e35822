//! The tutorials: what they say a command prints is what the command prints.

use std::fs;
use std::path::Path;

use crate::harness::{command, outcome, root};

/// What stands for output that is left out.
const LEFT_OUT: &str = "…";

/// Commands and the output that the page shows for the last of them.
struct Shown {
    commands: String,
    output: String,
}

/// A page that is followed.
#[derive(Default)]
struct Page {
    /// Names and contents of the files that the reader is told to write.
    files: Vec<(String, String)>,
    shown: Vec<Shown>,
}

impl Page {
    fn read(name: &str) -> Self {
        let text = fs::read_to_string(root().join(name)).expect("the page");
        let mut page = Self::default();
        for block in text.split("\n```").skip(1).step_by(2) {
            let (head, body) = block.split_once('\n').unwrap_or((block, ""));
            let body = body.to_owned() + "\n";
            match head.split_once(' ') {
                Some((_, name)) => page.files.push((name.to_owned(), body)),
                None if head == "console" => {
                    page.shown.push(Shown { commands: body, output: String::new() });
                }
                None if head == "text" => {
                    // What code in Python prints stands below it, and is tested with the package.
                    if let Some(shown) = page.shown.last_mut().filter(|it| it.output.is_empty()) {
                        shown.output = body;
                    }
                }
                None => {}
            }
        }
        page
    }

    /// Runs the commands in a folder, and compares what they print with what is shown.
    fn follow(&self, folder: &Path) {
        for Shown { commands, output } in &self.shown {
            let mut printed = String::new();
            for line in commands.lines().filter(|line| !line.is_empty()) {
                let words: Vec<&str> = line.split_whitespace().collect();
                let (program, arguments) = words.split_first().expect("a command");
                assert_eq!(*program, "payment-sim", "{line}");
                let called = command(arguments).current_dir(folder).output().expect("it starts");
                let outcome = outcome(&called);
                printed = outcome.stdout + &outcome.stderr;
            }
            let fits = output.is_empty() || is_shown(&lines(&printed), &lines(output));
            assert!(fits, "{commands}\nprints\n{printed}\nnot\n{output}");
        }
    }
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
    let page = Page::read("docs/tutorial.md");
    assert_eq!(page.files.len(), 4);
    assert!(page.shown.len() >= 8, "{} commands", page.shown.len());
    for (name, content) in &page.files {
        fs::write(folder.path().join(name), content).expect("a file");
    }
    page.follow(folder.path());
}

#[test]
fn the_tutorial_of_policies_shows_what_its_commands_print() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = Page::read("docs/policy.md");
    assert!(page.shown.len() >= 10, "{} commands", page.shown.len());
    copy(&root().join("scenarios"), &folder.path().join("scenarios"));
    page.follow(folder.path());
}

/// Copies the files of a folder, and those of folders in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("a folder") {
        let (from, name) = entry.map(|entry| (entry.path(), entry.file_name())).expect("an entry");
        if from.is_dir() {
            copy(&from, &to.join(name));
        } else {
            fs::copy(&from, to.join(name)).expect("a file can be copied");
        }
    }
}

/// The documents that the page shows are the files that it runs.
#[test]
fn the_tutorial_of_policies_shows_its_files_as_they_are() {
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
