//! The pages in `spec/policies/`: each policy of the library decides as its tables say.
//!
//! `spec/policies/README.md` says how they are written. A failure names the page and the line.

mod decision;
mod page;
mod situation;

use std::fs;
use std::path::{Path, PathBuf};

use psim_policy::library;

use page::Page;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec/policies")
}

/// Returns the text of a page of the folder, empty if there is none.
fn text_of(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap_or_default()
}

/// Returns everything that is wrong with the page of a policy.
fn faults(name: &str, text: &str) -> Vec<String> {
    let policy = library::named(name).expect("it is in the library");
    let page = match Page::read(text) {
        Ok(page) => page,
        Err((line, fault)) => return vec![format!("spec/policies/{name}.md:{line}: {fault}")],
    };
    let faults = page.faults(&policy);
    faults.iter().map(|(line, fault)| format!("spec/policies/{name}.md:{line}: {fault}")).collect()
}

#[test]
fn every_policy_decides_as_its_page_says() {
    let pages = library::names().map(|name| (name, text_of(&format!("{name}.md"))));
    let faults: Vec<String> = pages.flat_map(|(name, text)| faults(name, &text)).collect();
    assert!(faults.is_empty(), "{} faults\n\n{}\n", faults.len(), faults.join("\n\n"));
}

#[test]
fn there_is_a_page_for_each_policy_and_for_nothing_else() {
    let entries = fs::read_dir(folder()).expect("the folder is there").flatten();
    let mut found: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    found.sort();
    let mut expected: Vec<String> = library::names().map(|name| format!("{name}.md")).collect();
    expected.push("README.md".to_owned());
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn the_list_of_pages_gives_each_with_its_intent() {
    let list = text_of("README.md").split_whitespace().collect::<Vec<_>>().join(" ");
    for name in library::names() {
        let policy = library::named(name).expect("it is there");
        let intent = policy.document().description.as_deref().unwrap_or_default();
        let entry = format!("* [{name}]({name}.md): {intent}");
        assert!(list.contains(&entry), "spec/policies/README.md lacks\n{entry}");
    }
}

/// A page that is right, to be made wrong in one place at a time.
const RIGHT: &str = "# deadline

Releases payments near their deadline and late ones; holds all others.

Parameters: `urgency_threshold` 5.

## payment_tree

| situation | fields | decision | path |
| --- | --- | --- | --- |
| far | ticks_to_deadline=6 | Hold reason=NearDeadline | is_urgent(false) → hold |
| near | ticks_to_deadline=5 | Release | is_urgent(true) → release |
";

#[test]
fn what_is_wrong_is_found() {
    assert_eq!(faults("deadline", RIGHT), Vec::<String>::new());
    let wrongs = [
        ("# deadline", "# deadlines", ":1: the policy is `deadline`"),
        ("holds all others.", "holds others.", ":3: the intent of the document is"),
        ("` 5.", "` 6.", ":5: the document says"),
        ("## payment_tree", "## bank_tree", ":7: the policy has no such tree"),
        ("## payment_tree", "## trees", ":7: no tree is called `trees`"),
        ("fields |", "field |", ":9: a table has the columns"),
        ("=NearDeadline", "=LowPriority", ":11: decides `Hold reason=NearDeadline`"),
        ("is_urgent(false)", "is_urgent(true)", ":11: goes `is_urgent(false) → hold`"),
        ("deadline=6", "deadline=6, balance=1", ":11: `balance` is not read"),
        ("ticks_to_deadline=6", "balance=1", ":11: reads `ticks_to_deadline`"),
        ("ticks_to_deadline=6", "ticks=6", ":11: there is no field `ticks`"),
        ("deadline=6", "deadline=six", ":11: `six` is no number"),
        ("| near | ticks_to_deadline=5 | Release | is_urgent(true) → release |\n", "", "`release`"),
    ];
    for (right, wrong, fault) in wrongs {
        let found = faults("deadline", &RIGHT.replacen(right, wrong, 1));
        assert!(found.iter().any(|found| found.contains(fault)), "{wrong}: {found:?}");
    }
    let (page, _) = RIGHT.split_once("\n## ").expect("there is a tree");
    assert!(faults("deadline", page)[0].contains("nothing is said of the payment_tree"));
}
