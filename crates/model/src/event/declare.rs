//! The declaration mechanism: one entry, every representation.

/// Declares the events: `Name = code { field: Type, … }` with a doc comment on each.
///
/// The code is the first byte of the canonical row and never changes once released. A list
/// whose items are named there for the first time is declared as `field: Type as new`.
macro_rules! events {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident = $code:literal {
            $( $(#[doc = $field_doc:literal])* $field:ident : $type:ty $(as $new:ident)? ),* $(,)?
        }
    )*) => {
        $(
            $(#[doc = $doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
            pub struct $name {
                $( $(#[doc = $field_doc])* pub $field: $type, )*
            }

            impl From<$name> for Event {
                fn from(event: $name) -> Self {
                    Self::$name(event)
                }
            }
        )*

        /// One thing that happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Event {
            $( $(#[doc = $doc])* $name($name), )*
        }

        /// The type of an event; its value is the first byte of the canonical row.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EventKind {
            $( $(#[doc = $doc])* $name = $code, )*
        }

        impl EventKind {
            /// All types, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[$( Self::$name, )*];

            /// Returns the first byte of the canonical row.
            pub const fn code(self) -> u8 {
                self as u8
            }

            /// Returns the type with this code.
            pub fn from_code(code: u8) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.code() == code)
            }

            /// Returns the type with this name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.spec().name == name)
            }

            /// Returns what is declared of this type.
            pub const fn spec(self) -> &'static EventSpec {
                match self {
                    $( Self::$name => {
                        const SPEC: &EventSpec = &EventSpec {
                            name: stringify!($name),
                            doc: concat!($($doc),*),
                            fields: &[$(
                                FieldSpec {
                                    name: stringify!($field),
                                    doc: concat!($($field_doc),*),
                                    ty: <$type as Field>::TYPE,
                                    nullable: <$type as Field>::NULLABLE,
                                    introduces: introduces!($type $(, $new)?),
                                },
                            )*],
                        };
                        SPEC
                    } )*
                }
            }
        }

        impl Event {
            /// Returns the event's type.
            pub const fn kind(&self) -> EventKind {
                match self {
                    $( Self::$name(_) => EventKind::$name, )*
                }
            }

            /// Visits the fields in order of declaration; `columns` are the batch's.
            #[allow(unused_variables)] // an event may have no field
            pub fn visit<'a>(
                &self,
                columns: &'a Columns,
                mut visitor: impl FnMut(&'static FieldSpec, Value<'a>),
            ) {
                match self {
                    $( Self::$name(event) => {
                        let mut specs = EventKind::$name.spec().fields.iter();
                        $( if let Some(spec) = specs.next() {
                            visitor(spec, event.$field.value(columns));
                        } )*
                    } )*
                }
            }

            /// Visits the fields as narrow cells, in order of declaration.
            #[allow(unused_variables)] // an event may have no field
            pub fn store<'a>(
                &self,
                columns: &'a Columns,
                mut visitor: impl FnMut(&'static FieldSpec, Cell<'a>),
            ) {
                match self {
                    $( Self::$name(event) => {
                        let mut specs = EventKind::$name.spec().fields.iter();
                        $( if let Some(spec) = specs.next() {
                            visitor(spec, event.$field.cell(columns));
                        } )*
                    } )*
                }
            }

            /// Makes an event from its cells, asked for in order of declaration; `None` if one is
            /// not what its field can be.
            #[allow(unused_variables, unused_mut)] // an event may have no field
            pub fn load<'a>(
                kind: EventKind,
                mut cells: impl FnMut(&'static FieldSpec) -> Cell<'a>,
                loading: &mut Loading<'_>,
            ) -> Option<Self> {
                match kind {
                    $( EventKind::$name => {
                        let mut specs = EventKind::$name.spec().fields.iter();
                        Some(Self::$name($name {
                            $( $field: <$type as Field>::load(cells(specs.next()?), loading)?, )*
                        }))
                    } )*
                }
            }

            /// Appends the canonical row: the code, then each field.
            #[allow(unused_variables)] // an event may have no field
            pub fn encode(&self, columns: &Columns, row: &mut Vec<u8>) {
                match self {
                    $( Self::$name(event) => {
                        row.push($code);
                        $( event.$field.encode(columns, row); )*
                    } )*
                }
            }
        }
    };
}

/// Says whether a field names somebody for the first time: by its type, or as it is declared.
macro_rules! introduces {
    ($type:ty) => {
        <$type as Field>::INTRODUCES
    };
    ($type:ty, new) => {
        true
    };
}

pub(super) use {events, introduces};
