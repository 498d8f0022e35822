//! V6, V7, V8, V10: six payments among three banks, with liquidity at the bounds and none.

use psim_model::event::Event;
use psim_runner::bounds;
use psim_scenario::read_payment_list;

use crate::case::{Case, Row, files, tuple};
use crate::scene::{Outcome, Scene};

const SOURCE: &str = "Worked out by hand from the definitions of M. L. Bech, K. Soramäki, \
    \"Gridlock Resolution in Interbank Payment Systems\", Bank of Finland Discussion Paper 9/2001: \
    the lower bound is the net debit at the end of the day, the upper bound the largest net debit \
    in it; in gridlock some queued payments could settle together, in deadlock none could";

const PAYMENTS: &str = "tick,sender,receiver,amount
0,A,B,50
1,B,C,70
2,C,A,30
3,B,A,40
4,A,C,60
5,C,B,20
";

fn at_bound(bound: u8, more: &str) -> String {
    format!(
        "simulation: {{ticks_per_day: 10, num_days: 1}}
queue_discipline: fifo
payments: payments.csv
agents: [{{id: A}}, {{id: B}}, {{id: C}}]
opening_balances: {{bounds: {bound}}}
{more}"
    )
}

pub(crate) fn v6() -> Case {
    let scene = Scene::new("", PAYMENTS);
    let list =
        read_payment_list(&scene.file("payments.csv")).unwrap_or_else(|faults| panic!("{faults}"));
    let report = bounds(&list.agents, &list.payments).expect("the bounds are small");
    let of = |pick: fn(&psim_runner::BoundsRow) -> i64| tuple(report.rows.iter().map(pick));
    let (lower, upper) = (of(|row| row.lower.minor()), of(|row| row.upper.minor()));
    Case {
        title: "V6: liquidity bounds of six payments",
        source: SOURCE,
        input: format!(
            "`payment-sim bounds payments.csv`, a day of 10 ticks; `payments.csv`:\n\n\
             ```text\n{PAYMENTS}```\n"
        ),
        rows: vec![
            Row::new("banks", "(A, B, C)", tuple(&list.agents)),
            Row::new("lower bounds of A, B, C", "(40, 40, 0)", lower),
            Row::new("lower bound of all", 80, report.lower),
            Row::new("upper bounds of A, B, C", "(50, 60, 0)", upper),
            Row::new("upper bound of all", 110, report.upper),
            Row::new("turnover", 270, report.turnover),
        ],
        remark: "",
    }
}

pub(crate) fn v7() -> Case {
    let scenario = at_bound(1, "");
    let outcome = Scene::new(&scenario, PAYMENTS).run(&[]);
    let settled = outcome.summary.payments.settled_on_entry;
    Case {
        title: "V7: at the upper bound, strict queues",
        source: SOURCE,
        input: format!(
            "The payments of V6, each bank with its upper bound.\n\n```yaml\n{scenario}```\n"
        ),
        rows: vec![
            Row::new("payments settled on entry", 6, settled.count),
            Row::new("value settled on entry", 270, settled.value),
            Row::new("delay indicator", 0, outcome.delay()),
            Row::new("balances at the end", "(10, 20, 80)", tuple(outcome.balances())),
        ],
        remark: "Queue discipline `fifo`.",
    }
}

pub(crate) fn v8() -> Case {
    let scenario = at_bound(0, "lsm_config: {algorithms: []}\n");
    let outcome = Scene::new(&scenario, PAYMENTS).run(&[]);
    let mut rows = vec![Row::new("balances at the start", "(40, 40, 0)", opening(&outcome))];
    rows.extend(standstill(&outcome, "(40, 40, 0)", "Gridlock from tick 2: 3 of 3"));
    Case {
        title: "V8: at the lower bound, strict queues, no saving",
        source: SOURCE,
        input: format!(
            "The payments of V6, each bank with its lower bound.\n\n```yaml\n{scenario}```\n"
        ),
        rows,
        remark: "Queue discipline `fifo`; the empty list of algorithms only makes the run tell \
            standstills. A standstill is told when it begins or changes its kind: at tick 2 the \
            first three payments could settle together, and none does. With `bypass` two of them settle: `spec/gridlock.md`.",
    }
}

pub(crate) fn v10() -> Case {
    let scenario = "simulation: {ticks_per_day: 10, num_days: 1}
queue_discipline: fifo
payments: payments.csv
agents:
  - {id: A, opening_balance: 0}
  - {id: B, opening_balance: 0}
  - {id: C, opening_balance: 0}
lsm_config: {algorithms: [gridlock_resolution]}
";
    let outcome = Scene::new(scenario, PAYMENTS).run(&[]);
    Case {
        title: "V10: no liquidity, with gridlock resolution",
        source: SOURCE,
        input: format!("The payments of V6.\n\n{}", files(scenario, PAYMENTS)),
        rows: standstill(&outcome, "(0, 0, 0)", "Deadlock from tick 0: 0 of 1").into(),
        remark: "Queue discipline `fifo`. Whatever is taken in the order of the queues, some bank \
            would be left below zero.",
    }
}

fn opening(outcome: &Outcome) -> String {
    tuple(outcome.summary.agents.iter().map(|agent| agent.opening_balance))
}

/// What is true where nothing moves: balances, and the standstill that was told last.
fn standstill(outcome: &Outcome, balances: &str, told: &str) -> [Row; 5] {
    let events = outcome
        .batches
        .iter()
        .rev()
        .flat_map(|batch| batch.events().iter().rev().map(|event| (batch.tick(), event)));
    let last = events.filter_map(|(tick, event)| {
        let Event::QueueBlocked(blocked) = event else { return None };
        let (kind, could, of) = (blocked.kind.as_str(), blocked.could_settle, blocked.payments);
        Some(format!("{kind} from tick {}: {could} of {of}", tick.0))
    });
    let last = last.into_iter().next().unwrap_or_default();
    [
        Row::new("payments settled", 0, outcome.summary.payments.settled.count),
        Row::new("payments queued at the end", 6, outcome.queued()),
        Row::new("delay indicator", 1, outcome.delay()),
        Row::new("balances at the end", balances, tuple(outcome.balances())),
        Row::new("standstill, and how many could settle together", told, last),
    ]
}
