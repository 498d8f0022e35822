//! The events tell the whole state: what a projection of them says is what the engine says.

use std::collections::BTreeMap;
use std::fmt::Debug;

use psim_engine::{Engine, Standing};
use psim_model::{AgentNo, PaymentNo, Policy, RtgsPriority, Tick, Total};
use psim_view::{AgentState, Payment, Place, Projection};

use super::Broken;

/// What the engine's sums of the day are sums of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Today {
    /// The day of the events.
    Counts,
    /// The day before: the tick that comes first on the day of the events empties them.
    StillYesterday,
}

/// Compares everything that both sides know after a tick, or before one.
pub(super) fn compare(
    (tick, today): (Tick, Today),
    projection: &Projection,
    engine: &Engine,
) -> Result<(), Broken> {
    let has_limits = |agent: &AgentState| {
        agent.limits.multilateral.is_some() || !agent.limits.bilateral.is_empty()
    };
    let limits_used = if projection.agents().iter().any(has_limits) {
        projection.limits_used()
    } else {
        BTreeMap::new()
    };
    let fifo = Policy::fifo();
    let comparison = Comparison { tick, today, fifo, projection, engine, limits_used };
    let payments = projection.payments();
    comparison.same(&projection.has_ended(), &engine.is_finished(), || "the end".to_owned())?;
    let agents = engine.scenario().agents.len();
    comparison.same(&projection.agents().len(), &agents, || "the number of agents".to_owned())?;
    for (index, agent) in projection.agents().iter().enumerate() {
        comparison.agent(AgentNo::from_index(index), agent)?;
    }
    comparison.same(&projection.queue2(), &engine.queue2(), || "queue 2".to_owned())?;
    let known = engine.payment_count();
    comparison.same(&payments.len(), &known, || "the number of payments".to_owned())?;
    for (index, payment) in payments.iter().enumerate() {
        comparison.payment(PaymentNo::from_index(index), payment)?;
    }
    Ok(())
}

struct Comparison<'a> {
    tick: Tick,
    today: Today,
    /// The policy of an agent for which no event names one.
    fifo: Policy,
    projection: &'a Projection,
    engine: &'a Engine,
    /// By payer and payee; of no use where nobody has limits.
    limits_used: BTreeMap<(AgentNo, AgentNo), Total>,
}

impl Comparison<'_> {
    fn agent(&self, no: AgentNo, told: &AgentState) -> Result<(), Broken> {
        let engine = self.engine;
        let of = |what: &'static str| move || format!("{what} of `{}`", self.id(no));
        self.same(&Some(told.balance), &engine.balance(no), of("the balance"))?;
        self.same(&Some(told.pending), &engine.pending(no), of("what is pending"))?;
        self.same(&Some(told.available()), &engine.available(no), of("the liquidity"))?;
        for class in RtgsPriority::ALL {
            let found = engine.available_for(no, *class);
            let what = || format!("what `{}` has available for {}", self.id(no), class.as_str());
            self.same(&Some(told.available_for(*class)), &found, what)?;
        }
        self.same(&Some(told.allocated_pool), &engine.allocated(no), of("what the pool brought"))?;
        let cap = engine.unsecured_cap(no);
        self.same(&Some(told.unsecured_cap), &cap, of("the unsecured cap"))?;
        let posted = engine.posted_collateral(no);
        self.same(&Some(told.posted_collateral), &posted, of("the posted collateral"))?;
        let haircut = engine.collateral_haircut(no);
        self.same(&Some(told.collateral_haircut), &haircut, of("the haircut"))?;
        self.same(&Some(told.is_out), &engine.is_out(no), of("the outage"))?;
        let policy = engine.policy(no).map(|policy| (policy.id(), policy.text()));
        let document = told.policy_document().unwrap_or_else(|| self.fifo.text());
        self.same(&Some((told.policy(), document)), &policy, of("the policy"))?;
        let told_registers: Vec<(&str, f64)> = told.registers().collect();
        let registers = engine.registers(no).filter(|(_, value)| *value != 0.0);
        self.same(&told_registers, &registers.collect(), of("the registers"))?;
        let queue1 = self.projection.queue1(no);
        self.same(&Some(queue1.as_slice()), &engine.queue1(no), of("queue 1"))?;
        let costs = engine.costs(no).copied().unwrap_or_default();
        let booked = costs.total.by_kind().map(Total::from);
        self.same(&told.costs.by_kind(), &booked, of("the costs"))?;
        if self.today == Today::StillYesterday {
            return Ok(());
        }
        let booked = costs.today.by_kind().map(Total::from);
        self.same(&told.costs_today.by_kind(), &booked, of("the costs of the day"))?;
        self.limits(no, told)
    }

    /// Compares what is used of the limits that an agent has.
    fn limits(&self, no: AgentNo, told: &AgentState) -> Result<(), Broken> {
        let pairs = (no, AgentNo(0))..=(no, AgentNo(u32::MAX));
        let used = |receiver| self.limits_used.get(&(no, receiver)).copied().unwrap_or_default();
        let used_of_all = || self.limits_used.range(pairs).map(|(_, used)| *used).sum();
        if told.limits.multilateral.is_some() {
            let found = self.engine.multilateral_used(no);
            let what = || format!("what is used of the limit of `{}`", self.id(no));
            self.same(&Some(used_of_all()), &found, what)?;
        }
        for (receiver, _) in &told.limits.bilateral {
            let found = self.engine.bilateral_used(no, *receiver);
            let what = || {
                let (payer, payee) = (self.id(no), self.id(*receiver));
                format!("what is used of the limit of `{payer}` for `{payee}`")
            };
            self.same(&Some(used(*receiver)), &found, what)?;
        }
        Ok(())
    }

    fn payment(&self, no: PaymentNo, told: &Payment) -> Result<(), Broken> {
        let engine = self.engine;
        let of = |what: &'static str| {
            move || format!("{what} of `{}`", self.projection.names().payment(no))
        };
        self.same(&Some(standing(told)), &engine.standing(no), of("the standing"))?;
        self.same(&Some(told.priority), &engine.priority(no), of("the priority"))?;
        self.same(&Some(told.rtgs_priority), &engine.rtgs_priority(no), of("the declared class"))
    }

    /// Compares what the events tell with what the engine says; `what` names it for people.
    fn same<T: PartialEq + Debug>(
        &self,
        told: &T,
        found: &T,
        what: impl FnOnce() -> String,
    ) -> Result<(), Broken> {
        if told == found {
            return Ok(());
        }
        let (told, found) = (format!("{told:?}"), format!("{found:?}"));
        Err(Broken::State { tick: self.tick, what: what(), told, found })
    }

    fn id(&self, agent: AgentNo) -> &str {
        self.projection.names().agent(agent)
    }
}

fn standing(payment: &Payment) -> Standing {
    match payment.place {
        Place::Settled { .. } => Standing::Settled,
        Place::Dropped { .. } => Standing::Dropped,
        Place::Split => Standing::Split,
        _ if payment.overdue_since.is_some() => Standing::Overdue,
        _ => Standing::Pending,
    }
}
