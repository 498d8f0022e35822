//! Actions as they were decided, with the numbers that their parameters came to.

use std::fmt;

use super::number;
use crate::actions::Action;
use crate::decision::{BankAct, CollateralAct, PaymentAct, PaymentDecision};
use crate::document::{Argument, Call, Leaf};
use crate::json::Json;
use crate::prose::{plain, word};

/// An action as it was decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    /// The action.
    pub action: Action,
    /// Its parameters: numbers as they came out, texts as they stand. An `AddState` has the
    /// register's `new_value`.
    pub parameters: Vec<(&'static str, Json)>,
}

/// Writes it as `Reprioritize new_priority=7`.
impl fmt::Display for Act {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.action.name())?;
        for (index, (name, value)) in self.parameters.iter().enumerate() {
            let value = match value {
                Json::Number(number) => plain(*number),
                Json::Text(text) => word(text),
                Json::List(items) => {
                    let items = items.iter().map(|item| match item {
                        Json::Text(text) => word(text),
                        other => other.to_string(),
                    });
                    format!("[{}]", items.collect::<Vec<_>>().join(", "))
                }
                other => other.to_string(),
            };
            write!(out, "{} {name}={value}", if index == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl Act {
    pub(super) fn to_json(&self) -> Json {
        let parameters = self.parameters.iter().cloned();
        Json::object([
            ("action", Json::text(self.action.name())),
            ("parameters", Json::object(parameters)),
        ])
    }
}

/// What a tree of any kind decided.
pub(super) enum Decided {
    Payment(PaymentDecision),
    Bank(Vec<BankAct>),
    Collateral(Vec<CollateralAct>),
}

/// Returns the actions of a leaf with what they came to.
pub(super) fn acts(leaf: &Leaf, decided: &Decided) -> Vec<Act> {
    leaf.actions
        .iter()
        .enumerate()
        .map(|(index, call)| {
            let earlier = &leaf.actions[..index];
            let arguments = call.arguments.iter();
            let parameters = arguments.filter_map(|(name, argument)| match argument {
                Argument::Text(text) => Some((*name, Json::text(text))),
                Argument::Agents(ids) => {
                    Some((*name, Json::List(ids.iter().map(Json::text).collect())))
                }
                Argument::Value(_) => came_to(call, name, earlier, decided),
            });
            Act { action: call.action, parameters: parameters.collect() }
        })
        .collect()
}

/// Returns what a number came to; `None` if it does not matter in the end.
fn came_to(
    call: &Call,
    name: &'static str,
    earlier: &[Call],
    decided: &Decided,
) -> Option<(&'static str, Json)> {
    let whole = |value: u32| (name, number(value.into()));
    let amount = |value: i64| (name, number(value as f64));
    match decided {
        Decided::Payment(decision) if call.action == Action::Reprioritize => {
            let new = decision.reprioritize.get(earlier.len())?;
            Some(whole(new.get().into()))
        }
        Decided::Payment(decision) => {
            let value = match (decision.then, name) {
                (PaymentAct::Release { timed_for_tick, .. }, _) => timed_for_tick,
                (
                    PaymentAct::Split { parts } | PaymentAct::StaggerSplit { parts, .. },
                    "num_splits",
                ) => Some(parts),
                (PaymentAct::StaggerSplit { now, .. }, "stagger_first_now") => Some(now),
                (PaymentAct::StaggerSplit { gap, .. }, "stagger_gap_ticks") => Some(gap),
                (PaymentAct::StaggerSplit { boost, .. }, _) => Some(boost.into()),
                _ => None,
            };
            value.map(whole)
        }
        Decided::Bank(acts) => match (acts.get(earlier.len())?, name) {
            (BankAct::Write(change), _) if call.action == Action::AddState => {
                Some(("new_value", number(change.value)))
            }
            (BankAct::Write(change), _) => Some((name, number(change.value))),
            (BankAct::SetBudget(budget), "max_per_counterparty") => {
                budget.max_per_counterparty.map(amount)
            }
            (BankAct::SetBudget(budget), _) => Some(amount(budget.max_value_to_release)),
        },
        Decided::Collateral(acts) => collateral(call.action, name, acts),
    }
}

/// Returns what a collateral action came to; one of nothing is not among the acts.
fn collateral(
    action: Action,
    name: &'static str,
    acts: &[CollateralAct],
) -> Option<(&'static str, Json)> {
    let own = acts.iter().find(|act| {
        matches!(act, CollateralAct::Post { .. }) == (action == Action::PostCollateral)
    });
    let value = match (own, name) {
        (
            Some(CollateralAct::Post { amount, .. } | CollateralAct::Withdraw { amount, .. }),
            "amount",
        ) => Some(*amount as f64),
        (None, "amount") => Some(0.0),
        (Some(CollateralAct::Post { auto_withdraw_after_ticks, .. }), _) => {
            auto_withdraw_after_ticks.map(f64::from)
        }
        _ => None,
    };
    value.map(|value| (name, number(value)))
}
