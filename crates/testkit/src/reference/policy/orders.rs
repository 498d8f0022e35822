//! What a leaf orders: its actions, with their parameters as numbers.

use psim_model::event::{HoldReason, RtgsPriority};
use psim_model::{Money, PaymentAction, Priority, Tick};
use psim_policy::{Action, Argument, Call, Leaf, ParameterKind};

use super::{Asking, Cause};

/// The first number that is no amount any more: 2^63.
const AMOUNTS_END: f64 = 9_223_372_036_854_775_808.0;

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) enum Order {
    /// With the payment.
    Pay(PaymentAction),
    /// Hold the payment.
    Hold { reason: HoldReason, detail: Option<String> },
    /// Cap what is released in this tick.
    SetBudget { total: Money, focus: Option<Vec<String>>, each: Option<Money> },
    /// Write a register.
    SetRegister { key: String, value: f64, reason: String },
    /// Post collateral.
    Post { amount: Money, reason: String, timer: Option<u32> },
    /// Withdraw collateral.
    Withdraw { amount: Money, reason: String },
}

/// An action that is about to be ordered.
#[derive(Clone, Copy)]
struct Given<'a> {
    asking: Asking<'a>,
    call: &'a Call,
}

impl Asking<'_> {
    /// Returns what a leaf orders: nothing is done before all of it is known.
    pub(super) fn orders(self, leaf: &Leaf) -> Result<Vec<Order>, Cause> {
        let mut orders = Vec::new();
        for call in &leaf.actions {
            let order = Given { asking: self, call }.order(&orders)?;
            orders.extend(order);
        }
        Ok(orders)
    }

    /// Returns what a register will hold once `orders` are carried out.
    fn register_after(self, orders: &[Order], name: &str) -> f64 {
        let written = orders.iter().rev().find_map(|order| match order {
            Order::SetRegister { key, value, .. } if key == name => Some(*value),
            _ => None,
        });
        written.unwrap_or_else(|| self.known.register(name))
    }
}

impl Given<'_> {
    fn order(self, before: &[Order]) -> Result<Option<Order>, Cause> {
        let order = match self.call.action {
            Action::SetReleaseBudget => Order::SetBudget {
                total: self.money("max_value_to_release")?.unwrap_or(Money::ZERO).or_zero(),
                focus: self.agents("focus_counterparties"),
                each: self.money("max_per_counterparty")?.map(Money::or_zero),
            },
            Action::SetState | Action::AddState => return self.register(before).map(Some),
            Action::PostCollateral => {
                let amount = self.money("amount")?.unwrap_or(Money::ZERO);
                let timer = self.whole("auto_withdraw_after_ticks")?;
                let reason = self.text("reason").unwrap_or_default();
                return Ok(amount.is_positive().then_some(Order::Post { amount, reason, timer }));
            }
            Action::WithdrawCollateral => {
                let amount = self.money("amount")?.unwrap_or(Money::ZERO);
                let reason = self.text("reason").unwrap_or_default();
                return Ok(amount.is_positive().then_some(Order::Withdraw { amount, reason }));
            }
            Action::NoAction | Action::HoldCollateral => return Ok(None),
            Action::Hold => self.hold(),
            Action::Release
            | Action::ReleaseWithCredit
            | Action::Split
            | Action::PaceAndRelease
            | Action::StaggerSplit
            | Action::Drop
            | Action::Reprioritize
            | Action::WithdrawFromRtgs
            | Action::ResubmitToRtgs => Order::Pay(self.payment_action()?),
        };
        Ok(Some(order))
    }

    fn payment_action(self) -> Result<PaymentAction, Cause> {
        Ok(match self.call.action {
            Action::Release | Action::ReleaseWithCredit => PaymentAction::Release {
                priority: self.text("priority_flag").map(|flag| priority_of(&flag)),
                rtgs_priority: self.class("rtgs_priority"),
                timed_for_tick: self.whole("timed_for_tick")?.map(Tick),
            },
            Action::Split | Action::PaceAndRelease => {
                PaymentAction::Split { num_splits: self.required("num_splits")? }
            }
            Action::StaggerSplit => {
                let num_splits = self.required("num_splits")?;
                PaymentAction::StaggerSplit {
                    num_splits,
                    stagger_first_now: self.required_up_to("stagger_first_now", num_splits)?,
                    stagger_gap_ticks: self.required("stagger_gap_ticks")?,
                    priority_boost_children: self.rank("priority_boost_children")?,
                }
            }
            Action::Drop => PaymentAction::Drop,
            Action::Reprioritize => {
                let new_priority = Priority::clamped(self.rank("new_priority")?);
                PaymentAction::Reprioritize { new_priority }
            }
            Action::WithdrawFromRtgs => PaymentAction::WithdrawFromRtgs,
            Action::ResubmitToRtgs => {
                let class = self.class("rtgs_priority");
                let rtgs_priority = class.expect("Invariant: what is required is given");
                PaymentAction::ResubmitToRtgs { rtgs_priority }
            }
            other => panic!("Invariant: {other:?} is nothing that is done with a payment"),
        })
    }

    fn hold(self) -> Order {
        let Some(text) = self.text("reason") else {
            return Order::Hold { reason: HoldReason::PolicyDecision, detail: None };
        };
        let reason = match text.as_str() {
            "InsufficientLiquidity" => HoldReason::InsufficientLiquidity,
            "AwaitingInflows" => HoldReason::AwaitingInflows,
            "LowPriority" => HoldReason::LowPriority,
            "NearDeadline" => HoldReason::NearDeadline,
            _ => HoldReason::Custom,
        };
        Order::Hold { reason, detail: (reason == HoldReason::Custom).then_some(text) }
    }

    fn register(self, before: &[Order]) -> Result<Order, Cause> {
        let key = self.text("key").expect("Invariant: what is required is given");
        let number = self.number("value")?.expect("Invariant: what is required is given");
        let value = if self.call.action == Action::AddState {
            self.asking.register_after(before, &key) + number
        } else {
            number
        };
        if !value.is_finite() {
            return Err(Cause::NoRegister { value });
        }
        Ok(Order::SetRegister { key, value, reason: self.text("reason").unwrap_or_default() })
    }

    /// Returns a number that a parameter is given, if it is given one.
    fn number(self, name: &str) -> Result<Option<f64>, Cause> {
        match self.call.argument(name) {
            Some(Argument::Value(value)) => self.asking.number(value).map(Some),
            _ => Ok(None),
        }
    }

    /// Returns an amount, cut off toward zero.
    fn money(self, parameter: &'static str) -> Result<Option<Money>, Cause> {
        let Some(value) = self.number(parameter)? else { return Ok(None) };
        let whole = value.trunc();
        if !(-AMOUNTS_END..AMOUNTS_END).contains(&whole) {
            return Err(Cause::NoAmount { parameter, value });
        }
        #[expect(clippy::cast_possible_truncation, reason = "whole and in range")]
        let minor = whole as i64;
        Ok(Some(Money::from_minor(minor)))
    }

    /// Returns a whole number, cut off toward zero, in the range of its parameter.
    fn whole(self, parameter: &'static str) -> Result<Option<u32>, Cause> {
        self.whole_up_to(parameter, u32::MAX)
    }

    /// As `whole`, with one more bound.
    fn whole_up_to(self, parameter: &'static str, most: u32) -> Result<Option<u32>, Cause> {
        let Some(value) = self.number(parameter)? else { return Ok(None) };
        let kind = self.call.action.spec().parameter(parameter).map(|spec| spec.kind);
        let (min, max) = match kind {
            Some(ParameterKind::Whole { min, max }) => (min, max.min(most)),
            other => panic!("Invariant: {parameter} is a whole number and not {other:?}"),
        };
        let whole = value.trunc();
        if whole < f64::from(min) || whole > f64::from(max) {
            return Err(Cause::NotInRange { parameter, value, min, max });
        }
        Ok(Some(whole_of(whole)))
    }

    fn required(self, parameter: &'static str) -> Result<u32, Cause> {
        self.required_up_to(parameter, u32::MAX)
    }

    fn required_up_to(self, parameter: &'static str, most: u32) -> Result<u32, Cause> {
        self.whole_up_to(parameter, most)
            .map(|given| given.expect("Invariant: what is required is given"))
    }

    /// Returns a number from 0 to 10, the nearest if it is another.
    fn rank(self, parameter: &str) -> Result<u8, Cause> {
        let value = self.number(parameter)?.expect("Invariant: what is required is given");
        let rank = whole_of(value.trunc().clamp(0.0, 10.0));
        Ok(u8::try_from(rank).expect("Invariant: at most 10"))
    }

    fn text(self, name: &str) -> Option<String> {
        match self.call.argument(name) {
            Some(Argument::Text(text)) => Some(text.clone()),
            _ => None,
        }
    }

    fn class(self, name: &str) -> Option<RtgsPriority> {
        self.text(name).map(|word| match word.as_str() {
            "Normal" => RtgsPriority::Normal,
            "Urgent" => RtgsPriority::Urgent,
            "HighlyUrgent" => RtgsPriority::HighlyUrgent,
            other => panic!("Invariant: {other} is a class"),
        })
    }

    fn agents(self, name: &str) -> Option<Vec<String>> {
        match self.call.argument(name) {
            Some(Argument::Agents(ids)) => Some(ids.clone()),
            _ => None,
        }
    }
}

fn priority_of(flag: &str) -> Priority {
    Priority::clamped(match flag {
        "HIGH" => 10,
        "MEDIUM" => 5,
        "LOW" => 1,
        other => panic!("Invariant: {other} is a flag"),
    })
}

#[expect(clippy::cast_possible_truncation, reason = "whole and in range")]
#[expect(clippy::cast_sign_loss, reason = "not negative")]
fn whole_of(number: f64) -> u32 {
    number as u32
}
