//! A bank: its funds, its policy and its generated payments.

use psim_model::MAX_RATE_PER_TICK;

use super::policies;
use crate::shape::{AMOUNT, COUNT, Case, Key, Kind, MINOR, NUMBER, POSITIVE, PRIORITY, SUM, Shape};

/// One agent.
pub(crate) static AGENT: Shape = Shape {
    title: "an agent",
    needs: &[],
    keys: &[
        Key::required("id", Kind::Name, "Its name; agents act in the byte order of their ids"),
        Key::optional(
            "opening_balance",
            Kind::Money { min: i64::MIN },
            "from `opening_balances` where that is given, else required",
            "Balance before the first tick, of any sign",
        )
        .unit(MINOR),
        Key::with_default(
            "unsecured_cap",
            AMOUNT,
            "0",
            "How far the balance may go below zero without collateral",
        )
        .unit(MINOR),
        Key::with_default("posted_collateral", AMOUNT, "0", "Collateral posted from the start")
            .unit(MINOR),
        Key::with_default(
            "collateral_haircut",
            Kind::Fraction,
            "0.02",
            "Share of its nominal value that collateral is not worth",
        ),
        Key::optional(
            "max_collateral_capacity",
            AMOUNT,
            "10 x the current `unsecured_cap`, at least `posted_collateral`",
            "Most collateral that may be posted; if given, at least `posted_collateral`",
        )
        .unit(MINOR),
        Key::optional("liquidity_pool", AMOUNT, "no pool", "Outside funds to bring in").unit(MINOR),
        Key::optional(
            "liquidity_allocation_fraction",
            Kind::Fraction,
            "1 with a pool; a fault without one",
            "Share of the pool that is brought in",
        ),
        Key::optional("policy", policies::POLICY, "the top level's `policy`", "How it decides"),
        Key::optional(
            "params",
            policies::PARAMS.kind,
            "none",
            "Values for parameters of the policy that it follows from the start, whichever that \
             is; they win over all others",
        ),
        Key::optional(
            "arrival_config",
            Kind::Map(&ARRIVALS),
            "no generated payments",
            "One stream of generated payments; exclusive with `arrival_bands`",
        ),
        Key::optional(
            "arrival_bands",
            Kind::Map(&BANDS),
            "no generated payments",
            "Up to three streams of generated payments, by priority band",
        ),
        Key::optional("limits", Kind::Map(&LIMITS), "none", "Caps on what it pays in a day"),
        Key::optional(
            "reservations",
            Kind::Map(&RESERVATIONS),
            "the top level's `reservations`",
            "Liquidity that its payments of lower classes leave alone, in place of the top level's",
        ),
        Key::with_default(
            "liquidity_buffer",
            AMOUNT,
            "0",
            "Passed to its policy as the field `liquidity_buffer`, for example as a least balance",
        )
        .unit(MINOR),
    ],
};

/// Caps on what an agent pays in a day.
pub(super) static LIMITS: Shape = Shape {
    title: "`limits`",
    needs: &[],
    keys: &[
        Key::optional(
            "bilateral_limits",
            Kind::ByName { names: "agent id", of: &AMOUNT },
            "none",
            "Cap for each receiver",
        )
        .unit(MINOR),
        Key::optional("multilateral_limit", AMOUNT, "none", "Cap for all receivers together")
            .unit(MINOR),
    ],
};

/// Liquidity that payments of lower classes leave alone.
pub(crate) static RESERVATIONS: Shape = Shape {
    title: "`reservations`",
    needs: &[],
    keys: &[
        Key::with_default("highly_urgent", AMOUNT, "0", "Kept for highly urgent payments")
            .unit(MINOR),
        Key::with_default("urgent", AMOUNT, "0", "Kept, besides, for urgent payments").unit(MINOR),
    ],
};

/// Where participants come from a file.
pub(crate) static PARTICIPANT_FILE: Shape = Shape {
    title: "`agents` from a file",
    needs: &[],
    keys: &[Key::required(
        "file",
        Kind::Name,
        "CSV or `.csv.gz`, one row an agent, relative to the scenario; its columns are agent keys",
    )],
};

/// One stream of generated payments.
pub(crate) static ARRIVALS: Shape = Shape {
    title: "`arrival_config`",
    needs: &[],
    keys: &[
        RATE,
        AMOUNTS,
        WEIGHTS,
        Key::with_default(
            "deadline_range",
            Kind::Pair(&COUNT),
            "[10, 50]",
            "Fewest and most ticks from arrival to deadline",
        )
        .unit("ticks"),
        Key::with_default("priority", PRIORITY, "5", "Priority of each payment"),
        Key::optional(
            "priority_distribution",
            Kind::Variant { tag: "type", cases: &PRIORITIES },
            "the fixed `priority`",
            "How priorities are drawn; wins over `priority`",
        ),
        DIVISIBLE,
    ],
};

/// Streams by priority band.
pub(crate) static BANDS: Shape = Shape {
    title: "`arrival_bands`",
    needs: &["urgent", "normal", "low"],
    keys: &[
        Key::optional("urgent", Kind::Map(&BAND), "none", "Payments of priority 8 to 10"),
        Key::optional("normal", Kind::Map(&BAND), "none", "Payments of priority 4 to 7"),
        Key::optional("low", Kind::Map(&BAND), "none", "Payments of priority 0 to 3"),
    ],
};

/// The stream of one band.
pub(crate) static BAND: Shape = Shape {
    title: "an arrival band",
    needs: &[],
    keys: &[
        RATE,
        AMOUNTS,
        WEIGHTS,
        Key::required("deadline_offset_min", COUNT, "Fewest ticks from arrival to deadline")
            .unit("ticks"),
        Key::required("deadline_offset_max", COUNT, "Most ticks from arrival to deadline")
            .unit("ticks"),
        DIVISIBLE,
    ],
};

const RATE: Key = Key::required(
    "rate_per_tick",
    Kind::Number { positive: false, max: MAX_RATE_PER_TICK },
    "Mean number of payments; the limit holds for the highest factors of the rate profile and of \
     scenario events too",
)
.unit("payments a tick");

const AMOUNTS: Key = Key::required(
    "amount_distribution",
    Kind::Variant { tag: "type", cases: &DISTRIBUTIONS },
    "How amounts are drawn",
)
.unit(MINOR);

const WEIGHTS: Key = Key::optional(
    "counterparty_weights",
    Kind::ByName { names: "agent id", of: &NUMBER },
    "every other agent alike, as with `{}`",
    "Relative frequency of each receiver; agents not named receive nothing",
);

const DIVISIBLE: Key =
    Key::optional("divisible", Kind::Bool, "may be split", "Whether payments may be split");

static DISTRIBUTIONS: [Case; 4] = [
    Case::with("Normal", &MOMENTS, "normal, at least 1"),
    Case::with("LogNormal", &MOMENTS, "log-normal; the moments are those of the amount"),
    Case::with("Uniform", &AMOUNT_RANGE, "all whole amounts equally likely"),
    Case::with("Exponential", &LAMBDA, "exponential"),
];

static MOMENTS: Shape = Shape {
    title: "a normal or log-normal distribution",
    needs: &[],
    keys: &[
        Key::required("mean", POSITIVE, "Mean of the amount").unit(MINOR),
        Key::required("std_dev", NUMBER, "Standard deviation of the amount").unit(MINOR),
    ],
};

static AMOUNT_RANGE: Shape = Shape {
    title: "a range of amounts",
    needs: &[],
    keys: &[
        Key::required("min", SUM, "Smallest amount").unit(MINOR),
        Key::required("max", SUM, "Largest amount").unit(MINOR),
    ],
};

static LAMBDA: Shape = Shape {
    title: "an exponential distribution",
    needs: &[],
    keys: &[Key::required("lambda", POSITIVE, "One over the mean amount").unit("per minor unit")],
};

static PRIORITIES: [Case; 3] = [
    Case::with("Fixed", &FIXED_PRIORITY, "always the same"),
    Case::with("Categorical", &WEIGHTED_PRIORITIES, "in proportion to weights"),
    Case::with("Uniform", &PRIORITY_RANGE, "all equally likely"),
];

static FIXED_PRIORITY: Shape = Shape {
    title: "a fixed priority",
    needs: &[],
    keys: &[Key::required("value", PRIORITY, "The priority")],
};

static WEIGHTED_PRIORITIES: Shape = Shape {
    title: "weighted priorities",
    needs: &[],
    keys: &[
        Key::required("values", Kind::List { of: &PRIORITY, least: 1 }, "The priorities"),
        Key::required("weights", Kind::List { of: &NUMBER, least: 1 }, "The weight of each"),
    ],
};

static PRIORITY_RANGE: Shape = Shape {
    title: "a range of priorities",
    needs: &[],
    keys: &[
        Key::required("min", PRIORITY, "Lowest priority"),
        Key::required("max", PRIORITY, "Highest priority"),
    ],
};
