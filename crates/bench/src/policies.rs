//! What policies cost: a decision by itself, in the engine, and over a day.

mod by_hand;

use std::fmt::Write as _;
use std::time::Duration;

use psim_engine::Engine;
use psim_model::event::EventBatch;
use psim_model::{
    Agent, AgentNo, Calendar, Money, Policy, PreparedPayment, Priority, RtgsPriority, Scenario,
    Tick,
};
use psim_policy::library;

use crate::cases::{T2_BANKS, T2_PAYMENTS, count, milliseconds, starve};
use crate::table::Table;
use crate::{days, timing};

/// Most nanoseconds that a decision of 30 nodes over 20 fields may take.
const DECISION_MOST: f64 = 150.0;
/// The same where counterparties are ranked.
const RANKED_MOST: f64 = 1000.0;
/// Most times as long as a function by hand that it may take.
const BY_HAND_MOST: f64 = 3.0;
/// Most times as long as without a tree that `fifo` may take.
const FIFO_MOST: f64 = 1.05;
/// Most milliseconds that reading a document of 700 lines may take.
const READING_MOST: f64 = 1.0;

/// Measures policies.
pub(crate) fn section(tries: u32) -> String {
    let mut table = Table::new(
        "Policies",
        "A decision of 30 nodes that names 20 fields, on its longest way: by itself, where fields\n\
         are computed from a few numbers, beside the same logic written by hand; and in the\n\
         engine, where a bank holds 1,000 payments for 1,000 ticks and all that a tick does is\n\
         counted in.\n\
         Then whole T2 days with one policy for all banks, less the same day with `fifo`.",
        &["case", "figure", "at most", "", "detail"],
    );
    let by_hand::Measured { compiled, by_hand } = by_hand::measure(tries);
    let times = compiled / by_hand;
    let detail = format!("{compiled:.0} ns and {by_hand:.0} ns");
    table.bounded("decision by itself, times by hand", times, BY_HAND_MOST, &detail);
    table.bounded("decision by itself, ns", compiled, DECISION_MOST, "");

    let (held, decisions) = (held(tries, &by_hand::document()), 1000.0 * 1000.0);
    let each = nanoseconds(held, decisions);
    table.bounded("decision in the engine, ns", each, DECISION_MOST, &milliseconds(held));
    let ranked = self::held(tries, &ranked());
    let each = nanoseconds(ranked, decisions);
    table.bounded("with rankings, ns", each, RANKED_MOST, &milliseconds(ranked));

    let ample = days::ample(T2_PAYMENTS, T2_BANKS, 1);
    let mut scarce = ample.clone();
    starve(&mut scarce);
    let without = treeless();
    let (fifo, treeless) = (day(tries, &ample, &Policy::fifo()), day(tries, &ample, &without));
    let detail = format!("{} and {}", milliseconds(fifo), milliseconds(treeless));
    let times = fifo.as_secs_f64() / treeless.as_secs_f64();
    table.bounded("`fifo`, times no tree", times, FIFO_MOST, &detail);
    over_a_day(&mut table, tries, "ample", &ample);
    over_a_day(&mut table, 2, "scarce", &scarce); // many millions of decisions

    let text = long_document();
    let (reading, policy) = timing::shortest(tries.max(5), || Policy::read(&text));
    assert!(policy.is_ok(), "the benchmark's own document is sound");
    let detail = format!("{} lines, {} bytes", text.lines().count(), text.len());
    table.bounded("reading 700 lines, ms", reading.as_secs_f64() * 1e3, READING_MOST, &detail);
    table.finish()
}

/// A T2 day with all banks on `liquidity_aware`, less the day with `fifo`.
fn over_a_day(table: &mut Table, tries: u32, name: &str, base: &Scenario) {
    let policy = library::named("liquidity_aware").expect("the library has it");
    let (with, without) = (day(tries, base, &policy), day(tries, base, &Policy::fifo()));
    let decisions = decisions(base, &policy);
    let more = with.as_secs_f64() - without.as_secs_f64();
    let each = more.max(0.0) * 1e9 / decisions as f64;
    let detail =
        format!("{decisions} decisions, {} and {}", milliseconds(with), milliseconds(without));
    let name = format!("`liquidity_aware`, {name} liquidity, ns a decision");
    table.bounded(&name, each, DECISION_MOST, &detail);
}

fn nanoseconds(time: Duration, count: f64) -> f64 {
    time.as_secs_f64() * 1e9 / count
}

fn follow(base: &Scenario, policy: &Policy) -> Scenario {
    let mut scenario = base.clone();
    for agent in &mut scenario.agents {
        agent.policy = policy.clone();
    }
    scenario
}

fn day(tries: u32, base: &Scenario, policy: &Policy) -> Duration {
    let checked = days::checked(follow(base, policy));
    timing::shortest(tries, || count(&checked)).0
}

/// Counts the payments that are decided on, again for each tick that they wait.
fn decisions(base: &Scenario, policy: &Policy) -> u64 {
    let mut engine = Engine::new(days::checked(follow(base, policy)));
    let mut batch = EventBatch::default();
    let waiting = |engine: &Engine| -> usize {
        let agents = 0..engine.scenario().agents.len();
        agents.filter_map(|no| engine.queue1(AgentNo::from_index(no)).map(<[_]>::len)).sum()
    };
    let mut decisions = 0;
    while !engine.is_finished() {
        let (before, created) = (waiting(&engine), engine.payment_count());
        engine.tick(&mut batch).expect("the benchmark's own days run");
        decisions += (before + engine.payment_count() - created) as u64;
    }
    decisions
}

/// A bank that holds 1,000 payments to 50 others for 1,000 ticks.
fn held(tries: u32, policy: &Policy) -> Duration {
    const TICKS: u32 = 1000;
    let calendar = Calendar::try_new(TICKS, 1, None).expect("a sound calendar");
    let banks: Vec<String> = (0..51).map(|no| format!("B{no:02}")).collect();
    let payment = |no: u32, (sender, receiver): (u32, u32)| PreparedPayment {
        tick: Tick(0),
        sender: AgentNo(sender),
        receiver: AgentNo(receiver),
        amount: Money::from_minor(1_000_000 + i64::from(no)),
        deadline: Tick(TICKS - 1),
        earliest: Tick(0),
        priority: Priority::DEFAULT,
        rtgs_priority: RtgsPriority::Normal,
        divisible: None,
    };
    let mut rows: Vec<_> = (0..1000).map(|no| payment(no, (0, 1 + no % 50))).collect();
    // What waits in queue 2, for rankings.
    rows.extend((0..500).map(|no| payment(no, (1 + no % 50, 0))));
    let mut scenario = days::world(calendar, &banks, rows);
    scenario.agents[0] = Agent { policy: policy.clone(), ..scenario.agents[0].clone() };
    scenario.agents[0].opening_balance = Money::from_minor(500_000);
    let checked = days::checked(scenario);
    timing::shortest(tries, || count(&checked)).0
}

fn treeless() -> Policy {
    let text = r#"{"version": "1", "policy_id": "treeless"}"#;
    Policy::read(text).expect("the benchmark's own document is sound")
}

/// A policy that ranks counterparties in every way there is, and holds.
fn ranked() -> Policy {
    let fields = ["my_q2_out_value_top_1", "my_q2_in_value_top_5", "my_bilateral_net_q2_top_3"];
    let tests = fields.map(|field| {
        format!(r#"{{"op": ">=", "left": {{"field": "{field}"}}, "right": {{"value": -1e18}}}}"#)
    });
    let top = r#"{"op": "==", "left": {"field": "tx_is_top_counterparty"}, "right": {"value": 0}}"#;
    let text = format!(
        r#"{{"version": "1", "policy_id": "ranked", "payment_tree": {{
            "type": "condition", "node_id": "ranks",
            "condition": {{"op": "and", "conditions": [{}, {top}]}},
            "on_true": {{"type": "action", "node_id": "hold", "action": "Hold"}},
            "on_false": {{"type": "action", "node_id": "release", "action": "Release"}}}}}}"#,
        tests.join(", ")
    );
    Policy::read(&text).expect("the benchmark's own document is sound")
}

/// A document of at least 700 lines.
fn long_document() -> String {
    let mut tree = r#"{"type": "action", "node_id": "end", "action": "Hold"}"#.to_owned();
    let mut no = 0;
    loop {
        let text = format!(r#"{{"version": "1", "policy_id": "long", "payment_tree": {tree}}}"#);
        let policy = Policy::read(&text).expect("the benchmark's own document is sound");
        let lines = policy.text().lines().count();
        if lines >= 700 {
            return policy.text().to_owned();
        }
        let mut longer = String::new();
        let _ = write!(
            longer,
            r#"{{"type": "condition", "node_id": "n{no}", "condition": {{"op": "<", "left":
               {{"compute": {{"op": "*", "left": {{"field": "balance"}}, "right": {{"value":
               {no}}}}}}}, "right": {{"field": "amount"}}}}, "on_true": {{"type": "action",
               "node_id": "a{no}", "action": "Release"}}, "on_false": {tree}}}"#
        );
        tree = longer;
        no += 1;
    }
}
