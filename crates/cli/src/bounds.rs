//! `payment-sim bounds`

use std::io::{self, Write};
use std::path::Path;

use psim_model::{Currency, Total};
use psim_runner::{BoundsReport, bounds as compute};
use psim_scenario::{Overrides, load, read_payment_list};
use psim_view::{amount, count};
use serde_json::json;

use crate::arguments::{BoundsArguments, OutputForm};
use crate::failure::Failure;
use crate::output;

/// Prints lower and upper liquidity bounds, by agent and in total.
pub(crate) fn bounds(arguments: &BoundsArguments) -> Result<(), Failure> {
    let (report, unit) = report(arguments)?;
    let mut out = output::stdout();
    match arguments.output {
        OutputForm::Text => write_table(&mut out, &report, &unit)?,
        OutputForm::Json => writeln!(out, "{:#}", json!(report))?,
    }
    Ok(out.flush()?)
}

/// How amounts are shown: in a scenario's currency, or as the minor units they are.
struct Unit(Option<Currency>);

impl Unit {
    fn show(&self, total: Total) -> String {
        let minor = Currency { code: String::new(), decimals: 0 };
        amount(total, self.0.as_ref().unwrap_or(&minor))
    }

    fn note(&self) -> &'static str {
        if self.0.is_some() { "" } else { "; amounts in minor units" }
    }
}

fn report(arguments: &BoundsArguments) -> Result<(BoundsReport, Unit), Failure> {
    let path = arguments.file.as_path();
    let (agents, payments, unit) = if is_scenario(path) {
        let allow_outside = arguments.reach.allow_outside;
        let overrides = Overrides { allow_outside, ..Overrides::default() };
        let scenario = load(path, &overrides)?.scenario;
        if scenario.payments.rows.is_empty() {
            return Err(Failure::Mistake(format!(
                "`{}` has no `payments:`; bounds are those of a list of payments",
                path.display()
            )));
        }
        let agents = scenario.agents.iter().map(|agent| agent.id.clone()).collect();
        let currency = scenario.currency.clone();
        let unit = Unit((!currency.code.is_empty()).then_some(currency));
        (agents, scenario.payments.rows.clone(), unit)
    } else {
        let list = read_payment_list(path)?;
        (list.agents, list.payments, Unit(None))
    };
    let agents: Vec<String> = agents;
    Ok((compute(&agents, &payments).map_err(Failure::mistake)?, unit))
}

fn is_scenario(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    ["yaml", "yml", "json"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

fn write_table(out: &mut impl Write, report: &BoundsReport, unit: &Unit) -> io::Result<()> {
    let names = report.rows.iter().map(|row| row.agent_id.chars().count());
    let width = names.max().unwrap_or(0).max("agent".len());
    let mut line = |name: &str, cells: [&str; 4]| {
        let [lower, upper, paid, received] = cells;
        writeln!(out, "{name:width$} {lower:>24} {upper:>24} {paid:>24} {received:>24}")
    };
    line("agent", ["lower", "upper", "paid", "received"])?;
    for row in &report.rows {
        let cells = [row.lower.into(), row.upper.into(), row.paid, row.received];
        let cells = cells.map(|cell| unit.show(cell));
        line(&row.agent_id, cells.each_ref().map(String::as_str))?;
    }
    let totals = [report.lower, report.upper, report.turnover, report.turnover];
    let totals = totals.map(|total| unit.show(total));
    line("total", totals.each_ref().map(String::as_str))?;
    writeln!(out, "\npayments: {}{}", count(report.payments as u64), unit.note())
}
