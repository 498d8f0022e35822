//! Live runs of random worlds: what they answer agrees with the folds that see the whole stream,
//! and asking changes no byte of it.

use psim_engine::Engine;
use psim_model::event::EventBatch;
use psim_model::{CheckedScenario, Day, Money, ScheduledInstruction, Total};
use psim_runner::Session;
use psim_testkit::worlds::{WorldSize, requested_seeds, world};
use psim_view::{Fold, StreamHash, SummaryFold};

/// Returns a world whose instructions are left to be given as calls.
fn steered(seed: u64) -> (CheckedScenario, Vec<ScheduledInstruction>) {
    let mut scenario = world(seed, &WorldSize::default());
    let calls = std::mem::take(&mut scenario.instructions);
    (scenario.check().expect("worlds are sound"), calls)
}

/// Runs an engine with the calls and nothing else, as far as it goes.
fn plain(scenario: CheckedScenario, calls: &[ScheduledInstruction]) -> StreamHash {
    let mut engine = Engine::new(scenario);
    let (mut batch, mut hash) = (EventBatch::default(), StreamHash::new());
    while !engine.is_finished() {
        let tick = engine.now();
        for call in calls.iter().filter(|call| call.tick == tick) {
            let _ = engine.instruct(&call.instruction);
        }
        if engine.tick(&mut batch).is_err() {
            break;
        }
        hash.observe(&batch);
    }
    hash
}

fn agrees(session: &mut Session, place: &str) {
    let mut fold = SummaryFold::new();
    for batch in session.log() {
        fold.observe(batch);
    }
    let summary = fold.finish();
    let metrics = session.system_metrics();
    assert_eq!(metrics.total_arrivals, summary.payments.arrived.count, "{place}");
    assert_eq!(metrics.total_settlements, summary.payments.settled.count, "{place}");
    assert_eq!(metrics.settlement_rate, summary.payments.settlement_rate_count, "{place}");
    assert_eq!(metrics.avg_delay_ticks, summary.delay.settled_wait_ticks_mean, "{place}");
    assert_eq!(metrics.max_delay_ticks, summary.delay.settled_wait_ticks_max, "{place}");
    assert_eq!(metrics.queue1_total_size, summary.queues.queue1_at_end.count, "{place}");
    assert_eq!(metrics.queue2_total_size, summary.queues.queue2_at_end.count, "{place}");
    let peak = summary.liquidity.peak_overdraft.map_or(Money::ZERO, |peak| peak.amount);
    assert_eq!(metrics.peak_overdraft, peak, "{place}");
    let costs = session.all_costs();
    for agent in &summary.agents {
        assert_eq!(costs[&agent.id].total_cost, agent.costs.total, "{place}");
    }
    settled_by_rows(session, summary.payments.settled.value, place);
    days_agree(session, place);
}

/// What the rows of all days say has settled is what has.
fn settled_by_rows(session: &mut Session, settled: Total, place: &str) {
    let days = session.engine().scenario().calendar.num_days();
    let rows: Vec<_> = (0..days).flat_map(|day| session.transactions_of_day(Day(day))).collect();
    assert_eq!(rows.len() as u64, session.transaction_counts().total_transactions, "{place}");
    let wholes = rows.iter().filter(|row| row.parent_tx_id.is_none());
    assert_eq!(wholes.map(|row| row.amount_settled).sum::<Total>(), settled, "{place}");
    for row in rows {
        let details = session.transaction_details(&row.tx_id).expect("it has arrived");
        assert_eq!(row.amount_settled + details.remaining_amount, row.amount, "{place}");
    }
}

/// The figures of days that are over agree with their costs and with each other.
fn days_agree(session: &mut Session, place: &str) {
    for day in (0..session.engine().scenario().calendar.num_days()).map(Day) {
        let costs = session.all_costs_of_day(day);
        let Some(agents) = session.daily_agent_metrics(day) else { continue };
        let sum = |count: fn(&psim_view::AgentDay) -> u64| agents.iter().map(count).sum::<u64>();
        assert_eq!(sum(|day| day.num_settled), sum(|day| day.num_received), "{place}");
        for agent in agents {
            assert_eq!(agent.total_cost, costs[&agent.agent_id].total_cost, "{place}");
            let balances = agent.min_balance..=agent.max_balance;
            assert!(balances.contains(&agent.opening_balance), "{place}");
            assert!(balances.contains(&agent.closing_balance), "{place}");
        }
    }
}

#[test]
fn a_live_run_agrees_with_its_stream() {
    for seed in requested_seeds(150) {
        let (scenario, calls) = steered(seed);
        let unasked = plain(scenario.clone(), &calls);
        let mut session = Session::new(scenario);
        while !session.is_finished() {
            let tick = session.now();
            let place = format!("PSIM_SEED={seed}, tick {tick}");
            for call in calls.iter().filter(|call| call.tick == tick) {
                let _ = session.instruct(&call.instruction);
                let queues = session.queues();
                assert_eq!(queues.queue2.size, session.queue2_size() as u64, "{place}");
                for (agent, balance) in session.balances() {
                    let state = session.agent_state(&agent).expect("it is known");
                    let no = session.agent(&agent).expect("it is known");
                    let told = session.projection().agent(no).expect("it is known");
                    assert_eq!((told.balance, state.balance), (balance, balance), "{place}");
                    let permission = told.credit_permission();
                    assert_eq!(state.allowed_overdraft_limit, permission, "{place}");
                    let capacity = told.max_collateral_capacity;
                    assert_eq!(state.max_collateral_capacity, capacity, "{place}");
                }
            }
            if session.tick().is_err() {
                break;
            }
            if seed % 3 == u64::from(tick.0) % 3 {
                agrees(&mut session, &place);
            }
        }
        agrees(&mut session, &format!("PSIM_SEED={seed}"));
        let mut hash = StreamHash::new();
        for batch in session.log() {
            hash.observe(batch);
        }
        assert_eq!(hash.total(), unasked.total(), "PSIM_SEED={seed}");
    }
}
