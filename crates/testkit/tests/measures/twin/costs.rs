//! What it cost.

use psim_model::event::{CostAccrual, Event};
use serde_json::{Value, json};

use super::groups::grouped;
use super::life::Life;
use super::story::Story;
use super::{joined, money};

pub(super) fn costs(story: &Story<'_>) -> Value {
    let agent = |(agent, id): (usize, &String)| {
        joined(json!({"agent_id": id}), booked(story, &|no| no == agent))
    };
    let by_agent: Vec<Value> = story.ids.iter().enumerate().map(agent).collect();
    let groups = grouped(story, |roots| caused(story, roots));
    joined(json!({"all": booked(story, &|_| true), "by_agent": by_agent}), groups)
}

fn booked(story: &Story<'_>, is_asked: &dyn Fn(usize) -> bool) -> Value {
    let sum = |kind: &dyn Fn(&CostAccrual) -> i64| -> i128 {
        let mut sum = 0;
        for (_, _, event) in &story.events {
            if let Event::CostAccrual(accrual) = event
                && is_asked(accrual.agent_id.index())
            {
                sum += i128::from(kind(accrual));
            }
        }
        sum
    };
    json!({
        "liquidity_cost": money(sum(&|it| it.liquidity_cost.minor())),
        "delay_cost": money(sum(&|it| it.delay_cost.minor())),
        "collateral_cost": money(sum(&|it| it.collateral_cost.minor())),
        "penalty_cost": money(sum(&|it| it.penalty_cost.minor())),
        "split_friction_cost": money(sum(&|it| it.split_friction_cost.minor())),
        "liquidity_opportunity_cost": money(sum(&|it| it.liquidity_opportunity_cost.minor())),
        "total": money(sum(&|it| it.total.minor())),
    })
}

/// Sums what payments and all their parts caused.
fn caused(story: &Story<'_>, roots: &[usize]) -> Value {
    let is_of = |no: &usize| story.line_of(*no).last().is_some_and(|root| roots.contains(root));
    let lives: Vec<&Life> =
        (0..story.lives.len()).filter(is_of).map(|no| &story.lives[no]).collect();
    let sum = |of: &dyn Fn(&Life) -> i128| money(lives.iter().map(|life| of(life)).sum());
    json!({
        "delay_cost": lives.iter().map(|life| life.delay_cost).sum::<f64>(),
        "deadline_penalties": sum(&|life| life.deadline_penalties),
        "end_of_day_penalties": sum(&|life| life.end_of_day_penalties),
        "split_friction_cost": sum(&|life| life.friction),
    })
}
