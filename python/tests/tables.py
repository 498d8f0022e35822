"""The tables of a run, by name."""

from __future__ import annotations

from payment_simulator import Frame, Run

FRAMES = ("events", "transactions", "agents_by_tick", "ticks", "pairs", "costs")

COSTS = (
    "liquidity_cost",
    "delay_cost",
    "collateral_cost",
    "penalty_cost",
    "split_friction_cost",
    "liquidity_opportunity_cost",
)


def frame(run: Run, name: str) -> Frame:
    made = getattr(run, name)
    assert type(made) is Frame
    return made
