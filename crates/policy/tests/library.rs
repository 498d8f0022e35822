//! The library: every document is sound, says what it is for, and reads as it was written.

use psim_policy::{Policy, library};

#[test]
fn documents_are_sound_and_bear_their_names() {
    for name in library::names() {
        let policy = library::named(name).expect("it is there");
        assert_eq!(policy.id(), name);
        let intent = policy.document().description.as_deref().unwrap_or_default();
        assert!((20..=120).contains(&intent.len()), "{name}: {intent}");
        assert_eq!(Policy::read(policy.text()).as_ref(), Ok(&policy), "{name}");
    }
}

#[test]
fn no_document_gives_payments_up() {
    for name in library::names() {
        let policy = library::named(name).expect("it is there");
        assert!(!policy.can_drop(), "{name}");
    }
}

#[test]
fn there_is_nothing_by_another_name() {
    assert_eq!(library::named("nothing"), None);
}
