//! Sets settle, and are told.

use psim_model::event::{
    AgentList, LsmAlgorithm, LsmBatchSettlement, LsmBilateralOffset, LsmCycleSettlement, MoneyList,
    PaymentList,
};
use psim_model::{AgentNo, Money, PaymentNo, Total};

use super::Set;
use super::view::Queued;
use crate::backlog::Queue;
use crate::payments::Payment;
use crate::queue2_pass;
use crate::settle;
use crate::world::{Step, World};

/// What has settled.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) payments: u32,
    pub(super) value: Total,
}

/// Makes one of the events that tell a set.
macro_rules! tell {
    ($event:ident { $told:expr $(, $more:ident)? }) => {{
        let told = $told;
        $event {
            $($more,)?
            tx_ids: told.tx_ids,
            tx_amounts: told.tx_amounts,
            agents: told.agents,
            net_positions: told.net_positions,
            total_value: told.total_value,
            max_net_outflow: told.max_net_outflow,
            max_net_outflow_agent: told.max_net_outflow_agent,
        }
    }};
}

/// Settles what an algorithm has found.
pub(super) fn apply(
    world: &mut World,
    step: &mut Step<'_>,
    algorithm: LsmAlgorithm,
    set: &Set,
) -> Tally {
    match set {
        Set::One(queued) => {
            queue2_pass::settle_queued(world, step, queued.key, queued.no);
            Tally { payments: 1, value: Total::from(queued.flow.amount) }
        }
        Set::Pair(agents, found) => {
            let settled = settle(world, step, found, Some(agents));
            let event = tell!(LsmBilateralOffset { Told::of(step, &settled) });
            step.emit(event);
            follow_up(world, step, &settled)
        }
        Set::Cycle(agents, found) => {
            let settled = settle(world, step, found, Some(agents));
            let event = tell!(LsmCycleSettlement { Told::of(step, &settled) });
            step.emit(event);
            follow_up(world, step, &settled)
        }
        Set::Batch(found) => {
            let settled = settle(world, step, found, None);
            let event = tell!(LsmBatchSettlement { Told::of(step, &settled), algorithm });
            step.emit(event);
            follow_up(world, step, &settled)
        }
    }
}

/// Payments that have settled together, and what their agents got on balance.
struct Settled<'f> {
    found: &'f [Queued],
    nets: Vec<(AgentNo, Money)>,
    /// Those of which more is to be told.
    followed: Vec<(PaymentNo, Payment)>,
    value: Total,
}

/// What an event says of a set.
struct Told {
    tx_ids: PaymentList,
    tx_amounts: MoneyList,
    agents: AgentList,
    net_positions: MoneyList,
    total_value: Money,
    max_net_outflow: Money,
    max_net_outflow_agent: Option<AgentNo>,
}

/// Moves the net money of payments and takes them out of queue 2. The agents are told in the order
/// given, or ascending.
fn settle<'f>(
    world: &mut World,
    step: &Step<'_>,
    found: &'f [Queued],
    order: Option<&[AgentNo]>,
) -> Settled<'f> {
    let mut nets = settle::move_nets(world, found.iter().map(|queued| (queued.no, queued.flow)));
    let mut followed = Vec::new();
    for queue in found.chunk_by(|a, b| a.flow.sender == b.flow.sender) {
        let sender = queue[0].flow.sender;
        let is_all = world.queue2.remove_all(sender, queue.len());
        for Queued { key, no, flow } in queue {
            let payment = *world.payments.get(*no);
            let is_overdue = payment.is_overdue(step.now);
            if !is_all {
                world.queue2.remove(*key, &payment);
            }
            world.backlog.remove(&payment, Queue::Two, is_overdue);
            settle::finish_member(world, step, *no, flow);
            if is_overdue || world.splits.any() {
                followed.push((*no, payment));
            }
        }
        // Under `fifo`, another of its payments is the first now.
        world.queue2.touch(sender);
    }
    if let Some(order) = order {
        nets.sort_by_key(|(agent, _)| order.iter().position(|it| it == agent));
    }
    let value = found.iter().map(|queued| queued.flow.amount).sum();
    Settled { found, nets, followed, value }
}

impl Told {
    fn of(step: &mut Step<'_>, settled: &Settled<'_>) -> Self {
        let Settled { found, nets, value, .. } = settled;
        let most = nets.iter().map(|(_, net)| net.shortfall()).max().unwrap_or_default();
        let payer = nets.iter().find(|(_, net)| net.is_negative() && net.shortfall() == most);
        Self {
            tx_ids: step.batch.payments(found.iter().map(|queued| queued.no)),
            tx_amounts: step.batch.amounts(found.iter().map(|queued| queued.flow.amount)),
            agents: step.batch.agents(nets.iter().map(|(agent, _)| *agent)),
            net_positions: step.batch.amounts(nets.iter().map(|(_, net)| *net)),
            total_value: value.to_money().unwrap_or(Money::MAX),
            max_net_outflow: most,
            max_net_outflow_agent: payer.map(|(agent, _)| *agent),
        }
    }
}

fn follow_up(world: &mut World, step: &mut Step<'_>, settled: &Settled<'_>) -> Tally {
    for (no, payment) in &settled.followed {
        settle::follow_up(world, step, *no, payment);
    }
    let count = u32::try_from(settled.found.len());
    Tally { payments: count.expect("Invariant: payments can be numbered"), value: settled.value }
}
