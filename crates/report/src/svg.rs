//! Charts as SVG, for papers: dark on white, with labels that are readable at a column's width.

mod axes;
mod shapes;

use plotters::prelude::*;
use psim_model::Tick;

use crate::charts::{Axis, Chart, Drawing};
use crate::style::Style;
use axes::Scale;
use shapes::{Area, Outcome};

/// Width and height of a figure in pixels.
const SIZE: (u32, u32) = (840, 480);
/// Heights of letters in pixels.
const TITLE: u32 = 20;
const LABEL: u32 = 15;
/// Parts into which an axis is divided, about.
const LABELS: usize = 8;
/// Longest name of a category.
const CATEGORY_LENGTH: usize = 14;

/// Draws a chart.
pub(crate) fn draw(chart: &Chart, moments: &[Tick], style: &Style) -> String {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let drawn = drawn_on(&root, chart, moments, style);
        debug_assert!(drawn.is_ok(), "memory takes what is drawn: {drawn:?}");
    }
    svg
}

fn drawn_on(root: &Area, chart: &Chart, moments: &[Tick], style: &Style) -> Outcome {
    root.fill(&WHITE)?;
    let (least, most) = shapes::range(chart);
    let scale = Scale::of(chart, most.abs().max(least.abs()), style);
    let (least, most) = (scale.height(least), scale.height(most));
    let first = moments.first().map_or(0.0, |tick| f64::from(tick.0));
    let last = moments.last().map_or(1.0, |tick| f64::from(tick.0));
    let across = match chart.x {
        Axis::Moment => first..last.max(first + 1.0),
        Axis::Category => -0.5..chart.categories.len() as f64 - 0.5,
    };
    let mut builder = ChartBuilder::on(root);
    builder
        .caption(&chart.title, ("sans-serif", TITLE).into_font().style(FontStyle::Bold))
        .margin(14)
        .margin_right(26)
        .x_label_area_size(48)
        .y_label_area_size(84);
    let mut context = builder.build_cartesian_2d(across, least..most)?;
    let step = (most - least) / LABELS as f64;
    let at = |x: &f64| match chart.x {
        Axis::Moment => axes::moment(*x, style),
        Axis::Category => category(chart, *x),
    };
    let labels = match chart.x {
        Axis::Moment => LABELS,
        Axis::Category => 2 * chart.categories.len() + 1,
    };
    context
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(BLACK.mix(0.15))
        .label_style(("sans-serif", LABEL))
        .axis_desc_style(("sans-serif", LABEL))
        .x_desc(match chart.x {
            Axis::Moment => axes::time(style),
            Axis::Category => "",
        })
        .y_desc(scale.label.as_str())
        .x_labels(labels)
        .y_labels(LABELS)
        .x_label_formatter(&at)
        .y_label_formatter(&|height| scale.text(*height, step))
        .draw()?;
    match (chart.x, chart.style) {
        (Axis::Category, _) => shapes::bars(&mut context, chart, None, &scale)?,
        (Axis::Moment, Drawing::Bar) => shapes::bars(&mut context, chart, Some(moments), &scale)?,
        (Axis::Moment, form) => {
            shapes::lines(&mut context, chart, moments, form == Drawing::Step, &scale)?;
        }
    }
    shapes::levels(&mut context, chart, (first, last), &scale)?;
    shapes::marks(&mut context, chart, &scale)?;
    if chart.series.len() + chart.levels.len() > 1 {
        context
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .background_style(WHITE.mix(0.85))
            .border_style(BLACK.mix(0.2))
            .label_font(("sans-serif", LABEL))
            .draw()?;
    }
    root.present()
}

/// Returns the name of the category whose middle is at `x`; nothing between two.
fn category(chart: &Chart, x: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "they saturate")]
    let index = x.round() as usize;
    if (x - x.round()).abs() > 0.01 || x < -0.01 {
        return String::new();
    }
    let name = chart.categories.get(index).map_or("", String::as_str);
    if name.chars().count() <= CATEGORY_LENGTH {
        return name.to_owned();
    }
    name.chars().take(CATEGORY_LENGTH - 1).chain(['…']).collect()
}
