//! An event as one JSON object.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Event, EventBatch, Names, Value};

/// An event with its stamp and names, to be serialized as a flat map:
/// `event_type`, `tick`, `day`, `seq`, then the fields in order of declaration.
#[derive(Clone, Copy, Debug)]
pub struct EventJson<'a> {
    /// The batch the event is in.
    pub batch: &'a EventBatch,
    /// Its index in the batch.
    pub index: usize,
    /// Who is who; must have observed the batch.
    pub names: &'a Names,
}

impl Serialize for EventJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let event: &Event = &self.batch.events()[self.index];
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("event_type", event.kind().spec().name)?;
        map.serialize_entry("tick", &self.batch.tick().0)?;
        map.serialize_entry("day", &self.batch.day().0)?;
        map.serialize_entry("seq", &(self.batch.first_seq() + self.index as u64))?;
        let mut outcome = Ok(());
        event.visit(self.batch.columns(), |field, value| {
            if outcome.is_ok() {
                outcome = write_field(&mut map, field.name, value, self.names);
            }
        });
        outcome?;
        map.end()
    }
}

fn write_field<M: SerializeMap>(
    map: &mut M,
    name: &'static str,
    value: Value<'_>,
    names: &Names,
) -> Result<(), M::Error> {
    match value {
        Value::Null => map.serialize_entry(name, &()),
        Value::Agent(agent) => map.serialize_entry(name, names.agent(agent)),
        Value::Payment(payment) => map.serialize_entry(name, &names.payment(payment)),
        Value::Money(money) => map.serialize_entry(name, &money.minor()),
        Value::Tick(tick) => map.serialize_entry(name, &tick.0),
        Value::Count(count) => map.serialize_entry(name, &count),
        Value::Number(number) => map.serialize_entry(name, &number),
        Value::Flag(flag) => map.serialize_entry(name, &flag),
        Value::Fraction(fraction) => {
            // Twelve places fit a double exactly enough to print the same digits again.
            map.serialize_entry(name, &fraction.to_f64())
        }
        Value::Decimal { scaled, places } => {
            map.serialize_entry(name, &(scaled as f64 / 10_u64.pow(places) as f64))
        }
        Value::Text(text) => map.serialize_entry(name, text),
        Value::Payments(payments) => {
            let ids: Vec<_> = payments.iter().map(|payment| names.payment(*payment)).collect();
            map.serialize_entry(name, &ids)
        }
        Value::Agents(agents) => {
            let ids: Vec<_> = agents.iter().map(|agent| names.agent(*agent)).collect();
            map.serialize_entry(name, &ids)
        }
        Value::Amounts(amounts) => {
            let minor: Vec<_> = amounts.iter().map(|amount| amount.minor()).collect();
            map.serialize_entry(name, &minor)
        }
    }
}
