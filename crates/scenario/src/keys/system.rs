//! The top level: time, currency, randomness and how the system settles.

use psim_model::MAX_SPLITS;

use super::{agents, costs, events, instructions, payments, policies};
use crate::shape::{AMOUNT, COUNT, Case, Key, Kind, MINOR, NUMBER, SEED, Shape, TICKS};

/// The top level of a scenario file.
pub(crate) static ROOT: Shape = Shape {
    title: "a scenario",
    needs: &[],
    keys: &[
        Key::required(
            "simulation",
            Kind::Map(&SIMULATION),
            "Days, ticks and seed; these keys may also stand at the top level",
        ),
        Key::optional(
            "agents",
            Kind::Either(&[
                Kind::List { of: &Kind::Map(&agents::AGENT), least: 1 },
                Kind::Map(&agents::PARTICIPANT_FILE),
            ]),
            "the participants of `payments: {synth: ...}`; required without it",
            "The banks: a list, or a file with one row a bank",
        )
        .aliases(&["agent_configs"]),
        Key::optional(
            "payments",
            Kind::Either(&[Kind::Name, Kind::Map(&payments::PAYMENTS)]),
            "none",
            "Payments from data: a file name, a file with a column mapping, or a generated day",
        ),
        Key::optional(
            "opening_balances",
            Kind::Map(&OPENING_BALANCES),
            "each agent's own `opening_balance`",
            "Derives the opening balances from the payments",
        ),
        Key::optional(
            "cost_rates",
            Kind::Map(&costs::COSTS),
            "the defaults of its keys",
            "What liquidity, delay and lateness cost",
        ),
        Key::optional(
            "lsm_config",
            Kind::Map(&LSM),
            "no algorithm runs",
            "How queued payments settle together; without `preset` or `algorithms` in it, \
             `bilateral` and `cycles` run",
        ),
        Key::optional(
            "scenario_events",
            Kind::List { of: &Kind::Variant { tag: "type", cases: &events::EVENTS }, least: 0 },
            "none",
            "Scheduled shocks and other scenario events; of one tick, in the order of the list",
        ),
        Key::optional(
            "instructions",
            Kind::List {
                of: &Kind::Variant { tag: "type", cases: &instructions::INSTRUCTIONS },
                least: 0,
            },
            "none",
            "What operators and banks ask for before the first step of a tick; those of one tick \
             in the order of the list",
        ),
        Key::with_default("currency", Kind::Text, "''", "Name of the currency, for display only"),
        Key::with_default(
            "currency_decimals",
            Kind::Int { min: 0, max: 9 },
            "2",
            "Decimal places of the major unit, for display and for `amount_decimal`",
        ),
        Key::with_default(
            "rng_streams",
            Kind::Choice(&[
                Case::word("shared", "one stream of random numbers, drawn from in agent order"),
                Case::word("per_agent", "a stream for each agent, for paired experiments"),
            ]),
            "shared",
            "Where agents draw their random numbers from",
        ),
        Key::optional(
            "rate_profile",
            Kind::List { of: &Kind::Map(&PROFILE_WINDOW), least: 0 },
            "no shaping",
            "Shape of generated arrivals over the day; windows do not overlap",
        ),
        Key::with_default(
            "queue_discipline",
            Kind::Choice(&[
                Case::word("bypass", "each queued payment is tested by itself"),
                Case::word("fifo", "only a sender's first queued payment is tested"),
            ]),
            "bypass",
            "Whether a queued payment may overtake another of its sender",
        ),
        Key::optional(
            "entry_order",
            Kind::Choice(&[
                Case::word("agent", "as released, agent by agent"),
                Case::word("submission", "by payment number"),
            ]),
            "`submission` with `payments`, else `agent`",
            "In which order released payments are tested on entry",
        ),
        Key::with_default(
            "end_of_day",
            Kind::Choice(&[
                Case::word("carry", "unsettled payments keep their places over night"),
                Case::word("cancel", "unsettled payments are dropped"),
            ]),
            "carry",
            "What happens to unsettled payments at the end of a day",
        ),
        Key::optional(
            "cutoff_tick_in_day",
            Kind::Moment,
            "the last tick of the day",
            "Last tick of the day on which payments enter the system",
        )
        .unit("tick of the day or time"),
        Key::with_default(
            "deadline_cap_at_eod",
            Kind::Bool,
            "false",
            "Whether a deadline lies no later than the last tick of the arrival day",
        ),
        Key::with_default(
            "daily_liquidity_reallocation",
            Kind::Bool,
            "true",
            "Whether pools are returned each evening and brought in anew each morning",
        ),
        DEFERRED_CREDITING,
        Key::with_default(
            "queue1_ordering",
            Kind::Choice(&[
                Case::word("fifo", "in order of arrival").aliases(&["arrival", "Fifo", "FIFO"]),
                Case::word("priority_deadline", "by priority, then by deadline")
                    .aliases(&["PriorityDeadline", "priority-deadline"]),
            ]),
            "fifo",
            "Order in which an agent looks at its own queue",
        ),
        Key::with_default(
            "priority_mode",
            Kind::Bool,
            "false",
            "Whether queue 2 goes by declared class and priority band before entry",
        ),
        Key::optional(
            "priority_escalation",
            Kind::Map(&ESCALATION),
            "off",
            "How priorities rise as deadlines come near",
        ),
        Key::with_default(
            "priority_blocking",
            Kind::Bool,
            "false",
            "Whether a queued payment holds back its sender's payments of lower classes; only \
             with `priority_mode`",
        ),
        Key::with_default(
            "limits_basis",
            Kind::Choice(&[
                Case::word("gross", "what was paid today counts"),
                Case::word("net", "what was paid today less what was received counts"),
            ]),
            "gross",
            "How the use of limits is counted",
        ),
        Key::with_default(
            "limits_apply_to",
            Kind::Choice(&[
                Case::word("all", "to every payment"),
                Case::word("normal", "to payments of class Normal"),
            ]),
            "all",
            "Which payments limits bind and count",
        ),
        Key::optional(
            "reservations",
            Kind::Map(&agents::RESERVATIONS),
            "nothing is reserved",
            "Liquidity that each agent's payments of lower classes leave alone",
        ),
        Key::with_default(
            "algorithm_sequencing",
            Kind::Bool,
            "false",
            "Whether the algorithms start anew after each that settles something",
        ),
        Key::with_default(
            "entry_disposition_offsetting",
            Kind::Bool,
            "false",
            "Whether a payment that cannot settle on entry may offset one queued the other way",
        ),
        Key::with_default(
            "max_splits",
            Kind::Int { min: 2, max: MAX_SPLITS as i128 },
            "100",
            "Most parts of a split",
        )
        .unit("parts"),
        Key::optional(
            "policy",
            policies::POLICY,
            "`{type: Fifo}`",
            "How agents decide that have no `policy` of their own",
        ),
        Key::with_default(
            "eod_rush_threshold",
            Kind::Number { positive: false, max: 1.0 },
            "0.8",
            "Share of the day from which on policies see the end-of-day rush",
        ),
        Key::optional(
            "throughput_guideline",
            Kind::List { of: &Kind::Map(&policies::GUIDELINE_POINT), least: 0 },
            "the share of the day that has passed",
            "What policies read as the share that should have settled by now: straight lines from \
             nothing at the day's start through these points, then level; ascending",
        ),
        Key::with_default(
            "trace_decisions",
            Kind::Bool,
            "false",
            "Records with each decision the way through its tree, and holds in every tick; \
             `--trace-decisions` does too",
        ),
        Key::optional(
            "collateral",
            Kind::Map(&COLLATERAL),
            "the defaults of its keys",
            "When posted collateral may be withdrawn",
        ),
        Key::optional(
            "policy_feature_toggles",
            Kind::Map(&policies::FEATURES),
            "all are allowed",
            "Language elements that policies may use; policies of the library are exempt",
        ),
        Key::optional(
            "cost_feature_toggles",
            Kind::Anything,
            "none",
            "No effect: it filtered a list that the predecessor printed; delete it",
        ),
    ],
};

const DEFERRED_CREDITING: Key = Key::with_default(
    "deferred_crediting",
    Kind::Bool,
    "false",
    "Whether receipts are credited at the end of the tick and can be used from the next one only",
);

/// Time and seed.
pub(crate) static SIMULATION: Shape = Shape {
    title: "`simulation`",
    needs: &[],
    keys: &[
        Key::required("ticks_per_day", COUNT, "Length of a day").unit("ticks"),
        Key::required("num_days", COUNT, "Length of the run").unit("days"),
        Key::optional(
            "rng_seed",
            SEED,
            "0; required where arrivals or a synthetic day without a `seed` are drawn",
            "Seed of all random draws; `--seed` replaces it",
        ),
        Key::optional("opens_at", Kind::Clock, "ticks have no clock time", "When tick 0 begins")
            .unit("time of day"),
        Key::optional("tick_seconds", COUNT, "60 with `opens_at`", "Length of a tick")
            .unit("seconds"),
    ],
};

/// A window of the rate profile.
pub(crate) static PROFILE_WINDOW: Shape = Shape {
    title: "a window of `rate_profile`",
    needs: &[],
    keys: &[
        Key::required("from", Kind::Moment, "Where it begins").unit("tick of the day or time"),
        Key::required("to", Kind::Moment, "Where it ends, itself not included")
            .unit("tick of the day or time"),
        Key::required("factor", NUMBER, "What rates are multiplied by"),
    ],
};

static OPENING_BALANCES: Shape = Shape {
    title: "`opening_balances`",
    needs: &[],
    keys: &[Key::required(
        "bounds",
        Kind::Fraction,
        "Position between each agent's lower (0) and upper (1) liquidity bound, over all payments \
         of the run; rounded down",
    )],
};

/// How queued payments settle together.
static LSM: Shape = Shape {
    title: "`lsm_config`",
    needs: &[],
    keys: &[
        Key::optional(
            "preset",
            Kind::Choice(&[
                Case::word("plain", "no saving: single payments, strictly in order"),
                Case::word(
                    "t2",
                    "the euro area's TARGET2: offsetting on entry, all or nothing, partial, \
                     pairs by smallest difference, anew after each success (TARGET2 Guideline \
                     ECB/2012/27, Annex II, Appendix I; UDFS book 1)",
                ),
                Case::word(
                    "rits",
                    "Australia's RITS: pairs of up to ten payments each, after a minute, rounded \
                     up to whole ticks (RBA RDP 2012-05)",
                ),
                Case::word(
                    "chaps",
                    "the United Kingdom's CHAPS: pairs, then gridlock resolution, every two \
                     minutes, rounded up to whole ticks (Bank of England Quarterly \
                     Bulletin 2014 Q2)",
                ),
                Case::word(
                    "lynx",
                    "Canada's Lynx: offsetting on entry and pairs at any time, gridlock resolution \
                     every quarter of an hour, rounded up to whole ticks (Bank of Canada SDP \
                     2020-9, SDP 2022-3)",
                ),
            ]),
            "none",
            "Algorithms, order, intervals, discipline and limits near to a real system; a warning \
             says what it leaves out, and keys that contradict it are refused; without \
             `tick_seconds` a tick counts as a minute",
        ),
        ENABLE_BILATERAL,
        ENABLE_CYCLES,
        MAX_CYCLE_LENGTH,
        MAX_CYCLES_PER_TICK,
        Key::optional(
            "algorithms",
            Kind::List { of: &ALGORITHM, least: 0 },
            "`bilateral` and `cycles`, as enabled",
            "Algorithms in order, each once",
        ),
        Key::with_default("run_every_ticks", COUNT, "1", "Run every N ticks of the day")
            .unit("ticks"),
        Key::optional(
            "max_steps",
            COUNT,
            "no bound",
            "Most steps of a run of an algorithm: pairs and cycles tested, payments left out",
        )
        .unit("steps"),
        Key::with_default("max_rounds", COUNT, "1000", "Most passes through the list in a tick"),
    ],
};

const ALGORITHM: Kind =
    Kind::Either(&[Kind::Choice(&ALGORITHMS), Kind::Variant { tag: "name", cases: &ALGORITHMS }]);

static ALGORITHMS: [Case; 6] = [
    algorithm("bilateral", &BILATERAL, "pairs of agents that owe each other"),
    algorithm("cycles", &CYCLES, "cycles of agents of which each owes the next"),
    algorithm(
        "gridlock_resolution",
        &EVERY,
        "the most that can settle together when each agent's payments settle in order",
    ),
    algorithm("partial", &EVERY, "all that is queued less what breaks limits, then liquidity"),
    algorithm("all_or_nothing", &EVERY, "all that is queued, or nothing"),
    algorithm("retry", &EVERY, "each payment by itself, once more"),
];

const fn algorithm(name: &'static str, shape: &'static Shape, doc: &'static str) -> Case {
    Case::with(name, shape, doc)
}

const EVERY_TICKS: Key =
    Key::with_default("every", COUNT, "1", "Run every N ticks of the day").unit("ticks");

static EVERY: Shape = Shape { title: "an algorithm", needs: &[], keys: &[EVERY_TICKS] };

static BILATERAL: Shape = Shape {
    title: "`bilateral`",
    needs: &[],
    keys: &[
        EVERY_TICKS,
        Key::with_default(
            "order",
            Kind::Choice(&[
                Case::word("largest_offset", "pairs whose smaller sum is largest first"),
                Case::word("smallest_difference", "pairs whose sums differ least first"),
            ]),
            "largest_offset",
            "Which pairs come first",
        ),
        Key::optional("max_opposing", COUNT, "no bound", "Most payments that each side brings in")
            .unit("payments"),
        Key::with_default(
            "min_queue_ticks",
            TICKS,
            "0",
            "How long a payment must have been queued",
        )
        .unit("ticks"),
    ],
};

static CYCLES: Shape = Shape {
    title: "`cycles`",
    needs: &[],
    keys: &[EVERY_TICKS, MAX_CYCLE_LENGTH.inherited(), MAX_CYCLES_PER_TICK.inherited()],
};

const MAX_CYCLE_LENGTH: Key = Key::with_default(
    "max_cycle_length",
    Kind::Int { min: 3, max: 10 },
    "4",
    "Longest cycle; each agent more multiplies the cycles of a dense queue, which `max_steps` \
         can bound",
)
.unit("agents");

const MAX_CYCLES_PER_TICK: Key = Key::with_default(
    "max_cycles_per_tick",
    Kind::Int { min: 1, max: 100 },
    "10",
    "Most cycles settled in a tick",
);

/// Changes of liquidity saving.
pub(super) static LSM_CHANGE: Shape = Shape {
    title: "a change of liquidity saving",
    needs: &["enable_bilateral", "enable_cycles"],
    keys: &[ENABLE_BILATERAL.changed(), ENABLE_CYCLES.changed()],
};

const ENABLE_BILATERAL: Key =
    Key::with_default("enable_bilateral", Kind::Bool, "true", "Offsets pairs of agents");

const ENABLE_CYCLES: Key =
    Key::with_default("enable_cycles", Kind::Bool, "true", "Offsets cycles of agents");

static ESCALATION: Shape = Shape {
    title: "`priority_escalation`",
    needs: &[],
    keys: &[
        Key::with_default(
            "enabled",
            Kind::Bool,
            "false",
            "Whether priorities rise; otherwise the other keys have no effect",
        ),
        Key::with_default(
            "curve",
            Kind::Choice(&[
                Case::word("linear", "evenly"),
                Case::word("exponential", "late and steeply"),
                Case::word("step", "in three steps"),
            ]),
            "linear",
            "How they rise",
        ),
        Key::with_default(
            "start_escalating_at_ticks",
            TICKS,
            "20",
            "How long before the deadline they begin to rise",
        )
        .unit("ticks"),
        Key::with_default(
            "max_boost",
            Kind::Int { min: 0, max: 10 },
            "3",
            "What is added at the deadline",
        ),
    ],
};

/// When posted collateral may be withdrawn.
pub(crate) static COLLATERAL: Shape = Shape {
    title: "`collateral`",
    needs: &[],
    keys: &[
        Key::with_default(
            "holding_period_ticks",
            TICKS,
            "5",
            "Shortest time from the last posting to a withdrawal that is asked for",
        )
        .unit("ticks"),
        Key::with_default(
            "timer_buffer",
            AMOUNT,
            "100",
            "Credit that a timer leaves unused when it withdraws",
        )
        .unit(MINOR),
    ],
};
