//! The life of a payment as JSON.

use psim_model::event::LsmAlgorithm;
use psim_model::{Money, Priority};
use serde::Serialize;
use serde_json::Value;

use super::life::Life;
use super::stays::Stay;
use super::story::{Entry, Story};
use crate::state::{Place, Settlement, Tally};
use crate::summary::Moment;

/// Returns the object of a payment that was found.
pub(super) fn object(life: &Life, story: &Story) -> Value {
    let wording = life.wording();
    let Story { payment, parts, entries, stays, charges, .. } = story;
    let algorithm = payment.place.settlement().and_then(Settlement::algorithm);
    let stay = |stay: &Stay| StayRow {
        queue: stay.queue.number(),
        from: wording.at(stay.from),
        to: stay.to.map(|tick| wording.at(tick)),
        ticks: stay.ticks,
        seconds: life.seconds(stay),
        reasons: stay.reasons.iter().map(|reason| reason.reason.as_str()).collect(),
    };
    let row = LifeRow {
        found: true,
        tx_id: &life.id,
        sender_id: wording.agent(payment.sender),
        receiver_id: wording.agent(payment.receiver),
        amount: payment.amount,
        priority: payment.priority,
        original_priority: payment.original_priority,
        rtgs_priority: payment.rtgs_priority.as_str(),
        part_of: payment.parent.map(|parent| wording.payment(parent).into_owned()),
        parts: parts.iter().map(|part| wording.payment(*part).into_owned()).collect(),
        scheduled: payment.scheduled.map(|tick| wording.at(tick)),
        arrival: wording.at(payment.arrival),
        earliest: payment.earliest.map(|tick| wording.at(tick)),
        deadline: wording.at(payment.deadline),
        overdue_since: payment.overdue_since.map(|tick| wording.at(tick)),
        status: status(payment.place),
        algorithm: algorithm.map(LsmAlgorithm::as_str),
        settled: payment.settled_at().map(|tick| wording.at(tick)),
        events: entries,
        waits: stays.all().iter().map(stay).collect(),
        costs: CostRow {
            deadline_penalty: charges.deadline_penalty,
            split_friction: charges.split_friction,
            end_of_day_penalties: charges.end_of_day,
            delay_cost_share: ShareRow {
                amount: charges.delay.to_string(),
                ticks: charges.delay_ticks,
                booked: false,
            },
        },
    };
    serde_json::to_value(row).expect("Invariant: a life consists of texts and numbers")
}

/// Returns where a payment is, of a settled one with its path: `settled_on_entry`.
fn status(place: Place) -> String {
    match place.settlement() {
        Some(how) => format!("{}_{}", place.word(), how.word()),
        None => place.word().to_owned(),
    }
}

#[derive(Serialize)]
struct LifeRow<'a> {
    found: bool,
    tx_id: &'a str,
    sender_id: &'a str,
    receiver_id: &'a str,
    amount: Money,
    priority: Priority,
    original_priority: Priority,
    rtgs_priority: &'static str,
    part_of: Option<String>,
    parts: Vec<String>,
    /// When it will be released, while it is a part that waits for its time.
    scheduled: Option<Moment>,
    arrival: Moment,
    earliest: Option<Moment>,
    deadline: Moment,
    overdue_since: Option<Moment>,
    status: String,
    /// Which algorithm found it, if one did.
    algorithm: Option<&'static str>,
    settled: Option<Moment>,
    events: &'a [Entry],
    waits: Vec<StayRow>,
    costs: CostRow,
}

#[derive(Serialize)]
struct StayRow {
    queue: u8,
    from: Moment,
    to: Option<Moment>,
    ticks: u32,
    seconds: Option<u64>,
    reasons: Vec<&'static str>,
}

#[derive(Serialize)]
struct CostRow {
    deadline_penalty: Option<Money>,
    split_friction: Option<Money>,
    end_of_day_penalties: Tally,
    delay_cost_share: ShareRow,
}

#[derive(Serialize)]
struct ShareRow {
    /// Minor units as a decimal in a text: a JSON number would lose digits.
    amount: String,
    ticks: u32,
    booked: bool,
}
