//! Whom and what an event names and by which way it was decided, found by its declared fields.

use psim_model::event::{Cell, Event, EventBatch, FieldType, Value};
use psim_model::{AgentNo, PaymentNo};

/// An agent or a payment that an event names, in whatever role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mention {
    Agent(AgentNo),
    Payment(PaymentNo),
}

/// Visits everything that an event of a batch names, in the order of its fields; lists item by
/// item.
pub(crate) fn mentions(batch: &EventBatch, event: &Event, mut visit: impl FnMut(Mention)) {
    event.store(batch.columns(), |field, cell| match (field.ty, cell) {
        (FieldType::Agent, Cell::Int(number)) => {
            if let Ok(number) = u32::try_from(number) {
                visit(Mention::Agent(AgentNo(number)));
            }
        }
        (FieldType::Payment, Cell::Int(number)) => {
            if let Ok(number) = u32::try_from(number) {
                visit(Mention::Payment(PaymentNo(number)));
            }
        }
        (_, Cell::Agents(agents)) => {
            for agent in agents {
                visit(Mention::Agent(*agent));
            }
        }
        (_, Cell::Payments(payments)) => {
            for payment in payments {
                visit(Mention::Payment(*payment));
            }
        }
        _ => {}
    });
}

/// Returns the way through a policy's tree that led to an event, where decisions are traced.
pub(crate) fn decision_path<'a>(batch: &'a EventBatch, event: &Event) -> Option<&'a str> {
    let mut path = None;
    event.visit(batch.columns(), |field, value| {
        if let ("decision_path", Value::Text(text)) = (field.name, value) {
            path = Some(text);
        }
    });
    path
}
