//! Long texts that come again are kept once.
//!
//! The way through a tree, where decisions are traced, and the document of a policy are long and
//! the same again and again. A text stands in its row the first time; from the second time on it
//! stands in `texts`, and its cells have its number there. So a text that comes once, as most do,
//! costs nothing more, and a cell that is a number in a file is never mistaken for a text.

use rusqlite::{Connection, OptionalExtension, Statement};
use rustc_hash::FxHashMap;

use crate::schema;

/// Bytes from which on a text is long.
const LONG: usize = 32;
/// Bytes of texts that are remembered; then it begins anew.
const REMEMBERED_MAX: usize = 1 << 24;

/// The texts of a run that is being written.
pub(crate) struct Texts<'c> {
    run: i64,
    insert: Statement<'c>,
    /// Long texts and, from their second time on, their numbers.
    seen: FxHashMap<Box<str>, Option<u32>>,
    seen_bytes: usize,
    kept: u32,
}

impl<'c> Texts<'c> {
    /// `kept` is how many the run has in the file.
    pub(crate) fn prepare(
        connection: &'c Connection,
        run: i64,
        kept: u32,
    ) -> rusqlite::Result<Self> {
        Ok(Self {
            run,
            insert: connection.prepare("INSERT INTO texts (id, text) VALUES (?1, ?2)")?,
            seen: FxHashMap::default(),
            seen_bytes: 0,
            kept,
        })
    }

    /// Returns the number that stands for a text; `None` if the text itself is to stand there.
    pub(crate) fn number_of(&mut self, text: &str) -> rusqlite::Result<Option<u32>> {
        if text.len() < LONG {
            return Ok(None);
        }
        match self.seen.get_mut(text) {
            Some(Some(number)) => Ok(Some(*number)),
            Some(number) => {
                self.insert.execute((schema::row_id(self.run, self.kept.into()), text))?;
                *number = Some(self.kept);
                self.kept = self.kept.saturating_add(1);
                Ok(*number)
            }
            None => {
                self.remember(text);
                Ok(None)
            }
        }
    }

    fn remember(&mut self, text: &str) {
        if self.seen_bytes.saturating_add(text.len()) > REMEMBERED_MAX {
            self.seen.clear();
            self.seen_bytes = 0;
        }
        self.seen_bytes = self.seen_bytes.saturating_add(text.len());
        self.seen.insert(text.into(), None);
    }
}

/// The texts of a run that is being read, looked up as rows ask for them.
#[derive(Debug)]
pub(crate) struct KeptTexts<'j> {
    run: i64,
    select: Statement<'j>,
    known: FxHashMap<i64, String>,
    known_bytes: usize,
}

impl<'j> KeptTexts<'j> {
    pub(crate) fn prepare(connection: &'j Connection, run: i64) -> rusqlite::Result<Self> {
        let select = connection.prepare("SELECT text FROM texts WHERE id = ?1")?;
        Ok(Self { run, select, known: FxHashMap::default(), known_bytes: 0 })
    }

    /// Forgets what has been looked up if that is much; comes before the look-ups of a row.
    pub(crate) fn make_room(&mut self) {
        if self.known_bytes > REMEMBERED_MAX {
            self.known.clear();
            self.known_bytes = 0;
        }
    }

    /// Looks a text up for [`KeptTexts::get`]; says so if it is not there.
    pub(crate) fn look_up(&mut self, number: i64) -> Result<(), String> {
        if self.known.contains_key(&number) {
            return Ok(());
        }
        let id = u32::try_from(number).map(|number| schema::row_id(self.run, number.into())).ok();
        let text = self.select.query_row([id], |row| row.get::<_, String>(0)).optional();
        let text = text.map_err(|error| error.to_string())?;
        let text = text.ok_or_else(|| format!("text {number} is missing"))?;
        self.known_bytes = self.known_bytes.saturating_add(text.len());
        self.known.insert(number, text);
        Ok(())
    }

    /// Returns a text that was looked up since there was room.
    pub(crate) fn get(&self, number: i64) -> Option<&str> {
        self.known.get(&number).map(String::as_str)
    }
}
