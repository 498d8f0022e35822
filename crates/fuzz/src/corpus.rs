//! Sound inputs to begin with: the scenarios, examples and policies of the repository.

use std::fs;
use std::path::{Path, PathBuf};

use psim_policy::library;

use crate::tree::Tree;

/// Largest file that is taken: what is larger is slow to read and says nothing new.
const LARGEST: usize = 64 * 1024;

/// What inputs are made from.
pub(crate) struct Corpus {
    /// Scenarios as text and as trees.
    pub(crate) scenarios: Vec<Sound>,
    /// The trees alone.
    pub(crate) trees: Vec<Tree>,
    /// Policy documents as trees.
    pub(crate) policies: Vec<Tree>,
}

/// A scenario that names no file but [`PAYMENTS`].
pub(crate) struct Sound {
    pub(crate) text: String,
    pub(crate) tree: Tree,
    /// A payment file for its agents.
    pub(crate) payments: String,
}

/// The payment file that scenarios name.
pub(crate) const PAYMENTS: &str = "p.csv";

impl Sound {
    fn new(text: &str) -> Option<Self> {
        let named = |line: &str| line.starts_with("payments:") && line.contains(".csv");
        let lines = text.lines().map(|line| {
            if named(line) { format!("payments: {PAYMENTS}\n") } else { format!("{line}\n") }
        });
        let text: String = lines.collect();
        let tree = Tree::read(&text)?;
        let ids = tree.ids();
        let mut payments = "id,tick,sender,receiver,amount\n".to_owned();
        for (no, pair) in ids.windows(2).take(6).enumerate() {
            let [from, to] = pair else { continue };
            let rows = format!("x{no},0,{from},{to},{}\ny{no},0,{to},{from},9\n", no + 5);
            payments.push_str(&rows);
        }
        Some(Self { text, tree, payments })
    }
}

impl Corpus {
    /// Reads what there is.
    pub(crate) fn read() -> Self {
        let root = root();
        let mut scenarios = Vec::new();
        for path in sorted(&root.join("scenarios"), "yaml") {
            let text = fs::read_to_string(path).unwrap_or_default();
            // A day of a real system takes too long to make.
            if text.len() <= LARGEST && !text.contains("profile:") {
                scenarios.extend(Sound::new(&text));
            }
        }
        for path in sorted(&root.join("spec"), "md") {
            let text = fs::read_to_string(path).unwrap_or_default();
            scenarios.extend(blocks(&text).filter_map(|block| Sound::new(&block)));
        }
        let trees = scenarios.iter().map(|sound: &Sound| sound.tree.clone()).collect();
        let json =
            |name| library::named(name).map(|policy| policy.document().to_json().to_string());
        let texts = library::names().filter_map(json);
        let policies = texts.filter_map(|text| Tree::read(&text)).collect();
        Self { scenarios, trees, policies }
    }
}

/// Returns the top of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Returns the files of a folder, in order of their names.
pub(crate) fn sorted(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let mut paths: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|it| it == extension)).collect();
    paths.sort();
    paths
}

/// Returns the YAML blocks of a page that are whole scenarios.
fn blocks(page: &str) -> impl Iterator<Item = String> {
    let blocks = page.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.filter(|block| block.contains("agents:")).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use psim_scenario::{Overrides, load};

    use super::*;

    /// What is spoiled must be sound before, or nothing but the first fault is tried.
    #[test]
    fn what_inputs_are_made_from_is_sound() {
        let corpus = Corpus::read();
        assert!(corpus.scenarios.len() > 200 && corpus.policies.len() > 20);
        let folder = tempfile::tempdir().unwrap();
        let mut refused = Vec::new();
        for sound in &corpus.scenarios {
            fs::write(folder.path().join(PAYMENTS), &sound.payments).unwrap();
            for (name, text) in [
                ("s.yaml", sound.text.clone()),
                ("t.yaml", sound.tree.json(false)),
                ("s.json", sound.tree.json(true)),
            ] {
                let path = folder.path().join(name);
                fs::write(&path, &text).unwrap();
                if let Err(faults) = load(&path, &Overrides::default()) {
                    refused.push(format!("{faults}\n{text}"));
                }
            }
        }
        assert!(refused.len() < 20, "{}\n{}", refused.len(), refused.join("\n"));
        for tree in &corpus.policies {
            psim_policy::read(&tree.json(true)).unwrap();
        }
    }
}
