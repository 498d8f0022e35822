//! Random documents: sound, read as they are written, and with everything in them that can be.

use std::collections::BTreeSet;

use psim_model::Policy;
use psim_policy::{
    Action, Argument, Comparison, Computation, Document, Expression, Field, Node, Operator, Tree,
    Value, read,
};
use psim_testkit::worlds::{document, requested_seeds};

fn agents() -> Vec<String> {
    ["A", "B", "BANK_10", "Ö"].map(str::to_owned).to_vec()
}

fn documents(usual: u64) -> impl Iterator<Item = (u64, Document)> {
    requested_seeds(usual).map(|seed| (seed, document(seed, &agents(), 1_000)))
}

#[test]
fn documents_are_read_as_they_are_written() {
    for (seed, document) in documents(2_000) {
        let text = document.to_json().to_string();
        let again = read(&text).unwrap_or_else(|faults| panic!("seed {seed}\n{text}\n{faults}"));
        assert_eq!(again, document, "seed {seed}\n{text}");
        let policy = Policy::read(&text).unwrap();
        assert_eq!(*policy.document(), document, "seed {seed}");
        assert_eq!(policy.text(), text, "seed {seed}");
        assert_eq!(policy, Policy::read(policy.text()).unwrap(), "seed {seed}");
    }
}
