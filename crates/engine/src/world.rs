//! Everything that changes in a run.

use psim_model::event::{Event, EventBatch, Text};
use psim_model::{
    AgentNo, CheckedScenario, CostRates, Money, PaymentNo, Policy, Priority, Scenario, Tick, Total,
};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::backlog::{Backlog, Queue};
use crate::collateral::Collateral;
use crate::costs::Costs;
use crate::deadlines::Deadlines;
use crate::decisions::Decisions;
use crate::escalation::Escalation;
use crate::followers::{Abilities, Follower};
use crate::history::{Flows, History, Topic, Traffic, asks_for};
use crate::ids::Ids;
use crate::ledger::Ledger;
use crate::limits::{Admission, Flow, LimitBook};
use crate::lsm::Lsm;
use crate::payments::{Payment, Payments, Place};
use crate::queue1::Queue1;
use crate::queue2::Queue2;
use crate::reach::Reach;
use crate::reading::id_hashes;
use crate::splits::Splits;
use crate::words::Words;

/// The state that the steps of a tick work on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct World {
    pub(crate) ledger: Ledger,
    pub(crate) payments: Payments,
    pub(crate) ids: Ids,
    pub(crate) queue1: Queue1,
    pub(crate) queue2: Queue2,
    pub(crate) limits: LimitBook,
    pub(crate) splits: Splits,
    pub(crate) collateral: Collateral,
    pub(crate) escalation: Escalation,
    pub(crate) deadlines: Deadlines,
    /// What was asked for between ticks and holds for one.
    pub(crate) decisions: Decisions,
    /// What waits, weighed for delay costs.
    pub(crate) backlog: Backlog,
    /// The tick for which deadlines were looked at last.
    pub(crate) deadlines_as_of: Tick,
    /// The first of the payments that have arrived in this tick's step 3.
    pub(crate) first_arrival: PaymentNo,
    /// Released in step 6, in the order in which entry will test them.
    pub(crate) released: Vec<PaymentNo>,
    /// By agent.
    #[serde(with = "crate::stored::followers")]
    pub(crate) followers: Vec<Follower>,
    /// What any of these policies can do at all.
    pub(crate) abilities: Abilities,
    /// What has come up in policies.
    pub(crate) words: Words,
    /// What policies may ask of the past.
    pub(crate) history: History,
    /// By agent: a number for its id.
    #[serde(skip)] // from the scenario
    pub(crate) id_hashes: Vec<f64>,
    pub(crate) lsm: Lsm,
    /// By agent: whether it cannot send.
    pub(crate) in_outage: Vec<bool>,
    /// How often that has changed.
    pub(crate) outages: u64,
    /// Payments settled so far.
    pub(crate) settled: u64,
    /// Last tick of this day on which payments enter the system.
    pub(crate) cutoff: u32,
    /// The rates in force.
    pub(crate) rates: CostRates,
    /// Penalties and friction of this tick, by agent, and whether there are any.
    pub(crate) charges: Vec<Charges>,
    pub(crate) charges_due: bool,
    /// Penalties of this day, all agents.
    pub(crate) penalties_today: Money,
    /// Payments that their senders gave up on this day.
    pub(crate) dropped_today: Vec<PaymentNo>,
    /// Costs booked, by agent.
    pub(crate) costs: Vec<Costs>,
    /// All costs booked since the start.
    pub(crate) booked: Total,
    /// All money that could come into one place.
    pub(crate) reach: Reach,
}

/// How often money and permissions, queue 2, limits and outages have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Changes {
    money: u64,
    queue: u64,
    limits: u64,
    outages: u64,
}

/// What falls due in a tick besides what time costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Charges {
    pub(crate) penalty: Money,
    pub(crate) friction: Money,
}

impl World {
    /// Opens the world before the first tick.
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let mut world = Self::without_policies(scenario);
        world.followers = (scenario.agents.iter())
            .map(|agent| Follower::new(&agent.policy, &scenario.agents, &mut world.words))
            .collect();
        for policy in scenario.policies_followed() {
            world.abilities.add(policy);
            world.watch(scenario, Tick(0), policy);
        }
        world.history.begin_tick(PaymentNo(0));
        world
    }

    fn without_policies(scenario: &Scenario) -> Self {
        let agents = scenario.agents.len();
        let rules = &scenario.rules;
        let ledger = Ledger::open(&scenario.agents, rules.deferred_crediting);
        Self {
            payments: Payments::default(),
            ids: Ids::new(scenario),
            queue1: Queue1::new(agents, rules.queue1_ordering),
            queue2: Queue2::new(agents, rules, ledger.keeps_back()),
            ledger,
            limits: LimitBook::new(&scenario.agents, rules),
            splits: Splits::default(),
            collateral: Collateral::new(agents),
            escalation: Escalation::new(rules.escalation),
            deadlines: Deadlines::default(),
            decisions: Decisions::default(),
            backlog: Backlog::new(agents),
            deadlines_as_of: Tick(0),
            first_arrival: PaymentNo(0),
            released: Vec::new(),
            followers: Vec::new(),
            abilities: Abilities::default(),
            words: Words::default(),
            history: History::default(),
            id_hashes: id_hashes(scenario),
            lsm: Lsm::new(&scenario.liquidity_saving),
            in_outage: vec![false; agents],
            outages: 0,
            settled: 0,
            cutoff: rules.cutoff_tick_in_day,
            rates: scenario.costs,
            charges: vec![Charges::default(); agents],
            charges_due: false,
            penalties_today: Money::ZERO,
            dropped_today: Vec::new(),
            costs: vec![Costs::default(); agents],
            booked: Total::ZERO,
            reach: Reach::new(scenario),
        }
    }

    /// Returns the number of agents.
    pub(crate) const fn agents(&self) -> usize {
        self.in_outage.len()
    }

    /// Returns how often what decides about queued payments has changed.
    pub(crate) fn changes(&self) -> Changes {
        Changes {
            money: self.ledger.changes(),
            queue: self.queue2.changes(),
            limits: self.limits.changes(),
            outages: self.outages,
        }
    }

    /// Credits an agent and remembers that its queued payments are worth another test.
    pub(crate) fn credit(&mut self, agent: AgentNo, amount: Money) {
        self.ledger.credit(agent, amount);
        self.queue2.touch_for_money(agent);
    }

    /// Gives an agent what it receives in a settlement: at once, or for the end of the tick.
    pub(crate) fn pay_out(&mut self, agent: AgentNo, amount: Money, sources: &[PaymentNo]) {
        if !self.ledger.defer(agent, amount, sources) {
            self.credit(agent, amount);
        }
    }

    /// Charges a penalty, to be booked with this tick's costs.
    pub(crate) fn penalise(&mut self, agent: AgentNo, penalty: Money) {
        self.charges[agent.index()].penalty += penalty;
        self.charges_due = true;
    }

    /// Charges the friction of a split, to be booked with this tick's costs.
    pub(crate) fn charge_friction(&mut self, agent: AgentNo, friction: Money) {
        self.charges[agent.index()].friction += friction;
        self.charges_due = true;
    }

    /// Counts a settlement against limits and lets be tested again what it made room for.
    pub(crate) fn count_flow(&mut self, flow: &Flow, admission: Admission) {
        if self.limits.count(flow, admission) {
            self.reopen(flow.receiver, flow.sender);
        }
    }

    /// Lets queued payments of a pair of agents be tested again, for which there may be room.
    pub(crate) fn reopen(&mut self, sender: AgentNo, receiver: AgentNo) {
        for aside in self.limits.take_aside(sender, receiver) {
            self.queue2.readmit(&aside);
        }
        self.queue2.touch(sender);
    }

    /// Lets all queued payments of an agent be tested again.
    pub(crate) fn reopen_all(&mut self, sender: AgentNo) {
        for aside in self.limits.take_all_aside(sender) {
            self.queue2.readmit(&aside);
        }
        self.queue2.touch(sender);
    }

    /// Returns whether a payment has been found to be overdue.
    pub(crate) fn is_overdue(&self, payment: &Payment) -> bool {
        payment.is_overdue(self.deadlines_as_of)
    }

    /// Weighs a payment that has just arrived among what waits in queue 1.
    pub(crate) fn settle_into_queue1(&mut self, no: PaymentNo) {
        let overdue = self.is_overdue(self.payments.get(no));
        let payment = self.payments.get_mut(no);
        if payment.place == Place::Arrived {
            payment.place = Place::Queue1;
            self.backlog.add(payment, Queue::One, overdue);
        }
    }

    /// Gives a payment another priority, wherever it waits; returns the one it had.
    pub(crate) fn set_priority(&mut self, no: PaymentNo, priority: Priority) -> Priority {
        let overdue = self.is_overdue(self.payments.get(no));
        let payment = self.payments.get_mut(no);
        let queue = payment.place.queue();
        let before = *payment;
        self.payments.keep_terms(no);
        let payment = self.payments.get_mut(no);
        payment.priority = priority;
        if let Some(queue) = queue {
            self.backlog.remove(&before, queue, overdue);
            self.backlog.add(payment, queue, overdue);
        }
        if payment.place != Place::Queue2 {
            self.queue1.disorder(payment.sender);
        } else if payment.band() != before.band() {
            self.queue2.note_change(); // `partial` goes by bands in any case
        }
        before.priority
    }

    /// Visits what settled from a tick on as payments; that takes a look at every payment of the
    /// run.
    pub(crate) fn settled_since(&self, morning: Tick) -> impl Iterator<Item = Flow> {
        let settled = self.payments.iter().map(|(_, payment)| payment);
        settled
            .filter(move |payment| payment.place == Place::Settled && payment.moved_at >= morning)
            .map(Flow::from)
    }

    /// Returns whether an agent follows a policy.
    pub(crate) fn follows(&self, agent: AgentNo, policy: &Policy) -> bool {
        self.followers[agent.index()].policy() == policy
    }

    /// Begins to keep what a policy asks of the past, from what is known of it.
    pub(crate) fn watch(&mut self, scenario: &Scenario, morning: Tick, policy: &Policy) {
        let agents = scenario.agents.len();
        if asks_for(policy, Topic::Releases) {
            self.history.keep_releases(agents);
        }
        if asks_for(policy, Topic::QueuedPairs) {
            let payments = &self.payments;
            self.backlog.keep_pairs(self.queue2.payments().map(|no| payments.get(no)));
        }
        if asks_for(policy, Topic::Flows) && self.history.flows.is_none() {
            self.history.flows = Some(self.flows_since(morning));
        }
        if asks_for(policy, Topic::Traffic) && self.history.traffic.is_none() {
            let traffic = Traffic::new(agents, self.settled_since(Tick(0)));
            self.history.traffic = Some(traffic);
        }
    }

    /// Begins the flows of a day, if they are kept.
    pub(crate) fn begin_flows(&mut self) {
        let backlog = &self.backlog;
        if let Some(flows) = &mut self.history.flows {
            flows.begin_day(|agent| backlog.total_of(agent));
        }
    }

    /// Adds up the flows of a day that is not over, given its first tick.
    pub(crate) fn flows_since(&self, morning: Tick) -> Flows {
        let mut flows = Flows::new(self.agents());
        let first = self.history.first_of(morning);
        for flow in self.settled_since(morning) {
            flows.note_settled(&flow);
        }
        let is_of_today = |payment: &Payment| payment.moved_at >= morning;
        let dropped_today: FxHashSet<PaymentNo> = self.dropped_today.iter().copied().collect();
        for (no, payment) in self.payments.iter() {
            let is_whole = matches!(payment.place, Place::Split | Place::Completed);
            let has_arrived_today = !self.splits.is_part(no) && no >= first;
            let was_unsettled = !is_whole
                && self.splits.root_of(no) < first
                && match payment.place {
                    Place::Settled => is_of_today(payment),
                    Place::Dropped => dropped_today.contains(&no),
                    _ => true,
                };
            if has_arrived_today || was_unsettled {
                flows.note_arrival(payment.sender, payment.amount);
            }
        }
        flows
    }

    /// Returns the value of payments that have just arrived and are not weighed yet, from the last
    /// of a line backwards.
    pub(crate) fn arrived_of<'n>(&self, latest: impl Iterator<Item = &'n PaymentNo>) -> Total {
        let payments = latest.map(|no| self.payments.get(*no));
        let arrived = payments.take_while(|payment| payment.place == Place::Arrived);
        arrived.map(|payment| payment.amount).sum()
    }

    /// Ends a tick: what held for it is forgotten, and what is kept of it becomes the past.
    pub(crate) fn end_tick(&mut self) {
        self.decisions.clear();
        self.history.end_tick();
        self.history.begin_tick(PaymentNo::from_index(self.payments.len()));
    }

    /// Returns the numbers of all payments in both queues, ascending.
    pub(crate) fn unsettled(&self) -> Vec<PaymentNo> {
        let mut unsettled: Vec<PaymentNo> =
            self.queue1.payments().chain(self.queue2.payments()).collect();
        unsettled.sort_unstable();
        unsettled
    }

    /// Returns how many payments are in both queues.
    pub(crate) fn unsettled_count(&self) -> u32 {
        let count = self.queue1.len() + self.queue2.len();
        u32::try_from(count).expect("Invariant: payments can be numbered")
    }
}

/// What a step of the tick is given besides the world.
#[derive(Debug)]
pub(crate) struct Step<'a> {
    pub(crate) scenario: &'a CheckedScenario,
    pub(crate) now: Tick,
    pub(crate) batch: &'a mut EventBatch,
    /// The way through a policy's tree that leads to what is done now, where that is told.
    pub(crate) path: Option<Text>,
}

impl<'a> Step<'a> {
    pub(crate) fn new(scenario: &'a CheckedScenario, now: Tick, batch: &'a mut EventBatch) -> Self {
        Self { scenario, now, batch, path: None }
    }

    /// Returns the scenario and the tick.
    pub(crate) fn moment(&self) -> (&'a Scenario, Tick) {
        (self.scenario, self.now)
    }

    /// Returns whether decisions are told with the way that led to them.
    pub(crate) fn is_traced(&self) -> bool {
        self.scenario.policies.trace_decisions
    }

    pub(crate) fn emit(&mut self, event: impl Into<Event>) {
        self.batch.push(event);
    }

    /// Returns whether the cut-off of the day has passed.
    pub(crate) fn is_closed(&self, world: &World) -> bool {
        self.scenario.calendar.tick_in_day(self.now) > world.cutoff
    }

    /// Returns the first tick of the day.
    pub(crate) fn morning(&self) -> Tick {
        let calendar = &self.scenario.calendar;
        calendar.first_tick_of(calendar.day_of(self.now))
    }
}
