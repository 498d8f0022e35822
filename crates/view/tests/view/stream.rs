//! Writes small event streams by hand.

mod features;
pub(crate) mod policies;
mod saving;

use psim_model::event::{
    AgentOpened, Arrival, CostAccrual, DelayCostQueues, DelayRatesSet, DropReason, EndOfDay,
    EndOfDayPenalty, Event, EventBatch, HoldReason, LiquidityAllocation, LiquidityReturn, NewAgent,
    NewPayment, OverdueTransactionSettled, PolicyDrop, Queue2LiquidityRelease, QueueReason,
    QueuedRtgs, RtgsImmediateSettlement, RtgsPriority, RtgsSubmission, RunEnded, RunStarted,
    TransactionWentOverdue,
};
use psim_model::{AgentNo, Fraction, Money, PaymentNo, Priority, Tick};

pub(crate) use features::PLAIN;

/// A stream being written: the engine's part of a test, without an engine.
///
/// Agents are letters (`A` is agent 0), payments numbers. It keeps balances and credit lines only
/// because events name them.
pub(crate) struct Stream {
    pub(crate) batches: Vec<EventBatch>,
    ticks_per_day: u32,
    agents: Vec<i64>,
    /// What each gets with the deferred credits of the tick.
    pending: Vec<i64>,
    is_deferred: bool,
    /// How far each balance may go below zero.
    lines: Vec<i64>,
    payments: Vec<Paid>,
    /// The way that led to the next event that a decision causes.
    pub(crate) way: Option<&'static str>,
}

#[derive(Clone, Copy)]
struct Paid {
    sender: AgentNo,
    receiver: AgentNo,
    amount: i64,
    deadline: Tick,
    queued: Tick,
    priority: Priority,
    class: RtgsPriority,
}

/// What may be said of an agent besides its balance.
#[derive(Default)]
pub(crate) struct Means {
    pub(crate) cap: i64,
    pub(crate) collateral: i64,
    pub(crate) haircut: &'static str,
    pub(crate) pool: i64,
}

/// What may be said of a payment besides parties, amount and deadline.
pub(crate) struct Terms {
    pub(crate) id: Option<&'static str>,
    pub(crate) earliest: Option<u32>,
    pub(crate) priority: Priority,
    pub(crate) class: RtgsPriority,
}

impl Default for Terms {
    fn default() -> Self {
        Self { id: None, earliest: None, priority: Priority::DEFAULT, class: RtgsPriority::Normal }
    }
}

/// Terms with an id.
pub(crate) fn called(id: &'static str) -> Terms {
    Terms { id: Some(id), ..Terms::default() }
}

pub(crate) fn no(letter: char) -> AgentNo {
    AgentNo(u32::from(letter) - u32::from('A'))
}

fn money(minor: i64) -> Money {
    Money::from_minor(minor)
}

impl Stream {
    /// Opens a stream in euro cents without clock times.
    pub(crate) fn new(ticks_per_day: u32, num_days: u32) -> Self {
        Self::with(ticks_per_day, num_days, None, "EUR")
    }

    /// Opens a stream whose ticks are minutes from 07:00.
    pub(crate) fn timed(ticks_per_day: u32, num_days: u32) -> Self {
        Self::with(ticks_per_day, num_days, Some((7 * 3600, 60)), "EUR")
    }

    fn with(days_ticks: u32, num_days: u32, clock: Option<(u32, u32)>, currency: &str) -> Self {
        let mut batch = EventBatch::default();
        batch.begin(Tick(0), psim_model::Day(0), 0);
        let (version, scenario_hash, currency) =
            (batch.text("0.1.0"), batch.text("abc123"), batch.text(currency));
        batch.push(RunStarted {
            rng_seed: 42,
            version,
            scenario_hash,
            ticks_per_day: days_ticks,
            num_days,
            opens_at_seconds: clock.map(|clock| clock.0),
            tick_seconds: clock.map(|clock| clock.1),
            currency,
            currency_decimals: 2,
        });
        Self {
            batches: vec![batch],
            ticks_per_day: days_ticks,
            agents: vec![],
            pending: vec![],
            is_deferred: false,
            lines: vec![],
            payments: vec![],
            way: None,
        }
    }

    pub(crate) fn push(&mut self, event: impl Into<Event>) {
        self.batch().push(event);
    }

    fn batch(&mut self) -> &mut EventBatch {
        self.batches.last_mut().expect("a stream has a first batch")
    }

    fn now(&mut self) -> Tick {
        self.batch().tick()
    }

    /// Goes on to a later tick; the ticks between stay empty.
    pub(crate) fn tick(&mut self, tick: u32) -> &mut Self {
        while self.now() < Tick(tick) {
            let (next, seq) = (self.now().next(), self.batch().next_seq());
            let mut batch = EventBatch::default();
            batch.begin(next, psim_model::Day(next.0 / self.ticks_per_day), seq);
            self.batches.push(batch);
        }
        self
    }

    pub(crate) fn amount_of(&self, tx: u32) -> i64 {
        self.payments[tx as usize].amount
    }

    pub(crate) fn parties_of(&self, tx: u32) -> [AgentNo; 2] {
        let Paid { sender, receiver, .. } = self.payments[tx as usize];
        [sender, receiver]
    }

    /// Opens the next agent; `A` first.
    pub(crate) fn agent(&mut self, balance: i64, means: &Means) -> &mut Self {
        let agent = AgentNo::from_index(self.agents.len());
        self.agents.push(balance);
        self.pending.push(0);
        let letter = char::from(b'A' + u8::try_from(agent.0 % 26).unwrap());
        let name = if agent.0 < 26 { letter.to_string() } else { format!("Z{:04}", agent.0) };
        let id = self.batch().text(&name);
        let haircut: Fraction =
            if means.haircut.is_empty() { "0" } else { means.haircut }.parse().unwrap();
        let worth = haircut.complement().floor_of(money(means.collateral));
        self.lines.push(means.cap + worth.minor());
        self.push(AgentOpened {
            agent_id: NewAgent { no: agent, id },
            opening_balance: money(balance),
            unsecured_cap: money(means.cap),
            posted_collateral: money(means.collateral),
            collateral_haircut: haircut,
            max_collateral_capacity: money(means.collateral),
            liquidity_pool: money(means.pool),
        });
        self
    }

    pub(crate) fn agents(&mut self, balances: &[i64]) -> &mut Self {
        for balance in balances {
            self.agent(*balance, &Means::default());
        }
        self
    }

    /// Says what delay costs: the rate, the multiplier of overdue payments and those of the
    /// bands, lowest first.
    pub(crate) fn delay(
        &mut self,
        rate: &str,
        overdue: &str,
        bands: [&str; 3],
        queues: DelayCostQueues,
    ) -> &mut Self {
        let [low, normal, urgent] = bands.map(|band| band.parse().unwrap());
        self.push(DelayRatesSet {
            delay_cost_per_tick_per_cent: rate.parse().unwrap(),
            overdue_delay_multiplier: overdue.parse().unwrap(),
            urgent_multiplier: urgent,
            normal_multiplier: normal,
            low_multiplier: low,
            delay_cost_queues: queues,
        });
        self
    }

    /// Brings in all of a pool.
    pub(crate) fn allocate(&mut self, agent: char, amount: i64) -> &mut Self {
        let balance = &mut self.agents[no(agent).index()];
        *balance += amount;
        let balance_after = money(*balance);
        self.push(LiquidityAllocation {
            agent_id: no(agent),
            fraction: "1".parse().unwrap(),
            amount: money(amount),
            balance_after,
        });
        self
    }

    pub(crate) fn give_back(&mut self, agent: char, amount: i64) -> &mut Self {
        let balance = &mut self.agents[no(agent).index()];
        *balance -= amount;
        let balance_after = money(*balance);
        self.push(LiquidityReturn { agent_id: no(agent), amount: money(amount), balance_after });
        self
    }

    /// Lets the next payment arrive (`tx-0` first), due at a tick.
    pub(crate) fn arrive(&mut self, from: char, to: char, amount: i64, deadline: u32) -> &mut Self {
        self.arrive_between(no(from), no(to), amount, deadline)
    }

    pub(crate) fn arrive_between(
        &mut self,
        sender: AgentNo,
        receiver: AgentNo,
        amount: i64,
        deadline: u32,
    ) -> &mut Self {
        self.arrive_with(sender, receiver, amount, deadline, &Terms::default())
    }

    /// Lets the next payment arrive, with what else may be said of it.
    pub(crate) fn arrive_with(
        &mut self,
        sender: AgentNo,
        receiver: AgentNo,
        amount: i64,
        deadline: u32,
        terms: &Terms,
    ) -> &mut Self {
        let (arrival, deadline) = (self.now(), Tick(deadline));
        let Terms { priority, class, .. } = *terms;
        let queued = arrival;
        let paid = Paid { sender, receiver, amount, deadline, queued, priority, class };
        self.payments.push(paid);
        let tx = PaymentNo::from_index(self.payments.len() - 1);
        let given_id = terms.id.map(|id| self.batch().text(id));
        self.push(Arrival {
            tx_id: NewPayment { no: tx, given_id },
            sender_id: sender,
            receiver_id: receiver,
            amount: money(amount),
            deadline_tick: deadline,
            earliest_tick: terms.earliest.map(Tick),
            priority: terms.priority,
            rtgs_priority: terms.class,
            divisible: None,
        });
        self
    }

    pub(crate) fn submit(&mut self, tx: u32) -> &mut Self {
        let Paid { sender, receiver, amount, priority, class, .. } = self.payments[tx as usize];
        let decision_path = self.path();
        self.push(RtgsSubmission {
            tx_id: PaymentNo(tx),
            sender_id: sender,
            receiver_id: receiver,
            amount: money(amount),
            priority,
            rtgs_priority: class,
            decision_path,
        });
        self
    }

    fn pay(&mut self, tx: u32) -> (Money, Money) {
        let Paid { sender, receiver, amount, .. } = self.payments[tx as usize];
        let before = self.agents[sender.index()];
        self.agents[sender.index()] -= amount;
        self.credit_later(receiver, amount);
        (money(before), money(before - amount))
    }

    /// Credits a settlement at once or, where receipts are deferred, with those of the tick.
    fn credit_later(&mut self, agent: AgentNo, amount: i64) {
        let accounts = if self.is_deferred { &mut self.pending } else { &mut self.agents };
        accounts[agent.index()] += amount;
    }

    /// Releases and settles.
    pub(crate) fn settle(&mut self, tx: u32) -> &mut Self {
        self.submit(tx);
        let Paid { sender, receiver, amount, .. } = self.payments[tx as usize];
        let (sender_balance_before, sender_balance_after) = self.pay(tx);
        self.push(RtgsImmediateSettlement {
            tx_id: PaymentNo(tx),
            sender_id: sender,
            receiver_id: receiver,
            amount: money(amount),
            sender_balance_before,
            sender_balance_after,
        });
        self
    }

    /// Releases into queue 2.
    pub(crate) fn queue(&mut self, tx: u32, reason: QueueReason) -> &mut Self {
        self.submit(tx);
        let now = self.now();
        self.payments[tx as usize].queued = now;
        let Paid { sender, receiver, amount, .. } = self.payments[tx as usize];
        let available = (self.agents[sender.index()] + self.lines[sender.index()]).max(0);
        self.push(QueuedRtgs {
            tx_id: PaymentNo(tx),
            sender_id: sender,
            receiver_id: receiver,
            amount: money(amount),
            sender_available: money(available),
            reason,
        });
        self
    }

    /// Settles from queue 2.
    pub(crate) fn release(&mut self, tx: u32) -> &mut Self {
        let Paid { sender, receiver, amount, queued, .. } = self.payments[tx as usize];
        let queue_wait_ticks = self.now().since(queued);
        let (sender_balance_before, sender_balance_after) = self.pay(tx);
        self.push(Queue2LiquidityRelease {
            tx_id: PaymentNo(tx),
            sender_id: sender,
            receiver_id: receiver,
            amount: money(amount),
            queue_wait_ticks,
            sender_balance_before,
            sender_balance_after,
        });
        self
    }

    pub(crate) fn hold(&mut self, tx: u32, reason: HoldReason) -> &mut Self {
        self.hold_with(tx, reason, None)
    }

    pub(crate) fn drop_closed(&mut self, tx: u32) -> &mut Self {
        let agent_id = self.payments[tx as usize].sender;
        self.push(PolicyDrop {
            tx_id: PaymentNo(tx),
            agent_id,
            reason: DropReason::Closed,
            deadline_penalty_cost: Money::ZERO,
            decision_path: None,
        });
        self
    }

    pub(crate) fn overdue(&mut self, tx: u32, penalty: i64) -> &mut Self {
        let Paid { sender, receiver, amount, deadline, .. } = self.payments[tx as usize];
        let ticks_overdue = self.now().since(deadline);
        self.push(TransactionWentOverdue {
            tx_id: PaymentNo(tx),
            sender_id: sender,
            receiver_id: receiver,
            amount: money(amount),
            remaining_amount: money(amount),
            deadline_tick: deadline,
            ticks_overdue,
            deadline_penalty_cost: money(penalty),
        });
        self
    }

    pub(crate) fn overdue_settled(&mut self, tx: u32, penalty: i64) -> &mut Self {
        let Paid { sender, receiver, amount, deadline, .. } = self.payments[tx as usize];
        let total_ticks_overdue = self.now().since(deadline);
        self.push(OverdueTransactionSettled {
            tx_id: PaymentNo(tx),
            sender_id: sender,
            receiver_id: receiver,
            amount: money(amount),
            settled_amount: money(amount),
            deadline_tick: deadline,
            overdue_since_tick: deadline.next(),
            total_ticks_overdue,
            deadline_penalty_cost: money(penalty),
        });
        self
    }

    /// Books costs in the order overdraft, delay, collateral, penalty, splitting, pool.
    pub(crate) fn cost(&mut self, agent: char, kinds: [i64; 6]) -> &mut Self {
        self.push(CostAccrual {
            agent_id: no(agent),
            liquidity_cost: money(kinds[0]),
            delay_cost: money(kinds[1]),
            collateral_cost: money(kinds[2]),
            penalty_cost: money(kinds[3]),
            split_friction_cost: money(kinds[4]),
            liquidity_opportunity_cost: money(kinds[5]),
            total: money(kinds.iter().sum()),
        });
        self
    }

    pub(crate) fn end_of_day_penalty(&mut self, tx: u32, penalty: i64) -> &mut Self {
        let agent_id = self.payments[tx as usize].sender;
        self.push(EndOfDayPenalty { tx_id: PaymentNo(tx), agent_id, amount: money(penalty) });
        self
    }

    pub(crate) fn end_of_day(&mut self, unsettled_count: u32, penalties: i64) -> &mut Self {
        self.push(EndOfDay { unsettled_count, total_penalties: money(penalties) });
        self
    }

    pub(crate) fn end(&mut self, unsettled_count: u32) -> &mut Self {
        self.push(RunEnded { unsettled_count });
        self
    }
}

/// The six payments in a ring of three banks, ten ticks; all settle on arrival.
pub(crate) fn ring_at_upper_bound() -> Stream {
    let mut stream = Stream::timed(10, 1);
    stream.agents(&[5_000, 6_000, 0]);
    for (tick, (from, to, amount)) in RING.into_iter().enumerate() {
        let tick = u32::try_from(tick).unwrap();
        stream.tick(tick).arrive(from, to, amount, 9).settle(tick);
    }
    stream.tick(9).end_of_day(0, 0).end(0);
    stream
}

/// Payments of the ring, one a tick, in cents.
pub(crate) const RING: [(char, char, i64); 6] = [
    ('A', 'B', 5_000),
    ('B', 'C', 7_000),
    ('C', 'A', 3_000),
    ('B', 'A', 4_000),
    ('A', 'C', 6_000),
    ('C', 'B', 2_000),
];

/// A day with a bit of everything: a pool, a hold, both ways to settle, an overdue payment, costs.
pub(crate) fn busy_day() -> Stream {
    let mut stream = Stream::timed(10, 1);
    stream.agent(5_000, &Means::default());
    stream.agent(0, &Means { cap: 1_000, collateral: 10_000, haircut: "0.1", pool: 2_000 });
    stream.agent(123_456_700, &Means::default());
    stream.allocate('B', 2_000);
    stream.arrive('A', 'B', 6_000, 2).arrive('B', 'C', 2_500, 9);
    stream.arrive('C', 'A', 999_950, 9).arrive('C', 'B', 10_000, 9);
    stream.hold(3, HoldReason::PolicyDecision);
    stream.queue(0, QueueReason::InsufficientLiquidity).settle(1).settle(2);
    stream.cost('A', [0, 12, 0, 0, 0, 0]).cost('B', [5, 0, 0, 0, 0, 7]);
    stream.tick(3).overdue(0, 500).release(0).overdue_settled(0, 500);
    stream.cost('A', [0, 0, 0, 500, 0, 0]);
    stream.tick(9).end_of_day_penalty(3, 1_000).cost('C', [0, 0, 0, 1_000, 0, 0]);
    stream.end_of_day(1, 1_500).give_back('B', 2_000).end(1);
    stream
}
