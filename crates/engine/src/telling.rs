//! Policies are asked, and what they decide is told with the way that led to it.

use psim_model::event::{PolicyDecision, PolicyFault, PolicyTree, Text};
use psim_model::{AgentNo, PaymentNo, Policy};
use psim_policy::{
    BankAct, CollateralAct, Observer, PaymentDecision, RunFault, Trail, Tree, Unobserved,
};

use crate::reading::Reader;
use crate::world::Step;

/// Something that a policy decides.
pub(crate) trait Question {
    /// What is decided.
    type Decision;

    /// Asks the policy; the observer sees the way through its tree.
    fn put(self, observer: &mut impl Observer) -> Result<Self::Decision, RunFault>;
}

/// What becomes of a payment?
pub(crate) struct AboutPayment<'q> {
    pub(crate) policy: &'q Policy,
    pub(crate) reader: Reader<'q>,
}

/// What does the bank set itself?
pub(crate) struct AboutBank<'q> {
    pub(crate) policy: &'q Policy,
    pub(crate) reader: Reader<'q>,
}

/// What collateral moves?
pub(crate) struct AboutCollateral<'q> {
    pub(crate) policy: &'q Policy,
    pub(crate) tree: Tree,
    pub(crate) reader: Reader<'q>,
}

impl Question for AboutPayment<'_> {
    type Decision = PaymentDecision;

    fn put(mut self, observer: &mut impl Observer) -> Result<PaymentDecision, RunFault> {
        self.policy.decide_payment(&mut self.reader, observer)
    }
}

impl Question for AboutBank<'_> {
    type Decision = Vec<BankAct>;

    fn put(mut self, observer: &mut impl Observer) -> Result<Vec<BankAct>, RunFault> {
        self.policy.decide_bank(&mut self.reader, observer)
    }
}

impl Question for AboutCollateral<'_> {
    type Decision = Vec<CollateralAct>;

    fn put(mut self, observer: &mut impl Observer) -> Result<Vec<CollateralAct>, RunFault> {
        self.policy.decide_collateral(self.tree, &mut self.reader, observer)
    }
}

/// Asks a policy; where decisions are traced, returns the way through its tree as well.
pub(crate) fn ask<Q: Question>(
    step: &Step<'_>,
    question: Q,
) -> (Result<Q::Decision, RunFault>, Option<Trail>) {
    if step.is_traced() {
        let mut trail = Trail::default();
        (question.put(&mut trail), Some(trail))
    } else {
        (question.put(&mut Unobserved), None)
    }
}

/// Says that a policy could not be evaluated.
pub(crate) fn tell_fault(
    step: &mut Step<'_>,
    policy: &Policy,
    (agent, tx_id, tree): (AgentNo, Option<PaymentNo>, Tree),
    fault: &RunFault,
) {
    let event = PolicyFault {
        agent_id: agent,
        tx_id,
        tree: word_of(tree),
        node: step.batch.text(&policy.node_ids()[fault.node as usize]),
        message: step.batch.text(&fault.cause.to_string()),
        decision_path: step.path,
    };
    step.emit(event);
}

const fn word_of(tree: Tree) -> PolicyTree {
    match tree {
        Tree::Payment => PolicyTree::Payment,
        Tree::Bank => PolicyTree::Bank,
        Tree::StrategicCollateral => PolicyTree::StrategicCollateral,
        Tree::EndOfTickCollateral => PolicyTree::EndOfTickCollateral,
    }
}

/// A decision that is told with the way that led to it.
pub(crate) struct Telling {
    path: Option<Text>,
    /// How many events there were before.
    events: usize,
}

impl Telling {
    /// Lets what is told from now on say which way led to it, if one is given.
    pub(crate) fn begin(step: &mut Step<'_>, policy: &Policy, trail: Option<&Trail>) -> Self {
        step.path = trail
            .filter(|trail| !trail.0.is_empty())
            .map(|trail| step.batch.text(&policy.path(&trail.0)));
        Self { path: step.path, events: step.batch.events().len() }
    }

    /// Ends that; if nothing was told, tells the decision by itself.
    pub(crate) fn end(
        self,
        step: &mut Step<'_>,
        (agent_id, tx_id, tree): (AgentNo, Option<PaymentNo>, Tree),
    ) {
        step.path = None;
        if let Some(decision_path) = self.path
            && step.batch.events().len() == self.events
        {
            step.emit(PolicyDecision { agent_id, tx_id, tree: word_of(tree), decision_path });
        }
    }
}
