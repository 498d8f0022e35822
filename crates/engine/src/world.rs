//! Everything that changes in a run.

use psim_model::event::{Event, EventBatch};
use psim_model::{AgentNo, CheckedScenario, Money, PaymentNo, Scenario, Tick, Total};

use crate::backlog::Backlog;
use crate::costs::Costs;
use crate::deadlines::Deadlines;
use crate::ledger::Ledger;
use crate::payments::Payments;
use crate::queue1::Queue1;
use crate::queue2::Queue2;

/// The state that the steps of a tick work on.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) ledger: Ledger,
    pub(crate) payments: Payments,
    pub(crate) queue1: Queue1,
    pub(crate) queue2: Queue2,
    pub(crate) deadlines: Deadlines,
    /// What waits, weighed for delay costs.
    pub(crate) backlog: Backlog,
    /// Released in step 6, in the order in which entry will test them.
    pub(crate) released: Vec<PaymentNo>,
    /// Penalties of this tick, by agent, and whether there are any.
    pub(crate) penalties: Vec<Money>,
    pub(crate) penalties_due: bool,
    /// Penalties of this day, all agents.
    pub(crate) penalties_today: Money,
    /// Costs booked, by agent.
    pub(crate) costs: Vec<Costs>,
    /// All costs booked since the start.
    pub(crate) booked: Total,
}

impl World {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let agents = scenario.agents.len();
        Self {
            ledger: Ledger::open(&scenario.agents),
            payments: Payments::default(),
            queue1: Queue1::new(agents),
            queue2: Queue2::new(agents, scenario.rules.queue_discipline),
            deadlines: Deadlines::default(),
            backlog: Backlog::new(agents),
            released: Vec::new(),
            penalties: vec![Money::ZERO; agents],
            penalties_due: false,
            penalties_today: Money::ZERO,
            costs: vec![Costs::default(); agents],
            booked: Total::ZERO,
        }
    }

    /// Credits an agent and remembers that its queued payments are worth another test.
    pub(crate) fn credit(&mut self, agent: AgentNo, amount: Money) {
        self.ledger.credit(agent, amount);
        self.queue2.touch(agent);
    }

    /// Charges a penalty, to be booked with this tick's costs.
    pub(crate) fn penalise(&mut self, agent: AgentNo, penalty: Money) {
        self.penalties[agent.index()] += penalty;
        self.penalties_due = true;
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
    pub(crate) out: &'a mut EventBatch,
}

impl Step<'_> {
    pub(crate) fn emit(&mut self, event: impl Into<Event>) {
        self.out.push(event);
    }
}
