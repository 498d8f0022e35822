//! JSON as it was written: keys in order, repeated ones included.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A JSON value that keeps what a map would lose.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// An object, in the order it was written in.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Returns what kind of value it is, with an article.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// Makes a text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Makes an object, its entries in this order.
    pub fn object<'k>(entries: impl IntoIterator<Item = (&'k str, Self)>) -> Self {
        Self::Object(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::text(value))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Json::Object(entries))
    }
}

/// Writes it as pretty-printed JSON, without a newline at the end.
impl fmt::Display for Json {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(self, 0, out)
    }
}

fn write(json: &Json, depth: usize, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    match json {
        Json::Null => out.write_str("null"),
        Json::Bool(value) => write!(out, "{value}"),
        Json::Number(value) => write_number(*value, out),
        Json::Text(text) => write_text(text, out),
        Json::List(items) if items.is_empty() => out.write_str("[]"),
        Json::Object(entries) if entries.is_empty() => out.write_str("{}"),
        Json::List(items) => {
            write_items(('[', ']'), items, (depth, is_flat(json)), out, |item, out| {
                write(item, depth + 1, out)
            })
        }
        Json::Object(entries) => {
            write_items(('{', '}'), entries, (depth, is_flat(json)), out, |(key, value), out| {
                write_text(key, out)?;
                out.write_str(": ")?;
                write(value, depth + 1, out)
            })
        }
    }
}

/// Writes a number as short as it can be read again.
fn write_number(value: f64, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    let size = value.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        write!(out, "{value:e}")
    } else {
        write!(out, "{value}")
    }
}

fn write_items<T>(
    (open, close): (char, char),
    items: &[T],
    (depth, flat): (usize, bool),
    out: &mut fmt::Formatter<'_>,
    mut write_item: impl FnMut(&T, &mut fmt::Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    write!(out, "{open}")?;
    for (index, item) in items.iter().enumerate() {
        match (index, flat) {
            (0, true) => {}
            (_, true) => out.write_str(", ")?,
            (0, false) => write_line(depth + 1, out)?,
            (_, false) => {
                out.write_str(",")?;
                write_line(depth + 1, out)?;
            }
        }
        write_item(item, out)?;
    }
    if !flat {
        write_line(depth, out)?;
    }
    write!(out, "{close}")
}

fn write_line(depth: usize, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(out, "\n{:1$}", "", 2 * depth)
}

/// Returns whether it is short enough for one line: nothing in it holds more than scalars.
fn is_flat(json: &Json) -> bool {
    let is_scalar = |json: &Json| !matches!(json, Json::List(_) | Json::Object(_));
    match json {
        Json::List(items) => items.iter().all(is_scalar),
        Json::Object(entries) => {
            let small = |(_, value): &(String, Json)| match value {
                Json::Object(inner) => inner.iter().all(|(_, value)| is_scalar(value)),
                value => is_scalar(value),
            };
            entries.len() <= 3 && entries.iter().all(small)
        }
        _ => true,
    }
}

fn write_text(text: &str, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    let quoted = serde_json::to_string(text).map_err(|_| fmt::Error)?;
    out.write_str(&quoted)
}
