//! The model of Castro et al. by its own formulas, without any simulation.
//!
//! Liquidity and demand are counted in steps of the grid (0.05), rates in ten-thousandths, costs in
//! minor units of which 6,000 make 1.0. All figures are whole numbers.

/// Minor units in 1.0.
pub(crate) const ONE: i64 = 6_000;
/// Minor units in one step of the grid, 0.05.
pub(crate) const STEP: i64 = ONE / 20;
/// Choices of a bank: 0, 0.05, …, 1.
pub(crate) const CHOICES: usize = 21;
/// The last of them.
const WHOLE: i64 = 20;

/// Costs (of A, of B) for each choice of A (outer) and of B (inner).
pub(crate) type Cells = Vec<Vec<(i64, i64)>>;

/// Two banks that choose how much liquidity to bring in and then send what they can.
#[derive(Clone, Debug)]
pub(crate) struct Game {
    /// What A and B have to pay in each period, in steps.
    pub(crate) demand: [Vec<i64>; 2],
    /// Price of liquidity for the day.
    pub(crate) r_c: i64,
    /// Price of delay for a period.
    pub(crate) r_d: i64,
    /// Price of what is borrowed to settle what is left at the end.
    pub(crate) r_b: i64,
}

impl Game {
    /// Returns the cost of `steps` at a rate.
    fn cost(steps: i64, rate: i64) -> i64 {
        let product = steps * STEP * rate;
        assert_eq!(product % 10_000, 0, "a cost that is no whole number of minor units");
        product / 10_000
    }

    /// The closed form for two periods: r_c·l + r_d·max(P1 − l, 0) + r_b·max(P1 + P2 − R1 − l, 0)
    /// with R1 = min(l of the other, P1 of the other).
    pub(crate) fn two_periods(&self, chosen: [i64; 2]) -> (i64, i64) {
        let of = |own: usize, other: usize| {
            let (liquidity, demand) = (chosen[own], &self.demand[own]);
            let received = chosen[other].min(self.demand[other][0]);
            let delayed = (demand[0] - liquidity).max(0);
            let borrowed = (demand[0] + demand[1] - received - liquidity).max(0);
            Self::cost(liquidity, self.r_c)
                + Self::cost(delayed, self.r_d)
                + Self::cost(borrowed, self.r_b)
        };
        (of(0, 1), of(1, 0))
    }

    /// The recursion for any number of periods: what is owed is sent as far as liquidity reaches,
    /// receipts can be used from the next period on.
    pub(crate) fn periods(&self, chosen: [i64; 2]) -> (i64, i64) {
        let mut liquidity = chosen;
        let mut owed = [0, 0];
        let mut cost = chosen.map(|steps| Self::cost(steps, self.r_c));
        let last = self.demand[0].len() - 1;
        for period in 0..=last {
            let mut sent = [0, 0];
            for bank in 0..2 {
                owed[bank] += self.demand[bank][period];
                sent[bank] = owed[bank].min(liquidity[bank]);
                owed[bank] -= sent[bank];
                let rate = if period == last { self.r_b } else { self.r_d };
                cost[bank] += Self::cost(owed[bank], rate);
            }
            for bank in 0..2 {
                liquidity[bank] += sent[1 - bank] - sent[bank];
            }
        }
        (cost[0], cost[1])
    }
}

/// Fills in the costs of every pair of choices.
pub(crate) fn cells(mut costs: impl FnMut([i64; 2]) -> (i64, i64)) -> Cells {
    let choices = 0..=WHOLE;
    choices.clone().map(|a| choices.clone().map(|b| costs([a, b])).collect()).collect()
}

/// Returns the pairs of choices from which neither bank alone can move to a lower cost.
pub(crate) fn equilibria(cells: &Cells) -> Vec<(usize, usize)> {
    let pairs = (0..CHOICES).flat_map(|a| (0..CHOICES).map(move |b| (a, b)));
    let holds = |&(a, b): &(usize, usize)| {
        let (cost_a, cost_b) = cells[a][b];
        cells.iter().all(|row| cost_a <= row[b].0) && cells[a].iter().all(|other| cost_b <= other.1)
    };
    pairs.filter(holds).collect()
}

/// Returns the least sum of both costs.
pub(crate) fn planner(cells: &Cells) -> i64 {
    cells.iter().flatten().map(|(a, b)| a + b).min().expect("there are choices")
}

/// Writes minor units in the units of the paper.
pub(crate) fn units(minor: i64) -> String {
    decimal(minor * 10_000, ONE)
}

/// Writes a share of the grid.
pub(crate) fn share(step: usize) -> String {
    let step = i64::try_from(step).expect("choices are few");
    decimal(step * 10_000, WHOLE)
}

/// Writes `parts / whole` ten-thousandths, which must be a whole number, as a decimal.
pub(crate) fn decimal(parts: i64, whole: i64) -> String {
    if parts % whole != 0 {
        return format!("{parts}/{whole} ten-thousandths");
    }
    let digits = parts / whole;
    let text = format!("{}.{:04}", digits / 10_000, digits % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[test]
fn the_recursion_is_the_closed_form_where_there_are_two_periods() {
    let demand = [vec![0, 3], vec![3, 1]];
    let game = Game { demand, r_c: 1_000, r_d: 2_000, r_b: 4_000 };
    assert_eq!(cells(|chosen| game.periods(chosen)), cells(|chosen| game.two_periods(chosen)));
}
