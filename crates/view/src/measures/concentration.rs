//! How much of the value is in few hands, and who pays whom.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use psim_model::{AgentNo, Total};
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::json::minor_units;
use crate::state::{State, Tally};

/// How many links are listed: those of the largest value.
const LINKS_MAX: usize = 50;

/// The network of settled payments: a link goes from each agent to each that it has paid.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ConcentrationMeasures {
    /// Herfindahl-Hirschman index of the value that agents paid.
    ///
    /// Formula: Σ_i s_i², s_i the agent's share of the settled value. Unit: number from 1/n (all
    /// alike) to 1 (one pays everything). Source: Hirschman, American Economic Review 54, 1964.
    pub hhi: Option<f64>,
    /// Share of the five agents that paid most.
    ///
    /// Formula: sum of the five largest s_i. Unit: share of 1. Source: concentration ratio of the
    /// BIS, CPMI Red Book statistics.
    pub top_five_share: Option<f64>,
    /// Number of links.
    pub links: u64,
    /// Links as a share of those that are possible.
    ///
    /// Formula: links / (n (n − 1)), n agents. Unit: share of 1. Source: Soramäki, Bech, Arnold,
    /// Glass and Beyeler, Physica A 379, 2007.
    pub connectivity: Option<f64>,
    /// Share of links that have one back.
    ///
    /// Formula: links i → j for which j → i exists / links. Unit: share of 1. Source: as above.
    pub reciprocity: Option<f64>,
    /// Receivers that an agent has paid, on average over agents.
    ///
    /// Formula: links / n. Unit: agents. Source: as above.
    pub degree_mean: Option<f64>,
    /// The most receivers that one agent has paid.
    pub out_degree_max: u64,
    /// The most senders that one agent was paid by.
    pub in_degree_max: u64,
    /// How many agents have paid how many others, by number ascending: the tail of the degrees.
    pub out_degrees: Vec<DegreeRow>,
    /// Each agent, in the order of ids.
    pub agents: Vec<AgentLinks>,
    /// The links of the largest value, at most 50.
    pub largest_links: Vec<Link>,
}

/// Agents with the same number of receivers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DegreeRow {
    /// How many receivers.
    pub degree: u64,
    /// How many agents.
    pub agents: u64,
}

/// One agent in the network.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AgentLinks {
    /// The agent.
    pub agent_id: String,
    /// Settled value that it paid, in minor units.
    #[serde(serialize_with = "minor_units")]
    pub paid: Total,
    /// The same as a share of all.
    pub share: Option<f64>,
    /// How many others it has paid.
    pub out_degree: u64,
    /// How many others have paid it.
    pub in_degree: u64,
}

/// What one agent has paid to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Who pays.
    pub sender_id: String,
    /// Who is paid.
    pub receiver_id: String,
    /// How many payments, parts by themselves, and how much.
    #[serde(flatten)]
    pub settled: Tally,
}

type Links = BTreeMap<(AgentNo, AgentNo), Tally>;

/// Measures the network of a run.
pub(super) fn measure(state: &State, ids: &[String]) -> ConcentrationMeasures {
    let links = links(state);
    let mut agents: Vec<AgentLinks> = ids.iter().map(|id| AgentLinks::named(id)).collect();
    let mut all = Total::ZERO;
    for ((sender, receiver), tally) in &links {
        agents[sender.index()].paid += tally.value;
        agents[sender.index()].out_degree += 1;
        agents[receiver.index()].in_degree += 1;
        all += tally.value;
    }
    for agent in &mut agents {
        agent.share = agent.paid.share_of(all);
    }
    let shares = || agents.iter().filter_map(|agent| agent.share);
    let mut largest: Vec<Total> = agents.iter().map(|agent| agent.paid).collect();
    largest.sort_unstable_by_key(|paid| Reverse(*paid));
    let top_five: Total = largest.iter().take(5).copied().sum();
    let mut degrees = BTreeMap::<u64, u64>::new();
    for agent in &agents {
        *degrees.entry(agent.out_degree).or_default() += 1;
    }
    let returned = links.keys().filter(|(from, to)| links.contains_key(&(*to, *from))).count();
    let (number, n) = (links.len() as f64, agents.len() as f64);
    ConcentrationMeasures {
        hhi: (all != Total::ZERO).then(|| shares().map(|share| share * share).sum()),
        top_five_share: top_five.share_of(all),
        links: links.len() as u64,
        connectivity: (agents.len() > 1).then(|| number / (n * (n - 1.0))),
        reciprocity: (!links.is_empty()).then(|| returned as f64 / number),
        degree_mean: (!agents.is_empty()).then(|| number / n),
        out_degree_max: agents.iter().map(|agent| agent.out_degree).max().unwrap_or_default(),
        in_degree_max: agents.iter().map(|agent| agent.in_degree).max().unwrap_or_default(),
        out_degrees: degrees
            .into_iter()
            .map(|(degree, agents)| DegreeRow { degree, agents })
            .collect(),
        largest_links: largest_links(&links, ids),
        agents,
    }
}

/// Sums what settled, by sender and receiver.
fn links(state: &State) -> Links {
    let mut links = FxHashMap::<(AgentNo, AgentNo), Tally>::default();
    for payment in state.payments.iter().filter(|payment| !payment.is_split()) {
        if payment.settled_at().is_some() {
            links.entry((payment.sender, payment.receiver)).or_default().add(payment.amount);
        }
    }
    links.into_iter().collect()
}

fn largest_links(links: &Links, ids: &[String]) -> Vec<Link> {
    let mut sorted: Vec<_> = links.iter().collect();
    sorted.sort_by_key(|(_, tally)| Reverse(tally.value));
    sorted.truncate(LINKS_MAX);
    let link = |((sender, receiver), settled): (&(AgentNo, AgentNo), &Tally)| Link {
        sender_id: ids[sender.index()].clone(),
        receiver_id: ids[receiver.index()].clone(),
        settled: *settled,
    };
    sorted.into_iter().map(link).collect()
}

impl AgentLinks {
    fn named(id: &str) -> Self {
        let (agent_id, paid, share) = (id.to_owned(), Total::ZERO, None);
        Self { agent_id, paid, share, out_degree: 0, in_degree: 0 }
    }
}
