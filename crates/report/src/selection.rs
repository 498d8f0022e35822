//! What of a run is worth a closer look: found by the first pass, followed in the second.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use psim_model::{AgentNo, PaymentNo, Total};
use psim_view::{FullMeasuresFold, PaymentFigures};

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
    pub(crate) fn of(measures: &FullMeasuresFold) -> Self {
        let summary = measures.summary();
        let mut agents: Vec<AgentNo> = (0..summary.agents.len()).map(AgentNo::from_index).collect();
        agents.sort_by_key(|no| Reverse(summary.agents[no.index()].sent.value)); // stable
        let stride = summary.run.ticks_executed.div_ceil(MOMENTS_MAX).max(1);
        let moments = summary.run.ticks_executed.div_ceil(stride).max(1) as usize;
        let nodes: Vec<AgentNo> = agents.iter().copied().take(NODES_MAX).collect();
        let all: Vec<PaymentFigures> = measures.payments().collect();
        Self {
            payments: select(&all),
            payments_in_all: all.len(),
            links: links(&all, &nodes),
            followed: agents.len().min(BALANCES_MAX / moments),
            agents,
            nodes,
            stride,
        }
    }
}

/// Takes turns between the slowest, the dearest and the largest until there are enough.
fn select(all: &[PaymentFigures]) -> BTreeMap<PaymentNo, Found> {
    let found = |it: &PaymentFigures| (it.no, Found { wait_ticks: it.wait_ticks, cost: it.cost });
    if all.len() <= ALL_MAX {
        return all.iter().map(found).collect();
    }
    let ranked = |key: &dyn Fn(&PaymentFigures) -> Total| {
        let mut order: Vec<&PaymentFigures> = all.iter().collect();
        order.sort_by_key(|it| Reverse(key(it))); // stable: ties in order of arrival
        order.truncate(SOME);
        order
    };
    let slowest = ranked(&|it| Total::from_minor(it.wait_ticks.into()));
    let dearest = ranked(&|it| it.cost);
    let largest = ranked(&|it| it.payment.amount.into());
    let mut selected = BTreeMap::new();
    for ((one, two), three) in slowest.into_iter().zip(dearest).zip(largest) {
        for it in [one, two, three] {
            if selected.len() < SOME {
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
