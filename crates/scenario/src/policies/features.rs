//! What documents may be made of: `policy_feature_toggles`.

use psim_policy::{Action, Document, Fault, Field, Operator, Topic, Tree, Trees};

use super::walk::{self, Element};
use crate::check::Checker;
use crate::diagnostic::quoted;
use crate::typed::{Fields, FromTyped, Typed};

/// Categories that every document has; a list of those allowed need not name them.
const EVERYWHERE: [&str; 3] = ["ValueType", "NodeType", "TreeType"];

/// What documents may be made of.
#[derive(Debug)]
pub(crate) struct Features {
    /// Whether only what is named is allowed; otherwise all else is.
    only: bool,
    named: Vec<&'static str>,
}

impl Features {
    /// Reads the section, if it is there.
    pub(crate) fn read(checker: &mut Checker<'_>, root: &Fields) -> Option<Self> {
        let fields = root.fields("policy_feature_toggles")?;
        if let (Some(exclude), Some(include)) = (fields.given("exclude"), fields.given("include")) {
            let message = "`exclude` and `include` exclude each other";
            checker.fault_between(exclude.key_span, message, include.key_span, "given here");
            return None;
        }
        let only = fields.given("include").is_some();
        let list = fields.item(if only { "include" } else { "exclude" })?;
        let Typed::List(items) = &list.typed else { return None };
        let named: Option<Vec<&'static str>> =
            items.iter().map(|item| <&str>::from_typed(&item.as_ref()?.typed)).collect();
        Some(Self { only, named: named? })
    }

    fn allow(&self, category: &str) -> bool {
        let named = self.named.contains(&category);
        if self.only { named || EVERYWHERE.contains(&category) } else { !named }
    }

    /// Returns what a document is made of and must not be: of each category the first.
    pub(super) fn forbidden(&self, document: &Document) -> Vec<Fault> {
        let mut told: Vec<&str> = Vec::new();
        let mut faults = Vec::new();
        walk::visit(document, &mut |element, path| {
            let Some((category, what)) = category(&element) else { return };
            if self.allow(category) || told.contains(&category) {
                return;
            }
            told.push(category);
            let message = format!(
                "{} is a `{category}`, which `policy_feature_toggles` does not allow",
                quoted(what)
            );
            faults.push(Fault::new(path.clone(), message));
        });
        faults
    }
}

/// Returns the category of an element, and what people call the element.
fn category<'d>(element: &Element<'d>) -> Option<(&'static str, &'d str)> {
    Some(match element {
        Element::Tree(tree) => ("TreeType", tree.key()),
        Element::Node(id) => ("NodeType", id),
        Element::Comparison(sign) => ("ComparisonOperator", sign),
        Element::Logic(word) => ("LogicalOperator", word),
        Element::Computation(operator) => (of_operator(*operator), operator.word()),
        Element::Value => ("ValueType", "this"),
        Element::Field(field) => (of_field(*field), field.name()),
        Element::Register(name) => ("StateRegisterField", name),
        Element::Action(action) => (of_action(*action), action.name()),
        Element::Agent(_) => return None,
    })
}

fn of_operator(operator: Operator) -> &'static str {
    match operator {
        Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide => {
            "BinaryArithmetic"
        }
        Operator::Max | Operator::Min => "NaryArithmetic",
        Operator::Ceil | Operator::Floor | Operator::Round | Operator::Abs => "UnaryMath",
        Operator::Clamp | Operator::DivideOr => "TernaryMath",
    }
}

fn of_field(field: Field) -> &'static str {
    match field.spec().topic {
        Topic::Transaction => "TransactionField",
        Topic::Agent => "AgentField",
        Topic::Queue => "QueueField",
        Topic::System => "SystemField",
        Topic::Collateral => "CollateralField",
        Topic::Cost => "CostField",
        Topic::Time => "TimeField",
        Topic::Throughput => "ThroughputField",
        Topic::Lsm => "LsmField",
        Topic::Limit => "LimitField",
    }
}

fn of_action(action: Action) -> &'static str {
    let spec = action.spec();
    if spec.in_queue2 {
        return "RtgsAction";
    }
    match spec.trees {
        Trees::BANK => "BankAction",
        trees if trees.contain(Tree::StrategicCollateral) => "CollateralAction",
        _ => "PaymentAction",
    }
}
