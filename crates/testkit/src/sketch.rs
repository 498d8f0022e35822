//! Scenarios written down by hand: the plain case in one call, the rest by changing its fields.

use psim_model::{
    Agent, AgentNo, Calendar, Money, PreparedPayment, Priority, QueueDiscipline, RtgsPriority,
    Scenario, Tick,
};

/// Returns a scenario in which nothing costs anything and nobody pays yet.
///
/// `agents` are ids, ascending, with opening balances in minor units; they release at once and
/// have neither credit nor collateral nor a pool. Rules have their defaults.
///
/// # Panics
///
/// If there is no day or no tick.
pub fn scenario(ticks_per_day: u32, num_days: u32, agents: &[(&str, i64)]) -> Scenario {
    let calendar = Calendar::try_new(ticks_per_day, num_days, None)
        .expect("Condition failed: a run has at least one tick");
    let agents = agents.iter().map(|(id, balance)| Agent::plain(id, Money::from_minor(*balance)));
    Scenario::plain(calendar, agents.collect())
}

/// Returns a payment of `amount` minor units that arrives at `tick` and may take until the end.
pub fn payment(tick: u32, sender: u32, receiver: u32, amount: i64) -> PreparedPayment {
    PreparedPayment {
        tick: Tick(tick),
        sender: AgentNo(sender),
        receiver: AgentNo(receiver),
        amount: Money::from_minor(amount),
        deadline: Tick(u32::MAX),
        earliest: Tick(tick),
        priority: Priority::DEFAULT,
        rtgs_priority: RtgsPriority::Normal,
        divisible: None,
    }
}

/// Returns six payments among three banks with these opening balances, on a day of ten ticks: A
/// pays B 50, B pays C 70, C pays A 30, B pays A 40, A pays C 60, C pays B 20, one in each tick, in
/// one line. Gridlocks are told.
pub fn six_payments(balances: [i64; 3]) -> Scenario {
    let agents = [("A", balances[0]), ("B", balances[1]), ("C", balances[2])];
    let mut scenario = scenario(10, 1, &agents);
    scenario.rules.queue_discipline = QueueDiscipline::Fifo;
    scenario.liquidity_saving.reports_blocks = true;
    scenario.payments.rows = vec![
        payment(0, 0, 1, 50),
        payment(1, 1, 2, 70),
        payment(2, 2, 0, 30),
        payment(3, 1, 0, 40),
        payment(4, 0, 2, 60),
        payment(5, 2, 1, 20),
    ];
    scenario
}
