//! When nothing could settle.

use psim_model::event::{BlockKind, Event};
use serde_json::{Value, json};

use super::queues::moment;
use super::story::Story;
use super::{joined, money};

pub(super) fn blocks(story: &Story<'_>) -> Value {
    let mut episodes = Vec::new();
    for (from, _, event) in &story.events {
        let Event::QueueBlocked(told) = event else { continue };
        let ticks = length(story, *from);
        episodes.push((
            told.kind,
            ticks,
            i128::from(told.value.minor()),
            joined(
                moment(story, *from),
                json!({
                    "kind": if told.kind == BlockKind::Gridlock { "Gridlock" } else { "Deadlock" },
                    "ticks": ticks,
                    "payments": told.payments,
                    "value": money(told.value.minor().into()),
                    "could_settle": told.could_settle,
                }),
            ),
        ));
    }
    let figures = |kind: BlockKind| {
        let those = || episodes.iter().filter(|(it, ..)| *it == kind);
        json!({
            "episodes": those().count(),
            "ticks": those().map(|(_, ticks, ..)| ticks).sum::<usize>(),
            "ticks_max": those().map(|(_, ticks, ..)| *ticks).max().unwrap_or_default(),
            "value_max": money(those().map(|(_, _, value, _)| *value).max().unwrap_or_default()),
        })
    };
    json!({
        "gridlock": figures(BlockKind::Gridlock),
        "deadlock": figures(BlockKind::Deadlock),
        "episodes": episodes.iter().map(|(.., row)| row).collect::<Vec<_>>(),
    })
}

/// Returns how many ticks a block lasts that begins in this one.
fn length(story: &Story<'_>, from: usize) -> usize {
    let mut ticks = 0;
    for tick in from..story.ticks {
        let is_told = |(at, _, event): &(usize, _, &Event)| {
            *at == tick && matches!(event, Event::QueueBlocked(_))
        };
        if tick > from && story.events.iter().any(is_told) {
            break;
        }
        let has_settled = story.leaves().any(|life| life.settled == Some(tick));
        let end = &story.ends[tick];
        if has_settled || end.queue2.is_empty() && !end.closed_on_queue2 {
            break;
        }
        ticks += 1;
        if end.queue2.is_empty() {
            break;
        }
    }
    ticks
}
