//! The measures of a run in sections: figures with their labels, and tables.

mod agents;
mod blocks;
mod concentration;
mod costs;
mod delay;
mod intraday;
mod liquidity;
mod offset;
mod queues;
mod settlement;
pub(crate) mod throughput;

use crate::measured::Measured;
use crate::table::Table;
use crate::value::Value;

/// What belongs together.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    /// The key of the measures in JSON.
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) figures: Vec<Figure>,
    pub(crate) tables: Vec<Table>,
}

/// A measure with its label.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    pub(crate) label: &'static str,
    /// `None` where there is nothing to divide by, or nothing to tell.
    pub(crate) value: Option<Value>,
    /// What it is of, or when it was.
    pub(crate) note: String,
}

impl Section {
    const fn new(id: &'static str, title: &'static str) -> Self {
        Self { id, title, figures: Vec::new(), tables: Vec::new() }
    }

    fn figure(
        &mut self,
        label: &'static str,
        value: impl Into<Option<Value>>,
        note: impl Into<String>,
    ) {
        self.figures.push(Figure { label, value: value.into(), note: note.into() });
    }

    /// Adds a table, unless it has no rows.
    fn table(&mut self, table: Table) {
        if !table.rows.is_empty() {
            self.tables.push(table);
        }
    }
}

/// Returns all sections, in the order of the measures. Every run has the same figures.
pub(crate) fn sections(run: &Measured) -> Vec<Section> {
    vec![
        settlement::section(run),
        liquidity::section(run),
        delay::section(run),
        queues::section(run),
        offset::section(run),
        blocks::section(run),
        throughput::section(run),
        concentration::section(run),
        costs::section(run),
        agents::section(run),
        intraday::section(run),
    ]
}
