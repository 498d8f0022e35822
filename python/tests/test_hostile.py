"""Hostile objects at every entry point: an exception of a known kind, and nothing else."""

from __future__ import annotations

import gc
import json
import random
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from payment_simulator import (
    Frame,
    Orchestrator,
    Run,
    Scenario,
    _core,
    errors,
    open_run,
    run_many,
    run_scenario,
    stored_runs,
    validate_policy,
)

from . import worlds
from .hostile import (
    ENTRY,
    FACTOR,
    SEED,
    LyingDict,
    LyingList,
    agent,
    attempt,
    config,
    deep,
    doubled_self,
    everything,
    wide_self,
)

HOSTILE = everything()

# What an object raises when it is asked for its class is told to nobody.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.usefixtures("quiet", "away"),
]


def submit_with(key: str, live: Orchestrator, it: Any) -> Any:
    return live.submit_transactions_batch([ENTRY, ENTRY | {key: it}])


def ask(method: str, live: Orchestrator, it: Any) -> Any:
    return getattr(live, method)(it)


def using(call: Callable[..., Any], *first: Any, make: Callable[[], Any]) -> Callable[[], Any]:
    """A call whose last argument is made when it is called."""
    return lambda: call(*first, make())


# Each argument of each method, as a call with the hostile object in its place.
ARGUMENTS: dict[str, Callable[[Orchestrator, Any], Any]] = {
    "tick()": lambda live, it: live.tick(it),  # type: ignore[call-arg]
    "run(until)": lambda live, it: live.run(until=it),
    "run_and_get_total_cost(agent_id)": lambda live, it: live.run_and_get_total_cost(it, 0),
    "run_and_get_total_cost(num_ticks)": lambda live, it: live.run_and_get_total_cost("A", it),
    "run_and_get_all_costs": lambda live, it: live.run_and_get_all_costs(it),
    "submit_transaction(sender)": lambda live, it: live.submit_transaction(it, "B", 1, 3),
    "submit_transaction(receiver)": lambda live, it: live.submit_transaction("A", it, 1, 3),
    "submit_transaction(amount)": lambda live, it: live.submit_transaction("A", "B", it, 3),
    "submit_transaction(deadline_tick)": lambda live, it: live.submit_transaction("A", "B", 1, it),
    "submit_transaction(priority)": lambda live, it: live.submit_transaction("A", "B", 1, 3, it),
    "submit_transaction(divisible)": lambda live, it: live.submit_transaction(
        "A", "B", 1, 3, 5, it
    ),
    "submit_transaction(**)": lambda live, it: live.submit_transaction("A", "B", 1, 3, **{"x": it}),
    "submit_transaction_with_rtgs_priority(rtgs_priority)": lambda live, it: (
        live.submit_transaction_with_rtgs_priority("A", "B", 1, 3, rtgs_priority=it)
    ),
    "submit_transaction_with_rtgs_priority(amount)": lambda live, it: (
        live.submit_transaction_with_rtgs_priority("A", "B", it, 3)
    ),
    "submit_transactions_batch": lambda live, it: live.submit_transactions_batch(it),
    "submit_transactions_batch([it])": lambda live, it: live.submit_transactions_batch([it]),
    **{
        f"submit_transactions_batch({key})": partial(submit_with, key)
        for key in (
            "sender",
            "receiver",
            "amount",
            "deadline_tick",
            "priority",
            "divisible",
            "rtgs_priority",
            "earliest_tick",
            "id",
        )
    },
    "withdraw_from_rtgs": lambda live, it: live.withdraw_from_rtgs(it),
    "resubmit_to_rtgs(tx_id)": lambda live, it: live.resubmit_to_rtgs(it, "Urgent"),
    "resubmit_to_rtgs(rtgs_priority)": lambda live, it: live.resubmit_to_rtgs("tx-0", it),
    "post_collateral(agent_id)": lambda live, it: live.post_collateral(it, 5),
    "post_collateral(amount)": lambda live, it: live.post_collateral("A", it),
    "withdraw_collateral(agent_id)": lambda live, it: live.withdraw_collateral(it, 5),
    "withdraw_collateral(amount)": lambda live, it: live.withdraw_collateral("A", it),
    "update_agent_policy(agent_id)": lambda live, it: live.update_agent_policy(it, worlds.HOLD),
    "update_agent_policy(policy)": lambda live, it: live.update_agent_policy("A", it),
    "update_agent_policy(parameters)": lambda live, it: live.update_agent_policy(
        "A", worlds.HOLD | {"parameters": {"x": it}}
    ),
    "set_limits(agent_id)": lambda live, it: live.set_limits(it),
    "set_limits(bilateral_limits)": lambda live, it: live.set_limits("A", it),
    "set_limits(bilateral_limits: value)": lambda live, it: live.set_limits("A", {"B": it}),
    "set_limits(multilateral_limit)": lambda live, it: live.set_limits("A", None, it),
    **{
        f"{method}()": partial(ask, method)
        for method in (
            "get_agent_balance",
            "get_agent_unsecured_cap",
            "get_agent_collateral_posted",
            "get_agent_allowed_overdraft_limit",
            "get_agent_state",
            "get_agent_limits",
            "get_agent_current_outflows",
            "get_agent_accumulated_costs",
            "get_agent_registers",
            "costs",
            "get_top_agents_by_balance",
            "get_arrival_rate",
            "get_queue1_size",
            "get_agent_queue1_contents",
            "get_transaction_details",
            "get_transactions_near_deadline",
            "get_transactions_for_day",
            "get_daily_agent_metrics",
            "get_collateral_events_for_day",
            "get_lsm_cycles_for_day",
            "get_tick_events",
            "events",
            "get_agent_ids",
            "balances",
            "__eq__",
            "__reduce_ex__",
        )
    },
}


CHANGING = ("tick", "run", "submit", "withdraw", "resubmit", "post", "update", "set_limits")


@pytest.mark.parametrize("entry", ARGUMENTS)
def test_orchestrators_bear_hostile_arguments(entry: str) -> None:
    scenario = Scenario(config())
    live = Orchestrator(scenario)
    call = ARGUMENTS[entry]
    for what, make in HOSTILE:
        before = (live.balances(), live.events(), live.current_tick())
        raised = attempt(f"Orchestrator.{entry}", using(call, live, make=make), what)
        after = (live.balances(), live.events(), live.current_tick())
        if raised is not None or not entry.startswith(CHANGING):
            assert after == before, f"{entry} given {what} changed the run"
        elif after != before:
            live = Orchestrator(scenario)
    assert live.run() >= 0
    assert live.is_finished()
    assert sum(live.balances().values()) == 150_000


@pytest.mark.parametrize("entry", [name for name in ARGUMENTS if not name.startswith(CHANGING)])
def test_the_stream_is_that_of_a_run_left_alone(entry: str) -> None:
    scenario = Scenario(config())
    asked, left_alone = Orchestrator(scenario), Orchestrator(scenario)
    for index, (what, make) in enumerate(HOSTILE[:: max(1, 8 // FACTOR)]):
        attempt(f"Orchestrator.{entry}", using(ARGUMENTS[entry], asked, make=make), what)
        if index in {3, 6, 9}:
            asked.tick()
            left_alone.tick()
    asked.run()
    left_alone.run()
    assert worlds.hash_of(asked) == worlds.hash_of(left_alone)


SCENARIO = Scenario(config())
FRAME = run_scenario(config()).events
RUN = run_scenario(config())
CARRIED = Scenario(config()).__reduce__()[1][0]

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "Orchestrator": Orchestrator,
    "Orchestrator.new": Orchestrator.new,
    "Scenario(config)": Scenario,
    "Scenario(seed)": lambda it: Scenario(config(), seed=it),
    "Scenario(overrides)": lambda it: Scenario(config(), overrides=it),
    "Scenario(overrides: key)": lambda it: Scenario(config(), overrides={it: 1}),
    "Scenario(overrides: value)": lambda it: Scenario(
        config(), overrides={"agents.A.opening_balance": it}
    ),
    "Scenario(policies)": lambda it: Scenario(config(), policies=it),
    "Scenario(policies: value)": lambda it: Scenario(config(), policies={"A": it}),
    "Scenario(trace_decisions)": lambda it: Scenario(config(), trace_decisions=it),
    "Scenario(allow_outside)": lambda it: Scenario(config(), allow_outside=it),
    "Scenario.__eq__": lambda it: Scenario(config()) == it,
    "Scenario(agents)": lambda it: Scenario(config() | {"agents": it}),
    "Scenario(simulation)": lambda it: Scenario(config() | {"simulation": it}),
    "Scenario(an agent)": lambda it: Scenario(config() | {"agents": [it]}),
    "Scenario(id)": lambda it: Scenario(agent(id=it)),
    "Scenario(opening_balance)": lambda it: Scenario(agent(opening_balance=it)),
    "Scenario(limits)": lambda it: Scenario(agent(limits=it)),
    "Scenario(policy)": lambda it: Scenario(agent(policy=it)),
    "Scenario(inline policy)": lambda it: Scenario(agent(policy={"type": "Inline", "policy": it})),
    "Scenario(arrival_config)": lambda it: Scenario(agent(arrival_config=it)),
    "Scenario(ticks_per_day)": lambda it: Scenario(
        config() | {"simulation": {"ticks_per_day": it, "num_days": 1}}
    ),
    "Scenario(cost_rates)": lambda it: Scenario(config() | {"cost_rates": it}),
    "Scenario(payments)": lambda it: Scenario(config() | {"payments": it}),
    "Scenario(scenario_events)": lambda it: Scenario(config() | {"scenario_events": [it]}),
    "Scenario(an unknown key)": lambda it: Scenario(config() | {"unknown": it}),
    "Scenario._restore(bytes)": lambda it: Scenario._restore(it, "", "", "[]"),
    "Scenario._restore(text)": lambda it: Scenario._restore(CARRIED, it, "", "[]"),
    "Scenario._restore(source)": lambda it: Scenario._restore(CARRIED, "", it, "[]"),
    "Scenario._restore(changes)": lambda it: Scenario._restore(CARRIED, "", "", it),
    "run_scenario(config)": run_scenario,
    "run_scenario(seed)": lambda it: run_scenario(config(), seed=it),
    "run_scenario(overrides)": lambda it: run_scenario(config(), overrides=it),
    "run_scenario(policies)": lambda it: run_scenario(config(), policies=it),
    "run_scenario(trace_decisions)": lambda it: run_scenario(config(), trace_decisions=it),
    "run_scenario(allow_outside)": lambda it: run_scenario(config(), allow_outside=it),
    "run_scenario(ticks)": lambda it: run_scenario(config(), ticks=it),
    "run_scenario(persist)": lambda it: run_scenario(config(), persist=it),
    "run_scenario(simulation_id)": lambda it: run_scenario(
        config(), persist="runs.db", simulation_id=it
    ),
    "run_many(config)": run_many,
    "run_many(seeds)": lambda it: run_many(config(), seeds=few(it)),
    "run_many(a seed)": lambda it: run_many(config(), seeds=[it]),
    "run_many(policies)": lambda it: run_many(config(), policies=it),
    "run_many(a policy)": lambda it: run_many(config(), policies=[it]),
    "run_many(overrides)": lambda it: run_many(config(), overrides=it),
    "run_many(an override)": lambda it: run_many(config(), overrides={"x": it}),
    "run_many(threads)": lambda it: run_many(config(), threads=it),
    "run_many(by_agent)": lambda it: run_many(config(), by_agent=it),
    "_core.run_many(policies)": lambda it: core_many(policies=it),
    "_core.run_many(overrides)": lambda it: core_many(overrides=it),
    "_core.run_many(progress)": lambda it: core_many(progress=it),
    "open_run(db)": open_run,
    "open_run(simulation_id)": lambda it: open_run("runs.db", it),
    "stored_runs": stored_runs,
    "validate_policy": validate_policy,
    "validate_policy(predecessor)": lambda it: validate_policy("{}", predecessor=it),
    "Frame[]": lambda it: FRAME[it],
    "Frame.__arrow_c_stream__": lambda it: FRAME.__arrow_c_stream__(it),
    "Frame.__eq__": lambda it: it == FRAME,
    "Frame()": lambda it: Frame(it),  # type: ignore[call-arg]
    "Run.events_of": RUN.events_of,
    "Run.agent_index": RUN.agent_index,
    "_core.Run()": lambda it: _core.Run(it),  # type: ignore[call-arg]
    "Run.of": Run.of,
}


def few(seeds: Any) -> Any:
    """A number of seeds that a test has the time for; more are refused elsewhere."""
    if type(seeds) is range:
        return seeds[:100]
    if type(seeds) in {LyingDict, LyingList}:  # `list` believes their length
        return None
    return seeds if type(seeds) is not int or not 10_000 < seeds < 10**30 else -seeds


def core_many(**change: Any) -> Any:
    settings_: dict[str, Any] = {
        "seeds": None,
        "policies": [("own", None)],
        "overrides": [("none", None)],
        "threads": 1,
        "by_agent": False,
        "progress": None,
    }
    return _core.run_many(config(), **(settings_ | change))


# What an attribute-less stranger lacks is told by Python itself.
PYTHON_ITSELF = {"Run.of"}


ABORTS = {"_core.run_many(policies)", "_core.run_many(overrides)"}
"""Where room is made for as many entries as a list says that it has."""


@pytest.mark.parametrize("entry", [name for name in FUNCTIONS if name not in ABORTS])
def test_functions_bear_hostile_arguments(entry: str) -> None:
    call = FUNCTIONS[entry]
    for what, make in HOSTILE:

        def given_it(make: Callable[[], Any] = make) -> None:
            try:
                call(make())
            except AttributeError:
                if entry not in PYTHON_ITSELF:
                    raise

        attempt(entry, given_it, what)
    assert run_scenario(config()).stream_hash == RUN.stream_hash


@pytest.mark.parametrize("make", [wide_self, doubled_self])
def test_what_contains_itself_has_an_end(make: Callable[[], Any]) -> None:
    raised = attempt("what contains itself", lambda: Scenario(make()))
    assert isinstance(raised, errors.ScenarioError)
    assert "contains itself" in str(raised)


def test_a_policy_that_contains_itself_has_an_end() -> None:
    live = Orchestrator(config())
    attempt("what contains itself", lambda: live.update_agent_policy("A", wide_self()))
    assert live.run() == 4


@pytest.mark.parametrize(
    "make",
    [
        lambda: config() | {"unknown": [0] * 10**6},
        lambda: config() | {"unknown": "x" * 10**7},
        lambda: config() | {"agents": [None] * 10**5},
        lambda: {"x" * 10**6: 1},
        lambda: agent(id="x" * 10**6),
        lambda: agent(policy={"type": "FromJson", "json": "[" * 10**6}),
        lambda: agent(policy={"type": "FromJson", "json": '{"a":' * 10**5}),
        lambda: config() | {str(index): index for index in range(5_000)},
        lambda: agent(opening_balance=int("9" * 4_000)),
        lambda: agent(limits={"bilateral_limits": {f"Z{index}": 1 for index in range(10_000)}}),
        lambda: deep(90, config(), mapping=True),
        lambda: json.dumps(config()) * 1_000,
    ],
)
def test_large_scenarios_take_no_longer_than_a_moment(make: Callable[[], Any]) -> None:
    attempt("large scenarios", lambda: Scenario(make()))


@pytest.mark.parametrize(
    "make",
    [
        lambda: [0] * 10**6,
        lambda: [ENTRY] * 10**5,
        lambda: [ENTRY | {"id": "same"}] * 10**5,
        lambda: ({} for _ in range(10**6)),
        lambda: [ENTRY | {"id": "x" * 10**7}],
    ],
)
def test_large_batches_take_no_longer_than_a_moment(make: Callable[[], Any]) -> None:
    live = Orchestrator(config())
    attempt("large batches", lambda: live.submit_transactions_batch(make()))
    assert live.balances() == {"A": 90_000, "B": 40_000, "C": 20_000}


def test_many_methods_in_any_order() -> None:
    """A run that was thrown at bears what it is asked for afterwards, and loses no money."""
    rng = random.Random(SEED)
    calls = [call for entry, call in ARGUMENTS.items() if not entry.startswith(("tick", "run"))]
    for _ in range(3 * FACTOR):
        live = Orchestrator(SCENARIO)
        while not live.is_finished():
            for _ in range(60):
                call, (what, make) = rng.choice(calls), rng.choice(HOSTILE)
                attempt("any order", using(call, live, make=make), what)
            try:
                live.tick()
            except errors.SimulationError as refused:  # what was submitted may cost too much
                worlds.assert_no_defect(refused)
                break
            assert sum(live.balances().values()) == 150_000


def test_nothing_hostile_is_kept_alive() -> None:
    import weakref

    class Kept(dict[str, Any]):
        pass

    kept = Kept(config())
    watch = weakref.ref(kept)
    live, scenario = Orchestrator(kept), Scenario(kept)
    del kept
    gc.collect()
    assert watch() is None
    assert live.run() == 4
    assert scenario.agent_ids == ["A", "B", "C"]


LYING_LIST = """
from payment_simulator import _core

class Lying(list):
    def __len__(self):
        return 2**40

try:
    {call}
except (TypeError, ValueError, RuntimeError):
    pass
"""

CORE_MANY = (
    "_core.run_many({}, seeds=%s, policies=%s, overrides=[], threads=1, by_agent=False, "
    "progress=None)"
)


@pytest.mark.parametrize(
    "call",
    [
        CORE_MANY % (None, "Lying()"),
        CORE_MANY % ("Lying()", []),
        CORE_MANY % ("range(2**62)", []),
        "_core.command(Lying())",
        "_core.command(range(2**62))",
    ],
    ids=["policies", "seeds", "range of seeds", "command", "range as command"],
)
def test_lists_that_lie_about_their_length_are_refused(call: str) -> None:
    """Room for them ends the process, or panics: hence another process."""
    told = worlds.python("-c", LYING_LIST.replace("{call}", call))
    assert told.returncode == 0, told.stderr
