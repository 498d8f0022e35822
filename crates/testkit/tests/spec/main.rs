//! The documents in `spec/` are run: each example through both engines, each table compared.
//!
//! `spec/README.md` says how the documents are written. A failure names the document, the section
//! and the line of the table.

mod canary;
mod document;
mod events;
mod example;
mod fault;
mod payments;
mod states;
mod table;

use std::fs;
use std::path::Path;

use example::Example;

/// Runs a document and returns all its faults in words.
fn run(name: &str, text: &str) -> Vec<String> {
    let sections = match document::sections(text) {
        Ok(sections) => sections,
        Err(fault) => return vec![format!("{name}:{}: {}", fault.line, fault.text)],
    };
    let mut faults = Vec::new();
    let mut examples = 0;
    for section in &sections {
        let found = match Example::read(section) {
            Ok(None) => continue,
            Ok(Some(example)) => example.run(),
            Err(fault) => vec![fault],
        };
        examples += 1;
        let place = |line| format!("{name}:{line} ({})", section.title);
        faults.extend(found.iter().map(|fault| format!("{}: {}", place(fault.line), fault.text)));
    }
    if examples == 0 {
        faults.push(format!("{name}: a document without an example"));
    }
    faults
}

/// Returns the names and texts of all documents; the pages in `spec/policies/` are run by
/// psim-policy.
fn documents() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec");
    let entries = fs::read_dir(folder).expect("`spec` is there").flatten();
    let entries = entries.filter(|entry| entry.path().is_file());
    let mut documents: Vec<(String, String)> = entries
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, fs::read_to_string(entry.path()).expect("documents are text"))
        })
        .collect();
    documents.sort();
    documents
}

#[test]
fn every_document_says_what_both_engines_do() {
    let documents = documents();
    assert!(documents.len() > 1, "no documents were found");
    let faults: Vec<String> =
        documents.iter().flat_map(|(name, text)| run(&format!("spec/{name}"), text)).collect();
    assert!(faults.is_empty(), "{} faults\n\n{}\n", faults.len(), faults.join("\n\n"));
}

#[test]
fn the_table_of_contents_names_every_document() {
    let documents = documents();
    let (_, contents) = documents.iter().find(|(name, _)| name == "README.md").expect("is there");
    for (name, _) in &documents {
        assert!(name == "README.md" || contents.contains(&format!("]({name})")), "{name}");
    }
}
