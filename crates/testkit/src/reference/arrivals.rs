//! Step 3: payments that were prepared, then payments that are drawn.

use psim_model::event::{Arrival, NewPayment};
use psim_model::{
    AgentNo, AmountDistribution, Counterparties, Money, PaymentNo, PriorityDistribution,
    RngStreams, Tick,
};
use psim_random::{Generator, poisson};

use super::{Overflow, Payment, Reference};

impl Reference {
    pub(super) fn take_arrivals(&mut self) -> Result<(), Overflow> {
        self.take_prepared();
        self.draw_generated()
    }

    fn take_prepared(&mut self) {
        let scenario = self.scenario.clone();
        for (index, row) in scenario.payments.rows.iter().enumerate() {
            if row.tick != self.now {
                continue;
            }
            let payment = Payment {
                sender: row.sender,
                receiver: row.receiver,
                amount: row.amount,
                deadline: self.deadline_for(u64::from(row.deadline.0)),
                earliest: row.earliest,
                priority: row.priority,
                divisible: row.divisible,
                last_hold: None,
                joined_queue2: None,
                deadline_penalty: None,
            };
            self.arrive(payment, scenario.payments.given_id(index));
        }
    }

    fn draw_generated(&mut self) -> Result<(), Overflow> {
        let scenario = self.scenario.clone();
        let tick_in_day = scenario.calendar.tick_in_day(self.now);
        let mut windows = scenario.rate_profile.iter();
        let window = windows.find(|window| (window.from..window.to).contains(&tick_in_day));
        let factor = window.map_or(1.0, |window| window.factor);
        for (index, agent) in scenario.agents.iter().enumerate() {
            let sender = AgentNo::from_index(index);
            let source = match scenario.rng_streams {
                RngStreams::Shared => 0,
                RngStreams::PerAgent => index,
            };
            let mut generator = self.generators[source];
            for stream in &agent.arrivals {
                let count = poisson(&mut generator, stream.rate_per_tick * factor);
                for _ in 0..count {
                    let amount = draw_amount(&mut generator, stream.amount)?;
                    let receiver = draw_receiver(
                        &mut generator,
                        &stream.counterparties,
                        &scenario.draw_order,
                        sender,
                    );
                    let least = i64::from(stream.deadline_min);
                    let most = i64::from(stream.deadline_max);
                    let allowed = generator.integer(least, most).unsigned_abs();
                    let priority = draw_priority(&mut generator, &stream.priority);
                    let payment = Payment {
                        sender,
                        receiver,
                        amount,
                        deadline: self.deadline_for(u64::from(self.now.0) + allowed),
                        earliest: self.now,
                        priority,
                        divisible: stream.divisible,
                        last_hold: None,
                        joined_queue2: None,
                        deadline_penalty: None,
                    };
                    self.arrive(payment, None);
                }
            }
            self.generators[source] = generator;
        }
        Ok(())
    }

    /// Returns the deadline of a payment that arrives now and asks for tick `requested`.
    fn deadline_for(&self, requested: u64) -> Tick {
        let calendar = self.scenario.calendar;
        let today = calendar.day_of(self.now);
        let last = if self.scenario.rules.deadline_cap_at_eod {
            calendar.last_tick_of(today)
        } else {
            calendar.last_tick()
        };
        u32::try_from(requested).map_or(last, |requested| last.min(Tick(requested)))
    }

    fn arrive(&mut self, payment: Payment, given_id: Option<&str>) {
        let no = PaymentNo::from_index(self.payments.len());
        let arrival = Arrival {
            tx_id: NewPayment { no, given_id: given_id.map(|id| self.log.text(id)) },
            sender_id: payment.sender,
            receiver_id: payment.receiver,
            amount: payment.amount,
            deadline_tick: payment.deadline,
            earliest_tick: (payment.earliest > self.now).then_some(payment.earliest),
            priority: payment.priority,
            divisible: payment.divisible,
        };
        self.log.push(arrival);
        self.payments.push(payment);
        self.accounts[payment.sender.index()].queue1.push(no);
    }
}

fn draw_amount(
    generator: &mut Generator,
    distribution: AmountDistribution,
) -> Result<Money, Overflow> {
    match distribution {
        AmountDistribution::Uniform { min, max } => {
            Ok(Money::from_minor(generator.integer(min.minor(), max.minor())))
        }
        AmountDistribution::Normal { mean, std_dev } => {
            let drawn = mean + std_dev * generator.normal();
            whole_amount(drawn, 1.0)
        }
        AmountDistribution::LogNormal { mean, std_dev } => {
            let s2 = libm::log(1.0 + (std_dev * std_dev) / (mean * mean));
            let mu = libm::log(mean) - s2 / 2.0;
            let z = generator.normal();
            whole_amount(libm::exp(mu + libm::sqrt(s2) * z), mean)
        }
        AmountDistribution::Exponential { lambda } => {
            let u = generator.float().max(f64::MIN_POSITIVE);
            whole_amount(-libm::log(u) / lambda, 1.0)
        }
    }
}

/// Rounds a drawn amount, half away from zero, to at least 1; `otherwise` stands in for what is
/// no positive number.
fn whole_amount(drawn: f64, otherwise: f64) -> Result<Money, Overflow> {
    let usable = if drawn.is_finite() && drawn > 0.0 { drawn } else { otherwise };
    let rounded = usable.round();
    if rounded >= i64::MAX as f64 {
        return Err(Overflow::Amount);
    }
    #[expect(clippy::cast_possible_truncation, reason = "it has just been compared")]
    let minor = rounded as i64;
    Ok(Money::from_minor(minor.max(1)))
}

fn draw_receiver(
    generator: &mut Generator,
    counterparties: &Counterparties,
    draw_order: &[AgentNo],
    sender: AgentNo,
) -> AgentNo {
    match counterparties {
        Counterparties::Uniform => {
            let mut others = draw_order.to_vec();
            others.retain(|agent| *agent != sender);
            others[generator.index(others.len())]
        }
        Counterparties::Weighted(entries) => {
            entries[generator.weighted(entries.iter().map(|(_, weight)| *weight))].0
        }
    }
}

fn draw_priority(generator: &mut Generator, distribution: &PriorityDistribution) -> u8 {
    match distribution {
        PriorityDistribution::Fixed(priority) => *priority,
        PriorityDistribution::Categorical(entries) => {
            entries[generator.weighted(entries.iter().map(|(_, weight)| *weight))].0
        }
        PriorityDistribution::Uniform { min, max } => {
            let drawn = generator.integer(i64::from(*min), i64::from(*max));
            u8::try_from(drawn).expect("Invariant: drawn between two priorities")
        }
    }
}
