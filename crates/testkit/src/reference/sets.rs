//! The set rule, and how a set moves money; a payment by itself is a set of one.

use psim_model::event::OverdueTransactionSettled;
use psim_model::{AgentNo, Money, PaymentNo, Total};

use super::Reference;
use super::state::{Credit, Fate, Flow};

impl Reference {
    /// Returns what settles if a payment does.
    pub(super) fn flow(&self, no: PaymentNo) -> Flow {
        let payment = &self.payments[no.index()];
        Flow {
            payment: Some(no),
            sender: payment.sender,
            receiver: payment.receiver,
            amount: payment.amount,
            class: payment.class,
        }
    }

    /// Returns whether a set of payments may settle.
    pub(super) fn may_settle(&self, set: &[Flow]) -> bool {
        agents_of(set).into_iter().all(|agent| self.keeps_set_rule(agent, set))
    }

    /// Returns whether an agent may take its part in a set.
    pub(super) fn keeps_set_rule(&self, agent: AgentNo, set: &[Flow]) -> bool {
        self.is_covered(agent, set)
            && self.bilateral_limits_admit(agent, set)
            && self.multilateral_limit_admits(agent, set)
    }

    /// Returns whether an agent has available what it pays on balance in a set.
    pub(super) fn is_covered(&self, agent: AgentNo, set: &[Flow]) -> bool {
        let own = set.iter().filter(|flow| flow.sender == agent);
        let Some(lowest) = own.map(|flow| flow.class).min() else { return true };
        let pays = net_payment(agent, set);
        pays <= Total::ZERO || pays <= self.available(agent, lowest).into()
    }

    /// Moves each agent's net, finally. What follows the settling event is for the caller.
    pub(super) fn settle(&mut self, set: &[Flow]) {
        for agent in agents_of(set) {
            let pays = net_payment(agent, set).to_money();
            let pays = pays.expect("Invariant: what is covered is bounded by money in reach");
            if pays.is_negative() && self.scenario.rules.deferred_crediting {
                let received = set.iter().filter(|flow| flow.receiver == agent);
                let sources = received.filter_map(|flow| flow.payment).collect();
                let credit = Credit { amount: Money::ZERO - pays, sources };
                self.accounts[agent.index()].pending.push(credit);
            } else {
                self.accounts[agent.index()].balance -= pays;
                self.changes += u64::from(pays != Money::ZERO);
            }
        }
        self.settled_today.extend(set);
        self.settled_ever.extend(set.iter().filter(|flow| flow.payment.is_some()));
        self.has_settled |= set.iter().any(|flow| flow.payment.is_some());
    }

    /// Directly after the settling event: says what else the settlement of a payment means.
    ///
    /// In a set payment by payment: a whole is complete with the last of its parts.
    pub(super) fn follow_settlement(&mut self, no: PaymentNo) {
        let payment = &mut self.payments[no.index()];
        payment.fate = Some(Fate::Settled);
        if let Some(penalty) = payment.deadline_penalty {
            self.log.push(OverdueTransactionSettled {
                tx_id: no,
                sender_id: payment.sender,
                receiver_id: payment.receiver,
                amount: payment.amount,
                settled_amount: payment.amount,
                deadline_tick: payment.deadline,
                overdue_since_tick: payment.deadline.next(),
                total_ticks_overdue: self.now.since(payment.deadline),
                deadline_penalty_cost: penalty,
            });
        }
        self.complete_parent_of(no);
    }
}

/// Returns the agents of a set, each once, in order of appearance.
pub(super) fn agents_of(set: &[Flow]) -> Vec<AgentNo> {
    let mut agents = Vec::new();
    for agent in set.iter().flat_map(|flow| [flow.sender, flow.receiver]) {
        if !agents.contains(&agent) {
            agents.push(agent);
        }
    }
    agents
}

/// Returns what an agent pays in a set, less what it gets.
pub(super) fn net_payment(agent: AgentNo, set: &[Flow]) -> Total {
    let mut pays = Total::ZERO;
    for flow in set {
        if flow.sender == agent {
            pays += flow.amount;
        }
        if flow.receiver == agent {
            pays -= flow.amount;
        }
    }
    pays
}
