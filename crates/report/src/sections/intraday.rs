//! What supervisors ask of each agent (BCBS 248).

use psim_model::Total;
use psim_view::{AgentIntraday, Peaks};

use super::Section;
use super::agents::by_value_sent;
use crate::measured::Measured;
use crate::style;
use crate::table::Table;

pub(super) fn section(run: &Measured) -> Section {
    let mut section = Section::new("intraday", "Intraday liquidity (BCBS 248)");
    section.table(peaks(run));
    section.table(hours(run));
    section
}

fn agents(run: &Measured) -> impl Iterator<Item = &AgentIntraday> {
    let agents = &run.measures.intraday.agents;
    by_value_sent(&run.summary.agents).into_iter().filter_map(|index| agents.get(index))
}

/// The tools A(i) to A(iii): the peak of all days, or the least of what is available.
fn peaks(run: &Measured) -> Table {
    let labels = [
        "agent",
        "net debit A(i)",
        "net credit A(i)",
        "available A(ii)",
        "sent A(iii)",
        "received A(iii)",
    ];
    let about = if run.measures.run.num_days > 1 {
        "The day with the largest figure of each agent; of available liquidity the smallest. The \
         three peaks, the means over days and each day are in the JSON form and the CSV tables."
    } else {
        "Largest net debit and credit positions, liquidity available as the day begins, gross \
         payments."
    };
    let mut table =
        Table::new("intraday_peaks", "Monitoring tools A(i) to A(iii)", 1, labels).about(about);
    let peak = |peaks: &Peaks| {
        let value = peaks.days.first().map_or(Total::ZERO, |day| day.value);
        run.style.amount(value)
    };
    for agent in agents(run) {
        table.row([
            agent.agent_id.clone(),
            peak(&agent.net_debit_max),
            peak(&agent.net_credit_max),
            peak(&agent.available_at_start),
            peak(&agent.sent),
            peak(&agent.received),
        ]);
    }
    table
}

/// The tool C(i): the share of a day's value sent by each hour, on average over days.
fn hours(run: &Measured) -> Table {
    let measured = &run.measures.intraday;
    let mut labels = vec!["agent".to_owned()];
    labels.extend(measured.hours.iter().map(|hour| match &hour.time {
        Some(time) => format!("by {time}"),
        None => format!("by tick {}", hour.before_tick),
    }));
    let title = "Monitoring tool C(i): throughput";
    let mut table = Table::with_labels("intraday_throughput", title, 1, labels)
        .about("Share of the value sent on a day that was sent before each hour, mean over days.");
    for agent in agents(run) {
        let mut row = vec![agent.agent_id.clone()];
        row.extend((0..measured.hours.len()).map(|hour| {
            let share = agent.throughput_mean.get(hour).copied().flatten();
            share.map_or("-".to_owned(), style::share)
        }));
        table.rows.push(row);
    }
    table
}
