//! Whether a state that was read from a checkpoint can be that of a run of the scenario.
//!
//! What later code indexes with is looked at here; who is named, by the census beside
//! `engine/checkpoint.rs`; and what is kept as running sums, by the audit.

use psim_model::{Money, PaymentNo, Scenario, Tick, Total, check_actions};

use crate::arrivals::Arrivals;
use crate::costs::Costs;
use crate::followers::Follower;
use crate::payments::Place;
use crate::world::{Charges, World};

/// Returns what cannot be, in words; `None` if everything can.
pub(crate) fn fault(
    scenario: &Scenario,
    now: Tick,
    (arrivals, world): (&Arrivals, &World),
) -> Option<&'static str> {
    let agents = scenario.agents.len();
    let rules = &scenario.rules;
    let payments = world.payments.len();
    let sender = |no: PaymentNo| world.payments.get(no).sender;
    let by_agent = [
        world.followers.len(),
        world.agents(),
        world.charges.len(),
        world.costs.len(),
        world.id_hashes.len(),
    ];
    let tests = [
        ("what is kept by agent", by_agent.iter().all(|count| *count == agents)),
        ("balances and credit", world.ledger.fits(scenario)),
        ("payments", payments_are_sound(now, world)),
        ("deadlines", deadlines_are_sound(scenario, now, world)),
        ("ids", world.ids.fit(arrivals.prepared_so_far())),
        ("queue 1", world.queue1.fits(agents, rules.queue1_ordering)),
        ("queue 2", world.queue2.fits(agents, rules, world.ledger.keeps_back())),
        ("limits", world.limits.fits(scenario)),
        ("split payments", world.splits.are_sound(sender)),
        ("collateral", world.collateral.fits(agents)),
        ("escalation", world.escalation.fits(rules.escalation)),
        ("policies", world.followers.iter().all(Follower::is_sound)),
        ("the past", world.history.fits(agents, now)),
        ("first arrival", world.first_arrival.index() <= payments),
        ("liquidity saving", world.lsm.fits(&scenario.liquidity_saving)),
        ("money in reach", world.reach.fits(agents)),
        ("costs", costs_are_sound(world)),
        ("decisions", world.decisions.all().all(|actions| check_actions(actions).is_ok())),
        ("arrivals", arrivals.fit(scenario)),
    ];
    tests.into_iter().find(|(_, is_sound)| !is_sound).map(|(what, _)| what)
}

fn deadlines_are_sound(scenario: &Scenario, now: Tick, world: &World) -> bool {
    let as_of = world.deadlines_as_of;
    as_of == Tick(now.0.saturating_sub(1))
        && world.deadlines.fit(&world.payments, as_of, scenario.calendar.last_tick())
}

/// Nothing is charged between two ticks that was not booked in the first.
fn costs_are_sound(world: &World) -> bool {
    let grow = |costs: &Costs| {
        let (today, total) = (costs.today.by_kind(), costs.total.by_kind());
        today.into_iter().zip(total).all(|(today, total)| Money::ZERO <= today && today <= total)
    };
    let nothing = Charges::default();
    world.booked <= Total::from_minor(i64::MAX.into())
        && world.costs.iter().all(grow)
        && !world.charges_due
        && world.charges.iter().all(|charges| *charges == nothing)
}

fn payments_are_sound(now: Tick, world: &World) -> bool {
    world.payments.iter().all(|(_, payment)| {
        // Only a call moves payments as early as in the coming tick, and none settles by it.
        let has_moved = payment.moved_at < now.next()
            && (payment.place != Place::Settled || payment.moved_at < now);
        has_moved && payment.amount.is_positive() && payment.sender != payment.receiver
    })
}
