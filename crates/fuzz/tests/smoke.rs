//! A few inputs at every door, a few worlds on every front: seconds, in every test.

use std::process::Command;

fn run(arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_psim-fuzz")).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}\n{said}\n{errors}");
}

#[test]
fn every_door_takes_hostile_input() {
    run(&["fuzz", "--seeds", "25"]);
}

#[test]
fn what_fails_is_found() {
    let program = env!("CARGO_BIN_EXE_psim-fuzz");
    let output = Command::new(program).args(["fuzz", "--door", "canary", "--seeds", "3"]).output();
    let output = output.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success());
    assert!(said.ends_with("canary: 3 inputs, 0 of them taken, 3 findings\n"), "{said}");
    assert!(said.contains("a canary"), "{said}");
    assert!(said.contains("again: cargo xtask fuzz --door canary --first 1 --seeds 1"), "{said}");
}

#[test]
fn fronts_tell_the_same() {
    run(&["soak", "--worlds", "8"]);
}

#[test]
fn runs_that_are_killed_go_on() {
    run(&["crash", "--tries", "4"]);
}

#[test]
fn memory_does_not_grow_with_ticks() {
    run(&["ticks", "--ticks", "100000"]);
}
