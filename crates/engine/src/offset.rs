//! Entry-disposition offsetting: an entering payment settles together with one queued the other
//! way.

use psim_model::event::EntryDispositionOffset;
use psim_model::{Money, PaymentNo, Total};

use crate::backlog::Queue;
use crate::limits::Flow;
use crate::payments::Payment;
use crate::queue2::Key;
use crate::set_rule;
use crate::settle;
use crate::world::{Step, World};

/// Settles a payment that cannot settle by itself together with the first queued one, from its
/// receiver back to its sender, with which it passes the set rule; returns whether there was one.
pub(crate) fn settle_with_queued(
    world: &mut World,
    step: &mut Step<'_>,
    no: PaymentNo,
    entering: &Payment,
) -> bool {
    let Some((key, partner)) = partner_of(world, step, entering) else { return false };
    let queued = *world.payments.get(partner);
    world.queue2.take_out(key, &queued);
    world.backlog.remove(&queued, Queue::Two, queued.is_overdue(step.now));
    let set = [(no, Flow::from(entering)), (partner, Flow::from(&queued))];
    settle::move_nets(world, set.into_iter());
    for (no, flow) in &set {
        settle::finish_member(world, step, *no, flow);
    }
    report(step, (no, entering), (partner, &queued));
    settle::follow_up(world, step, no, entering);
    settle::follow_up(world, step, partner, &queued);
    true
}

fn partner_of(world: &World, step: &Step<'_>, entering: &Payment) -> Option<(Key, PaymentNo)> {
    if world.in_outage[entering.receiver.index()] {
        return None;
    }
    // Neither can pay on balance more than it has: that rules most amounts out at once.
    let available = |agent| Total::from(world.ledger.available(agent));
    let entering_amount = Total::from(entering.amount);
    let least = entering_amount - available(entering.sender);
    let most = entering_amount + available(entering.receiver);
    let mut queued = world.queue2.between(entering.receiver, entering.sender);
    queued.find(|(_, no)| {
        let queued = world.payments.get(*no);
        let set = || [Flow::from(entering), Flow::from(queued)];
        (least..=most).contains(&Total::from(queued.amount))
            && queued.earliest <= step.now
            && set_rule::obstacle(world, &set()).is_none()
    })
}

fn report(
    step: &mut Step<'_>,
    (no, entering): (PaymentNo, &Payment),
    (partner, queued): (PaymentNo, &Payment),
) {
    let net = entering.amount - queued.amount;
    let payer = match (net.is_positive(), net.is_negative()) {
        (true, _) => Some(entering.sender),
        (_, true) => Some(entering.receiver),
        _ => None,
    };
    let offset = EntryDispositionOffset {
        tx_ids: step.batch.payments([no, partner]),
        tx_amounts: step.batch.amounts([entering.amount, queued.amount]),
        agents: step.batch.agents([entering.sender, entering.receiver]),
        net_positions: step.batch.amounts([queued.amount - entering.amount, net]),
        // Two amounts may be more than 64 bits hold; what is moved is not.
        total_value: entering.amount.checked_add(queued.amount).unwrap_or(Money::MAX),
        max_net_outflow: net.or_zero() + net.shortfall(),
        max_net_outflow_agent: payer,
    };
    step.emit(offset);
}
