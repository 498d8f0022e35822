//! Random and small worlds: sound, always the same, full of events, and lawful.

use std::collections::BTreeSet;

use psim_model::Tick;
use psim_model::event::{
    DropReason, Event, EventBatch, EventKind, HoldReason, InstructionType, Origin,
    OverExtensionCause, QueueReason, Refusal, ScenarioEventType, SplitOutcome, TransferKind,
};
use psim_testkit::worlds::{
    SmallWorlds, WorldSize, calls, every_small_world, requested_seeds, world,
};
use psim_testkit::{compare, invariants, reference};

#[test]
fn a_seed_has_one_world_and_a_world_one_stream() {
    let size = WorldSize::default();
    let mut fingerprints = BTreeSet::new();
    for seed in 0..50 {
        let checked = world(seed, &size).check().unwrap();
        assert_eq!(*checked, world(seed, &size));
        fingerprints.insert(checked.fingerprint().to_string());
        let streams = [reference::run(&checked, "0"), reference::run(&checked, "0")];
        compare::streams(&streams[0], &streams[1]).unwrap();
    }
    assert_eq!(fingerprints.len(), 50);
}

#[test]
fn random_worlds_obey_the_laws() {
    for seed in requested_seeds(500) {
        let scenario = world(seed, &WorldSize::default());
        let checked = scenario.check().unwrap_or_else(|fault| panic!("seed {seed}: {fault}"));
        let batches = reference::run(&checked, "0");
        if let Err(fault) = invariants::check(&batches, &checked) {
            panic!("seed {seed}: {fault}\n{:#?}", *checked);
        }
    }
}

#[test]
fn calls_between_ticks_obey_the_laws() {
    let size = WorldSize::default();
    let mut refused = BTreeSet::new();
    for seed in requested_seeds(300) {
        let checked = world(seed, &size).check().unwrap();
        let calls = calls(seed, &size);
        let mut run = reference::Reference::new(&checked, "0");
        let mut laws = invariants::Laws::new(&checked);
        for tick in (0..checked.calendar.horizon()).map(Tick) {
            for call in calls.iter().filter(|call| call.tick == tick) {
                checked.check_instruction(&call.instruction).unwrap();
                refused.extend(run.instruct(&call.instruction).err());
            }
            let batch = run.next().unwrap().unwrap();
            laws.observe(&batch).unwrap_or_else(|fault| panic!("seed {seed}: {fault}"));
        }
    }
    assert!(refused.contains(&Refusal::IdInUse), "{refused:?}");
}

/// The words of choices that occur in events of random worlds.
fn words_of(event: &Event, words: &mut BTreeSet<&'static str>) {
    match event {
        Event::PolicyHold(e) => drop(words.insert(e.reason.as_str())),
        Event::QueuedRtgs(e) => drop(words.insert(e.reason.as_str())),
        Event::PolicyDrop(e) => drop(words.insert(e.reason.as_str())),
        Event::AgentOverExtended(e) => drop(words.insert(e.cause.as_str())),
        Event::SplitCompleted(e) => drop(words.insert(e.outcome.as_str())),
        Event::FundsTransferred(e) => drop(words.insert(e.kind.as_str())),
        Event::RtgsWithdrawal(e) => drop(words.insert(e.origin.as_str())),
        Event::InstructionGiven(e) => {
            words.insert(e.instruction_type.as_str());
            words.extend(e.refusal.map(Refusal::as_str));
        }
        Event::ScenarioEventExecuted(e) => {
            words.insert(e.scenario_event_type.as_str());
            words.extend(e.reason.map(Refusal::as_str));
        }
        _ => {}
    }
}

/// Returns the words that random worlds must reach.
fn all_words() -> BTreeSet<&'static str> {
    // Calls alone give the first and the last; no test makes enough payments for the second.
    let out_of_reach = ["IdInUse", "TooManyPayments", "Api"];
    let mut words = BTreeSet::new();
    words.extend(HoldReason::ALL.iter().map(|word| word.as_str()));
    words.extend(QueueReason::ALL.iter().map(|word| word.as_str()));
    words.extend(DropReason::ALL.iter().map(|word| word.as_str()));
    words.extend(OverExtensionCause::ALL.iter().map(|word| word.as_str()));
    words.extend(SplitOutcome::ALL.iter().map(|word| word.as_str()));
    words.extend(TransferKind::ALL.iter().map(|word| word.as_str()));
    words.extend(Origin::ALL.iter().map(|word| word.as_str()));
    words.extend(InstructionType::ALL.iter().map(|word| word.as_str()));
    words.extend(ScenarioEventType::ALL.iter().map(|word| word.as_str()));
    words.extend(Refusal::ALL.iter().map(|word| word.as_str()));
    words.retain(|word| !out_of_reach.contains(word));
    words
}

#[test]
fn random_worlds_reach_everything_that_can_happen() {
    let mut kinds = BTreeSet::new();
    let mut words = BTreeSet::new();
    let mut exact_fits = 0;
    let mut late_settlements = 0;
    for seed in 0..600 {
        let checked = world(seed, &WorldSize::default()).check().unwrap();
        for event in reference::run(&checked, "0").iter().flat_map(EventBatch::events) {
            kinds.insert(event.kind());
            words_of(event, &mut words);
            match event {
                Event::Queue2LiquidityRelease(e) if e.sender_balance_after.minor() == 0 => {
                    exact_fits += 1;
                }
                Event::OverdueTransactionSettled(e) if e.total_ticks_overdue == 1 => {
                    late_settlements += 1;
                }
                _ => {}
            }
        }
    }
    assert!(kinds.iter().eq(EventKind::ALL), "{kinds:?}");
    let missing: Vec<_> = all_words().difference(&words).copied().collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(exact_fits > 100, "{exact_fits}");
    assert!(late_settlements > 50, "{late_settlements}");
}

/// Returns the most payments that waited for liquidity at once.
fn queue2_peak(batches: &[EventBatch]) -> usize {
    let mut waiting = BTreeSet::new();
    let mut peak = 0;
    for event in batches.iter().flat_map(EventBatch::events) {
        match event {
            Event::QueuedRtgs(e) => drop(waiting.insert(e.tx_id)),
            Event::Queue2LiquidityRelease(e) => drop(waiting.remove(&e.tx_id)),
            Event::PolicyDrop(e) => drop(waiting.remove(&e.tx_id)),
            _ => {}
        }
        peak = peak.max(waiting.len());
    }
    peak
}

#[test]
fn large_worlds_have_deep_queues() {
    let size = WorldSize { agents_max: 4, payments_max: 1_500, ..WorldSize::default() };
    let peak = |seed| queue2_peak(&reference::run(&world(seed, &size).check().unwrap(), "0"));
    let mut peaks: Vec<usize> = (0..30).map(peak).collect();
    peaks.sort_unstable();
    assert!(peaks[15] > 100, "{peaks:?}");
}

#[test]
fn small_worlds_obey_the_laws() {
    let kind = SmallWorlds {
        agents: 2,
        ticks: 2,
        payments_max: 3,
        amounts: &[1, 2],
        balances: &[0, 1, 2],
    };
    for scenario in every_small_world(&kind) {
        let checked = scenario.check().unwrap();
        let batches = reference::run(&checked, "0");
        if let Err(fault) = invariants::check(&batches, &checked) {
            panic!("{fault}\n{:#?}", *checked);
        }
    }
}
