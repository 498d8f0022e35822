//! What of a run is worth a closer look: found by the first pass, followed in the second.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use psim_model::{AgentNo, PaymentNo, Total};
use psim_view::{FullMeasuresFold, PaymentFigures, Summary};

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
    pub(crate) wait_ticks: u32,
    pub(crate) cost: Total,
}

impl Selection {
    /// Selects from a run that was measured.
    pub(crate) fn of(measures: &FullMeasuresFold, summary: &Summary) -> Self {
        let mut agents: Vec<AgentNo> = (0..summary.agents.len()).map(AgentNo::from_index).collect();
        agents.sort_by_key(|no| Reverse(summary.agents[no.index()].sent.value)); // stable
        let stride = summary.run.ticks_executed.div_ceil(MOMENTS_MAX).max(1);
        let moments = summary.run.ticks_executed.div_ceil(stride).max(1) as usize;
        let nodes: Vec<AgentNo> = agents.iter().copied().take(NODES_MAX).collect();
        let all: Vec<PaymentFigures> = measures.payments().collect();
        Self {
            payments: select(&all, ALL_MAX, SOME),
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
fn select(all: &[PaymentFigures], all_max: usize, some: usize) -> BTreeMap<PaymentNo, Found> {
    let found = |it: &PaymentFigures| (it.no, Found { wait_ticks: it.wait_ticks, cost: it.cost });
    if all.len() <= all_max {
        return all.iter().map(found).collect();
    }
    let ranked = |key: &dyn Fn(&PaymentFigures) -> Total| {
        let mut order: Vec<&PaymentFigures> = all.iter().collect();
        order.sort_by_key(|it| Reverse(key(it))); // stable: ties in order of arrival
        order.truncate(some);
        order
    };
    let slowest = ranked(&|it| Total::from_minor(it.wait_ticks.into()));
    let dearest = ranked(&|it| it.cost);
    let largest = ranked(&|it| it.payment.amount.into());
    let mut selected = BTreeMap::new();
    for ((one, two), three) in slowest.into_iter().zip(dearest).zip(largest) {
        for it in [one, two, three] {
            if selected.len() < some {
                selected.extend([found(it)]);
            }
        }
    }
    selected
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

    fn measured(seed: u64) -> FullMeasuresFold {
        let mut engine = Engine::new(world(seed, &WorldSize::default()).check().unwrap());
        let mut fold = FullMeasuresFold::new();
        let mut batch = EventBatch::default();
        while engine.tick(&mut batch).is_ok() {
            fold.observe(&batch);
        }
        fold
    }

    #[test]
    fn of_many_payments_the_extreme_ones_are_selected() {
        let fold = (1..200).map(measured).find(|fold| fold.payments().count() >= 12).unwrap();
        let all: Vec<PaymentFigures> = fold.payments().collect();
        assert_eq!(select(&all, all.len(), 3).len(), all.len());

        let three = select(&all, 11, 3);
        assert_eq!(three.len(), 3);
        let largest = all.iter().map(|it| it.payment.amount).max().unwrap();
        let slowest = all.iter().map(|it| it.wait_ticks).max().unwrap();
        let dearest = all.iter().map(|it| it.cost).max().unwrap();
        assert!(three.values().any(|found| found.wait_ticks == slowest));
        assert!(three.values().any(|found| found.cost == dearest));
        let selected = all.iter().filter(|it| three.contains_key(&it.no));
        assert_eq!(selected.map(|it| it.payment.amount).max(), Some(largest));
    }
}
