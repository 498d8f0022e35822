//! What a field of an event can be, and its forms.

use crate::{AgentNo, Fraction, Money, PaymentNo, TextColumn, Tick};

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
    /// A number of things or a plain number.
    Count,
    /// True or false.
    Flag,
    /// A decimal from 0 to 1.
    Fraction,
    /// A text.
    Text,
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
    /// A text, or the word of a choice.
    Text(&'a str),
}

/// A text in the batch's column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text(pub(super) u32);

/// An agent that is named here for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewAgent {
    /// Its number.
    pub no: AgentNo,
    /// Its id.
    pub id: Text,
}

/// A payment that is named here for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

    fn value<'a>(&self, texts: &'a TextColumn) -> Value<'a>;

    fn encode(&self, texts: &TextColumn, row: &mut Vec<u8>);
}

/// Writes seven bits a byte, lowest first.
fn encode_unsigned(mut number: u64, row: &mut Vec<u8>) {
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
    ($( $type:ty: $kind:ident, |$this:ident| $value:expr, $unsigned:expr; )*) => { $(
        impl Field for $type {
            const TYPE: FieldType = FieldType::$kind;

            fn value<'a>(&self, _: &'a TextColumn) -> Value<'a> {
                let $this = *self;
                $value
            }

            fn encode(&self, _: &TextColumn, row: &mut Vec<u8>) {
                let $this = *self;
                encode_unsigned($unsigned, row);
            }
        }
    )* };
}

number_fields! {
    AgentNo: Agent, |this| Value::Agent(this), u64::from(this.0);
    PaymentNo: Payment, |this| Value::Payment(this), u64::from(this.0);
    Tick: Tick, |this| Value::Tick(this), u64::from(this.0);
    u8: Count, |this| Value::Count(u64::from(this)), u64::from(this);
    u32: Count, |this| Value::Count(u64::from(this)), u64::from(this);
    u64: Count, |this| Value::Count(this), this;
    bool: Flag, |this| Value::Flag(this), u64::from(this);
    Fraction: Fraction, |this| Value::Fraction(this), this.trillionths().cast_unsigned();
}

impl Field for Money {
    const TYPE: FieldType = FieldType::Money;

    fn value<'a>(&self, _: &'a TextColumn) -> Value<'a> {
        Value::Money(*self)
    }

    fn encode(&self, _: &TextColumn, row: &mut Vec<u8>) {
        encode_signed(self.minor(), row);
    }
}

impl Field for Text {
    const TYPE: FieldType = FieldType::Text;

    fn value<'a>(&self, texts: &'a TextColumn) -> Value<'a> {
        Value::Text(texts.get(self.0 as usize).unwrap_or_default())
    }

    fn encode(&self, texts: &TextColumn, row: &mut Vec<u8>) {
        encode_text(texts.get(self.0 as usize).unwrap_or_default(), row);
    }
}

impl Field for NewAgent {
    const TYPE: FieldType = FieldType::Agent;

    fn value<'a>(&self, texts: &'a TextColumn) -> Value<'a> {
        self.id.value(texts)
    }

    fn encode(&self, texts: &TextColumn, row: &mut Vec<u8>) {
        self.no.encode(texts, row);
        self.id.encode(texts, row);
    }
}

impl Field for NewPayment {
    const TYPE: FieldType = FieldType::Payment;

    fn value<'a>(&self, texts: &'a TextColumn) -> Value<'a> {
        match self.given_id {
            Some(id) => id.value(texts),
            None => Value::Payment(self.no),
        }
    }

    fn encode(&self, texts: &TextColumn, row: &mut Vec<u8>) {
        self.no.encode(texts, row);
        self.given_id.encode(texts, row);
    }
}

impl<F: Field> Field for Option<F> {
    const TYPE: FieldType = F::TYPE;
    const NULLABLE: bool = true;

    fn value<'a>(&self, texts: &'a TextColumn) -> Value<'a> {
        self.as_ref().map_or(Value::Null, |field| field.value(texts))
    }

    fn encode(&self, texts: &TextColumn, row: &mut Vec<u8>) {
        row.push(u8::from(self.is_some()));
        if let Some(field) = self {
            field.encode(texts, row);
        }
    }
}
