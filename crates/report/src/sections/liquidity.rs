//! What liquidity it took.

use psim_view::LiquidityFigures;

use super::Section;
use crate::measured::Measured;
use crate::style::{self, Style};
use crate::table::Table;
use crate::value::Value;

pub(super) fn section(run: &Measured) -> Section {
    let Measured { measures, summary, style, .. } = run;
    let measured = &measures.liquidity;
    let all = &measured.all;
    let mut section = Section::new("liquidity", "Liquidity");
    let days = if measured.days.len() > 1 { "sum over the days" } else { "" };
    section.figure("used", Value::Money(all.used), days);
    section.figure("available", Value::Money(all.available), "as the day begins, credit included");
    section.figure("usage", Value::share(all.usage), "used / available");
    section.figure("lower bound", Value::Money(all.lower_bound), "netting at the end of the day");
    section.figure("upper bound", Value::Money(all.upper_bound), "all settle on arrival");
    section.figure(
        "position between the bounds",
        all.position.map(|position| Value::Number(position, 3)),
        "0: as little as netting needs, 1: as much as settling at once",
    );
    section.figure(
        "turnover ratio",
        all.turnover_ratio.map(|ratio| Value::Number(ratio, 2)),
        "value settled / liquidity used",
    );
    section.figure(
        "recycling share",
        Value::share(all.recycling_share),
        "of value settled, by receipts",
    );
    let overdraft = summary.liquidity.peak_overdraft.as_ref();
    section.figure(
        "largest overdraft",
        overdraft.map(|peak| Value::Money(peak.amount.into())),
        overdraft
            .map(|peak| format!("{}, {}", peak.agent_id, style.moment(&peak.at)))
            .unwrap_or_default(),
    );
    let collateral = summary.collateral.peak_posted.as_ref();
    section.figure(
        "most collateral posted",
        collateral.map(|peak| Value::Money(peak.amount)),
        collateral.map(|peak| style.moment(&peak.at)).unwrap_or_default(),
    );
    if measured.days.len() > 1 {
        section.table(days_table(run));
    }
    section
}

fn days_table(run: &Measured) -> Table {
    let labels = ["day", "used", "usage", "lower bound", "upper bound", "position", "turnover"];
    let mut table = Table::new("liquidity_days", "Liquidity by day", 0, labels);
    for day in &run.measures.liquidity.days {
        let [used, usage, lower, upper, position, turnover] = cells(&day.figures, &run.style);
        table.row([day.day.to_string(), used, usage, lower, upper, position, turnover]);
    }
    table
}

/// Returns what is used, its share, the bounds, the position between them and the turnover.
pub(super) fn cells(figures: &LiquidityFigures, style: &Style) -> [String; 6] {
    let number = |number: Option<f64>, places: usize| {
        number.map_or("-".to_owned(), |number| format!("{number:.places$}"))
    };
    [
        style.amount(figures.used),
        figures.usage.map_or("-".to_owned(), style::share),
        style.amount(figures.lower_bound),
        style.amount(figures.upper_bound),
        number(figures.position, 3),
        number(figures.turnover_ratio, 2),
    ]
}
