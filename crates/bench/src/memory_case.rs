//! What a run takes of memory.

use psim_model::QueueDiscipline;

use crate::cases::{T2_BANKS, T2_PAYMENTS, count, starve};
use crate::table::Table;
use crate::{days, memory};

/// Memory of a run whose events are consumed tick by tick.
pub(crate) fn section() -> String {
    let mut table = Table::new(
        "Memory",
        "Peak resident memory of the run above that before it, and the prepared payments, per\n\
         payment of a T2 day with ample liquidity and of one in which a tenth waits.",
        &["case", "bytes a payment", "at most", "", "detail"],
    );
    let ample = days::ample(T2_PAYMENTS, T2_BANKS, 1);
    let mut scarce = ample.clone();
    scarce.rules.queue_discipline = QueueDiscipline::Fifo;
    starve(&mut scarce);
    for (name, scenario) in [("ample liquidity", ample), ("scarce liquidity, `fifo`", scarce)] {
        let payments = scenario.payments.rows.len() as f64;
        let prepared = size_of_val(scenario.payments.rows.as_slice()) as f64;
        let checked = days::checked(scenario);
        let Some(grown) = memory::growth(|| count(&checked)) else {
            table.row(&[name, "not measured", "150", "", "needs /proc"]);
            continue;
        };
        let detail = format!("{:.0} of them the run's own", grown as f64 / payments);
        table.bounded(name, (grown as f64 + prepared) / payments, 150.0, &detail);
    }
    table.finish()
}
