//! What share settled.

use psim_model::{PriorityBand, Total};
use psim_view::{SettlementRate, class_phrase, count, percent};

use super::Section;
use crate::measured::Measured;
use crate::style::Style;
use crate::table::Table;
use crate::value::Value;

pub(super) fn section(run: &Measured) -> Section {
    let Measured { measures, summary, style, .. } = run;
    let measured = &measures.settlement;
    let all = &measured.all;
    let mut section = Section::new("settlement", "Settlement");
    section.figure("arrived", Value::Count(all.arrived.count), "payments");
    section.figure("value arrived", Value::Money(all.arrived.value), "");
    section.figure("settled", Value::Count(all.settled.count), "payments");
    section.figure("value settled", Value::Money(all.settled.value), "");
    section.figure("settlement rate", Value::share(all.rate_count), "by count");
    section.figure("settlement rate by value", Value::share(all.rate_value), "");
    let unsettled = summary.payments.unsettled;
    section.figure("unsettled", Value::Count(unsettled.count), "payments, dropped ones included");
    section.figure("value unsettled", Value::Money(unsettled.value), "");
    section.figure("became overdue", Value::Count(summary.deadlines.overdue.count), "payments");

    let groups = &measured.groups;
    let bands = groups.by_priority.iter().map(|row| (band(row.band).to_owned(), &row.figures));
    section.table(rates("by_priority", "Settlement by priority", "priority", style, bands));
    let classes =
        groups.by_class.iter().map(|row| (class_phrase(row.class).to_owned(), &row.figures));
    section.table(rates("by_class", "Settlement by declared class", "class", style, classes));
    let sizes = groups.by_size.iter().map(|row| (size(row.from, style), &row.figures));
    section.table(rates("by_size", "Settlement by size", "amounts", style, sizes));

    let mut reasons =
        Table::new("unsettled", "Unsettled, by last reason", 1, ["reason", "count", "value"]);
    for row in &summary.unsettled_by_reason {
        let reason = match row.phrase_before {
            Some(before) => format!("{} ({before})", row.phrase),
            None => row.phrase.to_owned(),
        };
        reasons.row([reason, count(row.payments.count), style.amount(row.payments.value)]);
    }
    section.table(reasons);
    section
}

fn rates<'a>(
    id: &str,
    title: &str,
    what: &str,
    style: &Style,
    rows: impl Iterator<Item = (String, &'a SettlementRate)>,
) -> Table {
    let labels = [what, "arrived", "settled", "rate", "value arrived", "value settled", "rate"];
    let mut table = Table::new(&format!("settlement_{id}"), title, 1, labels);
    for (label, SettlementRate { arrived, settled, .. }) in rows {
        let by_count = |number: u64| Total::from_minor(number.into());
        table.row([
            label,
            count(arrived.count),
            count(settled.count),
            percent(by_count(settled.count), by_count(arrived.count)),
            style.amount(arrived.value),
            style.amount(settled.value),
            percent(settled.value, arrived.value),
        ]);
    }
    table
}

pub(super) const fn band(band: PriorityBand) -> &'static str {
    match band {
        PriorityBand::Urgent => "urgent (8 to 10)",
        PriorityBand::Normal => "normal (4 to 7)",
        PriorityBand::Low => "low (0 to 3)",
    }
}

pub(super) fn size(from: Total, style: &Style) -> String {
    format!("from {}", style.amount(from))
}
