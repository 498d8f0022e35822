//! Pages that are generated from the source and committed, so that they cannot drift.

use std::fs;
use std::path::Path;

use psim_policy::Tree;

/// Ends the part of `docs/policy.md` that is written by hand.
const GENERATED: &str = "\
<!-- What follows is generated from the tables in crates/policy/src by `cargo xtask docs`. -->\n";

pub(crate) fn generate(root: &Path, check: bool) -> Result<(), String> {
    let policy = root.join("docs/policy.md");
    let pages = [
        ("docs/events.md", psim_view::events_markdown()),
        ("docs/policy.md", policy_page(&fs::read_to_string(policy).unwrap_or_default())),
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

/// Keeps what is written by hand and makes the reference below it anew.
fn policy_page(page: &str) -> String {
    let by_hand = page.split(GENERATED).next().unwrap_or_default();
    format!("{by_hand}{GENERATED}\n{}", psim_policy::language_markdown(&Tree::ALL))
}
