//! What trees decide.

use psim_policy::{Action, Argument, Call, ParameterKind, ParameterSpec, Tree, Unit, Value};

use super::{Author, REGISTERS};

/// Reasons that a policy may give: words that stand for something, and its own.
const REASONS: [&str; 8] = [
    "InsufficientLiquidity",
    "AwaitingInflows",
    "LowPriority",
    "NearDeadline",
    "PolicyFault",
    "own words, \"quoted\" → \u{e4}",
    "other words",
    "",
];

impl Author<'_> {
    /// Returns what a leaf does: one thing, or a sequence that is allowed.
    pub(super) fn actions(&mut self) -> Vec<Call> {
        let mut candidates: Vec<Action> = Action::ALL.to_vec();
        candidates.retain(|action| action.spec().trees.contain(self.tree));
        let actions = match self.tree {
            Tree::Payment => self.payment_actions(candidates),
            Tree::Bank => self.sequence(candidates, Action::NoAction, |action| {
                action == Action::SetReleaseBudget
            }),
            _ => self.sequence(candidates, Action::HoldCollateral, |_| true),
        };
        actions.into_iter().map(|action| self.call(action)).collect()
    }

    fn payment_actions(&mut self, mut candidates: Vec<Action>) -> Vec<Action> {
        candidates.retain(|action| *action != Action::Reprioritize);
        let mut actions = Vec::new();
        while self.draws.once_in(6) {
            actions.push(Action::Reprioritize);
        }
        if actions.len() == 1 && self.draws.once_in(2) {
            return actions;
        }
        let last =
            if self.draws.once_in(4) { Action::Release } else { self.draws.pick(&candidates) };
        actions.push(last);
        actions
    }

    /// Returns one or a few actions, `alone` only alone and those that are `single` only once.
    fn sequence(
        &mut self,
        mut candidates: Vec<Action>,
        alone: Action,
        single: impl Fn(Action) -> bool,
    ) -> Vec<Action> {
        if self.draws.once_in(5) {
            return vec![alone];
        }
        candidates.retain(|action| *action != alone);
        let mut actions = Vec::new();
        for _ in 0..self.draws.between(1, 3) {
            let action = self.draws.pick(&candidates);
            if !(single(action) && actions.contains(&action)) {
                actions.push(action);
            }
        }
        actions
    }

    fn call(&mut self, action: Action) -> Call {
        let mut arguments: Vec<(&'static str, Argument)> = Vec::new();
        for spec in action.spec().parameters {
            if spec.required || self.draws.once_in(2) {
                arguments.push((spec.name, self.argument(spec)));
            }
        }
        if action == Action::StaggerSplit {
            self.let_all_parts_be_enough(&mut arguments);
        }
        Call { action, arguments }
    }

    fn argument(&mut self, spec: &ParameterSpec) -> Argument {
        match spec.kind {
            ParameterKind::Money => {
                let is_literal = self.draws.once_in(2);
                Argument::Value(if is_literal {
                    self.literal_in(Unit::Money)
                } else {
                    self.value_in(Unit::Money, 2)
                })
            }
            ParameterKind::Whole { min, max } => Argument::Value(self.whole(min, max)),
            ParameterKind::Clamped { .. } => Argument::Value(self.value_in(Unit::Rank, 2)),
            ParameterKind::Number => {
                let unit = self.any_unit();
                Argument::Value(self.value_in(unit, 2))
            }
            ParameterKind::Text => Argument::Text(self.draws.pick(&REASONS).to_owned()),
            ParameterKind::Word(words) => Argument::Text(self.draws.pick(words).to_owned()),
            ParameterKind::Register => Argument::Text(self.draws.pick(&REGISTERS).to_owned()),
            ParameterKind::Agents => {
                let ids = (0..self.draws.between(1, 3)).map(|_| self.draws.choose(self.agents));
                Argument::Agents(ids.collect())
            }
        }
    }

    /// Returns a number that may be in a range; a literal is.
    fn whole(&mut self, min: u32, max: u32) -> Value {
        if self.draws.once_in(4) {
            let value = self.value_in(Unit::Count, 2);
            let range = f64::from(min)..f64::from(max) + 1.0;
            if self.constant(&value).is_none_or(|number| range.contains(&number)) {
                return value;
            }
        }
        let some = self.draws.pick(&[0, 0, 1, 1, 2, 3, 5]);
        Value::Number(f64::from((min + some).min(max)))
    }

    /// Lets a literal number of parts to be released at once be one that there is.
    fn let_all_parts_be_enough(&self, arguments: &mut [(&'static str, Argument)]) {
        let constant = |arguments: &[(&'static str, Argument)], name: &str| {
            let argument = arguments.iter().find(|(own, _)| *own == name);
            match argument {
                Some((_, Argument::Value(value))) => self.constant(value),
                _ => None,
            }
        };
        let parts = constant(arguments, "num_splits");
        let now = constant(arguments, "stagger_first_now");
        if parts.zip(now).is_none_or(|(parts, now)| now <= parts) {
            return;
        }
        for (name, argument) in arguments {
            if *name == "stagger_first_now" {
                *argument = Argument::Value(Value::Number(1.0));
            }
        }
    }
}
