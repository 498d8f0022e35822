//! The terms that hold from a tick on, and the policies that are followed.

use psim_model::event::{
    BankBudgetSet, CollateralValueChanged, CutOffChanged, Event, EventBatch, LimitsSet,
    PolicyFollowed,
};

use super::listing::write_largest;
use super::section::path_note;
use super::sorted::Sorted;
use crate::table::Grid;
use crate::wording::Wording;

/// Writes whom the new terms are for, and what they are.
pub(super) fn write(text: &mut String, batch: &EventBatch, sorted: &Sorted, wording: &Wording) {
    let mut terms = sorted.terms.clone();
    // What delay costs from the start shows in the costs.
    terms.retain(|event| sorted.started.is_none() || !matches!(event, Event::DelayRatesSet(_)));
    let grid = Grid::new("lll");
    write_largest(text, "New terms", grid, &terms, |_| 0, |event| row(batch, event, wording));
}

fn row(batch: &EventBatch, event: &Event, wording: &Wording) -> Vec<String> {
    let all = "all".to_owned();
    let agent = |agent| wording.agent(agent).to_owned();
    let (whom, what) = match event {
        Event::LimitsSet(set) => (agent(set.agent_id), limits(batch, set, wording)),
        Event::ReservationsSet(set) => {
            let highly_urgent = wording.amount(set.highly_urgent);
            let urgent = wording.amount(set.urgent);
            let what = format!("reserves {highly_urgent} for highly urgent, {urgent} for urgent");
            (agent(set.agent_id), what)
        }
        Event::CreditLimitChanged(changed) => {
            let cap = wording.amount(changed.unsecured_cap);
            let capacity = wording.amount(changed.max_collateral_capacity);
            let what = format!("unsecured cap {cap}, collateral up to {capacity}");
            (agent(changed.agent_id), what)
        }
        Event::CollateralValueChanged(changed) => {
            (agent(changed.agent_id), collateral(changed, wording))
        }
        Event::ParticipantOutage(outage) => (agent(outage.agent_id), "cannot send".to_owned()),
        Event::ParticipantRecovery(back) => (agent(back.agent_id), "can send again".to_owned()),
        Event::CutOffChanged(changed) => (all, cut_off(*changed)),
        Event::PolicyFollowed(followed) => followers(batch, followed, wording),
        Event::PolicyReplaced(replaced) => {
            let policy = batch.text_of(replaced.policy);
            (agent(replaced.agent_id), format!("follows {policy} from now on"))
        }
        Event::BankBudgetSet(budget) => (agent(budget.agent_id), release(batch, budget, wording)),
        Event::DelayRatesSet(rates) => {
            let rate = rates.delay_cost_per_tick_per_cent;
            (all, format!("delay costs {rate} of what is queued, each tick"))
        }
        _ => (all, String::new()),
    };
    let path = match event {
        Event::BankBudgetSet(budget) => path_note(batch, budget.decision_path),
        _ => None,
    };
    [whom, what].into_iter().chain(path).collect()
}

fn followers(batch: &EventBatch, followed: &PolicyFollowed, wording: &Wording) -> (String, String) {
    let agents = followed.agents.of(batch.columns());
    let verb = if agents.len() == 1 { "follows" } else { "follow" };
    (wording.some_agents(agents), format!("{verb} {}", batch.text_of(followed.policy)))
}

fn limits(batch: &EventBatch, set: &LimitsSet, wording: &Wording) -> String {
    let mut caps = Vec::new();
    if let Some(limit) = set.multilateral_limit {
        caps.push(format!("{} in all", wording.amount(limit)));
    }
    let receivers = set.counterparties.of(batch.columns()).iter();
    for (receiver, limit) in receivers.zip(set.bilateral_limits.of(batch.columns())) {
        caps.push(format!("{} to {}", wording.amount(*limit), wording.agent(*receiver)));
    }
    match caps.as_slice() {
        [] => "pays without limits".to_owned(),
        caps => format!("pays at most {} a day", caps.join(", ")),
    }
}

fn collateral(changed: &CollateralValueChanged, wording: &Wording) -> String {
    let worth = changed.collateral_haircut.complement().floor_of(changed.posted_collateral);
    let posted = wording.amount(changed.posted_collateral);
    format!("collateral {posted}, worth {}", wording.amount(worth))
}

fn cut_off(changed: CutOffChanged) -> String {
    format!("cut-off after tick {} of the day", changed.cutoff_tick_in_day)
}

fn release(batch: &EventBatch, budget: &BankBudgetSet, wording: &Wording) -> String {
    let most = wording.amount(budget.max_value_to_release);
    let each = budget
        .max_per_counterparty
        .map_or_else(String::new, |cap| format!(", {} to each receiver", wording.amount(cap)));
    let receivers = budget.focus_counterparties.of(batch.columns()).iter();
    let names: Vec<&str> = receivers.map(|receiver| wording.agent(*receiver)).collect();
    let only = match (budget.has_focus, names.as_slice()) {
        (false, _) => String::new(),
        (true, []) => ", to nobody".to_owned(),
        (true, names) => format!(", only to {}", names.join(", ")),
    };
    format!("releases at most {most}{each}{only}")
}
