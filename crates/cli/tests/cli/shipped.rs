//! The scenarios that ship, read as people read them.

use std::fs;

use crate::harness::{root, run_well, without_duration};

#[test]
fn every_shipped_scenario_runs_without_a_warning() {
    let mut found = 0;
    for entry in fs::read_dir(root().join("scenarios")).expect("the folder").flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let outcome = run_well(&["run", &path.to_string_lossy()]);
            assert_eq!(outcome.stderr, "", "{}", path.display());
            found += 1;
        }
    }
    assert!(found >= 15, "{found} scenarios");
}

#[test]
fn summaries_read_well() {
    for name in ["first_day", "gridlock", "pool", "several_days"] {
        let outcome = run_well(&["run", &format!("scenarios/{name}.yaml")]);
        insta::assert_snapshot!(name, without_duration(&outcome.stdout));
    }
}

#[test]
fn a_verbose_day_reads_well() {
    let outcome = run_well(&["run", "scenarios/deadlines.yaml", "--verbose"]);
    insta::assert_snapshot!("deadlines_verbose", without_duration(&outcome.stdout));
}

/// The README shows what its command prints.
#[test]
fn the_readme_shows_the_large_day_as_it_is() {
    let outcome = run_well(&["run", "scenarios/t2_day.yaml"]);
    let readme = fs::read_to_string(root().join("README.md")).expect("the README");
    assert!(readme.contains(&without_duration(&outcome.stdout)), "paste the summary anew");
}
