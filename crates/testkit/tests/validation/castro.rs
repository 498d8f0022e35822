//! V1, V2: the games of Castro et al. with every choice of liquidity, and V5: free liquidity.

use std::fmt::Write as _;

use crate::case::{Case, Row, files, tuple};
use crate::paper::{CHOICES, Cells, Game, STEP, cells, equilibria, planner, share, units};
use crate::scene::{Outcome, Scene};

const SOURCE: &str = "P. S. Castro, A. Desai, H. Du, R. Garratt, F. Rivadeneyra, \"Estimating \
    Policy Functions in Payment Systems Using Reinforcement Learning\", ACM Transactions on \
    Economics and Computation 13(1), article 1, 2025";

/// Writes the scenario of a game: one tick a period, one day.
///
/// The pool costs r_c for the day, so r_c / T in each of T ticks. Each tick charges r_d for what
/// waits, the last one too; the end-of-day penalty adds what is missing to r_b there.
fn scenario(game: &Game) -> String {
    let periods = game.demand[0].len();
    // A rate is given in basis points to twelve places; 1,000 / 3 is rounded in the last of them,
    // which no cost of at most 600 minor units can show.
    let pool = format!("{:.12}", game.r_c as f64 / periods as f64);
    let pool = pool.trim_end_matches('0').trim_end_matches('.');
    let delay = game.r_d as f64 / 10_000.0;
    let penalty = game.r_b - game.r_d;
    format!(
        "simulation: {{ticks_per_day: {periods}, num_days: 1}}
queue_discipline: bypass
deferred_crediting: true
payments: payments.csv
agents:
  - {{id: A, opening_balance: 0, liquidity_pool: 6_000, liquidity_allocation_fraction: 1}}
  - {{id: B, opening_balance: 0, liquidity_pool: 6_000, liquidity_allocation_fraction: 1}}
cost_rates:
  liquidity_cost_per_tick_bps: {pool}
  delay_cost_per_tick_per_cent: {delay}
  overdue_delay_multiplier: 1
  deadline_penalty: 0
  eod_penalty: {{mode: rate, bps_per_event: {penalty}}}
  overdraft_bps_per_tick: 0
  collateral_cost_per_tick_bps: 0
"
    )
}

/// Writes the demand as payments of 0.05.
fn payments(game: &Game) -> String {
    let text = planned(game, |_, period| period);
    text.lines()
        .map(|line| line.rsplit_once(',').map_or(line, |(line, _)| line))
        .fold(String::new(), |text, line| text + line + "\n")
}

/// Writes the demand as payments of 0.05, each sent from `earliest` of its bank and period on.
fn planned(game: &Game, earliest: impl Fn(usize, usize) -> usize) -> String {
    let mut csv = "tick,sender,receiver,amount,earliest_tick\n".to_owned();
    for period in 0..game.demand[0].len() {
        for (bank, (sender, receiver)) in [("A", "B"), ("B", "A")].into_iter().enumerate() {
            for _ in 0..game.demand[bank][period] {
                let from = earliest(bank, period);
                let _ = writeln!(csv, "{period},{sender},{receiver},{STEP},{from}");
            }
        }
    }
    csv
}

/// Returns what a run cost A and B, in minor units.
pub(crate) fn total_costs(outcome: &Outcome) -> (i64, i64) {
    let of = |agent: usize| {
        let total = outcome.summary.agents[agent].costs.total.minor();
        i64::try_from(total).expect("costs are small")
    };
    (of(0), of(1))
}

/// Runs every pair of choices.
fn simulated(game: &Game) -> Cells {
    let scene = Scene::new(&scenario(game), &payments(game));
    cells(|[a, b]| {
        let set = |agent: &str, step: i64| {
            let share = share(usize::try_from(step).expect("choices count from 0"));
            format!("agents.{agent}.liquidity_allocation_fraction={share}")
        };
        total_costs(&scene.run(&[set("A", a), set("B", b)]))
    })
}

/// What must come out of a game.
struct Solution {
    /// The only equilibrium, and what it costs each.
    equilibrium: &'static str,
    costs: &'static str,
    planner: &'static str,
    /// Choices in steps, and costs worked out by hand.
    by_hand: &'static [([usize; 2], &'static str)],
}

/// Returns the pure equilibria, the costs there, and the least sum of costs.
fn solve(cells: &Cells) -> (String, String, String) {
    let points = equilibria(cells);
    let choices: Vec<String> = points.iter().map(|(a, b)| tuple([share(*a), share(*b)])).collect();
    let costs = points.iter().map(|(a, b)| cells[*a][*b]);
    let costs: Vec<String> = costs.map(|(a, b)| tuple([units(a), units(b)])).collect();
    (choices.join(" "), costs.join(" "), units(planner(cells)))
}

fn compare(game: &Game, formula: &Cells, solution: &Solution) -> Vec<Row> {
    let found = simulated(game);
    let label = |what: &str| format!("r_d = {}: {what}", units(game.r_d * 6 / 10));
    let pairs = found.iter().flatten().zip(formula.iter().flatten());
    let equal = pairs.filter(|(found, formula)| found == formula).count();
    let (choices, costs, least) = solve(&found);
    // What the paper says is what its formula gives.
    let Solution { equilibrium, costs: expected_costs, planner, .. } = *solution;
    let of_formula = solve(formula);
    let of_paper = (equilibrium.to_owned(), expected_costs.to_owned(), planner.to_owned());
    assert_eq!(of_formula, of_paper, "the formula does not lead to what is expected");
    let mut rows = vec![
        Row::new(label("cells with the costs of the formula"), CHOICES * CHOICES, equal),
        Row::new(label("pure equilibria"), equilibrium, choices),
        Row::new(label("costs there"), expected_costs, costs),
        Row::new(label("least sum of costs"), planner, least),
    ];
    for ([a, b], by_hand) in solution.by_hand {
        let what = format!("costs at {}, by hand", tuple([share(*a), share(*b)]));
        let (cost_a, cost_b) = found[*a][*b];
        rows.push(Row::new(label(&what), by_hand, tuple([units(cost_a), units(cost_b)])));
    }
    rows
}

fn two_period_game(r_d: i64) -> Game {
    Game { demand: [vec![0, 3], vec![3, 1]], r_c: 1_000, r_d, r_b: 4_000 }
}

pub(crate) fn v1() -> Case {
    let mut rows = Vec::new();
    for r_d in [2_000, 100, 500, 1_000, 3_000] {
        let game = two_period_game(r_d);
        let by_hand: &[_] = match r_d {
            2_000 => &[
                ([0, 0], "(0.06, 0.11)"),
                ([3, 1], "(0.015, 0.085)"),
                ([1, 2], "(0.005, 0.06)"),
                ([20, 20], "(0.1, 0.1)"),
            ],
            _ => &[],
        };
        let solution =
            Solution { equilibrium: "(0, 0.2)", costs: "(0, 0.02)", planner: "0.02", by_hand };
        rows.extend(compare(&game, &cells(|chosen| game.two_periods(chosen)), &solution));
    }
    let game = two_period_game(2_000);
    Case {
        title: "V1: the two-period game of liquidity and delay",
        source: SOURCE,
        input: format!(
            "Two banks; demand A [0, 0.15], B [0.15, 0.05] in two periods; prices r_c = 0.1 of \
             liquidity, r_d of delay, r_b = 0.4 of borrowing at the end. Each bank brings in a \
             share 0, 0.05, …, 1 of a pool of 1.0 and sends what it can. Every pair of shares is \
             run: 441 cells for each r_d. Here r_d = 0.2:\n\n{}",
            files(&scenario(&game), &payments(&game))
        ),
        rows,
        remark: "The mapping is exact. A period is a tick, 1.0 is 6,000 minor units, and demand comes \
            in payments of 0.05, the step of the grid, so that sending whole payments is sending \
            all that liquidity allows. The pool costs r_c / T in each of T ticks. Every tick charges \
            r_d for what waits, the last one too, where the paper charges r_b; the end-of-day penalty \
            is therefore r_b − r_d. The formula for a cell is r_c·l + r_d·max(P1 − l, 0) + \
            r_b·max(P1 + P2 − R1 − l, 0) with R1 = min(l, P1) of the other bank, computed apart from \
            the simulator. Equilibria are found by trying every deviation of either bank; nobody \
            learns here. The paper prints the equilibrium for r_d = 0.2; for the other prices of delay \
            it is that of the formula, found by the same search.",
    }
}

fn three_period_game(r_d: i64) -> Game {
    Game { demand: [vec![4, 4, 0], vec![4, 4, 0]], r_c: 1_000, r_d, r_b: 4_000 }
}

pub(crate) fn v2() -> Case {
    let mut rows = Vec::new();
    for r_d in [1_000, 2_000] {
        let game = three_period_game(r_d);
        let by_hand: &[_] = match r_d {
            2_000 => &[
                ([0, 0], "(0.28, 0.28)"),
                ([4, 0], "(0.06, 0.16)"),
                ([2, 4], "(0.05, 0.04)"),
                ([20, 20], "(0.1, 0.1)"),
            ],
            _ => &[],
        };
        let solution =
            Solution { equilibrium: "(0.2, 0.2)", costs: "(0.02, 0.02)", planner: "0.04", by_hand };
        rows.extend(compare(&game, &cells(|chosen| game.periods(chosen)), &solution));
    }
    let game = three_period_game(2_000);
    Case {
        title: "V2: the three-period game",
        source: SOURCE,
        input: format!(
            "As V1 with three periods and demand [0.2, 0.2, 0] of both banks. Here r_d = 0.2:\n\n{}",
            files(&scenario(&game), &payments(&game))
        ),
        rows,
        remark: "The formula is the recursion of the model: what is owed is sent as far as liquidity \
            reaches, receipts can be used one period later, r_d falls on what is left in each period \
            but the last and r_b on what is left in the last; the expected equilibrium is found in its 441 cells, without \
            the simulator. A third of r_c has no end in decimals; twelve places are kept, and costs \
            are rounded to whole minor units, where nothing is left of the difference. In the paper banks learn how much to \
            send as well, and end near 0.25 where delay is dearer than liquidity; the equilibrium of \
            the game in which both send what they can is 0.2. The two are not the same question, and \
            the difference is not a difference of the simulators.",
    }
}

pub(crate) fn v5() -> Case {
    let game = Game { r_c: 0, ..three_period_game(2_000) };
    let mut rows = Vec::new();
    for (first, second) in [(0, 1), (0, 2), (1, 1), (1, 2), (2, 1), (2, 2)] {
        let earliest = |bank, period| match (bank, period) {
            (0, 0) => first,
            (0, 1) => second,
            _ => period,
        };
        let outcome = Scene::new(&scenario(&game), &planned(&game, earliest)).run(&[]);
        // 0.2 waits so many periods at a price of 0.2 each.
        let waits = first + (second - 1);
        let expected = tuple([["0", "0.04", "0.08", "0.12"][waits], "0"]);
        let (a, b) = total_costs(&outcome);
        let plan = format!("periods {} and {}", first + 1, second + 1);
        rows.push(Row::new(
            format!("costs when A sends in {plan}"),
            expected,
            tuple([units(a), units(b)]),
        ));
        if waits == 0 {
            let on_entry = outcome.summary.payments.settled_on_entry.count;
            rows.push(Row::new("payments settled on entry then", 16, on_entry));
        }
    }
    Case {
        title: "V5: free liquidity",
        source: SOURCE,
        input: format!(
            "The game of V2 with r_c = 0 and the whole pool brought in by both. B sends at once; A \
             sends what it owes from period 1 and from period 2 in each combination of later periods. \
             Here periods 2 and 3:\n\n{}",
            files(
                &scenario(&game),
                &planned(&game, |bank, period| period + usize::from(bank == 0 && period < 2))
            )
        ),
        rows,
        remark: "Where liquidity is free, only sending everything at once costs nothing, as in the \
            intraday task of the paper's appendix A. Any other plan costs r_d times what waits, for \
            each period.",
    }
}
