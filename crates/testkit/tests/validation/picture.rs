//! The picture of the page: delay and settled value against liquidity, one line for each way.

use std::fmt::Write as _;

use crate::curve::{Curve, Point, TENTHS};

const WIDTH: u32 = 960;
const HEIGHT: u32 = 430;
/// Edges of a panel.
const TOP: f64 = 64.0;
const BOTTOM: f64 = 320.0;
const PANEL: f64 = 380.0;

/// How a line is drawn. The colours (after Okabe and Ito) can be told apart by people who see fewer
/// of them; dashes and marks do the same without colour.
struct Style {
    name: &'static str,
    says: &'static str,
    color: &'static str,
    dashes: &'static str,
    mark: Mark,
}

#[derive(Clone, Copy)]
enum Mark {
    Circle,
    Square,
    Triangle,
    Diamond,
    Cross,
    Ring,
}

const STYLES: [Style; 6] = [
    style("plain", "strict queues, no saving", "#000000", "none", Mark::Circle),
    style("bypass", "payments may overtake", "#D55E00", "none", Mark::Square),
    style("rits", "pairs offset", "#CC79A7", "8 3", Mark::Triangle),
    style("lynx", "pairs, all banks every 15 min", "#009E73", "2 3", Mark::Cross),
    style("chaps", "pairs, all banks, every 2 min", "#E69F00", "10 3 2 3", Mark::Diamond),
    style("t2", "all banks, pairs, every min", "#0072B2", "none", Mark::Ring),
];

const fn style(
    name: &'static str,
    says: &'static str,
    color: &'static str,
    dashes: &'static str,
    mark: Mark,
) -> Style {
    Style { name, says, color, dashes, mark }
}

pub(crate) fn draw(curve: &Curve) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         font-family=\"sans-serif\" font-size=\"13\">\n\
         <title>Delay and settled value against liquidity, six ways to settle</title>\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"white\"/>\n\
         <text x=\"64\" y=\"24\" font-size=\"15\" fill=\"#222\">What a little less liquidity \
         costs: synthetic days of 10,000 payments among 100 banks</text>\n"
    );
    panel(&mut svg, 64.0, "delay indicator", curve, |point| point.delay);
    panel(&mut svg, 544.0, "share of value settled by the close", curve, |point| point.settled);
    legend(&mut svg);
    svg + "</svg>\n"
}

fn x(left: f64, tenths: u32) -> f64 {
    left + PANEL * f64::from(tenths) / f64::from(TENTHS)
}

fn y(share: f64) -> f64 {
    BOTTOM - (BOTTOM - TOP) * share
}

fn panel(svg: &mut String, left: f64, title: &str, curve: &Curve, of: fn(&Point) -> f64) {
    let _ = writeln!(svg, "<text x=\"{left}\" y=\"50\" fill=\"#222\">{title}</text>");
    for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let (right, y) = (left + PANEL, y(share));
        let _ = writeln!(
            svg,
            "<line x1=\"{left}\" x2=\"{right}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"#ddd\"/>\n\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#555\">{share}</text>",
            left - 10.0,
            y + 4.0
        );
    }
    for tenths in (0..=TENTHS).step_by(2) {
        let level = f64::from(tenths) / f64::from(TENTHS);
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\" fill=\"#555\">{level}</text>",
            x(left, tenths),
            BOTTOM + 20.0
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\" fill=\"#222\">liquidity: 0 lower bound, 1 \
         upper bound of each bank</text>",
        left + PANEL / 2.0,
        BOTTOM + 42.0
    );
    for style in &STYLES {
        let points = curve.line(style.name).means.iter().zip(0..);
        let places: Vec<(f64, f64)> =
            points.map(|(point, tenths)| (x(left, tenths), y(of(point)))).collect();
        trace(svg, style, &places);
    }
}

fn trace(svg: &mut String, style: &Style, places: &[(f64, f64)]) {
    let points: Vec<String> = places.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let _ = writeln!(
        svg,
        "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\" \
         stroke-dasharray=\"{}\"/>",
        points.join(" "),
        style.color,
        style.dashes
    );
    for (x, y) in places {
        mark(svg, style, *x, *y);
    }
}

fn mark(svg: &mut String, style: &Style, x: f64, y: f64) {
    let color = style.color;
    let path = |svg: &mut String, corners: &[(f64, f64)]| {
        let corners: Vec<String> =
            corners.iter().map(|(dx, dy)| format!("{:.1},{:.1}", x + dx, y + dy)).collect();
        let _ = writeln!(svg, "<polygon points=\"{}\" fill=\"{color}\"/>", corners.join(" "));
    };
    match style.mark {
        Mark::Circle => {
            let _ =
                writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\" fill=\"{color}\"/>");
        }
        Mark::Ring => {
            let _ = writeln!(
                svg,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"none\" stroke=\"{color}\" \
                 stroke-width=\"1.5\"/>"
            );
        }
        Mark::Square => path(svg, &[(-3.5, -3.5), (3.5, -3.5), (3.5, 3.5), (-3.5, 3.5)]),
        Mark::Triangle => path(svg, &[(0.0, -4.5), (4.5, 3.5), (-4.5, 3.5)]),
        Mark::Diamond => path(svg, &[(0.0, -5.0), (5.0, 0.0), (0.0, 5.0), (-5.0, 0.0)]),
        Mark::Cross => {
            let _ = writeln!(
                svg,
                "<path d=\"M{:.1},{:.1}l8,8m-8,0l8,-8\" fill=\"none\" stroke=\"{color}\" \
                 stroke-width=\"2\"/>",
                x - 4.0,
                y - 4.0
            );
        }
    }
}

fn legend(svg: &mut String) {
    for (style, place) in STYLES.iter().zip(0u32..) {
        let left = 64.0 + 304.0 * f64::from(place % 3);
        let middle = 390.0 + 24.0 * f64::from(place / 3);
        trace(svg, style, &[(left, middle), (left + 36.0, middle)]);
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{}\" font-size=\"12\" fill=\"#222\"><tspan font-weight=\"bold\">{}</tspan> {}</text>",
            left + 48.0,
            middle + 4.0,
            style.name,
            style.says
        );
    }
}
