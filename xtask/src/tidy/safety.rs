//! No crate may use `unsafe`, and none may bring the network in.

use std::fs;
use std::path::{Path, PathBuf};

/// Holds the manifests against the rules; `deny.toml` names what may not be depended on.
pub(super) fn check(root: &Path, faults: &mut Vec<String>) {
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
    if !forbids_unsafe(&read(&root.join("Cargo.toml"))) {
        faults.push("Cargo.toml: `unsafe_code` must be \"forbid\" in the lints of all".to_owned());
    }
    for folder in crates(root) {
        if !takes_lints_of_all(&read(&folder.join("Cargo.toml"))) {
            let name = folder.strip_prefix(root).unwrap_or(&folder).display();
            faults
                .push(format!("{name}: must have `[lints] workspace = true`, which forbid unsafe"));
        }
    }
    let (deny, lock) = (read(&root.join("deny.toml")), read(&root.join("Cargo.lock")));
    if banned(&deny).next().is_none() {
        faults.push("deny.toml: must name crates that are not to be depended on".to_owned());
    }
    for name in brought_in(&deny, &lock) {
        faults.push(format!("Cargo.lock: `{name}` is banned by deny.toml"));
    }
}

/// All members of the workspace.
fn crates(root: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(root.join("crates")).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = folders.map(|entry| entry.path()).collect();
    found.push(root.join("xtask"));
    found.sort();
    found
}

/// Returns what a table of a manifest says, without comments.
fn table<'a>(manifest: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let header = format!("[{name}]");
    let lines = manifest.lines().skip_while(move |line| line.trim() != header).skip(1);
    let own = lines.take_while(|line| !line.trim_start().starts_with('['));
    own.map(|line| line.split('#').next().unwrap_or_default().trim())
}

fn forbids_unsafe(workspace: &str) -> bool {
    table(workspace, "workspace.lints.rust").any(|line| line == "unsafe_code = \"forbid\"")
}

fn takes_lints_of_all(manifest: &str) -> bool {
    table(manifest, "lints").any(|line| line == "workspace = true")
}

/// The crates that `deny.toml` names as banned.
fn banned(deny: &str) -> impl Iterator<Item = &str> {
    let named = deny.lines().filter_map(|line| line.trim().strip_prefix("{ crate = \""));
    named.filter_map(|rest| rest.split('"').next())
}

/// Those of the banned crates that the workspace depends on, in however many steps.
fn brought_in<'a>(deny: &'a str, lock: &'a str) -> impl Iterator<Item = &'a str> {
    let is_there = move |name: &&str| {
        lock.lines().any(|line| line.strip_prefix("name = ") == Some(&format!("\"{name}\"")))
    };
    banned(deny).filter(is_there)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_that_may_be_unsafe_is_found() {
        assert!(forbids_unsafe("[workspace.lints.rust]\nunsafe_code = \"forbid\" # why\n"));
        for manifest in [
            "[workspace.lints.rust]\nunsafe_code = \"deny\"\n",
            "[workspace.lints.rust]\n# unsafe_code = \"forbid\"\n",
            "[workspace.lints.clippy]\nunsafe_code = \"forbid\"\n",
            "",
        ] {
            assert!(!forbids_unsafe(manifest), "{manifest}");
        }
        assert!(takes_lints_of_all("[package]\n[lints]\nworkspace = true\n"));
        for manifest in
            ["[package]\nworkspace = true\n", "[lints]\nworkspace = false\n", "[lints]\n"]
        {
            assert!(!takes_lints_of_all(manifest), "{manifest}");
        }
    }

    #[test]
    fn a_banned_crate_is_found() {
        let deny =
            "deny = [\n  { crate = \"tokio\", reason = \"r\" },\n  { crate = \"mio\" },\n]\n";
        let lock = |name: &str| format!("[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\n");
        let found =
            |name: &str| brought_in(deny, &lock(name)).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(found("tokio"), ["tokio"]);
        assert_eq!(found("mio"), ["mio"]);
        assert!(found("tokio-like").is_empty());
    }
}
