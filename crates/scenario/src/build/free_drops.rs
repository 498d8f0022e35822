//! Payments that may be given up at no cost: then leaving is cheaper than settling.

use psim_model::{CostRates, Instruction, PaymentAction, Policy, Scenario};
use rustc_hash::FxHashSet;

use crate::check::Checker;
use crate::diagnostic::quoted;
use crate::source::Span;
use crate::typed::Fields;

/// Warns where instructions or policies drop payments and that costs nothing.
pub(super) fn warn(checker: &mut Checker<'_>, root: &Fields, scenario: &Scenario) {
    let CostRates { deadline_penalty, eod_penalty, .. } = scenario.costs;
    if !deadline_penalty.is_free() || !eod_penalty.is_free() {
        return;
    }
    let policies = dropping(checker, scenario);
    let mut warn = |span: Span, what: &str| {
        let message = format!("{what}, and that costs nothing: both penalties are 0");
        let hint = "give `cost_rates.deadline_penalty` or `cost_rates.eod_penalty`".to_owned();
        checker.warn(span, message, Some(hint));
    };
    if scenario.instructions.iter().any(|scheduled| drops(&scheduled.instruction)) {
        let place = root.given("instructions").map_or(root.span, |given| given.key_span);
        warn(place, "payments are dropped");
    }
    for (id, span) in policies {
        warn(span, &format!("{} may drop payments", quoted(&id)));
    }
}

fn drops(instruction: &Instruction) -> bool {
    match instruction {
        Instruction::Decide { actions, .. } => actions.contains(&PaymentAction::Drop),
        _ => false,
    }
}

/// Returns the policies that are followed and may drop payments, and where they were asked for.
fn dropping(checker: &Checker<'_>, scenario: &Scenario) -> Vec<(String, Span)> {
    let followed: FxHashSet<&str> = scenario.policies_followed().map(Policy::id).collect();
    let dropping = checker.policies.dropping();
    let dropping = dropping.map(|(policy, span)| (policy.id().to_owned(), span));
    dropping.filter(|(id, _)| followed.contains(id.as_str())).collect()
}
