//! Everything that a document is made of, each with its path.

use psim_policy::{
    Action, Argument, Call, Document, Expression, Field, Node, Operator, Path, Step, Tree, Value,
};

/// Something in a document.
pub(super) enum Element<'d> {
    Tree(Tree),
    Node(&'d str),
    Comparison(&'static str),
    Logic(&'static str),
    Computation(Operator),
    Value,
    Field(Field),
    Register(&'d str),
    Action(Action),
    /// An agent that a budget names.
    Agent(&'d str),
}

/// Visits all elements, in the order of the document.
pub(super) fn visit<'d>(document: &'d Document, visit: &mut impl FnMut(Element<'d>, &Path)) {
    let mut walk = Walk { path: Path::default(), visit };
    for tree in Tree::ALL {
        if let Some(root) = document.tree(tree) {
            walk.under(tree.key(), |walk| {
                walk.visit(Element::Tree(tree));
                walk.node(root);
            });
        }
    }
}

struct Walk<'v, V> {
    path: Path,
    visit: &'v mut V,
}

impl<'d, V: FnMut(Element<'d>, &Path)> Walk<'_, V> {
    fn visit(&mut self, element: Element<'d>) {
        (self.visit)(element, &self.path);
    }

    fn at(&mut self, step: Step, go_on: impl FnOnce(&mut Self)) {
        self.path.0.push(step);
        go_on(self);
        self.path.0.pop();
    }

    fn under(&mut self, key: &str, go_on: impl FnOnce(&mut Self)) {
        self.at(Step::Key(key.to_owned()), go_on);
    }

    fn each<T>(&mut self, key: &str, items: &'d [T], mut go_on: impl FnMut(&mut Self, &'d T)) {
        self.under(key, |walk| {
            for (index, item) in items.iter().enumerate() {
                walk.at(Step::Index(index), |walk| go_on(walk, item));
            }
        });
    }

    fn node(&mut self, node: &'d Node) {
        self.visit(Element::Node(node.id()));
        match node {
            Node::Condition(branch) => {
                self.under("condition", |walk| walk.expression(&branch.condition));
                self.under("on_true", |walk| walk.node(&branch.on_true));
                self.under("on_false", |walk| walk.node(&branch.on_false));
            }
            Node::Action(leaf) => match leaf.actions.as_slice() {
                [only] => self.call(only),
                several => self.each("actions", several, Self::call),
            },
        }
    }

    fn call(&mut self, call: &'d Call) {
        self.under("action", |walk| walk.visit(Element::Action(call.action)));
        self.under("parameters", |walk| {
            for (name, argument) in &call.arguments {
                walk.under(name, |walk| match argument {
                    Argument::Value(value) => walk.value(value),
                    Argument::Text(text) if name == &"key" => walk.visit(Element::Register(text)),
                    Argument::Text(_) => {}
                    Argument::Agents(ids) => {
                        walk.each("value", ids, |walk, id| walk.visit(Element::Agent(id)));
                    }
                });
            }
        });
    }

    fn expression(&mut self, expression: &'d Expression) {
        match expression {
            Expression::Compare(comparison, left, right) => {
                self.visit(Element::Comparison(comparison.sign()));
                self.under("left", |walk| walk.value(left));
                self.under("right", |walk| walk.value(right));
            }
            Expression::And(list) => {
                self.visit(Element::Logic("and"));
                self.each("conditions", list, Self::expression);
            }
            Expression::Or(list) => {
                self.visit(Element::Logic("or"));
                self.each("conditions", list, Self::expression);
            }
            Expression::Not(inner) => {
                self.visit(Element::Logic("not"));
                self.under("condition", |walk| walk.expression(inner));
            }
        }
    }

    fn value(&mut self, value: &'d Value) {
        self.visit(Element::Value);
        match value {
            Value::Field(field) => {
                self.under("field", |walk| walk.visit(Element::Field(*field)));
            }
            Value::Register(name) => {
                self.under("field", |walk| walk.visit(Element::Register(name)));
            }
            Value::Parameter(_) | Value::Number(_) | Value::Flag(_) => {}
            Value::Compute(computation) => self.under("compute", |walk| {
                walk.visit(Element::Computation(computation.operator));
                match computation.operator.keys() {
                    Some(keys) => {
                        for (key, operand) in keys.iter().zip(&computation.operands) {
                            walk.under(key, |walk| walk.value(operand));
                        }
                    }
                    None => walk.each("values", &computation.operands, Self::value),
                }
            }),
        }
    }
}
