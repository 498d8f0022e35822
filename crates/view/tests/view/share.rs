//! A payment's share of a run, as a store hands it over.

use psim_model::PaymentNo;
use psim_model::event::{Cell, Event, EventBatch, EventKind, FieldType, Loading, Names};
use psim_view::Projection;

/// Returns whether an event names the payment or one that it is a part of, opens an agent, says
/// what one reserves, or names nobody.
fn is_in_share(batch: &EventBatch, event: &Event, payments: &[PaymentNo]) -> bool {
    let (mut names_it, mut names_anyone) = (false, false);
    event.store(batch.columns(), |field, cell| {
        names_it |= match cell {
            Cell::Int(number) if field.ty == FieldType::Payment => {
                payments.iter().any(|payment| i64::from(payment.0) == number)
            }
            Cell::Payments(named) => named.iter().any(|named| payments.contains(named)),
            _ => false,
        };
        names_anyone |= matches!(
            field.ty,
            FieldType::Payment | FieldType::Payments | FieldType::Agent | FieldType::Agents
        );
    });
    let is_of_run = matches!(event.kind(), EventKind::AgentOpened | EventKind::ReservationsSet);
    names_it || !names_anyone || is_of_run
}

/// Copies an event with what it refers to into a batch of its own.
fn single(batch: &EventBatch, seq: u64, event: &Event, names: &Names) -> EventBatch {
    let mut single = EventBatch::default();
    single.begin(batch.tick(), batch.day(), seq);
    let mut cells = Vec::new();
    event.store(batch.columns(), |_, cell| cells.push(cell));
    let mut cells = cells.into_iter();
    let mut loading = Loading { batch: &mut single, names };
    let copy = Event::load(event.kind(), |_| cells.next().unwrap_or(Cell::Null), &mut loading);
    single.push(copy.expect("an event is loaded as it was stored"));
    single
}

/// Returns each event of a payment's share in a batch of its own.
pub(crate) fn share(
    batches: &[EventBatch],
    payments: &[PaymentNo],
    names: &Names,
) -> Vec<EventBatch> {
    let mut share = Vec::new();
    for batch in batches {
        for (seq, event) in (batch.first_seq()..).zip(batch.events()) {
            if is_in_share(batch, event, payments) {
                share.push(single(batch, seq, event, names));
            }
        }
    }
    share
}

/// Returns a payment and all that it is a part of.
pub(crate) fn line_of(projection: &Projection, payment: PaymentNo) -> Vec<PaymentNo> {
    let parent = |no: &PaymentNo| projection.payment(*no).and_then(|payment| payment.parent);
    std::iter::successors(Some(payment), parent).collect()
}
