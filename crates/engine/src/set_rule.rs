//! The set rule: whether payments may settle together. The one test of every path.

use psim_model::event::QueueReason;
use psim_model::{AgentNo, Money, RtgsPriority, Total};
use rustc_hash::FxHashMap;

use crate::limits::{Admission, Flow};
use crate::world::World;

/// Admits a single payment, or says what keeps it from settling.
#[inline]
pub(crate) fn admit(world: &World, flow: &Flow) -> Result<Admission, QueueReason> {
    if flow.amount > world.ledger.available(flow.sender, flow.class) {
        return Err(QueueReason::InsufficientLiquidity);
    }
    world.limits.admit(flow)
}

/// Returns what keeps payments from settling together: the first agent, in the order of the set,
/// that cannot pay its net or whose limits do not admit its part.
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
        let available = world.ledger.available(*sender, lowest_class(set, *sender));
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

/// Returns what each agent of a set gets on balance (below zero: pays), in the order in which the
/// set names them, senders before receivers.
pub(crate) fn net_positions(set: &[Flow]) -> Vec<(AgentNo, Money)> {
    let mut places: FxHashMap<AgentNo, usize> = FxHashMap::default();
    let mut nets: Vec<(AgentNo, Total)> = Vec::new();
    let mut add = |agent: AgentNo, amount: Total| {
        let place = *places.entry(agent).or_insert(nets.len());
        match nets.get_mut(place) {
            Some((_, net)) => *net += amount,
            None => nets.push((agent, amount)),
        }
    };
    for flow in set {
        let amount = Total::from(flow.amount);
        add(flow.sender, Total::ZERO - amount);
        add(flow.receiver, amount);
    }
    let in_money = |net: Total| {
        net.to_money().expect("Invariant: what moves on balance is money that there is")
    };
    nets.into_iter().map(|(agent, net)| (agent, in_money(net))).collect()
}
