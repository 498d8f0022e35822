//! The days that are measured.

use psim_model::{
    Agent, AgentNo, Calendar, CheckedScenario, CostRates, Currency, EntryOrder, Fraction,
    LiquidityBounds, LiquiditySaving, Money, PolicySettings, PreparedPayment, PreparedPayments,
    RngStreams, RtgsPriority, Rules, Scenario, Tick,
};
use psim_synth::{Profile, SynthSpec, generate};

pub(crate) const TICKS_PER_DAY: u32 = 660;

/// A synthetic T2 day of `payments` among `banks`, repeated over `days`, with more liquidity than
/// it needs, at no cost.
pub(crate) fn ample(payments: u32, banks: u32, days: u32) -> Scenario {
    let spec = SynthSpec {
        profile: Profile::T2,
        seed: 1,
        payments: Some(payments),
        participants: Some(banks),
        ticks_per_day: TICKS_PER_DAY,
    };
    let day = generate(&spec).expect("the benchmark's own sizes are sound");
    let calendar = Calendar::try_new(TICKS_PER_DAY, days, None).expect("a sound calendar");
    let row = |day_no: u32, payment: &psim_synth::SynthPayment| {
        let tick = Tick(day_no * TICKS_PER_DAY + payment.tick);
        PreparedPayment {
            tick,
            sender: AgentNo(payment.sender),
            receiver: AgentNo(payment.receiver),
            amount: payment.amount,
            deadline: calendar.last_tick_of(calendar.day_of(tick)),
            earliest: tick,
            priority: payment.priority,
            rtgs_priority: RtgsPriority::Normal,
            divisible: None,
        }
    };
    let rows = (0..days).flat_map(|no| day.payments.iter().map(move |payment| row(no, payment)));
    let mut scenario = world(calendar, &day.participants, rows.collect());
    // Net positions add up over the days; ten times the bound of one is ample for ten.
    fund(&mut scenario, Fraction::ONE);
    scenario
}

/// Gives each bank LB + alpha (UB - LB) of the scenario's own payments.
pub(crate) fn fund(scenario: &mut Scenario, alpha: Fraction) {
    let rows = &scenario.payments.rows;
    let bounds = LiquidityBounds::of(scenario.agents.len(), rows).expect("bounds fit");
    for (agent, balance) in scenario.agents.iter_mut().zip(bounds.at(alpha)) {
        agent.opening_balance = balance;
    }
}

/// Gives each bank a share of its upper bound.
pub(crate) fn fund_share(scenario: &mut Scenario, share: Fraction) {
    let rows = &scenario.payments.rows;
    let bounds = LiquidityBounds::of(scenario.agents.len(), rows).expect("bounds fit");
    for (agent, upper) in scenario.agents.iter_mut().zip(bounds.upper) {
        agent.opening_balance = share.floor_of(upper);
    }
}

/// Banks and payments under the plainest rules.
pub(crate) fn world(calendar: Calendar, banks: &[String], rows: Vec<PreparedPayment>) -> Scenario {
    let ticks = calendar.ticks_per_day();
    Scenario {
        calendar,
        currency: Currency { code: "EUR".to_owned(), decimals: 2 },
        rng_seed: 1,
        rng_streams: RngStreams::Shared,
        rate_profile: Vec::new(),
        agents: banks.iter().map(|id| Agent::plain(id, Money::ZERO)).collect(),
        draw_order: (0..banks.len()).map(AgentNo::from_index).collect(),
        payments: PreparedPayments { rows, ..PreparedPayments::default() },
        rules: Rules { entry_order: EntryOrder::Submission, ..Rules::plain(ticks) },
        liquidity_saving: LiquiditySaving::NONE,
        policies: PolicySettings::default(),
        events: Vec::new(),
        instructions: Vec::new(),
        costs: CostRates::FREE,
    }
}

/// Checks a scenario of the benchmark's own making.
pub(crate) fn checked(scenario: Scenario) -> CheckedScenario {
    scenario.check().expect("the benchmark's own scenarios are sound")
}
