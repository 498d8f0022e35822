//! A trace that is fed only its share of a run tells the same life as one that is fed everything.

use psim_engine::Engine;
use psim_model::event::{Cell, Event, EventBatch, EventKind, FieldType, Names};
use psim_model::{CheckedScenario, PaymentNo};
use psim_testkit::worlds::{WorldSize, requested_seeds, world};
use psim_view::{Fold, Trace};

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

fn is_in_share(batch: &EventBatch, event: &Event, payment: PaymentNo) -> bool {
    let (mut names_it, mut names_anyone) = (false, false);
    event.store(batch.columns(), |field, cell| {
        names_it |= field.ty == FieldType::Payment && cell == Cell::Int(i64::from(payment.0));
        names_anyone |= matches!(field.ty, FieldType::Payment | FieldType::Agent);
    });
    names_it || !names_anyone || event.kind() == EventKind::AgentOpened
}

/// Returns each event of a payment's share in a batch of its own.
fn share(batches: &[EventBatch], payment: PaymentNo) -> Vec<EventBatch> {
    let mut share = Vec::new();
    for batch in batches {
        for (seq, event) in (batch.first_seq()..).zip(batch.events()) {
            if is_in_share(batch, event, payment) {
                let mut single = EventBatch::default();
                single.begin(batch.tick(), batch.day(), seq);
                for text in batch.columns().iter() {
                    single.text(text);
                }
                single.push(*event);
                share.push(single);
            }
        }
    }
    share
}

/// Compares the lives of every payment of a run after each of some numbers of ticks; returns how
/// many payments there were.
fn check(batches: &[EventBatch]) -> usize {
    let mut names = Names::default();
    for batch in batches {
        names.observe(batch);
    }
    let ticks = batches.len();
    for no in 0.. {
        let payment = PaymentNo(no);
        let id = names.payment(payment).into_owned();
        let share = share(batches, payment);
        for done in [ticks, ticks / 2, ticks / 3, 1] {
            let (mut whole, mut partial) = (Trace::new(&id), Trace::new(&id));
            let ticks_done = u32::try_from(done).unwrap();
            batches[..done].iter().for_each(|batch| whole.observe(batch));
            let share = share.iter().take_while(|batch| batch.tick().0 < ticks_done);
            share.for_each(|batch| partial.observe(batch));
            let (whole, partial) = (whole.finish(ticks_done), partial.finish(ticks_done));
            assert_eq!(whole.to_text(), partial.to_text());
            assert_eq!(whole.to_json(), partial.to_json());
            assert_eq!(whole.delay_share(), partial.delay_share());
            if done == ticks && !whole.found() {
                return payment.index();
            }
        }
    }
    unreachable!("payments have an end")
}

#[test]
fn the_share_of_a_payment_tells_its_whole_life() {
    let mut payments = 0;
    for seed in requested_seeds(80) {
        let Ok(scenario) = world(seed, &WorldSize::default()).check() else { continue };
        payments += check(&batches(scenario));
    }
    assert!(payments > 1_000, "{payments} payments say little");
}
