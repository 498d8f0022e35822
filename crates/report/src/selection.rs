//! What of a run is worth a closer look: found by the first pass, followed in the second.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use psim_model::{AgentNo, Money, PaymentNo, Total};
use psim_view::{MeasuresFold, PaymentFigures, Summary};

/// Payments up to which all are shown.
const ALL_MAX: usize = 50_000;
/// Payments that are shown of more.
const SOME: usize = 5_000;
/// Most links of the network.
const LINKS_MAX: usize = 300;
/// Most agents of the network.
const NODES_MAX: usize = 60;
/// Most points in time.
const MOMENTS_MAX: u32 = 2_000;
/// Most balances: agents times points in time.
const BALANCES_MAX: usize = 1_000_000;

/// What a picture shows of a run.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// All payments, or those that took longest, cost most or were largest.
    pub(crate) payments: BTreeMap<PaymentNo, Found>,
    /// How many there are, parts included.
    pub(crate) payments_in_all: usize,
    /// All agents, the largest payers first; the balances of the first are followed.
    pub(crate) agents: Vec<AgentNo>,
    /// How many are followed.
    pub(crate) followed: usize,
    /// Agents of the network, the largest payers first.
    pub(crate) nodes: Vec<AgentNo>,
    /// The largest links between them.
    pub(crate) links: BTreeSet<(AgentNo, AgentNo)>,
    /// Ticks from one point in time to the next.
    pub(crate) stride: u32,
}

/// What the first pass knows of a payment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) amount: Money,
    pub(crate) wait_ticks: u32,
    pub(crate) cost: Total,
}

impl Selection {
    /// Selects from a run that was measured.
    pub(crate) fn of(measures: &MeasuresFold, summary: &Summary) -> Self {
        let mut agents: Vec<AgentNo> = (0..summary.agents.len()).map(AgentNo::from_index).collect();
        agents.sort_by_key(|no| Reverse(summary.agents[no.index()].sent.value)); // stable
        let stride = summary.run.ticks_executed.div_ceil(MOMENTS_MAX).max(1);
        let moments = summary.run.ticks_executed.div_ceil(stride).max(1) as usize;
        let nodes: Vec<AgentNo> = agents.iter().copied().take(NODES_MAX).collect();
        let all: Vec<PaymentFigures> = measures.payments().collect();
        let found: Vec<(PaymentNo, Found)> = all
            .iter()
            .map(|it| {
                let (amount, wait_ticks) = (it.payment.amount, it.wait_ticks);
                (it.no, Found { amount, wait_ticks, cost: measures.cost_of(it.no) })
            })
            .collect();
        Self {
            payments: select(&found, ALL_MAX, SOME),
            payments_in_all: all.len(),
            links: links(&all, &nodes),
            followed: agents.len().min(BALANCES_MAX / moments),
            agents,
            nodes,
            stride,
        }
    }
}

/// Returns all payments if they are no more than `all_max`; of more it takes turns between the
/// slowest, the dearest and the largest until there are `some`.
fn select(all: &[(PaymentNo, Found)], all_max: usize, some: usize) -> BTreeMap<PaymentNo, Found> {
    if all.len() <= all_max {
        return all.iter().copied().collect();
    }
    let slowest = first(all, some, |found| found.wait_ticks);
    let dearest = first(all, some, |found| found.cost);
    let largest = first(all, some, |found| found.amount);
    let mut selected = BTreeMap::new();
    for ((one, two), three) in slowest.into_iter().zip(dearest).zip(largest) {
        for (no, found) in [one, two, three] {
            if selected.len() < some {
                selected.insert(no, found);
            }
        }
    }
    selected
}

/// Returns the first `some` by a figure, the largest first, equal ones in order of arrival.
fn first<K: Ord>(
    all: &[(PaymentNo, Found)],
    some: usize,
    figure: impl Fn(&Found) -> K,
) -> Vec<(PaymentNo, Found)> {
    let mut order = all.to_vec();
    let key = |(no, found): &(PaymentNo, Found)| (Reverse(figure(found)), *no);
    if some < order.len() {
        order.select_nth_unstable_by_key(some, key);
        order.truncate(some);
    }
    order.sort_unstable_by_key(key);
    order
}

/// Returns the links of the largest settled value between some agents.
fn links(all: &[PaymentFigures], nodes: &[AgentNo]) -> BTreeSet<(AgentNo, AgentNo)> {
    let nodes: BTreeSet<AgentNo> = nodes.iter().copied().collect();
    let mut values: BTreeMap<(AgentNo, AgentNo), Total> = BTreeMap::new();
    for PaymentFigures { payment, .. } in all {
        let is_shown = nodes.contains(&payment.sender) && nodes.contains(&payment.receiver);
        if is_shown && payment.settled_at().is_some() && !payment.is_split() {
            *values.entry((payment.sender, payment.receiver)).or_default() += payment.amount;
        }
    }
    let mut links: Vec<_> = values.into_iter().collect();
    links.sort_by_key(|(_, value)| Reverse(*value)); // stable: ties by number
    links.into_iter().take(LINKS_MAX).map(|(link, _)| link).collect()
}

#[cfg(test)]
mod tests {
    use psim_engine::Engine;
    use psim_model::event::EventBatch;
    use psim_testkit::worlds::{WorldSize, world};
    use psim_view::Fold;

    use super::*;

    fn measured(seed: u64) -> MeasuresFold {
        let mut engine = Engine::new(world(seed, &WorldSize::default()).check().unwrap());
        let mut fold = MeasuresFold::new();
        let mut batch = EventBatch::default();
        while engine.tick(&mut batch).is_ok() {
            fold.observe(&batch);
        }
        fold
    }

    #[test]
    fn of_many_payments_the_extreme_ones_are_selected() {
        let fold = (1..200).map(measured).find(|fold| fold.payments().count() >= 12).unwrap();
        let found = |it: PaymentFigures| {
            let (amount, wait_ticks) = (it.payment.amount, it.wait_ticks);
            (it.no, Found { amount, wait_ticks, cost: fold.cost_of(it.no) })
        };
        let all: Vec<(PaymentNo, Found)> = fold.payments().map(found).collect();
        assert_eq!(select(&all, all.len(), 3).len(), all.len());

        let three = select(&all, 11, 3);
        assert_eq!(three.len(), 3);
        let selected = || three.values();
        let every = || all.iter().map(|(_, found)| found);
        assert_eq!(selected().map(|it| it.wait_ticks).max(), every().map(|it| it.wait_ticks).max());
        assert_eq!(selected().map(|it| it.cost).max(), every().map(|it| it.cost).max());
        assert_eq!(selected().map(|it| it.amount).max(), every().map(|it| it.amount).max());
    }
}
