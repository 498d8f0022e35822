//! What the reference engine remembers of agents and payments.

use std::collections::BTreeMap;

use psim_model::event::{HoldReason, RtgsPriority};
use psim_model::{
    Agent, AgentNo, ArrivalStream, Fraction, Limits, Money, PaymentNo, Policy, Priority,
    ReleaseBudget, Tick, Total,
};

use super::policy::Kind;

/// An agent as it is now.
#[derive(Clone, Debug)]
pub(super) struct Account {
    pub(super) balance: Money,
    pub(super) unsecured_cap: Money,
    /// Collateral, at nominal value.
    pub(super) posted: Money,
    pub(super) haircut: Fraction,
    /// The highest sum of unsecured cap and posted collateral so far.
    pub(super) highest_credit: Money,
    /// When it last posted collateral.
    pub(super) last_posting: Option<Tick>,
    /// Collateral that will be withdrawn again, in order of posting.
    pub(super) timers: Vec<Timer>,
    /// What it has brought in from its pool and not returned.
    pub(super) allocated: Money,
    /// Own payments that are not released, in order.
    pub(super) queue1: Vec<PaymentNo>,
    /// Receipts that will be credited at the end of the tick, in order of settlement.
    pub(super) pending: Vec<Credit>,
    pub(super) policy: Policy,
    pub(super) limits: Limits,
    pub(super) is_out: bool,
    /// Caps on what it releases in this tick.
    pub(super) budget: Option<ReleaseBudget>,
    /// Receivers and amounts of what it has released in this tick within its budget.
    pub(super) released: Vec<(AgentNo, Money)>,
    /// Amounts of all that it has released in this tick.
    pub(super) submitted: Vec<Money>,
    /// What its policy remembers.
    pub(super) registers: BTreeMap<String, f64>,
    /// By tree: why it had no answer when it was asked last, if it had none.
    pub(super) last_faults: [Option<Kind>; 4],
    /// Value of its payments that were left over as the day began.
    pub(super) left_over: Total,
    /// Its generated arrivals, with weights as they are now.
    pub(super) arrivals: Vec<ArrivalStream>,
    /// What its arrival rates are multiplied by.
    pub(super) rate_factor: f64,
}

impl Account {
    pub(super) fn new(agent: &Agent) -> Self {
        Self {
            balance: agent.opening_balance,
            unsecured_cap: agent.unsecured_cap,
            posted: agent.posted_collateral,
            haircut: agent.collateral_haircut,
            highest_credit: agent.unsecured_cap + agent.posted_collateral,
            last_posting: None,
            timers: Vec::new(),
            allocated: Money::ZERO,
            queue1: Vec::new(),
            pending: Vec::new(),
            policy: agent.policy.clone(),
            limits: agent.limits.clone(),
            is_out: false,
            budget: None,
            released: Vec::new(),
            submitted: Vec::new(),
            registers: BTreeMap::new(),
            last_faults: [const { None }; 4],
            left_over: Total::ZERO,
            arrivals: agent.arrivals.clone(),
            rate_factor: 1.0,
        }
    }
}

/// Collateral that will be withdrawn again.
#[derive(Clone, Debug)]
pub(super) struct Timer {
    pub(super) amount: Money,
    pub(super) due: Tick,
    pub(super) posted_at: Tick,
    pub(super) reason: String,
}

/// A receipt that is not credited yet.
#[derive(Clone, Debug)]
pub(super) struct Credit {
    pub(super) amount: Money,
    /// The payments it comes from; none for a scheduled settlement.
    pub(super) sources: Vec<PaymentNo>,
}

/// A charge on an agent, and the tick on which it fell due.
#[derive(Clone, Copy, Debug)]
pub(super) struct Charge {
    pub(super) tick: Tick,
    pub(super) agent: AgentNo,
    pub(super) amount: Money,
}

/// Why a payment is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hold {
    pub(super) reason: HoldReason,
    /// The policy's own words, if the reason is `Custom`.
    pub(super) detail: Option<String>,
    /// The kind of the fault, if the reason is `PolicyFault`.
    pub(super) fault: Option<Kind>,
}

/// A payment as it is now.
#[derive(Clone, Debug)]
pub(super) struct Payment {
    pub(super) given_id: Option<String>,
    pub(super) sender: AgentNo,
    pub(super) receiver: AgentNo,
    pub(super) amount: Money,
    /// When it, or the whole that it is a part of, arrived.
    pub(super) arrived: Tick,
    pub(super) deadline: Tick,
    pub(super) earliest: Tick,
    pub(super) priority: Priority,
    /// The priority it arrived or was made with.
    pub(super) original_priority: Priority,
    /// What the escalation curve last added.
    pub(super) last_boost: u8,
    pub(super) class: RtgsPriority,
    pub(super) divisible: Option<bool>,
    /// The hold that was said last, since it was released last.
    pub(super) last_hold: Option<Hold>,
    /// Why its sender's policy had no answer when it was asked last, unless it was held for
    /// something else, released or withdrawn since.
    pub(super) last_fault: Option<Kind>,
    /// When it entered queue 1 last.
    pub(super) joined_queue1: Tick,
    pub(super) joined_queue2: Option<Tick>,
    /// What was charged for its deadline, once it is overdue.
    pub(super) deadline_penalty: Option<Money>,
    /// The payment it is a part of.
    pub(super) parent: Option<PaymentNo>,
    /// When it will be released, if it is a part that waits for its time.
    pub(super) release_at: Option<Tick>,
    /// What has become of it; nothing while it is on its way.
    pub(super) fate: Option<Fate>,
    /// When its sender gave it up.
    pub(super) given_up: Option<Tick>,
}

/// What becomes of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It has settled, or all its parts have.
    Settled,
    /// It was dropped, or all its parts have settled or were dropped.
    Dropped,
    /// It was split, and parts of it are on their way.
    Split,
}

/// What an arrival says of a payment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub(super) sender: AgentNo,
    pub(super) receiver: AgentNo,
    pub(super) amount: Money,
    /// As asked for; wide enough for a number of ticks from any tick on.
    pub(super) deadline: u64,
    pub(super) earliest: Tick,
    pub(super) priority: Priority,
    pub(super) class: RtgsPriority,
    pub(super) divisible: Option<bool>,
}

impl Payment {
    pub(super) fn new(terms: &Terms, now: Tick, deadline: Tick, given_id: Option<&str>) -> Self {
        Self {
            given_id: given_id.map(str::to_owned),
            sender: terms.sender,
            receiver: terms.receiver,
            amount: terms.amount,
            arrived: now,
            deadline,
            earliest: terms.earliest,
            priority: terms.priority,
            original_priority: terms.priority,
            last_boost: 0,
            class: terms.class,
            divisible: terms.divisible,
            last_hold: None,
            last_fault: None,
            joined_queue1: now,
            joined_queue2: None,
            deadline_penalty: None,
            parent: None,
            release_at: None,
            fate: None,
            given_up: None,
        }
    }
}

/// Money that settles, or has settled, from one agent to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flow {
    /// None for a scheduled settlement.
    pub(super) payment: Option<PaymentNo>,
    pub(super) sender: AgentNo,
    pub(super) receiver: AgentNo,
    pub(super) amount: Money,
    pub(super) class: RtgsPriority,
}
