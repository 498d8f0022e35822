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
    let spec = |day: u32| SynthSpec {
        profile,
        seed: if day == 0 { seed } else { split_mix64(seed ^ u64::from(day)) },
        payments,
        participants: listed.or(asked),
        ticks_per_day: calendar.ticks_per_day(),
    };
    let mut days: Vec<SynthDay> = Vec::new();
    for day in 0..calendar.num_days() {
        match psim_synth::generate(&spec(day)) {
            Ok(mut generated) => {
                if day > 0 {
                    generated.participants = Vec::new(); // those of the first day serve all
                }
                days.push(generated);
            }
            Err(error) => {
                checker.fault(synth.span, error.to_string(), None);
                return None;
            }
        }
        let first = days.first();
        let each = first.map_or(0, |day| day.payments.len().saturating_add(day.participants.len()));
        if each.saturating_mul(calendar.num_days() as usize) > MOST_GENERATED {
            let days = counted(calendar.num_days(), "day");
            let message = format!(
                "{days} of {each} payments and participants are more than {MOST_GENERATED}"
            );
            checker.fault(synth.span, message, None);
            return None;
        }
    }
    Some(Days(days))
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
