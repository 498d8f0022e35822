//! A section as an example: a scenario that both engines run, and what it must lead to.

use std::fs;

use psim_engine::{Engine, VERSION};
use psim_model::CheckedScenario;
use psim_model::event::EventBatch;
use psim_scenario::{Overrides, load};
use psim_testkit::{compare, invariants, reference};

use crate::document::{Block, Section};
use crate::events::EventTable;
use crate::fault::{Fault, fault};
use crate::payments;
use crate::states::StateTable;
use crate::table::Table;

/// An example, read and not yet run.
#[derive(Debug)]
pub(crate) struct Example<'a> {
    scenario: &'a Block,
    payments: Option<&'a Table>,
    events: Vec<EventTable>,
    states: Vec<StateTable>,
}

impl<'a> Example<'a> {
    /// Reads a section; `None` if it is prose.
    pub(crate) fn read(section: &'a Section) -> Result<Option<Self>, Fault> {
        let scenario = match (&section.scenarios[..], section.tables.first()) {
            ([], None) => return Ok(None),
            ([], Some(table)) => return fault(table.line, "a table without a scenario"),
            ([scenario], _) => scenario,
            ([_, second, ..], _) => {
                return fault(second.line, "a second scenario; give it a heading of its own");
            }
        };
        let mut example = Self { scenario, payments: None, events: vec![], states: vec![] };
        for table in &section.tables {
            let header: Vec<&str> = table.header.iter().map(String::as_str).collect();
            match header[..] {
                ["payment", ..] if example.payments.is_some() => {
                    return fault(table.line, "a second table of payments");
                }
                ["payment", ..] => example.payments = Some(table),
                ["tick", "event", ..] => example.events.push(EventTable::read(table)?),
                ["bank", ..] => example.states.push(StateTable::read(table)?),
                _ => {
                    let text = "a table begins `payment`, `tick | event` or `bank`";
                    return fault(table.line, text);
                }
            }
        }
        if example.events.is_empty() && example.states.is_empty() {
            return fault(section.line, "a scenario without a table of what must happen");
        }
        Ok(Some(example))
    }

    /// Runs both engines and returns all that is not as the section says.
    pub(crate) fn run(&self) -> Vec<Fault> {
        let scenario = match self.load() {
            Ok(scenario) => scenario,
            Err(fault) => return vec![fault],
        };
        let found = match engine_stream(&scenario) {
            Ok(stream) => stream,
            Err(text) => return vec![Fault::new(self.scenario.line, text)],
        };
        let expected = reference::run(&scenario, VERSION);
        let mut faults = self.check(&found);
        if let Err(law) = invariants::check(&found, &scenario) {
            faults.push(Fault::new(self.scenario.line, law));
        }
        if let Err(difference) = compare::streams(&expected, &found) {
            let text = format!("the engines differ (expected: reference)\n{difference}");
            faults.push(Fault::new(self.scenario.line, text));
            let only = |fault: Fault| Fault { text: format!("reference: {}", fault.text), ..fault };
            faults.extend(self.check(&expected).into_iter().map(only));
        }
        faults
    }

    fn check(&self, stream: &[EventBatch]) -> Vec<Fault> {
        let events = self.events.iter().filter_map(|table| table.check(stream).err());
        let states = self.states.iter().flat_map(|table| table.check(stream));
        events.chain(states).collect()
    }

    fn load(&self) -> Result<CheckedScenario, Fault> {
        let Block { line, text } = self.scenario;
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("scenario.yaml");
        // Line numbers in faults of the scenario are then those of the document.
        fs::write(&path, "\n".repeat(line - 1) + text).expect("it can be written to");
        if let Some(table) = self.payments {
            let file = folder.path().join(payments::FILE);
            fs::write(file, payments::csv(table)?).expect("it can be written to");
        }
        let scenario = match load(&path, &Overrides::default()) {
            Ok(loaded) => loaded.scenario,
            Err(faults) => return fault(*line, faults.to_string()),
        };
        match self.payments {
            Some(table) if table.rows.len() != scenario.payments.rows.len() => {
                let text = format!("the scenario lacks `payments: {}`", payments::FILE);
                fault(table.line, text)
            }
            _ => Ok(scenario),
        }
    }
}

fn engine_stream(scenario: &CheckedScenario) -> Result<Vec<EventBatch>, String> {
    let mut engine = Engine::new(scenario.clone());
    let mut stream = Vec::new();
    while !engine.is_finished() {
        let mut batch = EventBatch::default();
        engine.tick(&mut batch).map_err(|error| error.to_string())?;
        stream.push(batch);
    }
    Ok(stream)
}
