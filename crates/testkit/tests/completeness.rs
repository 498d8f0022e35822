//! The event stream tells everything: a projection folded from events alone equals the engine's
//! state after every tick.

use psim_engine::{Engine, Standing};
use psim_model::event::EventBatch;
use psim_model::{AgentNo, PaymentNo, Scenario, Total};
use psim_testkit::worlds::{WorldSize, requested_seeds, world};
use psim_view::{Fold, Place, Projection};

#[test]
fn a_projection_of_the_events_is_the_state() {
    for seed in requested_seeds(500) {
        follow(&format!("seed {seed}"), world(seed, &WorldSize::default()));
    }
}

fn follow(name: &str, scenario: Scenario) {
    let mut engine = Engine::new(scenario.check().expect("worlds are sound"));
    let mut projection = Projection::new();
    let mut batch = EventBatch::default();
    while !engine.is_finished() {
        if engine.tick(&mut batch).is_err() {
            return; // refused whole; the twin test compares refusals
        }
        projection.observe(&batch);
        compare(&format!("{name}, tick {}", batch.tick()), &engine, &projection);
    }
    assert!(projection.has_ended(), "{name}: the stream says that the run has ended");
}

fn compare(place: &str, engine: &Engine, projection: &Projection) {
    for index in 0..engine.scenario().agents.len() {
        let no = AgentNo::from_index(index);
        let agent = projection.agent(no).expect("every agent was opened");
        assert_eq!(Some(agent.balance), engine.balance(no), "{place}: balance of {index}");
        assert_eq!(Some(agent.available()), engine.available(no), "{place}: available of {index}");
        assert_eq!(Some(agent.allocated_pool), engine.allocated(no), "{place}: pool of {index}");
        let queue1 = projection.queue1(no);
        assert_eq!(Some(queue1.as_slice()), engine.queue1(no), "{place}: queue 1 of {index}");
        assert_eq!(Some(agent.posted_collateral), engine.posted_collateral(no), "{place}: posted");
        let costs = engine.costs(no).expect("the agent is there");
        for (told, booked) in [(agent.costs_today, costs.today), (agent.costs, costs.total)] {
            assert_eq!(told.by_kind(), booked.map(Total::from), "{place}: costs of {index}");
        }
    }
    assert_eq!(projection.queue2(), engine.queue2(), "{place}: queue 2");
    assert_eq!(projection.payments().len(), engine.payment_count(), "{place}: payments");
    for (index, payment) in projection.payments().iter().enumerate() {
        let told = match payment.place {
            Place::Settled { .. } => Standing::Settled,
            Place::Dropped { .. } => Standing::Dropped,
            _ if payment.overdue_since.is_some() => Standing::Overdue,
            _ => Standing::Pending,
        };
        let no = PaymentNo::from_index(index);
        assert_eq!(Some(told), engine.standing(no), "{place}: payment {index}");
    }
}
