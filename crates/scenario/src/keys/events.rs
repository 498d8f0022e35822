//! Scenario events: scheduled shocks and changes.

use super::payments::CLASS;
use super::{agents, costs, policies, system};
use crate::shape::{COUNT, Case, Key, Kind, MINOR, NUMBER, POSITIVE, PRIORITY, SUM, Shape, TICKS};

/// Types of scenario events.
pub(super) static EVENTS: [Case; 16] = [
    event("DirectTransfer", &DIRECT_TRANSFER, "moves balance, whatever is available"),
    event("CustomTransactionArrival", &ARRIVAL, "a payment arrives in its sender's queue 1"),
    event("ScheduledSettlement", &SETTLEMENT, "settles at once, or not at all"),
    event("CreditLimitChange", &CREDIT_LIMIT, "changes an unsecured cap")
        .aliases(&["CollateralAdjustment"]),
    event("GlobalArrivalRateChange", &GLOBAL_RATE, "sets a factor of all arrival rates"),
    event("AgentArrivalRateChange", &AGENT_RATE, "sets a factor of one agent's arrival rates"),
    event("CounterpartyWeightChange", &WEIGHT, "sets how often an agent pays to another"),
    event("DeadlineWindowChange", &WINDOW, "sets factors of all deadline windows"),
    event("CollateralValueChange", &COLLATERAL_VALUE, "changes what collateral is worth"),
    event("ParticipantOutage", &OUTAGE, "an agent cannot send"),
    event("ParticipantRecovery", &RECOVERY, "an agent can send again"),
    event("CutOffChange", &CUT_OFF, "moves the cut-off of the day on which it happens"),
    event("CostRateChange", &COST_RATES, "changes cost rates"),
    event(
        "LsmConfigChange",
        &LSM,
        "switches the algorithms `bilateral` and `cycles` on or off, where they are listed",
    ),
    event("LimitChange", &LIMITS, "replaces an agent's limits"),
    event("PolicyChange", &POLICY, "replaces an agent's policy"),
];

const fn event(name: &'static str, shape: &'static Shape, doc: &'static str) -> Case {
    Case::with(name, shape, doc).also(&WHEN)
}

/// When an event happens.
static WHEN: Shape = Shape {
    title: "the time of a scenario event",
    needs: &[],
    keys: &[
        Key::required(
            "schedule",
            Kind::Either(&[
                Kind::Variant { tag: "type", cases: &SCHEDULES },
                Kind::Choice(&SCHEDULES),
            ]),
            "Once or every so often; its keys stand in it, or beside it as below",
        ),
        TICK,
        Key::optional("start_tick", TICKS, "as `time` says", "First tick, with `Repeating`")
            .unit("tick of the run"),
        Key::optional("interval", COUNT, "required with `Repeating`", INTERVAL).unit("ticks"),
        END_TICK,
        TIME,
        DAY,
    ],
};

static SCHEDULES: [Case; 2] =
    [Case::with("OneTime", &MOMENT, "once"), Case::with("Repeating", &REPEATING, "every so often")];

/// A moment of the run.
pub(super) static MOMENT: Shape =
    Shape { title: "a point in time", needs: &["tick", "time"], keys: &[TICK, TIME, DAY] };

static REPEATING: Shape = Shape {
    title: "a repeating schedule",
    needs: &["start_tick", "time"],
    keys: &[
        Key::optional("start_tick", TICKS, "as `time` says", "First tick").unit("tick of the run"),
        TIME,
        DAY,
        Key::required("interval", COUNT, INTERVAL).unit("ticks"),
        END_TICK,
    ],
};

const INTERVAL: &str = "From one time to the next";

const TICK: Key = Key::optional("tick", TICKS, "as `time` says", "Tick on which it happens")
    .unit("tick of the run");

const END_TICK: Key =
    Key::optional("end_tick", TICKS, "the end of the run", "Last tick on which it may happen")
        .unit("tick of the run");

const TIME: Key =
    Key::optional("time", Kind::Clock, "none", "Time at which it happens, in place of a tick")
        .unit("time of day");

const DAY: Key = Key::optional("day", TICKS, "0", "Day of `time`").unit("day of the run");

const FROM: Key = Key::required("from_agent", Kind::Name, "Who pays");
const TO: Key = Key::required("to_agent", Kind::Name, "Who is paid");
const AMOUNT: Key = Key::required("amount", SUM, "How much").unit(MINOR);
const AGENT: Key = Key::required("agent", Kind::Name, "Agent that the event is about");
const DELTA: Kind = Kind::Money { min: i64::MIN };

static DIRECT_TRANSFER: Shape =
    Shape { title: "`DirectTransfer`", needs: &[], keys: &[FROM, TO, AMOUNT] };

static ARRIVAL: Shape = Shape {
    title: "`CustomTransactionArrival`",
    needs: &[],
    keys: &[
        FROM,
        TO,
        AMOUNT,
        Key::with_default("priority", PRIORITY, "5", "Its priority"),
        Key::with_default("rtgs_priority", CLASS, "Normal", "Its declared class"),
        Key::optional(
            "deadline",
            COUNT,
            "a tenth of `ticks_per_day`, at least 5",
            "From its arrival to its deadline",
        )
        .unit("ticks"),
        Key::optional("is_divisible", Kind::Bool, "may be split", "Whether it may be split")
            .aliases(&["divisible"]),
    ],
};

static SETTLEMENT: Shape =
    Shape { title: "`ScheduledSettlement`", needs: &[], keys: &[FROM, TO, AMOUNT] };

static CREDIT_LIMIT: Shape = Shape {
    title: "`CreditLimitChange`",
    needs: &[],
    keys: &[
        AGENT,
        Key::required("delta", DELTA, "What is added to the cap, of either sign").unit(MINOR),
    ],
};

static GLOBAL_RATE: Shape = Shape {
    title: "`GlobalArrivalRateChange`",
    needs: &[],
    keys: &[Key::required("multiplier", NUMBER, "What all arrival rates are multiplied by")],
};

static AGENT_RATE: Shape = Shape {
    title: "`AgentArrivalRateChange`",
    needs: &[],
    keys: &[AGENT, Key::required("multiplier", NUMBER, "What its arrival rates are multiplied by")],
};

static WEIGHT: Shape = Shape {
    title: "`CounterpartyWeightChange`",
    needs: &[],
    keys: &[
        Key::required("agent", Kind::Name, "Who pays"),
        Key::required("counterparty", Kind::Name, "Who is paid"),
        Key::required("new_weight", NUMBER, "Its relative frequency as a receiver"),
        Key::with_default(
            "auto_balance_others",
            Kind::Bool,
            "false",
            "Whether the other weights are rescaled so that the sum stays",
        ),
    ],
};

static WINDOW: Shape = Shape {
    title: "`DeadlineWindowChange`",
    needs: &["min_ticks_multiplier", "max_ticks_multiplier"],
    keys: &[
        Key::optional(
            "min_ticks_multiplier",
            POSITIVE,
            "as it was",
            "What the fewest ticks to a deadline are multiplied by",
        ),
        Key::optional(
            "max_ticks_multiplier",
            POSITIVE,
            "as it was",
            "What the most ticks to a deadline are multiplied by",
        ),
    ],
};

static COLLATERAL_VALUE: Shape = Shape {
    title: "`CollateralValueChange`",
    needs: &["posted_delta", "haircut"],
    keys: &[
        AGENT,
        Key::optional(
            "posted_delta",
            DELTA,
            "none",
            "What is added to the nominal value, of either sign; exclusive with `haircut`",
        )
        .unit(MINOR),
        Key::optional("haircut", Kind::Fraction, "as it was", "The haircut from now on"),
    ],
};

static OUTAGE: Shape = Shape { title: "`ParticipantOutage`", needs: &[], keys: &[AGENT] };

static RECOVERY: Shape = Shape { title: "`ParticipantRecovery`", needs: &[], keys: &[AGENT] };

static CUT_OFF: Shape = Shape {
    title: "`CutOffChange`",
    needs: &[],
    keys: &[Key::required(
        "tick_in_day",
        Kind::Moment,
        "Last tick of the day on which payments enter the system",
    )
    .unit("tick of the day or time")],
};

static COST_RATES: Shape = Shape {
    title: "`CostRateChange`",
    needs: &[],
    keys: &[Key::required("rates", Kind::Map(&costs::RATE_CHANGES), "The new ones")],
};

static LSM: Shape = Shape {
    title: "`LsmConfigChange`",
    needs: &[],
    keys: &[Key::required("lsm_config", Kind::Map(&system::LSM_CHANGE), "The changes")],
};

static LIMITS: Shape = Shape {
    title: "`LimitChange`",
    needs: &[],
    keys: &[
        AGENT,
        Key::required("limits", Kind::Map(&agents::LIMITS), "The new ones; `{}` for none"),
    ],
};

static POLICY: Shape = Shape {
    title: "`PolicyChange`",
    needs: &[],
    keys: &[AGENT, Key::required("policy", policies::POLICY, "The new one")],
};
