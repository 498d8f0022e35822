//! Policies: who follows which, what they decide by which way, their registers and their faults.

use psim_model::event::{
    HoldReason, Origin, PolicyDecision, PolicyFault, PolicyFollowed, PolicyHold, PolicyReplaced,
    PolicyTree, Real, StateRegisterSet, Text,
};
use psim_model::{AgentNo, PaymentNo};

use super::{Stream, no};

impl Stream {
    /// Says by which way through a tree the next decision is made.
    pub(crate) fn by(&mut self, way: &'static str) -> &mut Self {
        self.way = Some(way);
        self
    }

    /// Returns the way of the event at hand.
    pub(crate) fn path(&mut self) -> Option<Text> {
        let way = self.way.take();
        way.map(|way| self.batch().text(way))
    }

    /// Says who follows a policy from the start.
    pub(crate) fn follow(
        &mut self,
        policy: &str,
        agents: impl IntoIterator<Item = AgentNo>,
    ) -> &mut Self {
        let batch = self.batch();
        let document = batch.text(&document_of(policy));
        let (policy, agents) = (batch.text(policy), batch.agents(agents));
        self.push(PolicyFollowed { policy, document, agents });
        self
    }

    /// Gives an agent another policy.
    pub(crate) fn replace(&mut self, agent: char, policy: &str) -> &mut Self {
        let batch = self.batch();
        let document = batch.text(&document_of(policy));
        let policy = batch.text(policy);
        self.push(PolicyReplaced { agent_id: no(agent), policy, document, origin: Origin::Api });
        self
    }

    pub(crate) fn hold_with(
        &mut self,
        tx: u32,
        reason: HoldReason,
        words: Option<&str>,
    ) -> &mut Self {
        let agent_id = self.payments[tx as usize].sender;
        let detail = words.map(|words| self.batch().text(words));
        let decision_path = self.path();
        self.push(PolicyHold { tx_id: PaymentNo(tx), agent_id, reason, detail, decision_path });
        self
    }

    /// Sets a register from one value to another.
    pub(crate) fn register(
        &mut self,
        agent: char,
        key: &str,
        [old, new]: [f64; 2],
        reason: &str,
    ) -> &mut Self {
        let batch = self.batch();
        let (register_key, reason) = (batch.text(key), batch.text(reason));
        let decision_path = self.path();
        self.push(StateRegisterSet {
            agent_id: no(agent),
            register_key,
            old_value: Real::new(old),
            new_value: Real::new(new),
            reason,
            decision_path,
        });
        self
    }

    /// Lets a policy fail at a node `N4`.
    pub(crate) fn fail(&mut self, agent: char, tree: PolicyTree, tx: Option<u32>) -> &mut Self {
        let batch = self.batch();
        let (node, message) = (batch.text("N4"), batch.text("division by zero"));
        let decision_path = self.path();
        let (agent_id, tx_id) = (no(agent), tx.map(PaymentNo));
        self.push(PolicyFault { agent_id, tx_id, tree, node, message, decision_path });
        self
    }

    /// Lets a policy decide to do nothing; the way must have been said.
    pub(crate) fn decide(&mut self, agent: char, tree: PolicyTree, tx: Option<u32>) -> &mut Self {
        let decision_path = self.path().expect("there is a way");
        let (agent_id, tx_id) = (no(agent), tx.map(PaymentNo));
        self.push(PolicyDecision { agent_id, tx_id, tree, decision_path });
        self
    }
}

/// Returns a document by its name.
pub(crate) fn document_of(policy: &str) -> String {
    format!(r#"{{"policy_id": "{policy}", "version": "1.0"}}"#)
}
