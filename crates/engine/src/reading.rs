//! How the fields of policies are computed.

mod cache;
mod counterparties;
mod home;
mod own;
mod payment;
mod queue1;
mod system;

use psim_model::{AgentNo, CheckedScenario, Money, PaymentNo, Penalty, Tick, Total};
use psim_policy::{Context, Field};

pub(crate) use cache::Cache;
pub(crate) use counterparties::id_hashes;
use home::Family;
pub(crate) use home::Home;
pub(crate) use queue1::Queue1Figures;

use crate::world::{Step, World};

/// The numbers that a policy reads, about one agent and perhaps one of its payments.
///
/// What is asked for twice about the same agent is computed once, as long as the cache lives: until
/// something other than the agent's own releases can have changed.
pub(crate) struct Reader<'a> {
    world: &'a World,
    scenario: &'a CheckedScenario,
    now: Tick,
    agent: AgentNo,
    payment: Option<PaymentNo>,
    cache: &'a mut Cache,
}

impl<'a> Reader<'a> {
    /// Reads about an agent.
    pub(crate) fn of_agent(
        world: &'a World,
        step: &Step<'a>,
        agent: AgentNo,
        cache: &'a mut Cache,
    ) -> Self {
        Self { world, scenario: step.scenario, now: step.now, agent, payment: None, cache }
    }

    /// Reads about one of an agent's payments.
    pub(crate) fn of_payment(
        world: &'a World,
        step: &Step<'a>,
        (agent, no): (AgentNo, PaymentNo),
        cache: &'a mut Cache,
    ) -> Self {
        let payment = Some(no);
        Self { world, scenario: step.scenario, now: step.now, agent, payment, cache }
    }
}

impl Context for Reader<'_> {
    #[inline]
    fn field(&mut self, field: Field) -> f64 {
        if let Some(known) = self.cache.get(field) {
            return known;
        }
        let (number, keeps) = self.compute(field);
        if keeps {
            self.cache.set(field, number);
        }
        number
    }

    fn register(&mut self, register: usize) -> f64 {
        self.world.followers[self.agent.index()].register(register)
    }
}

impl Reader<'_> {
    /// Computes a field; says whether it stays as it is while the cache lives.
    fn compute(&mut self, field: Field) -> (f64, bool) {
        let (number, keeps) = match (Home::of(field).family, self.payment) {
            (Family::Payment | Family::PaymentOrMeans | Family::PaymentOrCosts, Some(no)) => {
                (self.of_this_payment(field, no), false)
            }
            (Family::Receiver, Some(no)) => (self.of_receiver(field, no), false),
            (Family::Payment | Family::Receiver, None) => (None, false),
            (Family::Releases, _) => (self.of_releases(field), false),
            (Family::PaymentOrMeans | Family::Means, _) => (self.of_means(field), true),
            (Family::Queue1, _) => (Queue1Figures::of(self.world, self.agent).says(field), true),
            (Family::Collateral, _) => (self.of_collateral(field), true),
            (Family::PaymentOrCosts | Family::Costs, _) => (self.of_costs(field), true),
            (Family::System, _) => (self.of_system(field), true),
            (Family::Clock, _) => (self.of_clock(field), true),
            (Family::Day, _) => (self.of_day(field), true),
            (Family::Incoming, _) => (self.of_incoming(field), true),
            (Family::Ranking, _) => (self.of_ranking(field), true),
        };
        (number.expect("Invariant: a field is computed in its home"), keeps)
    }

    /// Computes a field about what the agent has released, and may release, in this tick.
    fn of_releases(&self, field: Field) -> Option<f64> {
        let world = self.world;
        let number = match field {
            Field::ValueReleasedThisTick => total(world.history.releases_of(self.agent).value),
            Field::CountReleasedThisTick => f64::from(world.history.releases_of(self.agent).count),
            Field::ReleaseBudgetRemaining => {
                world.decisions.budget_left(self.agent).map_or(f64::INFINITY, total)
            }
            _ => return None,
        };
        Some(number)
    }
}

fn money(amount: Money) -> f64 {
    amount.minor() as f64
}

fn total(sum: Total) -> f64 {
    sum.minor() as f64
}

fn flag(is_so: bool) -> f64 {
    f64::from(u8::from(is_so))
}

/// Returns a penalty on an amount; one that does not fit 64 bits is never charged.
fn penalty(penalty: Penalty, amount: Money) -> f64 {
    penalty.on(amount).map_or(f64::INFINITY, money)
}

/// Returns a share of a whole, or another number if there is no whole.
fn share(part: f64, whole: f64, otherwise: f64) -> f64 {
    if whole == 0.0 { otherwise } else { part / whole }
}

#[cfg(test)]
mod tests {
    use psim_model::event::EventBatch;
    use psim_model::{Agent, Calendar, PreparedPayment, Priority, RtgsPriority, Scenario};
    use psim_policy::Tree;

    use super::*;
    use crate::engine::Engine;

    /// Each field is computed in its home: of a payment in queue 2, and of its sender where trees
    /// that decide about no payment may ask for it.
    #[test]
    fn every_field_is_computed() {
        let banks = ["A", "B"].map(|id| Agent::plain(id, Money::ZERO)).to_vec();
        let mut scenario = Scenario::plain(Calendar::try_new(10, 1, None).unwrap(), banks);
        scenario.payments.rows.push(PreparedPayment {
            tick: Tick(0),
            sender: AgentNo(0),
            receiver: AgentNo(1),
            amount: Money::from_minor(100),
            deadline: Tick(9),
            earliest: Tick(0),
            priority: Priority::DEFAULT,
            rtgs_priority: RtgsPriority::Normal,
            divisible: None,
        });
        let mut engine = Engine::new(scenario.check().unwrap());
        let mut batch = EventBatch::default();
        engine.tick(&mut batch).unwrap();
        let step = Step::new(engine.scenario(), Tick(1), &mut batch);
        let sender = AgentNo(0);
        for field in Field::ALL.iter().copied() {
            let cache = &mut Cache::default();
            let about = (sender, PaymentNo(0));
            let of_payment = Reader::of_payment(engine.world(), &step, about, cache).field(field);
            assert!(!of_payment.is_nan(), "{field:?}");
            if field.spec().trees.contain(Tree::Bank) {
                let cache = &mut Cache::default();
                let of_agent = Reader::of_agent(engine.world(), &step, sender, cache).field(field);
                assert!(!of_agent.is_nan(), "{field:?}");
            }
        }
    }
}
