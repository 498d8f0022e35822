//! Asking policies, and what they order that is not about a payment.

use psim_model::event::{Origin, PolicyDecision, PolicyFault, PolicyTree, Text};
use psim_model::{AgentNo, PaymentNo, ReleaseBudget};
use psim_policy::Tree;

use super::{Answer, Facts, Order, Trouble, ask};
use crate::reference::Reference;

/// A tree that was asked, and its answer.
#[derive(Clone, Debug)]
pub(in super::super) struct Asked {
    agent: AgentNo,
    payment: Option<PaymentNo>,
    tree: Tree,
    pub(in super::super) answer: Answer,
}

impl Reference {
    /// Step 5: agent by agent, timers that are due, then collateral, then the bank.
    pub(in super::super) fn prepare_agents(&mut self) {
        for agent in (0..self.accounts.len()).map(AgentNo::from_index) {
            self.ask_timers(agent);
            self.ask_agent(agent, Tree::StrategicCollateral);
            self.ask_agent(agent, Tree::Bank);
        }
    }

    /// Step 11, first: agent by agent, collateral once more.
    pub(in super::super) fn look_at_collateral(&mut self) {
        for agent in (0..self.accounts.len()).map(AgentNo::from_index) {
            self.ask_agent(agent, Tree::EndOfTickCollateral);
        }
    }

    fn ask_agent(&mut self, agent: AgentNo, tree: Tree) {
        if self.accounts[agent.index()].is_out {
            return;
        }
        let Some(asked) = self.ask(self, agent, tree, None) else { return };
        self.in_the_name_of(&asked, |world| match &asked.answer.outcome {
            Ok(orders) => {
                world.accounts[agent.index()].last_faults[tree as usize] = None;
                for order in orders {
                    world.carry_out_order(agent, order);
                }
            }
            Err(trouble) => {
                let kind = Some(trouble.kind());
                let last = &mut world.accounts[agent.index()].last_faults[tree as usize];
                let is_new = *last != kind;
                *last = kind;
                if is_new || world.traces() {
                    world.say_fault(&asked, trouble);
                }
            }
        });
    }

    /// Asks a tree of an agent's policy; `None` if it has no such tree.
    pub(in super::super) fn ask(
        &self,
        start: &Self,
        agent: AgentNo,
        tree: Tree,
        payment: Option<PaymentNo>,
    ) -> Option<Asked> {
        let policy = &self.accounts[agent.index()].policy;
        let facts = Facts { start, now: self, agent, payment };
        let answer = ask(policy.document(), tree, &facts)?;
        Some(Asked { agent, payment, tree, answer })
    }

    /// Returns whether each decision is told with the way that led to it.
    pub(in super::super) fn traces(&self) -> bool {
        self.scenario.policies.trace_decisions
    }

    /// Does what follows from an answer; where decisions are traced, the events name the way, and
    /// if there are none, one says that this was the answer.
    pub(in super::super) fn in_the_name_of<T>(
        &mut self,
        asked: &Asked,
        act: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let before = self.log.events().len();
        self.way = self.traces().then(|| asked.answer.path.clone());
        let outcome = act(self);
        if let Some(decision_path) = self.decision_path()
            && self.log.events().len() == before
        {
            self.log.push(PolicyDecision {
                agent_id: asked.agent,
                tx_id: asked.payment,
                tree: word_of(asked.tree),
                decision_path,
            });
        }
        self.way = None;
        outcome
    }

    /// Returns the way to what is just being done, if a tree has led there and ways are told.
    pub(in super::super) fn decision_path(&mut self) -> Option<Text> {
        self.way.as_ref().map(|way| self.log.text(way))
    }

    pub(in super::super) fn say_fault(&mut self, asked: &Asked, trouble: &Trouble) {
        let fault = PolicyFault {
            agent_id: asked.agent,
            tx_id: asked.payment,
            tree: word_of(asked.tree),
            node: self.log.text(&trouble.node),
            message: self.log.text(&trouble.cause.to_string()),
            decision_path: self.decision_path(),
        };
        self.log.push(fault);
    }

    fn carry_out_order(&mut self, agent: AgentNo, order: &Order) {
        match order {
            Order::SetBudget { total, focus, each } => {
                let budget = ReleaseBudget {
                    max_value_to_release: *total,
                    focus_counterparties: focus.as_ref().map(|ids| self.agents_called(ids)),
                    max_per_counterparty: *each,
                };
                self.set_budget(agent, &budget);
            }
            Order::SetRegister { key, value, reason } => {
                self.set_register(agent, key, *value, reason);
            }
            Order::Post { amount, reason, timer } => {
                if self.refusal_of_posting(agent, *amount).is_none() {
                    self.post_collateral(agent, *amount, reason, *timer, Origin::Policy);
                }
            }
            Order::Withdraw { amount, reason } => {
                if self.refusal_of_withdrawal(agent, *amount).is_none() {
                    self.withdraw_collateral(agent, *amount, reason, Origin::Policy);
                }
            }
            Order::Pay(_) | Order::Hold { .. } => {
                panic!("Invariant: only payment trees order something for payments")
            }
        }
    }

    /// Returns the agents that are meant, ascending; an id that nobody has means nobody.
    fn agents_called(&self, ids: &[String]) -> Vec<AgentNo> {
        let agents = self.scenario.agents.iter().enumerate();
        let meant = agents.filter(|(_, agent)| ids.contains(&agent.id));
        meant.map(|(index, _)| AgentNo::from_index(index)).collect()
    }
}

fn word_of(tree: Tree) -> PolicyTree {
    match tree {
        Tree::Payment => PolicyTree::Payment,
        Tree::Bank => PolicyTree::Bank,
        Tree::StrategicCollateral => PolicyTree::StrategicCollateral,
        Tree::EndOfTickCollateral => PolicyTree::EndOfTickCollateral,
    }
}
