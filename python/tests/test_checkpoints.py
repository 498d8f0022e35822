"""Live runs that are saved, go on in another process, and are branched off."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from payment_simulator import (
    BranchError,
    CheckpointError,
    Orchestrator,
    Run,
    ScenarioError,
)

SIMULATION = {"ticks_per_day": 12, "num_days": 2, "rng_seed": 5}
CONFIG = {
    "simulation": SIMULATION,
    "cost_rates": {"eod_penalty": 100, "delay_cost_per_tick_per_cent": 0.001},
    "agents": [
        {
            "id": name,
            "opening_balance": 40_000,
            "arrival_config": {
                "rate_per_tick": 1.5,
                "amount_distribution": {"type": "Uniform", "min": 1_000, "max": 30_000},
                "deadline_range": [2, 9],
            },
        }
        for name in ("A", "B", "C")
    ],
}


def test_a_run_goes_on_from_its_bytes_with_calls_that_wait() -> None:
    live = Orchestrator(CONFIG)
    live.run(until=7)
    live.submit_transaction("A", "B", 12_345, 20)
    data = live.checkpoint()
    again = Orchestrator.restore(CONFIG, data)
    assert again.current_tick() == 7
    assert again.queues() == live.queues()
    assert again.balances() == live.balances()
    live.run()
    again.run()
    assert Run.of(again).stream_hash == Run.of(live).stream_hash
    assert again.costs() == live.costs()
    assert again.costs(0) == live.costs(0)
    assert again.checkpoint() == live.checkpoint()


def test_a_run_goes_on_in_another_process(tmp_path: Path) -> None:
    live = Orchestrator("scenarios/first_day.yaml")
    live.run(until=31)
    file = tmp_path / "run.checkpoint"
    file.write_bytes(live.checkpoint())
    program = (
        "import pathlib, sys\n"
        "from payment_simulator import Orchestrator, Run\n"
        "data = pathlib.Path(sys.argv[1]).read_bytes()\n"
        "run = Orchestrator.restore('scenarios/first_day.yaml', data)\n"
        "run.run()\n"
        "print(Run.of(run).stream_hash)\n"
    )
    call = [sys.executable, "-c", program, str(file)]
    told = subprocess.run(call, check=True, capture_output=True, text=True).stdout.strip()
    live.run()
    assert told == Run.of(live).stream_hash


def test_bytes_that_are_no_such_run_are_refused() -> None:
    live = Orchestrator(CONFIG)
    live.run(until=5)
    data = live.checkpoint()
    for wrong in (b"", b"x" * 100, data[:-1], data[: len(data) // 2], data + b"\0"):
        with pytest.raises(CheckpointError) as refused:
            Orchestrator.restore(CONFIG, wrong)
        assert refused.value.differences == ()
    for place in range(0, len(data), 97):
        changed = bytearray(data)
        changed[place] ^= 1
        with pytest.raises(CheckpointError):
            Orchestrator.restore(CONFIG, bytes(changed))
    other = {**CONFIG, "simulation": {**SIMULATION, "rng_seed": 6}}
    with pytest.raises(CheckpointError, match=r"simulation\.rng_seed") as refused:
        Orchestrator.restore(other, data)
    assert refused.value.differences == ("simulation.rng_seed",)
    with pytest.raises(ScenarioError):
        Orchestrator.restore({}, data)


def test_a_branch_goes_on_otherwise_and_leaves_the_run_alone() -> None:
    live = Orchestrator(CONFIG)
    live.run(until=9)
    before = live.checkpoint()
    same = live.branch()
    dear = live.branch(
        overrides={"cost_rates.eod_penalty": 5_000},
        policies={"A": "deadline"},
    )
    assert live.checkpoint() == before
    for run in (live, same, dear):
        run.run()
    assert Run.of(same).stream_hash == Run.of(live).stream_hash
    assert Run.of(dear).stream_hash != Run.of(live).stream_hash
    told = [event["event_type"] for event in dear.get_tick_events(9)]
    assert "ScenarioEventExecuted" in told
    assert "PolicyReplaced" in told


def test_a_branch_can_be_saved_and_branched_off_again() -> None:
    live = Orchestrator(CONFIG)
    live.run(until=4)
    wanted = {**CONFIG, "cost_rates": {"eod_penalty": 7_777}}
    branch = live.branch(wanted)
    branch.run(until=8)
    again = Orchestrator.restore(wanted, branch.checkpoint())
    twice = again.branch(overrides={"cost_rates.eod_penalty": 1})
    branch.run()
    again.run()
    twice.run()
    assert Run.of(again).stream_hash == Run.of(branch).stream_hash
    assert Run.of(twice).stream_hash != Run.of(branch).stream_hash


def test_a_branch_that_changes_too_much_is_refused() -> None:
    live = Orchestrator(CONFIG)
    live.run(until=4)
    with pytest.raises(BranchError) as refused:
        live.branch(overrides={"agents.A.opening_balance": 1, "simulation.num_days": 3})
    assert refused.value.differences == ("simulation.num_days", "agents.A.opening_balance")
    live.run()
    with pytest.raises(BranchError, match="the run is over"):
        live.branch()
