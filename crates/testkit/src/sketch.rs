//! Scenarios written down by hand: the plain case in one call, the rest by changing its fields.

use psim_model::{
    Agent, AgentNo, Calendar, CostRates, Currency, LiquiditySaving, Money, PolicySettings,
    PreparedPayment, PreparedPayments, RngStreams, RtgsPriority, Rules, Scenario, Tick,
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
    Scenario {
        calendar: Calendar::try_new(ticks_per_day, num_days, None)
            .expect("Condition failed: a run has at least one tick"),
        currency: Currency { code: String::new(), decimals: 2 },
        rng_seed: 42,
        rng_streams: RngStreams::Shared,
        rate_profile: Vec::new(),
        agents: agents
            .iter()
            .map(|(id, balance)| Agent::plain(id, Money::from_minor(*balance)))
            .collect(),
        draw_order: (0..agents.len()).map(AgentNo::from_index).collect(),
        payments: PreparedPayments::default(),
        rules: Rules::plain(ticks_per_day),
        costs: CostRates::FREE,
        liquidity_saving: LiquiditySaving::NONE,
        policies: PolicySettings::default(),
        events: Vec::new(),
        instructions: Vec::new(),
    }
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
        priority: 5,
        rtgs_priority: RtgsPriority::Normal,
        divisible: None,
    }
}
