//! Liquidity saving: sets of queued payments, and what is said of runs and of blocked queues.

use psim_model::event::{
    AlgorithmExecution, BlockKind, Columns, Event, EventBatch, LsmAlgorithm, LsmBound,
    LsmBoundReached, LsmResult, QueueBlocked, SettledSet,
};
use psim_model::{AgentNo, Algorithm, Money, Tick, Total};

use super::limits::Flow;
use super::{Laws, Verdict, ensure};

/// What has settled, as the runs of algorithms are about to tell it.
#[derive(Debug, Default)]
pub(super) struct Runs {
    /// Payments that have settled in this tick.
    settled: u32,
    /// Amounts that have settled since the last run was told: in sets, and by themselves.
    in_sets: Vec<Money>,
    alone: Vec<Money>,
    /// Whether a run was told in this tick.
    is_told: bool,
    rings: u32,
    last_block: Option<(Tick, BlockKind)>,
}

impl Runs {
    pub(super) fn begin_tick(&mut self) {
        *self = Self { last_block: self.last_block, ..Self::default() };
    }

    /// Counts a payment that settles by itself or on entry.
    pub(super) fn settle(&mut self, amount: Money) {
        self.settled += 1;
        self.alone.push(amount);
    }
}

impl Laws<'_> {
    pub(super) fn dispatch_saving(&mut self, event: &Event, batch: &EventBatch) -> Verdict {
        match event {
            Event::AlgorithmExecution(e) => self.take_execution(e),
            Event::LsmBoundReached(e) => self.take_bound(e),
            Event::QueueBlocked(e) => self.take_block(e),
            _ => match event.settled_set() {
                Some(set) => self.take_queued_set(event, set, batch.columns()),
                None => Err("the laws know every event"),
            },
        }
    }

    /// Moves a set of queued payments, and expects what must follow it.
    fn take_queued_set(&mut self, event: &Event, set: SettledSet, columns: &Columns) -> Verdict {
        let payments = set.tx_ids.of(columns);
        let mut flows = Vec::new();
        for no in payments {
            flows.push(self.lives.flow(*no)?);
        }
        tells_set(set, &flows, columns)?;
        self.check_shape(event, &flows, set.agents.of(columns))?;
        for (no, flow) in payments.iter().zip(&flows) {
            ensure(!self.out.contains(&flow.sender), "nobody sends who is out")?;
            self.lives.is_in_time(*no, self.tick)?;
            self.runs.settled += 1;
            self.runs.in_sets.push(flow.amount);
        }
        self.books.settle(&flows, payments)?;
        self.limits.settle(&flows)?;
        for no in payments {
            // One by one: a whole is complete with the last of its parts.
            self.lives.settle_in_set(*no)?;
            self.due.extend(self.lives.what_follows_settlement(*no)?);
        }
        Ok(())
    }

    /// What an algorithm settles is of its kind, and in its order.
    fn check_shape(&mut self, event: &Event, set: &[Flow], agents: &[AgentNo]) -> Verdict {
        let mut ways: Vec<(AgentNo, AgentNo)> =
            set.iter().map(|flow| (flow.sender, flow.receiver)).collect();
        ways.dedup();
        let is_ascending = agents.is_sorted();
        match event {
            Event::LsmBilateralOffset(_) => {
                self.listed(LsmAlgorithm::Bilateral)?;
                let [low, high] = *agents else { return Err("a pair is of two agents") };
                let is_pair = ways == [(low, high), (high, low)] && is_ascending;
                ensure(is_pair, "each of a pair pays the other, the lower id first")
            }
            Event::LsmCycleSettlement(_) => {
                let Algorithm::Cycles { max_cycle_length, max_cycles_per_tick } =
                    self.listed(LsmAlgorithm::Cycles)?
                else {
                    return Err("a name means one algorithm");
                };
                let next = agents.iter().cycle().skip(1);
                let is_ring = agents.iter().copied().zip(next.copied()).eq(ways);
                ensure(is_ring, "in a ring each pays the next, and the last the first")?;
                ensure(agents.iter().min() == agents.first(), "a ring begins with the lowest id")?;
                let is_sized = (3..=max_cycle_length as usize).contains(&agents.len());
                ensure(is_sized, "a ring has 3 agents to the most")?;
                self.runs.rings += 1;
                ensure(self.runs.rings <= max_cycles_per_tick, "no more rings than the most")
            }
            Event::LsmBatchSettlement(e) => {
                self.listed(e.algorithm)?;
                let is_sorted = set.is_sorted_by_key(|flow| flow.sender);
                ensure(is_ascending && is_sorted, "a batch goes sender by sender")
            }
            _ => Err("an entering payment is no queued one"),
        }
    }

    /// Returns an algorithm that a name means, which must be one of the scenario's.
    fn listed(&self, name: LsmAlgorithm) -> Result<Algorithm, &'static str> {
        let mut listed = self.scenario.liquidity_saving.algorithms.iter();
        let found = listed.find(|it| it.algorithm.name() == name);
        found.map(|it| it.algorithm).ok_or("only algorithms that are listed run")
    }

    fn take_execution(&mut self, event: &AlgorithmExecution) -> Verdict {
        let saving = &self.scenario.liquidity_saving;
        ensure(saving.sequencing, "runs are told where they are in sequence")?;
        let place = (event.algorithm as usize).checked_sub(1);
        let listed = place.and_then(|place| saving.algorithms.get(place));
        let is_it = listed.is_some_and(|it| it.algorithm.name() == event.name);
        ensure(is_it, "a run names its algorithm and the place of it")?;
        let was_first = !std::mem::replace(&mut self.runs.is_told, true);
        let in_sets = std::mem::take(&mut self.runs.in_sets);
        let alone = std::mem::take(&mut self.runs.alone);
        let settles_alone = match event.name {
            LsmAlgorithm::Retry => true,
            LsmAlgorithm::Bilateral
            | LsmAlgorithm::Cycles
            | LsmAlgorithm::GridlockResolution
            | LsmAlgorithm::Partial
            | LsmAlgorithm::AllOrNothing => false,
        };
        let (own, others) = if settles_alone { (alone, in_sets) } else { (in_sets, alone) };
        let (count, value) = (event.settlements as usize, event.settled_value);
        let is_success = event.result == LsmResult::Success;
        ensure(is_success == (count > 0), "a run succeeds if payments settle")?;
        if was_first && settles_alone {
            // Entries and the pass before it look the same.
            let is_some = count <= own.len() && Total::from(value) <= own.into_iter().sum();
            return ensure(is_some && others.is_empty(), "a run tells what has settled in it");
        }
        let is_all = count == own.len() && value == clamped(own.into_iter().sum());
        ensure(is_all, "a run tells what has settled in it")?;
        ensure(was_first || others.is_empty(), "what settles in a run is of its kind")
    }

    fn take_bound(&mut self, event: &LsmBoundReached) -> Verdict {
        let saving = &self.scenario.liquidity_saving;
        let algorithm = self.listed(event.name)?;
        let limit = match (event.bound, algorithm) {
            (LsmBound::MaxSteps, _) => saving.max_steps,
            (LsmBound::MaxRounds, _) => saving.sequencing.then_some(saving.max_rounds.into()),
            (LsmBound::MaxCyclesPerTick, Algorithm::Cycles { max_cycles_per_tick, .. }) => {
                ensure(self.runs.rings == max_cycles_per_tick, "a bound is reached, then told")?;
                Some(max_cycles_per_tick.into())
            }
            (LsmBound::MaxCyclesPerTick, _) => None,
        };
        ensure(limit == Some(event.limit), "a bound is one of the scenario's")
    }

    fn take_block(&mut self, event: &QueueBlocked) -> Verdict {
        ensure(
            self.scenario.liquidity_saving.reports_blocks,
            "blocks are told where they are to be",
        )?;
        ensure(self.runs.settled == 0, "a queue is not blocked while payments settle")?;
        let waiting = self.lives.queue2.iter().map(|no| &self.lives.payments[no.index()]);
        let eligible = waiting
            .filter(|life| life.earliest <= self.tick && !self.out.contains(&life.sender))
            .map(|life| life.amount);
        let eligible: Vec<Money> = eligible.collect();
        let (count, could) = (event.payments, event.could_settle);
        let is_count = count > 0 && count as usize == eligible.len() && could <= count;
        ensure(is_count, "what is blocked is what could be tested")?;
        let is_value = event.value == clamped(eligible.into_iter().sum());
        ensure(is_value, "the value of what is blocked is its sum")?;
        let is_gridlock = event.kind == BlockKind::Gridlock;
        ensure(is_gridlock == (could > 0), "in a gridlock some could settle")?;
        let last = self.runs.last_block.replace((self.tick, event.kind));
        let is_news =
            last.is_none_or(|(tick, kind)| tick.next() != self.tick || kind != event.kind);
        ensure(is_news, "a block is told when it begins or becomes another")
    }
}

/// Expects an event to tell its payments and what is left between the agents, as recounted.
pub(super) fn tells_set(set: SettledSet, flows: &[Flow], columns: &Columns) -> Verdict {
    let amounts = flows.iter().map(|flow| flow.amount);
    ensure(!flows.is_empty(), "a set has payments")?;
    let are_told = amounts.clone().eq(set.tx_amounts.of(columns).iter().copied());
    ensure(are_told, "a set tells the amounts of its payments")?;
    ensure(set.total_value == clamped(amounts.sum()), "a set tells its value")?;
    let agents = set.agents.of(columns);
    let is_once = (1..agents.len()).all(|place| !agents[..place].contains(&agents[place]));
    let is_in = |agent: &AgentNo| agents.contains(agent);
    let are_all = flows.iter().all(|flow| is_in(&flow.sender) && is_in(&flow.receiver));
    ensure(is_once && are_all, "a set tells its agents, each once")?;
    let nets: Vec<Total> = agents.iter().map(|agent| gets(*agent, flows)).collect();
    let said = set.net_positions.of(columns);
    let are_nets = said.iter().map(|net| Total::from(*net)).eq(nets);
    ensure(are_nets, "a set tells what each gets on balance")?;
    ensure(said.iter().copied().sum::<Total>() == Total::ZERO, "what some pay others get")?;
    let most = said.iter().map(|net| net.shortfall()).max().unwrap_or(Money::ZERO);
    let payer = agents.iter().zip(said).find(|(_, net)| net.shortfall() == most);
    let payer = payer.filter(|_| most.is_positive()).map(|(agent, _)| *agent);
    let is_most = (set.max_net_outflow, set.max_net_outflow_agent) == (most, payer);
    ensure(is_most, "a set tells who pays most on balance")
}

/// Returns what an agent gets in a set, less what it pays.
fn gets(agent: AgentNo, flows: &[Flow]) -> Total {
    let received = flows.iter().filter(|flow| flow.receiver == agent).map(|flow| flow.amount);
    let paid = flows.iter().filter(|flow| flow.sender == agent).map(|flow| flow.amount);
    received.sum::<Total>() - paid.sum::<Total>()
}

/// Returns a sum, or as near as 64 bits come.
fn clamped(sum: Total) -> Money {
    sum.to_money().unwrap_or(Money::MAX)
}
