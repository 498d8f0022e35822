//! Six payments among three banks, worked out by hand: V6, V7, V8 and V10 of `docs/validation.md`.

use psim_model::{Algorithm, Fraction, Scenario, ScheduledAlgorithm};
use psim_testkit::sketch::six_payments as scenario;
use psim_view::{LiquidityFigures, Measures};

use crate::{folded, run};

/// Measures with the guideline that half is to have settled before tick 3.
fn measured(scenario: Scenario) -> Measures {
    let half = Fraction::from_trillionths(500_000_000_000).unwrap();
    folded(&run(&scenario.check().unwrap(), 10), &[(3, half)]).finish()
}

fn bounds(figures: &LiquidityFigures) -> (i128, i128) {
    (figures.lower_bound.minor(), figures.upper_bound.minor())
}

#[test]
fn v6_bounds_are_80_and_110_whatever_settles() {
    for balances in [[50, 60, 0], [40, 40, 0], [0, 0, 0], [1_000, 1_000, 1_000]] {
        let measures = measured(scenario(balances));
        assert_eq!(bounds(&measures.liquidity.all), (80, 110));
        let by_agent = measures.liquidity.by_agent.iter().map(|agent| bounds(&agent.figures));
        assert_eq!(by_agent.collect::<Vec<_>>(), [(40, 50), (40, 60), (0, 0)]);
        assert_eq!(measures.settlement.all.arrived.value.minor(), 270);
    }
}

#[test]
fn v7_at_the_upper_bound_everything_settles_on_entry() {
    let measures = measured(scenario([50, 60, 0]));
    assert_eq!(measures.settlement.all.rate_count, Some(1.0));
    assert_eq!(measures.delay.indicator, Some(0.0));
    assert_eq!(measures.delay.wait_ticks.max, Some(0));
    let all = measures.liquidity.all;
    assert_eq!((all.used.minor(), all.paid.minor()), (110, 270));
    assert_eq!(all.position, Some(1.0));
    assert_eq!(all.turnover_ratio, Some(270.0 / 110.0));
    assert_eq!(all.recycling_share, Some(160.0 / 270.0));
    // A ends at 10, B at 20, C at 80; C has never been below what it began with.
    let days = measures.intraday.agents.iter().map(|agent| &agent.days[0]);
    let extremes = days.map(|day| (day.net_debit_max.minor(), day.net_credit_max.minor()));
    assert_eq!(extremes.collect::<Vec<_>>(), [(50, 20), (60, 50), (0, 100)]);
    assert_eq!(measures.offset.mechanisms.len(), 1);
    // A pays 110 and gets 70, B 110 and 70, C 50 and 130: 80 of 270 is net.
    assert_eq!(measures.offset.netting_ratio, Some(190.0 / 270.0));
    // 0 x 50 + 1 x 70 + 2 x 30 + 3 x 40 + 4 x 60 + 5 x 20 = 590
    assert_eq!(measures.throughput.settlement_time.mean_tick_in_day, Some(590.0 / 270.0));
    let shares = [110.0, 110.0, 50.0_f64].map(|paid| paid / 270.0 * (paid / 270.0));
    assert!((measures.concentration.hhi.unwrap() - shares.iter().sum::<f64>()).abs() < 1e-15);
    assert_eq!((measures.concentration.links, measures.concentration.reciprocity), (6, Some(1.0)));
    assert_eq!(measures.concentration.connectivity, Some(1.0));
    assert_eq!(measures.concentration.degree_mean, Some(2.0));
    let largest = &measures.concentration.largest_links[0];
    assert_eq!((largest.sender_id.as_str(), largest.receiver_id.as_str()), ("B", "C"));
    // Before tick 3: 50 + 70 + 30 of 270, B 70 of 110 and C 30 of 50, but A only 50 of 110.
    let breaches = measures.throughput.breaches.iter();
    let breaches = breaches.map(|it| (it.agent_id.as_deref(), it.reached, it.missing.minor()));
    assert_eq!(breaches.collect::<Vec<_>>(), [(Some("A"), 50.0 / 110.0, 5)]);
    assert_eq!(measures.intraday.hours[3].before_tick, 4);
    assert_eq!(measures.intraday.agents[0].days[0].throughput[3], Some(50.0 / 110.0));
    assert_eq!(measures.blocks.episodes, []);
}

#[test]
fn v8_at_the_lower_bound_nothing_settles_in_gridlock() {
    let measures = measured(scenario([40, 40, 0]));
    assert_eq!(measures.settlement.all.rate_value, Some(0.0));
    assert_eq!(measures.delay.indicator, Some(1.0));
    let all = measures.liquidity.all;
    assert_eq!((all.used.minor(), all.paid.minor(), all.turnover_ratio), (0, 0, None));
    assert_eq!(all.position, Some(-80.0 / 30.0));
    // Until tick 2 brings C's payment nothing could settle even together, then the ring of three.
    let episodes = measures.blocks.episodes.iter();
    let episodes = episodes.map(|it| (it.kind, it.from.tick.0, it.ticks, it.could_settle));
    assert_eq!(episodes.collect::<Vec<_>>(), [("Deadlock", 0, 2, 0), ("Gridlock", 2, 8, 3)]);
    assert_eq!(measures.blocks.gridlock.value_max.minor(), 150);
    assert_eq!(measures.queues.ever_in_queue2_share_value, Some(1.0));
    assert_eq!(measures.queues.queue2_mean.count, Some(4.5));
    let peak = measures.queues.summary.queue2_peak_value.unwrap();
    assert_eq!((peak.size.count, peak.size.value.minor(), peak.at.tick.0), (6, 270, 5));
    assert_eq!(measures.delay.mean_ticks_by_value, Some(2_110.0 / 270.0));
    let breach = &measures.throughput.breaches[0];
    assert_eq!((&breach.agent_id, breach.reached, breach.missing.minor()), (&None, 0.0, 135));
    // 10 + 9 + 8 + 7 + 6 + 5 ticks
    assert_eq!(measures.delay.queue2_ticks.total, 45);
}

#[test]
fn v10_without_liquidity_nothing_settles_in_deadlock() {
    let mut scenario = scenario([0, 0, 0]);
    let algorithm = Algorithm::GridlockResolution;
    scenario.liquidity_saving.algorithms =
        vec![ScheduledAlgorithm { algorithm, every: 1, enabled: true }];
    let measures = measured(scenario);
    assert_eq!(measures.settlement.all.settled.count, 0);
    assert_eq!(measures.delay.indicator, Some(1.0));
    assert_eq!((measures.blocks.deadlock.episodes, measures.blocks.deadlock.ticks), (1, 10));
    assert_eq!(measures.blocks.gridlock.episodes, 0);
}
