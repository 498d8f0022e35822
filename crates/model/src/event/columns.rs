//! What the events of a batch refer to: texts and lists, kept beside the events.

use serde::{Deserialize, Serialize};

use super::field::{Cell, Field, FieldType, Loading, Value};
use crate::{AgentNo, Money, PaymentNo, TextColumn};

/// The texts and lists of a batch. Events hold places in these columns, so that an event stays
/// small and can be copied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Columns {
    pub(super) texts: TextColumn,
    payments: Vec<PaymentNo>,
    agents: Vec<AgentNo>,
    amounts: Vec<Money>,
}

impl Columns {
    /// Empties the columns and keeps their memory.
    pub(super) fn clear(&mut self) {
        self.texts.clear();
        self.payments.clear();
        self.agents.clear();
        self.amounts.clear();
    }
}

/// Declares a field type that is a list of numbers in a column of the batch.
macro_rules! lists {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident, $column:ident: $item:ty, $kind:ident;
    )*) => { $(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name {
            start: u32,
            len: u32,
        }

        impl $name {
            /// Keeps a list in the columns of a batch.
            pub(super) fn keep(
                columns: &mut Columns,
                items: impl IntoIterator<Item = $item>,
            ) -> Self {
                let column = &mut columns.$column;
                let start = place(column.len());
                column.extend(items);
                Self { start, len: place(column.len()) - start }
            }

            /// Returns the items; `columns` are those of the batch that the event is in.
            pub fn of<'a>(&self, columns: &'a Columns) -> &'a [$item] {
                let start = self.start as usize;
                columns.$column.get(start..start + self.len as usize).unwrap_or_default()
            }
        }

        impl Field for $name {
            const TYPE: FieldType = FieldType::$kind;

            fn value<'a>(&self, columns: &'a Columns) -> Value<'a> {
                Value::$kind(self.of(columns))
            }

            fn encode(&self, columns: &Columns, row: &mut Vec<u8>) {
                super::field::encode_unsigned(u64::from(self.len), row);
                for item in self.of(columns) {
                    item.encode(columns, row);
                }
            }

            fn cell<'a>(&self, columns: &'a Columns) -> Cell<'a> {
                Cell::$kind(self.of(columns))
            }

            fn load(cell: Cell<'_>, loading: &mut Loading<'_>) -> Option<Self> {
                match cell {
                    Cell::$kind(items) => {
                        Some(Self::keep(loading.batch.columns_mut(), items.iter().copied()))
                    }
                    // As a store keeps lists that it has no type for: `3 1 4`.
                    Cell::Text(text) => {
                        let items: Option<Vec<$item>> = text
                            .split_ascii_whitespace()
                            .map(|item| {
                                let number = item.parse().ok()?;
                                <$item as Field>::load(Cell::Int(number), loading)
                            })
                            .collect();
                        Some(Self::keep(loading.batch.columns_mut(), items?))
                    }
                    _ => None,
                }
            }
        }
    )* };
}

lists! {
    /// Payments in the batch's columns.
    PaymentList, payments: PaymentNo, Payments;
    /// Agents in the batch's columns.
    AgentList, agents: AgentNo, Agents;
    /// Amounts in the batch's columns.
    MoneyList, amounts: Money, Amounts;
}

fn place(index: usize) -> u32 {
    u32::try_from(index).expect("Invariant: the lists of a tick have fewer than 2^32 items")
}
