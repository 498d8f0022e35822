//! What a policy decides.

use crate::priority::Priority;
use crate::rtgs_priority::RtgsPriority;

/// A text of a policy, to be looked up with [`Policy::text_of`](crate::Policy::text_of).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextNo(pub u32);

/// What is decided about a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentDecision {
    /// The priorities that it gets one after another, first of all.
    pub reprioritize: Vec<Priority>,
    /// What becomes of it then.
    pub then: PaymentAct,
}

/// What becomes of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentAct {
    /// It is released whole.
    Release {
        /// The class it is declared with, if it changes.
        class: Option<RtgsPriority>,
        /// The priority it gets, if it changes.
        priority: Option<Priority>,
        /// The tick before which it is held instead.
        timed_for_tick: Option<u32>,
    },
    /// It is held.
    Hold(HoldCause),
    /// It stays, and nothing is said of it but its new priority.
    Stay,
    /// It is split into equal parts that are released at once.
    Split {
        /// How many.
        parts: u32,
    },
    /// It is split into equal parts that are released one after another.
    StaggerSplit {
        /// How many.
        parts: u32,
        /// How many of them at once.
        now: u32,
        /// Ticks between the others.
        gap: u32,
        /// What is added to the parts' priority.
        boost: u8,
    },
    /// It is given up.
    Drop,
    /// It is taken out of queue 2.
    Withdraw,
    /// It gets another class in queue 2.
    Resubmit(RtgsPriority),
}

/// Why a payment is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldCause {
    /// No reason was given.
    Unsaid,
    /// Liquidity does not suffice.
    InsufficientLiquidity,
    /// Receipts are awaited.
    AwaitingInflows,
    /// Others come first.
    LowPriority,
    /// The deadline is awaited.
    NearDeadline,
    /// In the policy's own words.
    Custom(TextNo),
}

/// What a bank decides about itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BankAct {
    /// It caps what it releases in this tick.
    SetBudget(Budget),
    /// It writes a register.
    Write(RegisterChange),
}

/// Caps on what is released in a tick; amounts in minor units, not negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// For all receivers together.
    pub max_value_to_release: i64,
    /// The only receivers that may be paid: which of
    /// [`Policy::focus_lists`](crate::Policy::focus_lists).
    pub focus: Option<usize>,
    /// For each receiver.
    pub max_per_counterparty: Option<i64>,
}

/// A register that is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RegisterChange {
    /// Which of [`Policy::registers`](crate::Policy::registers).
    pub register: usize,
    /// Its new value, finite.
    pub value: f64,
    /// Why, if that was said.
    pub reason: Option<TextNo>,
}

/// What is decided about collateral; amounts in minor units, positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CollateralAct {
    /// Some is posted.
    Post {
        /// How much.
        amount: i64,
        /// Why, if that was said.
        reason: Option<TextNo>,
        /// After how many ticks it is withdrawn again.
        auto_withdraw_after_ticks: Option<u32>,
    },
    /// Some is withdrawn.
    Withdraw {
        /// How much.
        amount: i64,
        /// Why, if that was said.
        reason: Option<TextNo>,
    },
}

/// A payment tree that always answers alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constant {
    /// It releases everything as it is.
    Release,
    /// It holds everything.
    Hold(HoldCause),
}
