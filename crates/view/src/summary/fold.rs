//! The fold behind the summary.

use psim_model::event::{Event, EventBatch};
use psim_model::{Tick, Total};

use super::liquidity::LiquidityWatch;
use super::occasions::Occasions;
use super::peaks::QueuePeaks;
use super::read_off::{AgentTallies, ReadOff};
use super::saving::SavingWatch;
use super::{
    AgentSummary, CostSummary, DeadlineSummary, LiquiditySummary, Moment, PeakOverdraft,
    PolicySummary, QueueSummary, RunSummary, Summary,
};
use crate::delay::Delays;
use crate::state::{AgentState, Costs, State};
use crate::{DayHash, Fold, StreamHash};

/// Gathers the measures of a run; may be asked for a [`Summary`] at any time.
#[derive(Clone, Debug, Default)]
pub struct SummaryFold {
    pub(crate) state: State,
    pub(crate) agent_ids: Vec<String>,
    hash: StreamHash,
    events: u64,
    pub(crate) liquidity: LiquidityWatch,
    peaks: QueuePeaks,
    occasions: Occasions,
    pub(crate) saving: SavingWatch,
}

impl SummaryFold {
    /// Returns the fold before anything happened.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the hash of the stream so far, in hexadecimal.
    pub fn stream_hash(&self) -> String {
        self.hash.total()
    }

    /// Returns the summary of all batches so far.
    pub fn finish(&self) -> Summary {
        self.finish_with(&Delays::of(&self.state))
    }

    /// Returns the summary, given the delays of all payments.
    pub(crate) fn finish_with(&self, delays: &Delays) -> Summary {
        let calendar = self.state.setting.calendar();
        let read = ReadOff::of(&self.state);
        Summary {
            run: self.run(),
            currency: self.state.setting.currency.clone(),
            liquidity: self.liquidity(read.payments.settled.value),
            queues: self.queues(&read),
            deadlines: DeadlineSummary {
                deadline_penalties: self.occasions.deadline_penalties,
                end_of_day_penalties: self.occasions.end_of_day_penalties,
                ..read.deadlines
            },
            costs: self.costs(),
            agents: self.agents(&read.agents),
            payments: read.payments,
            unsettled_by_reason: read.unsettled,
            splits: read.splits,
            limits: self.occasions.limits,
            liquidity_saving: self.saving.summary(calendar),
            collateral: self.occasions.collateral(|tick| self.moment(tick)),
            policies: PolicySummary::of(&self.state, self.occasions.failures()),
            scenario_events: self.occasions.scenario_events,
            instructions: self.occasions.instructions,
            delay: delays.summary(calendar),
        }
    }

    /// Returns the hash of the stream at the end of each day that had events; the last may still
    /// change.
    pub fn days(&self) -> Vec<DayHash> {
        self.hash.days()
    }

    fn run(&self) -> RunSummary {
        let mut summary = RunSummary {
            agents: self.state.agents.len() as u64,
            ticks_executed: self.state.ticks_done(),
            complete: self.state.ended,
            events: self.events,
            stream_hash: self.hash.total(),
            ..RunSummary::default()
        };
        if let Some(run) = &self.state.setting.run {
            summary.rng_seed = run.rng_seed;
            summary.version.clone_from(&run.version);
            summary.scenario_hash.clone_from(&run.scenario_hash);
            summary.ticks_planned = run.calendar.horizon();
            summary.ticks_per_day = run.calendar.ticks_per_day();
            summary.num_days = run.calendar.num_days();
            let clock = run.calendar.clock();
            summary.tick_seconds = clock.map(|clock| clock.tick_seconds);
            summary.opens_at_seconds = clock.map(|clock| clock.opens_at_seconds);
            summary.calendar = Some(run.calendar);
        }
        summary
    }

    fn liquidity(&self, settled: Total) -> LiquiditySummary {
        let peak_overdraft = self.liquidity.peak_credit().map(|peak| PeakOverdraft {
            agent_id: self.agent_ids.get(peak.agent.index()).cloned().unwrap_or_default(),
            amount: peak.amount,
            at: self.moment(peak.tick),
        });
        LiquiditySummary { peak_overdraft, ..self.liquidity.summary(&self.state, settled) }
    }

    fn queues(&self, read: &ReadOff) -> QueueSummary {
        let ever = read.ever_in_queue2;
        QueueSummary {
            queue1_at_end: self.state.queue1,
            queue2_at_end: self.state.queue2,
            ever_in_queue2: ever,
            ever_in_queue2_share: ever.count_share_of(&read.payments.arrived),
            ..self.peaks.summary(|tick| self.moment(tick))
        }
    }

    fn costs(&self) -> CostSummary {
        let mut all = Costs::default();
        for agent in &self.state.agents {
            all.add(&agent.costs);
        }
        CostSummary::of(all)
    }

    fn agents(&self, tallies: &[AgentTallies]) -> Vec<AgentSummary> {
        let agents = self.state.agents.iter().zip(&self.agent_ids).zip(tallies).enumerate();
        let summary =
            |(index, ((agent, id), tallies)): (usize, ((&AgentState, &String), &AgentTallies))| {
                AgentSummary {
                    id: id.clone(),
                    opening_balance: agent.opening_balance,
                    closing_balance: agent.balance,
                    liquidity_used_max: self.liquidity.used_max(index),
                    sent: tallies.sent,
                    received: tallies.received,
                    unsettled: tallies.unsettled,
                    costs: CostSummary::of(agent.costs),
                }
            };
        agents.map(summary).collect()
    }

    pub(crate) fn moment(&self, tick: Tick) -> Moment {
        Moment::of(self.state.setting.calendar(), tick)
    }
}

impl SummaryFold {
    /// Takes in a tick and lets `after` look at the state after each event.
    pub(crate) fn observe_with(
        &mut self,
        batch: &EventBatch,
        mut after: impl FnMut(&State, &Event),
    ) {
        self.hash.observe(batch);
        self.events += batch.events().len() as u64;
        let yesterday = self.state.day;
        if self.state.begin(batch) {
            self.liquidity.close_day(yesterday, &self.state.agents);
        }
        for event in batch.events() {
            self.saving.before(batch, event, &self.state);
            self.state.apply(batch, event);
            self.liquidity.after(batch, event, &self.state);
            self.occasions.count(event);
            after(&self.state, event);
            if let Event::AgentOpened(opened) = event
                && self.agent_ids.len() < self.state.agents.len()
            {
                self.agent_ids.push(batch.text_of(opened.agent_id.id).to_owned());
            }
        }
        self.state.end();
        self.saving.end_tick(&self.state);
        self.occasions.end_tick(batch, &self.state);
        self.peaks.observe(&self.state, batch.tick());
    }
}

impl Fold for SummaryFold {
    fn observe(&mut self, batch: &EventBatch) {
        self.observe_with(batch, |_, _| {});
    }
}
