//! `cycles`: rings of agents of which each owes the next.

use std::collections::BTreeMap;

use psim_model::{AgentNo, Total};
use rustc_hash::FxHashMap;

use super::view::{Queued, View};
use super::{Algorithm, Set, Steps, prefixes};

/// Longest rings that are looked for without asking first from where the start can be reached.
const FEW: usize = 4;

/// Goes through the rings that the start of the run has shown, each once: those whose smallest edge
/// is largest first, then those of fewer agents, then by id.
///
/// Rings are made as they are needed: edges are taken up from the largest to the smallest, a ring
/// belongs to the edge of it that was taken up last, and short rings are looked for first.
#[derive(Debug)]
pub(super) struct Cycles {
    longest: usize,
    /// How many rings may still settle in this tick.
    left: u32,
    graph: Option<Graph>,
    /// The ring that settled last.
    settled: Option<Vec<AgentNo>>,
    /// Rings to come of one length whose smallest edges are alike, the last first.
    rings: Vec<Vec<AgentNo>>,
}

/// Who owes whom, at the start of the run.
#[derive(Debug)]
struct Graph {
    /// Edges that were not taken up, ascending by weight.
    edges: Vec<(Total, AgentNo, AgentNo)>,
    /// By sender: the receivers of edges that were taken up, ascending, each with its turn.
    taken: BTreeMap<AgentNo, Vec<(AgentNo, usize)>>,
    /// By receiver: the senders of these edges, each with its turn.
    senders: BTreeMap<AgentNo, Vec<(AgentNo, usize)>>,
    /// How many edges were taken up.
    turns: usize,
    /// The edges taken up last, which weigh the same.
    latest: Vec<(AgentNo, AgentNo, usize)>,
    /// The length of the rings around them that were made last.
    length: usize,
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

    /// Returns the next ring to be tested, if so many steps are left.
    fn next_ring(&mut self, view: &View<'_>, steps: &Steps) -> Option<Vec<AgentNo>> {
        let graph = self.graph.get_or_insert_with(|| Graph::of(view));
        while self.rings.is_empty() {
            // One more than may be tested, so that it shows where the steps end.
            let most = steps.left.and_then(|left| usize::try_from(left).ok()?.checked_add(1));
            self.rings = graph.next_rings(self.longest, most.unwrap_or(usize::MAX))?;
        }
        self.rings.pop()
    }
}

impl Algorithm for Cycles {
    fn next_set(&mut self, view: &View<'_>, steps: &mut Steps) -> Option<Set> {
        if let (Some(graph), Some(ring)) = (&mut self.graph, self.settled.take()) {
            graph.look_again(view, &ring);
        }
        while let Some(ring) = self.next_ring(view, steps) {
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
        Self {
            edges,
            taken: BTreeMap::new(),
            senders: BTreeMap::new(),
            turns: 0,
            latest: Vec::new(),
            length: usize::MAX,
            queues,
        }
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

    /// Returns the rings of the next length around the edges taken up last or, once they are as
    /// long as may be, around those of the next weight: the first `most` of them, the first to be
    /// tested last. `None` if no edge is left.
    fn next_rings(&mut self, longest: usize, most: usize) -> Option<Vec<Vec<AgentNo>>> {
        if self.length >= longest {
            self.take_up()?;
            self.length = 2;
        }
        self.length += 1;
        let mut rings = Vec::new();
        for &(from, to, turn) in &self.latest {
            let back = (self.length > FEW).then(|| self.ways_back(from, turn));
            let search = Search { taken: &self.taken, turn, length: self.length, most, back };
            search.close(&mut vec![from, to], &mut rings);
        }
        keep_first(&mut rings, most);
        rings.reverse();
        Some(rings)
    }

    /// Returns the fewest edges by which agents come to one, along edges taken up before a turn;
    /// those that are farther than a ring allows are left out.
    fn ways_back(&self, to: AgentNo, turn: usize) -> FxHashMap<AgentNo, usize> {
        let mut ways = FxHashMap::from_iter([(to, 0)]);
        let mut reached = vec![to];
        for edges in 1..self.length {
            let mut next = Vec::new();
            for agent in reached {
                for (sender, taken) in self.senders.get(&agent).into_iter().flatten() {
                    if *taken <= turn && !ways.contains_key(sender) {
                        ways.insert(*sender, edges);
                        next.push(*sender);
                    }
                }
            }
            reached = next;
        }
        ways
    }

    /// Takes up the edges of the next weight.
    fn take_up(&mut self) -> Option<()> {
        let (weight, ..) = *self.edges.last()?;
        self.latest.clear();
        while let Some((_, from, to)) = self.edges.pop_if(|(next, ..)| *next == weight) {
            let receivers = self.taken.entry(from).or_default();
            let place = receivers.partition_point(|(taken, _)| *taken < to);
            receivers.insert(place, (to, self.turns));
            self.senders.entry(to).or_default().push((from, self.turns));
            self.latest.push((from, to, self.turns));
            self.turns += 1;
        }
        Some(())
    }
}

/// A search for rings of one length around an edge.
struct Search<'g> {
    taken: &'g BTreeMap<AgentNo, Vec<(AgentNo, usize)>>,
    /// The turn of that edge. Others were taken up before, so that a ring is found once.
    turn: usize,
    length: usize,
    most: usize,
    /// How many edges agents are from the start at least, where looking that up saves time.
    back: Option<FxHashMap<AgentNo, usize>>,
}

impl Search<'_> {
    /// Follows edges on from a path and notes each ring that comes back to its start.
    fn close(&self, path: &mut Vec<AgentNo>, rings: &mut Vec<Vec<AgentNo>>) {
        let (Some(first), Some(last)) = (path.first(), path.last()) else { return };
        let Some(receivers) = self.taken.get(last) else { return };
        if path.len() == self.length {
            let closing = receivers.binary_search_by_key(first, |(receiver, _)| *receiver);
            if closing.is_ok_and(|place| receivers[place].1 <= self.turn) {
                rings.push(from_lowest(path));
                if rings.len() / 2 > self.most {
                    keep_first(rings, self.most);
                }
            }
            return;
        }
        let left = self.length - path.len();
        for (next, turn) in receivers {
            if *turn <= self.turn && self.leads_back(*next, left) && !path.contains(next) {
                path.push(*next);
                self.close(path, rings);
                path.pop();
            }
        }
    }

    /// Returns whether so many edges may lead from an agent to the start.
    fn leads_back(&self, agent: AgentNo, edges: usize) -> bool {
        let Some(back) = &self.back else { return true };
        back.get(&agent).is_some_and(|least| *least <= edges)
    }
}

/// Leaves the first so many of rings of one length, in order.
fn keep_first(rings: &mut Vec<Vec<AgentNo>>, most: usize) {
    rings.sort_unstable();
    rings.truncate(most);
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
