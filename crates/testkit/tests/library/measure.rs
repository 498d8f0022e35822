//! What a run comes to, for one bank or for all.

use psim_engine::Engine;
use psim_model::event::{Event, EventBatch};
use psim_model::{AgentNo, Calendar, Scenario, Total};
use psim_view::{Fold, Projection, SummaryFold};

/// Whose run is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Whose {
    /// One bank's.
    One(usize),
    /// That of all banks together.
    All,
}

/// What a run comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Measures {
    /// By [`Measure`].
    pub(crate) of: [f64; 4],
    /// Decisions that could not be computed, of all banks.
    pub(crate) faults: usize,
    /// Payments that were given up, of all banks.
    pub(crate) dropped: u64,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Measure {
    /// All costs, in minor units.
    Cost,
    /// Value-weighted mean of ticks from arrival to settlement, at most to the day's close.
    Delay,
    /// The most by which a balance fell below that at the start of its day, in minor units; for
    /// all banks, the sum on the day on which it is largest.
    Liquidity,
    /// Value settled as a share of that which arrived.
    Settled,
}

impl Measure {
    pub(crate) const ALL: [Self; 4] = [Self::Cost, Self::Delay, Self::Liquidity, Self::Settled];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Cost => "cost",
            Self::Delay => "delay",
            Self::Liquidity => "liquidity",
            Self::Settled => "settled",
        }
    }

    /// Returns whether more of it is better.
    pub(crate) fn is_good(self) -> bool {
        self == Self::Settled
    }

    /// Returns whether differences are told in percent of what it is with `fifo`.
    pub(crate) fn is_relative(self) -> bool {
        matches!(self, Self::Cost | Self::Liquidity)
    }
}

/// Runs a scenario.
pub(crate) fn run(scenario: Scenario, whose: Whose) -> Measures {
    let mut engine = Engine::new(scenario.check().expect("it is sound"));
    let mut batch = EventBatch::default();
    let mut state = Projection::new();
    let mut fold = SummaryFold::new();
    let mut faults = 0;
    while !engine.is_finished() {
        engine.tick(&mut batch).expect("no tick fails");
        faults += batch.events().iter().filter(|it| matches!(it, Event::PolicyFault(_))).count();
        fold.observe(&batch);
        if whose != Whose::All {
            state.observe(&batch);
        }
    }
    let summary = fold.finish();
    let of = match whose {
        Whose::All => [
            summary.costs.total.minor() as f64,
            summary.delay.mean_ticks_by_value.unwrap_or_default(),
            summary.liquidity.peak_day.map_or(0.0, |day| day.used.minor() as f64),
            share(summary.payments.settled.value, summary.payments.arrived.value),
        ],
        Whose::One(bank) => {
            let agent = &summary.agents[bank];
            [
                agent.costs.total.minor() as f64,
                delay_of(&state, AgentNo::from_index(bank)),
                agent.liquidity_used_max.minor() as f64,
                share(agent.sent.value, agent.sent.value + agent.unsettled.value),
            ]
        }
    };
    Measures { of, faults, dropped: summary.payments.dropped.count }
}

/// Returns the delay of a bank's payments, as the summary has it for all.
fn delay_of(state: &Projection, bank: AgentNo) -> f64 {
    let ticks_per_day = state.calendar().map_or(1, Calendar::ticks_per_day);
    let (mut arrived, mut delayed) = (0.0, 0.0);
    for payment in state.payments().iter().filter(|it| it.sender == bank && !it.is_split()) {
        let close = (payment.arrival.0 / ticks_per_day + 1) * ticks_per_day;
        let until = payment.settled_at().map_or(close, |tick| tick.0.min(close));
        let amount = payment.amount.minor() as f64;
        arrived += amount;
        delayed += amount * f64::from(until - payment.arrival.0);
    }
    delayed / arrived
}

fn share(part: Total, whole: Total) -> f64 {
    part.share_of(whole).unwrap_or(1.0)
}
