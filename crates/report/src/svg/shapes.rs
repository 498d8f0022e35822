//! Lines, bars and marks of a figure.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use psim_model::Tick;

use super::axes::Scale;
use super::labelled::Labelled;
use crate::charts::{Axis, Chart};
use crate::shocks::ShockMark;

pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub(super) type Outcome = Result<(), DrawingAreaErrorKind<std::io::Error>>;
pub(super) type Context<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<Labelled, Labelled>>;

/// Colors of the series, which people who see colors otherwise can tell apart too (the palette of
/// Okabe and Ito, 2008, and two more).
const COLORS: [RGBColor; 8] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(90, 90, 90),
    RGBColor(140, 120, 20),
];
/// Color of what marks a tick.
const SHOCK: RGBColor = RGBColor(110, 110, 110);
/// Part of its room that a group of bars takes.
const BAR_WIDTH: f64 = 0.8;

pub(super) fn color(index: usize) -> RGBColor {
    COLORS[index % COLORS.len()]
}

/// Returns the least and the most that is to be seen, nothing included, with some room above.
pub(super) fn range(chart: &Chart) -> (f64, f64) {
    let values = || chart.series.iter().map(|series| series.values.iter().flatten().copied());
    let heights: Vec<f64> = if chart.stacked {
        let length = chart.series.iter().map(|series| series.values.len()).max().unwrap_or(0);
        let at = |index: usize| {
            let all = chart.series.iter().filter_map(|series| series.values.get(index)).flatten();
            all.sum::<f64>()
        };
        (0..length).map(at).collect()
    } else {
        values().flatten().collect()
    };
    let others = chart.levels.iter().map(|level| level.value);
    let others = others.chain(chart.marks.iter().map(|mark| mark.value));
    let all = heights.into_iter().chain(others);
    let (least, most) =
        all.fold((0.0_f64, 0.0_f64), |(least, most), value| (least.min(value), most.max(value)));
    let room = (most - least).max(f64::MIN_POSITIVE) * 0.06;
    let above = if most > 0.0 { most + room } else { most };
    (if least < 0.0 { least - room } else { least }, if above > least { above } else { 1.0 })
}

/// Draws a line for each series, in steps or from point to point.
pub(super) fn lines(
    context: &mut Context,
    chart: &Chart,
    moments: &[Tick],
    in_steps: bool,
    scale: &Scale,
) -> Outcome {
    for (index, series) in chart.series.iter().enumerate() {
        let mut points = Vec::new();
        let mut before = None;
        for (tick, value) in moments.iter().zip(&series.values) {
            let Some(value) = value else { continue };
            let (x, y) = (f64::from(tick.0), scale.height(*value));
            if let Some(before) = before.filter(|_| in_steps) {
                points.push((x, before));
            }
            before = Some(y);
            points.push((x, y));
        }
        let stroke = color(index).stroke_width(2);
        context.draw_series(LineSeries::new(points, stroke))?;
    }
    Ok(())
}

/// Draws a bar for each value: on each other if they are stacked, else side by side.
pub(super) fn bars(
    context: &mut Context,
    chart: &Chart,
    moments: Option<&[Tick]>,
    scale: &Scale,
) -> Outcome {
    let length = chart.series.iter().map(|series| series.values.len()).max().unwrap_or(0);
    let room = match moments {
        Some([first, second, ..]) => f64::from(second.0.saturating_sub(first.0)),
        _ => 1.0,
    };
    let middle = |index: usize| match (chart.x, moments) {
        (Axis::Moment, Some(moments)) => moments.get(index).map_or(0.0, |tick| f64::from(tick.0)),
        _ => index as f64,
    };
    let groups = if chart.stacked { 1 } else { chart.series.len().max(1) };
    let width = room * BAR_WIDTH / groups as f64;
    let mut tops = vec![0.0; length];
    for (index, series) in chart.series.iter().enumerate() {
        let place = if chart.stacked { 0 } else { index };
        let mut rectangles = Vec::new();
        for (at, value) in series.values.iter().enumerate() {
            let height = scale.height(value.unwrap_or_default());
            if height == 0.0 {
                continue;
            }
            let base = if chart.stacked { tops[at] } else { 0.0 };
            tops[at] = base + height;
            let left = middle(at) - room * BAR_WIDTH / 2.0 + place as f64 * width;
            let corners = [(left, base), (left + width, base + height)];
            rectangles.push(Rectangle::new(corners, color(index).filled()));
        }
        context.draw_series(rectangles)?;
    }
    Ok(())
}

/// Draws the ticks that are marked as dotted lines, each with its label at the top: in the first
/// of two rows where there is room, beside others; a line without room for its label has none.
pub(super) fn shocks(context: &mut Context, shocks: &[ShockMark]) -> Outcome {
    const SIZE: i32 = 13;
    /// Width of a letter, a little too large: nothing measures it.
    const LETTER: usize = 7;
    const GAP: i32 = 5;
    let (across, up) = (context.x_range(), context.y_range());
    let left_end = context.backend_coord(&(across.start, up.end)).0;
    let right_end = context.backend_coord(&(across.end, up.end)).0;
    let style = TextStyle::from(("sans-serif", SIZE).into_font()).color(&SHOCK);
    let mut rows = [left_end; 2];
    for shock in shocks {
        let tick = f64::from(shock.tick);
        if !(across.start..=across.end).contains(&tick) {
            continue;
        }
        let ends = [(tick, up.start), (tick, up.end)];
        context.draw_series(DashedLineSeries::new(ends, 2, 3, SHOCK.stroke_width(1)))?;
        let width = i32::try_from(LETTER * shock.label.chars().count()).unwrap_or(i32::MAX);
        let x = context.backend_coord(&(tick, up.end)).0;
        let begins = if x.saturating_add(GAP).saturating_add(width) <= right_end {
            x + GAP
        } else {
            (x - GAP).saturating_sub(width)
        };
        let Some(row) = rows.iter().position(|taken| *taken <= begins) else { continue };
        rows[row] = begins.saturating_add(width) + GAP;
        let offset = (begins - x, GAP + SIZE * i32::from(row > 0));
        let text = Text::new(shock.label.clone(), offset, style.clone());
        context.draw_series([EmptyElement::at((tick, up.end)) + text])?;
    }
    Ok(())
}

/// Draws the heights that are marked, as dashed lines.
pub(super) fn levels(
    context: &mut Context,
    chart: &Chart,
    (first, last): (f64, f64),
    scale: &Scale,
) -> Outcome {
    for (index, level) in chart.levels.iter().enumerate() {
        let height = scale.height(level.value);
        let stroke = color(chart.series.len() + index).stroke_width(1);
        let ends = [(first, height), (last, height)];
        context.draw_series(DashedLineSeries::new(ends, 6, 4, stroke))?;
    }
    Ok(())
}

/// Draws the points that are marked, each with its label: behind it or, near the right edge, before
/// it.
pub(super) fn marks(
    context: &mut Context,
    chart: &Chart,
    (first, last): (f64, f64),
    scale: &Scale,
) -> Outcome {
    let style = TextStyle::from(("sans-serif", 13).into_font());
    for mark in &chart.marks {
        let tick = f64::from(mark.tick);
        let at = (tick, scale.height(mark.value));
        context.draw_series([Circle::new(at, 4, color(1).filled())])?;
        let is_near_the_edge = tick > last - (last - first) * 0.2;
        let (side, offset) = if is_near_the_edge { (HPos::Right, -8) } else { (HPos::Left, 8) };
        let style = style.pos(Pos::new(side, VPos::Top));
        let text = Text::new(mark.label.clone(), (offset, -6), style);
        context.draw_series([EmptyElement::at(at) + text])?;
    }
    Ok(())
}
