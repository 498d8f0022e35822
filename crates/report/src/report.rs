//! The forms in which a measured run is shown.

use serde_json::{Value, json};

use crate::charts::{Chart, balances, charts};
use crate::csv::{self, CsvTable};
use crate::measured::Measured;
use crate::picture::Picture;
use crate::svg::TimeAxis;
use crate::{html, story, svg, terminal};

/// A chart as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Its name, which is that of its file without the ending.
    pub name: &'static str,
    /// The chart in SVG.
    pub svg: String,
}

impl Measured {
    /// Returns the page for the terminal: the story, and all measures in tables.
    pub fn to_text(&self) -> String {
        terminal::page(self)
    }

    /// Returns all measures as one JSON object, as `docs/measures.md` lists them, with the story
    /// and where the run comes from: amounts in minor units (an integer; digits in a text where 64
    /// bits do not hold it), ratios as numbers, ids as texts.
    pub fn to_json(&self) -> Value {
        let facts = &self.facts;
        let mut object = json!({
            "simulation_id": facts.simulation_id,
            "source": facts.source,
            "overrides": facts.overrides,
            "branch": facts.branch,
            "is_complete": facts.is_complete,
            "ticks_asked": facts.ticks_asked,
            "story": story::story(self),
        });
        if let (Value::Object(object), Value::Object(measures)) =
            (&mut object, self.measures.to_json())
        {
            object.extend(measures);
        }
        object
    }

    /// Returns all measures as CSV tables: `measures` has what is a single figure, the others are
    /// lists of the JSON form, named by their path.
    pub fn to_csv(&self) -> Vec<CsvTable> {
        csv::tables(&self.measures.to_json())
    }

    /// Returns the page in HTML, with everything in it: it needs no network and no other file.
    pub fn to_html(&self, picture: &Picture) -> String {
        html::report(self, picture)
    }

    /// Returns each chart that shows anything, as SVG.
    pub fn figures(&self, picture: &Picture) -> Vec<Figure> {
        let first = std::iter::once(balances(self, picture)).filter(Chart::shows_anything);
        let time =
            TimeAxis { moments: &picture.moments, shocks: &self.shocks.marks, style: &self.style };
        first
            .chain(charts(self, picture))
            .map(|chart| Figure { name: chart.id, svg: svg::draw(&chart, &time) })
            .collect()
    }
}
