//! What a field of an event can be, and its forms.

use serde::{Deserialize, Serialize};

use super::columns::Columns;
use super::{EventBatch, Names};
use crate::{AgentNo, Fraction, Money, Multiplier, PaymentNo, Priority, Rate, Tick};

/// What is declared of one type of event.
#[derive(Debug)]
pub struct EventSpec {
    /// Its name.
    pub name: &'static str,
    /// When it happens.
    pub doc: &'static str,
    /// Its fields, in order, besides `tick`, `day` and `seq`, which every event has.
    pub fields: &'static [FieldSpec],
}

/// What is declared of one field.
#[derive(Debug)]
pub struct FieldSpec {
    /// Its name in JSON, Python and columns.
    pub name: &'static str,
    /// What it says.
    pub doc: &'static str,
    /// What it is.
    pub ty: FieldType,
    /// Whether it may be absent (`null`).
    pub nullable: bool,
    /// Whether it names an agent, a payment or payments for the first time.
    pub introduces: bool,
}

/// What a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// An agent's id.
    Agent,
    /// A payment's id.
    Payment,
    /// An amount in minor units.
    Money,
    /// A tick of the run.
    Tick,
    /// A number of things or a plain number, from 0 on.
    Count {
        /// How many bits it takes at most.
        bits: u32,
    },
    /// True or false.
    Flag,
    /// A decimal from 0 to 1, kept to 12 places.
    Fraction,
    /// Any finite number.
    Number,
    /// A decimal kept to this many places.
    Decimal {
        /// Decimal places; a cell counts units of 10^-places.
        places: u32,
    },
    /// A text.
    Text,
    /// A list of payments' ids.
    Payments,
    /// A list of agents' ids.
    Agents,
    /// A list of amounts in minor units.
    Amounts,
    /// One of a few words, each with its meaning.
    Choice(&'static [(&'static str, &'static str)]),
}

/// A field's value, ready for any representation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Absent.
    Null,
    /// An agent, to be named by [`Names`](super::Names).
    Agent(AgentNo),
    /// A payment, to be named by [`Names`](super::Names).
    Payment(PaymentNo),
    /// An amount.
    Money(Money),
    /// A tick.
    Tick(Tick),
    /// A number.
    Count(u64),
    /// True or false.
    Flag(bool),
    /// A decimal from 0 to 1.
    Fraction(Fraction),
    /// Any finite number.
    Number(f64),
    /// A decimal: a count of 10^-places.
    Decimal {
        /// The count.
        scaled: i64,
        /// Decimal places.
        places: u32,
    },
    /// A text, or the word of a choice.
    Text(&'a str),
    /// Payments, to be named by [`Names`](super::Names).
    Payments(&'a [PaymentNo]),
    /// Agents, to be named by [`Names`](super::Names).
    Agents(&'a [AgentNo]),
    /// Amounts.
    Amounts(&'a [Money]),
}

/// A field's value in its narrowest form, as a table of numbers stores it.
///
/// Agents and payments are numbers, flags 0 or 1, fractions counts of 10^-12, the words of a choice
/// their index; unsigned 64-bit numbers keep their bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Absent.
    Null,
    /// A number.
    Int(i64),
    /// A number that need not be whole.
    Real(Real),
    /// A text.
    Text(&'a str),
    /// A list of payments; a store without lists keeps it as the text `3 1 4`.
    Payments(&'a [PaymentNo]),
    /// A list of agents, likewise.
    Agents(&'a [AgentNo]),
    /// A list of amounts, likewise.
    Amounts(&'a [Money]),
}

/// Where an event that is made from cells finds ids and puts texts.
#[derive(Debug)]
pub struct Loading<'a> {
    /// The batch the event will be pushed to.
    pub batch: &'a mut EventBatch,
    /// The ids of agents and payments.
    pub names: &'a Names,
}

/// A finite number that need not be whole; two are equal if their bits are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Real(u64);

impl Real {
    /// Makes one of a finite number; of another, 0.
    pub fn new(number: f64) -> Self {
        let is_plain = number.is_finite() && number != 0.0; // there is one zero only
        Self(if is_plain { number.to_bits() } else { 0 })
    }

    /// Returns the number.
    pub const fn get(self) -> f64 {
        f64::from_bits(self.0)
    }
}

/// A text in the batch's column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text(pub(super) u32);

/// An agent that is named here for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAgent {
    /// Its number.
    pub no: AgentNo,
    /// Its id.
    pub id: Text,
}

/// A payment that is named here for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPayment {
    /// Its number.
    pub no: PaymentNo,
    /// The id it was given, in place of `tx-{number}`.
    pub given_id: Option<Text>,
}

/// A type that a field can have.
pub(super) trait Field {
    const TYPE: FieldType;
    const NULLABLE: bool = false;
    const INTRODUCES: bool = false;

    fn value<'a>(&self, columns: &'a Columns) -> Value<'a>;

    fn encode(&self, columns: &Columns, row: &mut Vec<u8>);

    fn cell<'a>(&self, columns: &'a Columns) -> Cell<'a>;

    /// Makes the field from its cell; `None` if the cell is not what the field can be.
    fn load(cell: Cell<'_>, loading: &mut Loading<'_>) -> Option<Self>
    where
        Self: Sized;
}

/// Writes seven bits a byte, lowest first.
pub(super) fn encode_unsigned(mut number: u64, row: &mut Vec<u8>) {
    while number >= 0x80 {
        row.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    row.push(number.to_le_bytes()[0]);
}

/// Writes small negative numbers as short as small positive ones.
fn encode_signed(number: i64, row: &mut Vec<u8>) {
    encode_unsigned(((number << 1) ^ (number >> 63)).cast_unsigned(), row);
}

fn encode_text(text: &str, row: &mut Vec<u8>) {
    encode_unsigned(text.len() as u64, row);
    row.extend_from_slice(text.as_bytes());
}

/// Implements [`Field`] for types that are a number inside.
macro_rules! number_fields {
    ($(
        $type:ty: $kind:ident $({ $($part:tt)* })?,
        |$this:ident| $value:expr, $unsigned:expr, $load:expr;
    )*) => { $(
        impl Field for $type {
            const TYPE: FieldType = FieldType::$kind $({ $($part)* })?;

            fn value<'a>(&self, _: &'a Columns) -> Value<'a> {
                let $this = *self;
                $value
            }

            fn encode(&self, _: &Columns, row: &mut Vec<u8>) {
                let $this = *self;
                encode_unsigned($unsigned, row);
            }

            fn cell<'a>(&self, _: &'a Columns) -> Cell<'a> {
                let $this = *self;
                Cell::Int(u64::cast_signed($unsigned))
            }

            fn load(cell: Cell<'_>, _: &mut Loading<'_>) -> Option<Self> {
                let load: fn(i64) -> Option<Self> = $load;
                load(cell.int()?)
            }
        }
    )* };
}

number_fields! {
    AgentNo: Agent, |this| Value::Agent(this), u64::from(this.0),
        |cell| cell.try_into().ok().map(AgentNo);
    PaymentNo: Payment, |this| Value::Payment(this), u64::from(this.0),
        |cell| cell.try_into().ok().map(PaymentNo);
    Tick: Tick, |this| Value::Tick(this), u64::from(this.0), |cell| cell.try_into().ok().map(Tick);
    u8: Count { bits: 8 }, |this| Value::Count(u64::from(this)), u64::from(this),
        |cell| cell.try_into().ok();
    Priority: Count { bits: 4 }, |this| Value::Count(u64::from(this.get())), u64::from(this.get()),
        |cell| u8::try_from(cell).ok()?.try_into().ok();
    u32: Count { bits: 32 }, |this| Value::Count(u64::from(this)), u64::from(this),
        |cell| cell.try_into().ok();
    u64: Count { bits: 64 }, |this| Value::Count(this), this, |cell| Some(cell.cast_unsigned());
    bool: Flag, |this| Value::Flag(this), u64::from(this), |cell| match cell {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    };
    Fraction: Fraction, |this| Value::Fraction(this), this.trillionths().cast_unsigned(),
        Fraction::from_trillionths;
}

/// Implements [`Field`] for decimals that are an integer inside.
macro_rules! decimal_fields {
    ($( $type:ty: $places:expr; )*) => { $(
        impl Field for $type {
            const TYPE: FieldType = FieldType::Decimal { places: $places };

            fn value<'a>(&self, _: &'a Columns) -> Value<'a> {
                Value::Decimal { scaled: i64::from(*self), places: $places }
            }

            fn encode(&self, _: &Columns, row: &mut Vec<u8>) {
                encode_signed(i64::from(*self), row);
            }

            fn cell<'a>(&self, _: &'a Columns) -> Cell<'a> {
                Cell::Int(i64::from(*self))
            }

            fn load(cell: Cell<'_>, _: &mut Loading<'_>) -> Option<Self> {
                Self::try_from(cell.int()?).ok()
            }
        }
    )* };
}

decimal_fields! {
    Rate: Rate::PLACES;
    Multiplier: Multiplier::PLACES;
}

impl Field for Money {
    const TYPE: FieldType = FieldType::Money;

    fn value<'a>(&self, _: &'a Columns) -> Value<'a> {
        Value::Money(*self)
    }

    fn encode(&self, _: &Columns, row: &mut Vec<u8>) {
        encode_signed(self.minor(), row);
    }

    fn cell<'a>(&self, _: &'a Columns) -> Cell<'a> {
        Cell::Int(self.minor())
    }

    fn load(cell: Cell<'_>, _: &mut Loading<'_>) -> Option<Self> {
        cell.int().map(Self::from_minor)
    }
}

impl Field for Real {
    const TYPE: FieldType = FieldType::Number;

    fn value<'a>(&self, _: &'a Columns) -> Value<'a> {
        Value::Number(self.get())
    }

    fn encode(&self, _: &Columns, row: &mut Vec<u8>) {
        row.extend_from_slice(&self.0.to_le_bytes());
    }

    fn cell<'a>(&self, _: &'a Columns) -> Cell<'a> {
        Cell::Real(*self)
    }

    fn load(cell: Cell<'_>, _: &mut Loading<'_>) -> Option<Self> {
        match cell {
            Cell::Real(number) => Some(number),
            Cell::Int(number) => Some(Self::new(number as f64)), // a store may have made it one
            _ => None,
        }
    }
}

impl Field for Text {
    const TYPE: FieldType = FieldType::Text;

    fn value<'a>(&self, columns: &'a Columns) -> Value<'a> {
        Value::Text(columns.texts.get(self.0 as usize).unwrap_or_default())
    }

    fn encode(&self, columns: &Columns, row: &mut Vec<u8>) {
        encode_text(columns.texts.get(self.0 as usize).unwrap_or_default(), row);
    }

    fn cell<'a>(&self, columns: &'a Columns) -> Cell<'a> {
        Cell::Text(columns.texts.get(self.0 as usize).unwrap_or_default())
    }

    fn load(cell: Cell<'_>, loading: &mut Loading<'_>) -> Option<Self> {
        match cell {
            Cell::Text(text) => Some(loading.batch.text(text)),
            _ => None,
        }
    }
}

impl Field for NewAgent {
    const TYPE: FieldType = FieldType::Agent;
    const INTRODUCES: bool = true;

    fn value<'a>(&self, columns: &'a Columns) -> Value<'a> {
        self.id.value(columns)
    }

    fn encode(&self, columns: &Columns, row: &mut Vec<u8>) {
        self.no.encode(columns, row);
        self.id.encode(columns, row);
    }

    /// The number alone: ids are kept beside the rows, once.
    fn cell<'a>(&self, columns: &'a Columns) -> Cell<'a> {
        self.no.cell(columns)
    }

    fn load(cell: Cell<'_>, loading: &mut Loading<'_>) -> Option<Self> {
        let no = AgentNo::load(cell, loading)?;
        let id = loading.names.agent_id(no)?;
        Some(Self { no, id: loading.batch.text(id) })
    }
}

impl Field for NewPayment {
    const TYPE: FieldType = FieldType::Payment;
    const INTRODUCES: bool = true;

    fn value<'a>(&self, columns: &'a Columns) -> Value<'a> {
        match self.given_id {
            Some(id) => id.value(columns),
            None => Value::Payment(self.no),
        }
    }

    fn encode(&self, columns: &Columns, row: &mut Vec<u8>) {
        self.no.encode(columns, row);
        self.given_id.encode(columns, row);
    }

    /// The number alone: given ids are kept beside the rows, once.
    fn cell<'a>(&self, columns: &'a Columns) -> Cell<'a> {
        self.no.cell(columns)
    }

    fn load(cell: Cell<'_>, loading: &mut Loading<'_>) -> Option<Self> {
        let no = PaymentNo::load(cell, loading)?;
        let given_id = loading.names.given_id(no).map(|id| loading.batch.text(id));
        Some(Self { no, given_id })
    }
}

impl<F: Field> Field for Option<F> {
    const TYPE: FieldType = F::TYPE;
    const NULLABLE: bool = true;
    const INTRODUCES: bool = F::INTRODUCES;

    fn value<'a>(&self, columns: &'a Columns) -> Value<'a> {
        self.as_ref().map_or(Value::Null, |field| field.value(columns))
    }

    fn encode(&self, columns: &Columns, row: &mut Vec<u8>) {
        row.push(u8::from(self.is_some()));
        if let Some(field) = self {
            field.encode(columns, row);
        }
    }

    fn cell<'a>(&self, columns: &'a Columns) -> Cell<'a> {
        self.as_ref().map_or(Cell::Null, |field| field.cell(columns))
    }

    fn load(cell: Cell<'_>, loading: &mut Loading<'_>) -> Option<Self> {
        match cell {
            Cell::Null => Some(None),
            cell => F::load(cell, loading).map(Some),
        }
    }
}

impl Cell<'_> {
    /// Returns the number, if it is one.
    const fn int(self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(number),
            _ => None,
        }
    }
}
