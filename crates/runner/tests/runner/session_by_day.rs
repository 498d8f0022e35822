//! Questions about days, asked in any order while a run goes on: the answers are those of a naive
//! twin that looks at the whole run for each.

use psim_model::event::{Event, EventBatch};
use psim_model::{Day, Money, Tick};
use psim_runner::Session;
use psim_runner::session::CollateralMove;
use psim_testkit::worlds::{WorldSize, requested_seeds, world};
use psim_view::Projection;

/// What the twin tells of a move of collateral: who, when, how much, and how the agent stood.
type Move = (String, Tick, &'static str, Money, Money, Money, Money);

/// Looks at all events from the beginning, those that wait included.
fn collateral(session: &Session, day: Day) -> Vec<Move> {
    let (mut projection, mut moves) = (Projection::new(), Vec::new());
    let coming = (!session.is_finished()).then(|| session.engine().coming_events());
    for batch in session.log().iter().chain(coming) {
        projection.observe_from(batch, 0, |projection, event| {
            if batch.day() == day {
                moves.extend(moved(batch, event, projection));
            }
        });
        projection.end_tick();
    }
    moves
}

fn moved(batch: &EventBatch, event: &Event, projection: &Projection) -> Option<Move> {
    let (agent, action, amount) = match event {
        Event::CollateralPost(moved) => (moved.agent_id, "post", moved.amount),
        Event::CollateralWithdraw(moved) => (moved.agent_id, "withdraw", moved.amount),
        Event::CollateralTimerWithdrawn(moved) => (moved.agent_id, "withdraw", moved.amount),
        _ => return None,
    };
    let state = projection.agent(agent).expect("it was opened");
    let (id, posted) = (projection.names().agent(agent).to_owned(), state.posted_collateral);
    let free = (state.max_collateral_capacity - posted).or_zero();
    Some((id, batch.tick(), action, amount, state.balance, posted, free))
}

fn told(it: CollateralMove) -> Move {
    let after = (it.balance_before, it.posted_collateral_after, it.available_capacity_after);
    (it.agent_id, it.tick, it.action, it.amount, after.0, after.1, after.2)
}

/// Looks at all payments.
fn arrivals(session: &mut Session, day: Day) -> Vec<(String, Tick)> {
    let calendar = session.engine().scenario().calendar;
    let projection = session.projection();
    let payments = (0_u32..).zip(projection.payments());
    let of_day = payments.filter(|(_, payment)| calendar.day_of(payment.arrival) == day);
    let id = |no| projection.names().payment(psim_model::PaymentNo(no)).into_owned();
    of_day.map(|(no, payment)| (id(no), payment.arrival)).collect()
}

#[test]
fn days_are_told_as_by_who_looks_at_the_whole_run() {
    let mut compared = [0; 2];
    for seed in requested_seeds(150) {
        let mut scenario = world(seed, &WorldSize::default());
        let calls = std::mem::take(&mut scenario.instructions);
        let mut session = Session::new(scenario.check().expect("worlds are sound"));
        let days = session.engine().scenario().calendar.num_days();
        loop {
            let tick = session.now();
            for call in calls.iter().filter(|call| call.tick == tick) {
                let _ = session.instruct(&call.instruction);
            }
            // Some worlds are asked on each tick and some seldom, and not of one day after another.
            if u64::from(tick.0).is_multiple_of(1 + seed % 4) || session.is_finished() {
                for day in (0..=days).rev().map(Day) {
                    let place = format!("PSIM_SEED={seed}, tick {tick}, day {day}");
                    let rows = session.transactions_of_day(day);
                    let rows: Vec<_> =
                        rows.into_iter().map(|row| (row.tx_id, row.arrival_tick)).collect();
                    assert_eq!(rows, arrivals(&mut session, day), "{place}");
                    let moves = session.collateral_events_of_day(day);
                    let moves: Vec<Move> = moves.into_iter().map(told).collect();
                    assert_eq!(moves, collateral(&session, day), "{place}");
                    compared = [compared[0] + rows.len(), compared[1] + moves.len()];
                }
            }
            if session.is_finished() || session.tick().is_err() {
                break;
            }
        }
    }
    assert!(compared.iter().all(|count| *count > 1_000), "{compared:?}");
}
