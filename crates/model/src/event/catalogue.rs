//! The events. Add one here and it exists everywhere.

use serde::{Deserialize, Serialize};

use super::choice::{
    BlockKind, DelayCostQueues, DropReason, HoldReason, InstructionType, LimitsApplyTo,
    LimitsBasis, LsmAlgorithm, LsmBound, LsmResult, Origin, OverExtensionCause, PolicyTree,
    Queue1Ordering, QueueReason, Refusal, RtgsPriority, ScenarioEventType, SplitOutcome,
    TransferKind,
};
use super::columns::{AgentList, Columns, MoneyList, PaymentList};
use super::declare::{events, introduces};
use super::field::{
    Cell, EventSpec, Field, FieldSpec, Loading, NewAgent, NewPayment, Real, Text, Value,
};
use crate::{AgentNo, Fraction, Money, Multiplier, PaymentNo, Priority, Rate, Tick};

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

    /// What delay costs from now on; emitted as the stream opens, and again when a `CostRateChange`
    /// changes one of these.
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
        priority: Priority,
        /// Declared class.
        rtgs_priority: RtgsPriority,
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
        /// The policy's own words for it, if the reason is `Custom`.
        detail: Option<Text>,
        /// The way through the policy's tree that led here, where decisions are traced.
        decision_path: Option<Text>,
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
        priority: Priority,
        /// The class it is declared with.
        rtgs_priority: RtgsPriority,
        /// The way through the policy's tree that led here, where decisions are traced.
        decision_path: Option<Text>,
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
        /// What the sender had available for its class at that moment.
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

    /// A payment is unsettled at the end of a day though its deadline has come, or was dropped by
    /// its sender during the day; part of the sender's `CostAccrual` of this tick. There is none
    /// if the penalty is 0.
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
        /// The deadline penalty that falls due with it, which the sender's `CostAccrual` of this
        /// tick contains (0 if it was charged before, or the day has closed).
        deadline_penalty_cost: Money,
        /// The way through the policy's tree that led here, where decisions are traced.
        decision_path: Option<Text>,
    }

    /// The last tick of the run is over.
    RunEnded = 19 {
        /// Payments left in both queues.
        unsettled_count: u32,
    }

    /// The rules that a reader of the stream needs to know; after `RunStarted`.
    RulesSet = 20 {
        /// In which order agents look at their queue 1.
        queue1_ordering: Queue1Ordering,
        /// Whether queue 2 goes by declared class and priority band before entry.
        priority_mode: bool,
        /// Whether receipts can be used from the next tick only.
        deferred_crediting: bool,
        /// How the use of limits is counted.
        limits_basis: LimitsBasis,
        /// Which payments limits bind and count.
        limits_apply_to: LimitsApplyTo,
    }

    /// An agent's limits from now on, replacing those before; as the stream opens only for agents
    /// that have some.
    LimitsSet = 21 {
        /// The agent.
        agent_id: AgentNo,
        /// Cap on what it pays to all receivers together in a day, if there is one.
        multilateral_limit: Option<Money>,
        /// The receivers that have a cap of their own.
        counterparties: AgentList,
        /// Their caps, in the same order.
        bilateral_limits: MoneyList,
    }

    /// What an agent's payments of lower classes leave alone; as the stream opens, only for agents
    /// that reserve something.
    ReservationsSet = 22 {
        /// The agent.
        agent_id: AgentNo,
        /// Kept for highly urgent payments.
        highly_urgent: Money,
        /// Kept, besides, for urgent payments.
        urgent: Money,
    }

    /// An instruction was given between ticks; what it causes follows.
    InstructionGiven = 23 {
        /// By whom.
        origin: Origin,
        /// What kind.
        instruction_type: InstructionType,
        /// The agent it is for, if it names one.
        agent_id: Option<AgentNo>,
        /// The payment it is about, if that exists already.
        tx_id: Option<PaymentNo>,
        /// All arguments, as a JSON object.
        arguments: Text,
        /// Why it was not carried out, if it was not.
        refusal: Option<Refusal>,
    }

    /// A scheduled event is due; what it causes follows.
    ScenarioEventExecuted = 24 {
        /// What kind.
        scenario_event_type: ScenarioEventType,
        /// The agent it is about or that pays, if it names one.
        agent_id: Option<AgentNo>,
        /// The agent that is paid, if it names one.
        counterparty_id: Option<AgentNo>,
        /// All arguments, as a JSON object.
        details_json: Text,
        /// Whether it was carried out.
        applied: bool,
        /// Why not, if it was not.
        reason: Option<Refusal>,
    }

    /// Money moves without a payment.
    FundsTransferred = 25 {
        /// Who pays.
        sender_id: AgentNo,
        /// Who is paid: at once, or with this tick's deferred credits if receipts are deferred and
        /// it is a settlement.
        receiver_id: AgentNo,
        /// How much.
        amount: Money,
        /// On what ground.
        kind: TransferKind,
        /// The sender's balance before.
        sender_balance_before: Money,
        /// The sender's balance after.
        sender_balance_after: Money,
    }

    /// An agent's unsecured cap changes.
    CreditLimitChanged = 26 {
        /// The agent.
        agent_id: AgentNo,
        /// How far its balance may now go below zero without collateral.
        unsecured_cap: Money,
        /// Most collateral it may now post.
        max_collateral_capacity: Money,
    }

    /// An agent's collateral changes its value without being posted or withdrawn.
    CollateralValueChanged = 27 {
        /// The agent.
        agent_id: AgentNo,
        /// What is posted now, at nominal value.
        posted_collateral: Money,
        /// Share of the nominal value that it is not worth now.
        collateral_haircut: Fraction,
    }

    /// An agent cannot send from now on.
    ParticipantOutage = 28 {
        /// The agent.
        agent_id: AgentNo,
    }

    /// An agent can send again.
    ParticipantRecovery = 29 {
        /// The agent.
        agent_id: AgentNo,
    }

    /// The cut-off of this day moves.
    CutOffChanged = 30 {
        /// Last tick of the day on which payments enter the system.
        cutoff_tick_in_day: u32,
    }

    /// An agent has another policy from now on.
    PolicyReplaced = 31 {
        /// The agent.
        agent_id: AgentNo,
        /// The name of the new policy.
        policy: Text,
        /// Its document, as JSON text.
        document: Text,
        /// Who replaced it.
        origin: Origin,
    }

    /// An agent posts collateral.
    CollateralPost = 32 {
        /// The agent.
        agent_id: AgentNo,
        /// What was posted, at nominal value.
        amount: Money,
        /// What was to be posted.
        requested_amount: Money,
        /// Why, in its own words (empty if nothing was said).
        reason: Text,
        /// What is posted now.
        new_total: Money,
        /// Who asked for it.
        origin: Origin,
        /// The way through the policy's tree that led here, where decisions are traced.
        decision_path: Option<Text>,
    }

    /// An agent withdraws collateral.
    CollateralWithdraw = 33 {
        /// The agent.
        agent_id: AgentNo,
        /// What was withdrawn, at nominal value.
        amount: Money,
        /// What was to be withdrawn.
        requested_amount: Money,
        /// Why, in its own words (empty if nothing was said).
        reason: Text,
        /// What is posted now.
        new_total: Money,
        /// Who asked for it.
        origin: Origin,
        /// The way through the policy's tree that led here, where decisions are traced.
        decision_path: Option<Text>,
    }

    /// Collateral that was just posted will be withdrawn again.
    CollateralTimerScheduled = 34 {
        /// The agent.
        agent_id: AgentNo,
        /// How much.
        amount: Money,
        /// When.
        due_tick: Tick,
    }

    /// Collateral whose time has come is withdrawn, as far as it is not needed.
    CollateralTimerWithdrawn = 35 {
        /// The agent.
        agent_id: AgentNo,
        /// What was withdrawn.
        amount: Money,
        /// What was to be withdrawn.
        requested_amount: Money,
        /// The reason for which it was posted.
        original_reason: Text,
        /// When it was posted.
        posted_at_tick: Tick,
        /// What is posted now.
        new_total: Money,
    }

    /// Collateral whose time has come is needed and stays.
    CollateralTimerBlocked = 36 {
        /// The agent.
        agent_id: AgentNo,
        /// What was to be withdrawn.
        requested_amount: Money,
        /// The reason for which it was posted.
        original_reason: Text,
        /// When it was posted.
        posted_at_tick: Tick,
    }

    /// An agent caps what it releases in this tick.
    BankBudgetSet = 37 {
        /// The agent.
        agent_id: AgentNo,
        /// For all receivers together.
        max_value_to_release: Money,
        /// Whether only some receivers may be paid.
        has_focus: bool,
        /// Which, if so.
        focus_counterparties: AgentList,
        /// For each receiver, if that is capped.
        max_per_counterparty: Option<Money>,
        /// The way through the policy's tree that led here, where decisions are traced.
        decision_path: Option<Text>,
    }

    /// A payment's priority rises as its deadline comes near.
    PriorityEscalated = 38 {
        /// The payment.
        tx_id: PaymentNo,
        /// Its sender.
        sender_id: AgentNo,
        /// The priority it came with.
        original_priority: Priority,
        /// The priority it has now.
        escalated_priority: Priority,
        /// Ticks to its deadline (0 after it).
        ticks_until_deadline: u32,
        /// What the curve adds to the original priority.
        boost_applied: u8,
    }

    /// A payment's priority is changed by its sender.
    TransactionReprioritized = 39 {
        /// The payment.
        tx_id: PaymentNo,
        /// Its sender.
        agent_id: AgentNo,
        /// The priority it had.
        old_priority: Priority,
        /// The priority it has now.
        new_priority: Priority,
        /// The way through the policy's tree that led here, where decisions are traced.
        decision_path: Option<Text>,
    }

    /// A payment is replaced by its parts, which are payments of their own without an arrival.
    PolicySplit = 40 {
        /// The payment that is split.
        tx_id: PaymentNo,
        /// Its sender.
        agent_id: AgentNo,
        /// Number of parts.
        num_splits: u32,
        /// The parts.
        child_ids: PaymentList as new,
        /// Their amounts, in the same order.
        child_amounts: MoneyList,
        /// How many of them, from the first, are released now.
        released_now: u32,
        /// Ticks between the releases of the others (0 if there are none).
        gap_ticks: u32,
        /// The parts' priority.
        child_priority: Priority,
        /// What escalation of the parts starts from.
        child_original_priority: Priority,
        /// What it cost, which the sender's `CostAccrual` of this tick contains.
        split_friction_cost: Money,
        /// The way through the policy's tree that led here, where decisions are traced.
        decision_path: Option<Text>,
    }

    /// The last part of a split payment has settled or was dropped.
    SplitCompleted = 41 {
        /// The payment that was split.
        tx_id: PaymentNo,
        /// Its sender.
        agent_id: AgentNo,
        /// What has become of it.
        outcome: SplitOutcome,
    }

    /// A payment leaves queue 2 for the end of its sender's queue 1.
    RtgsWithdrawal = 42 {
        /// The payment.
        tx_id: PaymentNo,
        /// Its sender.
        sender_id: AgentNo,
        /// The class it was queued with.
        original_rtgs_priority: RtgsPriority,
        /// Who took it out.
        origin: Origin,
        /// The way through the policy's tree that led here, where decisions are traced.
        decision_path: Option<Text>,
    }

    /// A payment gets another declared class: in queue 2 it moves behind the others of that class,
    /// in queue 1 it will be released with it.
    RtgsResubmission = 43 {
        /// The payment.
        tx_id: PaymentNo,
        /// Its sender.
        sender_id: AgentNo,
        /// The class it had.
        old_rtgs_priority: RtgsPriority,
        /// The class it has now.
        new_rtgs_priority: RtgsPriority,
        /// Who declared it anew.
        origin: Origin,
        /// The way through the policy's tree that led here, where decisions are traced.
        decision_path: Option<Text>,
    }

    /// A payment that joins queue 2 is more than its sender's limit for the receiver admits.
    BilateralLimitExceeded = 44 {
        /// The payment.
        tx_id: PaymentNo,
        /// Who pays.
        sender_id: AgentNo,
        /// Who is paid.
        receiver_id: AgentNo,
        /// How much.
        amount: Money,
        /// The limit.
        bilateral_limit: Money,
        /// What of it is used today, or as near as 64 bits come.
        current_bilateral_outflow: Money,
        /// What is left of it, below zero if the limit was lowered.
        room: Money,
    }

    /// A payment that joins queue 2 is more than its sender's limit for all receivers admits.
    MultilateralLimitExceeded = 45 {
        /// The payment.
        tx_id: PaymentNo,
        /// Who pays.
        sender_id: AgentNo,
        /// Who is paid.
        receiver_id: AgentNo,
        /// How much.
        amount: Money,
        /// The limit.
        multilateral_limit: Money,
        /// What of it is used today, or as near as 64 bits come.
        current_total_outflow: Money,
        /// What is left of it, below zero if the limit was lowered.
        room: Money,
    }

    /// A payment that cannot settle on entry settles together with one queued the other way.
    EntryDispositionOffset = 46 {
        /// The entering payment, then the queued one.
        tx_ids: PaymentList,
        /// Their amounts, in the same order.
        tx_amounts: MoneyList,
        /// The two agents: who sends the entering payment, then who receives it.
        agents: AgentList,
        /// What each gets on balance (below zero: pays), in the same order.
        net_positions: MoneyList,
        /// The sum of the amounts, or as near as 64 bits come.
        total_value: Money,
        /// The most that an agent pays on balance.
        max_net_outflow: Money,
        /// Who pays it; none if nobody pays on balance.
        max_net_outflow_agent: Option<AgentNo>,
    }

    /// An agent gets what it has received in this tick, if receipts are deferred.
    DeferredCreditApplied = 47 {
        /// The agent.
        agent_id: AgentNo,
        /// How much.
        amount: Money,
        /// Balance afterwards.
        balance_after: Money,
        /// The payments it comes from, in order of settlement.
        source_transactions: PaymentList,
    }

    /// Queued payments of two agents settle together.
    LsmBilateralOffset = 48 {
        /// The payments of the agent with the lower id, then those of the other, in queue order.
        tx_ids: PaymentList,
        /// Their amounts, in the same order.
        tx_amounts: MoneyList,
        /// The two agents, ascending by id.
        agents: AgentList,
        /// What each gets on balance (below zero: pays), in the same order.
        net_positions: MoneyList,
        /// The sum of the amounts, or as near as 64 bits come.
        total_value: Money,
        /// The most that an agent pays on balance.
        max_net_outflow: Money,
        /// Who pays it; none if nobody pays on balance.
        max_net_outflow_agent: Option<AgentNo>,
    }

    /// Queued payments around a ring of agents settle together.
    LsmCycleSettlement = 49 {
        /// The payments of each agent to the next, in queue order.
        tx_ids: PaymentList,
        /// Their amounts, in the same order.
        tx_amounts: MoneyList,
        /// The ring: each agent pays the next and the last pays the first, the one with the lowest
        /// id.
        agents: AgentList,
        /// What each gets on balance (below zero: pays), in the same order.
        net_positions: MoneyList,
        /// The sum of the amounts, or as near as 64 bits come.
        total_value: Money,
        /// The most that an agent pays on balance.
        max_net_outflow: Money,
        /// Who pays it, the first of them; none if nobody pays on balance.
        max_net_outflow_agent: Option<AgentNo>,
    }

    /// Queued payments of any agents settle together.
    LsmBatchSettlement = 50 {
        /// The algorithm that found them.
        algorithm: LsmAlgorithm,
        /// The payments, sender by sender ascending by id, each sender's in queue order (`Partial`:
        /// by class, band and entry).
        tx_ids: PaymentList,
        /// Their amounts, in the same order.
        tx_amounts: MoneyList,
        /// All who pay or are paid, ascending by id.
        agents: AgentList,
        /// What each gets on balance (below zero: pays), in the same order.
        net_positions: MoneyList,
        /// The sum of the amounts, or as near as 64 bits come.
        total_value: Money,
        /// The most that an agent pays on balance.
        max_net_outflow: Money,
        /// Who pays it, the first of them; none if nobody pays on balance.
        max_net_outflow_agent: Option<AgentNo>,
    }

    /// A run of an algorithm is over, where `algorithm_sequencing` is on.
    AlgorithmExecution = 51 {
        /// Its place in the list of algorithms, from 1.
        algorithm: u32,
        /// The algorithm.
        name: LsmAlgorithm,
        /// Whether payments settled.
        result: LsmResult,
        /// How many.
        settlements: u32,
        /// Their value, or as near as 64 bits come.
        settled_value: Money,
    }

    /// Liquidity saving ends at a bound; what has settled stays.
    LsmBoundReached = 52 {
        /// Which bound.
        bound: LsmBound,
        /// Its value.
        limit: u64,
        /// The algorithm that was to go on.
        name: LsmAlgorithm,
    }

    /// Payments of queue 2 could be tested and nothing at all settled in this tick: told when that
    /// begins, and when it becomes the other kind.
    QueueBlocked = 53 {
        /// Why they cannot move.
        kind: BlockKind,
        /// How many could be tested.
        payments: u32,
        /// Their value, or as near as 64 bits come.
        value: Money,
        /// How many of them could settle together at most, in the order of the queues.
        could_settle: u32,
    }

    /// A policy that agents follow from the start, unless it is `fifo`; as the stream opens, once
    /// for each.
    PolicyFollowed = 54 {
        /// Its name.
        policy: Text,
        /// Its document, as JSON text.
        document: Text,
        /// The agents that follow it.
        agents: AgentList,
    }

    /// A policy could not be evaluated: the payment is held, or the bank does nothing; told when it
    /// happens first and when it happens otherwise, each time where decisions are traced.
    PolicyFault = 55 {
        /// The agent.
        agent_id: AgentNo,
        /// The payment that was decided on, if it was one.
        tx_id: Option<PaymentNo>,
        /// The tree.
        tree: PolicyTree,
        /// The id of the node that failed.
        node: Text,
        /// What happened there.
        message: Text,
        /// The way through the tree up to there, where decisions are traced.
        decision_path: Option<Text>,
    }

    /// A register of an agent's policy changes.
    StateRegisterSet = 56 {
        /// The agent.
        agent_id: AgentNo,
        /// The register.
        register_key: Text,
        /// What it held.
        old_value: Real,
        /// What it holds now.
        new_value: Real,
        /// Why, in the policy's words (empty if nothing was said); `end_of_day` or
        /// `policy_change` if it was emptied for that.
        reason: Text,
        /// The way through the policy's tree that led here, where decisions are traced.
        decision_path: Option<Text>,
    }

    /// A policy was evaluated and no other event says so; only where decisions are traced.
    PolicyDecision = 57 {
        /// The agent.
        agent_id: AgentNo,
        /// The payment that was decided on, if it was one.
        tx_id: Option<PaymentNo>,
        /// The tree.
        tree: PolicyTree,
        /// The way through the tree.
        decision_path: Text,
    }
}
