//! Who pays whom.

use std::collections::BTreeMap;

use psim_model::{AgentNo, Total};
use psim_view::Projection;

use crate::{Column, Frame, FrameBuilder};

/// Returns one row for each sender and receiver between whom there are payments, in order of both:
/// how many and how much arrived and settled. Of split payments the parts are counted.
pub fn pairs(projection: &Projection) -> Frame {
    let mut pairs: BTreeMap<(AgentNo, AgentNo), Flow> = BTreeMap::new();
    for payment in projection.payments().iter().filter(|payment| !payment.is_split()) {
        let flow = pairs.entry((payment.sender, payment.receiver)).or_default();
        flow.count += 1;
        flow.value += payment.amount;
        if payment.settled_at().is_some() {
            flow.settled_count += 1;
            flow.settled_value += payment.amount;
        }
    }
    let names = projection.names();
    let keys = || pairs.keys().copied();
    let flows = || pairs.values();
    let frame = FrameBuilder::new()
        .words(
            Column::new("sender_id", "Who pays."),
            keys().map(|(sender, _)| names.agent_id(sender)),
        )
        .words(
            Column::new("receiver_id", "Who is paid."),
            keys().map(|(_, receiver)| names.agent_id(receiver)),
        )
        .i64(
            Column::new("payment_count", "Payments between them."),
            flows().map(|flow| Some(flow.count)),
        )
        .totals(
            Column::new("payment_value", "Their value.").money(),
            flows().map(|flow| flow.value.minor()),
        )
        .i64(
            Column::new("settled_count", "Those that settled."),
            flows().map(|flow| Some(flow.settled_count)),
        )
        .totals(
            Column::new("settled_value", "Their value.").money(),
            flows().map(|flow| flow.settled_value.minor()),
        );
    frame.build().expect("Invariant: each column has a row for each pair and a name of its own")
}

#[derive(Clone, Copy, Debug, Default)]
struct Flow {
    count: i64,
    value: Total,
    settled_count: i64,
    settled_value: Total,
}
