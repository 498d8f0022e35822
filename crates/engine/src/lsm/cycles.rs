//! `cycles`: rings of agents of which each owes the next.

use std::collections::BTreeMap;

use psim_model::{AgentNo, Total};
use rustc_hash::FxHashMap;

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
    /// The ring that settled last.
    settled: Option<Vec<AgentNo>>,
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
    /// What is queued now from one agent to another, in order.
    queues: FxHashMap<(AgentNo, AgentNo), Vec<Queued>>,
}

impl Cycles {
    pub(super) const fn new(max_cycle_length: u32, left: u32) -> Self {
        Self {
            longest: max_cycle_length as usize,
            left,
            graph: None,
            settled: None,
            rings: Vec::new(),
        }
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
        if let (Some(graph), Some(ring)) = (&mut self.graph, self.settled.take()) {
            graph.look_again(view, &ring);
        }
        while let Some(ring) = self.next_ring(view) {
            if self.left == 0 {
                steps.rings_ended = true;
                return None;
            }
            if !steps.take() {
                return None;
            }
            let queues = self.graph.as_ref()?.queues_around(&ring);
            let kept = prefixes::longest(*view, queues, steps)?;
            if kept.iter().all(|part| !part.is_empty()) {
                self.left -= 1;
                self.settled = Some(ring.clone());
                return Some(Set::Cycle(ring, kept.concat()));
            }
        }
        None
    }
}

impl Graph {
    fn of(view: &View<'_>) -> Self {
        let mut queues: FxHashMap<(AgentNo, AgentNo), Vec<Queued>> = FxHashMap::default();
        for queued in view.senders().flat_map(|sender| view.queue_of(sender)) {
            let edge = (queued.flow.sender, queued.flow.receiver);
            queues.entry(edge).or_default().push(queued);
        }
        let weight = |queue: &[Queued]| queue.iter().map(|queued| queued.flow.amount).sum();
        let edges = queues.iter().map(|((from, to), queue)| (weight(queue), *from, *to));
        let mut edges: Vec<(Total, AgentNo, AgentNo)> = edges.collect();
        edges.sort_unstable();
        Self { edges, taken: BTreeMap::new(), queues }
    }

    /// Takes note of what is left of the queues around a ring that has settled.
    fn look_again(&mut self, view: &View<'_>, ring: &[AgentNo]) {
        for edge in edges_of(ring) {
            let mut queue = view.queue_of(edge.0);
            queue.retain(|queued| queued.flow.receiver == edge.1);
            self.queues.insert(edge, queue);
        }
    }

    /// Returns the queues of a ring's agents, each for the next.
    fn queues_around(&self, ring: &[AgentNo]) -> Vec<(AgentNo, Vec<Queued>)> {
        let queue = |edge| self.queues.get(&edge).cloned().unwrap_or_default();
        edges_of(ring).map(|edge| (edge.0, queue(edge))).collect()
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

/// Visits the edges of a ring, from its first agent on.
fn edges_of(ring: &[AgentNo]) -> impl Iterator<Item = (AgentNo, AgentNo)> {
    let receivers = ring.iter().cycle().skip(1);
    ring.iter().zip(receivers).map(|(sender, receiver)| (*sender, *receiver))
}
