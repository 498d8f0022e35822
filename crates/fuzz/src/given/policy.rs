//! Policy documents: what is sound is drawn, told and read again.

use psim_policy::{diff, drawing, english};
use psim_scenario::read_policy_text;

/// Reads a policy document, as one of ours and as one of the predecessor's.
pub fn take(text: &str) -> bool {
    let mut taken = false;
    for predecessor in [false, true] {
        match read_policy_text("d.json", text, predecessor) {
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
