//! What liquidity saving costs: one run over a large queue, and a T2 day with the rules of T2.

use std::time::Duration;

use psim_engine::Engine;
use psim_model::event::{Event, EventBatch};
use psim_model::{
    AgentNo, Algorithm, Calendar, CheckedScenario, LimitsApplyTo, LimitsBasis, LiquiditySaving,
    Money, PairOrder, Pairs, PreparedPayment, Priority, RtgsPriority, Rules, Scenario,
    ScenarioEvent, Schedule, ScheduledAlgorithm, ScheduledEvent, Tick,
};

use crate::cases::{T2_BANKS, T2_PAYMENTS, milliseconds};
use crate::table::Table;
use crate::{bare, days, timing};

/// Banks of the large queue.
const BANKS: u32 = 1_000;
/// The tick on which the algorithm meets the queue, which has been there since the tick before.
const MEETING: u32 = 2;

/// Measures both.
pub(crate) fn section(tries: u32) -> String {
    let mut table = Table::new(
        "Liquidity saving",
        "`gridlock_resolution` over a queue of 1,000 banks, in nanoseconds a queued payment: the\n\
         tick in which it meets the queue, less the same tick without it. Where nothing is left\n\
         out, it finds that all can settle, and then all that is queued settles. Then a T2 day\n\
         under the rules of the preset `t2`, with a fifth of the way from the lower to the upper\n\
         bound of liquidity: it may take 20 times the loop, and 100 ns for each payment in the\n\
         queue at each run of an algorithm.",
        &["case", "figure", "at most", "", "detail"],
    );
    for (queued, each) in [("100,000", 100), ("200,000", 200)] {
        let (found, detail) = nanoseconds_to_find(tries, each);
        table.bounded(&format!("{queued} queued, none left out, found"), found, 60.0, &detail);
        let (settled, detail) = nanoseconds_a_payment(tries, each, Fate::Settle);
        let figure = format!("{settled:.2}");
        table.row(&[&format!("{queued} queued, none left out, settled"), &figure, "", "", &detail]);
        let (cut, detail) = nanoseconds_a_payment(tries, each, Fate::Leave);
        table.bounded(&format!("{queued} queued, all left out"), cut, 150.0, &detail);
    }
    t2_day(tries, &mut table);
    let idle = idle_ticks(tries);
    table.bounded("100,000 queued, a tick in which nothing changes, in µs", idle, 5.0, "");
    table.finish()
}

/// The search alone: what tells gridlock from deadlock is the same procedure, which looks again
/// after any change, here the transfer of a cent.
fn nanoseconds_to_find(tries: u32, each: u32) -> (f64, String) {
    let gridlock = |reports_blocks| {
        let mut scenario = queue(each, Fate::Settle, &[]);
        scenario.liquidity_saving.reports_blocks = reports_blocks;
        scenario.agents[0].opening_balance = Money::from_minor(1);
        scenario.events = vec![ScheduledEvent {
            schedule: Schedule::OneTime { tick: Tick(MEETING) },
            event: ScenarioEvent::DirectTransfer {
                from_agent: AgentNo(0),
                to_agent: AgentNo(1),
                amount: Money::from_minor(1),
            },
        }];
        shortest_meeting(tries, &days::checked(scenario))
    };
    let spent = gridlock(true).saturating_sub(gridlock(false));
    per_payment(spent, each)
}

fn per_payment(spent: Duration, each: u32) -> (f64, String) {
    let figure = spent.as_secs_f64() * 1e9 / f64::from(BANKS * each);
    (figure, format!("{} a run", milliseconds(spent)))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Every bank gets what it pays.
    Settle,
    /// The last bank's payments are too much for it, and so on around the ring.
    Leave,
}

fn nanoseconds_a_payment(tries: u32, each: u32, fate: Fate) -> (f64, String) {
    let queue = |algorithms: Vec<Algorithm>| days::checked(queue(each, fate, &algorithms));
    let with = shortest_meeting(tries, &queue(vec![Algorithm::GridlockResolution]));
    let without = shortest_meeting(tries, &queue(Vec::new()));
    per_payment(with.saturating_sub(without), each)
}

/// Banks without money that owe `each` payments: the k-th of each goes k banks further around the
/// ring.
fn queue(each: u32, fate: Fate, algorithms: &[Algorithm]) -> Scenario {
    let calendar = Calendar::try_new(20, 1, None).expect("a sound calendar");
    let ids: Vec<String> = (0..BANKS).map(|no| format!("B{no:04}")).collect();
    let row = |sender: u32, nth: u32| {
        let is_too_much = fate == Fate::Leave && nth == 0;
        PreparedPayment {
            tick: Tick(MEETING - 1),
            sender: AgentNo(sender),
            receiver: AgentNo((sender + 1 + (nth * 7) % (BANKS - 1)) % BANKS),
            // Were the first payments alike, too, they could go around.
            amount: Money::from_minor(if is_too_much { 1_000 + i64::from(sender) } else { 10 }),
            deadline: calendar.last_tick(),
            earliest: Tick(MEETING - 1),
            priority: Priority::DEFAULT,
            rtgs_priority: RtgsPriority::Normal,
            divisible: None,
        }
    };
    let rows = (0..each).flat_map(|nth| (0..BANKS).map(move |sender| row(sender, nth))).collect();
    let mut scenario = days::world(calendar, &ids, rows);
    scenario.liquidity_saving = LiquiditySaving {
        algorithms: algorithms.iter().map(|it| each_tick(*it)).collect(),
        run_every_ticks: MEETING,
        ..LiquiditySaving::NONE
    };
    scenario
}

const fn each_tick(algorithm: Algorithm) -> ScheduledAlgorithm {
    ScheduledAlgorithm { algorithm, every: 1, enabled: true }
}

fn shortest_meeting(tries: u32, scenario: &CheckedScenario) -> Duration {
    let prepare = || {
        let mut engine = Engine::new(scenario.clone());
        let mut batch = EventBatch::default();
        for _ in 0..MEETING {
            engine.tick(&mut batch).expect("a tick of the benchmark's own");
        }
        (engine, batch)
    };
    let meet = |(mut engine, mut batch): (Engine, EventBatch)| {
        engine.tick(&mut batch).expect("a tick of the benchmark's own");
        (engine, batch)
    };
    timing::shortest_after(tries, prepare, meet).0
}

/// Microseconds of a tick beside a queue that cannot move, with an algorithm that has found so.
fn idle_ticks(tries: u32) -> f64 {
    let mut scenario = queue(100, Fate::Leave, &[Algorithm::GridlockResolution]);
    scenario.liquidity_saving.reports_blocks = true;
    let scenario = days::checked(scenario);
    let idle = (0..tries).map(|_| {
        let mut engine = Engine::new(scenario.clone());
        let mut batch = EventBatch::default();
        let times = timing::each(|| !engine.is_finished() && engine.tick(&mut batch).is_ok());
        // The last tick closes the day.
        timing::median(times[MEETING as usize + 1..times.len() - 1].to_vec())
    });
    idle.min().unwrap_or_default().as_secs_f64() * 1e6
}

/// A T2 day with the preset `t2`.
fn t2_day(tries: u32, table: &mut Table) {
    let mut day = days::ample(T2_PAYMENTS, T2_BANKS, 1);
    days::fund(&mut day, "0.2".parse().expect("a share"));
    let balances: Vec<i64> = day.agents.iter().map(|agent| agent.opening_balance.minor()).collect();
    let mut log = Vec::new();
    let (bare, _) =
        timing::shortest(tries, || bare::run(&day.payments.rows, balances.clone(), &mut log));
    as_t2(&mut day);
    let day = days::checked(day);
    let (time, runs) = timing::shortest(tries.min(3), || count_runs(&day));
    let allowed = 20.0 * bare.as_secs_f64() + 100e-9 * runs.queued as f64;
    let detail = format!(
        "{}, of which 20 times the loop are {} and 100 ns for each of {} payments queued at {} \
         runs {}; {} settled by algorithms",
        milliseconds(time),
        milliseconds(20 * bare),
        runs.queued,
        runs.count,
        milliseconds(Duration::from_nanos(100 * runs.queued)),
        runs.settled,
    );
    let figure = time.as_secs_f64() / allowed;
    table.bounded("a T2 day, preset `t2`, in times of what it may take", figure, 1.0, &detail);
}

/// The rules of the preset.
fn as_t2(day: &mut Scenario) {
    day.rules = Rules {
        priority_mode: true,
        priority_blocking: true,
        entry_disposition_offsetting: true,
        limits_basis: LimitsBasis::Net,
        limits_apply_to: LimitsApplyTo::Normal,
        ..day.rules
    };
    let pairs = Pairs { order: PairOrder::SmallestDifference, ..Pairs::default() };
    let algorithms = [Algorithm::AllOrNothing, Algorithm::Partial, Algorithm::Bilateral(pairs)];
    day.liquidity_saving = LiquiditySaving {
        algorithms: algorithms.into_iter().map(each_tick).collect(),
        sequencing: true,
        reports_blocks: true,
        ..LiquiditySaving::NONE
    };
}

/// Runs of algorithms, and what they looked at.
#[derive(Debug, Default)]
struct Runs {
    count: u64,
    queued: u64,
    settled: u64,
    waiting: u64,
}

fn count_runs(scenario: &CheckedScenario) -> Runs {
    let mut engine = Engine::new(scenario.clone());
    let mut batch = EventBatch::default();
    let mut runs = Runs::default();
    while !engine.is_finished() && engine.tick(&mut batch).is_ok() {
        for event in batch.events() {
            match event {
                Event::QueuedRtgs(_) => runs.waiting += 1,
                Event::Queue2LiquidityRelease(_) | Event::EntryDispositionOffset(_) => {
                    runs.waiting -= 1;
                }
                Event::LsmBilateralOffset(_)
                | Event::LsmCycleSettlement(_)
                | Event::LsmBatchSettlement(_) => {
                    let set = event.settled_set().map(|set| set.tx_ids.of(batch.columns()).len());
                    runs.waiting -= set.unwrap_or_default() as u64;
                }
                Event::AlgorithmExecution(run) => {
                    runs.count += 1;
                    // What it settled was in the queue as it began.
                    runs.queued += runs.waiting + u64::from(run.settlements);
                    runs.settled += u64::from(run.settlements);
                }
                _ => {}
            }
        }
    }
    runs
}
