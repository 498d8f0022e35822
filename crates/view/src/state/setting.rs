//! What the stream says of the run as a whole, and of no agent or payment.

use psim_model::event::{DelayRatesSet, Event, EventBatch, RulesSet, RunStarted};
use psim_model::{Calendar, Clock, Currency, LimitsApplyTo, LimitsBasis, Queue1Ordering};

/// The rules that hold before the stream has said others.
const PLAIN: RulesSet = RulesSet {
    queue1_ordering: Queue1Ordering::Arrival,
    priority_mode: false,
    deferred_crediting: false,
    limits_basis: LimitsBasis::Gross,
    limits_apply_to: LimitsApplyTo::All,
};

/// The run and the terms under which it goes.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    /// `None` before the stream has opened.
    pub(crate) run: Option<Run>,
    pub(crate) currency: Currency,
    pub(crate) rules: RulesSet,
    /// What delay costs now; `None` before it was said.
    pub(crate) delay_rates: Option<DelayRatesSet>,
}

/// What the stream opens with.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) rng_seed: u64,
    pub(crate) version: String,
    pub(crate) scenario_hash: String,
    pub(crate) calendar: Calendar,
}

impl Default for Setting {
    fn default() -> Self {
        let currency = Currency { code: String::new(), decimals: 0 };
        Self { run: None, currency, rules: PLAIN, delay_rates: None }
    }
}

impl Setting {
    /// Takes in one event of a batch; most say nothing here.
    pub(crate) fn apply(&mut self, batch: &EventBatch, event: &Event) {
        match event {
            Event::RunStarted(started) => self.open(batch, started),
            Event::RulesSet(rules) => self.rules = *rules,
            Event::DelayRatesSet(rates) => self.delay_rates = Some(*rates),
            _ => {}
        }
    }

    /// Returns how the run is divided into days, once it has started.
    pub(crate) fn calendar(&self) -> Option<&Calendar> {
        self.run.as_ref().map(|run| &run.calendar)
    }

    fn open(&mut self, batch: &EventBatch, started: &RunStarted) {
        let clock = started
            .opens_at_seconds
            .zip(started.tick_seconds)
            .map(|(opens_at_seconds, tick_seconds)| Clock { opens_at_seconds, tick_seconds });
        self.currency = Currency {
            code: batch.text_of(started.currency).to_owned(),
            decimals: started.currency_decimals,
        };
        self.run = Calendar::try_new(started.ticks_per_day, started.num_days, clock).ok().map(
            |calendar| Run {
                rng_seed: started.rng_seed,
                version: batch.text_of(started.version).to_owned(),
                scenario_hash: batch.text_of(started.scenario_hash).to_owned(),
                calendar,
            },
        );
    }
}
