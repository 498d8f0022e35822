//! The set rule: whether payments may settle together. The one test of every path.

use psim_model::event::QueueReason;
use psim_model::{AgentNo, Money, RtgsPriority, Total};

use crate::limits::{Admission, Flow};
use crate::world::World;

/// Admits a single payment, or says what keeps it from settling.
#[inline]
pub(crate) fn admit(world: &World, flow: &Flow) -> Result<Admission, QueueReason> {
    if flow.amount > world.ledger.available_for(flow.sender, flow.class) {
        return Err(QueueReason::InsufficientLiquidity);
    }
    world.limits.admit(flow)
}

/// Returns why payments may not settle together: the reason of the first agent, in the order of the
/// set, that cannot pay its net or whose limits do not admit its part.
pub(crate) fn obstacle(world: &World, set: &[Flow]) -> Option<QueueReason> {
    if let [only] = set {
        return admit(world, only).err();
    }
    let senders = set
        .iter()
        .enumerate()
        .filter(|(index, flow)| !set[..*index].iter().any(|before| before.sender == flow.sender));
    for (_, Flow { sender, .. }) in senders {
        let net = paid_by(set, *sender) - received_by(set, *sender);
        let available = world.ledger.available_for(*sender, lowest_class(set, *sender));
        if net > Total::from(available) {
            return Some(QueueReason::InsufficientLiquidity);
        }
        if world.limits.is_active()
            && let Some(reason) = limit_obstacle(world, *sender, set)
        {
            return Some(reason);
        }
    }
    None
}

/// Returns which limit of an agent does not admit its part in a set.
fn limit_obstacle(world: &World, agent: AgentNo, set: &[Flow]) -> Option<QueueReason> {
    let limits = &world.limits;
    let bound = || set.iter().filter(|flow| limits.binds(flow.class));
    let sum = |is_counted: &dyn Fn(&Flow) -> bool| -> Total {
        bound().filter(|flow| is_counted(flow)).map(|flow| flow.amount).sum()
    };
    for flow in bound().filter(|flow| flow.sender == agent) {
        let receiver = flow.receiver;
        let paid = sum(&|flow| flow.sender == agent && flow.receiver == receiver);
        let received = sum(&|flow| flow.sender == receiver && flow.receiver == agent);
        if !limits.admits_bilateral(agent, receiver, paid, received) {
            return Some(QueueReason::BilateralLimit);
        }
    }
    let paid = sum(&|flow| flow.sender == agent);
    let received = sum(&|flow| flow.receiver == agent);
    let admits = limits.admits_multilateral(agent, paid, received);
    (!admits).then_some(QueueReason::MultilateralLimit)
}

fn paid_by(set: &[Flow], agent: AgentNo) -> Total {
    set.iter().filter(|flow| flow.sender == agent).map(|flow| flow.amount).sum()
}

fn received_by(set: &[Flow], agent: AgentNo) -> Total {
    set.iter().filter(|flow| flow.receiver == agent).map(|flow| flow.amount).sum()
}

/// Returns the lowest class among an agent's payments in a set.
fn lowest_class(set: &[Flow], agent: AgentNo) -> RtgsPriority {
    let own = set.iter().filter(|flow| flow.sender == agent).map(|flow| flow.class);
    own.min().unwrap_or(RtgsPriority::HighlyUrgent)
}

/// Sets up to this size are sorted by agent, larger ones summed up in a list of all agents.
const FEW: usize = 64;

/// Returns what each agent of a set gets on balance (below zero: pays), ascending.
pub(crate) fn net_positions(
    set: impl ExactSizeIterator<Item = Flow>,
    agents: usize,
) -> Vec<(AgentNo, Money)> {
    let is_small = set.len() <= FEW;
    let changes = set.flat_map(|flow| {
        let amount = Total::from(flow.amount);
        [(flow.sender, Total::ZERO - amount), (flow.receiver, amount)]
    });
    let mut nets: Vec<(AgentNo, Total)> = Vec::new();
    if is_small {
        nets.extend(changes);
        nets.sort_by_key(|(agent, _)| *agent);
        nets.dedup_by(|(agent, amount), (kept, net)| {
            let is_same = agent == kept;
            if is_same {
                *net += *amount;
            }
            is_same
        });
    } else {
        let mut sums: Vec<Option<Total>> = vec![None; agents];
        for (agent, amount) in changes {
            *sums[agent.index()].get_or_insert_default() += amount;
        }
        let by_agent = sums.into_iter().enumerate();
        nets.extend(by_agent.filter_map(|(agent, net)| Some((AgentNo::from_index(agent), net?))));
    }
    let in_money = |net: Total| {
        net.to_money().expect("Invariant: what moves on balance is money that there is")
    };
    nets.into_iter().map(|(agent, net)| (agent, in_money(net))).collect()
}
