//! What has become of each payment.

use psim_model::event::Arrival;

/// Where a payment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    Queue1,
    Entering,
    Queue2,
    Split,
    Settled,
    Dropped,
}

/// A payment's whole life.
#[derive(Clone, Debug)]
pub(super) struct Life {
    pub(super) sender: usize,
    pub(super) receiver: usize,
    pub(super) amount: i128,
    /// The priority it came with.
    pub(super) came_with: u8,
    pub(super) priority: u8,
    /// The class it was declared with last, and its rank.
    pub(super) class: (u8, &'static str),
    pub(super) arrival: usize,
    pub(super) parent: Option<usize>,
    pub(super) children: Vec<usize>,
    pub(super) spot: Spot,
    pub(super) is_overdue: bool,
    pub(super) was_in_queue2: bool,
    /// When it settled, by itself or by its parts.
    pub(super) settled: Option<usize>,
    /// On which path it settled by itself.
    pub(super) path: &'static str,
    /// Ticks charged in queue 1 and in queue 2.
    pub(super) stood: [u32; 2],
    /// What that cost.
    pub(super) delay_cost: f64,
    pub(super) deadline_penalties: i128,
    pub(super) end_of_day_penalties: i128,
    pub(super) friction: i128,
}

impl Life {
    pub(super) fn arrived(tick: usize, e: &Arrival) -> Self {
        Self {
            sender: e.sender_id.index(),
            receiver: e.receiver_id.index(),
            amount: e.amount.minor().into(),
            came_with: e.priority.get(),
            priority: e.priority.get(),
            class: (e.rtgs_priority as u8, e.rtgs_priority.as_str()),
            arrival: tick,
            parent: None,
            children: vec![],
            spot: Spot::Queue1,
            is_overdue: false,
            was_in_queue2: false,
            settled: None,
            path: "",
            stood: [0, 0],
            delay_cost: 0.0,
            deadline_penalties: 0,
            end_of_day_penalties: 0,
            friction: 0,
        }
    }
}
