//! In how few hands it was.

use psim_view::count;

use super::Section;
use crate::measured::Measured;
use crate::table::Table;
use crate::value::Value;

pub(super) fn section(run: &Measured) -> Section {
    let measured = &run.measures.concentration;
    let mut section = Section::new("concentration", "Concentration");
    let hhi = measured.hhi.map(|hhi| Value::Number(hhi, 4));
    section.figure("HHI", hhi, "of value paid; 1 is one payer");
    section.figure(
        "five largest payers",
        Value::share(measured.top_five_share),
        "of value settled",
    );
    section.figure("links", Value::Count(measured.links), "ordered pairs with a settled payment");
    section.figure("connectivity", Value::share(measured.connectivity), "of all ordered pairs");
    section.figure("reciprocity", Value::share(measured.reciprocity), "of links, with one back");
    let mean = measured.degree_mean.map(|mean| Value::Number(mean, 2));
    section.figure("mean degree", mean, "agents paid by each");
    section.figure("largest out-degree", Value::Count(measured.out_degree_max), "agents paid");
    section.figure("largest in-degree", Value::Count(measured.in_degree_max), "agents paying");
    let mut table = Table::new("links", "Largest links", 2, ["from", "to", "payments", "value"]);
    for link in &measured.largest_links {
        table.row([
            link.sender_id.clone(),
            link.receiver_id.clone(),
            count(link.settled.count),
            run.style.amount(link.settled.value),
        ]);
    }
    section.table(table);
    section
}
