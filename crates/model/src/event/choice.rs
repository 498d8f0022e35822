//! Fields that are one of a few words.

pub use psim_policy::RtgsPriority;
use serde::{Deserialize, Serialize};

use super::columns::Columns;
use super::field::{Cell, Field, FieldType, Loading, Value};

/// Declares a field type whose values are words; the order is part of the canonical row.
macro_rules! choices {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident { $( $(#[doc = $word_doc:literal])* $word:ident ),* $(,)? }
    )*) => { $(
        $(#[doc = $doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum $name {
            $( $(#[doc = $word_doc])* $word, )*
        }

        impl $name {
            /// All values, in order.
            pub const ALL: &'static [Self] = &[$( Self::$word, )*];

            /// Returns the word.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( Self::$word => stringify!($word), )*
                }
            }
        }

        words!($name { $( $(#[doc = $word_doc])* $word, )* });
    )* };
}

/// Makes a field of a type whose values are words: it has `ALL` and `as_str`.
macro_rules! words {
    ($name:ident { $( $(#[doc = $word_doc:literal])* $word:ident ),* $(,)? }) => {
        impl Field for $name {
            const TYPE: FieldType =
                FieldType::Choice(&[$( (stringify!($word), concat!($($word_doc),*)), )*]);

            fn value<'a>(&self, _: &'a Columns) -> Value<'a> {
                Value::Text(self.as_str())
            }

            fn encode(&self, _: &Columns, row: &mut Vec<u8>) {
                row.push(*self as u8);
            }

            fn cell<'a>(&self, _: &'a Columns) -> Cell<'a> {
                Cell::Int(*self as i64)
            }

            fn load(cell: Cell<'_>, _: &mut Loading<'_>) -> Option<Self> {
                let Cell::Int(index) = cell else { return None };
                usize::try_from(index).ok().and_then(|index| Self::ALL.get(index).copied())
            }
        }
    };
}

words!(RtgsPriority {
    /// Any payment that is not declared urgent.
    Normal,
    /// Before normal ones.
    Urgent,
    /// Before all others.
    HighlyUrgent,
});

choices! {
    /// Why a payment stays in its sender's queue 1.
    HoldReason {
        /// The sender's policy decided so.
        PolicyDecision,
        /// It was released after the cut-off of the day.
        CutOff,
        /// Its sender is out.
        Outage,
        /// It was released for a later tick.
        TimedRelease,
        /// The sender's release budget names its receivers, and this one is none of them.
        NotInFocus,
        /// The sender's release budget for this receiver does not admit it.
        CounterpartyBudget,
        /// The sender's release budget does not admit it.
        BudgetExhausted,
        /// It was to be split and must not be.
        NotDivisible,
        /// It was to be split into more parts than allowed, than it has minor units, or than the
        /// run may still make.
        TooManyParts,
        /// It was to be taken out of queue 2 or declared anew there, where it is not.
        NotInQueue2,
        /// The sender's policy finds that liquidity does not suffice.
        InsufficientLiquidity,
        /// The sender's policy awaits receipts.
        AwaitingInflows,
        /// The sender's policy lets others go first.
        LowPriority,
        /// The sender's policy waits for the deadline to come near.
        NearDeadline,
        /// The sender's policy says so in its own words, which stand in `detail`.
        Custom,
        /// The sender's policy could not be evaluated; a `PolicyFault` says why.
        PolicyFault,
    }

    /// Why a released payment joined queue 2.
    QueueReason {
        /// The sender's available liquidity is below the amount.
        InsufficientLiquidity,
        /// Under `fifo`, another payment of the sender was waiting already.
        EarlierPayment,
        /// Its earliest tick has not come.
        NotBefore,
        /// The sender's limit for this receiver does not admit it.
        BilateralLimit,
        /// The sender's limit for all receivers together does not admit it.
        MultilateralLimit,
        /// Under `priority_blocking`, a payment of the sender of a higher class was waiting.
        HigherPriority,
    }

    /// A liquidity-saving algorithm.
    LsmAlgorithm {
        /// Each queued payment by itself, once more.
        Retry,
        /// Pairs of agents that owe each other.
        Bilateral,
        /// Rings of agents of which each owes the next.
        Cycles,
        /// The most that can settle together when each agent's payments settle in order.
        GridlockResolution,
        /// The whole queue less what breaks limits, then liquidity.
        Partial,
        /// The whole queue, or nothing.
        AllOrNothing,
    }

    /// How a run of an algorithm ended.
    LsmResult {
        /// Nothing settled.
        NoSuccess,
        /// Payments settled.
        Success,
    }

    /// A bound on liquidity saving.
    LsmBound {
        /// `max_steps`: pairs or rings tested and payments left out in a run of an algorithm.
        MaxSteps,
        /// `max_rounds`: starts of the list of algorithms in a tick.
        MaxRounds,
        /// `max_cycles_per_tick`: rings settled in a tick.
        MaxCyclesPerTick,
    }

    /// Why queued payments cannot move.
    BlockKind {
        /// Some of them could settle together.
        Gridlock,
        /// None of them can, whatever is combined in the order of the queues.
        Deadlock,
    }

    /// A decision tree of a policy.
    PolicyTree {
        /// About single payments.
        Payment,
        /// About the bank itself.
        Bank,
        /// About collateral, early in the tick.
        StrategicCollateral,
        /// About collateral, late in the tick.
        EndOfTickCollateral,
    }

    /// Why a payment was dropped.
    DropReason {
        /// The day closed and unsettled payments are cancelled.
        Closed,
        /// Its sender gave it up.
        PolicyDecision,
    }

    /// What left an agent beyond its permission.
    OverExtensionCause {
        /// The return of the liquidity pool at the end of the day.
        LiquidityReturn,
        /// A transfer that asks no permission.
        DirectTransfer,
        /// A lowered unsecured cap.
        CreditLimitChange,
        /// A loss of collateral value.
        CollateralValueChange,
    }

    /// Which queues delay cost is charged in.
    DelayCostQueues {
        /// Queue 1 and queue 2.
        Both,
        /// Queue 1 only.
        Queue1,
    }

    /// In which order an agent looks at its queue 1.
    Queue1Ordering {
        /// As payments joined it.
        Arrival,
        /// Highest priority first, then earliest deadline, then the order they had.
        PriorityDeadline,
    }

    /// How the use of a limit is counted.
    LimitsBasis {
        /// What was paid today.
        Gross,
        /// What was paid today less what was received.
        Net,
    }

    /// Which payments limits bind and count.
    LimitsApplyTo {
        /// All.
        All,
        /// Those of class Normal.
        Normal,
    }

    /// Who caused something.
    Origin {
        /// The agent's policy.
        Policy,
        /// The scenario, by an event or an instruction.
        Scenario,
        /// A call between ticks.
        Api,
    }

    /// On what ground money moved without a payment.
    TransferKind {
        /// Whatever is available.
        DirectTransfer,
        /// Under the rules of a payment.
        ScheduledSettlement,
    }

    /// What became of a payment that was split.
    SplitOutcome {
        /// All parts have settled.
        Settled,
        /// All parts have settled or were dropped, and at least one was dropped.
        Dropped,
    }

    /// Types of scenario events.
    ScenarioEventType {
        /// Moves balance.
        DirectTransfer,
        /// Submits a payment.
        CustomTransactionArrival,
        /// Settles at once or not at all.
        ScheduledSettlement,
        /// Changes an unsecured cap.
        CreditLimitChange,
        /// Scales all arrival rates.
        GlobalArrivalRateChange,
        /// Scales one agent's arrival rates.
        AgentArrivalRateChange,
        /// Changes how often an agent pays to another.
        CounterpartyWeightChange,
        /// Scales deadline windows.
        DeadlineWindowChange,
        /// Changes what collateral is worth.
        CollateralValueChange,
        /// Takes an agent out.
        ParticipantOutage,
        /// Brings an agent back.
        ParticipantRecovery,
        /// Moves a day's cut-off.
        CutOffChange,
        /// Changes cost rates.
        CostRateChange,
        /// Changes liquidity saving.
        LsmConfigChange,
        /// Replaces an agent's limits.
        LimitChange,
        /// Replaces an agent's policy.
        PolicyChange,
    }

    /// Types of instructions.
    InstructionType {
        /// Submits a payment.
        SubmitTransaction,
        /// Replaces an agent's limits.
        SetLimits,
        /// Replaces an agent's policy.
        UpdateAgentPolicy,
        /// Posts collateral.
        PostCollateral,
        /// Withdraws collateral.
        WithdrawCollateral,
        /// Takes a payment out of queue 2.
        WithdrawFromRtgs,
        /// Gives a payment another declared class.
        ResubmitToRtgs,
        /// Caps what an agent releases in the coming tick.
        SetReleaseBudget,
        /// Decides about a payment in the coming tick.
        Decide,
    }

    /// Why a scenario event or an instruction could not be carried out.
    Refusal {
        /// No payment has this id (yet).
        UnknownPayment,
        /// The payment is in neither queue.
        NotWaiting,
        /// The payment is not in queue 2.
        NotInQueue2,
        /// The payment is a part that will be released at its own time.
        AwaitsItsTime,
        /// The deadline does not lie after the tick of submission, nor is it the last tick of the
        /// day.
        DeadlinePassed,
        /// Another payment has this id.
        IdInUse,
        /// The holding period of the collateral is not over.
        HoldingPeriod,
        /// There is nothing that could be posted or withdrawn.
        NothingToMove,
        /// A cap or a collateral would fall below zero.
        BelowZero,
        /// More money would be in reach than the ledger holds.
        TooMuchMoney,
        /// More payments would exist than can be numbered.
        TooManyPayments,
        /// Nobody, or not this agent, generates payments.
        NoArrivals,
        /// No weight would be left, or the others cannot make up for it.
        NoWeightLeft,
        /// It is so already.
        NoChange,
        /// The sender's available liquidity is below the amount.
        InsufficientLiquidity,
        /// The sender's limit for this receiver does not admit it.
        BilateralLimit,
        /// The sender's limit for all receivers together does not admit it.
        MultilateralLimit,
        /// The sender is out.
        Outage,
        /// The cut-off of the day has passed.
        CutOff,
        /// It is about algorithms that the scenario does not list.
        NotListed,
    }
}

impl Refusal {
    /// Says in words what is wrong.
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::UnknownPayment => "no such payment",
            Self::NotWaiting => "the payment is in neither queue",
            Self::NotInQueue2 => "the payment is not in queue 2",
            Self::AwaitsItsTime => "the part will be released at its own time",
            Self::DeadlinePassed => "the deadline is not after the tick of submission",
            Self::IdInUse => "another payment has this id",
            Self::HoldingPeriod => "the holding period is not over",
            Self::NothingToMove => "there is nothing to move",
            Self::BelowZero => "it would fall below zero",
            Self::TooMuchMoney => "it is more money than the ledger holds",
            Self::TooManyPayments => "there are too many payments",
            Self::NoArrivals => "no payments are generated",
            Self::NoWeightLeft => "no weight would be left",
            Self::NoChange => "it is so already",
            Self::InsufficientLiquidity => "insufficient liquidity",
            Self::BilateralLimit => "the bilateral limit does not admit it",
            Self::MultilateralLimit => "the multilateral limit does not admit it",
            Self::Outage => "the sender is out",
            Self::CutOff => "the cut-off has passed",
            Self::NotListed => "the scenario does not list the algorithm",
        }
    }
}
