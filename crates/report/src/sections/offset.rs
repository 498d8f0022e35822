//! By which paths it settled.

use psim_view::count;

use super::Section;
use crate::measured::Measured;
use crate::style;
use crate::table::Table;
use crate::value::Value;

pub(super) fn section(run: &Measured) -> Section {
    let measured = &run.measures.offset;
    let mut section = Section::new("offset", "Offsetting");
    section.figure(
        "offset share",
        Value::share(measured.offset_share),
        "of value settled, in sets",
    );
    section.figure(
        "netting ratio",
        Value::share(measured.netting_ratio),
        "what netting all of a day would save of gross payments",
    );
    let labels = ["path", "payments", "value", "share", "sets", "moved", "netting ratio"];
    let mut table = Table::new("mechanisms", "Settlement by path", 1, labels)
        .about("Moved: what sets of payments that settled together left to be paid.");
    let cell = |number: Option<f64>| number.map_or("-".to_owned(), style::share);
    for row in &measured.mechanisms {
        table.row([
            row.how.phrase().to_owned(),
            count(row.settled.count),
            run.style.amount(row.settled.value),
            cell(row.share),
            count(row.sets),
            run.style.amount(row.moved),
            cell(row.netting_ratio),
        ]);
    }
    section.table(table);
    section
}
