//! The table of actions: everything a policy can decide.
//!
//! One line here and an action exists for the checker, the schema and the documentation; compiler
//! and engine do not build until they say what it does.

use crate::priority::Priority;
use crate::rtgs_priority::RtgsPriority;
use crate::tree::Trees;

/// What is declared of one action.
#[derive(Debug)]
pub struct ActionSpec {
    /// Its name in documents.
    pub name: &'static str,
    /// The trees that may decide it.
    pub trees: Trees,
    /// What it does, as a sentence.
    pub meaning: &'static str,
    /// What it takes.
    pub parameters: &'static [ParameterSpec],
    /// Whether it is for payments in queue 2.
    pub in_queue2: bool,
}

/// What is declared of one parameter of an action.
#[derive(Debug)]
pub struct ParameterSpec {
    /// Its name in documents.
    pub name: &'static str,
    /// What it can be.
    pub kind: ParameterKind,
    /// Whether it must be given.
    pub required: bool,
    /// What it says, as a sentence.
    pub meaning: &'static str,
}

/// What a parameter can be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ParameterKind {
    /// An amount in minor units, cut off toward zero.
    Money,
    /// A whole number (cut off toward zero) in a range; others are a fault.
    Whole {
        /// Least.
        min: u32,
        /// Most.
        max: u32,
    },
    /// A whole number brought into a range.
    Clamped {
        /// Least.
        min: u32,
        /// Most.
        max: u32,
    },
    /// Any number.
    Number,
    /// A literal text, whatever it says.
    Text,
    /// One of these literal words.
    Word(&'static [&'static str]),
    /// The name of a register, literal.
    Register,
    /// A literal list of agents' ids, not empty.
    Agents,
}

macro_rules! actions {
    ($(
        $variant:ident $trees:ident $in_queue2:literal $meaning:literal {
            $( $parameter:literal $kind:expr, $required:literal $parameter_meaning:literal )*
        }
    )*) => {
        /// An action that a policy can decide.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs)] // the table says it, where people read it
        pub enum Action { $( $variant, )* }

        impl Action {
            /// All actions, in the order of the table.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )*];

            /// Finds an action by its name.
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $( stringify!($variant) => Some(Self::$variant), )*
                    _ => None,
                }
            }
        }

        static SPECS: &[ActionSpec] = &[$( ActionSpec {
            name: stringify!($variant),
            trees: Trees::$trees,
            meaning: $meaning,
            parameters: &[$( ParameterSpec {
                name: $parameter,
                kind: $kind,
                required: $required,
                meaning: $parameter_meaning,
            }, )*],
            in_queue2: $in_queue2,
        }, )*];
    };
}

impl Action {
    /// Returns what is declared of the action.
    pub fn spec(self) -> &'static ActionSpec {
        &SPECS[self as usize]
    }

    /// Returns its name in documents.
    pub fn name(self) -> &'static str {
        self.spec().name
    }
}

impl ActionSpec {
    /// Returns what is declared of a parameter.
    pub fn parameter(&self, name: &str) -> Option<&'static ParameterSpec> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }
}

/// Most parts that a payment can be split into; a scenario's `max_splits` may be lower.
pub const MAX_SPLITS: u32 = 10_000;
/// The words that set a priority on release, each with the priority.
pub(crate) const PRIORITY_FLAGS: &[(&str, Priority)] =
    &[("HIGH", Priority::MAX), ("MEDIUM", Priority::DEFAULT), ("LOW", Priority::clamped(1))];

const FLAGS: ParameterKind = ParameterKind::Word(&["HIGH", "MEDIUM", "LOW"]);
const CLASS: ParameterKind = ParameterKind::Word(RtgsPriority::WORDS);
const PARTS: ParameterKind = ParameterKind::Whole { min: 2, max: MAX_SPLITS };
const PRIORITY: ParameterKind = ParameterKind::Clamped { min: 0, max: Priority::MAX.get() as u32 };
const TICKS: ParameterKind = ParameterKind::Whole { min: 1, max: u32::MAX };
const ANY_TICK: ParameterKind = ParameterKind::Whole { min: 0, max: u32::MAX };

actions! {
    Release PAYMENT false "Releases the payment whole into the system." {
        "priority_flag" FLAGS, false "Priority it gets: HIGH 10, MEDIUM 5, LOW 1."
        "rtgs_priority" CLASS, false "Class it is declared with."
        "timed_for_tick" ANY_TICK, false "Tick before which it is held instead."
    }
    ReleaseWithCredit PAYMENT false
        "The same: whether credit is used follows from the balance when it settles." {
        "priority_flag" FLAGS, false "Priority it gets: HIGH 10, MEDIUM 5, LOW 1."
        "rtgs_priority" CLASS, false "Class it is declared with."
        "timed_for_tick" ANY_TICK, false "Tick before which it is held instead."
    }
    Hold PAYMENT false "Keeps the payment in queue 1; it is asked about again in the next tick." {
        "reason" ParameterKind::Text, false
            "Why: InsufficientLiquidity, AwaitingInflows, LowPriority, NearDeadline or own words."
    }
    Split PAYMENT false "Splits the payment into equal parts and releases all of them." {
        "num_splits" PARTS, true "How many parts."
    }
    PaceAndRelease PAYMENT false "The same as Split." {
        "num_splits" PARTS, true "How many parts."
    }
    StaggerSplit PAYMENT false
        "Splits the payment into equal parts, releases some and the others one by one." {
        "num_splits" PARTS, true "How many parts."
        "stagger_first_now" ParameterKind::Whole { min: 0, max: MAX_SPLITS }, true
            "How many are released at once, at most all."
        "stagger_gap_ticks" TICKS, true "Ticks from one release to the next."
        "priority_boost_children" PRIORITY, true
            "What is added to the parts' priority."
    }
    Drop PAYMENT false "Gives the payment up; its penalties fall due." {}
    Reprioritize PAYMENT false "Changes the payment's priority." {
        "new_priority" PRIORITY, true "The new one."
    }
    WithdrawFromRtgs PAYMENT true "Takes the payment out of queue 2, to the end of queue 1." {}
    ResubmitToRtgs PAYMENT true
        "Gives the payment in queue 2 another class and moves it to that class's end." {
        "rtgs_priority" CLASS, true "The class."
    }
    SetReleaseBudget BANK false "Caps what is released in this tick." {
        "max_value_to_release" ParameterKind::Money, true
            "For all receivers together; below zero counts as 0."
        "focus_counterparties" ParameterKind::Agents, false "The only receivers that may be paid."
        "max_per_counterparty" ParameterKind::Money, false
            "For each receiver; below zero counts as 0."
    }
    SetState BANK false "Sets a register." {
        "key" ParameterKind::Register, true "Which."
        "value" ParameterKind::Number, true "Its new value."
        "reason" ParameterKind::Text, false "Why."
    }
    AddState BANK false "Adds to a register." {
        "key" ParameterKind::Register, true "Which."
        "value" ParameterKind::Number, true "What is added."
        "reason" ParameterKind::Text, false "Why."
    }
    NoAction BANK false "Does nothing." {}
    PostCollateral COLLATERAL false "Posts collateral, as much as fits." {
        "amount" ParameterKind::Money, true "How much, at nominal value; 0 or less posts nothing."
        "reason" ParameterKind::Text, false "Why."
        "auto_withdraw_after_ticks" TICKS, false "After how many ticks it is withdrawn again."
    }
    WithdrawCollateral COLLATERAL false "Withdraws collateral, as much as is not needed." {
        "amount" ParameterKind::Money, true
            "How much, at nominal value; 0 or less withdraws nothing."
        "reason" ParameterKind::Text, false "Why."
    }
    HoldCollateral COLLATERAL false "Leaves collateral as it is." {}
}
