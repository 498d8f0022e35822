//! Step 3: payments arrive, from data and from generators.

use psim_model::event::{Arrival, NewPayment};
use psim_model::{AgentNo, ArrivalStream, Money, RngStreams, Scenario, Tick, Total};
use psim_random::{Generator, poisson};

use crate::draws;
use crate::error::TickError;
use crate::payments::{Payment, Place};
use crate::world::{Step, World};

/// Where arrivals come from, and those of the coming tick.
///
/// A tick's arrivals are drawn before anything changes; the draw is thrown away unless it is
/// [committed](Arrivals::commit), so that a tick that fails has drawn nothing.
#[derive(Clone, Debug)]
pub(crate) struct Arrivals {
    /// First prepared payment that has not arrived.
    next_row: usize,
    /// Agents whose arrivals are generated, in order, with their places in the draw order.
    generating: Vec<(AgentNo, usize)>,
    /// One for all agents, or one for each.
    generators: Vec<Generator>,
    drawn: Drawn,
}

#[derive(Clone, Debug, Default)]
struct Drawn {
    generators: Vec<Generator>,
    payments: Vec<Incoming>,
}

/// A payment that is about to arrive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Incoming {
    pub(crate) sender: AgentNo,
    pub(crate) amount: Money,
    receiver: AgentNo,
    /// As asked for.
    deadline: Tick,
    earliest: Tick,
    priority: u8,
    divisible: Option<bool>,
    /// Row of the prepared payments it comes from.
    row: Option<usize>,
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
        let places = scenario.draw_order.iter().enumerate();
        let mut generating: Vec<(AgentNo, usize)> = places
            .map(|(place, agent)| (*agent, place))
            .filter(|(agent, _)| !scenario.agents[agent.index()].arrivals.is_empty())
            .collect();
        generating.sort_unstable();
        Self { next_row: 0, generating, generators, drawn: Drawn::default() }
    }

    /// Draws the payments of a tick: those from data in their order, then generated ones by agent.
    pub(crate) fn draw(
        &mut self,
        scenario: &Scenario,
        now: Tick,
    ) -> Result<&[Incoming], TickError> {
        self.drawn.payments.clear();
        self.drawn.generators.clone_from(&self.generators);
        self.read_rows(scenario, now);
        let factor = rate_factor(scenario, now);
        for &(sender, place) in &self.generating {
            let agent = &scenario.agents[sender.index()];
            let source = Source { scenario, now, sender, place, factor };
            for stream in &agent.arrivals {
                let generated = self.drawn.generate(&source, stream);
                generated.ok_or_else(|| TickError::AmountOverflow {
                    agent_id: agent.id.clone(),
                    tick: now,
                })?;
            }
        }
        Ok(&self.drawn.payments)
    }

    fn read_rows(&mut self, scenario: &Scenario, now: Tick) {
        let rows = scenario.payments.rows[self.next_row..].iter().enumerate();
        for (offset, row) in rows.take_while(|(_, row)| row.tick <= now) {
            self.drawn.payments.push(Incoming {
                sender: row.sender,
                receiver: row.receiver,
                amount: row.amount,
                deadline: row.deadline,
                earliest: row.earliest,
                priority: row.priority,
                divisible: row.divisible,
                row: Some(self.next_row + offset),
            });
        }
    }

    /// Makes the draw final: the tick will happen.
    pub(crate) fn commit(&mut self) {
        std::mem::swap(&mut self.generators, &mut self.drawn.generators);
        self.next_row +=
            self.drawn.payments.iter().filter(|incoming| incoming.row.is_some()).count();
    }

    /// Returns the states of the generators.
    #[cfg(test)]
    pub(crate) fn generator_states(&self) -> Vec<u64> {
        self.generators.iter().map(Generator::state).collect()
    }

    /// Puts what was drawn into the senders' queue 1.
    pub(crate) fn enter(&self, world: &mut World, step: &mut Step<'_>) {
        for incoming in &self.drawn.payments {
            arrive(world, step, incoming);
        }
    }
}

/// Whose payments are drawn, and when.
struct Source<'a> {
    scenario: &'a Scenario,
    now: Tick,
    sender: AgentNo,
    /// The sender's place in the draw order.
    place: usize,
    /// What rates are scaled by.
    factor: f64,
}

impl Drawn {
    /// Draws the payments of one stream; `None` if an amount does not fit.
    fn generate(&mut self, source: &Source<'_>, stream: &ArrivalStream) -> Option<()> {
        let &Source { scenario, now, sender, place, factor } = source;
        let stream_no = if self.generators.len() > 1 { sender.index() } else { 0 };
        let generator = &mut self.generators[stream_no];
        for _ in 0..poisson(generator, stream.rate_per_tick * factor) {
            let amount = draws::amount(generator, &stream.amount)?;
            let receiver = draws::receiver(generator, scenario, place, &stream.counterparties);
            let (min, max) = (stream.deadline_min, stream.deadline_max);
            let offset = draws::deadline_offset(generator, min, max);
            let priority = draws::priority(generator, &stream.priority);
            self.payments.push(Incoming {
                sender,
                receiver,
                amount,
                deadline: Tick(now.0.saturating_add(offset)),
                earliest: now,
                priority,
                divisible: stream.divisible,
                row: None,
            });
        }
        Some(())
    }
}

fn arrive(world: &mut World, step: &mut Step<'_>, incoming: &Incoming) {
    let deadline = deadline_of(step.scenario, step.now, incoming.deadline);
    let no = world.payments.push(Payment {
        amount: incoming.amount,
        sender: incoming.sender,
        receiver: incoming.receiver,
        deadline,
        earliest: incoming.earliest,
        queued_at: step.now,
        priority: incoming.priority,
        place: Place::Arrived,
    });
    world.queue1.push(incoming.sender, no);
    if deadline < step.scenario.calendar.last_tick() {
        world.deadlines.watch(deadline, no);
    }
    let given_id = incoming.row.and_then(|row| step.scenario.payments.given_id(row));
    let given_id = given_id.map(|id| step.out.text(id));
    step.emit(Arrival {
        tx_id: NewPayment { no, given_id },
        sender_id: incoming.sender,
        receiver_id: incoming.receiver,
        amount: incoming.amount,
        deadline_tick: deadline,
        earliest_tick: (incoming.earliest > step.now).then_some(incoming.earliest),
        priority: incoming.priority,
        divisible: incoming.divisible,
    });
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

/// Returns the value of what is about to arrive.
pub(crate) fn value(arriving: &[Incoming]) -> Total {
    arriving.iter().map(|incoming| incoming.amount).sum()
}
