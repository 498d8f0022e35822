//! Conditions, numbers and actions in the short form of formulas.

use crate::document::{
    Argument, Call, Computation, Document, Expression, Leaf, Node, Operator, Value,
};
use crate::prose::{plain, word};

/// Writes what stands in a document as formulas, each parameter with its value behind it:
/// `ticks_to_deadline <= urgency_threshold (5)`.
#[derive(Clone, Copy)]
pub(crate) struct Infix<'a> {
    document: &'a Document,
    /// Fields and registers whose values are known and to be told too.
    known: Option<Known<'a>>,
}

/// Tells what is known of a field or register.
pub(crate) type Known<'a> = &'a dyn Fn(&Value) -> Option<f64>;

/// How tightly something holds together; what is looser stands in parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hold {
    Sum,
    Product,
    Whole,
}

impl<'a> Infix<'a> {
    pub(crate) const fn new(document: &'a Document) -> Self {
        Self { document, known: None }
    }

    /// Tells the values of fields and registers too.
    pub(crate) const fn with_values(document: &'a Document, known: Known<'a>) -> Self {
        Self { document, known: Some(known) }
    }

    /// Returns what a node asks or does.
    pub(crate) fn node(self, node: &Node) -> String {
        match node {
            Node::Condition(branch) => self.expression(&branch.condition),
            Node::Action(leaf) => self.leaf(leaf),
        }
    }

    /// Returns a condition.
    pub(crate) fn expression(self, expression: &Expression) -> String {
        match expression {
            Expression::Compare(comparison, left, right) => {
                format!("{} {} {}", self.value(left), comparison.sign(), self.value(right))
            }
            Expression::And(list) => self.chain(list, "and", "always"),
            Expression::Or(list) => self.chain(list, "or", "never"),
            Expression::Not(inner) => format!("not ({})", self.expression(inner)),
        }
    }

    fn chain(self, list: &[Expression], word: &str, of_nothing: &str) -> String {
        let [only] = list else {
            let inner: Vec<String> = list
                .iter()
                .map(|inner| match inner {
                    Expression::And(nested) | Expression::Or(nested) if nested.len() > 1 => {
                        format!("({})", self.expression(inner))
                    }
                    _ => self.expression(inner),
                })
                .collect();
            let chain = inner.join(&format!(" {word} "));
            return if chain.is_empty() { of_nothing.to_owned() } else { chain };
        };
        self.expression(only)
    }

    /// Returns a number.
    pub(crate) fn value(self, value: &Value) -> String {
        self.held(value).0
    }

    fn held(self, value: &Value) -> (String, Hold) {
        let text = match value {
            Value::Field(field) => self.named(field.name(), value),
            Value::Register(name) => self.named(name, value),
            Value::Parameter(name) => {
                let number = self.document.parameter(name).unwrap_or(f64::NAN);
                format!("{} ({})", word(name), plain(number))
            }
            Value::Number(number) => plain(*number),
            Value::Flag(flag) => flag.to_string(),
            Value::Compute(computation) => return self.computation(computation),
        };
        (text, Hold::Whole)
    }

    fn named(self, name: &str, value: &Value) -> String {
        match self.known.and_then(|known| known(value)) {
            Some(number) => format!("{} ({})", word(name), plain(number)),
            None => word(name),
        }
    }

    fn computation(self, computation: &Computation) -> (String, Hold) {
        let hold = match computation.operator {
            Operator::Add | Operator::Subtract => Hold::Sum,
            Operator::Multiply | Operator::Divide => Hold::Product,
            _ => Hold::Whole,
        };
        let sign = computation.operator.word();
        if let ([left, right], Hold::Sum | Hold::Product) = (&*computation.operands, hold) {
            let (left, right) = (self.held(left), self.held(right));
            let left = if left.1 < hold { format!("({})", left.0) } else { left.0 };
            let right = if right.1 <= hold { format!("({})", right.0) } else { right.0 };
            return (format!("{left} {sign} {right}"), hold);
        }
        let operands: Vec<String> =
            computation.operands.iter().map(|operand| self.value(operand)).collect();
        (format!("{sign}({})", operands.join(", ")), Hold::Whole)
    }

    /// Returns what a leaf does, in order.
    pub(crate) fn leaf(self, leaf: &Leaf) -> String {
        let calls: Vec<String> = leaf.actions.iter().map(|call| self.call(call)).collect();
        calls.join("; ")
    }

    fn call(self, call: &Call) -> String {
        let arguments = call.arguments.iter();
        let arguments: Vec<String> = arguments
            .map(|(name, argument)| format!("{name}={}", self.argument(argument)))
            .collect();
        if arguments.is_empty() {
            return call.action.name().to_owned();
        }
        format!("{} {}", call.action.name(), arguments.join(", "))
    }

    /// Returns what a parameter of an action is given.
    pub(crate) fn argument(self, argument: &Argument) -> String {
        match argument {
            Argument::Value(value) => self.value(value),
            Argument::Text(text) => word(text),
            Argument::Agents(ids) => {
                let ids: Vec<String> = ids.iter().map(|id| word(id)).collect();
                format!("[{}]", ids.join(", "))
            }
        }
    }
}
