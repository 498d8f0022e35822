//! Balances and permissions: money is conserved and nobody settles beyond what is allowed.

use psim_model::event::{
    AgentOpened, AgentOverExtended, Columns, DeferredCreditApplied, LiquidityAllocation,
    LiquidityReturn, ReservationsSet, RtgsPriority,
};
use psim_model::{AgentNo, Fraction, Money, PaymentNo, Reservations, Total};

use super::collateral::Timer;
use super::limits::Flow;
use super::{Verdict, ensure};

/// Every agent's money as the events tell it.
#[derive(Debug)]
pub(super) struct Books {
    is_deferred: bool,
    accounts: Vec<Account>,
    /// Collateral that will be withdrawn again.
    pub(super) timers: Vec<Timer>,
    /// Opening balances, plus what pools brought in, minus what went back.
    in_system: Total,
}

#[derive(Debug)]
pub(super) struct Account {
    balance: Money,
    pub(super) cap: Money,
    /// Collateral, at nominal value.
    pub(super) posted: Money,
    pub(super) haircut: Fraction,
    pub(super) capacity: Money,
    reserved: Reservations,
    pool: Money,
    allocated: Money,
    /// Receipts of this tick that are not credited yet, and the payments they come from.
    pending: Money,
    pending_from: Vec<PaymentNo>,
}

impl Account {
    /// Returns how far the balance may go below zero.
    pub(super) fn permission(&self) -> Money {
        self.cap + self.haircut.complement().floor_of(self.posted)
    }
}

impl Books {
    pub(super) fn new(is_deferred: bool) -> Self {
        Self { is_deferred, accounts: Vec::new(), timers: Vec::new(), in_system: Total::ZERO }
    }

    pub(super) fn open(&mut self, event: &AgentOpened) -> Verdict {
        let expected = AgentNo::from_index(self.accounts.len());
        ensure(event.agent_id.no == expected, "agents open in order")?;
        let fits = event.posted_collateral <= event.max_collateral_capacity;
        ensure(fits, "no more is posted than fits")?;
        self.accounts.push(Account {
            balance: event.opening_balance,
            cap: event.unsecured_cap,
            posted: event.posted_collateral,
            haircut: event.collateral_haircut,
            capacity: event.max_collateral_capacity,
            reserved: Reservations::default(),
            pool: event.liquidity_pool,
            allocated: Money::ZERO,
            pending: Money::ZERO,
            pending_from: Vec::new(),
        });
        self.in_system += event.opening_balance;
        Ok(())
    }

    pub(super) fn reserve(&mut self, event: &ReservationsSet) -> Verdict {
        let (highly_urgent, urgent) = (event.highly_urgent, event.urgent);
        let is_something = highly_urgent.is_positive() || urgent.is_positive();
        ensure(is_something, "nothing reserved, no event")?;
        self.account(event.agent_id)?.reserved = Reservations { highly_urgent, urgent };
        Ok(())
    }

    pub(super) fn bring_in(&mut self, event: &LiquidityAllocation) -> Verdict {
        let account = self.account(event.agent_id)?;
        let share = event.fraction.floor_of(account.pool);
        ensure(event.amount == share, "what comes in is the floor of the share of the pool")?;
        ensure(account.allocated == Money::ZERO, "a pool is brought in once")?;
        account.allocated = event.amount;
        account.balance += event.amount;
        ensure(event.balance_after == account.balance, "the balance is the recomputed one")?;
        self.in_system += event.amount;
        Ok(())
    }

    pub(super) fn take_back(&mut self, event: &LiquidityReturn) -> Verdict {
        let account = self.account(event.agent_id)?;
        ensure(event.amount.is_positive(), "nothing moved, no event")?;
        ensure(event.amount == account.allocated, "what was brought in goes back")?;
        account.allocated = Money::ZERO;
        account.balance -= event.amount;
        ensure(event.balance_after == account.balance, "the balance is the recomputed one")?;
        self.in_system -= event.amount;
        Ok(())
    }

    /// Compares what an event says of a sender's balance before and after it pays.
    pub(super) fn has_balances(
        &mut self,
        sender: AgentNo,
        amount: Money,
        (before, after): (Money, Money),
    ) -> Verdict {
        let balance = self.account(sender)?.balance;
        ensure(before == balance, "the balance before is the recomputed one")?;
        ensure(after == balance - amount, "the balance after is the recomputed one")
    }

    /// Moves each agent's net of a set that settles; `sources` are its payments, in order.
    pub(super) fn settle(&mut self, set: &[Flow], sources: &[PaymentNo]) -> Verdict {
        let each_once = |mut agents: Vec<AgentNo>| {
            agents.sort_unstable();
            agents.dedup();
            agents
        };
        for payer in each_once(set.iter().map(|flow| flow.sender).collect()) {
            self.pay_net(payer, set)?;
        }
        for receiver in each_once(set.iter().map(|flow| flow.receiver).collect()) {
            self.receive_net(receiver, set, sources)?;
        }
        Ok(())
    }

    fn pay_net(&mut self, agent: AgentNo, set: &[Flow]) -> Verdict {
        let Some(pays) = net(agent, set).to_money().filter(|pays| pays.is_positive()) else {
            return Ok(());
        };
        let own = set.iter().filter(|flow| flow.sender == agent).map(|flow| flow.class);
        let lowest = own.min().ok_or("only who pays in a set pays on balance")?;
        let available = self.available(agent, lowest)?;
        let account = self.account(agent)?;
        account.balance -= pays;
        let allowed = account.balance.shortfall() <= account.permission();
        ensure(allowed, "no settlement takes an agent beyond its permission")?;
        ensure(pays <= available, "no settlement uses what is kept for higher classes")
    }

    fn receive_net(&mut self, agent: AgentNo, set: &[Flow], sources: &[PaymentNo]) -> Verdict {
        let gets = Money::ZERO - net(agent, set).to_money().ok_or("nets fit 64-bit money")?;
        if !gets.is_positive() {
            return Ok(());
        }
        let is_deferred = self.is_deferred;
        let account = self.account(agent)?;
        if is_deferred {
            account.pending += gets;
            let received = set.iter().zip(sources).filter(|(flow, _)| flow.receiver == agent);
            account.pending_from.extend(received.map(|(_, no)| *no));
        } else {
            account.balance += gets;
        }
        Ok(())
    }

    /// Moves balance at once.
    pub(super) fn transfer(&mut self, flow: Flow) -> Verdict {
        self.account(flow.sender)?.balance -= flow.amount;
        self.account(flow.receiver)?.balance += flow.amount;
        Ok(())
    }

    pub(super) fn apply_credit(
        &mut self,
        event: &DeferredCreditApplied,
        columns: &Columns,
    ) -> Verdict {
        let account = self.account(event.agent_id)?;
        ensure(event.amount.is_positive(), "nothing moved, no event")?;
        ensure(event.amount == account.pending, "what is credited is what was received")?;
        let sources = std::mem::take(&mut account.pending_from);
        let are_named = event.source_transactions.of(columns) == sources;
        ensure(are_named, "a credit names the payments it comes from, in order")?;
        account.pending = Money::ZERO;
        account.balance += event.amount;
        ensure(event.balance_after == account.balance, "the balance is the recomputed one")
    }

    /// Returns what an agent can pay now with payments of a class.
    pub(super) fn available(
        &mut self,
        agent: AgentNo,
        class: RtgsPriority,
    ) -> Result<Money, &'static str> {
        let account = self.account(agent)?;
        let usable = Total::from((account.balance + account.permission()).or_zero());
        let Reservations { highly_urgent, urgent } = account.reserved;
        let kept = match class {
            RtgsPriority::Normal => Total::from(highly_urgent) + urgent.into(),
            RtgsPriority::Urgent => highly_urgent.into(),
            RtgsPriority::HighlyUrgent => Total::ZERO,
        };
        let left = (usable - kept).to_money().ok_or("what is available fits 64-bit money")?;
        Ok(left.or_zero())
    }

    pub(super) fn is_over_extended(&self, agent: AgentNo) -> bool {
        let account = self.accounts.get(agent.index());
        account.is_some_and(|account| account.balance.shortfall() > account.permission())
    }

    pub(super) fn note_over_extended(&mut self, event: &AgentOverExtended) -> Verdict {
        let account = self.account(event.agent_id)?;
        let beyond = account.balance.shortfall() - account.permission();
        ensure(event.shortfall == beyond, "the shortfall is credit used beyond permission")
    }

    pub(super) fn finish_tick(&self) -> Verdict {
        let credited = self.accounts.iter().all(|account| account.pending == Money::ZERO);
        ensure(credited, "what was received is credited by the end of the tick")?;
        let held: Total = self.accounts.iter().map(|account| account.balance).sum();
        ensure(held == self.in_system, "money is conserved")
    }

    pub(super) fn account(&mut self, agent: AgentNo) -> Result<&mut Account, &'static str> {
        self.accounts.get_mut(agent.index()).ok_or("events name agents that have opened")
    }
}

/// Returns what an agent pays in a set, less what it gets.
fn net(agent: AgentNo, set: &[Flow]) -> Total {
    let mut net = Total::ZERO;
    for flow in set {
        if flow.sender == agent {
            net += flow.amount;
        }
        if flow.receiver == agent {
            net -= flow.amount;
        }
    }
    net
}
