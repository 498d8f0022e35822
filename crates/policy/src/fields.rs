//! The table of fields: everything a policy can read.
//!
//! One line here and a field exists for the checker, the compiler, the schema and the
//! documentation; the engine does not compile until it says where it is computed.

use crate::tree::Trees;

/// What a field is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Minor units of money.
    Money,
    /// Ticks, or a tick of the run or of the day.
    Ticks,
    /// A number of things.
    Count,
    /// A ratio.
    Ratio,
    /// 1 for yes, 0 for no.
    Flag,
    /// A rank: priority 0 to 10, or class 0 to 2.
    Rank,
    /// Basis points a tick.
    BpsPerTick,
    /// Minor units a tick for each minor unit waiting.
    PerTick,
    /// A number that stands for an agent's id, to be compared and nothing else.
    IdHash,
}

/// What a field is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// The payment that is decided on.
    Transaction,
    /// The bank's balance and credit.
    Agent,
    /// The bank's own queue 1 and what it releases.
    Queue,
    /// Queue 2 and the system.
    System,
    /// Collateral and the liquidity pool.
    Collateral,
    /// What things cost, and what the bank has been charged.
    Cost,
    /// The clock.
    Time,
    /// What was paid and received so far.
    Throughput,
    /// Queued payments by counterparty, and liquidity saving.
    Lsm,
    /// Limits on what the bank pays in a day.
    Limit,
}

/// What is declared of one field.
#[derive(Debug)]
pub struct FieldSpec {
    /// Its name in documents.
    pub name: &'static str,
    /// What it is about.
    pub topic: Topic,
    /// What it is counted in.
    pub unit: Unit,
    /// The trees that may name it.
    pub trees: Trees,
    /// What it says, as a sentence.
    pub meaning: &'static str,
}

macro_rules! fields {
    ($( $variant:ident $name:literal $topic:ident $unit:ident $trees:ident $meaning:literal )*) => {
        /// A field that a policy can read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        #[allow(missing_docs)] // the table says it, where people read it
        pub enum Field { $( $variant, )* }

        impl Field {
            /// All fields, in the order of the table.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )*];

            /// Finds a field by its name or an alias.
            pub fn named(name: &str) -> Option<Self> {
                match unalias(name) {
                    $( $name => Some(Self::$variant), )*
                    _ => None,
                }
            }
        }

        static SPECS: &[FieldSpec] = &[$( FieldSpec {
            name: $name,
            topic: Topic::$topic,
            unit: Unit::$unit,
            trees: Trees::$trees,
            meaning: $meaning,
        }, )*];
    };
}

impl Field {
    /// Returns what is declared of the field.
    pub fn spec(self) -> &'static FieldSpec {
        &SPECS[self as usize]
    }

    /// Returns its name in documents.
    pub fn name(self) -> &'static str {
        self.spec().name
    }
}

/// Other names of fields, each with the name in the table.
pub const ALIASES: &[(&str, &str)] = &[
    ("credit_limit", "unsecured_cap"),
    ("queue1_size", "outgoing_queue_size"),
    ("queue2_size", "rtgs_queue_size"),
    ("time_in_queue", "ticks_since_arrival"),
];

fn unalias(name: &str) -> &str {
    ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, name)| name)
}

fields! {
    // ---- the payment ----
    Amount "amount" Transaction Money PAYMENT
        "Its original amount."
    RemainingAmount "remaining_amount" Transaction Money PAYMENT
        "The unsettled part: the whole amount, since payments settle in full."
    SettledAmount "settled_amount" Transaction Money PAYMENT
        "What of it has settled: nothing, while it waits."
    ArrivalTick "arrival_tick" Transaction Ticks PAYMENT
        "The tick in which it entered queue 1; for a part, in which the whole did."
    DeadlineTick "deadline_tick" Transaction Ticks PAYMENT
        "The last tick on which it is on time."
    EarliestTick "earliest_tick" Transaction Ticks PAYMENT
        "The first tick on which it may settle."
    Priority "priority" Transaction Rank PAYMENT
        "Its current priority, 0 to 10, after this tick's escalation."
    OriginalPriority "original_priority" Transaction Rank PAYMENT
        "The priority it came with."
    RtgsPriority "rtgs_priority" Transaction Rank PAYMENT
        "Its declared class: 0 Normal, 1 Urgent, 2 HighlyUrgent."
    IsSplit "is_split" Transaction Flag PAYMENT
        "Whether it is a part of a payment that was split."
    IsDivisible "is_divisible" Transaction Flag PAYMENT
        "Whether it may be split."
    IsPastDeadline "is_past_deadline" Transaction Flag PAYMENT
        "Whether this tick is after its deadline."
    IsOverdue "is_overdue" Transaction Flag PAYMENT
        "Whether it has become overdue, which happens on the tick after its deadline."
    OverdueDuration "overdue_duration" Transaction Ticks PAYMENT
        "Ticks since it became overdue; 0 if it is not."
    IsInQueue2 "is_in_queue2" Transaction Flag PAYMENT
        "Whether it waits in queue 2."
    TicksToDeadline "ticks_to_deadline" Transaction Ticks PAYMENT
        "Ticks from now to its deadline, below zero after it."
    QueueAge "queue_age" Transaction Ticks PAYMENT
        "Ticks since it entered the queue in which it waits."
    TicksSinceArrival "ticks_since_arrival" Transaction Ticks PAYMENT
        "Ticks since it arrived; for a part, since the whole did."
    CostDelayThisTxOneTick "cost_delay_this_tx_one_tick" Transaction Money PAYMENT
        "What one tick of delay costs for it, before multipliers, unrounded."
    CostOverdraftThisAmountOneTick "cost_overdraft_this_amount_one_tick" Transaction Money PAYMENT
        "What one tick of overdraft of its amount costs, unrounded."

    // ---- the bank ----
    Balance "balance" Agent Money ALL
        "Balance, below zero in overdraft."
    UnsecuredCap "unsecured_cap" Agent Money ALL
        "How far the balance may go below zero without collateral."
    CreditUsed "credit_used" Agent Money ALL
        "How far the balance is below zero."
    AvailableLiquidity "available_liquidity" Agent Money ALL
        "What it can pay: balance and unused credit, never below zero; in the payment tree less \
         what is reserved for higher classes than this payment's."
    CreditHeadroom "credit_headroom" Agent Money ALL
        "Unsecured cap less credit used."
    EffectiveLiquidity "effective_liquidity" Agent Money ALL
        "Balance, unsecured cap and collateral value together."
    IsUsingCredit "is_using_credit" Agent Flag ALL
        "Whether the balance is below zero."
    LiquidityBuffer "liquidity_buffer" Agent Money ALL
        "The agent's `liquidity_buffer` in the scenario."
    IsOverdraftCapped "is_overdraft_capped" Agent Flag ALL
        "Whether overdrafts are capped: always."
    LiquidityPressure "liquidity_pressure" Agent Ratio ALL
        "1 less the share of the positive balance in balance, cap and posted collateral; 1 if \
         these are 0 together."
    AllowedOverdraftLimit "allowed_overdraft_limit" Agent Money ALL
        "How far the balance may go below zero: unsecured cap and collateral value."
    OverdraftHeadroom "overdraft_headroom" Agent Money ALL
        "That less credit used, below zero if it is exceeded."
    OverdraftUtilization "overdraft_utilization" Agent Ratio ALL
        "Credit used as a share of the allowed overdraft; 0 if none is allowed."
    LiquidityPool "liquidity_pool" Agent Money ALL
        "Outside funds of which a share can be brought in."
    LiquidityAllocated "liquidity_allocated" Agent Money ALL
        "Amount currently drawn from the pool."

    // ---- queue 1 ----
    OutgoingQueueSize "outgoing_queue_size" Queue Count ALL
        "Payments in its queue 1."
    Queue1TotalValue "queue1_total_value" Queue Money ALL
        "Their value."
    Queue1LiquidityGap "queue1_liquidity_gap" Queue Money ALL
        "Queue-1 value beyond balance and unused credit."
    Headroom "headroom" Queue Money ALL
        "Balance and unused credit (never below zero) less the value in queue 1."
    ValueReleasedThisTick "value_released_this_tick" Queue Money ALL
        "What it has released in this tick so far."
    CountReleasedThisTick "count_released_this_tick" Queue Count ALL
        "How many payments it has released in this tick so far; each part counts."
    ReleaseBudgetRemaining "release_budget_remaining" Queue Money ALL
        "What is left of its release budget of this tick; infinite without one."

    // ---- the system ----
    CurrentTick "current_tick" System Ticks ALL
        "This tick, from 0."
    TotalAgents "total_agents" System Count ALL
        "Number of agents."
    RtgsQueueSize "rtgs_queue_size" System Count ALL
        "Payments in queue 2, all senders."
    RtgsQueueValue "rtgs_queue_value" System Money ALL
        "Their value."
    Queue2CountForAgent "queue2_count_for_agent" System Count ALL
        "Its own payments in queue 2."
    Queue2NearestDeadline "queue2_nearest_deadline" System Ticks ALL
        "The earliest deadline of these; infinite if there are none."
    TicksToNearestQueue2Deadline "ticks_to_nearest_queue2_deadline" System Ticks ALL
        "Ticks to it, at least 0; infinite if there are none."
    SystemQueue2PressureIndex "system_queue2_pressure_index" System Ratio ALL
        "0 if queue 2 is empty, else 1/(1 + exp(-2 * size / (10 * agents)))."

    // ---- collateral ----
    PostedCollateral "posted_collateral" Collateral Money ALL
        "Posted collateral at nominal value."
    CollateralValue "collateral_value" Collateral Money ALL
        "What it is worth after the haircut."
    MaxCollateralCapacity "max_collateral_capacity" Collateral Money ALL
        "Most that may be posted."
    RemainingCollateralCapacity "remaining_collateral_capacity" Collateral Money ALL
        "What may still be posted."
    CollateralUtilization "collateral_utilization" Collateral Ratio ALL
        "Posted as a share of the most that may be; 0 if nothing may."
    CollateralHaircut "collateral_haircut" Collateral Ratio ALL
        "Share of the nominal value that collateral is not worth."
    RequiredCollateralForUsage "required_collateral_for_usage" Collateral Money ALL
        "Least nominal collateral that backs the credit used beyond the unsecured cap; 0 if \
         collateral is worth nothing."
    ExcessCollateral "excess_collateral" Collateral Money ALL
        "Posted collateral beyond that."
    WithdrawableCollateral "withdrawable_collateral" Collateral Money ALL
        "What could be withdrawn now: 0 within the holding period."

    // ---- costs ----
    CostOverdraftBpsPerTick "cost_overdraft_bps_per_tick" Cost BpsPerTick ALL
        "Overdraft rate in force."
    CostDelayPerTickPerCent "cost_delay_per_tick_per_cent" Cost PerTick ALL
        "Delay rate in force."
    CostCollateralBpsPerTick "cost_collateral_bps_per_tick" Cost BpsPerTick ALL
        "Collateral rate in force."
    CostLiquidityBpsPerTick "cost_liquidity_bps_per_tick" Cost BpsPerTick ALL
        "Rate of what is brought in from the pool."
    CostSplitFriction "cost_split_friction" Cost Money ALL
        "What each part beyond the first costs."
    CostOverdueDelayMultiplier "cost_overdue_delay_multiplier" Cost Ratio ALL
        "What delay cost is multiplied by once a payment is overdue."
    CostDeadlinePenalty "cost_deadline_penalty" Cost Money ALL
        "Deadline penalty: of this payment; elsewhere of one of the mean amount of its payments in \
         both queues (rounded down), 0 if it has none."
    CostEodPenalty "cost_eod_penalty" Cost Money ALL
        "End-of-day penalty, likewise."
    MyCostToday "my_cost_today" Cost Money ALL
        "All costs booked today, to the end of the tick before."
    MyCostTotal "my_cost_total" Cost Money ALL
        "All costs booked since the run began, to the end of the tick before."
    MyLiquidityCostToday "my_liquidity_cost_today" Cost Money ALL
        "Overdraft costs booked today."
    MyDelayCostToday "my_delay_cost_today" Cost Money ALL
        "Delay costs booked today."
    MyCollateralCostToday "my_collateral_cost_today" Cost Money ALL
        "Collateral costs booked today."
    MyPenaltyCostToday "my_penalty_cost_today" Cost Money ALL
        "Penalties booked today."

    // ---- time ----
    SystemTicksPerDay "system_ticks_per_day" Time Ticks ALL
        "Ticks in a day."
    SystemCurrentDay "system_current_day" Time Count ALL
        "This day, from 0."
    SystemTickInDay "system_tick_in_day" Time Ticks ALL
        "This tick of the day, from 0."
    TicksRemainingInDay "ticks_remaining_in_day" Time Ticks ALL
        "Ticks after this one on this day."
    DayProgressFraction "day_progress_fraction" Time Ratio ALL
        "Tick of the day divided by the ticks in a day."
    IsEodRush "is_eod_rush" Time Flag ALL
        "Whether day progress has reached the scenario's `eod_rush_threshold`."
    TicksToCutoff "ticks_to_cutoff" Time Ticks ALL
        "Ticks to the last one on which payments enter the system, below zero after it."

    // ---- throughput ----
    MyThroughputFractionToday "my_throughput_fraction_today" Throughput Ratio ALL
        "Value of own payments settled today, as a share of what arrived today and what was \
         unsettled as the day began; 0 if that is 0."
    ExpectedThroughputFractionByNow "expected_throughput_fraction_by_now" Throughput Ratio ALL
        "Day progress."
    ThroughputGap "throughput_gap" Throughput Ratio ALL
        "The first less the second."
    SystemThroughputGuidanceFractionByTick "system_throughput_guidance_fraction_by_tick" Throughput
        Ratio ALL
        "What should have settled by now by the scenario's `throughput_guideline`; day progress \
         without one."
    MyValueSentToday "my_value_sent_today" Throughput Money ALL
        "Value of own payments settled today."
    MyValueReceivedToday "my_value_received_today" Throughput Money ALL
        "Value of payments received today."

    // ---- counterparties and liquidity saving ----
    IncomingExpectedCount "incoming_expected_count" Lsm Count ALL
        "Payments to it in queue 2."
    IncomingExpectedValue "incoming_expected_value" Lsm Money ALL
        "Their value."
    LsmRunRateLast10Ticks "lsm_run_rate_last_10_ticks" Lsm Ratio ALL
        "Payments settled in sets in the ten ticks before this one, divided by 10."
    TxCounterpartyId "tx_counterparty_id" Lsm IdHash PAYMENT
        "Who is paid."
    TxIsTopCounterparty "tx_is_top_counterparty" Lsm Flag PAYMENT
        "Whether the receiver is among its five largest counterparties by value settled in both \
         directions since the start."
    MyQ2OutValueToCounterparty "my_q2_out_value_to_counterparty" Lsm Money PAYMENT
        "Value of its payments to the receiver in queue 2."
    MyQ2InValueFromCounterparty "my_q2_in_value_from_counterparty" Lsm Money PAYMENT
        "Value of the receiver's payments to it in queue 2."
    MyBilateralNetQ2 "my_bilateral_net_q2" Lsm Money PAYMENT
        "The first less the second."
    MyQ2OutValueTop1 "my_q2_out_value_top_1" Lsm Money ALL
        "Value in queue 2 to the counterparty with the most."
    MyQ2OutValueTop2 "my_q2_out_value_top_2" Lsm Money ALL "The same, second."
    MyQ2OutValueTop3 "my_q2_out_value_top_3" Lsm Money ALL "The same, third."
    MyQ2OutValueTop4 "my_q2_out_value_top_4" Lsm Money ALL "The same, fourth."
    MyQ2OutValueTop5 "my_q2_out_value_top_5" Lsm Money ALL "The same, fifth."
    MyQ2InValueTop1 "my_q2_in_value_top_1" Lsm Money ALL
        "Value in queue 2 from the counterparty with the most."
    MyQ2InValueTop2 "my_q2_in_value_top_2" Lsm Money ALL "The same, second."
    MyQ2InValueTop3 "my_q2_in_value_top_3" Lsm Money ALL "The same, third."
    MyQ2InValueTop4 "my_q2_in_value_top_4" Lsm Money ALL "The same, fourth."
    MyQ2InValueTop5 "my_q2_in_value_top_5" Lsm Money ALL "The same, fifth."
    MyBilateralNetQ2Top1 "my_bilateral_net_q2_top_1" Lsm Money ALL
        "Value out less value in, in queue 2, of the counterparty for which it is largest without \
         its sign."
    MyBilateralNetQ2Top2 "my_bilateral_net_q2_top_2" Lsm Money ALL "The same, second."
    MyBilateralNetQ2Top3 "my_bilateral_net_q2_top_3" Lsm Money ALL "The same, third."
    MyBilateralNetQ2Top4 "my_bilateral_net_q2_top_4" Lsm Money ALL "The same, fourth."
    MyBilateralNetQ2Top5 "my_bilateral_net_q2_top_5" Lsm Money ALL "The same, fifth."
    TopCpty1IdHash "top_cpty_1_id_hash" Lsm IdHash ALL
        "The largest counterparty by value settled in both directions since the start; 0 if \
         nothing has settled with anybody."
    TopCpty2IdHash "top_cpty_2_id_hash" Lsm IdHash ALL "The same, second."
    TopCpty3IdHash "top_cpty_3_id_hash" Lsm IdHash ALL "The same, third."
    TopCpty4IdHash "top_cpty_4_id_hash" Lsm IdHash ALL "The same, fourth."
    TopCpty5IdHash "top_cpty_5_id_hash" Lsm IdHash ALL "The same, fifth."

    // ---- limits ----
    BilateralLimit "bilateral_limit" Limit Money PAYMENT
        "Its limit for the receiver; infinite if there is none."
    BilateralLimitUsed "bilateral_limit_used" Limit Money PAYMENT
        "Amount of it used today; 0 if there is none."
    BilateralLimitRoom "bilateral_limit_room" Limit Money PAYMENT
        "What is left of it; infinite if there is none."
    MultilateralLimit "multilateral_limit" Limit Money ALL
        "Its limit for all receivers together; infinite if there is none."
    MultilateralLimitUsed "multilateral_limit_used" Limit Money ALL
        "Amount of it used today; 0 if there is none."
    MultilateralLimitRoom "multilateral_limit_room" Limit Money ALL
        "What is left of it; infinite if there is none."
}
