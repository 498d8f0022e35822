//! A policy: a sound document, compiled.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::compile::{self, CompiledLeaf, Does, Program};
use crate::decision::{BankAct, CollateralAct, Constant, PaymentAct, PaymentDecision, TextNo};
use crate::document::{Document, INITIAL_LIQUIDITY_FRACTION, Reading};
use crate::evaluate::{Cause, Context, Observer, RunFault, clamped};
use crate::fault::Faults;
use crate::fields::Field;
use crate::library;
use crate::rtgs_priority::RtgsPriority;
use crate::tree::Tree;

/// A policy, ready to decide. Copies share what they hold; two are equal if their documents are.
#[derive(Clone)]
pub struct Policy(Arc<Inner>);

struct Inner {
    document: Document,
    /// The document as text, which reads as the same document.
    text: String,
    /// Names of its parameters.
    parameters: BTreeSet<String>,
    program: Program,
    constant: Option<Constant>,
}

impl Policy {
    /// Compiles a document.
    pub fn new(document: Document) -> Self {
        let program = compile::compile(&document);
        let constant = constant(&program);
        let parameters = document.parameters.iter().map(|(name, _)| name.clone()).collect();
        let text = document.to_json().to_string();
        Self(Arc::new(Inner { document, text, parameters, program, constant }))
    }

    /// Reads a policy from JSON text.
    ///
    /// # Errors
    ///
    /// All faults.
    pub fn read(text: &str) -> Result<Self, Faults> {
        Reading::default().text(text).map(|(document, _)| Self::new(document))
    }

    /// Returns the policy of the library that releases everything at once.
    pub fn fifo() -> Self {
        library::named("fifo").expect("Invariant: the library has it")
    }

    /// Returns the policy of the library that releases nothing.
    pub fn hold() -> Self {
        library::named("hold").expect("Invariant: the library has it")
    }

    /// Returns its name.
    pub fn id(&self) -> &str {
        &self.0.document.policy_id
    }

    /// Returns its document.
    pub fn document(&self) -> &Document {
        &self.0.document
    }

    /// Returns its document as JSON text, which reads as the same policy.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// Returns whether its document has a parameter of that name.
    pub fn has_parameter(&self, name: &str) -> bool {
        self.0.parameters.contains(name)
    }

    /// Returns the share of a liquidity pool that it wants brought in each morning, 0 to 1, if it
    /// says so.
    pub fn initial_liquidity_fraction(&self) -> Option<f64> {
        self.0.document.parameter(INITIAL_LIQUIDITY_FRACTION)
    }

    /// Returns what its payment tree answers, if that is always the same; without a payment tree it
    /// releases.
    pub fn constant(&self) -> Option<Constant> {
        self.0.constant
    }

    /// Returns whether it has a tree.
    pub fn has(&self, tree: Tree) -> bool {
        self.0.program.trees[tree as usize].is_some()
    }

    /// Returns whether a node names a field.
    pub fn names(&self, field: Field) -> bool {
        self.0.program.fields.contains(&field)
    }

    /// Returns all fields that nodes name, in the order of the table.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        self.0.program.fields.iter().copied()
    }

    /// Returns the names of its registers, ascending.
    pub fn registers(&self) -> &[String] {
        &self.0.program.registers
    }

    /// Returns the lists of agents that its budgets name.
    pub fn focus_lists(&self) -> &[Vec<String>] {
        &self.0.program.focus_lists
    }

    /// Returns the texts that decisions mention, by number.
    pub fn texts(&self) -> &[String] {
        &self.0.program.texts
    }

    /// Returns a text that a decision mentions.
    pub fn text_of(&self, text: TextNo) -> &str {
        self.0.program.texts.get(text.0 as usize).map_or("", String::as_str)
    }

    /// Returns the ids of its nodes: tree by tree, each before its branches, the true one first.
    pub fn node_ids(&self) -> &[String] {
        &self.0.program.node_ids
    }

    /// Returns whether its payment tree may take payments out of queue 2 or declare them anew.
    pub fn acts_in_queue2(&self) -> bool {
        self.does(Tree::Payment).any(Does::is_for_queue2)
    }

    /// Returns whether its payment tree may give a payment up.
    pub fn can_drop(&self) -> bool {
        self.does(Tree::Payment).any(|does| matches!(does, Does::Drop))
    }

    /// Returns the highest class that its payment tree may declare a payment with; `None` if it
    /// declares none.
    pub fn highest_class(&self) -> Option<RtgsPriority> {
        let classes = self.does(Tree::Payment).filter_map(|does| match does {
            Does::Release { class, .. } => *class,
            Does::Resubmit(class) => Some(*class),
            _ => None,
        });
        classes.max()
    }

    /// Returns the most parts that its payment tree makes of a payment, as far as that is written
    /// there; `u32::MAX` if it is computed, 0 if it splits nothing.
    pub fn most_parts(&self) -> u32 {
        let parts = self.does(Tree::Payment).filter_map(|does| match does {
            Does::Split { parts } | Does::StaggerSplit { parts, .. } => {
                let whole = |parts| clamped(parts, 0, u32::MAX);
                Some(parts.constant().map_or(u32::MAX, whole))
            }
            _ => None,
        });
        parts.max().unwrap_or(0)
    }

    /// Returns whether one of its trees may post collateral.
    pub fn can_post(&self) -> bool {
        let mut trees = [Tree::StrategicCollateral, Tree::EndOfTickCollateral].into_iter();
        trees.any(|tree| self.does(tree).any(|does| matches!(does, Does::Post { .. })))
    }

    fn does(&self, tree: Tree) -> impl Iterator<Item = &Does> {
        let code = self.0.program.trees[tree as usize].iter();
        code.flat_map(|code| &code.leaves).flat_map(|leaf| &leaf.does)
    }

    /// Decides about a payment; without a payment tree it is released.
    ///
    /// # Errors
    ///
    /// [`RunFault`] if that cannot be computed.
    pub fn decide_payment<C: Context, O: Observer>(
        &self,
        context: &mut C,
        observer: &mut O,
    ) -> Result<PaymentDecision, RunFault> {
        let decide = |leaf: &CompiledLeaf, context: &mut C| leaf.payment(context);
        let release = PaymentAct::Release { class: None, priority: None, timed_for_tick: None };
        let decision = self.ask(Tree::Payment, context, observer, decide)?;
        Ok(decision.unwrap_or(PaymentDecision { reprioritize: Vec::new(), then: release }))
    }

    /// Decides about the bank itself; what is done, in order.
    ///
    /// # Errors
    ///
    /// [`RunFault`] if that cannot be computed.
    pub fn decide_bank<C: Context, O: Observer>(
        &self,
        context: &mut C,
        observer: &mut O,
    ) -> Result<Vec<BankAct>, RunFault> {
        let decide = |leaf: &CompiledLeaf, context: &mut C| leaf.bank(context);
        self.ask(Tree::Bank, context, observer, decide).map(Option::unwrap_or_default)
    }

    /// Decides about collateral, by one of the two trees for that; what is done, in order.
    ///
    /// # Errors
    ///
    /// [`RunFault`] if that cannot be computed.
    pub fn decide_collateral<C: Context, O: Observer>(
        &self,
        tree: Tree,
        context: &mut C,
        observer: &mut O,
    ) -> Result<Vec<CollateralAct>, RunFault> {
        let decide = |leaf: &CompiledLeaf, context: &mut C| leaf.collateral(context);
        self.ask(tree, context, observer, decide).map(Option::unwrap_or_default)
    }

    fn ask<C: Context, O: Observer, T>(
        &self,
        tree: Tree,
        context: &mut C,
        observer: &mut O,
        decide: impl FnOnce(&CompiledLeaf, &mut C) -> Result<T, Cause>,
    ) -> Result<Option<T>, RunFault> {
        let Some(code) = &self.0.program.trees[tree as usize] else { return Ok(None) };
        let leaf = code.walk(context, observer)?;
        let leaf = &code.leaves[leaf as usize];
        let decision = decide(leaf, context);
        decision.map(Some).map_err(|cause| RunFault { node: leaf.node, cause })
    }

    /// Writes a way through a tree as `is_urgent(true) → release`; one that ended in a fault ends
    /// at the node where that happened.
    pub fn path(&self, trail: &[u32]) -> String {
        let program = &self.0.program;
        let mut text = String::new();
        for (index, node) in trail.iter().enumerate() {
            if index > 0 {
                text.push_str(" → ");
            }
            text.push_str(&program.node_ids[*node as usize]);
            let branches = program.branches[*node as usize];
            if let (Some([on_true, _]), Some(next)) = (branches, trail.get(index + 1)) {
                text.push_str(if next == &on_true { "(true)" } else { "(false)" });
            }
        }
        text
    }
}

/// Returns what a payment tree of one leaf answers, if that does not depend on the moment.
fn constant(program: &Program) -> Option<Constant> {
    let Some(code) = &program.trees[Tree::Payment as usize] else { return Some(Constant::Release) };
    let [leaf] = code.leaves.as_slice() else { return None };
    match leaf.does.as_slice() {
        [Does::Release { class: None, priority: None, timed_for_tick: None }] => {
            Some(Constant::Release)
        }
        [Does::Hold(cause)] => Some(Constant::Hold(*cause)),
        _ => None,
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self::fifo()
    }
}

impl PartialEq for Policy {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.text == other.0.text
    }
}

impl Eq for Policy {}

impl fmt::Debug for Policy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Policy({})", self.id())
    }
}

impl Serialize for Policy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text())
    }
}

impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::read(&text).map_err(serde::de::Error::custom)
    }
}
