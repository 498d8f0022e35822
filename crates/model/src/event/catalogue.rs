//! The events. Add one here and it exists everywhere.

use super::choice::{DelayCostQueues, DropReason, HoldReason, OverExtensionCause, QueueReason};
use super::declare::events;
use super::field::{Cell, EventSpec, Field, FieldSpec, Loading, NewAgent, NewPayment, Text, Value};
use crate::{AgentNo, Fraction, Money, Multiplier, PaymentNo, Rate, TextColumn, Tick};

events! {
    /// The stream opens.
    RunStarted = 1 {
        /// Seed of the arrival generator.
        rng_seed: u64,
        /// Version of the engine.
        version: Text,
        /// BLAKE3 of the checked scenario, in hexadecimal.
        scenario_hash: Text,
        /// Ticks in a day.
        ticks_per_day: u32,
        /// Days in the run.
        num_days: u32,
        /// Seconds after midnight at which tick 0 of a day begins, if ticks have clock times.
        opens_at_seconds: Option<u32>,
        /// Length of a tick in seconds, if ticks have clock times.
        tick_seconds: Option<u32>,
        /// Currency code; empty if none was given.
        currency: Text,
        /// Decimal places of the currency's major unit.
        currency_decimals: u8,
    }

    /// What delay costs from now on; after `RunStarted`.
    DelayRatesSet = 2 {
        /// Minor units for each queued minor unit, each tick.
        delay_cost_per_tick_per_cent: Rate,
        /// What an overdue payment's delay cost is multiplied by.
        overdue_delay_multiplier: Multiplier,
        /// What it is multiplied by for priorities 8 to 10.
        urgent_multiplier: Multiplier,
        /// What it is multiplied by for priorities 4 to 7.
        normal_multiplier: Multiplier,
        /// What it is multiplied by for priorities 0 to 3.
        low_multiplier: Multiplier,
        /// Which queues it is charged in.
        delay_cost_queues: DelayCostQueues,
    }

    /// An agent takes part, with this at its disposal; once for each, in order, as the
    /// stream opens.
    AgentOpened = 3 {
        /// The agent.
        agent_id: NewAgent,
        /// Balance before the first tick.
        opening_balance: Money,
        /// How far its balance may go below zero without collateral.
        unsecured_cap: Money,
        /// Collateral posted, at nominal value.
        posted_collateral: Money,
        /// Share of the nominal value that the collateral is not worth.
        collateral_haircut: Fraction,
        /// Most collateral it may post.
        max_collateral_capacity: Money,
        /// Outside funds of which a share is brought in (0 if it has none).
        liquidity_pool: Money,
    }

    /// A share of an agent's liquidity pool is brought in at the start of a day.
    LiquidityAllocation = 4 {
        /// The agent.
        agent_id: AgentNo,
        /// The share.
        fraction: Fraction,
        /// What was brought in.
        amount: Money,
        /// Balance afterwards.
        balance_after: Money,
    }

    /// A payment enters its sender's queue 1.
    Arrival = 5 {
        /// The payment.
        tx_id: NewPayment,
        /// Who pays.
        sender_id: AgentNo,
        /// Who is paid.
        receiver_id: AgentNo,
        /// How much.
        amount: Money,
        /// Last tick on which it is on time.
        deadline_tick: Tick,
        /// First tick on which it may settle, if that is not now.
        earliest_tick: Option<Tick>,
        /// Priority, 0 to 10.
        priority: u8,
        /// Whether it may be split, if anything was said of it.
        divisible: Option<bool>,
    }

    /// A payment's deadline has passed; the deadline penalty falls due.
    TransactionWentOverdue = 6 {
        /// The payment.
        tx_id: PaymentNo,
        /// Who pays.
        sender_id: AgentNo,
        /// Who is paid.
        receiver_id: AgentNo,
        /// Its original amount.
        amount: Money,
        /// What of it is unsettled.
        remaining_amount: Money,
        /// Last tick on which it was on time.
        deadline_tick: Tick,
        /// Ticks since then.
        ticks_overdue: u32,
        /// The penalty, which the sender's `CostAccrual` of this tick contains.
        deadline_penalty_cost: Money,
    }

    /// A payment stays in queue 1: when it is first held and when the reason changes.
    PolicyHold = 7 {
        /// The payment.
        tx_id: PaymentNo,
        /// Its sender.
        agent_id: AgentNo,
        /// Why.
        reason: HoldReason,
    }

    /// A payment is released into the system.
    RtgsSubmission = 8 {
        /// The payment.
        tx_id: PaymentNo,
        /// Who pays.
        sender_id: AgentNo,
        /// Who is paid.
        receiver_id: AgentNo,
        /// How much.
        amount: Money,
        /// Priority, 0 to 10.
        priority: u8,
    }

    /// A payment settles on entry.
    RtgsImmediateSettlement = 9 {
        /// The payment.
        tx_id: PaymentNo,
        /// Who pays.
        sender_id: AgentNo,
        /// Who is paid.
        receiver_id: AgentNo,
        /// How much.
        amount: Money,
        /// The sender's balance before.
        sender_balance_before: Money,
        /// The sender's balance after.
        sender_balance_after: Money,
    }

    /// A payment cannot settle on entry and joins queue 2.
    QueuedRtgs = 10 {
        /// The payment.
        tx_id: PaymentNo,
        /// Who pays.
        sender_id: AgentNo,
        /// Who is paid.
        receiver_id: AgentNo,
        /// How much.
        amount: Money,
        /// What the sender had available at that moment.
        sender_available: Money,
        /// Why.
        reason: QueueReason,
    }

    /// A payment settles from queue 2.
    Queue2LiquidityRelease = 11 {
        /// The payment.
        tx_id: PaymentNo,
        /// Who pays.
        sender_id: AgentNo,
        /// Who is paid.
        receiver_id: AgentNo,
        /// How much.
        amount: Money,
        /// Ticks since it joined queue 2.
        queue_wait_ticks: u32,
        /// The sender's balance before.
        sender_balance_before: Money,
        /// The sender's balance after.
        sender_balance_after: Money,
    }

    /// The payment that has just settled was overdue; follows the event that settled it.
    OverdueTransactionSettled = 12 {
        /// The payment.
        tx_id: PaymentNo,
        /// Who pays.
        sender_id: AgentNo,
        /// Who is paid.
        receiver_id: AgentNo,
        /// Its original amount.
        amount: Money,
        /// What settled now.
        settled_amount: Money,
        /// Last tick on which it was on time.
        deadline_tick: Tick,
        /// Tick on which it became overdue.
        overdue_since_tick: Tick,
        /// Ticks since the deadline.
        total_ticks_overdue: u32,
        /// The deadline penalty that was charged.
        deadline_penalty_cost: Money,
    }

    /// An agent's costs of a tick, if there are any: the one event that books costs.
    CostAccrual = 13 {
        /// The agent.
        agent_id: AgentNo,
        /// For its negative balance.
        liquidity_cost: Money,
        /// For its queued payments.
        delay_cost: Money,
        /// For its posted collateral.
        collateral_cost: Money,
        /// Deadline and end-of-day penalties.
        penalty_cost: Money,
        /// For splitting.
        split_friction_cost: Money,
        /// For the liquidity it brought in from its pool.
        liquidity_opportunity_cost: Money,
        /// All six.
        total: Money,
    }

    /// A payment is unsettled at the end of a day though its deadline has come; explains a part of
    /// the sender's `CostAccrual` of this tick.
    EndOfDayPenalty = 14 {
        /// The payment.
        tx_id: PaymentNo,
        /// Its sender.
        agent_id: AgentNo,
        /// The penalty.
        amount: Money,
    }

    /// A day closes.
    EndOfDay = 15 {
        /// Payments in both queues.
        unsettled_count: u32,
        /// All penalties booked today, deadline and end-of-day.
        total_penalties: Money,
    }

    /// An agent's pool liquidity goes back at the end of a day.
    LiquidityReturn = 16 {
        /// The agent.
        agent_id: AgentNo,
        /// What went back.
        amount: Money,
        /// Balance afterwards.
        balance_after: Money,
    }

    /// Something other than a settlement left an agent beyond its permission.
    AgentOverExtended = 17 {
        /// The agent.
        agent_id: AgentNo,
        /// How far beyond.
        shortfall: Money,
        /// What did it.
        cause: OverExtensionCause,
    }

    /// A payment leaves the system unsettled.
    PolicyDrop = 18 {
        /// The payment.
        tx_id: PaymentNo,
        /// Its sender.
        agent_id: AgentNo,
        /// Why.
        reason: DropReason,
    }

    /// The last tick of the run is over.
    RunEnded = 19 {
        /// Payments left in both queues.
        unsettled_count: u32,
    }
}
