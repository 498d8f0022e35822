//! Policy documents.

use psim_fuzz::given::policy;

use crate::corpus::Corpus;
use crate::dice::Dice;
use crate::mutate;

/// Spoils a policy document and reads it.
pub(super) fn enter(corpus: &Corpus, dice: &mut Dice) -> bool {
    let original = &corpus.policies[dice.below(corpus.policies.len())];
    let mut tree = original.clone();
    let as_bytes = dice.once_in(3);
    if !as_bytes {
        mutate::tree(&mut tree, &corpus.policies, dice);
    }
    let strict = !dice.once_in(10);
    let mut bytes = tree.json(strict).into_bytes();
    if as_bytes || dice.once_in(10) {
        mutate::bytes(&mut bytes, dice);
    }
    policy::take(&String::from_utf8_lossy(&bytes))
}
