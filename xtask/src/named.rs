//! Holds what the guides for developers name against what there is: files, folders, and the words
//! of the sources.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const PAGES: &[&str] = &["ARCHITECTURE.md", "CONTRIBUTING.md"];
/// Endings of files whose words can be named.
const SOURCES: &[&str] = &["rs", "py", "pyi", "toml", "js", "css", "c"];
/// What begins a name that a recipe makes up.
const MADE_UP: &str = "As an example, ";

/// What there is to be named.
#[derive(Default)]
struct There {
    /// Files and folders, from the root on.
    paths: Vec<String>,
    words: BTreeSet<String>,
}

/// Checks the guides.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    let mut there = There::default();
    there.add(root, "");
    let mut faults = Vec::new();
    for page in PAGES {
        let text =
            fs::read_to_string(root.join(page)).map_err(|error| format!("{page}: {error}"))?;
        faults.extend(
            there.missing(&text).map(|(line, name)| format!("{page}:{line}: there is no `{name}`")),
        );
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

impl There {
    /// Adds what is in a folder, but what is built or hidden.
    fn add(&mut self, folder: &Path, name: &str) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let (path, file) = (entry.path(), entry.file_name());
            let file = file.to_string_lossy();
            if file.starts_with('.') || file == "target" {
                continue;
            }
            let name = if name.is_empty() { file.into_owned() } else { format!("{name}/{file}") };
            if path.is_dir() {
                self.add(&path, &name);
            } else if path.extension().is_some_and(|it| SOURCES.iter().any(|known| it == *known)) {
                let text = fs::read_to_string(&path).unwrap_or_default();
                self.words.extend(words(&text).map(str::to_owned));
            }
            self.paths.push(name);
        }
    }

    /// Returns what a page names that is not there, with the numbers of the lines.
    fn missing<'a>(&self, page: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
        let (text, own) = parts(page);
        text.into_iter().filter(move |(_, name)| match kind(name) {
            Kind::Path(stem) => !self.has_path(name) && !own.contains(stem),
            Kind::Words => {
                words(name).any(|word| !self.words.contains(word) && !own.contains(word))
            }
            Kind::Other => false,
        })
    }

    /// Returns whether a path ends so; a module is named without its ending too.
    fn has_path(&self, name: &str) -> bool {
        let ends_so = |path: &str| {
            let path = path.strip_suffix(name.trim_end_matches('/'));
            path.is_some_and(|before| before.is_empty() || before.ends_with('/'))
        };
        self.paths.iter().any(|path| ends_so(path) || path.strip_suffix(".rs").is_some_and(ends_so))
    }
}

/// What a quoted text is.
enum Kind<'a> {
    /// A path of the repository, and its last name without an ending.
    Path(&'a str),
    /// Words of the sources.
    Words,
    /// A command, a value, or something that is built.
    Other,
}

fn kind(name: &str) -> Kind<'_> {
    let has_only = |marks: &str| {
        name.chars().all(|it| it.is_alphanumeric() || it == '_' || marks.contains(it))
    };
    let last = name.rsplit('/').find(|part| !part.is_empty()).unwrap_or(name);
    let (stem, ending) = last.rsplit_once('.').unwrap_or((last, ""));
    if has_only("./-") && (name.contains('/') || ending == "md" || SOURCES.contains(&ending)) {
        return if name.starts_with("target/") { Kind::Other } else { Kind::Path(stem) };
    }
    let begins_as_word = name.starts_with(|first: char| first.is_alphabetic());
    if begins_as_word && has_only(":") { Kind::Words } else { Kind::Other }
}

/// Returns what the text of a page quotes, with the numbers of the lines, and the words that the
/// page makes up itself: those of its blocks of code and of its examples.
fn parts(page: &str) -> (Vec<(usize, &str)>, BTreeSet<&str>) {
    let (mut quoted, mut own) = (Vec::new(), BTreeSet::new());
    let mut fence = None;
    for (line, number) in page.lines().zip(1..) {
        let ticks = line.len() - line.trim_start_matches('`').len();
        match fence {
            Some(open) if ticks >= open => fence = None,
            Some(_) => own.extend(words(line)),
            None if ticks >= 3 => fence = Some(ticks),
            None => {
                quoted.extend(line.split('`').skip(1).step_by(2).map(|name| (number, name)));
                let made_up = line.split(MADE_UP).nth(1).and_then(|rest| rest.split('`').nth(1));
                own.extend(made_up);
            }
        }
    }
    (quoted, own)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|it: char| !it.is_alphanumeric() && it != '_');
    words.filter(|word| word.starts_with(|first: char| first.is_alphabetic() || first == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "\
`Engine::tick` in `crates/engine/src/engine.rs`, `crates/engine/`, `src/engine` and `engine.rs`;
`Engine::tock`, `gine.rs`, `crates/engine/src/motor.rs`; `cargo xtask test`, `1_234`, `target/x.rs`
As an example, `made_up`: `made_up` again, in `oldest.rs`.
```rust
fn oldest() { `not quoted` }
```
`made_down`
";

    #[test]
    fn what_is_not_there_is_found() {
        let there = There {
            paths: ["crates", "crates/engine", "crates/engine/src/engine.rs"]
                .map(str::to_owned)
                .to_vec(),
            words: words("impl Engine { fn tick() }").map(str::to_owned).collect(),
        };
        let missing: Vec<_> = there.missing(PAGE).collect();
        assert_eq!(
            missing,
            [
                (2, "Engine::tock"),
                (2, "gine.rs"),
                (2, "crates/engine/src/motor.rs"),
                (7, "made_down"),
            ]
        );
    }
}
