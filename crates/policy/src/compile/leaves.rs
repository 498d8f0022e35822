//! What leaves do, with everything worked out that does not depend on the moment.

use super::{Compiler, Formula};
use crate::actions::{Action, PRIORITY_FLAGS};
use crate::decision::{
    BankAct, Budget, CollateralAct, HoldCause, PaymentAct, PaymentDecision, RegisterChange, TextNo,
};
use crate::document::{Argument, Call, Leaf, Node};
use crate::evaluate::{Cause, Context, amount, clamped, whole};
use crate::priority::Priority;
use crate::rtgs_priority::RtgsPriority;

/// A leaf: its node, and what it does.
#[derive(Clone, Debug)]
pub(crate) struct CompiledLeaf {
    pub(crate) node: u32,
    pub(crate) does: Vec<Does>,
    /// What becomes of a payment, if that does not depend on the moment.
    pub(crate) always: Option<PaymentAct>,
}

/// One action, ready to be evaluated.
#[derive(Clone, Debug)]
pub(crate) enum Does {
    Release {
        class: Option<RtgsPriority>,
        priority: Option<Priority>,
        timed_for_tick: Option<Formula>,
    },
    Hold(HoldCause),
    Split {
        parts: Formula,
    },
    StaggerSplit {
        parts: Formula,
        now: Formula,
        gap: Formula,
        boost: Formula,
    },
    Drop,
    Reprioritize(Formula),
    Withdraw,
    Resubmit(RtgsPriority),
    SetBudget {
        value: Formula,
        focus: Option<usize>,
        each: Option<Formula>,
    },
    Write {
        register: usize,
        value: Formula,
        adds: bool,
        reason: Option<TextNo>,
    },
    Nothing,
    Post {
        amount: Formula,
        reason: Option<TextNo>,
        timer: Option<Formula>,
    },
    WithdrawCollateral {
        amount: Formula,
        reason: Option<TextNo>,
    },
}

/// Returns the registers that a node writes.
pub(super) fn written_registers(node: &Node) -> impl Iterator<Item = &str> {
    let calls = match node {
        Node::Action(leaf) => leaf.actions.as_slice(),
        Node::Condition(_) => &[],
    };
    let writes =
        calls.iter().filter(|call| matches!(call.action, Action::SetState | Action::AddState));
    writes.filter_map(|call| text(call, "key"))
}

fn text<'c>(call: &'c Call, name: &str) -> Option<&'c str> {
    match call.argument(name) {
        Some(Argument::Text(text)) => Some(text),
        _ => None,
    }
}

fn class(call: &Call) -> Option<RtgsPriority> {
    RtgsPriority::named(text(call, "rtgs_priority")?)
}

impl Compiler<'_> {
    pub(super) fn leaf(&mut self, leaf: &Leaf, node: u32) -> CompiledLeaf {
        let does: Vec<Does> = leaf.actions.iter().map(|call| self.call(call)).collect();
        let always = if let [only] = does.as_slice() { only.always() } else { None };
        CompiledLeaf { node, does, always }
    }

    fn call(&mut self, call: &Call) -> Does {
        match call.action {
            Action::Release | Action::ReleaseWithCredit => {
                let flag = text(call, "priority_flag");
                let flag = flag.and_then(|word| PRIORITY_FLAGS.iter().find(|it| it.0 == word));
                Does::Release {
                    class: class(call),
                    priority: flag.map(|(_, priority)| *priority),
                    timed_for_tick: self.given(call, "timed_for_tick"),
                }
            }
            Action::Hold => Does::Hold(self.cause(call)),
            Action::Split | Action::PaceAndRelease => {
                Does::Split { parts: self.needed(call, "num_splits") }
            }
            Action::StaggerSplit => Does::StaggerSplit {
                parts: self.needed(call, "num_splits"),
                now: self.needed(call, "stagger_first_now"),
                gap: self.needed(call, "stagger_gap_ticks"),
                boost: self.needed(call, "priority_boost_children"),
            },
            Action::Drop => Does::Drop,
            Action::Reprioritize => Does::Reprioritize(self.needed(call, "new_priority")),
            Action::WithdrawFromRtgs => Does::Withdraw,
            Action::ResubmitToRtgs => {
                Does::Resubmit(class(call).expect("Invariant: a resubmission names its class"))
            }
            Action::SetReleaseBudget => {
                let focus = match call.argument("focus_counterparties") {
                    Some(Argument::Agents(ids)) => {
                        self.program.focus_lists.push(ids.clone());
                        Some(self.program.focus_lists.len() - 1)
                    }
                    _ => None,
                };
                let value = self.needed(call, "max_value_to_release");
                Does::SetBudget { value, focus, each: self.given(call, "max_per_counterparty") }
            }
            Action::SetState | Action::AddState => {
                let key = text(call, "key").expect("Invariant: a write names its register");
                Does::Write {
                    register: usize::from(self.register(key)),
                    value: self.needed(call, "value"),
                    adds: call.action == Action::AddState,
                    reason: self.reason(call),
                }
            }
            Action::NoAction | Action::HoldCollateral => Does::Nothing,
            Action::PostCollateral => Does::Post {
                amount: self.needed(call, "amount"),
                reason: self.reason(call),
                timer: self.given(call, "auto_withdraw_after_ticks"),
            },
            Action::WithdrawCollateral => Does::WithdrawCollateral {
                amount: self.needed(call, "amount"),
                reason: self.reason(call),
            },
        }
    }

    fn given(&mut self, call: &Call, name: &str) -> Option<Formula> {
        match call.argument(name) {
            Some(Argument::Value(value)) => Some(self.formula(value)),
            _ => None,
        }
    }

    fn needed(&mut self, call: &Call, name: &str) -> Formula {
        self.given(call, name).expect("Invariant: a sound document gives what is required")
    }

    fn reason(&mut self, call: &Call) -> Option<TextNo> {
        text(call, "reason").map(|reason| self.text(reason))
    }

    fn text(&mut self, text: &str) -> TextNo {
        if let Some(known) = self.texts.get(text) {
            return *known;
        }
        let number = TextNo(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        self.texts.insert(text.to_owned(), number);
        self.program.texts.push(text.to_owned());
        number
    }

    fn cause(&mut self, call: &Call) -> HoldCause {
        match text(call, "reason") {
            None => HoldCause::Unsaid,
            Some("InsufficientLiquidity") => HoldCause::InsufficientLiquidity,
            Some("AwaitingInflows") => HoldCause::AwaitingInflows,
            Some("LowPriority") => HoldCause::LowPriority,
            Some("NearDeadline") => HoldCause::NearDeadline,
            Some(own) => HoldCause::Custom(self.text(own)),
        }
    }
}

fn parts<C: Context>(formula: &Formula, context: &mut C) -> Result<u32, Cause> {
    ranged(Action::Split, "num_splits", formula.number(context)?)
}

/// Brings a number into the range that the table of actions says.
fn ranged(action: Action, name: &'static str, value: f64) -> Result<u32, Cause> {
    use crate::actions::ParameterKind::{Clamped, Whole};
    match action.spec().parameter(name).map(|spec| spec.kind) {
        Some(Whole { min, max }) => whole(name, value, min, max),
        Some(Clamped { min, max }) => Ok(clamped(value, min, max)),
        _ => unreachable!("Invariant: the table has a range for it"),
    }
}

/// The same for a priority or what is added to one.
fn small(action: Action, name: &'static str, value: f64) -> Result<u8, Cause> {
    let ranged = ranged(action, name, value)?;
    Ok(u8::try_from(ranged).expect("Invariant: it is at most 10"))
}

impl CompiledLeaf {
    /// Works out what the leaf of a payment tree decides.
    #[inline]
    pub(crate) fn payment<C: Context>(&self, context: &mut C) -> Result<PaymentDecision, Cause> {
        match self.always {
            Some(then) => Ok(PaymentDecision { reprioritize: Vec::new(), then }),
            None => self.payment_now(context),
        }
    }

    #[inline(never)]
    fn payment_now<C: Context>(&self, context: &mut C) -> Result<PaymentDecision, Cause> {
        let mut decision = PaymentDecision { reprioritize: Vec::new(), then: PaymentAct::Stay };
        for does in &self.does {
            decision.then = match does {
                Does::Release { class, priority, timed_for_tick: Some(formula) } => {
                    let tick = formula.number(context)?;
                    let timed_for_tick = Some(ranged(Action::Release, "timed_for_tick", tick)?);
                    PaymentAct::Release { class: *class, priority: *priority, timed_for_tick }
                }
                Does::Split { parts: formula } => {
                    PaymentAct::Split { parts: parts(formula, context)? }
                }
                Does::StaggerSplit { parts: formula, now, gap, boost } => {
                    const ACTION: Action = Action::StaggerSplit;
                    let parts = parts(formula, context)?;
                    let now = whole("stagger_first_now", now.number(context)?, 0, parts)?;
                    let gap = ranged(ACTION, "stagger_gap_ticks", gap.number(context)?)?;
                    let boost = boost.number(context)?;
                    let boost = small(ACTION, "priority_boost_children", boost)?;
                    PaymentAct::StaggerSplit { parts, now, gap, boost }
                }
                Does::Reprioritize(formula) => {
                    let value = formula.number(context)?;
                    let new = small(Action::Reprioritize, "new_priority", value)?;
                    decision.reprioritize.push(Priority::clamped(new));
                    PaymentAct::Stay
                }
                _ => does.always().expect("Invariant: a payment tree decides about payments"),
            };
        }
        Ok(decision)
    }

    /// Works out what the leaf of a bank tree decides.
    pub(crate) fn bank<C: Context>(&self, context: &mut C) -> Result<Vec<BankAct>, Cause> {
        let mut acts = Vec::new();
        for does in &self.does {
            match does {
                Does::SetBudget { value, focus, each } => {
                    let cap = |name, formula: &Formula, context: &mut C| {
                        amount(name, formula.number(context)?).map(|cap| cap.max(0))
                    };
                    let max_value_to_release = cap("max_value_to_release", value, context)?;
                    let each = each.as_ref();
                    let each = each.map(|it| cap("max_per_counterparty", it, context));
                    acts.push(BankAct::SetBudget(Budget {
                        max_value_to_release,
                        focus: *focus,
                        max_per_counterparty: each.transpose()?,
                    }));
                }
                Does::Write { register, value, adds, reason } => {
                    let mut value = value.number(context)?;
                    if *adds {
                        value += held(&acts, *register, context);
                    }
                    if !value.is_finite() {
                        return Err(Cause::Register { value });
                    }
                    let (register, reason) = (*register, *reason);
                    acts.push(BankAct::Write(RegisterChange { register, value, reason }));
                }
                _ => {}
            }
        }
        Ok(acts)
    }

    /// Works out what the leaf of a collateral tree decides.
    pub(crate) fn collateral<C: Context>(
        &self,
        context: &mut C,
    ) -> Result<Vec<CollateralAct>, Cause> {
        let mut acts = Vec::new();
        for does in &self.does {
            match does {
                Does::Post { amount: formula, reason, timer } => {
                    let amount = amount("amount", formula.number(context)?)?;
                    let ticks = |formula: &Formula| {
                        let ticks = formula.number(context)?;
                        ranged(Action::PostCollateral, "auto_withdraw_after_ticks", ticks)
                    };
                    let auto_withdraw_after_ticks = timer.as_ref().map(ticks).transpose()?;
                    let reason = *reason;
                    acts.push(CollateralAct::Post { amount, reason, auto_withdraw_after_ticks });
                }
                Does::WithdrawCollateral { amount: formula, reason } => {
                    let amount = amount("amount", formula.number(context)?)?;
                    acts.push(CollateralAct::Withdraw { amount, reason: *reason });
                }
                _ => {}
            }
        }
        acts.retain(|act| match act {
            CollateralAct::Post { amount, .. } | CollateralAct::Withdraw { amount, .. } => {
                *amount > 0
            }
        });
        Ok(acts)
    }
}

/// Returns what a register holds once some actions have been carried out.
fn held<C: Context>(acts: &[BankAct], register: usize, context: &mut C) -> f64 {
    let written = acts.iter().rev().find_map(|act| match act {
        BankAct::Write(change) if change.register == register => Some(change.value),
        _ => None,
    });
    written.unwrap_or_else(|| context.register(register))
}

impl Does {
    /// Returns what becomes of a payment, if that does not depend on the moment.
    fn always(&self) -> Option<PaymentAct> {
        match self {
            Self::Release { class, priority, timed_for_tick: None } => {
                let (class, priority) = (*class, *priority);
                Some(PaymentAct::Release { class, priority, timed_for_tick: None })
            }
            Self::Hold(cause) => Some(PaymentAct::Hold(*cause)),
            Self::Drop => Some(PaymentAct::Drop),
            Self::Withdraw => Some(PaymentAct::Withdraw),
            Self::Resubmit(class) => Some(PaymentAct::Resubmit(*class)),
            _ => None,
        }
    }

    /// Returns whether it is done with payments in queue 2.
    pub(crate) fn is_for_queue2(&self) -> bool {
        matches!(self, Self::Withdraw | Self::Resubmit(_))
    }
}
