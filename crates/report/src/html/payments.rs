//! Payments and their lives.

use std::collections::BTreeMap;

use psim_model::AgentNo;
use psim_view::{Payment, Place, class_phrase, count};
use serde_json::{Value, json};

use super::data::minor;
use crate::measured::Measured;
use crate::picture::{PaymentLife, Picture};

/// Returns the payments that were selected, by columns; nothing if there are none.
pub(super) fn list(run: &Measured, picture: &Picture) -> Option<Value> {
    let payments = &picture.payments;
    if payments.is_empty() {
        return None;
    }
    let rows: BTreeMap<AgentNo, usize> =
        picture.selection.agents.iter().enumerate().map(|(row, no)| (*no, row)).collect();
    let column = |cell: &dyn Fn(&PaymentLife) -> Value| -> Vec<Value> {
        payments.iter().map(cell).collect()
    };
    let term = |cell: &dyn Fn(&Payment) -> Value| column(&|life| cell(&life.payment));
    Some(json!({
        "about": about(run, picture),
        "id": column(&|life| json!(life.id)),
        "from": term(&|payment| json!(rows.get(&payment.sender))),
        "to": term(&|payment| json!(rows.get(&payment.receiver))),
        "amount": term(&|payment| minor(payment.amount)),
        "priority": term(&|payment| json!(payment.priority)),
        "class": term(&|payment| json!(class_phrase(payment.rtgs_priority))),
        "arrival": term(&|payment| json!(payment.arrival)),
        "deadline": term(&|payment| json!(payment.deadline)),
        "settled": term(&|payment| json!(payment.settled_at())),
        "outcome": term(&|payment| json!(outcome(payment))),
        "wait": column(&|life| json!(life.wait_ticks)),
        "cost": column(&|life| minor(life.cost)),
        "stays": column(&|life| json!(life.stays)),
        "life": column(&|life| json!(life.lines)),
    }))
}

fn about(run: &Measured, picture: &Picture) -> String {
    let (shown, all) = (picture.payments.len() as u64, picture.selection.payments_in_all as u64);
    let parts =
        if run.summary.splits.parts.count > 0 { ", parts of split ones included" } else { "" };
    if shown == all {
        format!("All {} payments{parts}.", count(all))
    } else {
        format!(
            "{} of {} payments{parts}: those that took longest, cost most and were largest. All \
             are in `payment-sim trace` and `payment-sim export`.",
            count(shown),
            count(all)
        )
    }
}

/// Says where a payment has come to.
fn outcome(payment: &Payment) -> String {
    match payment.place {
        Place::Queue1 => "in queue 1".to_owned(),
        Place::Entering => "released".to_owned(),
        Place::Queue2 => "in queue 2".to_owned(),
        Place::Split => "split, not all parts done".to_owned(),
        Place::Dropped { .. } => "dropped".to_owned(),
        Place::Settled { how, .. } => format!("settled {}", how.phrase()),
    }
}
