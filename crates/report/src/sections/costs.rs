//! What it cost.

use psim_model::{Currency, Total};
use psim_view::{CostKind, PaymentCosts, class_phrase, percent};

use super::Section;
use super::settlement::{band, size};
use crate::measured::Measured;
use crate::style::Style;
use crate::table::Table;
use crate::value::Value;

pub(super) fn section(run: &Measured) -> Section {
    let Measured { measures, style, .. } = run;
    let measured = &measures.costs;
    let mut section = Section::new("costs", "Costs");
    for (kind, cost) in CostKind::ALL.into_iter().zip(measured.all.by_kind.by_kind()) {
        let part = percent(cost, measured.all.total);
        let note = if measured.all.total == Total::ZERO { String::new() } else { part };
        section.figure(kind.phrase(), Value::Money(cost), note);
    }
    section.figure("total", Value::Money(measured.all.total), "");
    if measured.all.total == Total::ZERO {
        return section;
    }
    let groups = &measured.groups;
    let bands = groups.by_priority.iter().map(|row| (band(row.band).to_owned(), &row.figures));
    section.table(by_payment("by_priority", "Costs by priority", "priority", style, bands));
    let classes =
        groups.by_class.iter().map(|row| (class_phrase(row.class).to_owned(), &row.figures));
    section.table(by_payment("by_class", "Costs by declared class", "class", style, classes));
    let sizes = groups.by_size.iter().map(|row| (size(row.from, style), &row.figures));
    section.table(by_payment("by_size", "Costs by size", "amounts", style, sizes));
    section
}

fn by_payment<'a>(
    id: &str,
    title: &str,
    what: &str,
    style: &Style,
    rows: impl Iterator<Item = (String, &'a PaymentCosts)>,
) -> Table {
    let labels = [what, "delay", "deadline penalties", "end-of-day penalties", "splitting"];
    let mut table = Table::new(&format!("costs_{id}"), title, 1, labels)
        .about("As far as a cost belongs to a payment; delay before rounding.");
    for (label, costs) in rows {
        table.row([
            label,
            fraction(costs.delay_cost, &style.currency),
            style.amount(costs.deadline_penalties),
            style.amount(costs.end_of_day_penalties),
            style.amount(costs.split_friction_cost),
        ]);
    }
    table
}

/// Returns a sum of minor units that is not rounded, to the nearest of them.
fn fraction(minor: f64, currency: &Currency) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "casts of floats saturate")]
    psim_view::amount(Total::from_minor(minor.round() as i128), currency)
}
