//! The cases, and the page they make.

use std::time::Duration;

use psim_engine::Engine;
use psim_model::event::{Event, EventBatch};
use psim_model::{
    AgentNo, Calendar, CheckedScenario, Fraction, Money, Pool, PreparedPayment, Priority,
    QueueDiscipline, RtgsPriority, Scenario, Tick,
};

use crate::table::Table;
use crate::{
    bare, days, frames_case, journal_case, liquidity_saving, mechanisms, memory, policies,
    report_case, timing,
};

pub(crate) const T2_PAYMENTS: u32 = 409_444;
pub(crate) const T2_BANKS: u32 = 1_000;

/// What is run and how often.
struct Effort {
    tries: u32,
    quick: bool,
}

/// Runs every case and returns the page.
pub(crate) fn page(quick: bool) -> String {
    let effort = Effort { tries: if quick { 2 } else { 7 }, quick };
    let mut page = String::from(
        "# Performance\n\n\
         Written by `cargo xtask bench`. The yardstick is a bare loop over the same payments in\n\
         the same process: balances in an array, a strict queue for each sender, a 24-byte record\n\
         for each arrival, queueing and settlement, and nothing else. Figures are the shortest of\n\
         several tries, divided by the loop's. Times in milliseconds are those of the machine\n\
         that wrote this page and only say what a ratio was made of.\n\n",
    );
    let sections = [
        ratios(&effort),
        mechanisms::section(effort.tries),
        policies::section(effort.tries),
        liquidity_saving::section(effort.tries),
        memory::section_of_child(memory::WAITING),
        journal_case::section(effort.tries),
        report_case::section(effort.tries),
        frames_case::section(effort.tries),
        memory::section_of_child(memory::MEMORY),
        growth(&effort),
        if quick { String::new() } else { memory::section_of_child(memory::LOADS) },
    ];
    for section in sections {
        page.push_str(&section);
        page.push('\n');
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

/// The T2 day against the loop, for a look at one change.
pub(crate) fn ratios_only() -> String {
    ratios(&Effort { tries: 7, quick: false })
}

/// The T2 day against the loop.
fn ratios(effort: &Effort) -> String {
    let mut table = Table::new(
        "A T2 day",
        "409,444 prepared payments, 1,000 banks, 660 ticks; every event made and counted.",
        &["case", "times the loop", "at most", "", "detail"],
    );
    let ample = days::ample(T2_PAYMENTS, T2_BANKS, 1);
    compare(effort, &mut table, "ample liquidity, nothing costs", ample.clone(), 10.0);

    let mut pool = ample.clone();
    for agent in &mut pool.agents {
        let amount = agent.opening_balance;
        agent.liquidity_pool = Some(Pool { amount, fraction: Some(Fraction::ONE) });
        agent.opening_balance = Money::ZERO;
    }
    pool.costs.liquidity_cost_per_tick_bps = "0.01".parse().expect("a rate");
    compare(effort, &mut table, "ample liquidity, a pool cost", pool, 15.0);

    for (name, discipline, most) in [
        ("scarce liquidity, `fifo`", QueueDiscipline::Fifo, 12.0),
        ("scarce liquidity, `bypass`", QueueDiscipline::Bypass, 18.0),
    ] {
        let mut scarce = ample.clone();
        scarce.rules.queue_discipline = discipline;
        starve(&mut scarce);
        compare(effort, &mut table, name, scarce, most);
    }
    table.finish()
}

fn compare(effort: &Effort, table: &mut Table, name: &str, scenario: Scenario, most: f64) {
    let balances: Vec<i64> = scenario
        .agents
        .iter()
        .map(|agent| {
            let pool = agent.liquidity_pool.map_or(Money::ZERO, |pool| pool.amount);
            (agent.opening_balance + pool).minor()
        })
        .collect();
    let mut log = Vec::new();
    let (bare, _) = timing::shortest(effort.tries, || {
        bare::run(&scenario.payments.rows, balances.clone(), &mut log)
    });
    let checked = days::checked(scenario);
    let (engine, counts) = timing::shortest(effort.tries, || count(&checked));
    let detail = format!(
        "{} events, peak {} waiting, {} and {}",
        counts.events,
        counts.peak_waiting,
        milliseconds(engine),
        milliseconds(bare),
    );
    table.bounded(name, engine.as_secs_f64() / bare.as_secs_f64(), most, &detail);
}

/// Takes liquidity away until a tenth of the payments waits at the peak.
pub(crate) fn starve(scenario: &mut Scenario) {
    let payments = scenario.payments.rows.len() as u64;
    let (mut low, mut high) = (0_i64, 1_000);
    while high - low > 4 {
        let middle = i64::midpoint(low, high);
        let share = Fraction::from_trillionths(middle * 1_000_000_000).unwrap_or(Fraction::ONE);
        days::fund_share(scenario, share);
        let peak = count(&days::checked(scenario.clone())).peak_waiting;
        if 10 * peak > payments {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// What the counting fold knows.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) events: u64,
    waiting: u64,
    pub(crate) peak_waiting: u64,
}

impl Counts {
    fn observe(&mut self, batch: &EventBatch) {
        for event in batch.events() {
            self.events += 1;
            match event {
                Event::QueuedRtgs(_) => self.waiting += 1,
                // One of the two has come from queue 2.
                Event::Queue2LiquidityRelease(_) | Event::EntryDispositionOffset(_) => {
                    self.waiting -= 1;
                }
                event => {
                    let set = event.settled_set().map(|set| set.tx_ids.of(batch.columns()));
                    self.waiting -= set.unwrap_or_default().len() as u64;
                }
            }
        }
        self.peak_waiting = self.peak_waiting.max(self.waiting);
    }
}

pub(crate) fn count(scenario: &CheckedScenario) -> Counts {
    let mut engine = Engine::new(scenario.clone());
    let mut batch = EventBatch::default();
    let mut counts = Counts::default();
    while !engine.is_finished() && engine.tick(&mut batch).is_ok() {
        counts.observe(&batch);
    }
    counts
}

/// Ticks beside a queue that cannot move.
pub(crate) fn waiting() -> String {
    const TRIES: u32 = 5;
    let mut table = Table::new(
        "Payments that wait and cannot move",
        "Median of 300 ticks that each settle 500 other payments. The allocator is told to hand\n\
         out fresh memory in every case: with recycled memory the smaller cases would spare the\n\
         page faults of arriving payments, which are not the cost of waiting. The last column has\n\
         the same payments settled at the start instead of waiting.",
        &["waiting", "times", "at most", "", "detail"],
    );
    // The least of several medians: noise only ever adds.
    let least = |others: u32, fate: Fate| {
        let medians = (0..TRIES).map(|_| median_tick(others, fate));
        medians.min().unwrap_or_default()
    };
    let empty = least(0, Fate::Settled);
    let ratio = |this: Duration, base: Duration| this.as_secs_f64() / base.as_secs_f64();
    let mut base = (empty, "an empty queue 2");
    for (others, most, name) in [(100_000, 1.10, "100,000"), (1_000_000, 1.05, "1,000,000")] {
        let (stuck, settled) = (least(others, Fate::Stuck), least(others, Fate::Settled));
        let micros = |tick: Duration| format!("{:.1} µs", tick.as_secs_f64() * 1e6);
        let detail = format!(
            "{} a tick, {} with as many settled: {:.2} times",
            micros(stuck),
            micros(settled),
            ratio(stuck, settled),
        );
        table.bounded(&format!("{name}, against {}", base.1), ratio(stuck, base.0), most, &detail);
        base = (stuck, name);
    }
    table.finish()
}

/// What becomes of the payments that are there from the start.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Stuck,
    Settled,
}

/// 300 ticks of 500 settlements among rich banks, beside `others` payments of other banks, which
/// wait in queue 2 if those are poor.
fn median_tick(others: u32, fate: Fate) -> Duration {
    const BUSY_TICKS: u32 = 300;
    const A_TICK: u32 = 500;
    const BANKS: u32 = 100;
    let calendar = Calendar::try_new(BUSY_TICKS + 1, 1, None).expect("a sound calendar");
    let ids: Vec<String> = (0..BANKS).map(|no| format!("B{no:03}")).collect();
    let row = |tick: u32, sender: u32, receiver: u32, amount: i64| PreparedPayment {
        tick: Tick(tick),
        sender: AgentNo(sender),
        receiver: AgentNo(receiver),
        amount: Money::from_minor(amount),
        deadline: calendar.last_tick(),
        earliest: Tick(tick),
        priority: Priority::DEFAULT,
        rtgs_priority: RtgsPriority::Normal,
        divisible: None,
    };
    // The first half of the banks owes the others, who pay each other in turn.
    let half = BANKS / 2;
    let mut rows: Vec<PreparedPayment> =
        (0..others).map(|no| row(0, no % half, half, 1_000 + i64::from(no))).collect();
    for tick in 1..=BUSY_TICKS {
        rows.extend((0..A_TICK).map(|no| {
            let sender = half + no % half;
            row(tick, sender, half + (no + 1) % half, 10)
        }));
    }
    let mut scenario = days::world(calendar, &ids, rows);
    let first_rich = if fate == Fate::Stuck { half as usize } else { 0 };
    for agent in &mut scenario.agents[first_rich..] {
        agent.opening_balance = Money::from_minor(1_000_000_000_000);
    }
    let mut engine = Engine::new(days::checked(scenario));
    let mut batch = EventBatch::default();
    if engine.tick(&mut batch).is_err() {
        return Duration::ZERO;
    }
    timing::median(timing::each(|| !engine.is_finished() && engine.tick(&mut batch).is_ok()))
}

/// How the cost of a day grows.
fn growth(effort: &Effort) -> String {
    let mut table = Table::new(
        "Growth",
        "Ample liquidity, nothing costs; every event made and counted. Ten days should cost at\n\
         most 1.15 times as much as ten single ones.",
        &["payments", "banks", "days", "ns a payment", "whole run", ""],
    );
    let mut sizes = vec![
        (T2_PAYMENTS, 10, 1),
        (T2_PAYMENTS, 100, 1),
        (T2_PAYMENTS, T2_BANKS, 1),
        (T2_PAYMENTS, 10_000, 1),
        (836_000, 6_600, 1),
    ];
    if !effort.quick {
        sizes.extend([(3_800_000, 300, 1), (T2_PAYMENTS, T2_BANKS, 10)]);
    }
    let mut one_day = Duration::MAX;
    for (payments, banks, days) in sizes {
        let scenario = days::checked(days::ample(payments, banks, days));
        let (time, _) = timing::shortest(effort.tries.min(3), || count(&scenario));
        let all = f64::from(payments) * f64::from(days);
        if (payments, banks, days) == (T2_PAYMENTS, T2_BANKS, 1) {
            one_day = time;
        }
        let times_one = time.as_secs_f64() / (one_day.as_secs_f64() * f64::from(days));
        let note = if days > 1 {
            format!("{times_one:.2} times as many single days")
        } else {
            String::new()
        };
        table.row(&[
            &payments.to_string(),
            &banks.to_string(),
            &days.to_string(),
            &format!("{:.0}", time.as_secs_f64() * 1e9 / all),
            &milliseconds(time),
            &note,
        ]);
    }
    table.finish()
}

pub(crate) fn milliseconds(time: Duration) -> String {
    format!("{:.0} ms", time.as_secs_f64() * 1e3)
}
