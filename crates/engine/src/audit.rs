//! A recount of everything that the engine keeps as running sums.

use psim_model::{AgentNo, Money, PaymentNo, Total};

use crate::backlog::Backlog;
use crate::engine::Engine;
use crate::history::Traffic;
use crate::payments::Place;
use crate::world::World;

impl Engine {
    /// Recounts what is kept as running sums and compares; for checks between ticks, at the cost
    /// of a look at every payment.
    ///
    /// # Errors
    ///
    /// What differs, in words: a defect of the engine.
    pub fn audit(&self) -> Result<(), String> {
        let last = psim_model::Tick(self.now().0.saturating_sub(1));
        self.audit_state()?;
        audit_limits(self, last)?;
        audit_history(self, last)
    }

    /// Recounts what is so between any two ticks, also when calls wait for the second.
    pub(crate) fn audit_between_ticks(&self) -> Result<(), String> {
        self.audit_state()?;
        // In the morning limits still have the use of the day before, which is about to go.
        if self.scenario().calendar.is_first_of_day(self.now()) {
            return Ok(());
        }
        audit_limits(self, psim_model::Tick(self.now().0.saturating_sub(1)))
    }

    /// Recounts what is so at any time, also when calls wait for their tick.
    fn audit_state(&self) -> Result<(), String> {
        let world = self.world();
        let last = psim_model::Tick(self.now().0.saturating_sub(1));
        audit_places(world)?;
        audit_backlog(world, last)?;
        audit_costs(world)?;
        let is_open = |no: PaymentNo| {
            let place = world.payments.get(no).place;
            !matches!(place, Place::Settled | Place::Dropped | Place::Completed)
        };
        if !world.splits.agree(is_open) {
            return Err("open parts of split payments differ from a recount".to_owned());
        }
        let brought_in: Total = world_agents(world).map(|no| world.ledger.allocated(no)).sum();
        let opened: Total = self.scenario().agents.iter().map(|agent| agent.opening_balance).sum();
        if world.ledger.money() != opened + brought_in {
            return Err(format!(
                "balances and pending credits are {}, {} came in",
                world.ledger.money(),
                opened + brought_in
            ));
        }
        Ok(())
    }
}

/// What is remembered for policies is what happened.
fn audit_history(engine: &Engine, last: psim_model::Tick) -> Result<(), String> {
    let (world, calendar) = (engine.world(), &engine.scenario().calendar);
    let morning = calendar.first_tick_of(calendar.day_of(last));
    // What was dropped on a day is forgotten as it closes.
    let is_known = world.history.flows.is_some() && !calendar.is_last_of_day(last);
    if is_known && world.history.flows.as_ref() != Some(&world.flows_since(morning)) {
        return Err("the flows of the day differ from a recount".to_owned());
    }
    let settled = || world.settled_since(psim_model::Tick(0));
    match &world.history.traffic {
        Some(traffic) if *traffic != Traffic::new(world.agents(), settled()) => {
            Err("what has settled between agents differs from a recount".to_owned())
        }
        _ => Ok(()),
    }
}

fn world_agents(world: &World) -> impl Iterator<Item = AgentNo> {
    (0..world.agents()).map(AgentNo::from_index)
}

/// Each payment stands where it says, once.
fn audit_places(world: &World) -> Result<(), String> {
    let mut seen = vec![false; world.payments.len()];
    let queue1 = world.queue1.payments().map(|no| (no, Place::Queue1));
    let queue2 = world.queue2.payments().map(|no| (no, Place::Queue2));
    let mut lengths = [0, 0];
    for (no, place) in queue1.chain(queue2) {
        lengths[usize::from(place == Place::Queue2)] += 1;
        if std::mem::replace(&mut seen[no.index()], true) {
            return Err(format!("payment {} stands in a queue twice", no.0));
        }
        if world.payments.get(no).place != place {
            return Err(format!("payment {} stands in the wrong queue", no.0));
        }
    }
    if lengths != [world.queue1.len(), world.queue2.len()] {
        return Err("the queues are not as long as they say".to_owned());
    }
    if !world.queue2.pairs_agree(|no| world.payments.get(no)) {
        return Err("payments by their two agents differ from a recount".to_owned());
    }
    let missing = world.payments.iter().find(|(no, it)| it.is_waiting() && !seen[no.index()]);
    match missing {
        Some((no, _)) => Err(format!("payment {} waits in no queue", no.0)),
        None => Ok(()),
    }
}

/// Delay weights are those of what waits, as of a tick.
fn audit_backlog(world: &World, now: psim_model::Tick) -> Result<(), String> {
    let mut recount = Backlog::new(world.agents());
    if world.backlog.keeps_pairs() {
        recount.keep_pairs(std::iter::empty());
    }
    for (_, payment) in world.payments.iter() {
        if let Some(queue) = payment.place.queue() {
            recount.add(payment, queue, payment.is_overdue(now));
        }
    }
    if recount == world.backlog { Ok(()) } else { Err("delay weights differ".to_owned()) }
}

/// What has been booked is what the agents were charged.
fn audit_costs(world: &World) -> Result<(), String> {
    let booked: Total = world.costs.iter().flat_map(|costs| costs.total.by_kind()).sum();
    let today: Total = world.costs.iter().map(|costs| costs.today.penalty_cost).sum();
    if (booked, today) == (world.booked, world.penalties_today.into()) {
        return Ok(());
    }
    Err("the costs booked differ from those of the agents".to_owned())
}

/// Limits are used by what settled on the day of a tick, and nothing is pending between ticks.
fn audit_limits(engine: &Engine, last: psim_model::Tick) -> Result<(), String> {
    let (world, calendar) = (engine.world(), &engine.scenario().calendar);
    let morning = calendar.first_tick_of(calendar.day_of(last));
    let today: Vec<_> = world.settled_since(morning).collect();
    for agent in world_agents(world) {
        if !world.limits.agrees(agent, (morning, today.iter().copied())) {
            return Err(format!("the use of limits of agent {} differs", agent.0));
        }
        if world.ledger.pending(agent) != Money::ZERO {
            return Err(format!("agent {} has credits pending over a tick", agent.0));
        }
    }
    Ok(())
}
