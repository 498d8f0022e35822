# %% [markdown]
# # Writing a policy
#
# A policy is a tree of questions that ends in a decision about each payment. Here is one as a dict:
# it pays at once what its own money covers, waits with the rest, and goes on credit only for what
# is near its deadline. We check it, run it, and compare it with releasing everything.
#
# Pictures go to the folder that `PAYMENT_SIM_PICTURES` names, or to the working directory.

# %%
import json
import os
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import polars as pl

from payment_simulator import (
    Orchestrator,
    PolicyError,
    Run,
    Scenario,
    run_many,
    run_scenario,
    validate_policy,
)

SCENARIOS = Path(__file__).parents[2] / "scenarios"
PICTURES = Path(os.environ.get("PAYMENT_SIM_PICTURES", "."))


# %% [markdown]
# ## The tree
#
# A condition has a question and a branch for each answer; an action ends the way. Numbers that one
# may want to change are parameters. Every node has an id.


# %%
Part = dict[str, Any]


def condition(
    node_id: str, left: Part, op: str, right: Part, on_true: Part, on_false: Part
) -> Part:
    return {
        "type": "condition",
        "node_id": node_id,
        "condition": {"op": op, "left": left, "right": right},
        "on_true": on_true,
        "on_false": on_false,
    }


def action(node_id: str, name: str) -> Part:
    return {"type": "action", "node_id": node_id, "action": name}


def field(name: str) -> Part:
    return {"field": name}


# What was released in this tick already is no longer there.
own_money = {
    "compute": {"op": "-", "left": field("balance"), "right": field("value_released_this_tick")}
}
patient = {
    "version": "1",
    "policy_id": "patient",
    "description": "Pays from its own money; on credit only what is near its deadline.",
    "parameters": {"near": 2},
    "payment_tree": condition(
        "is_covered",
        own_money,
        ">=",
        field("amount"),
        action("pay", "Release"),
        condition(
            "is_near",
            field("ticks_to_deadline"),
            "<=",
            {"param": "near"},
            action("pay_on_credit", "ReleaseWithCredit"),
            action("wait", "Hold"),
        ),
    ),
}

# %% [markdown]
# ## Is it sound?
#
# `validate_policy` answers as JSON text. A fault is named with its place and, where one can be
# guessed, a remedy.

# %%
print(json.loads(validate_policy(json.dumps(patient)))["valid"])

faulty = json.loads(json.dumps(patient).replace("ticks_to_deadline", "tick_to_deadline"))
for fault in json.loads(validate_policy(json.dumps(faulty)))["errors"]:
    print(f"{fault['message']} ({fault['hint']})")

# %% [markdown]
# Everything that takes a policy checks it in the same way and refuses it with a `PolicyError` or,
# in a scenario, a `ScenarioError`.

# %%
scenario = Scenario(SCENARIOS / "policy_tutorial.yaml")
live = Orchestrator(scenario)
try:
    live.update_agent_policy("OST", faulty)
except PolicyError as error:
    print(len(error.diagnostics), "fault")

# %% [markdown]
# ## One day
#
# The scenario is that of the tutorial in `docs/policy.md`: OST opens with little and has a credit
# line, which costs. Decisions are traced.

# %%
policy = {"agents.OST.policy": {"type": "Inline", "decision_trees": patient}}
run = run_scenario(scenario, overrides=policy, trace_decisions=True)
at_once = run_scenario(scenario, policies={"OST": "fifo"})


def costs(run: Run) -> dict[str, float]:
    frame = pl.DataFrame(run.costs).filter(pl.col("agent_id").cast(pl.String) == "OST")
    return {kind: frame[kind].sum() / run.major for kind in ("liquidity_cost", "delay_cost")}


print("fifo   ", costs(at_once))
print("patient", costs(run))

# %% [markdown]
# ## What did it decide, and why?
#
# `decision_path` tells the way through the tree to each decision.

# %%
released = pl.DataFrame(run.events_of("RtgsSubmission")).select("sender_id", "decision_path")
held = pl.DataFrame(run.events_of("PolicyHold")).select("agent_id", "decision_path")
ways = pl.concat([released.rename({"sender_id": "agent_id"}), held])
of_ost = ways.filter(pl.col("agent_id").cast(pl.String) == "OST")
with pl.Config(fmt_str_lengths=80):
    print(of_ost.group_by("decision_path").len().sort("len", descending=True))

# %% [markdown]
# The balance of OST shows the difference: with the tree it goes below zero later and less often.

# %%
figure, axes = plt.subplots(figsize=(8, 4), layout="constrained")
for name, day, colour in (("fifo", at_once, "#D55E00"), ("patient", run, "#0072B2")):
    series = day.balances[:, day.agent_index("OST")] / day.major
    axes.step(range(len(series)), series, where="post", label=name, color=colour)
axes.axhline(0, color="#999999", linewidth=0.8)
axes.set_xlabel("tick")
axes.set_ylabel(f"balance of OST, {run.currency}")
axes.legend(frameon=False)
figure.savefig(PICTURES / "policy_balances.png")

# %% [markdown]
# ## One day proves little
#
# The same comparison over 100 seeds, with several values of `near`. `params` of an agent sets
# parameters of the policy that it follows.

# %%
settings = {"fifo": {"agents.OST.policy": {"type": "Fifo"}}}
for near in (0, 1, 2, 4, 8, 16):
    settings[f"near {near}"] = policy | {"agents.OST.params": {"near": near}}
table = pl.DataFrame(
    run_many(scenario, seeds=100, overrides=settings, by_agent=True, progress=False)
)
means = (
    table.filter(pl.col("agent_id").cast(pl.String) == "OST")
    .group_by("overrides", maintain_order=True)
    .agg(pl.col("liquidity_cost", "delay_cost", "penalty_cost").mean() / run.major)
)
print(means)

# %%
figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
names = means["overrides"].cast(pl.String).to_list()
bottom = [0.0] * len(names)
KINDS = (
    ("liquidity_cost", "overdraft", "#0072B2"),
    ("delay_cost", "delay", "#D55E00"),
    ("penalty_cost", "penalties", "#CC79A7"),
)
for kind, label, colour in KINDS:
    heights = means[kind].to_list()
    axes.bar(names, heights, bottom=bottom, label=label, color=colour)
    bottom = [base + height for base, height in zip(bottom, heights, strict=True)]
axes.set_ylabel(f"costs of OST, {run.currency} a day in the mean")
axes.legend(frameon=False)
figure.savefig(PICTURES / "policy_costs.png")
