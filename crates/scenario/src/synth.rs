//! Generated days as payments: the only place that knows the generator.

use psim_model::{Calendar, Day, PreparedPayment, PreparedPayments, RtgsPriority, TextColumn};
use psim_random::split_mix64;
use psim_synth::{SynthDay, SynthSpec};

use crate::build::agents::Roster;
use crate::check::Checker;
use crate::diagnostic::counted;
use crate::typed::Fields;

/// Most payments and participants of all days together: days are generated before the run.
const MOST_GENERATED: usize = 100_000_000;

/// One generated day for each day of the run.
pub(crate) struct Days(Vec<SynthDay>);

/// Returns whether a scenario's synthetic day takes its seed from the scenario.
pub(crate) fn needs_seed(root: &Fields) -> bool {
    let synth = root.fields("payments").and_then(|payments| payments.fields("synth"));
    synth.is_some_and(|synth| synth.given("seed").is_none())
}

/// Generates the days; `agents` is the number of agents that the scenario names (0 for none).
pub(crate) fn generate(
    checker: &mut Checker<'_>,
    synth: &Fields,
    calendar: &Calendar,
    agents: usize,
    rng_seed: Option<u64>,
) -> Option<Days> {
    let first = first_day(checker, synth, calendar, agents, rng_seed)?;
    let mut days: Vec<SynthDay> = Vec::new();
    for day in 0..calendar.num_days() {
        let seed = if day == 0 { first.seed } else { split_mix64(first.seed ^ u64::from(day)) };
        let generated = psim_synth::generate(&SynthSpec { seed, ..first });
        let generated = generated.map_err(|error| error.to_string());
        if let Err(message) = generated.and_then(|day| followed_by(&mut days, day, calendar)) {
            checker.fault(synth.span, message, None);
            return None;
        }
    }
    Some(Days(days))
}

/// Returns how the first day is generated.
fn first_day(
    checker: &mut Checker<'_>,
    synth: &Fields,
    calendar: &Calendar,
    agents: usize,
    rng_seed: Option<u64>,
) -> Option<SynthSpec> {
    let profile = synth.read::<&'static str>("profile")?.parse().ok()?;
    let seed: u64 = match synth.given("seed") {
        Some(_) => synth.read_given("seed")?,
        None => rng_seed?,
    };
    let payments: Option<u32> = synth.optional("payments")?;
    let asked: Option<u32> = synth.optional("participants")?;
    let listed = u32::try_from(agents).ok().filter(|count| *count > 0);
    if let (Some(asked), Some(listed)) = (asked, listed)
        && asked != listed
    {
        let message = format!("`participants` is {asked}, but `agents` names {listed}");
        checker.fault(synth.span_of("participants"), message, None);
        return None;
    }
    let ticks_per_day = calendar.ticks_per_day();
    Some(SynthSpec { profile, seed, payments, participants: listed.or(asked), ticks_per_day })
}

/// Adds a day, unless days like the first are more than anybody generates.
fn followed_by(
    days: &mut Vec<SynthDay>,
    mut day: SynthDay,
    calendar: &Calendar,
) -> Result<(), String> {
    if !days.is_empty() {
        day.participants = Vec::new(); // those of the first day serve all
    }
    days.push(day);
    let first = days.first();
    let each = first.map_or(0, |day| day.payments.len().saturating_add(day.participants.len()));
    if each.saturating_mul(calendar.num_days() as usize) <= MOST_GENERATED {
        return Ok(());
    }
    let days = counted(calendar.num_days(), "day");
    Err(format!("{days} of {each} payments and participants are more than {MOST_GENERATED}"))
}

impl Days {
    /// Returns the ids of the generated participants.
    pub(crate) fn participants(&self) -> &[String] {
        self.0.first().map_or(&[], |day| &day.participants)
    }

    /// Returns the payments; the generator's participants are the agents in file order.
    pub(crate) fn payments(
        &self,
        calendar: &Calendar,
        roster: &Roster,
    ) -> Option<PreparedPayments> {
        let agents = roster.draw_order();
        let agent = |index: u32| agents.get(usize::try_from(index).ok()?).copied();
        let mut rows = Vec::with_capacity(self.0.iter().map(|day| day.payments.len()).sum());
        for (day, number) in self.0.iter().zip(0..) {
            let day_number = Day(number);
            let last = calendar.last_tick_of(day_number);
            for payment in &day.payments {
                let tick = calendar.tick_of(day_number, payment.tick);
                rows.push(PreparedPayment {
                    tick,
                    sender: agent(payment.sender)?,
                    receiver: agent(payment.receiver)?,
                    amount: payment.amount,
                    deadline: last,
                    earliest: tick,
                    priority: payment.priority,
                    rtgs_priority: RtgsPriority::Normal,
                    divisible: None,
                });
            }
        }
        rows.sort_by_key(|row| row.tick);
        Some(PreparedPayments { rows, ids: TextColumn::default() })
    }
}
