//! The form in which keys are declared.
//!
//! A [`Shape`] is the one source for the checks, the defaults, the JSON Schema and the reference
//! page. It describes; the modules that use it decide.

use psim_model::Priority;

use crate::keys;

/// The keys that a map may have.
#[derive(Debug)]
pub(crate) struct Shape {
    /// What people call such a map.
    pub(crate) title: &'static str,
    /// Keys of which at least one must be given; empty where none need be.
    pub(crate) needs: &'static [&'static str],
    pub(crate) keys: &'static [Key],
}

/// One key of a map.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) aliases: &'static [&'static str],
    pub(crate) kind: Kind,
    pub(crate) unit: &'static str,
    pub(crate) default: Default,
    pub(crate) doc: &'static str,
}

/// What holds where a key is not given.
#[derive(Debug)]
pub(crate) enum Default {
    /// It must be given.
    Required,
    /// The same as writing this.
    Is(&'static str),
    /// It follows from other things, as said here.
    Follows(&'static str),
}

/// What may be written for a key.
#[derive(Debug)]
pub(crate) enum Kind {
    Bool,
    /// A whole number from `min` to `max`.
    Int {
        min: i128,
        max: i128,
    },
    /// Whole minor units, at least `min`.
    Money {
        min: i64,
    },
    /// A decimal number, at least 0 or (`positive`) above it, and at most `max`.
    Number {
        positive: bool,
        max: f64,
    },
    /// Any finite number.
    Real,
    /// An exact rate, not negative.
    Rate,
    /// A rate for a year: `50bp`, `0.5%` or a number in the key's own unit.
    YearlyRate,
    /// An exact share from 0 to 1.
    Fraction,
    /// An exact multiplier with at most 4 decimal places.
    Multiplier,
    Text,
    /// A text that is not blank.
    Name,
    /// One of some words.
    Choice(&'static [Case]),
    /// A time of day, `07:00` or `07:00:30`, up to `24:00`.
    Clock,
    /// A tick of the day or a time of day.
    Moment,
    Map(&'static Shape),
    /// A map whose keys depend on the word at `tag`.
    Variant {
        tag: &'static str,
        cases: &'static [Case],
    },
    /// A list of at least so many.
    List {
        of: &'static Kind,
        least: usize,
    },
    /// Two values, low and high.
    Pair(&'static Kind),
    /// A map with names as keys, and what those are the names of.
    ByName {
        names: &'static str,
        of: &'static Kind,
    },
    /// The name of a policy that comes with the program.
    LibraryPolicy,
    /// A policy, written out; the policy language says what it may hold.
    Document,
    /// Forms that are told apart by how they are written: plain, list or map.
    Either(&'static [Kind]),
    /// Whatever is written; for sections that nothing reads.
    Anything,
}

/// One word of a choice, or one variant and its further keys.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) aliases: &'static [&'static str],
    pub(crate) doc: &'static str,
    pub(crate) shape: &'static Shape,
    /// Keys that it has besides, as other cases have them.
    pub(crate) also: &'static Shape,
}

/// A shape without keys, for words that stand alone.
pub(crate) static NO_KEYS: Shape = Shape { title: "nothing more", needs: &[], keys: &[] };

/// A count of at least one that fits 32 bits.
pub(crate) const COUNT: Kind = Kind::Int { min: 1, max: u32::MAX as i128 };
/// A number of ticks or a tick, from 0.
pub(crate) const TICKS: Kind = Kind::Int { min: 0, max: u32::MAX as i128 - 1 };
/// A 64-bit seed.
pub(crate) const SEED: Kind = Kind::Int { min: 0, max: u64::MAX as i128 };
/// A priority.
pub(crate) const PRIORITY: Kind = Kind::Int { min: 0, max: Priority::MAX.get() as i128 };
/// A number that is not negative.
pub(crate) const NUMBER: Kind = Kind::Number { positive: false, max: f64::MAX };
/// A number above 0.
pub(crate) const POSITIVE: Kind = Kind::Number { positive: true, max: f64::MAX };
/// An amount that is not negative.
pub(crate) const AMOUNT: Kind = Kind::Money { min: 0 };
/// An amount above 0.
pub(crate) const SUM: Kind = Kind::Money { min: 1 };
/// What all amounts are given in.
pub(crate) const MINOR: &str = "minor units";

impl Kind {
    fn home_of(&'static self, name: &str) -> Option<&'static Shape> {
        match self {
            Self::Map(shape) => shape.home_of(name),
            Self::Variant { cases, .. } => cases
                .iter()
                .flat_map(|case| [case.shape, case.also])
                .find_map(|shape| shape.home_of(name)),
            Self::List { of: element, .. }
            | Self::Pair(element)
            | Self::ByName { of: element, .. } => element.home_of(name),
            Self::Either(forms) => forms.iter().find_map(|form| form.home_of(name)),
            _ => None,
        }
    }
}

impl Key {
    /// Declares a key that must be given.
    pub(crate) const fn required(name: &'static str, kind: Kind, doc: &'static str) -> Self {
        let default = Default::Required;
        Self { name, aliases: &[], kind, unit: "", default, doc }
    }

    /// Declares a key that stands for `default` where it is not given.
    pub(crate) const fn with_default(
        name: &'static str,
        kind: Kind,
        default: &'static str,
        doc: &'static str,
    ) -> Self {
        let default = Default::Is(default);
        Self { name, aliases: &[], kind, unit: "", default, doc }
    }

    /// Declares a key whose default is explained in words.
    pub(crate) const fn optional(
        name: &'static str,
        kind: Kind,
        follows: &'static str,
        doc: &'static str,
    ) -> Self {
        let default = Default::Follows(follows);
        Self { name, aliases: &[], kind, unit: "", default, doc }
    }

    pub(crate) const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }

    pub(crate) const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// Declares the same key where it changes what holds, so that it may be left out.
    pub(crate) const fn changed(mut self) -> Self {
        self.default = Default::Follows("as it was");
        self
    }

    /// Declares the same key where it stands for what the section above says.
    pub(crate) const fn inherited(mut self) -> Self {
        self.default = Default::Follows("that of the section above");
        self
    }

    /// Returns whether it must be given.
    pub(crate) const fn is_required(&self) -> bool {
        matches!(self.default, Default::Required)
    }

    /// Returns its name and the other names that it answers to.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.aliases.iter().copied().chain([self.name])
    }

    /// Returns whether a written name means this key.
    pub(crate) fn answers_to(&self, name: &str) -> bool {
        self.name == name || self.aliases.contains(&name)
    }
}

impl Case {
    pub(crate) const fn word(name: &'static str, doc: &'static str) -> Self {
        Self::with(name, &NO_KEYS, doc)
    }

    pub(crate) const fn with(name: &'static str, shape: &'static Shape, doc: &'static str) -> Self {
        Self { name, aliases: &[], doc, shape, also: &NO_KEYS }
    }

    pub(crate) const fn also(mut self, shape: &'static Shape) -> Self {
        self.also = shape;
        self
    }

    pub(crate) const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// Returns whether a written word means this case.
    pub(crate) fn answers_to(&self, name: &str) -> bool {
        self.name == name || self.aliases.contains(&name)
    }
}

impl Shape {
    /// Returns the shape, this one or one below it, in which a written name means a key. The
    /// columns of a file are no keys that anyone would write elsewhere.
    pub(crate) fn home_of(&'static self, name: &str) -> Option<&'static Self> {
        if std::ptr::eq(self, keys::PAYMENT_FILE) {
            return None;
        }
        if self.keys.iter().any(|key| key.answers_to(name)) {
            return Some(self);
        }
        self.keys.iter().find_map(|key| key.kind.home_of(name))
    }

    /// Returns the declaration of a key by its own name.
    pub(crate) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}
