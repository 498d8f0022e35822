"""Threads, Ctrl-C, and calls that come in the middle of others."""

from __future__ import annotations

import gc
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from payment_simulator import (
    AgentNotFoundError,
    Orchestrator,
    Run,
    Scenario,
    SimulationError,
    _core,
    open_run,
    run_many,
    run_scenario,
    stored_runs,
)

from . import worlds
from .answers import QUESTIONS

INTERRUPT_SECONDS = 1.0
"""Of processor time; 0.2 s is what is promised, a debug build gets more."""


def together(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Runs ``work`` in so many threads that start at once."""
    barrier = threading.Barrier(count)

    def start(index: int) -> Any:
        barrier.wait(timeout=30)
        return work(index)

    with ThreadPoolExecutor(count) as pool:
        return [
            future.result(timeout=100) for future in [pool.submit(start, i) for i in range(count)]
        ]


def ticking(live: Orchestrator) -> list[dict[str, int]]:
    told = []
    while True:
        try:
            told.append(live.tick())
        except SimulationError as over:
            worlds.assert_says(over, "beyond the run")
            return told


def test_eight_threads_tick_one_run_to_its_end() -> None:
    live, alone = Orchestrator(worlds.busy(days=20)), Orchestrator(worlds.busy(days=20))
    told = [tick for thread in together(8, lambda _: ticking(live)) for tick in thread]
    told.sort(key=lambda tick: tick["tick"])
    assert told == ticking(alone)
    assert worlds.hash_of(live) == worlds.hash_of(alone)


def test_two_by_two_ticking_asking_submitting_and_seeing() -> None:
    live = Orchestrator(worlds.busy(days=10))
    total = sum(live.balances().values())
    submitted: list[str] = []

    def tick(_: int) -> int:
        return len(ticking(live))

    def ask(_: int) -> int:
        asked = 0
        while not live.is_finished():
            for name, given in QUESTIONS.items():
                getattr(live, name)(*given)
                asked += 1
            assert sum(live.balances().values()) == total
        return asked

    def submit(index: int) -> int:
        refused = 0
        for amount in range(1, 60):
            try:
                now = live.current_tick()
                submitted.append(
                    live.submit_transaction("ABC"[index % 3], "BCA"[index % 3], amount, now + 20)
                )
            except SimulationError as error:
                worlds.assert_no_defect(error)
                refused += 1
        return refused

    def see(_: int) -> int:
        seen = 0
        while not live.is_finished():
            run = Run.of(live)
            assert len(run.ticks) == run.ticks_done
            if run.ticks_done:
                assert set(run.balances.sum(axis=1).tolist()) == {total}
            with pytest.raises(AgentNotFoundError):
                live.get_agent_state("Z")
            seen += 1
        return seen

    work = [tick, ask, submit, see] * 2
    counts = together(8, lambda index: work[index](index))
    assert counts[0] + counts[4] == 500
    assert live.is_finished()
    assert len(set(submitted)) == len(submitted)
    assert [event["seq"] for event in live.events()] == list(range(len(live.events())))
    arrived = {row["tx_id"] for day in range(10) for row in live.get_transactions_for_day(day)}
    assert set(submitted) <= arrived


def test_other_threads_go_on_while_a_run_runs() -> None:
    live = Orchestrator(worlds.long_day())
    counted = 0
    done = threading.Event()

    def count() -> None:
        nonlocal counted
        while not done.is_set():
            counted += 1
            time.sleep(0.001)

    other = threading.Thread(target=count)
    other.start()
    started = time.perf_counter()
    live.run(until=40_000)
    passed = time.perf_counter() - started
    done.set()
    other.join()
    assert live.current_tick() == 40_000
    assert counted > 50 * passed  # of the 1,000 a second that there is time for


def test_two_threads_that_run_share_the_ticks() -> None:
    live, alone = Orchestrator(worlds.busy(days=40)), Orchestrator(worlds.busy(days=40))

    def work(index: int) -> int:
        try:
            return live.run(until=500 * (index + 1))
        except ValueError as passed:  # another thread was faster
            worlds.assert_says(passed, "has passed")
            return 0

    together(4, work)
    assert live.current_tick() == 2_000
    alone.run()
    assert worlds.hash_of(live) == worlds.hash_of(alone)


def test_one_run_is_read_by_eight_threads() -> None:
    run = run_scenario(worlds.busy())
    fresh = Run(run._core)
    answers = together(
        8,
        lambda _: (fresh.events.to_dict(), fresh.summary, fresh.balances.tolist(), fresh.report()),
    )
    assert all(answer == answers[0] for answer in answers)


def test_many_runs_start_in_many_threads() -> None:
    scenario = Scenario(worlds.busy())
    expected = run_many(scenario, seeds=4).to_dict()
    assert together(4, lambda _: run_many(scenario, seeds=4).to_dict()) == [expected] * 4


def test_threads_keep_their_runs_in_one_file(tmp_path: Path) -> None:
    scenario, db = Scenario(worlds.busy()), tmp_path / "runs.db"

    def keep(seed: int) -> str:
        return run_scenario(scenario, seed=seed, persist=db, simulation_id=f"r{seed}").stream_hash

    hashes = together(6, keep)
    assert sorted(row["simulation_id"] for row in stored_runs(db)) == [f"r{i}" for i in range(6)]
    assert all(row["is_complete"] for row in stored_runs(db))
    for seed, stream_hash in enumerate(hashes):
        assert open_run(db, f"r{seed}").stream_hash == stream_hash
        assert run_scenario(scenario, seed=seed).stream_hash == stream_hash


def test_a_defect_in_one_thread_is_told_in_all() -> None:
    live = Orchestrator(worlds.busy(days=20))

    def work(index: int) -> str:
        try:
            if index == 0:
                live._fail()
            while True:
                live.balances()
        except SimulationError as error:
            return str(error)

    told = together(4, work)
    assert told[0].startswith("internal error")
    assert all("out of use" in text for text in told[1:])


INTERRUPTED = """
import json, os, signal, sys, threading, time
from payment_simulator import Orchestrator, Run, Scenario, run_many, run_scenario

scenario = Scenario(json.loads(sys.argv[1]))
live = Orchestrator(scenario)
sent = []

def interrupt():
    time.sleep(0.4)
    sent.append(time.process_time())
    os.kill(os.getpid(), signal.SIGINT)

def call():
    {call}

threading.Thread(target=interrupt).start()
try:
    call()
except KeyboardInterrupt:
    late = time.process_time() - sent[0]
    ticks = live.current_tick()
    live.run(until=ticks + 5)
    other = Orchestrator(scenario)
    other.run(until=ticks + 5)
    print(json.dumps({{
        "late": late,
        "ticks": ticks,
        "balances": live.balances() == other.balances(),
        "equal": Run.of(live).stream_hash == Run.of(other).stream_hash,
        "left": len([it for it in threading.enumerate() if it is not threading.main_thread()]),
        "file": os.path.exists("runs.db"),
    }}))
else:
    print("it came to its end")
"""

CALLS = {
    "run": "live.run()",
    "run_and_get_total_cost": "live.run_and_get_total_cost('A', 10_000_000)",
    "run_and_get_all_costs": "live.run_and_get_all_costs(10_000_000)",
    "run_scenario": "run_scenario(scenario)",
    "run_scenario, kept": "run_scenario(scenario, persist='runs.db')",
    "run_many": "run_many(scenario, seeds=8, threads=2)",
    "ticks": "[live.tick() for _ in range(10_000_000)]",
}


@pytest.mark.parametrize("call", CALLS)
def test_ctrl_c_stops_at_once_and_leaves_the_state_whole(
    call: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    program = INTERRUPTED.format(call=CALLS[call])
    told = worlds.python("-c", program, json.dumps(worlds.long_day()))
    assert told.returncode == 0, told.stderr
    answer = json.loads(told.stdout)
    assert answer["late"] < INTERRUPT_SECONDS
    assert answer["balances"] is True
    assert answer["equal"] is True
    assert answer["left"] == 0
    if call.startswith(("run_and", "ticks")) or call == "run":
        assert answer["ticks"] > 100
    else:
        assert answer["ticks"] == 0
    if "kept" in call:
        (stored,) = stored_runs(tmp_path / "runs.db")
        assert stored["ticks_done"] > 0
        assert stored["is_complete"] is False
        kept = open_run(tmp_path / "runs.db")
        assert kept.ticks_done == stored["ticks_done"]
        assert not kept.is_complete
    print(f"{call}: stopped {1_000 * answer['late']:.0f} ms of work after the signal")


VARIANTS = (
    "run_many(scenario, seeds=0, "
    "overrides=[{'agents.A.opening_balance': balance} for balance in range(40_000)])"
)


def test_ctrl_c_stops_the_checks_of_many_settings() -> None:
    """Each of the settings is a scenario to be checked before the first run starts."""
    told = worlds.python("-c", INTERRUPTED.format(call=VARIANTS), json.dumps(worlds.busy()))
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["late"] < INTERRUPT_SECONDS / 4


HANDLED = """
import os, signal, threading, time
from payment_simulator import Orchestrator
import json, sys

live = Orchestrator(json.loads(sys.argv[1]))
seen = []
signal.signal(signal.SIGUSR1, lambda *_: seen.append(live.current_tick()))

def signals():
    for sent in range(5):
        time.sleep(0.15)
        os.kill(os.getpid(), signal.SIGUSR1)
        while len(seen) == sent:  # of two that wait only one would be handled
            time.sleep(0.01)
    time.sleep(0.15)
    os.kill(os.getpid(), signal.SIGINT)

threading.Thread(target=signals).start()
try:
    live.run()
except KeyboardInterrupt:
    print(json.dumps([seen, live.current_tick()]))
"""


def test_signal_handlers_may_ask_the_run_that_they_interrupt() -> None:
    told = worlds.python("-c", HANDLED, json.dumps(worlds.long_day()))
    assert told.returncode == 0, told.stderr
    seen, last = json.loads(told.stdout)
    assert len(seen) == 5
    assert seen == sorted(seen)
    assert 0 < seen[0] < seen[-1] <= last


class Finalizer:
    """Is in a cycle, so that it goes when the collector comes, which may be in any call."""

    def __init__(self, act: Callable[[], Any], outcomes: list[Any]) -> None:
        self.act = act
        self.outcomes = outcomes
        self.itself = self

    def __del__(self) -> None:
        try:
            self.outcomes.append(self.act())
        except Exception as error:
            self.outcomes.append(error)


@pytest.mark.parametrize("method", ["get_all_events", "tick", "get_transactions_for_day", "run"])
def test_finalizers_may_use_the_run_in_the_middle_of_a_call(method: str) -> None:
    live = Orchestrator(worlds.busy())
    live.run(until=60)
    outcomes: list[Any] = []
    calls: list[Callable[[], Any]] = [
        live.balances,
        live.tick,
        lambda: live.submit_transaction("A", "B", 1, 99),
        lambda: repr(live),
        lambda: live.get_agent_state("Z"),
    ]
    threshold = gc.get_threshold()
    gc.collect()
    gc.set_threshold(5)
    try:
        for call in calls:
            for _ in range(3):
                Finalizer(call, outcomes)
                getattr(live, method)(*({"get_transactions_for_day": (0,)}.get(method, ())))
                if method == "run":
                    break
                if live.is_finished():
                    break
    except SimulationError as over:
        worlds.assert_says(over, "beyond the run")
    finally:
        gc.set_threshold(*threshold)
    gc.collect()
    assert outcomes
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            assert isinstance(outcome, SimulationError)
            assert "internal" not in str(outcome)
    assert sum(live.balances().values()) == 150_000
    assert [event["seq"] for event in live.events()] == list(range(len(live.events())))


def test_a_finalizer_in_the_middle_of_making_events_is_refused() -> None:
    live = Orchestrator(worlds.busy())
    live.run()
    outcomes: list[Any] = []
    threshold = gc.get_threshold()
    gc.collect()
    gc.set_threshold(50)
    try:
        Finalizer(live.balances, outcomes)
        events = live.get_all_events()
    finally:
        gc.set_threshold(*threshold)
    assert len(events) > 500
    (outcome,) = outcomes
    assert isinstance(outcome, SimulationError)
    assert "in use by the very call that was interrupted" in str(outcome)
    assert live.balances()


def test_progress_callbacks_may_use_the_package() -> None:
    scenario = Scenario(worlds.busy(days=60))
    live = Orchestrator(scenario)
    seen: list[tuple[int, int, int]] = []

    def progress(done: int, total: int) -> None:
        live.tick()
        inner = run_scenario(worlds.idle())
        run_many(worlds.idle(), seeds=2, threads=1)
        seen.append((done, total, inner.ticks_done))

    table = _core.run_many(
        scenario,
        seeds=list(range(40)),
        policies=[("own", None)],
        overrides=[("none", None)],
        threads=2,
        by_agent=False,
        progress=progress,
    )
    assert len(table) == 40
    assert seen[-1] == (40, 40, 10)
    assert live.current_tick() == len(seen)


def core_run(progress: Any, **change: Any) -> _core.Run:
    given: dict[str, Any] = {
        "seed": None,
        "overrides": None,
        "policies": None,
        "trace_decisions": False,
        "allow_outside": False,
        "ticks": 60_000,
        "persist": None,
        "simulation_id": None,
    }
    return _core.run_scenario(worlds.long_day(), progress=progress, **(given | change))


def test_the_progress_of_one_run_is_told_now_and_then() -> None:
    seen: list[tuple[int, int]] = []
    core = core_run(lambda done, total: seen.append((done, total)))
    assert core.ticks_done() == 60_000
    assert seen
    assert {total for _, total in seen} == {60_000}
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})


def test_an_exception_in_the_progress_callback_ends_the_run_and_keeps_what_there_is(
    tmp_path: Any,
) -> None:
    class Enough(BaseException):
        pass

    def progress(done: int, total: int) -> None:
        raise Enough

    with pytest.raises(Enough):
        core_run(progress, persist=tmp_path / "runs.db", simulation_id="cut")
    kept = open_run(tmp_path / "runs.db", "cut")
    assert 0 < kept.ticks_done < 60_000
    assert kept.stream_hash == run_scenario(worlds.long_day(), ticks=kept.ticks_done).stream_hash
