//! Decisions in words: the actions of the leaf, each with what it is given, worked out.

use psim_policy::{
    BankAct, Budget, Call, CollateralAct, Context, HoldCause, Leaf, Node, PaymentAct,
    PaymentDecision, Policy, Priority, RunFault, TextNo, Trail, Tree,
};

/// Asks a policy and says what it decides, such as `PostCollateral amount=5 reason=Need`.
pub(crate) fn of(
    policy: &Policy,
    tree: Tree,
    context: &mut impl Context,
    trail: &mut Trail,
) -> String {
    let words = Words { policy, tree };
    let told = match tree {
        Tree::Payment => policy.decide_payment(context, trail).map(|it| words.payment(&it, trail)),
        Tree::Bank => policy.decide_bank(context, trail).map(|acts| words.bank(&acts, trail)),
        _ => {
            let acts = policy.decide_collateral(tree, context, trail);
            acts.map(|acts| words.collateral(&acts, trail))
        }
    };
    told.unwrap_or_else(|RunFault { cause, .. }| format!("fault: {cause}"))
}

struct Words<'p> {
    policy: &'p Policy,
    tree: Tree,
}

/// What an action is given.
type Given = Vec<(&'static str, Option<String>)>;

impl<'p> Words<'p> {
    /// Returns the actions of the leaf that was come to.
    fn calls(&self, trail: &Trail) -> &'p [Call] {
        let last = trail.0.last().map(|node| self.policy.node_ids()[*node as usize].as_str());
        let root = self.policy.document().tree(self.tree);
        let found = root.into_iter().flat_map(Node::below).find(|node| Some(node.id()) == last);
        match found {
            Some(Node::Action(Leaf { actions, .. })) => actions,
            _ => &[],
        }
    }

    fn text(&self, text: TextNo) -> String {
        let text = self.policy.text_of(text);
        if text.contains(' ') { format!("\"{text}\"") } else { text.to_owned() }
    }

    fn payment(&self, decision: &PaymentDecision, trail: &Trail) -> String {
        let mut priorities = decision.reprioritize.iter();
        let told = self.calls(trail).iter().map(|call| {
            let is_reprioritized = call.action.name() == "Reprioritize";
            let priority = is_reprioritized.then(|| priorities.next()).flatten();
            let given = match priority {
                Some(priority) => vec![("new_priority", Some(priority.to_string()))],
                None => self.given(&decision.then),
            };
            told(call, given)
        });
        told.collect::<Vec<_>>().join("; ")
    }

    fn given(&self, act: &PaymentAct) -> Given {
        match act {
            PaymentAct::Release { class, priority, timed_for_tick } => vec![
                ("priority_flag", priority.map(|priority| flag(priority).to_owned())),
                ("rtgs_priority", class.map(|class| class.as_str().to_owned())),
                ("timed_for_tick", timed_for_tick.map(|tick| tick.to_string())),
            ],
            PaymentAct::Hold(cause) => vec![("reason", self.cause(*cause))],
            PaymentAct::Split { parts } => vec![("num_splits", Some(parts.to_string()))],
            PaymentAct::StaggerSplit { parts, now, gap, boost } => vec![
                ("num_splits", Some(parts.to_string())),
                ("stagger_first_now", Some(now.to_string())),
                ("stagger_gap_ticks", Some(gap.to_string())),
                ("priority_boost_children", Some(boost.to_string())),
            ],
            PaymentAct::Resubmit(class) => vec![("rtgs_priority", Some(class.as_str().to_owned()))],
            PaymentAct::Stay | PaymentAct::Drop | PaymentAct::Withdraw => Vec::new(),
        }
    }

    fn cause(&self, cause: HoldCause) -> Option<String> {
        Some(match cause {
            HoldCause::Unsaid => return None,
            HoldCause::InsufficientLiquidity => "InsufficientLiquidity".to_owned(),
            HoldCause::AwaitingInflows => "AwaitingInflows".to_owned(),
            HoldCause::LowPriority => "LowPriority".to_owned(),
            HoldCause::NearDeadline => "NearDeadline".to_owned(),
            HoldCause::Custom(text) => self.text(text),
        })
    }

    fn bank(&self, acts: &[BankAct], trail: &Trail) -> String {
        let given = acts.iter().map(|act| match act {
            BankAct::SetBudget(Budget { max_value_to_release, focus, max_per_counterparty }) => {
                let focus = focus.map(|list| self.policy.focus_lists()[list].join(" "));
                vec![
                    ("max_value_to_release", Some(max_value_to_release.to_string())),
                    ("focus_counterparties", focus),
                    ("max_per_counterparty", max_per_counterparty.map(|cap| cap.to_string())),
                ]
            }
            // What the register is then: also what is added is shown by what comes of it.
            BankAct::Write(change) => vec![
                ("key", Some(self.policy.registers()[change.register].clone())),
                ("value", Some(change.value.to_string())),
                ("reason", change.reason.map(|reason| self.text(reason))),
            ],
        });
        self.all(given.collect(), trail)
    }

    fn collateral(&self, acts: &[CollateralAct], trail: &Trail) -> String {
        let given = acts.iter().map(|act| match act {
            CollateralAct::Post { amount, reason, auto_withdraw_after_ticks } => vec![
                ("amount", Some(amount.to_string())),
                ("reason", reason.map(|reason| self.text(reason))),
                (
                    "auto_withdraw_after_ticks",
                    auto_withdraw_after_ticks.map(|ticks| ticks.to_string()),
                ),
            ],
            CollateralAct::Withdraw { amount, reason } => vec![
                ("amount", Some(amount.to_string())),
                ("reason", reason.map(|reason| self.text(reason))),
            ],
        });
        self.all(given.collect(), trail)
    }

    /// Says what is done; an action that comes to nothing, such as posting 0, is left out.
    fn all(&self, given: Vec<Given>, trail: &Trail) -> String {
        let calls = self.calls(trail);
        if given.is_empty() && calls.iter().all(|call| call.arguments.is_empty()) {
            return calls.iter().map(|call| call.action.name()).collect::<Vec<_>>().join("; ");
        }
        if given.len() != calls.len() {
            return format!("nothing of {}", calls[0].action.name());
        }
        let told = calls.iter().zip(given).map(|(call, given)| told(call, given));
        told.collect::<Vec<_>>().join("; ")
    }
}

fn told(call: &Call, given: Given) -> String {
    let mut text = call.action.name().to_owned();
    for (name, value) in given {
        if let Some(value) = value {
            text.extend([" ", name, "=", &value]);
        }
    }
    text
}

fn flag(priority: Priority) -> &'static str {
    match priority.get() {
        10 => "HIGH",
        5 => "MEDIUM",
        1 => "LOW",
        _ => "another",
    }
}
