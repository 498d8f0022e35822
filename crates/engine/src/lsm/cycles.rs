//! `cycles`: rings of agents of which each owes the next.

use std::collections::BTreeMap;

use psim_model::{AgentNo, Total};

use super::view::{Queued, View};
use super::{Algorithm, Set, Steps, prefixes};

/// Goes through the rings that the start of the run has shown, each once: those whose smallest edge
/// is largest first, then those of fewer agents, then by id.
///
/// Rings are made as they are needed: edges are taken up from the largest to the smallest, and a
/// ring belongs to the smallest edge in it.
#[derive(Debug)]
pub(super) struct Cycles {
    longest: usize,
    /// How many rings may still settle in this tick.
    left: u32,
    graph: Option<Graph>,
    /// Rings to come whose smallest edges are alike, the last first.
    rings: Vec<Vec<AgentNo>>,
}

/// Who owes whom, at the start of the run.
#[derive(Debug)]
struct Graph {
    /// Edges that were not taken up, ascending by weight.
    edges: Vec<(Total, AgentNo, AgentNo)>,
    /// By sender: the receivers of edges that were taken up, ascending.
    taken: BTreeMap<AgentNo, Vec<AgentNo>>,
}

impl Cycles {
    pub(super) const fn new(max_cycle_length: u32, left: u32) -> Self {
        Self { longest: max_cycle_length as usize, left, graph: None, rings: Vec::new() }
    }

    /// Returns the next ring to be tested.
    fn next_ring(&mut self, view: &View<'_>) -> Option<Vec<AgentNo>> {
        let graph = self.graph.get_or_insert_with(|| Graph::of(view));
        while self.rings.is_empty() {
            self.rings = graph.next_rings(self.longest)?;
        }
        self.rings.pop()
    }
}

impl Algorithm for Cycles {
    fn next_set(&mut self, view: &View<'_>, steps: &mut Steps) -> Option<Set> {
        while let Some(ring) = self.next_ring(view) {
            if self.left == 0 {
                steps.rings_ended = true;
                return None;
            }
            if !steps.take() {
                return None;
            }
            let receivers = ring.iter().cycle().skip(1);
            let queue = |(sender, receiver): (&AgentNo, &AgentNo)| {
                let mut queue = view.queue_of(*sender);
                queue.retain(|queued| queued.flow.receiver == *receiver);
                (*sender, queue)
            };
            let queues: Vec<(AgentNo, Vec<Queued>)> =
                ring.iter().zip(receivers).map(queue).collect();
            let kept = prefixes::longest(*view, queues, steps)?;
            if kept.iter().all(|part| !part.is_empty()) {
                self.left -= 1;
                return Some(Set::Ring(ring, kept.concat()));
            }
        }
        None
    }
}

impl Graph {
    fn of(view: &View<'_>) -> Self {
        let mut weights: BTreeMap<(AgentNo, AgentNo), Total> = BTreeMap::new();
        for queued in view.senders().flat_map(|sender| view.queue_of(sender)) {
            let edge = (queued.flow.sender, queued.flow.receiver);
            *weights.entry(edge).or_default() += queued.flow.amount;
        }
        let mut edges: Vec<_> =
            weights.into_iter().map(|((a, b), weight)| (weight, a, b)).collect();
        edges.sort_unstable();
        Self { edges, taken: BTreeMap::new() }
    }

    /// Takes up the edges of the next weight and returns the rings that they close, the first to be
    /// tested last; `None` if no edge is left.
    fn next_rings(&mut self, longest: usize) -> Option<Vec<Vec<AgentNo>>> {
        let (weight, ..) = *self.edges.last()?;
        let mut rings = Vec::new();
        // One edge at a time, so that a ring is found with the last of its edges only.
        while let Some((_, from, to)) = self.edges.pop_if(|(next, ..)| *next == weight) {
            let receivers = self.taken.entry(from).or_default();
            let place = receivers.binary_search(&to).unwrap_or_else(|place| place);
            receivers.insert(place, to);
            let mut path = vec![from, to];
            self.close(&mut path, longest, &mut rings);
        }
        rings.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| b.cmp(a)));
        Some(rings)
    }

    /// Follows the edges on from a path and notes each ring that comes back to its start.
    fn close(&self, path: &mut Vec<AgentNo>, longest: usize, rings: &mut Vec<Vec<AgentNo>>) {
        let (Some(first), Some(last)) = (path.first().copied(), path.last()) else { return };
        for next in self.taken.get(last).into_iter().flatten() {
            if *next == first && path.len() > 2 {
                rings.push(from_lowest(path));
            } else if path.len() < longest && !path.contains(next) {
                path.push(*next);
                self.close(path, longest, rings);
                path.pop();
            }
        }
    }
}

/// Returns a ring as it reads from its lowest id.
fn from_lowest(path: &[AgentNo]) -> Vec<AgentNo> {
    let mut ring = path.to_vec();
    let lowest = (0..ring.len()).min_by_key(|place| ring[*place]).unwrap_or_default();
    ring.rotate_left(lowest);
    ring
}
