"""Scenarios that the tests run, as plain dicts: each call makes a new one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import payment_simulator
from payment_simulator import Orchestrator, Run

PACKAGE = Path(payment_simulator.__file__).parent
REPOSITORY = Path(__file__).parents[2]

HOLD = {
    "version": "1.0",
    "policy_id": "mine",
    "payment_tree": {"type": "action", "node_id": "h", "action": "Hold"},
}
"""A policy that holds everything."""

TICK_KEYS = ("tick", "num_arrivals", "num_settlements", "num_lsm_releases", "total_cost")


def idle(ticks: int = 10, days: int = 1) -> dict[str, Any]:
    """Two banks that do nothing by themselves."""
    return {
        "simulation": {"ticks_per_day": ticks, "num_days": days, "rng_seed": 1},
        "agents": [
            {"id": "A", "opening_balance": 1_000},
            {"id": "B", "opening_balance": 500},
        ],
    }


def busy(ticks: int = 50, days: int = 2, seed: int = 11, rate: float = 0.8) -> dict[str, Any]:
    """Three banks with too little liquidity and payments of many kinds."""
    flow = {
        "rate_per_tick": rate,
        "amount_distribution": {"type": "LogNormal", "mean": 40_000, "std_dev": 60_000},
        "deadline_range": [3, 12],
        "priority_distribution": {"type": "Categorical", "values": [3, 5, 9], "weights": [2, 6, 1]},
    }
    return {
        "simulation": {"ticks_per_day": ticks, "num_days": days, "rng_seed": seed},
        "currency": "EUR",
        "lsm_config": {},
        "agents": [
            {"id": "A", "opening_balance": 90_000, "unsecured_cap": 30_000, "arrival_config": flow},
            {"id": "B", "opening_balance": 40_000, "arrival_config": flow},
            {"id": "C", "opening_balance": 20_000, "arrival_config": flow},
        ],
        "cost_rates": {"overdraft_bps_per_tick": 5, "delay_cost_per_tick_per_cent": 0.001},
    }


def flat(ticks: int = 20, days: int = 2, seed: int = 7) -> dict[str, Any]:
    """The dict that the predecessor took."""
    flow = {
        "rate_per_tick": 0.6,
        "amount_distribution": {"type": "Uniform", "min": 1_000, "max": 50_000},
        "counterparty_weights": {},
        "deadline_range": [2, 8],
        "priority": 5,
        "divisible": False,
    }
    return {
        "ticks_per_day": ticks,
        "num_days": days,
        "rng_seed": seed,
        "agent_configs": [
            {
                "id": name,
                "opening_balance": 60_000,
                "unsecured_cap": 20_000,
                "policy": {"type": "Fifo"},
                "arrival_config": flow,
            }
            for name in ("BANK_A", "BANK_B")
        ],
        "cost_rates": {
            "overdraft_bps_per_tick": 0.001,
            "delay_cost_per_tick_per_cent": 0.0001,
            "eod_penalty_per_transaction": 10_000,
            "deadline_penalty": 50_000,
        },
        "lsm_config": {
            "enable_bilateral": True,
            "enable_cycles": True,
            "max_cycle_length": 4,
            "max_cycles_per_tick": 10,
        },
    }


def three() -> dict[str, Any]:
    """Three banks and round cost rates: what :func:`three_payments` does is worked out by hand.

    Each queued unit costs 0.1 a tick, 5 times as much once it is overdue; being late costs 7, being
    late in the evening 11 more.
    """
    return {
        "ticks_per_day": 4,
        "num_days": 2,
        "rng_seed": 1,
        "agents": [
            {
                "id": "A",
                "opening_balance": 1_000,
                "unsecured_cap": 500,
                "limits": {"bilateral_limits": {"B": 5_000}, "multilateral_limit": 9_000},
            },
            {"id": "B", "opening_balance": 200, "max_collateral_capacity": 10_000},
            {"id": "C", "opening_balance": 0},
        ],
        "cost_rates": {
            "overdraft_bps_per_tick": 0,
            "delay_cost_per_tick_per_cent": 0.1,
            "collateral_cost_per_tick_bps": 0,
            "deadline_penalty": 7,
            "eod_penalty": 11,
            "overdue_delay_multiplier": 5,
        },
    }


def three_payments() -> Orchestrator:
    """Submits A to B 700, which settles at once; B to C 1,000 and C to A 50, which do not."""
    live = Orchestrator(three())
    assert live.submit_transaction("A", "B", 700, 2) == "tx-0"
    assert live.submit_transaction("B", "C", 1_000, 3, priority=7) == "tx-1"
    assert live.submit_transaction("C", "A", 50, 2) == "tx-2"
    return live


def long_day(ticks: int = 20_000_000) -> dict[str, Any]:
    """More than can run while a test waits."""
    return idle(ticks) | {"agents": busy(rate=0.05)["agents"]}


def hash_of(live: Orchestrator) -> str:
    """Gives the hash over all events so far."""
    return Run.of(live).stream_hash


def assert_says(error: BaseException, text: str) -> None:
    """Checks what an exception says that is expected, but need not come."""
    assert text in str(error)


def assert_no_defect(error: BaseException) -> None:
    """Checks that an exception is a refusal, not a defect of the engine."""
    assert "internal" not in str(error)


def write(directory: Path, scenario: dict[str, Any], name: str = "scenario.json") -> Path:
    """Writes a scenario as a file."""
    path = directory / name
    path.write_text(json.dumps(scenario), encoding="utf-8")
    return path


def environment() -> dict[str, str]:
    """The environment of another process that imports this package."""
    inherited = os.environ.get("PYTHONPATH")
    paths = [str(PACKAGE.parent)] + ([inherited] if inherited else [])
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths)}


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs the ``payment-sim`` command."""
    return python("-m", "payment_simulator", *map(str, arguments))


def python(*arguments: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Runs another interpreter."""
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        env=environment(),
    )
