//! What waited, how long, and what ended the wait.

use psim_model::Total;
use psim_view::{BlockFigures, MechanismRow, PeakQueue, Settlement, count, plural};

use super::listed;
use crate::measured::Measured;

pub(super) fn delay(run: &Measured) -> Option<String> {
    let measured = &run.measures.delay;
    let indicator = measured.indicator?;
    if indicator == 0.0 {
        return Some("Nothing was delayed: each payment settled as it arrived.".to_owned());
    }
    let mean = match (measured.mean_minutes_by_value, measured.mean_ticks_by_value) {
        (Some(minutes), _) => format!("{minutes:.1} minutes"),
        (None, Some(ticks)) => format!("{ticks:.2} ticks"),
        (None, None) => return None,
    };
    let longest = measured.wait_ticks.max.map_or_else(String::new, |ticks| {
        format!(
            " and the longest wait of a payment that settled was {}",
            plural(ticks.into(), "tick")
        )
    });
    Some(format!(
        "By value, payments waited {mean} on average{longest}; the delay indicator is \
         {indicator:.4}, where 0 is no delay and 1 is nothing settled before the close."
    ))
}

/// Tells when most waited in queue 2 and what took payments out of it; without a queue 2, of
/// queue 1.
pub(super) fn queue(run: &Measured) -> Option<String> {
    let queues = &run.measures.queues.summary;
    let (name, peak) = match (&queues.queue2_peak_value, &queues.queue1_peak_value) {
        (Some(peak), _) => ("queue 2", peak),
        (None, Some(peak)) => ("queue 1", peak),
        (None, None) => return None,
    };
    let PeakQueue { size, at } = peak;
    let mut sentence = format!(
        "Most value waited in {name} after {}: {} in {}",
        run.style.moment(at),
        run.style.amount(size.value),
        plural(size.count, "payment"),
    );
    if name == "queue 2" {
        sentence.push_str(&dissolved(run));
    }
    sentence.push('.');
    Some(sentence)
}

fn dissolved(run: &Measured) -> String {
    let is_from_queue = |path: &&MechanismRow| {
        let has_entered = matches!(path.how, Settlement::OnEntry | Settlement::EntryOffset);
        path.settled.count > 0 && !has_entered
    };
    let mut paths: Vec<_> = run.measures.offset.mechanisms.iter().filter(is_from_queue).collect();
    paths.sort_by_key(|path| std::cmp::Reverse(path.settled.value));
    let told: Vec<String> = paths
        .iter()
        .map(|path| {
            let how = match path.how {
                Settlement::FromQueue2 => "one by one as liquidity came in",
                how => how.phrase(),
            };
            format!("{} settled {how}", run.style.amount(path.settled.value))
        })
        .collect();
    let left = run.measures.queues.summary.queue2_at_end;
    let rest = match (left.count, told.is_empty()) {
        (0, _) => String::new(),
        (number, true) => format!("; {} never left it", plural(number, "payment")),
        (number, false) => format!("; {} stayed to the end", plural(number, "payment")),
    };
    match told.as_slice() {
        [] => rest,
        told => format!("; of all that queued there, {}{rest}", listed(told)),
    }
}

pub(super) fn blocks(run: &Measured) -> Option<String> {
    if !run.facts.reports_blocks {
        return None;
    }
    let measured = &run.measures.blocks;
    let told: Vec<String> = [("gridlock", &measured.gridlock), ("deadlock", &measured.deadlock)]
        .into_iter()
        .filter(|(_, kind)| kind.episodes > 0)
        .map(|(name, kind)| figures(name, kind, run))
        .collect();
    if told.is_empty() {
        let waited = run.measures.queues.summary.ever_in_queue2.value > Total::ZERO;
        return waited.then(|| "The queues were never in gridlock or deadlock.".to_owned());
    }
    Some(format!("Queued payments could not move in {}.", listed(&told)))
}

fn figures(name: &str, kind: &BlockFigures, run: &Measured) -> String {
    let value = run.style.amount(kind.value_max);
    let times = plural(kind.episodes, name);
    match kind.episodes {
        1 => format!("one {name} of {} with {value} at stake", plural(kind.ticks, "tick")),
        _ => format!(
            "{times} of {} ticks in all, the longest {}, with at most {value} at stake",
            count(kind.ticks),
            count(kind.ticks_max)
        ),
    }
}
