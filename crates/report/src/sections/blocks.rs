//! When nothing could settle.

use psim_view::count;

use super::Section;
use crate::measured::Measured;
use crate::table::Table;
use crate::value::Value;

pub(super) fn section(run: &Measured) -> Section {
    let measured = &run.measures.blocks;
    let mut section = Section::new("blocks", "Gridlock and deadlock");
    let is_told = run.facts.reports_blocks;
    let unknown = if is_told { "" } else { "not recorded without `lsm_config`" };
    for (labels, kind) in [
        (["gridlocks", "ticks in gridlock", "most value in gridlock"], &measured.gridlock),
        (["deadlocks", "ticks in deadlock", "most value in deadlock"], &measured.deadlock),
    ] {
        let [episodes, ticks, value] = labels;
        section.figure(episodes, is_told.then_some(Value::Count(kind.episodes)), unknown);
        let longest = format!("the longest {}", count(kind.ticks_max));
        let note = if is_told { longest } else { unknown.to_owned() };
        section.figure(ticks, is_told.then_some(Value::Count(kind.ticks)), note);
        section.figure(value, is_told.then_some(Value::Money(kind.value_max)), unknown);
    }
    let labels = ["kind", "began", "ticks", "payments", "value", "could settle"];
    let mut table = Table::new("blocks_episodes", "Gridlocks and deadlocks", 2, labels)
        .about("As each began: payments that could be tested, and how many could settle together.");
    for episode in &measured.episodes {
        table.row([
            episode.kind.to_lowercase(),
            run.style.moment(&episode.from),
            count(episode.ticks),
            count(episode.payments.into()),
            run.style.amount(episode.value),
            count(episode.could_settle.into()),
        ]);
    }
    section.table(table);
    section
}
