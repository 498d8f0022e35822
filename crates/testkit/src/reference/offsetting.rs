//! Entry-disposition offsetting: an entering payment against one queued the other way.

use psim_model::event::{EntryDispositionOffset, QueueReason};
use psim_model::{Money, PaymentNo, Total};

use super::Reference;
use super::limits::clamped;
use super::sets::net_payment;
use super::state::Flow;

impl Reference {
    /// Settles a payment that cannot settle by itself together with the first one in queue 2 with
    /// which it can; returns whether there was one.
    pub(super) fn settles_by_offset(&mut self, entering: PaymentNo, obstacle: QueueReason) -> bool {
        let is_on = self.scenario.rules.entry_disposition_offsetting;
        let flow = self.flow(entering);
        let receiver_is_out = self.accounts[flow.receiver.index()].is_out;
        if !is_on || obstacle == QueueReason::NotBefore || receiver_is_out {
            return false;
        }
        for queued in self.queue2_in_order() {
            let back = self.flow(queued);
            let is_counter = (back.sender, back.receiver) == (flow.receiver, flow.sender);
            let may_settle_yet = self.payments[queued.index()].earliest <= self.now;
            if is_counter && may_settle_yet && self.may_settle(&[flow, back]) {
                self.leave_queue2(queued);
                self.settle(&[flow, back]);
                self.say_offset(entering, queued, [flow, back]);
                self.follow_settlement(entering);
                self.follow_settlement(queued);
                return true;
            }
        }
        false
    }

    fn say_offset(&mut self, entering: PaymentNo, queued: PaymentNo, set: [Flow; 2]) {
        let agents = [set[0].sender, set[0].receiver];
        let pays = agents.map(|agent| clamped(net_payment(agent, &set)));
        let max_net_outflow = pays[0].max(pays[1]);
        let payer = agents.into_iter().zip(pays).find(|(_, pays)| pays.is_positive());
        let offset = EntryDispositionOffset {
            tx_ids: self.log.payments([entering, queued]),
            tx_amounts: self.log.amounts(set.map(|flow| flow.amount)),
            agents: self.log.agents(agents),
            net_positions: self.log.amounts(pays.map(|pays| Money::ZERO - pays)),
            total_value: clamped(set.iter().map(|flow| flow.amount).sum::<Total>()),
            max_net_outflow,
            max_net_outflow_agent: payer.map(|(agent, _)| agent),
        };
        self.log.push(offset);
    }
}
