//! Actions as orders.

use std::fmt::Write;

use super::numbers::{Counted, Numbers, counted};
use crate::actions::{Action, PRIORITY_FLAGS};
use crate::document::{Argument, Call, Leaf, Value};
use crate::priority::Priority;
use crate::prose::{listed, word};

impl Numbers<'_> {
    /// Returns what a leaf does as an order: `set its priority to 7, then release it`.
    pub(super) fn order(self, leaf: &Leaf) -> String {
        let orders: Vec<String> = leaf.actions.iter().map(|call| self.call(call)).collect();
        if let [only] = leaf.actions.as_slice()
            && only.action == Action::Reprioritize
        {
            return format!("{} and leave it where it waits", orders.join(""));
        }
        orders.join(", then ")
    }

    fn call(self, call: &Call) -> String {
        let money = |name| self.given(call, name, Counted::Money);
        let plain = |name| self.given(call, name, Counted::Plain).unwrap_or_default();
        match call.action {
            Action::Release => self.release(call, "release it"),
            Action::ReleaseWithCredit => self.release(call, "release it (on credit if need be)"),
            Action::Hold => match text(call, "reason") {
                Some(reason) => format!("hold it, with reason {}", word(reason)),
                None => "hold it".to_owned(),
            },
            Action::Split | Action::PaceAndRelease => {
                format!("split it into {} and release them", self.parts(call))
            }
            Action::StaggerSplit => self.stagger(call),
            Action::Drop => "give it up".to_owned(),
            Action::Reprioritize => format!("set its priority to {}", plain("new_priority")),
            Action::WithdrawFromRtgs => "take it out of queue 2".to_owned(),
            Action::ResubmitToRtgs => {
                let class = text(call, "rtgs_priority").unwrap_or_default();
                format!("declare it {class} and let it queue anew in queue 2")
            }
            Action::SetReleaseBudget => self.budget(call),
            Action::SetState | Action::AddState => self.register(call),
            Action::NoAction => "do nothing".to_owned(),
            Action::PostCollateral => {
                let timer = self.given(call, "auto_withdraw_after_ticks", Counted::Ticks);
                let until = timer
                    .map_or_else(String::new, |ticks| format!(", to be withdrawn after {ticks}"));
                let amount = money("amount").unwrap_or_default();
                format!("post collateral in the amount of {amount}{until}{}", reason(call))
            }
            Action::WithdrawCollateral => {
                let amount = money("amount").unwrap_or_default();
                format!("withdraw collateral in the amount of {amount}{}", reason(call))
            }
            Action::HoldCollateral => "leave collateral as it is".to_owned(),
        }
    }

    fn release(self, call: &Call, order: &str) -> String {
        let mut order = order.to_owned();
        if let Some(flag) = text(call, "priority_flag") {
            let priority = PRIORITY_FLAGS.iter().find(|(known, _)| *known == flag);
            let priority = priority.map_or(Priority::MIN, |(_, priority)| *priority);
            let _ = write!(order, " with priority {priority} ({flag})");
        }
        if let Some(class) = text(call, "rtgs_priority") {
            let _ = write!(order, ", declared {class}");
        }
        if let Some(Argument::Value(value)) = call.argument("timed_for_tick") {
            let tick = self.noun(value, Counted::Plain);
            let tick = if self.constant(value).is_some() { format!("tick {tick}") } else { tick };
            let _ = write!(order, ", no earlier than {tick}");
        }
        order
    }

    fn parts(self, call: &Call) -> String {
        self.counted_parts(call, "num_splits", "equal parts")
    }

    /// Returns `4 equal parts`, or `equal parts (number: …)` if that is computed.
    fn counted_parts(self, call: &Call, name: &str, parts: &str) -> String {
        match call.argument(name) {
            Some(Argument::Value(value)) if self.constant(value).is_some() => {
                format!("{} {parts}", self.noun(value, Counted::Plain))
            }
            Some(Argument::Value(value)) => {
                format!("{parts} (number: {})", self.noun(value, Counted::Plain))
            }
            _ => parts.to_owned(),
        }
    }

    fn stagger(self, call: &Call) -> String {
        let now = self.counted_parts(call, "stagger_first_now", "of them");
        let gap = self.given(call, "stagger_gap_ticks", Counted::Ticks).unwrap_or_default();
        let boost = match call.argument("priority_boost_children") {
            Some(Argument::Value(value)) if self.constant(value) != Some(0.0) => {
                format!(", with {} added to their priority", self.noun(value, Counted::Plain))
            }
            _ => String::new(),
        };
        format!(
            "split it into {}, release {now} now and the others one by one, {gap} apart{boost}",
            self.parts(call)
        )
    }

    fn budget(self, call: &Call) -> String {
        let money = |name| self.given(call, name, Counted::Money);
        let mut order = format!(
            "release no more than {} in this tick",
            money("max_value_to_release").unwrap_or_default()
        );
        if let Some(Argument::Agents(ids)) = call.argument("focus_counterparties") {
            let ids: Vec<String> = ids.iter().map(|id| word(id)).collect();
            let _ = write!(order, ", only to {}", listed(&ids, "and"));
        }
        if let Some(each) = money("max_per_counterparty") {
            let _ = write!(order, ", to each receiver no more than {each}");
        }
        order
    }

    fn register(self, call: &Call) -> String {
        let register = word(text(call, "key").unwrap_or_default());
        let value = self.given(call, "value", Counted::Plain).unwrap_or_default();
        let order = match (call.action, value.strip_prefix('-')) {
            (Action::AddState, Some(value)) => format!("take {value} from the register {register}"),
            (Action::AddState, None) => format!("add {value} to the register {register}"),
            _ => format!("set the register {register} to {value}"),
        };
        order + &reason(call)
    }

    /// Returns what a parameter is given as a noun.
    fn given(self, call: &Call, name: &str, unit: Counted) -> Option<String> {
        match call.argument(name) {
            Some(Argument::Value(value)) => Some(self.noun(value, unit_of(value, unit))),
            _ => None,
        }
    }
}

fn unit_of(value: &Value, unit: Counted) -> Counted {
    counted(value).unwrap_or(unit)
}

fn text<'c>(call: &'c Call, name: &str) -> Option<&'c str> {
    match call.argument(name) {
        Some(Argument::Text(text)) => Some(text),
        _ => None,
    }
}

fn reason(call: &Call) -> String {
    text(call, "reason")
        .map_or_else(String::new, |reason| format!(", with reason {}", word(reason)))
}
