//! What liquidity, delay, lateness and splitting cost.

use crate::shape::{AMOUNT, COUNT, Case, Key, Kind, MINOR, Shape};

const RATE: Kind = Kind::Either(&[Kind::Rate, Kind::Map(&YEARLY)]);
const BPS: &str = "basis points a tick";

/// The cost rates.
pub(crate) static COSTS: Shape = Shape {
    title: "`cost_rates`",
    needs: &[],
    keys: &[
        OVERDRAFT,
        DELAY,
        COLLATERAL,
        LIQUIDITY,
        EOD_PENALTY,
        DEADLINE_PENALTY,
        SPLIT_FRICTION,
        OVERDUE_MULTIPLIER,
        Key::optional(
            "priority_delay_multipliers",
            Kind::Map(&MULTIPLIERS),
            "1 for each band",
            BAND_MULTIPLIERS,
        ),
        Key::with_default(
            "delay_cost_queues",
            Kind::Choice(&[
                Case::word("both", "queue 1 and queue 2"),
                Case::word("queue1", "queue 1 only"),
            ]),
            "both",
            "Which queues delay cost is charged in",
        ),
    ],
};

/// New values for some of the cost rates.
pub(super) static RATE_CHANGES: Shape = Shape {
    title: "a change of cost rates",
    needs: &[],
    keys: &[
        OVERDRAFT.changed(),
        DELAY.changed(),
        COLLATERAL.changed(),
        LIQUIDITY.changed(),
        EOD_PENALTY.changed(),
        DEADLINE_PENALTY.changed(),
        SPLIT_FRICTION.changed(),
        OVERDUE_MULTIPLIER.changed(),
        Key::optional(
            "priority_delay_multipliers",
            Kind::Map(&MULTIPLIER_CHANGES),
            "as they were",
            BAND_MULTIPLIERS,
        ),
    ],
};

const OVERDRAFT: Key = Key::with_default(
    "overdraft_bps_per_tick",
    RATE,
    "0.001",
    "On a negative balance; events and measures call it `liquidity_cost`",
)
.unit(BPS);

const DELAY: Key =
    Key::with_default("delay_cost_per_tick_per_cent", RATE, "0.0001", "On each queued minor unit")
        .unit("minor units a tick");

const COLLATERAL: Key = Key::with_default(
    "collateral_cost_per_tick_bps",
    RATE,
    "0.0002",
    "On posted collateral, at nominal value",
)
.unit(BPS);

const LIQUIDITY: Key = Key::with_default(
    "liquidity_cost_per_tick_bps",
    RATE,
    "0",
    "On funds brought in from the pool; events and measures call it `liquidity_opportunity_cost`",
)
.unit(BPS);

const EOD_PENALTY: Key = Key::with_default(
    "eod_penalty",
    PENALTY,
    "10000",
    "On each payment unsettled at the end of a day whose deadline has come, or that its sender \
     dropped that day",
)
.aliases(&["eod_penalty_per_transaction"])
.unit(MINOR);

const DEADLINE_PENALTY: Key = Key::with_default(
    "deadline_penalty",
    PENALTY,
    "50000",
    "On each payment, once, when it becomes overdue or its sender drops it",
)
.unit(MINOR);

const SPLIT_FRICTION: Key = Key::with_default(
    "split_friction_cost",
    AMOUNT,
    "1000",
    "On each part of a split beyond the first, once",
)
.unit(MINOR);

const OVERDUE_MULTIPLIER: Key = Key::with_default(
    "overdue_delay_multiplier",
    Kind::Multiplier,
    "5",
    "What an overdue payment's delay cost is multiplied by",
);

const BAND_MULTIPLIERS: &str = "What delay cost is multiplied by in each priority band";

/// A rate for a year.
pub(crate) static YEARLY: Shape = Shape {
    title: "a yearly rate",
    needs: &[],
    keys: &[
        Key::required(
            "per_year",
            Kind::YearlyRate,
            "Rate for a year: `50bp`, `0.5%`, or a number in the key's own unit",
        ),
        Key::with_default("day_count", COUNT, "360", "Days of the year it is divided by")
            .unit("days"),
    ],
};

const PENALTY: Kind = Kind::Either(&[AMOUNT, Kind::Variant { tag: "mode", cases: &PENALTIES }]);

static PENALTIES: [Case; 2] = [
    Case::with("fixed", &FIXED_PENALTY, "the same for each payment"),
    Case::with("rate", &RATE_PENALTY, "in proportion to the amount"),
];

static FIXED_PENALTY: Shape = Shape {
    title: "a fixed penalty",
    needs: &[],
    keys: &[Key::required("amount", AMOUNT, "The charge").unit(MINOR)],
};

static RATE_PENALTY: Shape = Shape {
    title: "a proportional penalty",
    needs: &[],
    keys: &[Key::required("bps_per_event", Kind::Rate, "Share of the amount").unit("basis points")],
};

static MULTIPLIERS: Shape =
    Shape { title: "`priority_delay_multipliers`", needs: &[], keys: &[URGENT, NORMAL, LOW] };

static MULTIPLIER_CHANGES: Shape = Shape {
    title: "a change of `priority_delay_multipliers`",
    needs: &[],
    keys: &[URGENT.changed(), NORMAL.changed(), LOW.changed()],
};

const URGENT: Key =
    Key::with_default("urgent_multiplier", Kind::Multiplier, "1", "For priorities 8 to 10");

const NORMAL: Key =
    Key::with_default("normal_multiplier", Kind::Multiplier, "1", "For priorities 4 to 7");

const LOW: Key =
    Key::with_default("low_multiplier", Kind::Multiplier, "1", "For priorities 0 to 3");
