//! Ctrl-C.

use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::harness::{command, file, outcome};

/// A run of a hundred million ticks is stopped cleanly, with a summary of what was run.
#[test]
fn a_run_can_be_interrupted() {
    let text = "simulation: {ticks_per_day: 1_000_000, num_days: 100, rng_seed: 1}\n\
                agents:\n  - {id: A, opening_balance: 100}\n  - {id: B, opening_balance: 0}\n";
    let (_folder, path) = file("long.yaml", text);
    let child = command(&["run", &path])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    sleep(Duration::from_millis(600));
    let signal = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(signal.is_ok_and(|status| status.success()));
    let outcome = outcome(&child.wait_with_output().expect("the command ends"));
    assert_eq!(outcome.code, Some(130), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("interrupted"), "{}", outcome.stderr);
    assert!(outcome.stdout.contains("stopped"), "{}", outcome.stdout);
}
