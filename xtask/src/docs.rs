//! Pages that are generated from the source and committed, so that they cannot drift; what is
//! written by hand is held against the source.

use std::fs;
use std::path::Path;

use psim_policy::Tree;

use crate::{limits, named};

/// Ends the part of `docs/policy.md` that is written by hand.
const POLICY_MARK: &str = "\
<!-- What follows is generated from the tables in crates/policy/src by `cargo xtask docs`. -->\n";
/// Ends the part of `docs/export.md` that is written by hand.
const EXPORT_MARK: &str = "\
<!-- What follows is generated from the tables in crates/frames/src by `cargo xtask docs`. -->\n";

/// Writes the pages, or only checks them.
pub(crate) fn run(root: &Path, check: bool) -> Result<(), String> {
    generate(root, check)?;
    limits::check(root)?;
    named::check(root)
}

fn generate(root: &Path, check: bool) -> Result<(), String> {
    let below = |page: &str, mark: &str, generated: &str| {
        let text = fs::read_to_string(root.join(page)).unwrap_or_default();
        generated_below(&text, mark, generated)
    };
    let language = psim_policy::language_markdown(&Tree::ALL);
    let pages = [
        ("docs/events.md", psim_view::events_markdown()),
        ("docs/export.md", below("docs/export.md", EXPORT_MARK, &psim_frames::tables_markdown())),
        ("docs/policy.md", below("docs/policy.md", POLICY_MARK, &language)),
        ("docs/scenario.md", psim_scenario::reference_markdown()),
    ];
    for (page, text) in pages {
        let path = root.join(page);
        if check {
            if fs::read_to_string(&path).ok().as_deref() != Some(text.as_str()) {
                return Err(format!("{page} is out of date: run `cargo xtask docs`"));
            }
        } else {
            fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    Ok(())
}

/// Keeps what is written by hand and makes what is below the mark anew.
fn generated_below(page: &str, mark: &str, generated: &str) -> String {
    let by_hand = page.split(mark).next().unwrap_or_default();
    format!("{by_hand}{mark}\n{generated}")
}
