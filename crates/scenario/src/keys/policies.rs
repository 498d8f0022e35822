//! How policies are given, and what they may be made of.

use crate::shape::{AMOUNT, COUNT, Case, Key, Kind, MINOR, POSITIVE, SUM, Shape};

/// A policy.
pub(crate) const POLICY: Kind = Kind::Variant { tag: "type", cases: &POLICIES };

/// The ways to give one.
pub(crate) static POLICIES: [Case; 11] = [
    Case::word("Fifo", "releases everything at once"),
    Case::word("Hold", "releases nothing"),
    Case::with(
        "Deadline",
        &DEADLINE,
        "releases what is near its deadline: `deadline` of the library",
    ),
    Case::with("LiquidityAware", &LIQUIDITY_AWARE, "keeps a buffer: `liquidity_aware`"),
    Case::with(
        "LiquiditySplitting",
        &LIQUIDITY_SPLITTING,
        "splits what it cannot pay: `liquidity_splitting`",
    ),
    Case::with("MockSplitting", &MOCK_SPLITTING, "splits everything: `mock_splitting`"),
    Case::with(
        "MockStaggerSplit",
        &MOCK_STAGGER_SPLIT,
        "splits everything and releases the parts one by one: `mock_stagger_split`",
    ),
    Case::with("FromJson", &FROM_JSON, "a document in a file, or as text"),
    Case::with("Inline", &INLINE, "a document in the scenario"),
    Case::with("InlineJson", &INLINE_JSON, "a document as JSON text"),
    Case::with("Library", &LIBRARY, "a document that comes with the program"),
];

/// The numbers in place of those of a document.
pub(super) const PARAMS: Key = Key::optional(
    "params",
    Kind::ByName { names: "parameter", of: &Kind::Real },
    "those of the document",
    "Values in place of those under `parameters` of the document, by name; the ranges of the keys \
     beside it do not bind them",
);

const AS_WRITTEN: &str = "as its document says";
const PARTS: Kind = Kind::Int { min: 2, max: 10 };

const URGENCY: Key = Key::optional(
    "urgency_threshold",
    POSITIVE,
    AS_WRITTEN,
    "Ticks before its deadline at which a payment becomes urgent",
)
.unit("ticks");

static DEADLINE: Shape = Shape { title: "`Deadline`", needs: &[], keys: &[URGENCY, PARAMS] };

static LIQUIDITY_AWARE: Shape = Shape {
    title: "`LiquidityAware`",
    needs: &[],
    keys: &[
        Key::optional("target_buffer", AMOUNT, AS_WRITTEN, "Balance that it keeps").unit(MINOR),
        URGENCY,
        PARAMS,
    ],
};

static LIQUIDITY_SPLITTING: Shape = Shape {
    title: "`LiquiditySplitting`",
    needs: &[],
    keys: &[
        Key::optional("max_splits", PARTS, AS_WRITTEN, "Most parts of a payment").unit("parts"),
        Key::optional("min_split_amount", SUM, AS_WRITTEN, "Least amount of a part").unit(MINOR),
        PARAMS,
    ],
};

const NUM_SPLITS: Key =
    Key::optional("num_splits", PARTS, AS_WRITTEN, "Parts of a payment").unit("parts");

static MOCK_SPLITTING: Shape =
    Shape { title: "`MockSplitting`", needs: &[], keys: &[NUM_SPLITS, PARAMS] };

static MOCK_STAGGER_SPLIT: Shape = Shape {
    title: "`MockStaggerSplit`",
    needs: &[],
    keys: &[
        NUM_SPLITS,
        Key::optional(
            "stagger_first_now",
            Kind::Int { min: 0, max: 10 },
            AS_WRITTEN,
            "Parts that are released at once",
        )
        .unit("parts"),
        Key::optional("stagger_gap_ticks", COUNT, AS_WRITTEN, "From one of the others to the next")
            .unit("ticks"),
        Key::optional(
            "priority_boost_children",
            Kind::Int { min: 0, max: 10 },
            AS_WRITTEN,
            "What is added to the parts' priority, up to 10",
        ),
        PARAMS,
    ],
};

const PREDECESSOR: Key = Key::with_default(
    "predecessor",
    Kind::Bool,
    "false",
    "Whether what the predecessor took no notice of in a document is a warning only",
);

static FROM_JSON: Shape = Shape {
    title: "`FromJson`",
    needs: &["json_path", "json"],
    keys: &[
        Key::optional("json_path", Kind::Name, "none", "The file, relative to the scenario"),
        Key::optional("json", Kind::Text, "none", "The document itself, in place of a file"),
        PARAMS,
        PREDECESSOR,
    ],
};

static INLINE: Shape = Shape {
    title: "`Inline`",
    needs: &[],
    keys: &[
        Key::required(
            "decision_trees",
            Kind::Document,
            "The document, with `version` and `policy_id`; operators such as `\">=\"` in quotes",
        ),
        PARAMS,
        PREDECESSOR,
    ],
};

static INLINE_JSON: Shape = Shape {
    title: "`InlineJson`",
    needs: &[],
    keys: &[Key::required("json_string", Kind::Text, "The document"), PARAMS, PREDECESSOR],
};

static LIBRARY: Shape = Shape {
    title: "`Library`",
    needs: &[],
    keys: &[Key::required("name", Kind::LibraryPolicy, "Policy of the library"), PARAMS],
};

/// A point of the throughput guideline.
const BY_WHEN: &str =
    "By when: what settles before this tick counts, so the close cannot be asked for";

pub(super) static GUIDELINE_POINT: Shape = Shape {
    title: "a point of `throughput_guideline`",
    needs: &["tick_in_day", "time"],
    keys: &[
        Key::optional("tick_in_day", crate::shape::TICKS, "as `time` says", BY_WHEN)
            .unit("tick of the day"),
        Key::optional("time", Kind::Clock, "none", "By when, in place of a tick")
            .unit("time of day"),
        Key::required(
            "fraction",
            Kind::Fraction,
            "Share of the day's value that is to have settled by then",
        ),
    ],
};

/// What policies may be made of.
pub(super) static FEATURES: Shape = Shape {
    title: "`policy_feature_toggles`",
    needs: &["include", "exclude"],
    keys: &[
        Key::optional(
            "include",
            Kind::List { of: &CATEGORY, least: 1 },
            "all",
            "The only ones allowed; `ValueType`, `NodeType` and `TreeType` always are",
        ),
        Key::optional(
            "exclude",
            Kind::List { of: &CATEGORY, least: 0 },
            "none",
            "Those not allowed; exclusive with `include`",
        ),
    ],
};

const CATEGORY: Kind = Kind::Choice(&CATEGORIES);

/// Kinds of things that policies are made of.
static CATEGORIES: [Case; 25] = [
    Case::word("ComparisonOperator", "`==`, `!=`, `<`, `<=`, `>`, `>=`"),
    Case::word("LogicalOperator", "`and`, `or`, `not`"),
    Case::word("BinaryArithmetic", "`+`, `-`, `*`, `/`"),
    Case::word("NaryArithmetic", "`max`, `min`"),
    Case::word("UnaryMath", "`ceil`, `floor`, `round`, `abs`"),
    Case::word("TernaryMath", "`clamp`, `div0`"),
    Case::word("ValueType", "any number: a literal, a field, a parameter or a computation"),
    Case::word("PaymentAction", "actions on payments, but for those on queue 2"),
    Case::word("BankAction", "actions of bank trees"),
    Case::word("CollateralAction", "actions of collateral trees"),
    Case::word("RtgsAction", "actions on payments in queue 2"),
    Case::word("TransactionField", "fields of the payment that is decided on"),
    Case::word("AgentField", "fields of the bank's balance and credit"),
    Case::word("QueueField", "fields of queue 1 and of what is released from it"),
    Case::word("CollateralField", "fields of collateral and of the liquidity pool"),
    Case::word("CostField", "fields of what things cost"),
    Case::word("TimeField", "fields of the clock"),
    Case::word("LsmField", "fields of counterparties and of liquidity saving"),
    Case::word("ThroughputField", "fields of what was paid and received"),
    Case::word("StateRegisterField", "registers"),
    Case::word("SystemField", "fields of queue 2 and of the system"),
    Case::word("LimitField", "fields of limits"),
    Case::word("DerivedField", "nothing: kept for files of the predecessor"),
    Case::word("NodeType", "any node"),
    Case::word("TreeType", "any tree"),
];
