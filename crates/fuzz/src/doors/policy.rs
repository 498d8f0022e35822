//! Policy documents: what is sound is drawn, told and read again.

use psim_policy::{diff, drawing, english};
use psim_scenario::read_policy_text;

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
    let text = String::from_utf8_lossy(&bytes);
    let mut taken = false;
    for predecessor in [false, true] {
        match read_policy_text("d.json", &text, predecessor) {
            Ok((policy, warnings)) => {
                taken = true;
                let _ = warnings.render(true);
                let document = policy.document();
                let _ = (drawing(document), english(document), diff(document, document));
                let again = read_policy_text("again", &document.to_json().to_string(), false);
                let again = again.map(|(again, _)| again.document().to_json().to_string());
                let again = again.unwrap_or_else(|faults| panic!("written anew: {faults}"));
                assert_eq!(again, document.to_json().to_string(), "written anew it is another");
            }
            Err(faults) => assert!(!faults.render(true).is_empty()),
        }
    }
    taken
}
