//! A trace that is fed only its share of a run tells the same life as one that is fed everything.

use psim_engine::Engine;
use psim_model::event::EventBatch;
use psim_model::{CheckedScenario, PaymentNo};
use psim_testkit::worlds::{WorldSize, requested_seeds, world};
use psim_view::{Fold, Projection, Trace};

use crate::share::{line_of, share};

fn batches(scenario: CheckedScenario) -> Vec<EventBatch> {
    let mut engine = Engine::new(scenario);
    let mut batches = Vec::new();
    while !engine.is_finished() {
        let mut batch = EventBatch::default();
        engine.tick(&mut batch).expect("random worlds fit 64 bits");
        batches.push(batch);
    }
    batches
}

/// Compares the lives of every payment of a run after each of some numbers of ticks; returns how
/// many payments there were, and how many of them were parts.
fn check(batches: &[EventBatch]) -> (usize, usize) {
    let mut projection = Projection::new();
    for batch in batches {
        projection.observe(batch);
    }
    let (names, ticks) = (projection.names(), batches.len());
    let mut parts = 0;
    for no in 0..=projection.payments().len() {
        let payment = PaymentNo::from_index(no);
        let id = names.payment(payment).into_owned();
        let line = line_of(&projection, payment);
        let share = share(batches, &line, names);
        for done in [ticks, ticks / 2, ticks / 3, 1] {
            let (mut whole, mut partial) = (Trace::new(&id), Trace::with_names(&id, names.clone()));
            let ticks_done = u32::try_from(done).unwrap();
            batches[..done].iter().for_each(|batch| whole.observe(batch));
            let share = share.iter().take_while(|batch| batch.tick().0 < ticks_done);
            share.for_each(|batch| partial.observe(batch));
            let (whole, partial) = (whole.finish(ticks_done), partial.finish(ticks_done));
            assert_eq!(whole.to_text(), partial.to_text());
            assert_eq!(whole.to_json(), partial.to_json());
            assert_eq!(whole.delay_share(), partial.delay_share());
            let exists = no < projection.payments().len();
            assert!(done < ticks || whole.found() == exists, "{id}");
        }
        parts += usize::from(line.len() > 1);
    }
    (projection.payments().len(), parts)
}

#[test]
fn the_share_of_a_payment_tells_its_whole_life() {
    let (mut payments, mut parts) = (0, 0);
    for seed in requested_seeds(80) {
        let Ok(scenario) = world(seed, &WorldSize::default()).check() else { continue };
        let (more_payments, more_parts) = check(&batches(scenario));
        payments += more_payments;
        parts += more_parts;
    }
    assert!(payments > 1_000, "{payments} payments, {parts} of them parts, say little");
}
