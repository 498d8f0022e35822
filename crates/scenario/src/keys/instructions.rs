//! What operators and banks ask for between ticks.

use super::events::MOMENT;
use super::payments::CLASS;
use super::{agents, policies};
use crate::shape::{AMOUNT, COUNT, Case, Key, Kind, MINOR, PRIORITY, SUM, Shape, TICKS};

/// Types of instructions.
pub(super) static INSTRUCTIONS: [Case; 9] = [
    instruction("SubmitTransaction", &SUBMISSION, "submits a payment to its sender's queue 1"),
    instruction("SetLimits", &LIMITS, "replaces an agent's limits"),
    instruction("UpdateAgentPolicy", &POLICY, "replaces an agent's policy"),
    instruction("PostCollateral", &POST, "posts collateral, as much as fits"),
    instruction("WithdrawCollateral", &WITHDRAW, "withdraws collateral that is not needed"),
    instruction("WithdrawFromRtgs", &WITHDRAWAL, "takes a payment out of queue 2"),
    instruction("ResubmitToRtgs", &RESUBMISSION, "gives a payment another declared class"),
    instruction("SetReleaseBudget", &BUDGET, "caps what an agent releases in this tick"),
    instruction("Decide", &DECISION, "decides about a payment in this tick, in place of a policy"),
];

const fn instruction(name: &'static str, shape: &'static Shape, doc: &'static str) -> Case {
    Case::with(name, shape, doc).also(&AT)
}

/// When an instruction is carried out.
static AT: Shape =
    Shape { title: "the time of an instruction", needs: MOMENT.needs, keys: MOMENT.keys };

const AGENT: Key = Key::required("agent", Kind::Name, "Agent that the instruction is about");
const PAYMENT: Key = Key::required(
    "payment",
    Kind::Name,
    "Payment that is meant: the id it was given, or `tx-{number}`",
);
const NEW_CLASS: Key = Key::required("rtgs_priority", CLASS, "The declared class");
const REASON: Key = Key::optional("reason", Kind::Text, "none", "Why, in free words");

static SUBMISSION: Shape = Shape {
    title: "`SubmitTransaction`",
    needs: &[],
    keys: &[
        Key::optional("id", Kind::Name, "`tx-{number}`", "Its name, unique in the run"),
        Key::required("sender", Kind::Name, "Who pays"),
        Key::required("receiver", Kind::Name, "Who is paid"),
        Key::required("amount", SUM, "How much").unit(MINOR),
        Key::optional(
            "deadline_tick",
            TICKS,
            "the last tick of the day",
            "Last tick on which it is on time, after the tick of submission; in the last tick of a \
             day also that tick",
        )
        .unit("tick of the run"),
        Key::optional(
            "earliest_tick",
            TICKS,
            "the tick of submission",
            "First tick on which it may settle",
        )
        .unit("tick of the run"),
        Key::with_default("priority", PRIORITY, "5", "Its priority"),
        Key::with_default("rtgs_priority", CLASS, "Normal", "Its declared class"),
        Key::optional("divisible", Kind::Bool, "may be split", "Whether it may be split"),
    ],
};

static LIMITS: Shape = Shape {
    title: "`SetLimits`",
    needs: &[],
    keys: &[
        AGENT,
        Key::required("limits", Kind::Map(&agents::LIMITS), "The new ones; `{}` for none"),
    ],
};

static POLICY: Shape = Shape {
    title: "`UpdateAgentPolicy`",
    needs: &[],
    keys: &[AGENT, Key::required("policy", policies::POLICY, "The new one")],
};

static POST: Shape = Shape {
    title: "`PostCollateral`",
    needs: &[],
    keys: &[
        AGENT,
        Key::required("amount", SUM, "How much, at nominal value").unit(MINOR),
        REASON,
        Key::optional(
            "auto_withdraw_after_ticks",
            COUNT,
            "it stays",
            "After how long a timer withdraws it again",
        )
        .unit("ticks"),
    ],
};

static WITHDRAW: Shape = Shape {
    title: "`WithdrawCollateral`",
    needs: &[],
    keys: &[AGENT, Key::required("amount", SUM, "How much, at nominal value").unit(MINOR), REASON],
};

static WITHDRAWAL: Shape = Shape { title: "`WithdrawFromRtgs`", needs: &[], keys: &[PAYMENT] };

static RESUBMISSION: Shape =
    Shape { title: "`ResubmitToRtgs`", needs: &[], keys: &[PAYMENT, NEW_CLASS] };

static BUDGET: Shape = Shape {
    title: "`SetReleaseBudget`",
    needs: &[],
    keys: &[
        AGENT,
        Key::required("max_value_to_release", AMOUNT, "For all receivers together").unit(MINOR),
        Key::optional(
            "focus_counterparties",
            Kind::List { of: &Kind::Name, least: 0 },
            "all, as with `[]`",
            "The only receivers that may be paid",
        ),
        Key::optional("max_per_counterparty", AMOUNT, "no cap", "For each receiver").unit(MINOR),
    ],
};

static DECISION: Shape = Shape {
    title: "`Decide`",
    needs: &[],
    keys: &[
        PAYMENT,
        Key::required(
            "actions",
            Kind::List { of: &Kind::Variant { tag: "action", cases: &ACTIONS }, least: 1 },
            "Any number of `Reprioritize`, then at most one other",
        ),
    ],
};

static ACTIONS: [Case; 8] = [
    Case::with("Release", &RELEASE, "releases it whole"),
    Case::word("Hold", "keeps it in queue 1"),
    Case::with("Reprioritize", &REPRIORITIZE, "changes its priority"),
    Case::with("Split", &SPLIT, "splits it into equal parts that are released at once")
        .aliases(&["PaceAndRelease"]),
    Case::with("StaggerSplit", &STAGGER, "splits it into equal parts, released one after another"),
    Case::word("Drop", "gives it up"),
    Case::word("WithdrawFromRtgs", "takes it out of queue 2"),
    Case::with("ResubmitToRtgs", &NEW_DECLARATION, "gives it another declared class in queue 2"),
];

static RELEASE: Shape = Shape {
    title: "`Release`",
    needs: &[],
    keys: &[
        Key::optional("rtgs_priority", CLASS, "as it was", "The declared class"),
        Key::optional("priority", PRIORITY, "as it was", "The priority it gets"),
        Key::optional("timed_for_tick", TICKS, "at once", "Tick before which it is held instead")
            .unit("tick of the run"),
    ],
};

static REPRIORITIZE: Shape = Shape {
    title: "`Reprioritize`",
    needs: &[],
    keys: &[Key::required("new_priority", PRIORITY, "The new one")],
};

const PARTS: Key = Key::required(
    "num_splits",
    Kind::Int { min: 2, max: u32::MAX as i128 },
    "Number of parts; with more than `max_splits` it is held",
);

static SPLIT: Shape = Shape { title: "`Split`", needs: &[], keys: &[PARTS] };

static STAGGER: Shape = Shape {
    title: "`StaggerSplit`",
    needs: &[],
    keys: &[
        PARTS,
        Key::required("stagger_first_now", TICKS, "Number of parts that are released at once"),
        Key::required("stagger_gap_ticks", COUNT, "From one of the other parts to the next")
            .unit("ticks"),
        Key::required(
            "priority_boost_children",
            Kind::Int { min: 0, max: 255 },
            "What is added to the parts' priority, up to 10",
        ),
    ],
};

static NEW_DECLARATION: Shape = Shape { title: "`ResubmitToRtgs`", needs: &[], keys: &[NEW_CLASS] };
