//! How much was waiting.

use psim_view::PeakQueue;

use super::Section;
use crate::measured::Measured;
use crate::value::Value;

pub(super) fn section(run: &Measured) -> Section {
    let measured = &run.measures.queues;
    let summary = &measured.summary;
    let mut section = Section::new("queues", "Queues");
    let peak = |peak: &Option<PeakQueue>| {
        peak.as_ref().map(|peak| format!("after {}", run.style.moment(&peak.at)))
    };
    for (label, found) in [
        ("queue 1, most payments", &summary.queue1_peak_count),
        ("queue 2, most payments", &summary.queue2_peak_count),
    ] {
        let size = found.as_ref().map(|peak| Value::Count(peak.size.count));
        section.figure(label, size, peak(found).unwrap_or_default());
    }
    for (label, found) in [
        ("queue 1, most value", &summary.queue1_peak_value),
        ("queue 2, most value", &summary.queue2_peak_value),
    ] {
        let size = found.as_ref().map(|peak| Value::Money(peak.size.value));
        section.figure(label, size, peak(found).unwrap_or_default());
    }
    for (label, mean) in [
        ("queue 1, mean value", &measured.queue1_mean),
        ("queue 2, mean value", &measured.queue2_mean),
    ] {
        let number = mean.count.map_or_else(String::new, |number| format!("{number:.2} payments"));
        section.figure(label, Value::Money(mean.value), number);
    }
    section.figure(
        "ever in queue 2",
        Value::share(summary.ever_in_queue2_share),
        "of payments arrived",
    );
    section.figure(
        "ever in queue 2 by value",
        Value::share(measured.ever_in_queue2_share_value),
        "",
    );
    for (label, left) in [
        ("queue 1 at the end", summary.queue1_at_end),
        ("queue 2 at the end", summary.queue2_at_end),
    ] {
        section.figure(label, Value::Count(left.count), run.style.amount(left.value));
    }
    section
}
