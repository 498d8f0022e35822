//! A law that a run has broken, in words.

use psim_model::{Money, Tick, Total};

/// A law that a run has broken: a defect of the program, whatever the scenario.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Broken {
    /// The events do not tell the state.
    #[error(
        "tick {tick}: the events must tell the whole state, but {what} is {told} by the events \
         and {found} in the engine"
    )]
    State {
        /// The tick that has just run.
        tick: Tick,
        /// What differs, and whose it is.
        what: String,
        /// As the events tell it.
        told: String,
        /// As the engine has it.
        found: String,
    },
    /// A running sum of the engine differs from a recount.
    #[error("tick {tick}: running sums must equal a recount: {what}")]
    Sums {
        /// The tick that has just run.
        tick: Tick,
        /// What differs, and from what.
        what: String,
    },
    /// Money has appeared or vanished.
    #[error(
        "tick {tick}: money must be conserved, but balances and pending credits are {found} and \
         opening balances and pools brought in {came_in}"
    )]
    Money {
        /// The tick that has just run.
        tick: Tick,
        /// Opening balances and what was brought in from pools.
        came_in: Total,
        /// Balances and pending credits.
        found: Total,
    },
    /// A settlement left its payer beyond its permission.
    #[error(
        "tick {tick}: nobody settles beyond its permission, but {what} leaves `{agent}` with a \
         balance of {balance} and a permission of {permission}"
    )]
    Permission {
        /// The tick that has just run.
        tick: Tick,
        /// What settled.
        what: String,
        /// Who paid.
        agent: String,
        /// Its balance afterwards.
        balance: Total,
        /// How far the balance may go below zero.
        permission: Money,
    },
    /// A payment settled that could not settle any more, or was never there.
    #[error(
        "tick {tick}: a payment settles at most once, but `{payment}` settles after it was {before}"
    )]
    Settlement {
        /// The tick that has just run.
        tick: Tick,
        /// The payment.
        payment: String,
        /// What had become of it before, and when.
        before: String,
    },
}
