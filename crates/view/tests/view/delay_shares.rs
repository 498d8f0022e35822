//! The shares of delay cost that traces tell make up what is booked, and those that are counted for
//! all payments at once are the same.

use psim_engine::{Engine, TickError};
use psim_model::event::{DropReason, Event, EventBatch};
use psim_model::{CheckedScenario, Money, PaymentNo, Rate, Total, round_ratio};
use psim_testkit::worlds::{WorldSize, requested_seeds, world};
use psim_view::{DelayShare, Fold, Place, Projection, Trace, Waits};

/// Units of a share in a minor unit: a rate times two multipliers.
const UNITS: i128 = 10_i128.pow(Rate::PLACES + 8);

fn batches(scenario: CheckedScenario) -> Vec<EventBatch> {
    let mut engine = Engine::new(scenario);
    let mut batches = Vec::new();
    while !engine.is_finished() {
        let mut batch = EventBatch::default();
        match engine.tick(&mut batch) {
            Ok(()) => batches.push(batch),
            // Amounts near the largest; what could be booked has been.
            Err(TickError::CostOverflow { .. }) => break,
            Err(error) => panic!("random worlds fit 64 bits: {error}"),
        }
    }
    batches
}

fn units(share: DelayShare) -> i128 {
    share.whole().minor() * UNITS + share.parts()
}

/// Returns the delay cost that each agent was booked in a tick.
fn booked(batch: &EventBatch, agents: usize) -> Vec<Money> {
    let mut booked = vec![Money::ZERO; agents];
    for event in batch.events() {
        if let Event::CostAccrual(accrual) = event {
            booked[accrual.agent_id.index()] = accrual.delay_cost;
        }
    }
    booked
}

/// Checks every agent and tick of a run; returns how many delay costs were not zero.
fn check(batches: &[EventBatch]) -> usize {
    let (mut whole, mut waits) = (Projection::new(), Waits::default());
    let mut stays: Vec<[u32; 2]> = Vec::new();
    for batch in batches {
        whole.observe_from(batch, 0, |whole, event| waits.after(batch, event, whole));
        whole.end_tick();
        stays.resize(whole.payments().len(), [0; 2]);
        for (payment, stays) in whole.payments().iter().zip(&mut stays) {
            let is_charged = |tick| tick == batch.tick();
            match payment.place {
                Place::Queue1 => stays[0] += 1,
                Place::Queue2 => stays[1] += 1,
                // It stood where its last wait was when the tick was charged.
                Place::Dropped { tick, reason: Some(DropReason::Closed) } if is_charged(tick) => {
                    stays[usize::from(payment.submitted.is_some())] += 1;
                }
                _ => {}
            }
        }
    }
    let ticks_done = u32::try_from(batches.len()).unwrap();
    let agents = whole.agents().len();
    let mut shares = vec![vec![0; agents]; batches.len()];
    for (index, payment) in whole.payments().iter().enumerate() {
        let id = whole.names().payment(PaymentNo::from_index(index));
        let mut trace = Trace::new(&id);
        let mut before = 0;
        for (batch, shares) in batches.iter().zip(&mut shares) {
            trace.observe(batch);
            let share = units(trace.finish(batch.tick().next().0).delay_share());
            shares[payment.sender.index()] += share - before;
            before = share;
        }
        assert!(trace.finish(0).found());
        let wait = waits.of(PaymentNo::from_index(index), ticks_done).unwrap_or_default();
        assert_eq!(units(wait.delay), before, "{id}");
        assert_eq!([wait.queue1_ticks, wait.queue2_ticks], stays[index], "{id}");
    }
    let mut charged = 0;
    for (batch, shares) in batches.iter().zip(&shares) {
        let rounded: Vec<Total> =
            shares.iter().map(|units| Total::from_minor(round_ratio(*units, UNITS))).collect();
        let booked: Vec<Total> = booked(batch, agents).into_iter().map(Total::from).collect();
        assert_eq!(rounded, booked, "tick {}", batch.tick());
        charged += booked.iter().filter(|cost| **cost != Total::ZERO).count();
    }
    charged
}

#[test]
fn the_shares_of_an_agents_payments_round_to_its_delay_cost() {
    let size = WorldSize { payments_max: 30, ..WorldSize::default() };
    let mut charged = 0;
    for seed in requested_seeds(60) {
        let Ok(scenario) = world(seed, &size).check() else { continue };
        charged += check(&batches(scenario));
    }
    assert!(charged > 500, "{charged} delay costs say little");
}
