//! Step 3: payments arrive, from data and from generators.

use std::ops::Range;

use psim_model::event::{Arrival, NewPayment};
use psim_model::{
    AgentNo, PaymentNo, PreparedPayment, RngStreams, RtgsPriority, Scenario, Tick, Total,
};
use psim_random::{Generator, poisson};
use serde::{Deserialize, Serialize};

use crate::agenda::Due;
use crate::draws;
use crate::error::TickError;
use crate::payments::{Payment, Place, Terms};
use crate::shape::Shape;
use crate::world::{Step, World};

/// Where arrivals come from, and those of the coming tick.
///
/// A tick's arrivals are drawn before anything changes; the draw is thrown away unless it is
/// [committed](Arrivals::commit), so that a tick that fails has drawn nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Arrivals {
    /// First prepared payment that has not arrived.
    next_row: usize,
    /// Agents whose arrivals are generated, in order, with their places in the draw order.
    #[serde(skip)] // from the scenario
    generating: Vec<(AgentNo, usize)>,
    /// One for all agents, or one for each.
    #[serde(with = "crate::stored::generators")]
    generators: Vec<Generator>,
    /// What scenario events have made of rates, windows and weights.
    pub(crate) shape: Shape,
    #[serde(skip)] // of one tick
    drawn: Drawn,
}

#[derive(Clone, Debug, Default)]
struct Drawn {
    generators: Vec<Generator>,
    /// Rows of the prepared payments.
    rows: Range<usize>,
    generated: Vec<PreparedPayment>,
}

/// Payments that are about to arrive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arriving<'a> {
    prepared: &'a [PreparedPayment],
    generated: &'a [PreparedPayment],
}

impl<'a> Arriving<'a> {
    /// Returns how many there are.
    pub(crate) const fn len(self) -> usize {
        self.prepared.len() + self.generated.len()
    }

    /// Returns their value.
    pub(crate) fn value(self) -> Total {
        self.iter().map(|payment| payment.amount).sum()
    }

    /// Visits them in order.
    pub(crate) fn iter(self) -> impl Iterator<Item = &'a PreparedPayment> {
        self.prepared.iter().chain(self.generated)
    }
}

impl Arrivals {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let seed = scenario.rng_seed;
        let generators = match scenario.rng_streams {
            RngStreams::Shared => vec![Generator::new(seed)],
            RngStreams::PerAgent => {
                scenario.agents.iter().map(|agent| Generator::named(seed, &agent.id)).collect()
            }
        };
        let (generating, shape) = (generating(scenario), Shape::new(scenario));
        Self { next_row: 0, generating, generators, shape, drawn: Drawn::default() }
    }

    /// Takes from the scenario what a checkpoint leaves out.
    pub(crate) fn take_from(&mut self, scenario: &Scenario) {
        self.generating = generating(scenario);
    }

    /// Returns whether they can be those of a scenario.
    pub(crate) fn fit(&self, scenario: &Scenario) -> bool {
        self.next_row <= scenario.payments.rows.len()
            && self.generators.len() == Self::new(scenario).generators.len()
            && self.shape.fits(scenario)
    }

    /// Returns how many prepared payments have arrived.
    pub(crate) const fn prepared_so_far(&self) -> usize {
        self.next_row
    }

    /// Draws the payments of a tick: those from data in their order, then generated ones by agent.
    pub(crate) fn draw<'a>(
        &'a mut self,
        scenario: &'a Scenario,
        due: &Due,
        now: Tick,
    ) -> Result<Arriving<'a>, TickError> {
        let left = &scenario.payments.rows[self.next_row..];
        let prepared = left.iter().take_while(|row| row.tick <= now).count();
        self.drawn.rows = self.next_row..self.next_row + prepared;
        self.drawn.generated.clear();
        self.drawn.generators.clone_from(&self.generators);
        let profile = rate_factor(scenario, now);
        let changed = self.shape.after(scenario, due.changes_of_arrivals(scenario));
        let shape = changed.as_ref().unwrap_or(&self.shape);
        for &(sender, place) in &self.generating {
            let agent = &scenario.agents[sender.index()];
            let source = Source { scenario, shape, now, sender, place, profile };
            for nth in 0..agent.arrivals.len() {
                let generated = self.drawn.generate(&source, nth);
                generated.ok_or_else(|| TickError::AmountOverflow {
                    agent_id: agent.id.clone(),
                    tick: now,
                })?;
            }
        }
        Ok(Arriving { prepared: &left[..prepared], generated: &self.drawn.generated })
    }

    /// Makes the draw final: the tick will happen.
    pub(crate) fn commit(&mut self) {
        std::mem::swap(&mut self.generators, &mut self.drawn.generators);
        self.next_row = self.drawn.rows.end;
    }

    /// Returns how many payments an agent generates in the mean in a tick, by all that has changed
    /// before it.
    pub(crate) fn rate(&self, scenario: &Scenario, agent: AgentNo, now: Tick) -> f64 {
        let profile = rate_factor(scenario, now);
        let streams = scenario.agents[agent.index()].arrivals.iter();
        streams.map(|stream| self.shape.rate(agent, stream.rate_per_tick * profile)).sum()
    }

    /// Returns the states of the generators.
    #[cfg(test)]
    pub(crate) fn generator_states(&self) -> Vec<u64> {
        self.generators.iter().map(Generator::state).collect()
    }

    /// Puts what was drawn into the senders' queue 1.
    pub(crate) fn enter(&self, world: &mut World, step: &mut Step<'_>) {
        let prepared = &step.scenario.payments;
        world.first_arrival = PaymentNo::from_index(world.payments.len());
        for row in self.drawn.rows.clone() {
            let no = arrive(world, step, &prepared.rows[row], prepared.given_id(row));
            world.ids.note_prepared(no);
        }
        for payment in &self.drawn.generated {
            arrive(world, step, payment, None);
        }
    }
}

/// Returns the agents whose payments are generated, in order, with their places in the draw order.
fn generating(scenario: &Scenario) -> Vec<(AgentNo, usize)> {
    let places = scenario.draw_order.iter().enumerate();
    let mut generating: Vec<(AgentNo, usize)> = places
        .map(|(place, agent)| (*agent, place))
        .filter(|(agent, _)| !scenario.agents[agent.index()].arrivals.is_empty())
        .collect();
    generating.sort_unstable();
    generating
}

/// Whose payments are drawn, and when.
struct Source<'a> {
    scenario: &'a Scenario,
    shape: &'a Shape,
    now: Tick,
    sender: AgentNo,
    /// The sender's place in the draw order.
    place: usize,
    /// What rates are scaled by at this time of the day.
    profile: f64,
}

impl Drawn {
    /// Draws the payments of the sender's nth stream; `None` if an amount does not fit.
    fn generate(&mut self, source: &Source<'_>, nth: usize) -> Option<()> {
        let &Source { scenario, shape, now, sender, place, profile } = source;
        let stream = &scenario.agents[sender.index()].arrivals[nth];
        let stream_no = if self.generators.len() > 1 { sender.index() } else { 0 };
        let generator = &mut self.generators[stream_no];
        let counterparties = shape.counterparties(sender, nth, stream);
        let (min, max) = shape.window(stream);
        for _ in 0..poisson(generator, shape.rate(sender, stream.rate_per_tick * profile)) {
            let amount = draws::amount(generator, &stream.amount)?;
            let receiver = draws::receiver(generator, scenario, place, counterparties);
            let offset = draws::deadline_offset(generator, min, max);
            let priority = draws::priority(generator, &stream.priority);
            self.generated.push(PreparedPayment {
                tick: now,
                sender,
                receiver,
                amount,
                deadline: Tick(now.0.saturating_add(offset)),
                earliest: now,
                priority,
                rtgs_priority: RtgsPriority::Normal,
                divisible: stream.divisible,
            });
        }
        Some(())
    }
}

/// Gives a payment its number and puts it into its sender's queue 1.
pub(crate) fn arrive(
    world: &mut World,
    step: &mut Step<'_>,
    newcomer: &PreparedPayment,
    given_id: Option<&str>,
) -> PaymentNo {
    let deadline = deadline_of(step.scenario, step.now, newcomer.deadline);
    let payment = Payment {
        amount: newcomer.amount,
        sender: newcomer.sender,
        receiver: newcomer.receiver,
        deadline,
        earliest: newcomer.earliest,
        moved_at: step.now,
        priority: newcomer.priority,
        class: newcomer.rtgs_priority,
        last_hold: None,
        place: Place::Arrived,
    };
    let no = world.payments.push(payment);
    world.history.note_arrival(newcomer.sender, newcomer.amount);
    if newcomer.divisible == Some(false) {
        let terms = world.payments.terms(no);
        world.payments.set_terms(no, Terms { is_indivisible: true, ..terms });
    }
    world.queue1.push(newcomer.sender, no);
    world.escalation.watch(no, deadline, step.now);
    if deadline < step.scenario.calendar.last_tick() {
        world.deadlines.watch(deadline, no);
    }
    let given_id = given_id.map(|id| step.batch.text(id));
    step.emit(Arrival {
        tx_id: NewPayment { no, given_id },
        sender_id: newcomer.sender,
        receiver_id: newcomer.receiver,
        amount: newcomer.amount,
        deadline_tick: deadline,
        earliest_tick: (newcomer.earliest > step.now).then_some(newcomer.earliest),
        priority: newcomer.priority,
        rtgs_priority: newcomer.rtgs_priority,
        divisible: newcomer.divisible,
    });
    no
}

/// The one rule for deadlines: no later than the run, nor (if capped) than the day of arrival.
fn deadline_of(scenario: &Scenario, now: Tick, requested: Tick) -> Tick {
    let calendar = &scenario.calendar;
    let latest = if scenario.rules.deadline_cap_at_eod {
        calendar.last_tick_of(calendar.day_of(now))
    } else {
        calendar.last_tick()
    };
    requested.min(latest)
}

/// Returns what arrival rates are scaled by at this time of the day.
fn rate_factor(scenario: &Scenario, now: Tick) -> f64 {
    let tick = scenario.calendar.tick_in_day(now);
    let window = scenario.rate_profile.iter().find(|w| (w.from..w.to).contains(&tick));
    window.map_or(1.0, |window| window.factor)
}
