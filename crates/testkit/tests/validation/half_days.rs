//! V15, V16: the games of Bech and Garratt, every pair of choices run with policies that make them.

use std::cmp::Ordering;

use crate::case::{Case, Row, files, tuple};
use crate::castro::total_costs;
use crate::paper::decimal;
use crate::scene::Scene;

const SOURCE: &str = "The game of M. L. Bech, R. Garratt, \"The Intraday Liquidity Management \
    Game\", Journal of Economic Theory 109, 2003; the costs of each pair of choices and the \
    conditions are worked out by hand";

/// Minor units in 1, what each owes the other.
const ONE: i64 = 10_000;

const PAYMENTS: &str = "tick,sender,receiver,amount
0,A,B,10000
0,B,A,10000
";

const NAMES: [&str; 2] = ["m", "a"];

/// Costs (of A, of B) for each choice of A (outer) and of B (inner): the morning, the afternoon.
type Cells = [[(i64, i64); 2]; 2];

/// The price of liquidity.
#[derive(Clone, Copy, Debug)]
enum Price {
    /// Of collateral for 1, for each half-day.
    Collateral(i64),
    /// Of an overdraft of 1, for each half-day.
    Overdraft(i64),
}

/// Prices in minor units, of which `ONE` make 1.
#[derive(Clone, Copy, Debug)]
struct Game {
    liquidity: Price,
    delay: i64,
}

impl Game {
    /// The costs of the model, by hand: who pays in the morning while the other waits needs credit
    /// for the whole day, who pays at the same time as the other for that half-day (and nothing if
    /// only what is owed at its end counts), who pays last pays with what it has received.
    fn model(self) -> Cells {
        let Self { liquidity, delay } = self;
        let (together, alone) = match liquidity {
            Price::Collateral(price) => (price, 2 * price),
            Price::Overdraft(price) => (0, price),
        };
        [
            [(together, together), (alone, delay)],
            [(delay, alone), (together + delay, together + delay)],
        ]
    }

    fn scenario(self, [a, b]: [usize; 2]) -> String {
        let (capacity, cap, collateral_price, overdraft_price) = match self.liquidity {
            Price::Collateral(price) => (ONE, 0, price, 0),
            Price::Overdraft(price) => (0, ONE, 0, price),
        };
        let delay_price = self.delay as f64 / ONE as f64;
        let bank = format!(
            "opening_balance: 0
    unsecured_cap: {cap}
    max_collateral_capacity: {capacity}
    collateral_haircut: 0"
        );
        format!(
            "simulation: {{ticks_per_day: 2, num_days: 1}}
payments: payments.csv
collateral: {{holding_period_ticks: 1}}
agents:
  - id: A
    {bank}
    policy:
      type: Inline
      params: {{half_day: {a}}}
      decision_trees: &pays_in_half_day
{DOCUMENT}  - id: B
    {bank}
    policy: {{type: Inline, params: {{half_day: {b}}}, decision_trees: *pays_in_half_day}}
cost_rates:
  collateral_cost_per_tick_bps: {collateral_price}
  overdraft_bps_per_tick: {overdraft_price}
  delay_cost_per_tick_per_cent: {delay_price}
  liquidity_cost_per_tick_bps: 0
  deadline_penalty: 0
  eod_penalty: 0
"
        )
    }

    fn simulated(self) -> Cells {
        let cell = |a, b| {
            let scene = Scene::new(&self.scenario([a, b]), PAYMENTS);
            let outcome = scene.run(&[]);
            assert_eq!(outcome.summary.payments.settled.count, 2, "both pay");
            total_costs(&outcome)
        };
        [[cell(0, 0), cell(0, 1)], [cell(1, 0), cell(1, 1)]]
    }

    fn label(self, what: &str) -> String {
        let (letter, price) = match self.liquidity {
            Price::Collateral(price) => ("C", price),
            Price::Overdraft(price) => ("F", price),
        };
        format!("{letter} = {}, D = {}: {what}", units(price), units(self.delay))
    }

    /// Compares each cell.
    fn compare(self, found: &Cells) -> Vec<Row> {
        let show = |(a, b): (i64, i64)| tuple([units(a), units(b)]);
        let model = self.model();
        let rows = PAIRS.iter().map(|(a, b)| {
            let what = format!("costs at ({}, {})", NAMES[*a], NAMES[*b]);
            Row::new(self.label(&what), show(model[*a][*b]), show(found[*a][*b]))
        });
        rows.collect()
    }
}

const PAIRS: [(usize, usize); 4] = [(0, 0), (0, 1), (1, 0), (1, 1)];

/// Pays from its half-day on, and until then waits; posts what it cannot pay, and takes back what
/// it does not need in the half-day after.
const DOCUMENT: &str = "        version: \"1\"
        policy_id: pays_in_half_day
        parameters: {half_day: 0}
        payment_tree:
          type: condition
          node_id: is_its_half_day
          condition: &is_time
            {op: \">=\", left: {field: system_tick_in_day}, right: {param: half_day}}
          on_true: {type: action, node_id: pay, action: Release}
          on_false: {type: action, node_id: wait, action: Hold}
        strategic_collateral_tree:
          type: condition
          node_id: is_time_to_fund
          condition: *is_time
          on_true:
            type: condition
            node_id: is_short
            condition: {op: \">\", left: {field: queue1_liquidity_gap}, right: {value: 0}}
            on_true:
              type: action
              node_id: post
              action: PostCollateral
              parameters: {amount: {field: queue1_liquidity_gap}}
            on_false:
              type: action
              node_id: take_back
              action: WithdrawCollateral
              parameters: {amount: {field: withdrawable_collateral}}
          on_false: {type: action, node_id: keep, action: HoldCollateral}
";

/// Returns the pairs of choices from which neither bank alone can move to a lower cost.
fn equilibria(cells: &Cells) -> String {
    let holds = |&(a, b): &(usize, usize)| {
        let (cost_a, cost_b) = cells[a][b];
        cost_a <= cells[1 - a][b].0 && cost_b <= cells[a][1 - b].1
    };
    let found: Vec<String> =
        PAIRS.into_iter().filter(holds).map(|(a, b)| tuple([NAMES[a], NAMES[b]])).collect();
    found.join(" ")
}

/// Returns the choice that costs each bank less whatever the other does.
fn dominant(cells: &Cells) -> &'static str {
    let is_dominant = |own: usize| {
        (0..2).all(|other| {
            cells[own][other].0 < cells[1 - own][other].0
                && cells[other][own].1 < cells[other][1 - own].1
        })
    };
    (0..2).find(|own| is_dominant(*own)).map_or("none", |own| NAMES[own])
}

/// Returns the equilibrium of two on the diagonal from which moving away alone costs more: the
/// product of what the banks would lose is compared (Harsanyi and Selten).
fn risk_dominant(cells: &Cells) -> &'static str {
    let loss = |own: usize| {
        let (cost_a, cost_b) = cells[own][own];
        (cells[1 - own][own].0 - cost_a) * (cells[own][1 - own].1 - cost_b)
    };
    match loss(0).cmp(&loss(1)) {
        Ordering::Greater => "(m, m)",
        Ordering::Less => "(a, a)",
        Ordering::Equal => "neither",
    }
}

/// Returns the sum of costs of a pair.
fn sum(cells: &Cells, (a, b): (usize, usize)) -> i64 {
    cells[a][b].0 + cells[a][b].1
}

/// Writes minor units in units of what is owed.
fn units(minor: i64) -> String {
    decimal(minor * 10_000, ONE)
}

pub(crate) fn v15() -> Case {
    let mut rows = Vec::new();
    for (collateral, delay) in [(200, 100), (300, 50), (100, 200)] {
        let game = Game { liquidity: Price::Collateral(collateral), delay };
        let found = game.simulated();
        rows.extend(game.compare(&found));
        let (choice, equilibrium, cost) = if delay < collateral {
            ("a", "(a, a)", 2 * (collateral + delay))
        } else {
            ("m", "(m, m)", 2 * collateral)
        };
        let there = if delay < collateral { (1, 1) } else { (0, 0) };
        let least = PAIRS.iter().map(|pair| sum(&found, *pair)).min().expect("there are pairs");
        rows.extend([
            Row::new(game.label("dominant choice"), choice, dominant(&found)),
            Row::new(game.label("pure equilibria"), equilibrium, equilibria(&found)),
            Row::new(game.label("sum of costs there"), units(cost), units(sum(&found, there))),
            Row::new(game.label("least sum of costs"), units(2 * collateral), units(least)),
        ]);
    }
    let game = Game { liquidity: Price::Collateral(200), delay: 100 };
    Case {
        title: "V15: who pays first, with credit against collateral",
        source: SOURCE,
        input: format!(
            "Two banks without money owe each other 1, and a day has two halves. Each pays in the \
             morning (m) or in the afternoon (a). Collateral for 1 costs C in each half-day in \
             which it is posted, waiting costs D. Every pair of choices is run. Here A chooses m \
             and B chooses a, at C = 0.02, D = 0.01:\n\n{}",
            files(&game.scenario([0, 1]), PAYMENTS)
        ),
        rows,
        remark: "The costs are the simulator's own, to the minor unit. A half-day is a tick, 1 is \
            10,000 minor units. Costs fall on what is posted at the end of a tick, and collateral \
            that is no longer needed is taken back at the beginning of the next: who pays at the \
            same time as the other posts for that half-day, C; who pays in the morning alone needs \
            it until the other has paid, 2C; who pays in the afternoon after the other needs none. \
            No algorithm and no offsetting is at work: A's payment settles on A's credit, and B's \
            from what it has received, though B has posted too, since it decides before it knows. \
            The expected cells are the rules of the game worked out by hand. For D < C both wait, \
            whatever the other does, and both would be better off in the morning: the prisoner's \
            dilemma that the paper finds in this regime.",
    }
}

pub(crate) fn v16() -> Case {
    let mut rows = Vec::new();
    for (fee, delay) in [(100, 300), (300, 200), (200, 100), (300, 100)] {
        let game = Game { liquidity: Price::Overdraft(fee), delay };
        let found = game.simulated();
        rows.extend(game.compare(&found));
        if fee < delay {
            rows.push(Row::new(game.label("dominant choice"), "m", dominant(&found)));
            rows.push(Row::new(game.label("pure equilibria"), "(m, m)", equilibria(&found)));
            continue;
        }
        let safer = match fee.cmp(&(2 * delay)) {
            Ordering::Less => "(m, m)",
            Ordering::Equal => "neither",
            Ordering::Greater => "(a, a)",
        };
        rows.extend([
            Row::new(game.label("dominant choice"), "none", dominant(&found)),
            Row::new(game.label("pure equilibria"), "(m, m) (a, a)", equilibria(&found)),
            Row::new(game.label("risk-dominant"), safer, risk_dominant(&found)),
        ]);
    }
    let game = Game { liquidity: Price::Overdraft(300), delay: 100 };
    Case {
        title: "V16: who pays first, with credit at a fee",
        source: SOURCE,
        input: format!(
            "The banks of V15, but credit costs a fee F for each half-day at whose end 1 is owed, \
             and no collateral. Here A chooses m and B chooses a, at F = 0.03, D = 0.01:\n\n{}",
            files(&game.scenario([0, 1]), PAYMENTS)
        ),
        rows,
        remark: "As V15; the collateral trees find nothing to post. The fee falls on the balance \
            at the end of a tick, so that two payments in the same half-day cost nothing, with no \
            algorithm at work: the first takes A below zero, the second brings it back. For F < D \
            paying in the morning is best whatever the other does. For F > D it is best to do what \
            the other does, the stag hunt that the paper finds in this regime; paying in the \
            afternoon is the safer of the two equilibria if F > 2D, by the products of what each \
            bank would lose by moving away alone (Harsanyi and Selten).",
    }
}
