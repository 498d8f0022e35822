//! The life of a payment as a page for people.

use std::fmt::Write as _;

use psim_model::{Money, RtgsPriority, Tick, Total};

use super::DelayShare;
use super::life::Life;
use super::stays::{Reason, Stay};
use super::story::{Charges, Entry, Story};
use crate::phrases::class_phrase;
use crate::state::{Payment, Place, drop_phrase};
use crate::table::Grid;
use crate::text::{duration, plural, quoted};
use crate::wording::Wording;

/// Writes the page of a payment that was found.
pub(super) fn write(life: &Life, story: &Story) -> String {
    let page = Page { life, story, wording: life.wording() };
    let mut text = format!("Payment {}\n", life.id);
    page.terms(&mut text);
    page.events(&mut text);
    page.waiting(&mut text);
    page.costs(&mut text);
    text
}

struct Page<'a> {
    life: &'a Life,
    story: &'a Story,
    wording: Wording<'a>,
}

impl Page<'_> {
    fn terms(&self, text: &mut String) {
        let Story { payment, parts, .. } = self.story;
        let Payment { sender, receiver, amount, arrival, deadline, earliest, .. } = *payment;
        let wording = &self.wording;
        let mut grid = Grid::new("ll");
        grid.row(["from", wording.agent(sender)]);
        grid.row(["to", wording.agent(receiver)]);
        grid.row(["amount".to_owned(), wording.amount(amount)]);
        grid.row(["priority".to_owned(), self.urgency()]);
        if let Some(parent) = payment.parent {
            grid.row(["part of".to_owned(), wording.payment(parent).into_owned()]);
        }
        if !parts.is_empty() {
            grid.row(["parts".to_owned(), wording.list(parts)]);
        }
        grid.row(["arrived".to_owned(), wording.moment(arrival)]);
        if let Some(earliest) = earliest {
            grid.row(["not before".to_owned(), wording.moment(earliest)]);
        }
        grid.row(["due".to_owned(), wording.moment(deadline)]);
        grid.row(["state".to_owned(), self.state()]);
        grid.write_to(text);
    }

    /// Says how urgent the payment is, and what it was before.
    fn urgency(&self) -> String {
        let Payment { priority, original_priority, rtgs_priority, .. } = self.story.payment;
        let before = if priority == original_priority {
            String::new()
        } else {
            format!(", at first {original_priority}")
        };
        let class = match rtgs_priority {
            RtgsPriority::Normal => String::new(),
            class => format!(", declared {}", class_phrase(class)),
        };
        format!("{priority}{before}{class}")
    }

    /// Says what has become of the payment.
    fn state(&self) -> String {
        let Payment { place, deadline, overdue_since, scheduled, .. } = self.story.payment;
        let waiting = |queue: &str| {
            let last = self.wording.moment(self.life.last_tick);
            let overdue = if overdue_since.is_some() { ", overdue" } else { "" };
            let release = scheduled.map_or_else(String::new, |tick| {
                format!(", to be released in {}", self.wording.moment(tick))
            });
            format!("{queue} after {last}{overdue}{release}")
        };
        match place {
            Place::Queue1 => waiting("in queue 1"),
            Place::Entering => waiting("released"),
            Place::Queue2 => waiting("in queue 2"),
            Place::Split => waiting("split, not all parts done"),
            Place::Settled { tick, how } => {
                let path = how.phrase();
                let lateness = match tick.since(deadline) {
                    0 => "on time".to_owned(),
                    ticks => format!("{} late", plural(ticks.into(), "tick")),
                };
                format!("settled {path}, {}, {lateness}", self.wording.moment(tick))
            }
            Place::Dropped { tick, reason } => {
                let rest = if reason.is_some() { ", unsettled" } else { "" };
                format!("{}, {}{rest}", drop_phrase(reason), self.wording.moment(tick))
            }
        }
    }

    fn events(&self, text: &mut String) {
        let mut rows = Vec::new();
        // What happens again and again is told once.
        let is_again =
            |one: &Entry, next: &Entry| (&one.meaning, &one.path) == (&next.meaning, &next.path);
        let mut alike = self.story.entries.chunk_by(is_again).peekable();
        while let Some(entries) = alike.next() {
            let (Some(first), Some(last)) = (entries.first(), entries.last()) else { continue };
            rows.push([self.wording.moment(first.tick), first.meaning.clone()]);
            // One decision may cause several events, which all have its path.
            let next = alike.peek().and_then(|entries| entries.first());
            let goes_on =
                next.is_some_and(|next| (next.tick, &next.path) == (last.tick, &last.path));
            let path = last.path.iter().filter(|_| !goes_on);
            rows.extend(path.map(|path| [String::new(), format!("  path: {path}")]));
            let at = self.wording.moment(last.tick);
            match entries.len() {
                1 => {}
                2 => rows.push([String::new(), format!("  again in {at}")]),
                times => {
                    let again = format!("  {} times more, the last in {at}", times - 1);
                    rows.push([String::new(), again]);
                }
            }
        }
        section(text, "What happened", "ll", rows, "nothing");
    }

    fn waiting(&self, text: &mut String) {
        let stays = self.story.stays.all().iter().filter(|stay| stay.ticks > 0);
        let rows = stays.map(|stay| {
            [
                format!("queue {}", stay.queue.number()),
                plural(stay.ticks.into(), "tick"),
                self.length(stay),
                self.span(stay),
                reasons(stay),
            ]
        });
        let none = if self.story.parts.is_empty() { "nowhere" } else { "nowhere; its parts tell" };
        section(text, "Where it waited", "lrrll", rows.collect(), none);
    }

    fn length(&self, stay: &Stay) -> String {
        self.life.seconds(stay).map_or_else(String::new, duration)
    }

    fn span(&self, stay: &Stay) -> String {
        let moment = |tick: Tick| self.wording.moment(tick);
        match stay.to {
            Some(to) => format!("{} to {}", moment(stay.from), moment(to)),
            None => format!("since {}", moment(stay.from)),
        }
    }

    fn costs(&self, text: &mut String) {
        let Charges { deadline_penalty, split_friction, end_of_day, delay, delay_ticks } =
            self.story.charges;
        let wording = &self.wording;
        let mut rows = Vec::new();
        if let Some(penalty) = deadline_penalty.filter(|penalty| *penalty != Money::ZERO) {
            rows.push(["deadline penalty".to_owned(), wording.amount(penalty), String::new()]);
        }
        if end_of_day.value != Total::ZERO {
            let days = plural(end_of_day.count, "day");
            rows.push(["end-of-day penalties".to_owned(), wording.amount(end_of_day.value), days]);
        }
        if let Some(friction) = split_friction.filter(|friction| *friction != Money::ZERO) {
            let parts = format!("into {}", plural(self.story.parts.len() as u64, "part"));
            rows.push(["splitting".to_owned(), wording.amount(friction), parts]);
        }
        if delay != DelayShare::default() {
            let share = delay.in_major_units(&self.life.setting.currency);
            let ticks = plural(delay_ticks.into(), "tick");
            let note = format!("its part of the costs of {ticks}, before rounding");
            rows.push(["delay".to_owned(), share, note]);
        }
        let title = format!("What it cost {}", wording.agent(self.story.payment.sender));
        section(text, &title, "lrl", rows, "nothing");
    }
}

fn reasons(stay: &Stay) -> String {
    match stay.reasons.as_slice() {
        [] => "not yet decided on".to_owned(),
        reasons => {
            let phrases: Vec<String> = reasons.iter().map(phrase).collect();
            phrases.join(", then ")
        }
    }
}

fn phrase(reason: &Reason) -> String {
    match &reason.words {
        Some(words) => format!("held by policy: {}", quoted(words)),
        None => reason.reason.phrase().to_owned(),
    }
}

/// Writes a title and the rows, or one word where there are none.
fn section<const N: usize>(
    text: &mut String,
    title: &str,
    columns: &'static str,
    rows: Vec<[String; N]>,
    none: &str,
) {
    let _ = writeln!(text, "\n{title}");
    if rows.is_empty() {
        let _ = writeln!(text, "  {none}");
    }
    let mut grid = Grid::new(columns);
    for row in rows {
        grid.row(row);
    }
    grid.write_to(text);
}
