//! The title of a figure, and below it what the colors mean.

use plotters::prelude::*;

use super::shapes::{Area, Outcome, color};
use super::{LABEL, SIZE};
use crate::charts::{Chart, Drawing};

/// Height of the title in pixels.
const TITLE: u32 = 20;
/// From one line to the next.
const LINE: i32 = 24;
/// Left edge of all.
const LEFT: i32 = 20;
/// Width of a sample of a color, and of the room behind it.
const SAMPLE: i32 = 18;
const GAP: i32 = 6;
/// Width of a letter, a little too large: nothing measures it.
const LETTER: i32 = 8;

/// Draws the title, the unit and the legend; returns how much room they take.
pub(super) fn draw(root: &Area, chart: &Chart, unit: &str) -> Result<u32, Fault> {
    let bold = ("sans-serif", TITLE).into_font().style(FontStyle::Bold);
    root.draw(&Text::new(chart.title.clone(), (LEFT, 14), bold))?;
    let (mut x, mut y) = (LEFT, 14 + LINE);
    if !unit.is_empty() {
        let text = unit.to_owned();
        let width = LETTER * i32::try_from(unit.chars().count()).unwrap_or_default();
        root.draw(&Text::new(text, (x, y), ("sans-serif", LABEL).into_font()))?;
        x += width + 3 * GAP;
    }
    let series = chart.series.iter().map(|series| (series.name.as_str(), chart.style));
    let levels = chart.levels.iter().map(|level| (level.label.as_str(), Drawing::Line));
    let entries: Vec<(&str, Drawing)> = series.chain(levels).collect();
    if entries.len() > 1 || chart.stacked {
        for (index, (name, drawing)) in entries.into_iter().enumerate() {
            let width = LETTER * i32::try_from(name.chars().count()).unwrap_or_default();
            let whole = SAMPLE + GAP + width + 3 * GAP;
            if x + whole > i32::try_from(SIZE.0).unwrap_or(i32::MAX) && x > LEFT {
                (x, y) = (LEFT, y + LINE);
            }
            sample(root, (x, y), index, drawing)?;
            let at = (x + SAMPLE + GAP, y);
            root.draw(&Text::new(name.to_owned(), at, ("sans-serif", LABEL).into_font()))?;
            x += whole;
        }
    }
    Ok(u32::try_from(y + LINE + GAP).unwrap_or_default())
}

type Fault = DrawingAreaErrorKind<std::io::Error>;

fn sample(root: &Area, (x, y): (i32, i32), index: usize, drawing: Drawing) -> Outcome {
    let middle = y + 6;
    match drawing {
        Drawing::Bar => {
            let corners = [(x, middle - 6), (x + SAMPLE, middle + 6)];
            root.draw(&Rectangle::new(corners, color(index).filled()))
        }
        Drawing::Line | Drawing::Step => {
            let ends = [(x, middle), (x + SAMPLE, middle)];
            root.draw(&PathElement::new(ends, color(index).stroke_width(3)))
        }
    }
}
