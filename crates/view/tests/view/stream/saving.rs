//! What algorithms settle, where they stop and what cannot move.

use psim_model::event::{
    AlgorithmExecution, BlockKind, LsmAlgorithm, LsmBatchSettlement, LsmBilateralOffset, LsmBound,
    LsmBoundReached, LsmCycleSettlement, LsmResult, QueueBlocked,
};
use psim_model::{AgentNo, PaymentNo};

use super::{Stream, money};

impl Stream {
    /// Settles payments of queue 2 together; those of a ring from its first agent on.
    pub(crate) fn settle_set(&mut self, algorithm: LsmAlgorithm, set: &[u32]) -> &mut Self {
        let amounts: Vec<i64> = set.iter().map(|tx| self.amount_of(*tx)).collect();
        let agents = self.agents_of(algorithm, set);
        let nets: Vec<i64> = agents.iter().map(|agent| self.net_of(*agent, set)).collect();
        for (agent, net) in agents.iter().zip(&nets) {
            if *net > 0 {
                self.credit_later(*agent, *net);
            } else {
                self.agents[agent.index()] += net;
            }
        }
        let most = nets.iter().copied().min().unwrap_or(0).min(0);
        let payer = agents.iter().zip(&nets).find(|(_, net)| most < 0 && **net == most);
        let max_net_outflow_agent = payer.map(|(agent, _)| *agent);
        let max_net_outflow = money(-most);
        let total_value = money(amounts.iter().sum());
        let batch = self.batch();
        let tx_ids = batch.payments(set.iter().copied().map(PaymentNo));
        let tx_amounts = batch.amounts(amounts.into_iter().map(money));
        let agents = batch.agents(agents);
        let net_positions = batch.amounts(nets.into_iter().map(money));
        match algorithm {
            LsmAlgorithm::Bilateral => self.push(LsmBilateralOffset {
                tx_ids,
                tx_amounts,
                agents,
                net_positions,
                total_value,
                max_net_outflow,
                max_net_outflow_agent,
            }),
            LsmAlgorithm::Cycles => self.push(LsmCycleSettlement {
                tx_ids,
                tx_amounts,
                agents,
                net_positions,
                total_value,
                max_net_outflow,
                max_net_outflow_agent,
            }),
            algorithm => self.push(LsmBatchSettlement {
                algorithm,
                tx_ids,
                tx_amounts,
                agents,
                net_positions,
                total_value,
                max_net_outflow,
                max_net_outflow_agent,
            }),
        }
        self
    }

    /// Returns who pays or is paid: around the ring, or ascending.
    fn agents_of(&self, algorithm: LsmAlgorithm, set: &[u32]) -> Vec<AgentNo> {
        let parties = set.iter().map(|tx| self.parties_of(*tx));
        let mut agents: Vec<AgentNo> = match algorithm {
            LsmAlgorithm::Cycles => parties.map(|[sender, _]| sender).collect(),
            _ => parties.flatten().collect(),
        };
        if algorithm != LsmAlgorithm::Cycles {
            agents.sort_unstable();
        }
        agents.dedup();
        agents
    }

    fn net_of(&self, agent: AgentNo, set: &[u32]) -> i64 {
        let net = |tx: &u32| {
            let [sender, receiver] = self.parties_of(*tx);
            let sign = i64::from(receiver == agent) - i64::from(sender == agent);
            sign * self.amount_of(*tx)
        };
        set.iter().map(net).sum()
    }

    pub(crate) fn execution(
        &mut self,
        (place, name): (u32, LsmAlgorithm),
        settlements: u32,
        value: i64,
    ) -> &mut Self {
        let result = if settlements > 0 { LsmResult::Success } else { LsmResult::NoSuccess };
        let settled_value = money(value);
        self.push(AlgorithmExecution {
            algorithm: place,
            name,
            result,
            settlements,
            settled_value,
        });
        self
    }

    pub(crate) fn bound(&mut self, bound: LsmBound, limit: u64, name: LsmAlgorithm) -> &mut Self {
        self.push(LsmBoundReached { bound, limit, name });
        self
    }

    pub(crate) fn blocked(
        &mut self,
        kind: BlockKind,
        payments: u32,
        value: i64,
        could_settle: u32,
    ) -> &mut Self {
        self.push(QueueBlocked { kind, payments, value: money(value), could_settle });
        self
    }
}
