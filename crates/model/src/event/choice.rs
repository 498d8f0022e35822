//! Fields that are one of a few words.

use serde::{Deserialize, Serialize};

use super::field::{Cell, Field, FieldType, Loading, Value};
use crate::TextColumn;

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

        impl Field for $name {
            const TYPE: FieldType =
                FieldType::Choice(&[$( (stringify!($word), concat!($($word_doc),*)), )*]);

            fn value<'a>(&self, _: &'a TextColumn) -> Value<'a> {
                Value::Text(self.as_str())
            }

            fn encode(&self, _: &TextColumn, row: &mut Vec<u8>) {
                row.push(*self as u8);
            }

            fn cell<'a>(&self, _: &'a TextColumn) -> Cell<'a> {
                Cell::Int(*self as i64)
            }

            fn load(cell: Cell<'_>, _: &mut Loading<'_>) -> Option<Self> {
                let Cell::Int(index) = cell else { return None };
                usize::try_from(index).ok().and_then(|index| Self::ALL.get(index).copied())
            }
        }
    )* };
}

choices! {
    /// Why a payment stays in its sender's queue 1.
    HoldReason {
        /// The sender's policy decided so.
        PolicyDecision,
        /// It was released after the cut-off of the day.
        CutOff,
    }

    /// Why a released payment joined queue 2.
    QueueReason {
        /// The sender's available liquidity is below the amount.
        InsufficientLiquidity,
        /// Under `fifo`, another payment of the sender was waiting already.
        EarlierPayment,
        /// Its earliest tick has not come.
        NotBefore,
    }

    /// Why a payment was dropped.
    DropReason {
        /// The day closed and unsettled payments are cancelled.
        Closed,
    }

    /// What left an agent beyond its permission.
    OverExtensionCause {
        /// The return of the liquidity pool at the end of the day.
        LiquidityReturn,
    }

    /// Which queues delay cost is charged in.
    DelayCostQueues {
        /// Queue 1 and queue 2.
        Both,
        /// Queue 1 only.
        Queue1,
    }
}
