//! A file after the generic checks: every value has its type, every key its declaration.
//!
//! What was faulty is marked and has been reported; whoever reads on gets `None` for it and says
//! nothing more, so that one fault does not cause others.

use std::rc::Rc;

use psim_model::{Fraction, Money, Multiplier, Priority, Rate};

use crate::scalar;
use crate::shape::{Default, Key, Kind, NO_KEYS, Shape};
use crate::source::Span;
use crate::tree::Node;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) typed: Typed,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) enum Typed {
    Bool(bool),
    Int(i128),
    Money(Money),
    Number(f64),
    Rate(Rate),
    Yearly(YearlyRate),
    Fraction(Fraction),
    Multiplier(Multiplier),
    Text(String),
    Choice(&'static str),
    /// Seconds after midnight.
    Clock(u32),
    Fields(Fields),
    Variant(&'static str, Fields),
    /// Faulty elements are `None`.
    List(Vec<Option<Item>>),
    ByName(Vec<(String, Span, Option<Item>)>),
    /// What stands there, unread.
    Tree(Rc<Node>),
    Anything,
}

/// A rate for a year and how it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum YearlyRate {
    /// A plain number, in the unit of its key.
    Plain(Rate),
    /// Basis points (one percent is a hundred).
    Bps(Rate),
}

/// The given keys of a map.
#[derive(Clone, Debug)]
pub(crate) struct Fields {
    pub(crate) shape: &'static Shape,
    /// The keys of a variant that others have too.
    pub(crate) also: &'static Shape,
    pub(crate) span: Span,
    pub(crate) given: Vec<Given>,
}

#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) name: &'static str,
    pub(crate) key_span: Span,
    /// `None` if faulty.
    pub(crate) item: Option<Item>,
}

impl Fields {
    /// Makes the fields of an empty map.
    pub(crate) const fn empty(shape: &'static Shape, span: Span) -> Self {
        Self { shape, also: &NO_KEYS, span, given: Vec::new() }
    }

    fn key(&self, name: &str) -> Option<&'static Key> {
        self.shape.key(name).or_else(|| self.also.key(name))
    }

    /// Returns what was given for a key, faulty or not.
    pub(crate) fn given(&self, name: &str) -> Option<&Given> {
        debug_assert!(self.key(name).is_some(), "Invariant: {name} is declared");
        self.given.iter().find(|given| given.name == name)
    }

    /// Returns the value given for a key, if it is sound.
    pub(crate) fn item(&self, name: &str) -> Option<&Item> {
        self.given(name)?.item.as_ref()
    }

    /// Returns the sound value given for a key, or else its declared default.
    pub(crate) fn read<T: FromTyped>(&self, name: &str) -> Option<T> {
        match self.given(name) {
            Some(given) => T::from_typed(&given.item.as_ref()?.typed),
            None => self.default_of(name),
        }
    }

    /// Returns the sound value given for a key, without regard to defaults.
    pub(crate) fn read_given<T: FromTyped>(&self, name: &str) -> Option<T> {
        T::from_typed(&self.item(name)?.typed)
    }

    /// Returns the value of a key that need not be given; `None` if it is faulty.
    #[expect(clippy::option_option, reason = "not given is not the same as faulty")]
    pub(crate) fn optional<T: FromTyped>(&self, name: &str) -> Option<Option<T>> {
        match self.given(name) {
            Some(_) => self.read_given(name).map(Some),
            None => Some(None),
        }
    }

    /// Returns what the word of a key stands for, given what each stands for; `None` if the key is
    /// faulty. A test holds the meanings against the declared words.
    pub(crate) fn word<T: Copy>(&self, name: &str, meanings: &[(&str, T)]) -> Option<T> {
        let word: &str = self.read(name)?;
        meanings.iter().find(|(known, _)| *known == word).map(|(_, meaning)| *meaning)
    }

    /// Returns the fields of a map given for a key.
    pub(crate) fn fields(&self, name: &str) -> Option<&Self> {
        match &self.item(name)?.typed {
            Typed::Fields(fields) => Some(fields),
            _ => None,
        }
    }

    /// Returns the place to speak of a key: its value, or its name, or the whole map.
    pub(crate) fn span_of(&self, name: &str) -> Span {
        self.given(name)
            .map_or(self.span, |given| given.item.as_ref().map_or(given.key_span, |item| item.span))
    }

    fn default_of<T: FromTyped>(&self, name: &str) -> Option<T> {
        let key = self.key(name)?;
        let Default::Is(text) = key.default else { return None };
        T::from_typed(&default_value(&key.kind, text)?)
    }
}

/// Reads a declared default; scalars, and pairs of whole numbers written `[a, b]`.
pub(crate) fn default_value(kind: &Kind, text: &str) -> Option<Typed> {
    if let Kind::Either(forms) = kind {
        return forms.first().and_then(|form| default_value(form, text));
    }
    if let (Kind::Pair(element), Some(inner)) =
        (kind, text.strip_prefix('[').and_then(|text| text.strip_suffix(']')))
    {
        let item = |text: &str| {
            let span = Span::new(0, 0, 0);
            Some(Item { typed: scalar::read(element, text.trim(), false).ok()?, span })
        };
        return Some(Typed::List(inner.split(',').map(item).collect()));
    }
    let quoted = text == "''";
    scalar::read(kind, if quoted { "" } else { text }, quoted).ok()
}

/// Types that can be taken out of a [`Typed`].
pub(crate) trait FromTyped: Sized {
    fn from_typed(typed: &Typed) -> Option<Self>;
}

macro_rules! from_typed {
    ($($ty:ty: $pattern:pat => $value:expr;)*) => {$(
        impl FromTyped for $ty {
            fn from_typed(typed: &Typed) -> Option<Self> {
                match typed { $pattern => $value, _ => None }
            }
        }
    )*};
}

from_typed! {
    bool: Typed::Bool(value) => Some(*value);
    u8: Typed::Int(value) => u8::try_from(*value).ok();
    Priority: Typed::Int(value) => u8::try_from(*value).ok()?.try_into().ok();
    u32: Typed::Int(value) => u32::try_from(*value).ok();
    u64: Typed::Int(value) => u64::try_from(*value).ok();
    Money: Typed::Money(value) => Some(*value);
    f64: Typed::Number(value) => Some(*value);
    Rate: Typed::Rate(value) => Some(*value);
    Fraction: Typed::Fraction(value) => Some(*value);
    Multiplier: Typed::Multiplier(value) => Some(*value);
    String: Typed::Text(value) => Some(value.clone());
    &'static str: Typed::Choice(value) => Some(value);
}

/// Two numbers of a pair.
impl FromTyped for (u32, u32) {
    fn from_typed(typed: &Typed) -> Option<Self> {
        let Typed::List(items) = typed else { return None };
        let number = |at: usize| u32::from_typed(&items.get(at)?.as_ref()?.typed);
        Some((number(0)?, number(1)?))
    }
}
