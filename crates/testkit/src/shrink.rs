//! Smaller scenarios for the same failure.

use psim_model::{CostRates, Scenario};

/// Returns a scenario for which `fails` still holds and from which nothing of what is tried can be
/// taken away: payments, arrival streams, costs, the rate profile.
///
/// Agents stay, because every number refers to them. `fails` must hold for the scenario given.
pub fn shrink(scenario: Scenario, fails: impl Fn(&Scenario) -> bool) -> Scenario {
    let mut smallest = scenario;
    loop {
        let smaller = candidates(&smallest).into_iter().find(|candidate| fails(candidate));
        match smaller {
            Some(smaller) => smallest = smaller,
            None => return smallest,
        }
    }
}

/// Returns scenarios with a little less in them, those with the least first.
fn candidates(scenario: &Scenario) -> Vec<Scenario> {
    let mut candidates = Vec::new();
    let mut propose = |change: &dyn Fn(&mut Scenario)| {
        let mut candidate = scenario.clone();
        change(&mut candidate);
        if candidate != *scenario {
            candidates.push(candidate);
        }
    };
    let rows = scenario.payments.rows.len();
    for from in [0, rows / 2] {
        propose(&|candidate| remove_rows(candidate, from, rows / 2));
    }
    for agent in 0..scenario.agents.len() {
        propose(&|candidate| candidate.agents[agent].arrivals.clear());
    }
    propose(&|candidate| candidate.costs = CostRates::FREE);
    propose(&|candidate| candidate.rate_profile.clear());
    propose(&|candidate| candidate.payments.ids.clear());
    for row in 0..rows {
        propose(&|candidate| remove_rows(candidate, row, 1));
    }
    candidates
}

/// Removes payments; given ids go with them all, since they belong to rows by number.
fn remove_rows(scenario: &mut Scenario, from: usize, count: usize) {
    if count > 0 {
        scenario.payments.rows.drain(from..from + count);
        scenario.payments.ids.clear();
    }
}
