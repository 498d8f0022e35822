//! The agents that budgets name.

use psim_policy::Fault;

use super::walk::{self, Element};
use super::{Way, tell};
use crate::build::agents::Roster;
use crate::check::Checker;
use crate::diagnostic::quoted;
use crate::render::MOST_SHOWN;

/// Reports agents that policies in use name and that do not exist.
pub(crate) fn check(checker: &mut Checker<'_>, roster: &Roster) {
    let in_use = std::mem::take(&mut checker.policies.in_use);
    for used in in_use.iter().filter(|used| !used.policy.focus_lists().is_empty()) {
        let mut faults = Vec::new();
        walk::visit(used.policy.document(), &mut |element, path| {
            let Element::Agent(id) = element else { return };
            if roster.find(id.as_bytes()).is_none() {
                let is_shown = faults.len() < MOST_SHOWN;
                let hint = if is_shown { checker.suggest_agent(id, roster) } else { None };
                let fault = Fault::new(path.clone(), format!("unknown agent {}", quoted(id)));
                faults.push(Fault { hint, ..fault });
            }
        });
        let way = Way { predecessor: false, advice: None };
        tell::all(checker, &used.origin, &faults, way);
    }
    checker.policies.in_use = in_use;
}
