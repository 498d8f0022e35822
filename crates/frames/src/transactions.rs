//! One row for each payment.

use arrow_array::UInt32Array;
use psim_model::event::{DropReason, LsmAlgorithm};
use psim_model::{AgentNo, PaymentNo, Tick};
use psim_view::{Payment, Place, Projection, Settlement, WaitReason};

use crate::texts::PaymentIds;
use crate::{Column, Frame, FrameBuilder, words};

/// Returns the payments of a run in order of their numbers, as they are after its last event.
///
/// A payment that was split is a row, and so is each of its parts, which name it in
/// `parent_tx_id`: sums over amounts count one or the other.
pub fn transactions(projection: &Projection) -> Frame {
    let payments = projection.payments();
    let builder = terms(parties(projection), payments);
    let frame = waits(settlement(builder, payments), payments).build();
    frame.expect("Invariant: each column has a row for each payment and a name of its own")
}

/// Who pays whom.
fn parties(projection: &Projection) -> FrameBuilder {
    let payments = projection.payments();
    let mut ids = PaymentIds::of(projection.names());
    let own = (0..payments.len()).map(|index| Some(ids.view(PaymentNo::from_index(index))));
    let own: Vec<_> = own.collect();
    let parents = payments.iter().map(|payment| payment.parent.map(|parent| ids.view(parent)));
    let parents: Vec<_> = parents.collect();
    let buffers = ids.finish();
    let agents = words::texts(projection.names().agents());
    let known = projection.names().agent_count();
    let keys = |who: fn(&Payment) -> AgentNo| -> UInt32Array {
        let known = |agent: AgentNo| (agent.index() < known).then_some(agent.0);
        payments.iter().map(who).map(known).collect()
    };
    FrameBuilder::new()
        .views(Column::new("tx_id", "The payment."), own, buffers.clone())
        .views(
            Column::new("parent_tx_id", "The payment of which it is a part, if it is one."),
            parents,
            buffers,
        )
        .keys(Column::new("sender_id", "Who pays."), keys(|payment| payment.sender), &agents)
        .keys(Column::new("receiver_id", "Who is paid."), keys(|payment| payment.receiver), &agents)
}

/// What a payment is.
fn terms(builder: FrameBuilder, payments: &[Payment]) -> FrameBuilder {
    let tick = |name: &str, doc: &str| Column::new(name, doc).ticks();
    builder
        .i64(
            Column::new("amount", "How much.").money(),
            payments.iter().map(|payment| payment.amount.minor()),
        )
        .i64(
            tick(
                "arrival_tick",
                "Tick in which it entered queue 1; a part's is that of the payment that was split.",
            ),
            payments.iter().map(|payment| number(payment.arrival)),
        )
        .i64(
            tick("deadline_tick", "Last tick on which it is on time."),
            payments.iter().map(|payment| number(payment.deadline)),
        )
        .i64(
            tick(
                "earliest_tick",
                "First tick on which it may settle, if that was not its arrival.",
            ),
            payments.iter().map(|payment| payment.earliest.map(number)),
        )
        .i64(
            Column::new("priority", "Priority now, 0 to 10."),
            payments.iter().map(|payment| i64::from(payment.priority.get())),
        )
        .i64(
            Column::new("original_priority", "The priority it came with, 0 to 10."),
            payments.iter().map(|payment| i64::from(payment.original_priority.get())),
        )
        .words(
            Column::new("rtgs_priority", "The class it is declared with now."),
            payments.iter().map(|payment| payment.rtgs_priority.as_str()),
        )
        .bool(
            Column::new("divisible", "Whether it may be split, if anything was said of it."),
            payments.iter().map(|payment| payment.divisible),
        )
}

/// Whether and how it settled.
fn settlement(builder: FrameBuilder, payments: &[Payment]) -> FrameBuilder {
    let tick = |name: &str, doc: &str| Column::new(name, doc).ticks();
    builder
        .words(
            Column::new(
                "status",
                "Where it is: queue1, released (on its way into the system), queue2, split (into \
                 parts that are not all settled or dropped), settled, dropped.",
            ),
            payments.iter().map(|payment| payment.place.word()),
        )
        .i64(
            tick("settled_tick", "Tick in which it settled."),
            payments.iter().map(|payment| payment.settled_at().map(number)),
        )
        .words(
            Column::new(
                "settlement",
                "How it settled: on_entry, from_queue2, entry_offset (with others as one of them \
                 entered), by_algorithm, in_parts.",
            ),
            payments.iter().map(|payment| payment.place.settlement().map(Settlement::word)),
        )
        .words(
            Column::new("algorithm", "Which algorithm found it, if one did."),
            payments.iter().map(|payment| algorithm(payment.place)),
        )
        .i64(
            tick("delay_ticks", "Ticks from its arrival to its settlement."),
            payments.iter().map(delay),
        )
}

/// What it waited for, and whether it was dropped.
fn waits(builder: FrameBuilder, payments: &[Payment]) -> FrameBuilder {
    let tick = |name: &str, doc: &str| Column::new(name, doc).ticks();
    builder
        .i64(
            tick("overdue_since_tick", "Tick in which it became overdue; stays when it settles."),
            payments.iter().map(|payment| payment.overdue_since.map(number)),
        )
        .i64(
            tick("queued_since_tick", "Tick in which it last joined queue 2."),
            payments.iter().map(|payment| payment.queued_since.map(number)),
        )
        .words(
            Column::new("last_reason", "Why it last had to wait; stays when it settles."),
            payments.iter().map(|payment| payment.last_reason.map(WaitReason::as_str)),
        )
        .i64(
            tick("dropped_tick", "Tick in which it left the system unsettled."),
            payments.iter().map(|payment| dropped(payment.place).map(|(tick, _)| number(tick))),
        )
        .words(
            Column::new(
                "drop_reason",
                "Why it left unsettled; none for a split payment, whose parts have their own.",
            ),
            payments.iter().map(|payment| dropped(payment.place)?.1.map(DropReason::as_str)),
        )
}

fn number(tick: Tick) -> i64 {
    i64::from(tick.0)
}

fn delay(payment: &Payment) -> Option<i64> {
    payment.settled_at().map(|settled| i64::from(settled.since(payment.arrival)))
}

fn algorithm(place: Place) -> Option<&'static str> {
    place.settlement().and_then(Settlement::algorithm).map(LsmAlgorithm::as_str)
}

const fn dropped(place: Place) -> Option<(Tick, Option<DropReason>)> {
    match place {
        Place::Dropped { tick, reason } => Some((tick, reason)),
        _ => None,
    }
}
