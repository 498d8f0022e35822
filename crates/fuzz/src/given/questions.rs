//! All that a live run can be asked.

use psim_model::event::{EventBatch, EventJson, Names};
use psim_model::{Day, Tick};
use psim_runner::Session;

/// What is asked about; nothing of it need exist.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The id of an agent.
    pub agent: &'a str,
    /// The id of a payment.
    pub payment: &'a str,
    /// A tick, and a number of ticks.
    pub tick: Tick,
    /// A day.
    pub day: Day,
    /// The number of an event.
    pub seq: u64,
}

/// Asks a run everything.
pub fn ask(session: &mut Session, about: About<'_>) {
    let About { agent, payment, tick, day, seq } = about;
    let _ = (session.now(), session.is_finished(), session.last_tick_micros());
    let _ = (session.names().agents().count(), session.agent(agent), session.payment(payment));
    let _ = (session.agent_ids(), session.balance(agent), session.balances());
    let _ = (session.unsecured_cap(agent), session.posted_collateral(agent));
    let _ = (session.allowed_overdraft_limit(agent), session.agent_state(agent));
    let _ = (session.agent_limits(agent), session.agent_outflows(agent));
    let _ = (session.agent_policies(), session.arrival_rate(agent));
    let _ = (session.agent_costs(agent), session.all_costs());
    let _ = session.all_costs_of_day(day);
    let _ = (session.transactions_of_day(day), session.collateral_events_of_day(day));
    let _ = session.daily_agent_metrics(day).map(<[_]>::len);
    let (batch, names) = session.batch_of(tick);
    write_out(batch, names);
    let (batches, names) = session.batches_since(seq);
    write_out(batches, names);
    let _ = (session.lsm_cycles_of_day(day), session.transaction_details(payment));
    let _ = (session.transactions_near_deadline(tick.0), session.overdue_transactions());
    let _ = (session.queue1_size(agent), session.queue1_contents(agent));
    let _ = (session.queue2_size(), session.queue2_contents(), session.queues());
    let _ = (session.system_metrics(), session.transaction_counts());
}

/// Writes events as JSON.
fn write_out<'b>(batches: impl IntoIterator<Item = &'b EventBatch>, names: &Names) {
    for batch in batches {
        for index in 0..batch.events().len() {
            let written = serde_json::to_string(&EventJson { batch, index, names });
            assert!(written.is_ok(), "{written:?}");
        }
    }
}
