//! Whether a state names only agents, payments and texts that there are.
//!
//! The state is walked as if it were to be written, so that no field can be forgotten: whoever is
//! named, wherever that is, is named by a number of its own type.

use std::fmt::Display;

use serde::ser::{self, Serialize, Serializer};

/// How many there are of what is named by number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Census {
    pub(super) agents: usize,
    pub(super) payments: usize,
    pub(super) words: usize,
    /// What the number at hand counts and how many of it there are, if it is somebody's.
    pub(super) of: Option<(&'static str, usize)>,
}

/// Fields that hold the number of the *next* payment, which need not exist.
const NEXT_PAYMENTS: [&str; 2] = ["tick_starts", "first_arrival"];

/// Somebody is named who does not exist, or a part of the state cannot be walked.
#[derive(Debug)]
pub(super) struct Stranger(String);

impl Display for Stranger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Stranger {}

impl ser::Error for Stranger {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl Census {
    /// Looks at every number of a state.
    pub(super) fn take(self, state: &impl Serialize) -> Result<(), Stranger> {
        state.serialize(self)
    }
}

/// Walks over what holds no numbers of anybody.
macro_rules! plain {
    ($($method:ident: $type:ty),* $(,)?) => { $(
        fn $method(self, _: $type) -> Result<(), Stranger> {
            Ok(())
        }
    )* };
}

impl Serializer for Census {
    type Ok = ();
    type Error = Stranger;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    plain! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32,
        serialize_i64: i64, serialize_i128: i128, serialize_u8: u8, serialize_u16: u16,
        serialize_u64: u64, serialize_u128: u128, serialize_f32: f32,
        serialize_f64: f64, serialize_char: char, serialize_str: &str, serialize_bytes: &[u8],
        serialize_unit_struct: &'static str,
    }

    fn serialize_u32(self, number: u32) -> Result<(), Stranger> {
        match self.of {
            Some((what, count)) if number as usize >= count => {
                Err(Stranger(format!("{what} {number} is not among {count}")))
            }
            _ => Ok(()),
        }
    }

    fn serialize_none(self) -> Result<(), Stranger> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Stranger> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Stranger> {
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
    ) -> Result<(), Stranger> {
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Stranger> {
        let of = match name {
            "AgentNo" => Some(("agent", self.agents)),
            "PaymentNo" => Some(("payment", self.payments)),
            "WordNo" => Some(("text", self.words)),
            _ => None,
        };
        value.serialize(Self { of, ..self })
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Stranger> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Stranger> {
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Stranger> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Stranger> {
        Ok(self)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Stranger> {
        Ok(self)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, Stranger> {
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Stranger> {
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Stranger> {
        Ok(self)
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

/// Walks into the items of one kind of whole.
macro_rules! items {
    ($($part:ident: $method:ident),* $(,)?) => { $(
        impl ser::$part for Census {
            type Ok = ();
            type Error = Stranger;

            fn $method<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Stranger> {
                item.serialize(*self)
            }

            fn end(self) -> Result<(), Stranger> {
                Ok(())
            }
        }
    )* };
}

items! {
    SerializeSeq: serialize_element,
    SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field,
    SerializeTupleVariant: serialize_field,
}

impl ser::SerializeMap for Census {
    type Ok = ();
    type Error = Stranger;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Stranger> {
        key.serialize(*self)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Stranger> {
        value.serialize(*self)
    }

    fn end(self) -> Result<(), Stranger> {
        Ok(())
    }
}

/// Walks into the fields of one kind of whole.
macro_rules! fields {
    ($($part:ident),* $(,)?) => { $(
        impl ser::$part for Census {
            type Ok = ();
            type Error = Stranger;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), Stranger> {
                if NEXT_PAYMENTS.contains(&key) {
                    let payments = self.payments + 1;
                    return value.serialize(Self { payments, ..*self });
                }
                value.serialize(*self)
            }

            fn end(self) -> Result<(), Stranger> {
                Ok(())
            }
        }
    )* };
}

fields! { SerializeStruct, SerializeStructVariant }
