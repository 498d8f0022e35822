//! How the system settles, and the shape of the day.

use psim_model::{
    CollateralRules, EndOfDay, EntryOrder, Escalation, EscalationCurve, LimitsApplyTo, LimitsBasis,
    ProfileWindow, Queue1Ordering, QueueDiscipline, Rules,
};

use super::costs;
use super::time::{Edge, Time};
use crate::check::Checker;
use crate::keys;
use crate::source::Span;
use crate::typed::{Fields, Typed};

/// Reads the rules.
pub(super) fn read(checker: &mut Checker<'_>, root: &Fields, time: Option<&Time>) -> Option<Rules> {
    let cutoff_tick_in_day = cutoff(checker, root, time);
    let priority_blocking = priority_blocking(checker, root);
    Some(Rules {
        queue_discipline: root.word(
            "queue_discipline",
            &[("fifo", QueueDiscipline::Fifo), ("bypass", QueueDiscipline::Bypass)],
        )?,
        entry_order: entry_order(root)?,
        deadline_cap_at_eod: root.read("deadline_cap_at_eod")?,
        end_of_day: root
            .word("end_of_day", &[("carry", EndOfDay::Carry), ("cancel", EndOfDay::Cancel)])?,
        cutoff_tick_in_day: cutoff_tick_in_day?,
        daily_liquidity_reallocation: root.read("daily_liquidity_reallocation")?,
        delay_cost_queues: costs::delay_cost_queues(root)?,
        queue1_ordering: root.word(
            "queue1_ordering",
            &[
                ("fifo", Queue1Ordering::Arrival),
                ("priority_deadline", Queue1Ordering::PriorityDeadline),
            ],
        )?,
        escalation: escalation(root)?,
        priority_mode: root.read("priority_mode")?,
        priority_blocking: priority_blocking?,
        limits_basis: root
            .word("limits_basis", &[("gross", LimitsBasis::Gross), ("net", LimitsBasis::Net)])?,
        limits_apply_to: root.word(
            "limits_apply_to",
            &[("all", LimitsApplyTo::All), ("normal", LimitsApplyTo::Normal)],
        )?,
        deferred_crediting: root.read("deferred_crediting")?,
        entry_disposition_offsetting: root.read("entry_disposition_offsetting")?,
        max_splits: root.read("max_splits")?,
        collateral: collateral(root)?,
    })
}

/// Reads in which order released payments are tested; payments from data have an order.
fn entry_order(root: &Fields) -> Option<EntryOrder> {
    const NAME: &str = "entry_order";
    if root.given(NAME).is_some() {
        let orders = [("submission", EntryOrder::Submission), ("agent", EntryOrder::Agent)];
        return root.word(NAME, &orders);
    }
    let has_data = root.given("payments").is_some();
    Some(if has_data { EntryOrder::Submission } else { EntryOrder::Agent })
}

/// Reads whether priorities block, which they cannot where queue 2 does not know them.
fn priority_blocking(checker: &mut Checker<'_>, root: &Fields) -> Option<bool> {
    const NAME: &str = "priority_blocking";
    let blocks: bool = root.read(NAME)?;
    if !blocks || root.read("priority_mode") != Some(false) {
        return Some(blocks);
    }
    let message = "`priority_blocking` needs `priority_mode: true`";
    match root.given("priority_mode") {
        Some(mode) => {
            checker.fault_between(root.span_of(NAME), message, mode.key_span, "given here");
        }
        None => checker.fault(root.span_of(NAME), message, None),
    }
    None
}

#[expect(clippy::option_option, reason = "no escalation is not the same as a faulty one")]
fn escalation(root: &Fields) -> Option<Option<Escalation>> {
    if root.given("priority_escalation").is_none() {
        return Some(None);
    }
    let fields = root.fields("priority_escalation")?;
    let curves = [
        ("linear", EscalationCurve::Linear),
        ("exponential", EscalationCurve::Exponential),
        ("step", EscalationCurve::Step),
    ];
    let escalation = Escalation {
        curve: fields.word("curve", &curves)?,
        start_escalating_at_ticks: fields.read("start_escalating_at_ticks")?,
        max_boost: fields.read("max_boost")?,
    };
    Some(fields.read::<bool>("enabled")?.then_some(escalation))
}

fn collateral(root: &Fields) -> Option<CollateralRules> {
    let fields = costs::section(root, "collateral", &keys::COLLATERAL)?;
    Some(CollateralRules {
        holding_period_ticks: fields.read("holding_period_ticks")?,
        timer_buffer: fields.read("timer_buffer")?,
    })
}

fn cutoff(checker: &mut Checker<'_>, root: &Fields, time: Option<&Time>) -> Option<u32> {
    const NAME: &str = "cutoff_tick_in_day";
    let time = time?;
    match root.given(NAME) {
        None => Some(time.calendar.last_tick_in_day()),
        Some(given) => time.moment(checker, given.item.as_ref()?, Edge::At, NAME),
    }
}

/// Reads the windows of the rate profile, in order of time.
pub(super) fn rate_profile(
    checker: &mut Checker<'_>,
    root: &Fields,
    time: &Time,
) -> Option<Vec<ProfileWindow>> {
    let Some(given) = root.given("rate_profile") else { return Some(Vec::new()) };
    let Typed::List(items) = &given.item.as_ref()?.typed else { return None };
    let mut windows: Vec<(ProfileWindow, Span)> = Vec::new();
    let mut complete = true;
    for item in items {
        let fields = item.as_ref().and_then(|item| match &item.typed {
            Typed::Fields(fields) => Some(fields),
            _ => None,
        });
        match fields.and_then(|fields| window(checker, fields, time)) {
            Some(window) => windows.push(window),
            None => complete = false,
        }
    }
    windows.sort_by_key(|(window, _)| (window.from, window.to));
    for (before, after) in windows.iter().zip(windows.iter().skip(1)) {
        if after.0.from < before.0.to {
            let message = format!(
                "windows of `rate_profile` overlap: ticks {} to {} and {} to {}",
                before.0.from, before.0.to, after.0.from, after.0.to
            );
            checker.fault_between(after.1, message, before.1, "overlaps this");
            complete = false;
        }
    }
    complete.then(|| windows.into_iter().map(|(window, _)| window).collect())
}

fn window(
    checker: &mut Checker<'_>,
    fields: &Fields,
    time: &Time,
) -> Option<(ProfileWindow, Span)> {
    let from = time.moment(checker, fields.item("from")?, Edge::At, "from");
    let to = time.moment(checker, fields.item("to")?, Edge::End, "to");
    let (from, to) = (from?, to?);
    if to <= from {
        let message = format!("a window from tick {from} to tick {to} is empty");
        checker.fault(fields.span_of("to"), message, Some("`to` is not included".to_owned()));
        return None;
    }
    Some((ProfileWindow { from, to, factor: fields.read("factor")? }, fields.span))
}
