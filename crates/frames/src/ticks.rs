//! The whole system after each tick.

use psim_model::Total;
use psim_model::event::{Event, EventBatch};
use psim_view::{Fold as _, Projection, settled_payments};

use crate::{Column, Frame, FrameBuilder};

/// Returns one row for each tick: what arrived and settled in it, what waits after it, and what it
/// cost. Parts of split payments are counted when they settle, not when they arrive.
pub fn ticks<'a>(log: impl IntoIterator<Item = &'a EventBatch>) -> Frame {
    let mut projection = Projection::new();
    let mut rows: Vec<Row> = Vec::new();
    for batch in log {
        projection.observe(batch);
        let mut row =
            Row { tick: batch.tick().0.into(), day: batch.day().0.into(), ..Row::default() };
        for event in batch.events() {
            row.observe(batch, event, &projection);
        }
        let (queue1, queue2) = projection.waiting();
        row.held = (count(queue1.count), queue1.value);
        row.queued = (count(queue2.count), queue2.value);
        rows.push(row);
    }
    let whole = |pick: fn(&Row) -> i64| rows.iter().map(move |row| Some(pick(row)));
    let value = |pick: fn(&Row) -> Total| rows.iter().map(move |row| pick(row).minor());
    let frame = FrameBuilder::new()
        .i64(Column::new("tick", "The tick.").ticks(), whole(|row| row.tick))
        .i64(Column::new("day", "Its day, from 0."), whole(|row| row.day))
        .i64(Column::new("arrived_count", "Payments that arrived."), whole(|row| row.arrived.0))
        .totals(Column::new("arrived_value", "Their value.").money(), value(|row| row.arrived.1))
        .i64(
            Column::new("settled_count", "Payments that settled, parts by themselves."),
            whole(|row| row.settled.0),
        )
        .totals(Column::new("settled_value", "Their value.").money(), value(|row| row.settled.1))
        .i64(
            Column::new("queue1_count", "Payments in queue 1 after the tick."),
            whole(|row| row.held.0),
        )
        .totals(Column::new("queue1_value", "Their value.").money(), value(|row| row.held.1))
        .i64(
            Column::new("queue2_count", "Payments in queue 2 after the tick."),
            whole(|row| row.queued.0),
        )
        .totals(Column::new("queue2_value", "Their value.").money(), value(|row| row.queued.1))
        .totals(
            Column::new("total_cost", "Costs of all agents in the tick.").money(),
            value(|row| row.cost),
        );
    frame.build().expect("Invariant: each column has a row for each tick and a name of its own")
}

#[derive(Clone, Copy, Debug, Default)]
struct Row {
    tick: i64,
    day: i64,
    arrived: (i64, Total),
    settled: (i64, Total),
    held: (i64, Total),
    queued: (i64, Total),
    cost: Total,
}

impl Row {
    fn observe(&mut self, batch: &EventBatch, event: &Event, projection: &Projection) {
        match event {
            Event::Arrival(arrival) => add(&mut self.arrived, arrival.amount.into()),
            Event::CostAccrual(accrual) => self.cost += accrual.total,
            event => settled_payments(batch, event, |no| {
                if let Some(payment) = projection.payment(no) {
                    add(&mut self.settled, payment.amount.into());
                }
            }),
        }
    }
}

fn add((count, value): &mut (i64, Total), amount: Total) {
    *count += 1;
    *value += amount;
}

fn count(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
