//! The policies that come with the program.

use std::sync::OnceLock;

use crate::policy::Policy;

macro_rules! library {
    ($( $name:literal )*) => {
        /// Names of the policies, each with its document.
        const DOCUMENTS: &[(&str, &str)] =
            &[$( ($name, include_str!(concat!("../library/", $name, ".json"))), )*];
    };
}

library! {
    "deadline" "fifo" "hold" "liquidity_aware" "liquidity_splitting" "mock_splitting"
    "mock_stagger_split"
}

/// Returns the names of all policies of the library.
pub fn names() -> impl Iterator<Item = &'static str> {
    DOCUMENTS.iter().map(|(name, _)| *name)
}

/// Returns a policy of the library; each is read once.
pub fn named(name: &str) -> Option<Policy> {
    static READ: OnceLock<Vec<OnceLock<Policy>>> = OnceLock::new();
    let index = DOCUMENTS.iter().position(|(own, _)| *own == name)?;
    let read = READ.get_or_init(|| DOCUMENTS.iter().map(|_| OnceLock::new()).collect());
    let policy = read[index].get_or_init(|| {
        Policy::read(DOCUMENTS[index].1).expect("Invariant: documents of the library are sound")
    });
    Some(policy.clone())
}
