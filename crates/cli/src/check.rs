//! `payment-sim check`

use std::io::Write;

use psim_model::{Agent, Scenario, Total};
use psim_view::amount;

use crate::arguments::CheckArguments;
use crate::failure::Failure;
use crate::output;
use crate::run::load_scenario;

/// Most agents that are said to be short of funds one by one.
const MOST_SHORT: usize = 3;

/// Checks a scenario and says what is in it.
pub(crate) fn check(arguments: &CheckArguments) -> Result<(), Failure> {
    let scenario = load_scenario(&arguments.scenario, false)?.scenario;
    let mut out = output::stdout();
    let path = arguments.scenario.path();
    write!(
        out,
        "{}: no faults; agents: {}, days: {} of {} ticks, payments from data: {}",
        path.display(),
        scenario.agents.len(),
        scenario.calendar.num_days(),
        scenario.calendar.ticks_per_day(),
        scenario.payments.rows.len(),
    )?;
    let generated = scenario.generated_payments();
    match generated {
        0.0 => {}
        1.0.. => write!(out, ", generated: about {generated:.0}")?,
        _ => write!(out, ", generated: less than 1")?,
    }
    writeln!(out)?;
    for line in short_of_funds(&scenario) {
        writeln!(out, "{line}")?;
    }
    Ok(out.flush()?)
}

/// Says who can be expected to pay more than it can have, however well payments are offset; the
/// largest shortfall first.
fn short_of_funds(scenario: &Scenario) -> Vec<String> {
    let net = scenario.expected_net_payments();
    let mut short: Vec<(&Agent, f64, f64)> = scenario
        .agents
        .iter()
        .zip(net)
        .map(|(agent, net)| (agent, net, agent.opening_funds().minor() as f64))
        .filter(|(_, net, funds)| *net > funds.max(0.0))
        .collect();
    short.sort_by(|(_, one, first), (_, two, second)| (two - second).total_cmp(&(one - first)));
    let currency = &scenario.currency;
    let told = |(agent, net, funds): &(&Agent, f64, f64)| {
        format!(
            "note: `{}` is to pay about {} more than it receives, and begins with {}; not all can \
             settle unless it gets other funds",
            agent.id,
            amount(whole(*net), currency),
            amount(whole(*funds), currency),
        )
    };
    let mut lines: Vec<String> = short.iter().take(MOST_SHORT).map(told).collect();
    let more = short.len().saturating_sub(MOST_SHORT);
    lines.extend((more > 0).then(|| format!("note: the same holds of {more} more")));
    lines
}

/// Returns an amount in whole minor units.
fn whole(amount: f64) -> Total {
    #[expect(clippy::cast_possible_truncation, reason = "casts of floats saturate")]
    Total::from_minor(amount.round() as i128)
}
