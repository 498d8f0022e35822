//! Charts as SVG, for papers: dark on white, with labels that are readable at a column's width.

mod axes;
mod labelled;
mod legend;
mod shapes;

use plotters::prelude::*;
use psim_model::Tick;

use crate::charts::{Axis, Chart, Drawing};
use crate::shocks::ShockMark;
use crate::style::Style;
use axes::Scale;
use labelled::Labelled;
use shapes::{Area, Context, Outcome};

/// Width and height of a figure in pixels.
const SIZE: (u32, u32) = (840, 480);
/// Height of labels in pixels.
const LABEL: u32 = 15;

/// What the time axes of all figures of a run share.
pub(crate) struct TimeAxis<'a> {
    pub(crate) moments: &'a [Tick],
    pub(crate) shocks: &'a [ShockMark],
    pub(crate) style: &'a Style,
}

/// Draws a chart.
pub(crate) fn draw(chart: &Chart, time: &TimeAxis<'_>) -> String {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let drawn = drawn_on(&root, chart, time);
        debug_assert!(drawn.is_ok(), "memory takes what is drawn: {drawn:?}");
    }
    svg
}

fn drawn_on(root: &Area, chart: &Chart, time: &TimeAxis<'_>) -> Outcome {
    let TimeAxis { moments, style, .. } = *time;
    root.fill(&WHITE)?;
    let (least, most) = shapes::range(chart);
    let scale = Scale::of(chart, most.abs().max(least.abs()), style);
    let top = legend::draw(root, chart, &scale.label)?;
    let (least, most) = (scale.height(least), scale.height(most));
    let heights = axes::round_numbers(least, most);
    let step = heights.get(1).zip(heights.first()).map_or(1.0, |(one, zero)| one - zero);
    let (across, places) = match chart.x {
        Axis::Moment => axes::time(moments, style),
        Axis::Category => axes::categories(chart),
    };
    let ends = (across.start, across.end);
    let mut builder = ChartBuilder::on(root);
    builder
        .margin_top(top)
        .margin_left(10)
        .margin_right(30)
        .margin_bottom(6)
        .x_label_area_size(46)
        .y_label_area_size(70);
    let mut context = builder.build_cartesian_2d(
        Labelled { range: across, places },
        Labelled { range: least..most, places: heights },
    )?;
    context
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(BLACK.mix(0.15))
        .axis_style(BLACK.mix(0.6))
        .label_style(("sans-serif", LABEL))
        .axis_desc_style(("sans-serif", LABEL))
        .x_desc(match chart.x {
            Axis::Moment => axes::time_label(style),
            Axis::Category => "",
        })
        .x_label_formatter(&|x| match chart.x {
            Axis::Moment => axes::moment(*x, style),
            Axis::Category => axes::category(chart, *x),
        })
        .y_label_formatter(&|height| scale.text(*height, step))
        .draw()?;
    plot(&mut context, chart, time, ends, &scale)?;
    root.present()
}

/// Draws the figures between the axes.
fn plot(
    context: &mut Context,
    chart: &Chart,
    time: &TimeAxis<'_>,
    ends: (f64, f64),
    scale: &Scale,
) -> Outcome {
    let moments = time.moments;
    if chart.x == Axis::Moment {
        shapes::shocks(context, time.shocks)?;
    }
    match (chart.x, chart.style) {
        (Axis::Category, _) => shapes::bars(context, chart, None, scale)?,
        (Axis::Moment, Drawing::Bar) => shapes::bars(context, chart, Some(moments), scale)?,
        (Axis::Moment, form) => {
            shapes::lines(context, chart, moments, form == Drawing::Step, scale)?;
        }
    }
    shapes::levels(context, chart, ends, scale)?;
    shapes::marks(context, chart, ends, scale)
}
