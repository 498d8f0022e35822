//! What settled together on entry in a tick, and what limits stopped.

use psim_model::event::{BilateralLimitExceeded, MultilateralLimitExceeded, SettledSet};
use psim_model::{Money, PaymentNo};

use super::section::{Section, Subject};

/// A payment that settles with others, and with which.
struct Member<'a> {
    payment: PaymentNo,
    others: &'a [PaymentNo],
    set: &'a SettledSet,
}

impl Section<'_> {
    pub(super) fn offsets(&self, text: &mut String, offsets: &[SettledSet]) {
        let mut members = Vec::new();
        for set in offsets {
            let payments = set.tx_ids.of(self.batch.columns());
            members.extend(payments.iter().map(|payment| Member {
                payment: *payment,
                others: payments,
                set,
            }));
        }
        let subject = |member: &Member| self.recall(member.payment);
        self.list(text, "Settled by offset on entry", &members, subject, |member| {
            let mut others = member.others.to_vec();
            others.retain(|other| *other != member.payment);
            let SettledSet { max_net_outflow, max_net_outflow_agent, .. } = *member.set;
            let rest = self.wording.on_balance(max_net_outflow_agent, max_net_outflow);
            vec![format!("with {}", self.wording.list(&others)), rest]
        });
    }

    pub(super) fn bilateral_limit_hits(&self, text: &mut String, hits: &[&BilateralLimitExceeded]) {
        let subject = |hit: &&BilateralLimitExceeded| self.recall(hit.tx_id);
        self.list(text, "Beyond a bilateral limit", hits, subject, |hit| {
            let Subject { receiver, .. } = self.recall(hit.tx_id);
            let limit = format!("limit for {}", self.wording.agent(receiver));
            self.limit(&limit, hit.bilateral_limit, hit.current_bilateral_outflow)
        });
    }

    pub(super) fn multilateral_limit_hits(
        &self,
        text: &mut String,
        hits: &[&MultilateralLimitExceeded],
    ) {
        let subject = |hit: &&MultilateralLimitExceeded| self.recall(hit.tx_id);
        self.list(text, "Beyond a multilateral limit", hits, subject, |hit| {
            self.limit("limit for all", hit.multilateral_limit, hit.current_total_outflow)
        });
    }

    fn limit(&self, which: &str, limit: Money, used: Money) -> Vec<String> {
        let (limit, used) = (self.wording.amount(limit), self.wording.amount(used));
        vec![format!("{which}: {limit}"), format!("{used} used")]
    }
}
