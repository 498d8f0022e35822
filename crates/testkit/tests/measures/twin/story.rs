//! What happened, as the events say it: who was where at the end of each tick, and all balances.

use psim_model::event::{
    DelayCostQueues, DelayRatesSet, DropReason, Event, EventBatch, PolicySplit, SplitOutcome,
    TransferKind,
};

use super::life::{Life, Spot};

/// What an agent has.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Purse {
    pub(super) balance: i128,
    pub(super) pending: i128,
    pub(super) pool: i128,
    pub(super) cap: i128,
    pub(super) posted: i128,
    pub(super) haircut: i128,
}

/// An agent's day: what it began with, and each balance it had.
#[derive(Clone, Debug)]
pub(super) struct AgentDay {
    pub(super) start: Purse,
    pub(super) balances: Vec<i128>,
}

/// A tick when it is over.
#[derive(Clone, Debug)]
pub(super) struct TickEnd {
    pub(super) queue1: Vec<usize>,
    pub(super) queue2: Vec<usize>,
    /// Whether queue 2 was not empty when the day was closed.
    pub(super) closed_on_queue2: bool,
    /// What all agents had used of their liquidity on the day.
    pub(super) used: i128,
}

#[derive(Clone, Debug)]
pub(super) struct Story<'a> {
    /// Each event with its tick and batch.
    pub(super) events: Vec<(usize, &'a EventBatch, &'a Event)>,
    pub(super) ticks: usize,
    pub(super) ticks_per_day: usize,
    /// Opening and length of a tick in seconds.
    pub(super) clock: Option<(u64, u64)>,
    pub(super) ids: Vec<String>,
    pub(super) lives: Vec<Life>,
    pub(super) ends: Vec<TickEnd>,
    /// By day, then by agent.
    pub(super) days: Vec<Vec<AgentDay>>,
    purses: Vec<Purse>,
    is_deferred: bool,
    rates: Option<DelayRatesSet>,
}

impl<'a> Story<'a> {
    pub(super) fn of(batches: &'a [EventBatch]) -> Self {
        let mut story = Self {
            events: vec![],
            ticks: batches.len(),
            ticks_per_day: 1,
            clock: None,
            ids: vec![],
            lives: vec![],
            ends: vec![],
            days: vec![],
            purses: vec![],
            is_deferred: false,
            rates: None,
        };
        for (tick, batch) in batches.iter().enumerate() {
            if tick.is_multiple_of(story.ticks_per_day) || tick == 0 {
                let purses = story.purses.iter();
                story.days.push(purses.map(|purse| AgentDay::from(*purse)).collect());
            }
            let mut is_charged = false;
            let mut closed_on_queue2 = false;
            for event in batch.events() {
                if let Event::PolicyDrop(dropped) = event
                    && dropped.reason == DropReason::Closed
                {
                    if !is_charged {
                        story.charge();
                    }
                    is_charged = true;
                    closed_on_queue2 |= !story.all_in(Spot::Queue2).is_empty();
                }
                story.happen(tick, batch, event);
                story.events.push((tick, batch, event));
            }
            if !is_charged {
                story.charge();
            }
            let (queue1, queue2) = (story.all_in(Spot::Queue1), story.all_in(Spot::Queue2));
            let day = story.days.len() - 1;
            let used = (0..story.ids.len()).map(|agent| story.used(day, agent)).sum();
            story.ends.push(TickEnd { queue1, queue2, closed_on_queue2, used });
        }
        story
    }

    fn all_in(&self, spot: Spot) -> Vec<usize> {
        (0..self.lives.len()).filter(|no| self.lives[*no].spot == spot).collect()
    }

    /// Charges what waits for a tick.
    fn charge(&mut self) {
        for life in &mut self.lives {
            let queue = match life.spot {
                Spot::Queue1 => 0,
                Spot::Queue2 => 1,
                _ => continue,
            };
            life.stood[queue] += 1;
            let Some(rates) = &self.rates else { continue };
            if queue == 1 && rates.delay_cost_queues == DelayCostQueues::Queue1 {
                continue;
            }
            let urgency = match life.priority {
                8.. => rates.urgent_multiplier,
                4..=7 => rates.normal_multiplier,
                _ => rates.low_multiplier,
            };
            let mut cost =
                life.amount as f64 * rates.delay_cost_per_tick_per_cent.to_f64() * urgency.to_f64();
            if life.is_overdue {
                cost *= rates.overdue_delay_multiplier.to_f64();
            }
            life.delay_cost += cost;
        }
    }

    /// Notes the balance that an agent has now.
    fn note(&mut self, agent: usize) {
        let balance = self.purses[agent].balance;
        self.today(agent).balances.push(balance);
    }

    fn today(&mut self, agent: usize) -> &mut AgentDay {
        &mut self.days.last_mut().expect("a day has begun")[agent]
    }

    /// Moves what an agent gets on balance (below zero: pays).
    fn settle_net(&mut self, agent: usize, net: i128) {
        if net > 0 && self.is_deferred {
            self.purses[agent].pending += net;
        } else {
            self.purses[agent].balance += net;
        }
        self.note(agent);
    }

    fn settle(&mut self, tick: usize, no: usize, path: &'static str) {
        let life = &mut self.lives[no];
        life.spot = Spot::Settled;
        life.settled = Some(tick);
        life.path = path;
    }

    fn settle_alone(&mut self, tick: usize, no: usize, path: &'static str) {
        let Life { sender, receiver, amount, .. } = self.lives[no];
        self.settle_net(sender, -amount);
        self.settle_net(receiver, amount);
        self.settle(tick, no, path);
    }

    fn happen(&mut self, tick: usize, batch: &EventBatch, event: &Event) {
        match event {
            Event::RunStarted(e) => {
                self.ticks_per_day = e.ticks_per_day as usize;
                let clock = e.opens_at_seconds.zip(e.tick_seconds);
                self.clock = clock.map(|(opens, length)| (opens.into(), length.into()));
            }
            Event::RulesSet(e) => self.is_deferred = e.deferred_crediting,
            Event::DelayRatesSet(e) => self.rates = Some(*e),
            Event::AgentOpened(e) => {
                let purse = Purse {
                    balance: e.opening_balance.minor().into(),
                    cap: e.unsecured_cap.minor().into(),
                    posted: e.posted_collateral.minor().into(),
                    haircut: e.collateral_haircut.trillionths().into(),
                    ..Purse::default()
                };
                self.ids.push(batch.text_of(e.agent_id.id).to_owned());
                self.purses.push(purse);
                self.days[0].push(AgentDay::from(purse));
            }
            Event::LiquidityAllocation(e) => {
                let agent = e.agent_id.index();
                self.purses[agent].balance = e.balance_after.minor().into();
                self.purses[agent].pool += i128::from(e.amount.minor());
                let Purse { balance, pool, .. } = self.purses[agent];
                let begun = self.today(agent).start; // credit is that of the day's beginning
                *self.today(agent) = AgentDay::from(Purse { balance, pool, ..begun });
            }
            Event::LiquidityReturn(e) => {
                // Not noted: the return is no use of liquidity.
                let purse = &mut self.purses[e.agent_id.index()];
                purse.balance = e.balance_after.minor().into();
                purse.pool -= i128::from(e.amount.minor());
            }
            Event::DeferredCreditApplied(e) => {
                let agent = e.agent_id.index();
                self.purses[agent].balance = e.balance_after.minor().into();
                self.purses[agent].pending -= i128::from(e.amount.minor());
                self.note(agent);
            }
            Event::FundsTransferred(e) => {
                let (from, to) = (e.sender_id.index(), e.receiver_id.index());
                let amount = i128::from(e.amount.minor());
                self.settle_net(from, -amount);
                if e.kind == TransferKind::DirectTransfer {
                    self.purses[to].balance += amount;
                    self.note(to);
                } else {
                    self.settle_net(to, amount);
                }
            }
            Event::CreditLimitChanged(e) => {
                self.purses[e.agent_id.index()].cap = e.unsecured_cap.minor().into();
            }
            Event::CollateralValueChanged(e) => {
                let purse = &mut self.purses[e.agent_id.index()];
                purse.posted = e.posted_collateral.minor().into();
                purse.haircut = e.collateral_haircut.trillionths().into();
            }
            Event::CollateralPost(e) => {
                self.purses[e.agent_id.index()].posted = e.new_total.minor().into();
            }
            Event::CollateralWithdraw(e) => {
                self.purses[e.agent_id.index()].posted = e.new_total.minor().into();
            }
            Event::CollateralTimerWithdrawn(e) => {
                self.purses[e.agent_id.index()].posted = e.new_total.minor().into();
            }
            _ => self.happen_to_payment(tick, batch, event),
        }
    }

    fn happen_to_payment(&mut self, tick: usize, batch: &EventBatch, event: &Event) {
        match event {
            Event::Arrival(e) => self.lives.push(Life::arrived(tick, e)),
            Event::TransactionWentOverdue(e) => {
                let life = &mut self.lives[e.tx_id.index()];
                life.is_overdue = true;
                life.deadline_penalties += i128::from(e.deadline_penalty_cost.minor());
            }
            Event::EndOfDayPenalty(e) => {
                let life = &mut self.lives[e.tx_id.index()];
                life.end_of_day_penalties += i128::from(e.amount.minor());
            }
            Event::PriorityEscalated(e) => {
                self.lives[e.tx_id.index()].priority = e.escalated_priority.get();
            }
            Event::TransactionReprioritized(e) => {
                self.lives[e.tx_id.index()].priority = e.new_priority.get();
            }
            Event::RtgsSubmission(e) => {
                let life = &mut self.lives[e.tx_id.index()];
                life.spot = Spot::Entering;
                life.class = (e.rtgs_priority as u8, e.rtgs_priority.as_str());
            }
            Event::RtgsResubmission(e) => {
                let class = e.new_rtgs_priority;
                self.lives[e.tx_id.index()].class = (class as u8, class.as_str());
            }
            Event::QueuedRtgs(e) => {
                let life = &mut self.lives[e.tx_id.index()];
                life.spot = Spot::Queue2;
                life.was_in_queue2 = true;
            }
            Event::RtgsWithdrawal(e) => self.lives[e.tx_id.index()].spot = Spot::Queue1,
            Event::RtgsImmediateSettlement(e) => {
                self.settle_alone(tick, e.tx_id.index(), "on_entry");
            }
            Event::Queue2LiquidityRelease(e) => {
                self.settle_alone(tick, e.tx_id.index(), "from_queue2");
            }
            Event::PolicyDrop(e) => {
                let life = &mut self.lives[e.tx_id.index()];
                life.spot = Spot::Dropped;
                life.deadline_penalties += i128::from(e.deadline_penalty_cost.minor());
            }
            Event::SplitCompleted(e) => {
                let life = &mut self.lives[e.tx_id.index()];
                if e.outcome == SplitOutcome::Settled {
                    life.settled = Some(tick);
                }
            }
            Event::PolicySplit(e) => self.split(batch, e),
            _ => {
                let Some((path, payments)) = set_of(batch, event) else { return };
                for (agent, net) in self.nets(&payments) {
                    self.settle_net(agent, net);
                }
                for no in payments {
                    self.settle(tick, no, path);
                }
            }
        }
    }

    /// Replaces a payment by its parts.
    fn split(&mut self, batch: &EventBatch, e: &PolicySplit) {
        let columns = batch.columns();
        let parent = e.tx_id.index();
        let life = &mut self.lives[parent];
        life.spot = Spot::Split;
        life.friction += i128::from(e.split_friction_cost.minor());
        let mut part = life.clone();
        part.parent = Some(parent);
        part.children.clear();
        part.priority = e.child_priority.get();
        part.was_in_queue2 = false;
        part.stood = [0, 0];
        part.delay_cost = 0.0;
        (part.deadline_penalties, part.end_of_day_penalties, part.friction) = (0, 0, 0);
        let amounts = e.child_amounts.of(columns);
        for (index, (no, amount)) in e.child_ids.of(columns).iter().zip(amounts).enumerate() {
            assert_eq!(no.index(), self.lives.len());
            self.lives[parent].children.push(no.index());
            part.amount = amount.minor().into();
            let is_released = index < e.released_now as usize;
            part.spot = if is_released { Spot::Entering } else { Spot::Queue1 };
            self.lives.push(part.clone());
        }
    }

    /// Returns what each agent that pays or is paid in a set gets on balance.
    pub(super) fn nets(&self, payments: &[usize]) -> Vec<(usize, i128)> {
        let lives = || payments.iter().map(|no| &self.lives[*no]);
        let of = |agent: usize| {
            let got: i128 = lives().filter(|it| it.receiver == agent).map(|it| it.amount).sum();
            let paid: i128 = lives().filter(|it| it.sender == agent).map(|it| it.amount).sum();
            got - paid
        };
        let takes_part = |agent: &usize| lives().any(|it| [it.sender, it.receiver].contains(agent));
        (0..self.ids.len()).filter(takes_part).map(|agent| (agent, of(agent))).collect()
    }

    /// Returns the payments that arrived.
    pub(super) fn roots(&self) -> impl Iterator<Item = usize> {
        (0..self.lives.len()).filter(|no| self.lives[*no].parent.is_none())
    }

    /// Returns the payments that were not split.
    pub(super) fn leaves(&self) -> impl Iterator<Item = &Life> {
        self.lives.iter().filter(|life| life.children.is_empty())
    }

    /// Returns what a payment has become: itself, or its parts that were not split further.
    pub(super) fn leaves_of(&self, no: usize) -> Vec<usize> {
        let children = &self.lives[no].children;
        if children.is_empty() {
            return vec![no];
        }
        children.iter().flat_map(|child| self.leaves_of(*child)).collect()
    }

    /// Returns a payment and all that it is a part of.
    pub(super) fn line_of(&self, no: usize) -> Vec<usize> {
        let parent = |no: &usize| self.lives[*no].parent;
        std::iter::successors(Some(no), parent).collect()
    }

    pub(super) fn day_of(&self, tick: usize) -> usize {
        tick / self.ticks_per_day
    }

    /// Returns the time at which a tick of the day begins.
    pub(super) fn time(&self, tick_in_day: usize) -> Option<String> {
        let (opens, length) = self.clock?;
        let seconds = opens + tick_in_day as u64 * length;
        let (hours, minutes) = (seconds / 3600 % 24, seconds % 3600 / 60);
        Some(if opens % 60 == 0 && length % 60 == 0 {
            format!("{hours:02}:{minutes:02}")
        } else {
            format!("{hours:02}:{minutes:02}:{:02}", seconds % 60)
        })
    }
}

/// Returns the payments that settle together, and on which path.
pub(super) fn set_of(batch: &EventBatch, event: &Event) -> Option<(&'static str, Vec<usize>)> {
    let (path, list) = match event {
        Event::EntryDispositionOffset(e) => ("entry_offset", e.tx_ids),
        Event::LsmBilateralOffset(e) => ("Bilateral", e.tx_ids),
        Event::LsmCycleSettlement(e) => ("Cycles", e.tx_ids),
        Event::LsmBatchSettlement(e) => (e.algorithm.as_str(), e.tx_ids),
        _ => return None,
    };
    Some((path, list.of(batch.columns()).iter().map(|no| no.index()).collect()))
}

impl AgentDay {
    fn from(start: Purse) -> Self {
        Self { start, balances: vec![start.balance] }
    }
}
