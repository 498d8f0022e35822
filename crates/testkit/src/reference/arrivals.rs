//! Step 3: payments that were prepared, then payments that are drawn.

use psim_model::event::{Arrival, NewPayment};
use psim_model::{AgentNo, ArrivalStream, PaymentNo, RngStreams, RtgsPriority, Tick};
use psim_random::{Generator, poisson};

use super::draws::{draw_amount, draw_patience, draw_priority, draw_receiver};
use super::state::{Payment, Terms};
use super::{Overflow, Reference};

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
            let terms = Terms {
                sender: row.sender,
                receiver: row.receiver,
                amount: row.amount,
                deadline: u64::from(row.deadline.0),
                earliest: row.earliest,
                priority: row.priority,
                class: row.rtgs_priority,
                divisible: row.divisible,
            };
            self.arrive(&terms, scenario.payments.given_id(index));
        }
    }

    fn draw_generated(&mut self) -> Result<(), Overflow> {
        for agent in (0..self.accounts.len()).map(AgentNo::from_index) {
            let source = match self.scenario.rng_streams {
                RngStreams::Shared => 0,
                RngStreams::PerAgent => agent.index(),
            };
            let mut generator = self.generators[source];
            for stream in self.accounts[agent.index()].arrivals.clone() {
                self.draw_stream(&mut generator, agent, &stream)?;
            }
            self.generators[source] = generator;
        }
        Ok(())
    }

    fn draw_stream(
        &mut self,
        generator: &mut Generator,
        sender: AgentNo,
        stream: &ArrivalStream,
    ) -> Result<(), Overflow> {
        let profile = self.profile_factor();
        let own = self.accounts[sender.index()].rate_factor;
        let mean = stream.rate_per_tick * profile * self.factors.rate * own;
        for _ in 0..poisson(generator, mean) {
            let amount = draw_amount(generator, stream.amount)?;
            let order = &self.scenario.draw_order;
            let receiver = draw_receiver(generator, &stream.counterparties, order, sender);
            let patience = draw_patience(generator, self.window(stream));
            let priority = draw_priority(generator, &stream.priority);
            let terms = Terms {
                sender,
                receiver,
                amount,
                deadline: u64::from(self.now.0) + patience,
                earliest: self.now,
                priority,
                class: RtgsPriority::Normal,
                divisible: stream.divisible,
            };
            self.arrive(&terms, None);
        }
        Ok(())
    }

    fn profile_factor(&self) -> f64 {
        let tick_in_day = self.scenario.calendar.tick_in_day(self.now);
        let mut windows = self.scenario.rate_profile.iter();
        let window = windows.find(|window| (window.from..window.to).contains(&tick_in_day));
        window.map_or(1.0, |window| window.factor)
    }

    /// Returns the fewest and the most ticks from arrival to deadline.
    fn window(&self, stream: &ArrivalStream) -> (u32, u32) {
        let least = scaled(stream.deadline_min, self.factors.window_min);
        let most = scaled(stream.deadline_max, self.factors.window_max);
        (least, most.max(least))
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

    /// Puts a payment into its sender's queue 1.
    pub(super) fn arrive(&mut self, terms: &Terms, given_id: Option<&str>) {
        let no = PaymentNo::from_index(self.payments.len());
        let payment = Payment::new(terms, self.now, self.deadline_for(terms.deadline), given_id);
        let arrival = Arrival {
            tx_id: NewPayment { no, given_id: given_id.map(|id| self.log.text(id)) },
            sender_id: payment.sender,
            receiver_id: payment.receiver,
            amount: payment.amount,
            deadline_tick: payment.deadline,
            earliest_tick: (payment.earliest > self.now).then_some(payment.earliest),
            priority: payment.priority,
            rtgs_priority: payment.class,
            divisible: payment.divisible,
        };
        self.log.push(arrival);
        self.accounts[payment.sender.index()].queue1.push(no);
        self.payments.push(payment);
    }
}

/// Returns a number of ticks times a factor, rounded half away from zero, at least 1.
fn scaled(ticks: u32, factor: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, reason = "what is too long lasts to the end")]
    #[expect(clippy::cast_sign_loss, reason = "factors are positive")]
    let scaled = (f64::from(ticks) * factor).round() as u32;
    scaled.max(1)
}
