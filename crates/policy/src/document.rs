//! What a policy says, as a tree of its own words.

// Whatever stands in a document, it ends in a policy or in faults.
#![cfg_attr(
    not(test),
    warn(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::unwrap_used
    )
)]

mod read;
mod terms;
mod write;

use crate::actions::Action;
use crate::fault::Faults;
use crate::fields::Field;
use crate::json::Json;
use crate::tree::Tree;

pub(crate) use read::{INITIAL_LIQUIDITY_FRACTION, MAX_DEPTH, REGISTER};
pub use read::{MAX_BYTES, MAX_CONDITIONS, MAX_REGISTERS, Reading};

/// A sound policy document.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The version that its author gave it; not interpreted.
    pub version: String,
    /// Its name.
    pub policy_id: String,
    /// What it is for, if it says so.
    pub description: Option<String>,
    /// Named numbers, in the order they were written in.
    pub parameters: Vec<(String, f64)>,
    /// The trees, by [`Tree`]; `None` where it has none.
    pub trees: [Option<Node>; 4],
}

/// A node of a tree.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Goes one way or the other.
    Condition(Box<Branch>),
    /// Ends the walk.
    Action(Leaf),
}

/// A node that goes one way or the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// Its name, one of its kind in the document.
    pub node_id: String,
    /// What its author says of it.
    pub description: Option<String>,
    /// What is asked.
    pub condition: Expression,
    /// Where to go if so.
    pub on_true: Node,
    /// Where to go if not.
    pub on_false: Node,
}

/// A node that decides.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// Its name, one of its kind in the document.
    pub node_id: String,
    /// What its author says of it.
    pub description: Option<String>,
    /// What is done, in order; at least one.
    pub actions: Vec<Call>,
}

/// An action and what it is given.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The action.
    pub action: Action,
    /// What its parameters are given, in the order of the table.
    pub arguments: Vec<(&'static str, Argument)>,
}

/// What a parameter is given.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// A number.
    Value(Value),
    /// A literal text.
    Text(String),
    /// A literal list of agents' ids.
    Agents(Vec<String>),
}

/// Something that is true or false.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// Two numbers compared.
    Compare(Comparison, Value, Value),
    /// Whether all are true; asked from the left until one is not.
    And(Vec<Expression>),
    /// Whether any is true; asked from the left until one is.
    Or(Vec<Expression>),
    /// Whether it is false.
    Not(Box<Expression>),
}

/// How two numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The same, or less than 10^-9 apart.
    Equal,
    /// Not that.
    NotEqual,
    /// Below.
    Less,
    /// Below or equal in that sense.
    LessOrEqual,
    /// Above.
    Greater,
    /// Above or equal in that sense.
    GreaterOrEqual,
}

/// A number.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A field.
    Field(Field),
    /// A register, by its full name.
    Register(String),
    /// A parameter of the document.
    Parameter(String),
    /// A literal number.
    Number(f64),
    /// A literal yes or no: 1 or 0.
    Flag(bool),
    /// Computed.
    Compute(Box<Computation>),
}

/// A number from others.
#[derive(Clone, Debug, PartialEq)]
pub struct Computation {
    /// How.
    pub operator: Operator,
    /// From what, in the order of the operator's keys.
    pub operands: Vec<Value>,
}

/// How a number is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Sum.
    Add,
    /// Difference.
    Subtract,
    /// Product.
    Multiply,
    /// Quotient; a fault if the divisor is (nearly) 0.
    Divide,
    /// Largest.
    Max,
    /// Smallest.
    Min,
    /// Up to a whole number.
    Ceil,
    /// Down to a whole number.
    Floor,
    /// To the nearest whole number, half away from 0.
    Round,
    /// Without its sign.
    Abs,
    /// Brought into a range.
    Clamp,
    /// Quotient, or a default if the divisor is (nearly) 0.
    DivideOr,
}

impl Document {
    /// Returns a tree, if it has one.
    pub fn tree(&self, tree: Tree) -> Option<&Node> {
        self.trees.get(tree as usize)?.as_ref()
    }

    /// Returns a parameter's value.
    pub fn parameter(&self, name: &str) -> Option<f64> {
        self.parameters.iter().find(|(own, _)| own == name).map(|(_, value)| *value)
    }

    /// Returns it as JSON, which reads as the same document.
    pub fn to_json(&self) -> Json {
        write::document(self)
    }

    /// Visits all nodes, tree by tree, each before its branches, the true one first.
    pub fn nodes(&self) -> impl Iterator<Item = (Tree, &Node)> {
        Tree::ALL.into_iter().flat_map(move |tree| {
            let root = self.tree(tree);
            root.into_iter().flat_map(Node::below).map(move |node| (tree, node))
        })
    }
}

impl Node {
    /// Returns its name.
    pub fn id(&self) -> &str {
        match self {
            Self::Condition(branch) => &branch.node_id,
            Self::Action(leaf) => &leaf.node_id,
        }
    }

    /// Returns what its author says of it, if anything.
    pub fn description(&self) -> Option<&str> {
        match self {
            Self::Condition(branch) => branch.description.as_deref(),
            Self::Action(leaf) => leaf.description.as_deref(),
        }
    }

    /// Visits it and all nodes below it, each before its branches, the true one first.
    pub fn below(&self) -> impl Iterator<Item = &Node> {
        let mut ahead = vec![self];
        std::iter::from_fn(move || {
            let node = ahead.pop()?;
            if let Self::Condition(branch) = node {
                ahead.extend([&branch.on_false, &branch.on_true]);
            }
            Some(node)
        })
    }

    /// Visits every value that it names itself, those within others included.
    pub fn visit_values<'n>(&'n self, visit: &mut impl FnMut(&'n Value)) {
        match self {
            Self::Condition(branch) => branch.condition.visit_values(visit),
            Self::Action(leaf) => {
                for (_, argument) in leaf.actions.iter().flat_map(|call| &call.arguments) {
                    if let Argument::Value(value) = argument {
                        value.visit(visit);
                    }
                }
            }
        }
    }
}

impl Expression {
    /// Returns it as JSON, as a document writes it.
    pub(crate) fn to_json(&self) -> Json {
        write::expression(self)
    }

    fn visit_values<'n>(&'n self, visit: &mut impl FnMut(&'n Value)) {
        match self {
            Self::Compare(_, left, right) => {
                left.visit(visit);
                right.visit(visit);
            }
            Self::And(list) | Self::Or(list) => {
                for inner in list {
                    inner.visit_values(visit);
                }
            }
            Self::Not(inner) => inner.visit_values(visit),
        }
    }
}

impl Value {
    fn visit<'n>(&'n self, visit: &mut impl FnMut(&'n Value)) {
        visit(self);
        if let Self::Compute(computation) = self {
            for operand in &computation.operands {
                operand.visit(visit);
            }
        }
    }
}

impl Call {
    /// Returns what a parameter is given, if it is.
    pub fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|(own, _)| *own == name).map(|(_, argument)| argument)
    }
}

/// Reads a document from JSON text.
///
/// # Errors
///
/// All faults.
pub fn read(text: &str) -> Result<Document, Faults> {
    Reading::default().text(text).map(|(document, _)| document)
}
