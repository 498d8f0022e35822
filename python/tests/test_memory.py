"""Memory is given back, and what cannot be carried to another process says so."""

from __future__ import annotations

import copy
import gc
import json
import os
import pickle
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from payment_simulator import (
    Orchestrator,
    Run,
    Scenario,
    ScenarioError,
    SimulationError,
    run_many,
    run_scenario,
)

from . import worlds

MOST_GROWTH = 4_000_000
"""Bytes by which a process may grow in thousands of calls: what the allocator keeps."""


def resident() -> int:
    statm = Path("/proc/self/statm")
    if not statm.exists():
        pytest.skip("this system does not tell the size of a process in /proc")
    return int(statm.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def growth(work: Callable[[], Any], times: int, warm_up: int) -> int:
    """By how much the process grows over so many calls."""
    for _ in range(warm_up):
        work()
    gc.collect()
    before = resident()
    for _ in range(times):
        work()
    gc.collect()
    return resident() - before


def used() -> None:
    live = Orchestrator(SCENARIO)
    live.submit_transaction("A", "B", 5, 3)
    live.tick()
    live.events()
    live.queues()


SCENARIO = Scenario(worlds.idle(ticks=4))
BUSY = Scenario(worlds.busy(ticks=10))
RUN = run_scenario(BUSY)


def refused() -> None:
    live = Orchestrator(SCENARIO)
    for call in (
        lambda: live.submit_transaction("A", "A", 1, 1),
        lambda: live.get_agent_state("Z"),
        lambda: live.update_agent_policy("A", "{"),
        lambda: Scenario({"agents": 5}),
        live._fail,
    ):
        try:
            call()
        except (SimulationError, ValueError):
            continue
        raise AssertionError("it was to be refused")


def seen() -> None:
    run = Run(RUN._core)
    run.events.to_dict()
    for _ in range(5):
        run.agents_by_tick.__arrow_c_stream__()
    repr(run.summary)


LEAKS: dict[str, tuple[Callable[[], Any], int]] = {
    "orchestrators of a dict": (lambda: Orchestrator(worlds.idle(ticks=4)).tick(), 10_000),
    "orchestrators that were used": (used, 2_000),
    "orchestrators that refused": (refused, 1_000),
    "scenarios": (lambda: repr(Scenario(worlds.busy())), 1_000),
    "runs": (lambda: run_scenario(BUSY).balances, 1_000),
    "tables": (seen, 200),
    "streams": (lambda: RUN.events.__arrow_c_stream__(), 20_000),
    "many runs": (lambda: run_many(BUSY, seeds=3, threads=2).to_dict(), 200),
    "pickles": (lambda: pickle.loads(pickle.dumps(SCENARIO)), 1_000),
}


@pytest.mark.parametrize("name", LEAKS)
def test_nothing_leaks(name: str) -> None:
    work, times = LEAKS[name]
    grown = growth(work, times, warm_up=max(50, times // 10))
    assert grown < MOST_GROWTH, f"{times:,} {name} cost {grown:,} bytes"


def test_tables_in_other_packages_do_not_leak() -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    grown = growth(lambda: pyarrow.table(RUN.events), 1_000, warm_up=200)
    assert grown < MOST_GROWTH


def test_references_are_given_back() -> None:
    config = worlds.idle(ticks=4)
    names = [config, config["agents"], config["agents"][0], "A", None]
    before = [sys.getrefcount(it) for it in names[:3]]
    for _ in range(100):
        Orchestrator(config).tick()
        Scenario(config)
        Orchestrator(config).update_agent_policy("A", worlds.HOLD)
    assert [sys.getrefcount(it) for it in names[:3]] == before


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(worlds.busy()),
        Scenario(worlds.busy(), seed=3, policies="deadline"),
        Scenario(worlds.three(), overrides={"agents.A.opening_balance": 5}, trace_decisions=True),
        Scenario(worlds.REPOSITORY / "scenarios" / "first_day.yaml"),
    ],
    ids=["dict", "policies", "overrides", "file"],
)
def test_scenarios_are_pickled(protocol: int, scenario: Scenario) -> None:
    again = pickle.loads(pickle.dumps(scenario, protocol))
    assert type(again) is Scenario
    assert again == scenario
    assert hash(again) == hash(scenario)
    assert (again.text, again.source, again.seed) == (scenario.text, scenario.source, scenario.seed)
    assert repr(again) == repr(scenario)
    assert run_scenario(again).stream_hash == run_scenario(scenario).stream_hash


def test_a_pickled_scenario_knows_what_was_changed(tmp_path: Path) -> None:
    changed = Scenario(worlds.busy(), seed=7, overrides={"cost_rates.eod_penalty": 77})
    for name, scenario in (("here", changed), ("there", pickle.loads(pickle.dumps(changed)))):
        run_scenario(scenario, persist=tmp_path / "runs.db", simulation_id=name)
    with sqlite3.connect(tmp_path / "runs.db") as db:
        here, there = db.execute("SELECT overrides FROM runs ORDER BY simulation_id").fetchall()
    assert here == there
    for name, scenario in (("a", changed), ("b", pickle.loads(pickle.dumps(changed)))):
        again = Scenario(scenario, seed=8)
        run_scenario(again, persist=tmp_path / "again.db", simulation_id=name)
    with sqlite3.connect(tmp_path / "again.db") as db:
        one, other = db.execute("SELECT overrides FROM runs ORDER BY simulation_id").fetchall()
    assert sorted(json.loads(one[0])) == sorted(json.loads(other[0]))
    assert "cost_rates.eod_penalty=77" in here[0]


def test_a_pickled_scenario_takes_another_seed_and_nothing_else() -> None:
    scenario = Scenario(worlds.busy())
    again = pickle.loads(pickle.dumps(scenario))
    assert Scenario(again, seed=5) == Scenario(scenario, seed=5)
    assert run_many(again, seeds=2).to_dict() == run_many(scenario, seeds=2).to_dict()
    with pytest.raises(ScenarioError, match="was pickled"):
        Scenario(again, overrides={"agents.A.opening_balance": 5})
    with pytest.raises(ScenarioError, match="was pickled"):
        Scenario(again, policies="deadline")


def test_scenarios_are_copied() -> None:
    scenario = Scenario(worlds.busy())
    assert copy.copy(scenario) == scenario
    assert copy.deepcopy({"it": scenario}) == {"it": scenario}


def hash_of(scenario: Scenario) -> str:
    return run_scenario(scenario).stream_hash


def test_scenarios_go_to_other_processes() -> None:
    scenarios = [Scenario(worlds.busy(), seed=seed) for seed in (1, 2)]
    program = "\n".join(
        [
            "import pickle, sys",
            "from payment_simulator import run_scenario",
            "for scenario in pickle.load(sys.stdin.buffer):",
            "    print(run_scenario(scenario).stream_hash)",
        ]
    )
    told = subprocess.run(
        [sys.executable, "-c", program],
        input=pickle.dumps(scenarios),
        capture_output=True,
        timeout=60,
        check=True,
        env=worlds.environment(),
    )
    assert told.stdout.decode().split() == [hash_of(scenario) for scenario in scenarios]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_forked_processes_run_what_they_were_given() -> None:
    told = worlds.python("-c", FORKED)
    assert told.returncode == 0, told.stderr
    assert told.stdout.split() == [hash_of(Scenario(worlds.idle()))] * 2


FORKED = f"""
import os, warnings
from payment_simulator import Scenario, run_scenario, run_many
scenario = Scenario({worlds.idle()!r})
run_many(scenario, seeds=4, threads=2)
reader, writer = os.pipe()
if os.fork() == 0:
    run_many(scenario, seeds=4, threads=2)
    os.write(writer, run_scenario(scenario).stream_hash.encode())
    os._exit(0)
os.wait()
print(os.read(reader, 64).decode(), run_scenario(scenario).stream_hash)
"""


ALIVE = pytest.mark.parametrize(
    "thing",
    [Orchestrator(SCENARIO), RUN.events, RUN._core, RUN],
    ids=["live", "frame", "core", "run"],
)


@ALIVE
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_what_is_alive_cannot_be_pickled(thing: Any, protocol: int) -> None:
    with pytest.raises(TypeError, match="pickle"):
        pickle.dumps(thing, protocol)


@ALIVE
@pytest.mark.parametrize("protocol", [0, 1])
def test_old_forms_of_pickles_bring_nothing_back(thing: Any, protocol: int) -> None:
    with pytest.raises(TypeError):
        pickle.loads(pickle.dumps(thing, protocol))


@pytest.mark.parametrize("thing", [RUN.events, RUN._core, RUN], ids=["frame", "core", "run"])
def test_old_forms_of_pickles_are_refused_when_they_are_made(thing: Any) -> None:
    with pytest.raises(TypeError, match="pickle"):
        pickle.dumps(thing, 0)


@ALIVE
def test_what_is_alive_cannot_be_copied(thing: Any) -> None:
    with pytest.raises(TypeError, match="pickle"):
        copy.deepcopy(thing)


def test_a_large_table_goes_when_its_last_reader_does() -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    gc.collect()
    before = resident()
    for _ in range(3):
        run = run_scenario(worlds.long_day(), ticks=30_000)
        table = pyarrow.table(run.agents_by_tick)
        assert len(table) == 90_000
        del run
        assert table["balance"].chunk(0)[0].as_py() is not None
        del table
        gc.collect()
    assert resident() - before < 150_000_000
