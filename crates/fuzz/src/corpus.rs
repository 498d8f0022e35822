//! Sound inputs to begin with: the scenarios, examples and policies of the repository.

use std::fs;
use std::path::{Path, PathBuf};

use psim_policy::library;

use crate::tree::Tree;

/// Largest file that is taken: what is larger is slow to read and says nothing new.
const LARGEST: usize = 64 * 1024;

/// What inputs are made from.
pub(crate) struct Corpus {
    /// Scenarios as text.
    pub(crate) scenarios: Vec<String>,
    /// The same as trees, as far as they can be.
    pub(crate) trees: Vec<Tree>,
    /// Policy documents as trees.
    pub(crate) policies: Vec<Tree>,
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
                scenarios.push(text);
            }
        }
        for path in sorted(&root.join("spec"), "md") {
            let text = fs::read_to_string(path).unwrap_or_default();
            scenarios.extend(blocks(&text));
        }
        let trees = scenarios.iter().filter_map(|text| Tree::read(text)).collect();
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
