//! The search for rings ends.

use super::*;

/// Everybody owes everybody else: 10^12 rings, of which only those are made that may be tested.
#[test]
fn rings_beyond_the_steps_are_not_made() {
    const BANKS: u32 = 24;
    let banks = (0..BANKS).map(|no| bank(&format!("A{no:02}"), 0)).collect();
    let pairs = (0..BANKS).flat_map(|from| (0..BANKS).map(move |to| (from, to)));
    let owed: Vec<_> =
        pairs.filter(|(from, to)| from != to).map(|(from, to)| (0, from, to, 100)).collect();
    let mut scenario = world(1, banks, &owed);
    let algorithm = Algorithm::Cycles { max_cycle_length: 10, max_cycles_per_tick: 100 };
    scenario.liquidity_saving.algorithms =
        vec![ScheduledAlgorithm { algorithm, every: 1, enabled: true }];
    scenario.liquidity_saving.max_steps = Some(1);
    let events = run(scenario.check().unwrap());
    assert_eq!(count(&events, |e| matches!(e, Event::LsmCycleSettlement(_))), 1);
}

/// Nobody owes back whoever comes before: no ring, but very many ways through the banks.
#[test]
fn a_search_for_rings_ends_where_none_can_be() {
    const BANKS: u32 = 60;
    let banks = (0..BANKS).map(|no| bank(&format!("A{no:02}"), 0)).collect();
    let owed: Vec<_> =
        (0..BANKS).flat_map(|from| (from + 1..BANKS).map(move |to| (0, from, to, 100))).collect();
    let mut scenario = world(1, banks, &owed);
    let algorithm = Algorithm::Cycles { max_cycle_length: 10, max_cycles_per_tick: 100 };
    let scheduled = ScheduledAlgorithm { algorithm, every: 1, enabled: true };
    scenario.liquidity_saving.algorithms = vec![scheduled];
    let events = run(scenario.check().unwrap());
    assert_eq!(count(&events, |e| matches!(e, Event::LsmCycleSettlement(_))), 0);
}
