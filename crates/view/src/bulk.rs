//! The few figures that tell many runs apart, at little cost.

mod liquidity;

use psim_model::event::{CostAccrual, Event, EventBatch, SplitOutcome};
use psim_model::{AgentNo, Calendar, Money, PaymentNo, Tick, Total};

use self::liquidity::Balances;
use crate::Fold;
use crate::delay::WeightedDelay;
use crate::state::{Costs, Tally};

/// What a run came to. Amounts are minor units; each figure is that of the same name in a
/// [`Summary`](crate::Summary).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunMeasures {
    /// Payments that arrived; one that was split counts once.
    pub arrived: Tally,
    /// Those that settled; of a split payment the value of its settled parts.
    pub settled: Tally,
    /// Those that did not.
    pub unsettled: Tally,
    /// Mean delay in ticks, weighted by value, counted up to the close of the day; `None` without
    /// payments.
    pub mean_delay_ticks: Option<f64>,
    /// Delay as a share of the longest that was possible: 0 if all settle on arrival, 1 if none
    /// before the day closes; `None` without payments.
    pub delay_indicator: Option<f64>,
    /// Liquidity that was used, summed over days and agents.
    pub liquidity_used: Total,
    /// Value settled for each unit of liquidity used; `None` if none was.
    pub turnover_ratio: Option<f64>,
    /// Costs of all agents.
    pub costs: Costs,
    /// Those of each agent, by number.
    pub agents: Vec<AgentMeasures>,
    /// Number of events.
    pub events: u64,
}

/// What a run came to for an agent. Amounts are minor units; liquidity is that of the agent in
/// [`LiquidityMeasures`](crate::LiquidityMeasures).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AgentMeasures {
    /// Its costs.
    pub costs: Costs,
    /// Liquidity that it used, summed over days.
    pub liquidity_used: Total,
    /// Value that it paid for each unit of it; `None` if it used none.
    pub turnover_ratio: Option<f64>,
}

/// Makes [`RunMeasures`]: remembers of each payment how much, since when and until when.
#[derive(Clone, Debug, Default)]
pub struct RunMeasuresFold {
    payments: Vec<Lapse>,
    agents: Vec<Costs>,
    balances: Balances,
    calendar: Option<Calendar>,
    events: u64,
}

/// A payment from its arrival to its settlement.
#[derive(Clone, Copy, Debug)]
struct Lapse {
    sender: AgentNo,
    amount: Money,
    arrival: Tick,
    settled: Option<Tick>,
    is_part: bool,
    is_split: bool,
}

impl RunMeasuresFold {
    /// Returns the fold of a run that has not begun.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the measures of the run so far.
    pub fn finish(&self) -> RunMeasures {
        let mut measures = RunMeasures { events: self.events, ..RunMeasures::default() };
        let mut delay = WeightedDelay::default();
        let mut paid = vec![Total::ZERO; self.agents.len()];
        for lapse in &self.payments {
            let place = match lapse.settled {
                Some(_) => &mut measures.settled,
                None => &mut measures.unsettled,
            };
            if !lapse.is_part {
                measures.arrived.add(lapse.amount);
                place.count += 1;
            }
            if lapse.is_split {
                continue;
            }
            place.value += lapse.amount;
            let Lapse { sender, amount, arrival, settled, .. } = *lapse;
            if let (Some(paid), Some(_)) = (paid.get_mut(sender.index()), settled) {
                *paid += amount;
            }
            let Some(calendar) = &self.calendar else { continue };
            delay.add(amount, arrival, settled, calendar.ticks_per_day());
        }
        measures.mean_delay_ticks = delay.mean_ticks();
        measures.delay_indicator = delay.indicator();
        for (agent, (costs, paid)) in self.agents.iter().zip(paid).enumerate() {
            let liquidity_used = self.balances.used(agent);
            let turnover_ratio = paid.share_of(liquidity_used);
            measures.agents.push(AgentMeasures { costs: *costs, liquidity_used, turnover_ratio });
            measures.liquidity_used += liquidity_used;
            measures.costs.add(costs);
        }
        measures.turnover_ratio = measures.settled.value.share_of(measures.liquidity_used);
        measures
    }

    fn settle(&mut self, no: PaymentNo, tick: Tick) {
        if let Some(lapse) = self.payments.get_mut(no.index()) {
            lapse.settled = Some(tick);
        }
    }

    fn book(&mut self, accrual: &CostAccrual) {
        if let Some(costs) = self.agents.get_mut(accrual.agent_id.index()) {
            costs.book(accrual);
        }
    }

    fn split(&mut self, no: PaymentNo, parts: &[PaymentNo], amounts: &[Money]) {
        let Some(parent) = self.payments.get_mut(no.index()) else { return };
        parent.is_split = true;
        let part = Lapse { is_part: true, is_split: false, settled: None, ..*parent };
        for (no, amount) in parts.iter().zip(amounts) {
            if no.index() == self.payments.len() {
                self.payments.push(Lapse { amount: *amount, ..part });
            }
        }
    }

    fn observe_event(&mut self, batch: &EventBatch, event: &Event) {
        match event {
            Event::Arrival(arrival) => {
                if arrival.tx_id.no.index() == self.payments.len() {
                    self.payments.push(Lapse {
                        sender: arrival.sender_id,
                        amount: arrival.amount,
                        arrival: batch.tick(),
                        settled: None,
                        is_part: false,
                        is_split: false,
                    });
                }
            }
            Event::RtgsImmediateSettlement(settled) => self.settle(settled.tx_id, batch.tick()),
            Event::Queue2LiquidityRelease(settled) => self.settle(settled.tx_id, batch.tick()),
            Event::CostAccrual(accrual) => self.book(accrual),
            Event::PolicySplit(split) => {
                let columns = batch.columns();
                let (parts, amounts) = (&split.child_ids, &split.child_amounts);
                self.split(split.tx_id, parts.of(columns), amounts.of(columns));
            }
            Event::SplitCompleted(completed) => {
                if completed.outcome == SplitOutcome::Settled {
                    self.settle(completed.tx_id, batch.tick());
                }
            }
            Event::AgentOpened(_) => self.agents.push(Costs::default()),
            Event::RunStarted(started) => {
                let (ticks, days) = (started.ticks_per_day, started.num_days);
                self.calendar = Calendar::try_new(ticks, days, None).ok();
            }
            event => {
                if let Some(set) = event.settled_set() {
                    for no in set.tx_ids.of(batch.columns()) {
                        self.settle(*no, batch.tick());
                    }
                }
            }
        }
    }
}

impl Fold for RunMeasuresFold {
    fn observe(&mut self, batch: &EventBatch) {
        self.events += batch.events().len() as u64;
        self.balances.begin(batch);
        for event in batch.events() {
            self.observe_event(batch, event);
            self.balances.observe(batch, event);
        }
    }
}
