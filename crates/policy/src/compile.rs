//! Documents into flat programs: a step for each comparison and computation, no tree to walk.

mod leaves;
mod range;

use std::collections::{BTreeMap, BTreeSet};

use crate::decision::TextNo;
use crate::document::{Comparison, Computation, Document, Expression, Node, Operator, Value};
use crate::fields::Field;
use crate::tree::Tree;
pub(crate) use leaves::{CompiledLeaf, Does};
pub(crate) use range::Range;

/// A compiled document.
#[derive(Clone, Debug, Default)]
pub(crate) struct Program {
    /// By tree.
    pub(crate) trees: [Option<Code>; 4],
    /// Names of nodes, by number: tree by tree, each before its branches.
    pub(crate) node_ids: Vec<String>,
    /// For a condition, its nodes below: true, false.
    pub(crate) branches: Vec<Option<[u32; 2]>>,
    /// Names of registers, ascending.
    pub(crate) registers: Vec<String>,
    /// Texts that decisions mention.
    pub(crate) texts: Vec<String>,
    /// Lists of agents that budgets mention.
    pub(crate) focus_lists: Vec<Vec<String>>,
    /// All fields that any node names.
    pub(crate) fields: BTreeSet<Field>,
}

/// A compiled tree.
#[derive(Clone, Debug, Default)]
pub(crate) struct Code {
    pub(crate) steps: Vec<Step>,
    /// By step: the node that it is part of.
    pub(crate) nodes: Vec<u32>,
    /// By step: the node that begins with it.
    pub(crate) begins: Vec<Option<u32>>,
    pub(crate) leaves: Vec<CompiledLeaf>,
    /// Most intermediate results at a time.
    pub(crate) temps: usize,
}

/// One step of a program. What asks something goes elsewhere if it is so, and on to the next step
/// if not.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Asks whether a number is in a range, as most conditions do.
    Ask { number: Asked, range: Range, then: u32 },
    /// Ends at a leaf.
    End(u32),
    /// Anything that is less common.
    Other(Other),
}

/// A number that is asked about at once and not kept.
#[derive(Clone, Debug)]
pub(crate) enum Asked {
    Field(Field),
    Result(Arithmetic),
}

/// A less common step.
#[derive(Clone, Debug)]
pub(crate) enum Other {
    /// Compares any two numbers.
    Compare { comparison: Comparison, left: Operand, right: Operand, then: u32 },
    /// Computes an intermediate result.
    Compute(Arithmetic),
    /// Goes elsewhere.
    Go(u32),
}

/// A computation of up to three numbers.
#[derive(Clone, Debug)]
pub(crate) struct Arithmetic {
    pub(crate) operator: Operator,
    pub(crate) operands: [Operand; 3],
    /// Which intermediate result it is, where it is kept.
    pub(crate) into: u8,
}

/// Where a number comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Operand {
    Number(f64),
    Field(Field),
    Register(u8),
    Temp(u8),
}

/// A number that an action is given.
#[derive(Clone, Debug)]
pub(crate) struct Formula {
    pub(crate) steps: Vec<Arithmetic>,
    pub(crate) result: Operand,
    pub(crate) temps: usize,
}

/// Compiles a sound document.
pub(crate) fn compile(document: &Document) -> Program {
    let mut program = Program { registers: registers(document), ..Program::default() };
    for (_, node) in document.nodes() {
        program.node_ids.push(node.id().to_owned());
    }
    program.branches = vec![None; program.node_ids.len()];
    let mut first_node = 0;
    let mut texts = BTreeMap::new();
    for tree in Tree::ALL {
        let Some(root) = document.tree(tree) else { continue };
        let mut compiler = Compiler::new(document, &mut program, &mut texts);
        compiler.node(root, first_node);
        first_node += size(root);
        let code = compiler.finish();
        program.trees[tree as usize] = Some(code);
    }
    program
}

/// Returns the registers that a document names, ascending.
fn registers(document: &Document) -> Vec<String> {
    let mut names = BTreeSet::new();
    for (_, node) in document.nodes() {
        node.visit_values(&mut |value| {
            if let Value::Register(name) = value {
                names.insert(name.clone());
            }
        });
        names.extend(leaves::written_registers(node).map(str::to_owned));
    }
    names.into_iter().collect()
}

/// Returns the number of a node and all below it.
fn size(node: &Node) -> u32 {
    u32::try_from(node.below().count()).unwrap_or(u32::MAX)
}

/// A place that is not known yet.
#[derive(Clone, Copy, PartialEq)]
struct Label(u32);

struct Compiler<'d> {
    parameters: BTreeMap<&'d str, f64>,
    program: &'d mut Program,
    /// Numbers of the texts so far.
    texts: &'d mut BTreeMap<String, TextNo>,
    code: Code,
    /// Places of labels.
    places: Vec<u32>,
    node: u32,
    begins: Option<u32>,
}

impl<'d> Compiler<'d> {
    fn new(
        document: &'d Document,
        program: &'d mut Program,
        texts: &'d mut BTreeMap<String, TextNo>,
    ) -> Self {
        let code = Code::default();
        let places = Vec::new();
        let parameters = document.parameters.iter();
        let parameters = parameters.map(|(name, value)| (name.as_str(), *value)).collect();
        Self { parameters, program, texts, code, places, node: 0, begins: None }
    }

    /// Compiles a node and all below it. The false branch comes first: a comparison that does not
    /// hold goes straight on.
    fn node(&mut self, node: &Node, number: u32) {
        self.node = number;
        self.begins = Some(number);
        match node {
            Node::Action(leaf) => {
                let index = u32::try_from(self.code.leaves.len()).unwrap_or(u32::MAX);
                let compiled = self.leaf(leaf, number);
                self.code.leaves.push(compiled);
                self.emit(Step::End(index));
            }
            Node::Condition(branch) => {
                let on_true = number + 1;
                let on_false = on_true + size(&branch.on_true);
                self.program.branches[number as usize] = Some([on_true, on_false]);
                let (then, other) = (self.label(), self.label());
                self.expression(&branch.condition, then, other, other);
                self.bind(other);
                self.node(&branch.on_false, on_false);
                self.bind(then);
                self.node(&branch.on_true, on_true);
            }
        }
    }

    /// Compiles a condition that goes on at one place or the other; `next` is the one that follows.
    fn expression(&mut self, expression: &Expression, then: Label, other: Label, next: Label) {
        match expression {
            Expression::Compare(Comparison::NotEqual, left, right) => {
                self.compare(Comparison::Equal, (left, right), other);
                if then != next {
                    self.go(then);
                }
            }
            Expression::Compare(comparison, left, right) => {
                self.compare(*comparison, (left, right), then);
                if other != next {
                    self.go(other);
                }
            }
            Expression::Not(inner) => self.expression(inner, other, then, next),
            Expression::And(list) => self.chain(list, |after| (after, other), then, next),
            Expression::Or(list) => self.chain(list, |after| (then, after), other, next),
        }
    }

    /// Compiles a comparison that goes elsewhere if it holds.
    fn compare(&mut self, comparison: Comparison, (left, right): (&Value, &Value), then: Label) {
        let mut steps = Vec::new();
        let left = self.lower(left, 0, &mut steps);
        let depth = if let Operand::Temp(temp) = left { temp + 1 } else { 0 };
        let right = self.lower(right, depth, &mut steps);
        let range = match right {
            Operand::Number(number) => Range::of(comparison, number),
            _ => None,
        };
        // What is asked about at once need not be kept.
        let last = if range.is_some() { steps.pop() } else { None };
        for arithmetic in steps {
            self.code.temps = self.code.temps.max(usize::from(arithmetic.into) + 1);
            self.emit(Step::Other(Other::Compute(arithmetic)));
        }
        let asked = match (left, last) {
            (_, Some(arithmetic)) => Some(Asked::Result(arithmetic)),
            (Operand::Field(field), None) => Some(Asked::Field(field)),
            _ => None,
        };
        let then = then.0;
        self.emit(match (asked, range) {
            (Some(number), Some(range)) => Step::Ask { number, range, then },
            _ => Step::Other(Other::Compare { comparison, left, right, then }),
        });
    }

    /// Compiles conditions of which each goes on to the one after it unless it settles the matter.
    fn chain(
        &mut self,
        list: &[Expression],
        ways: impl Fn(Label) -> (Label, Label),
        at_end: Label,
        next: Label,
    ) {
        let Some((last, before)) = list.split_last() else {
            self.go(at_end);
            return;
        };
        for inner in before {
            let after = self.label();
            let (then, other) = ways(after);
            self.expression(inner, then, other, after);
            self.bind(after);
        }
        let (then, other) = ways(at_end);
        self.expression(last, then, other, next);
    }

    /// Compiles a number that an action is given.
    fn formula(&mut self, value: &Value) -> Formula {
        let mut steps = Vec::new();
        let result = self.lower(value, 0, &mut steps);
        let temps = steps.iter().map(|step| usize::from(step.into) + 1).max().unwrap_or(0);
        Formula { steps, result, temps }
    }

    fn lower(&mut self, value: &Value, depth: u8, steps: &mut Vec<Arithmetic>) -> Operand {
        match value {
            Value::Number(number) => Operand::Number(*number),
            Value::Flag(flag) => Operand::Number(f64::from(u8::from(*flag))),
            Value::Parameter(name) => {
                let value = self.parameters.get(name.as_str()).copied();
                Operand::Number(value.expect("Invariant: a sound document has the parameter"))
            }
            Value::Field(field) => {
                self.program.fields.insert(*field);
                Operand::Field(*field)
            }
            Value::Register(name) => Operand::Register(self.register(name)),
            Value::Compute(computation) => self.computation(computation, depth, steps),
        }
    }

    /// Returns which of the policy's registers has a name.
    fn register(&self, name: &str) -> u8 {
        let found = self.program.registers.binary_search_by(|known| known.as_str().cmp(name));
        let place = found.ok().and_then(|place| u8::try_from(place).ok());
        place.expect("Invariant: the few registers that a document names are collected first")
    }

    fn computation(
        &mut self,
        computation: &Computation,
        depth: u8,
        steps: &mut Vec<Arithmetic>,
    ) -> Operand {
        const NOTHING: Operand = Operand::Number(0.0);
        let Computation { operator, operands } = computation;
        if operator.keys().is_none() {
            return self.fold(*operator, operands, depth, steps);
        }
        let mut lowered = [NOTHING; 3];
        let mut free = depth;
        for (place, operand) in lowered.iter_mut().zip(operands) {
            *place = self.lower(operand, free, steps);
            if let Operand::Temp(temp) = *place {
                free = temp + 1;
            }
        }
        steps.push(Arithmetic { operator: *operator, operands: lowered, into: depth });
        Operand::Temp(depth)
    }

    /// Compiles the largest or smallest of a list, one after the other.
    fn fold(
        &mut self,
        operator: Operator,
        operands: &[Value],
        depth: u8,
        steps: &mut Vec<Arithmetic>,
    ) -> Operand {
        const NOTHING: Operand = Operand::Number(0.0);
        let mut so_far: Option<Operand> = None;
        for operand in operands {
            let free = if let Some(Operand::Temp(temp)) = so_far { temp + 1 } else { depth };
            let next = self.lower(operand, free, steps);
            so_far = Some(match so_far {
                None => next,
                Some(so_far) => {
                    let operands = [so_far, next, NOTHING];
                    steps.push(Arithmetic { operator, operands, into: depth });
                    Operand::Temp(depth)
                }
            });
        }
        so_far.unwrap_or(NOTHING)
    }

    fn go(&mut self, to: Label) {
        self.emit(Step::Other(Other::Go(to.0)));
    }

    fn emit(&mut self, step: Step) {
        let begins = self.begins.take();
        self.code.steps.push(step);
        self.code.nodes.push(self.node);
        self.code.begins.push(begins);
    }

    fn label(&mut self) -> Label {
        self.places.push(0);
        Label(u32::try_from(self.places.len() - 1).unwrap_or(u32::MAX))
    }

    fn bind(&mut self, label: Label) {
        self.places[label.0 as usize] = u32::try_from(self.code.steps.len()).unwrap_or(u32::MAX);
    }

    /// Puts places where labels stand.
    fn finish(mut self) -> Code {
        for step in &mut self.code.steps {
            match step {
                Step::Ask { then, .. }
                | Step::Other(Other::Compare { then, .. } | Other::Go(then)) => {
                    *then = self.places[*then as usize];
                }
                Step::End(_) | Step::Other(Other::Compute(_)) => {}
            }
        }
        self.code
    }
}
