//! How the fields of policies are computed.

mod cache;
mod counterparties;
mod own;
mod payment;
mod system;

use psim_model::{
    AgentNo, CheckedScenario, Money, Multiplier, PaymentNo, Penalty, Rate, Tick, Total,
};
use psim_policy::{Context, Field};

pub(crate) use cache::Cache;
pub(crate) use counterparties::id_hashes;

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
        if let Some(no) = self.payment
            && let Some(number) = self.of_this_payment(field, no)
        {
            return (number, false);
        }
        let world = self.world;
        let number = match field {
            Field::ValueReleasedThisTick => {
                return (total(world.history.releases_of(self.agent).value), false);
            }
            Field::CountReleasedThisTick => {
                return (f64::from(world.history.releases_of(self.agent).count), false);
            }
            Field::ReleaseBudgetRemaining => {
                let left = world.decisions.budget_left(self.agent);
                return (left.map_or(f64::INFINITY, total), false);
            }
            _ => self
                .of_balance(field)
                .or_else(|| self.of_system(field))
                .or_else(|| self.of_counterparties(field))
                .expect("Invariant: each field is computed somewhere"),
        };
        (number, true)
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

fn rate(rate: Rate) -> f64 {
    rate.trillionths() as f64 / 1e12
}

fn multiplier(multiplier: Multiplier) -> f64 {
    multiplier.ten_thousandths() as f64 / 1e4
}

/// Returns a penalty on an amount; one that does not fit 64 bits is never charged.
fn penalty(penalty: Penalty, amount: Money) -> f64 {
    penalty.on(amount).map_or(f64::INFINITY, money)
}

/// Returns a share of a whole, or another number if there is no whole.
fn share(part: f64, whole: f64, otherwise: f64) -> f64 {
    if whole == 0.0 { otherwise } else { part / whole }
}
