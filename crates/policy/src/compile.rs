//! Documents into flat programs: a step for each comparison and computation, no tree to walk.

mod leaves;

use std::collections::BTreeSet;

use crate::document::{Comparison, Computation, Document, Expression, Node, Operator, Value};
use crate::fields::Field;
use crate::tree::Tree;
pub(crate) use leaves::{CompiledLeaf, Does};

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
    pub(crate) steps: Vec<Placed>,
    pub(crate) leaves: Vec<CompiledLeaf>,
    /// Most intermediate results at a time.
    pub(crate) temps: usize,
}

/// A step and the node that it is part of.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) step: Step,
    pub(crate) node: u32,
    /// The node that begins here.
    pub(crate) begins: Option<u32>,
}

/// One step of a program; numbers are places of others.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Goes one way or the other.
    Jump { comparison: Comparison, left: Operand, right: Operand, then: u32, other: u32 },
    /// Computes and goes on.
    Compute(Arithmetic),
    /// Goes on elsewhere.
    Go(u32),
    /// Ends at a leaf.
    End(u32),
}

/// A computation of up to three operands (those that it does not use are 0).
#[derive(Clone, Debug)]
pub(crate) struct Arithmetic {
    pub(crate) operator: Operator,
    pub(crate) operands: [Operand; 3],
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
    for tree in Tree::ALL {
        let Some(root) = document.tree(tree) else { continue };
        let mut compiler = Compiler::new(document, &mut program);
        compiler.next_node = first_node;
        compiler.node(root);
        first_node = compiler.next_node;
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

/// A place that is not known yet.
#[derive(Clone, Copy)]
struct Label(u32);

struct Compiler<'d> {
    document: &'d Document,
    program: &'d mut Program,
    code: Code,
    /// Places of labels.
    places: Vec<u32>,
    next_node: u32,
    node: u32,
    begins: Option<u32>,
}

impl<'d> Compiler<'d> {
    fn new(document: &'d Document, program: &'d mut Program) -> Self {
        let code = Code::default();
        let places = Vec::new();
        Self { document, program, code, places, next_node: 0, node: 0, begins: None }
    }

    /// Compiles a node and all below it; returns its number.
    fn node(&mut self, node: &Node) -> u32 {
        let number = self.next_node;
        self.next_node += 1;
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
                let (then, other) = (self.label(), self.label());
                self.expression(&branch.condition, then, other);
                self.bind(then);
                let on_true = self.node(&branch.on_true);
                self.bind(other);
                let on_false = self.node(&branch.on_false);
                self.program.branches[number as usize] = Some([on_true, on_false]);
            }
        }
        number
    }

    /// Compiles a condition that goes on at one place or the other.
    fn expression(&mut self, expression: &Expression, then: Label, other: Label) {
        match expression {
            Expression::Compare(comparison, left, right) => {
                let (left, depth) = self.operand(left, 0);
                let (right, _) = self.operand(right, depth);
                let (then, other) = (then.0, other.0);
                self.emit(Step::Jump { comparison: *comparison, left, right, then, other });
            }
            Expression::Not(inner) => self.expression(inner, other, then),
            Expression::And(list) => self.chain(list, |next| (next, other), then),
            Expression::Or(list) => self.chain(list, |next| (then, next), other),
        }
    }

    /// Compiles conditions of which each goes on to the next unless it settles the matter.
    fn chain(
        &mut self,
        list: &[Expression],
        ways: impl Fn(Label) -> (Label, Label),
        at_end: Label,
    ) {
        let Some((last, before)) = list.split_last() else {
            self.emit(Step::Go(at_end.0));
            return;
        };
        for inner in before {
            let next = self.label();
            let (then, other) = ways(next);
            self.expression(inner, then, other);
            self.bind(next);
        }
        let (then, other) = ways(at_end);
        self.expression(last, then, other);
    }

    /// Compiles a number with intermediate results from `depth` on; returns where it is and from
    /// where on there is room.
    fn operand(&mut self, value: &Value, depth: u8) -> (Operand, u8) {
        let mut steps = Vec::new();
        let operand = self.lower(value, depth, &mut steps);
        for arithmetic in steps {
            self.code.temps = self.code.temps.max(usize::from(arithmetic.into) + 1);
            self.emit(Step::Compute(arithmetic));
        }
        let used = if let Operand::Temp(temp) = operand { temp + 1 } else { depth };
        (operand, used)
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
                Operand::Number(self.document.parameter(name).unwrap_or_default())
            }
            Value::Field(field) => {
                self.program.fields.insert(*field);
                Operand::Field(*field)
            }
            Value::Register(name) => {
                let found = self.program.registers.binary_search(name);
                Operand::Register(u8::try_from(found.unwrap_or_default()).unwrap_or_default())
            }
            Value::Compute(computation) => self.computation(computation, depth, steps),
        }
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

    fn emit(&mut self, step: Step) {
        let begins = self.begins.take();
        self.code.steps.push(Placed { step, node: self.node, begins });
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
        for placed in &mut self.code.steps {
            match &mut placed.step {
                Step::Jump { then, other, .. } => {
                    *then = self.places[*then as usize];
                    *other = self.places[*other as usize];
                }
                Step::Go(to) => *to = self.places[*to as usize],
                Step::Compute(_) | Step::End(_) => {}
            }
        }
        self.code
    }
}
