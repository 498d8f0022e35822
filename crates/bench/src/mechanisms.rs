//! What each mechanism costs when it is on: a T2 day with it against the same day without.

use std::collections::BTreeMap;
use std::time::Duration;

use psim_model::{
    AgentNo, Escalation, EscalationCurve, Fraction, LimitsBasis, Money, PreparedPayment,
    Queue1Ordering, Reservations, RtgsPriority, Scenario,
};

use crate::cases::{Counts, T2_BANKS, T2_PAYMENTS, count, milliseconds, starve};
use crate::table::Table;
use crate::{days, timing};

/// Receivers for which each bank has a limit of its own.
const PARTNERS: usize = 10;
/// Most times as long as without that limits may make a day.
const LIMITS_MOST: f64 = 1.5;

/// Runs the T2 day with one mechanism after another.
pub(crate) fn section(tries: u32) -> String {
    let mut table = Table::new(
        "Mechanisms that are on",
        "A T2 day with the mechanism, in times of the same day without. Limits are on every bank:\n\
         one for all receivers together and one for each of its ten largest; loose ones are never\n\
         reached, tight ones are nine tenths and eight tenths of what the bank would pay. Where\n\
         tight ones meet ample liquidity, the day is another: payments wait that did not before,\n\
         and waiting costs, with or without limits. That row has no bound.",
        &["case", "times without", "at most", "", "detail"],
    );
    let ample = days::ample(T2_PAYMENTS, T2_BANKS, 1);
    let mut scarce = ample.clone();
    starve(&mut scarce);

    let plain = measure(tries, &ample);
    let waiting = measure(tries, &scarce);
    let mut limits = |name: &str, day: &Scenario, without: &Measured, change: Change| {
        let mut day = day.clone();
        change(&mut day);
        let with = measure(tries, &day);
        table.bounded(name, with.times(without), LIMITS_MOST, &with.detail(without));
    };
    limits("loose limits, ample liquidity", &ample, &plain, &|day| limit(day, "1", "1"));
    limits("loose limits, scarce liquidity", &scarce, &waiting, &|day| limit(day, "1", "1"));
    limits("tight limits, scarce liquidity", &scarce, &waiting, &|day| limit(day, "0.9", "0.8"));
    limits("tight net limits, scarce liquidity", &scarce, &waiting, &|day| {
        limit(day, "0.9", "0.8");
        day.rules.limits_basis = LimitsBasis::Net;
    });

    let mut other = |name: &str, day: &Scenario, without: &Measured, change: Change| {
        let mut day = day.clone();
        change(&mut day);
        let with = measure(tries, &day);
        let times = format!("{:.2}", with.times(without));
        table.row(&[name, &times, "", "", &with.detail(without)]);
    };
    other("tight limits, ample liquidity", &ample, &plain, &|day| limit(day, "0.9", "0.8"));
    let mut other = |name: &str, change: Change| other(name, &scarce, &waiting, change);
    other("classes and bands, scarce liquidity", &|day| {
        declare(day);
        day.rules.priority_mode = true;
    });
    other("the same with reservations and blocking", &|day| {
        declare(day);
        day.rules.priority_mode = true;
        day.rules.priority_blocking = true;
        for agent in &mut day.agents {
            let highly_urgent = share("0.05").floor_of(agent.opening_balance.or_zero());
            agent.reservations = Reservations { highly_urgent, urgent: highly_urgent };
        }
    });
    other("escalation over the last 60 ticks", &|day| {
        day.rules.priority_mode = true;
        day.rules.queue1_ordering = Queue1Ordering::PriorityDeadline;
        day.rules.escalation = Some(Escalation {
            curve: EscalationCurve::Linear,
            start_escalating_at_ticks: 60,
            max_boost: 3,
        });
    });
    other("deferred crediting", &|day| day.rules.deferred_crediting = true);
    other("entry-disposition offsetting", &|day| day.rules.entry_disposition_offsetting = true);
    table.finish()
}

type Change<'c> = &'c dyn Fn(&mut Scenario);

/// How long a day takes, and what happens in it.
struct Measured {
    time: Duration,
    counts: Counts,
}

impl Measured {
    fn times(&self, without: &Self) -> f64 {
        self.time.as_secs_f64() / without.time.as_secs_f64()
    }

    fn detail(&self, without: &Self) -> String {
        format!(
            "{} events, peak {} waiting, {} and {}",
            self.counts.events,
            self.counts.peak_waiting,
            milliseconds(self.time),
            milliseconds(without.time),
        )
    }
}

fn measure(tries: u32, day: &Scenario) -> Measured {
    let checked = days::checked(day.clone());
    let (time, counts) = timing::shortest(tries, || count(&checked));
    Measured { time, counts }
}

/// Limits every bank to shares of what it would pay: in all, and to its largest partners.
fn limit(day: &mut Scenario, in_all: &str, to_each: &str) {
    let (in_all, to_each) = (share(in_all), share(to_each));
    let mut paid: Vec<BTreeMap<AgentNo, Money>> = vec![BTreeMap::new(); day.agents.len()];
    for PreparedPayment { sender, receiver, amount, .. } in &day.payments.rows {
        *paid[sender.index()].entry(*receiver).or_default() += *amount;
    }
    for (agent, paid) in day.agents.iter_mut().zip(paid) {
        let total = paid.values().fold(Money::ZERO, |sum, amount| sum + *amount);
        agent.limits.multilateral = Some(in_all.floor_of(total));
        let mut partners: Vec<(AgentNo, Money)> = paid.into_iter().collect();
        partners.sort_by_key(|(_, amount)| std::cmp::Reverse(*amount));
        partners.truncate(PARTNERS);
        partners.sort_unstable();
        let limits = partners.into_iter().map(|(no, amount)| (no, to_each.floor_of(amount)));
        agent.limits.bilateral = limits.collect();
    }
}

/// Declares every tenth payment urgent and every hundredth highly urgent.
fn declare(day: &mut Scenario) {
    for (index, row) in day.payments.rows.iter_mut().enumerate() {
        row.rtgs_priority = match index {
            index if index % 100 == 0 => RtgsPriority::HighlyUrgent,
            index if index % 10 == 0 => RtgsPriority::Urgent,
            _ => RtgsPriority::Normal,
        };
    }
}

fn share(text: &str) -> Fraction {
    text.parse().expect("a share of the benchmark's own")
}
