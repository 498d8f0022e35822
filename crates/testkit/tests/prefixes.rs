//! What `gridlock_resolution` settles is the most that can settle in the order of the queues.
//!
//! Small days of random payments are run, and what waits before liquidity saving is read from the
//! events. Then every way to take the first so many payments of each sender is tried, by rules
//! written down here anew. Those that may settle must have one among them that is the largest both
//! in number and in value, and that one must be what has settled; leaving out last payments of
//! senders that pay too much must end there too, in whatever order it is done.

use psim_engine::Engine;
use psim_model::event::{Event, EventBatch, LimitsBasis, LsmAlgorithm};
use psim_model::{
    AgentNo, Algorithm, LiquiditySaving, Money, PaymentNo, QueueDiscipline, Scenario,
    ScheduledAlgorithm,
};
use psim_random::Generator;
use psim_testkit::sketch;
use psim_testkit::worlds::requested_seeds;

/// A day of one tick: who has what, who may pay how much, and who pays whom.
fn day(draws: &mut Generator) -> Scenario {
    let names = ["A", "B", "C", "D"];
    let agents: Vec<(&str, i64)> = names[..2 + draws.index(3)]
        .iter()
        .map(|name| (*name, [0, 0, 0, 1, 1, 2, 3, -2][draws.index(8)]))
        .collect();
    let mut day = sketch::scenario(1, 1, &agents);
    day.rules.limits_basis = [LimitsBasis::Gross, LimitsBasis::Net][draws.index(2)];
    day.rules.queue_discipline = [QueueDiscipline::Bypass, QueueDiscipline::Fifo][draws.index(2)];
    day.rules.deferred_crediting = draws.index(2) == 0;
    let (has_bilateral, has_multilateral) = (draws.index(3) == 0, draws.index(3) == 0);
    for index in 0..agents.len() {
        day.agents[index].unsecured_cap = Money::from_minor([0, 0, 1, 3][draws.index(4)]);
        let mut limit = || Money::from_minor([0, 1, 2, 4, 6][draws.index(5)]);
        let limits = &mut day.agents[index].limits;
        limits.multilateral = has_multilateral.then(&mut limit);
        for receiver in (0..agents.len()).filter(|other| has_bilateral && *other != index) {
            limits.bilateral.push((AgentNo::from_index(receiver), limit()));
        }
    }
    for _ in 0..4 + draws.index(9) {
        let sender = draws.index(agents.len());
        let receiver = (sender + 1 + draws.index(agents.len() - 1)) % agents.len();
        let mut row = sketch::payment(0, 0, 0, [1, 1, 2, 3, 4, 5, 7][draws.index(7)]);
        (row.sender, row.receiver) = (AgentNo::from_index(sender), AgentNo::from_index(receiver));
        day.payments.rows.push(row);
    }
    day.liquidity_saving = only(Algorithm::GridlockResolution);
    day
}

fn only(algorithm: Algorithm) -> LiquiditySaving {
    let scheduled = ScheduledAlgorithm { algorithm, every: 1, enabled: true };
    LiquiditySaving { algorithms: vec![scheduled], ..LiquiditySaving::NONE }
}

#[derive(Clone, Copy, Debug)]
struct Due {
    no: PaymentNo,
    from: usize,
    to: usize,
    amount: i64,
}

/// What waits before liquidity saving, and what can be paid with.
#[derive(Debug)]
struct Waiting {
    /// By sender, in queue order.
    queues: Vec<Vec<Due>>,
    usable: Vec<i64>,
    /// Who, to whom (nobody: to all), and how much more.
    rooms: Vec<(usize, Option<usize>, i64)>,
    is_net: bool,
}

impl Waiting {
    /// Returns whether the first so many payments of each sender may settle together.
    fn may_settle(&self, vector: &[usize]) -> bool {
        (0..vector.len()).all(|agent| vector[agent] == 0 || self.bears(agent, vector))
    }

    /// Returns whether an agent may take its part.
    fn bears(&self, agent: usize, vector: &[usize]) -> bool {
        let pays = |to: Option<usize>, is_net: bool| {
            let taken = self.queues.iter().zip(vector).flat_map(|(queue, count)| &queue[..*count]);
            let meant = |party: usize| to.is_none_or(|to| to == party);
            taken.fold(0, |sum, due| {
                if due.from == agent && meant(due.to) {
                    sum + due.amount
                } else if is_net && due.to == agent && meant(due.from) {
                    sum - due.amount
                } else {
                    sum
                }
            })
        };
        let own = self.rooms.iter().filter(|(whose, _, _)| *whose == agent);
        let mut within = own.map(|(_, to, room)| pays(*to, self.is_net) <= (*room).max(0));
        pays(None, true).max(0) <= self.usable[agent].max(0) && within.all(|is_within| is_within)
    }

    /// Returns every vector that may settle.
    fn all(&self) -> Vec<Vec<usize>> {
        let mut all = Vec::new();
        let mut vector = vec![0; self.queues.len()];
        loop {
            if self.may_settle(&vector) {
                all.push(vector.clone());
            }
            let has_more = |place: &usize| vector[*place] < self.queues[*place].len();
            let Some(place) = (0..vector.len()).find(has_more) else { return all };
            vector[place] += 1;
            vector[..place].fill(0);
        }
    }

    fn value(&self, vector: &[usize]) -> i64 {
        let taken = self.queues.iter().zip(vector).flat_map(|(queue, count)| &queue[..*count]);
        taken.map(|due| due.amount).sum()
    }

    /// Leaves out last payments of any agent that cannot bear its part, until all can.
    fn leave_out_in_any_order(&self, draws: &mut Generator) -> Vec<usize> {
        let mut vector: Vec<usize> = self.queues.iter().map(Vec::len).collect();
        loop {
            let mut breaking: Vec<usize> = (0..vector.len()).collect();
            breaking.retain(|agent| vector[*agent] > 0 && !self.bears(*agent, &vector));
            if breaking.is_empty() {
                return vector;
            }
            vector[breaking[draws.index(breaking.len())]] -= 1;
        }
    }
}

/// Reads from the events of a day what waited before liquidity saving, and what settled by it.
fn read(day: &Scenario, batch: &EventBatch) -> (Waiting, Vec<PaymentNo>) {
    let is_net = day.rules.limits_basis == LimitsBasis::Net;
    let is_deferred = day.rules.deferred_crediting;
    let usable = |index: usize| {
        let agent = &day.agents[index];
        agent.opening_balance.minor() + agent.unsecured_cap.minor()
    };
    let mut rooms = Vec::new();
    for (index, agent) in day.agents.iter().enumerate() {
        rooms.extend(agent.limits.multilateral.map(|limit| (index, None, limit.minor())));
        let bilateral = agent.limits.bilateral.iter();
        rooms.extend(bilateral.map(|(to, limit)| (index, Some(to.index()), limit.minor())));
    }
    let queues = vec![Vec::new(); day.agents.len()];
    let usable = (0..day.agents.len()).map(usable).collect();
    let mut waiting = Waiting { queues, usable, rooms, is_net };
    let mut settled = Vec::new();
    for event in batch.events() {
        let alone = match event {
            Event::QueuedRtgs(e) => {
                let (from, to) = (e.sender_id.index(), e.receiver_id.index());
                let due = Due { no: e.tx_id, from, to, amount: e.amount.minor() };
                waiting.queues[from].push(due);
                continue;
            }
            Event::RtgsImmediateSettlement(e) => (e.tx_id, e.sender_id, e.receiver_id, e.amount),
            Event::Queue2LiquidityRelease(e) => (e.tx_id, e.sender_id, e.receiver_id, e.amount),
            Event::LsmBatchSettlement(e) => {
                assert_eq!(e.algorithm, LsmAlgorithm::GridlockResolution);
                settled.extend_from_slice(e.tx_ids.of(batch.columns()));
                continue;
            }
            _ => continue,
        };
        let (no, from, to, amount) = (alone.0, alone.1.index(), alone.2.index(), alone.3.minor());
        waiting.queues[from].retain(|due| due.no != no);
        waiting.usable[from] -= amount;
        waiting.usable[to] += if is_deferred { 0 } else { amount };
        for (whose, other, room) in &mut waiting.rooms {
            if *whose == from && other.is_none_or(|other| other == to) {
                *room -= amount;
            } else if is_net && *whose == to && other.is_none_or(|other| other == from) {
                *room += amount;
            }
        }
    }
    (waiting, settled)
}

fn run(day: &Scenario) -> EventBatch {
    let mut engine = Engine::new(day.clone().check().expect("a sound day"));
    let mut batch = EventBatch::default();
    engine.tick(&mut batch).expect("nothing is too large");
    batch
}

#[test]
fn prop_gridlock_resolution_settles_the_largest_prefixes() {
    let (mut some, mut not_all) = (0, 0);
    for seed in requested_seeds(2_000) {
        let mut draws = Generator::named(seed, "prefixes");
        let day = day(&mut draws);
        let (waiting, settled) = read(&day, &run(&day));
        let feasible = waiting.all();
        let count = |vector: &Vec<usize>| vector.iter().sum::<usize>();
        let most = feasible.iter().map(count).max().expect("nothing may always settle");
        let dearest = feasible.iter().map(|vector| waiting.value(vector)).max();
        let largest: Vec<&Vec<usize>> = feasible.iter().filter(|v| count(v) == most).collect();
        let by_value: Vec<&Vec<usize>> =
            feasible.iter().filter(|v| Some(waiting.value(v)) == dearest).collect();
        assert_eq!(largest.len(), 1, "PSIM_SEED={seed}: {waiting:?}");
        assert_eq!(largest, by_value, "PSIM_SEED={seed}: {waiting:?}");
        let taken = waiting.queues.iter().zip(largest[0]);
        let expected: Vec<PaymentNo> =
            taken.flat_map(|(queue, count)| &queue[..*count]).map(|due| due.no).collect();
        assert_eq!(settled, expected, "PSIM_SEED={seed}: {waiting:?}");
        for _ in 0..5 {
            let reached = waiting.leave_out_in_any_order(&mut draws);
            assert_eq!(reached, *largest[0], "PSIM_SEED={seed}: {waiting:?}");
        }
        let waits: usize = waiting.queues.iter().map(Vec::len).sum();
        some += usize::from(most > 0);
        not_all += usize::from(most > 0 && most < waits);
    }
    let is_whole = requested_seeds(2_000) == (0..2_000);
    assert!(!is_whole || (some > 300 && not_all > 100), "{some} settle, {not_all} in part");
}

#[test]
fn a_ring_of_equal_amounts_settles_without_liquidity_in_both_directions() {
    let cycles = Algorithm::Cycles { max_cycle_length: 3, max_cycles_per_tick: 1 };
    let algorithms =
        [cycles, Algorithm::GridlockResolution, Algorithm::Partial, Algorithm::AllOrNothing];
    for algorithm in algorithms {
        for step in [1, 2] {
            let mut day = sketch::scenario(1, 1, &[("A", 0), ("B", 0), ("C", 0)]);
            day.payments.rows =
                (0..3).map(|from| sketch::payment(0, from, (from + step) % 3, 7)).collect();
            day.liquidity_saving = only(algorithm);
            let batch = run(&day);
            let sets: Vec<_> = batch.events().iter().filter_map(Event::settled_set).collect();
            assert_eq!(sets.len(), 1, "{algorithm:?}");
            assert_eq!(sets[0].tx_ids.of(batch.columns()).len(), 3, "{algorithm:?}");
            assert_eq!(sets[0].max_net_outflow, Money::ZERO, "{algorithm:?}");
        }
    }
}
