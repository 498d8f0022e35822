//! Several runs side by side.

mod charts;
mod differences;
mod page;
mod sentences;
mod tables;
mod told;

use serde_json::{Map, Value, json};

use crate::html;
use crate::measured::Measured;
use differences::numbers;

pub(crate) use differences::Setting;

/// Runs whose measures are compared: each with the first.
#[derive(Clone, Debug)]
pub struct Comparison {
    runs: Vec<Compared>,
    /// What the scenarios have that is not the same in all.
    settings: Vec<Setting>,
    /// The same as people read it.
    told: Vec<Setting>,
}

/// One of them.
#[derive(Clone, Debug)]
pub(crate) struct Compared {
    /// `A`, `B` …
    pub(crate) letter: String,
    pub(crate) run: Measured,
}

impl Comparison {
    /// Sets runs side by side, each with what its scenario says: paths of keys and their values.
    pub fn new(runs: impl IntoIterator<Item = (Measured, Vec<(String, String)>)>) -> Self {
        let (runs, settings): (Vec<Measured>, Vec<_>) = runs.into_iter().unzip();
        let compared = runs.into_iter().enumerate();
        let differing = differences::settings(&settings);
        Self {
            told: told::told(&settings, &differing),
            settings: differing,
            runs: compared.map(|(index, run)| Compared { letter: letter(index), run }).collect(),
        }
    }

    /// Returns the page for the terminal.
    pub fn to_text(&self) -> String {
        page::text(self)
    }

    /// Returns the measures of all runs as one JSON object, with the differences of all single
    /// figures from those of the first run, by path.
    pub fn to_json(&self) -> Value {
        let object = |compared: &Compared| {
            let facts = &compared.run.facts;
            let mut object = json!({
                "name": compared.letter,
                "simulation_id": facts.simulation_id,
                "source": facts.source,
                "overrides": facts.overrides,
                "branch": facts.branch,
                "is_complete": facts.is_complete,
                "arrivals": compared.run.arrivals,
            });
            let measures = compared.run.measures.to_json();
            if let (Value::Object(object), Value::Object(measures)) = (&mut object, measures) {
                object.extend(measures);
            }
            object
        };
        let runs: Vec<Value> = self.runs.iter().map(object).collect();
        let figures: Vec<_> = runs.iter().map(numbers).collect();
        let mut differences = Map::new();
        if let [first, others @ ..] = figures.as_slice() {
            for (path, number) in first {
                let from_first = others.iter().map(|other| {
                    other.get(path).and_then(|other| differences::minus(other, number))
                });
                let row: Vec<Option<Value>> = from_first.collect();
                differences.insert(path.clone(), json!(row));
            }
        }
        let settings = self
            .settings
            .iter()
            .map(|setting| json!({"path": setting.path, "values": setting.values}));
        json!({
            "runs": runs,
            "same_arrivals": self.has_same_arrivals(),
            "same_seed": self.has_same_seed(),
            "settings": settings.collect::<Vec<_>>(),
            "differences": differences,
        })
    }

    /// Returns the page in HTML, with everything in it.
    pub fn to_html(&self) -> String {
        html::page(&page::title(self), &page::data(self))
    }

    fn others(&self) -> impl Iterator<Item = &Compared> {
        self.runs.iter().skip(1)
    }

    fn has_same_arrivals(&self) -> bool {
        self.has_same(|run| &run.arrivals)
    }

    fn has_same_seed(&self) -> bool {
        self.has_same(|run| &run.measures.run.rng_seed)
    }

    /// Whether all runs began under the same scenario, with all that its files say.
    fn has_same_scenario(&self) -> bool {
        self.has_same(|run| &run.measures.run.scenario_hash)
    }

    fn has_same_currency(&self) -> bool {
        self.has_same(|run| &run.measures.currency)
    }

    /// Whether ticks of all runs are of the same times of the day.
    fn has_same_calendar(&self) -> bool {
        self.has_same(|run| &run.style.calendar)
    }

    fn has_same<T: PartialEq>(&self, of: impl Fn(&Measured) -> &T) -> bool {
        let mut all = self.runs.iter().map(|compared| of(&compared.run));
        let first = all.next();
        all.all(|other| Some(other) == first)
    }
}

/// Returns `A` to `Z`, `AA` and so on.
fn letter(index: usize) -> String {
    let last = char::from(b'A' + u8::try_from(index % 26).unwrap_or_default());
    match index / 26 {
        0 => last.to_string(),
        more => format!("{}{last}", letter(more - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::letter;

    #[test]
    fn letters_go_on_behind_z() {
        assert_eq!(
            [0, 1, 25, 26, 27, 701, 702].map(letter),
            ["A", "B", "Z", "AA", "AB", "ZZ", "AAA"]
        );
    }
}
