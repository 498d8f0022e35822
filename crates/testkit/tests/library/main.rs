//! `docs/policy_library.md`: what the policies of the library do to banks and to the system.
//!
//! Each is measured against `fifo` in two worlds, on seeds that no policy was made for. The page is
//! committed; after a change that is meant, write it anew with `PSIM_UPDATE_POLICY_LIBRARY=1`.

mod effects;
mod measure;
mod page;
mod worlds;

use std::fs;
use std::path::Path;

use effects::Effects;
use measure::Measure;

#[test]
fn the_page_says_what_the_policies_do() {
    let all = effects::measure();
    for effects in &all {
        nothing_goes_wrong(effects);
    }
    keep("docs/policy_library.md", &page::write(&all));
}

/// No decision fails, no payment is given up, and what is released in the end is settled in the
/// end: a policy may be late, but leaves no payment behind.
fn nothing_goes_wrong(effects: &Effects) {
    let name = effects.name;
    for effect in &effects.by_setting {
        assert!(effect.runs.iter().all(|run| run.faults == 0), "{name}: a decision fails");
        assert!(effect.runs.iter().all(|run| run.dropped == 0), "{name}: a payment is given up");
        let settled = effect.differences[Measure::Settled as usize].mean;
        if name == "hold" {
            let sent = effect.runs.iter().any(|run| run.of[Measure::Settled as usize] > 0.0);
            assert!(!sent, "{name}: a payment settles");
        } else {
            assert!(settled > -1.0, "{name}: {settled} percentage points less than `fifo` settle");
        }
    }
}

/// Compares a committed file with what it should be, or writes it anew.
fn keep(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
    if std::env::var_os("PSIM_UPDATE_POLICY_LIBRARY").is_some() {
        fs::write(&path, text).expect("the file can be written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let line = committed.lines().zip(text.lines()).position(|(was, is)| was != is);
    assert!(
        committed == text,
        "{file} is not what is computed, from line {} on; if that is meant, write it anew with\n  \
         PSIM_UPDATE_POLICY_LIBRARY=1 cargo test -p psim-testkit --test library",
        line.map_or_else(|| committed.lines().count().min(text.lines().count()) + 1, |at| at + 1),
    );
}
