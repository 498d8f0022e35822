"""The life of an orchestrator: making, running, ending."""

from __future__ import annotations

import datetime
from collections import OrderedDict
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from payment_simulator import (
    AgentNotFoundError,
    Orchestrator,
    Run,
    Scenario,
    ScenarioError,
    SimulationError,
)

from . import worlds


def test_every_form_of_a_scenario_gives_the_same_run(tmp_path: Path) -> None:
    config = worlds.busy()
    path = worlds.write(tmp_path, config)
    forms: list[Any] = [
        config,
        str(path),
        path,
        Scenario(config),
        Scenario(path),
        OrderedDict(config),
        MappingProxyType(config),
    ]
    hashes = set()
    for form in forms:
        for make in (Orchestrator, Orchestrator.new):
            live = make(form)
            live.run()
            hashes.add(worlds.hash_of(live))
    assert len(hashes) == 1


def test_simulation_keys_may_stand_at_the_top() -> None:
    nested = worlds.busy()
    top = {**nested, **nested["simulation"]}
    del top["simulation"]
    assert Scenario(nested) == Scenario(top)


def test_the_predecessors_flat_dict_is_a_scenario() -> None:
    live = Orchestrator.new(worlds.flat())
    assert live.get_agent_ids() == ["BANK_A", "BANK_B"]
    arrivals = sum(live.tick()["num_arrivals"] for _ in range(40))
    assert arrivals > 0
    assert live.is_finished()


def test_flat_dict_equals_its_nested_form() -> None:
    flat = worlds.flat()
    nested = dict(flat)
    nested["simulation"] = {
        key: nested.pop(key) for key in ("ticks_per_day", "num_days", "rng_seed")
    }
    nested["agents"] = nested.pop("agent_configs")
    assert Scenario(flat) == Scenario(nested)
    assert Scenario(flat).fingerprint == Scenario(nested).fingerprint


def test_tick_returns_five_whole_numbers() -> None:
    live = Orchestrator(worlds.busy())
    for expected in range(100):
        told = live.tick()
        assert tuple(told) == worlds.TICK_KEYS
        assert {type(value) for value in told.values()} == {int}
        assert told["tick"] == expected
    assert live.is_finished()


def test_equal_runs_give_equal_dicts_for_a_hundred_ticks() -> None:
    one, other = Orchestrator(worlds.busy()), Orchestrator.new(worlds.busy())
    ticks = [(one.tick(), other.tick()) for _ in range(100)]
    assert all(first == second for first, second in ticks)
    assert any(first["num_arrivals"] for first, _ in ticks)
    assert one.get_all_events() == other.get_all_events()


def test_another_seed_gives_another_run() -> None:
    one, other = Orchestrator(worlds.busy(seed=1)), Orchestrator(worlds.busy(seed=2))
    assert [one.tick() for _ in range(100)] != [other.tick() for _ in range(100)]


def test_ticks_and_runs_come_to_the_same() -> None:
    ticked, ran, in_two = (Orchestrator(worlds.busy()) for _ in range(3))
    for _ in range(100):
        ticked.tick()
    assert ran.run() == 100
    assert in_two.run(until=33) == 33
    assert in_two.current_tick() == 33
    assert in_two.run(100) == 67
    assert len({worlds.hash_of(live) for live in (ticked, ran, in_two)}) == 1


def test_run_until_the_coming_tick_runs_nothing() -> None:
    live = Orchestrator(worlds.idle())
    assert live.run(until=0) == 0
    assert live.run(until=None) == 10
    assert live.run() == 0


def test_run_refuses_what_has_passed_and_what_lies_beyond() -> None:
    live = Orchestrator(worlds.idle())
    live.run(until=5)
    with pytest.raises(ValueError, match="tick 4 has passed"):
        live.run(until=4)
    with pytest.raises(SimulationError, match="which has 10 ticks"):
        live.run(until=11)
    with pytest.raises(OverflowError):
        live.run(until=-1)
    with pytest.raises(TypeError):
        live.run(until=7.0)  # type: ignore[arg-type]
    assert live.current_tick() == 5


def test_a_run_that_is_over_stays_over() -> None:
    live = Orchestrator(worlds.idle())
    live.run()
    before = worlds.hash_of(live)
    for _ in range(2):
        with pytest.raises(SimulationError, match="beyond the run"):
            live.tick()
    assert live.is_finished() is True
    assert live.current_tick() == 10
    assert live.balances() == {"A": 1_000, "B": 500}
    assert worlds.hash_of(live) == before


def test_current_day_follows_the_coming_tick() -> None:
    live = Orchestrator(worlds.idle(ticks=3, days=2))
    days = []
    for _ in range(6):
        days.append(live.current_day())
        live.tick()
    assert days == [0, 0, 0, 1, 1, 1]
    assert live.current_day() == 1
    assert live.current_tick() == 6
    assert type(live.current_day()) is int


def test_timing_is_told_apart_from_results() -> None:
    live = Orchestrator(worlds.busy())
    assert live.last_tick_timing() is None
    told = live.tick()
    timing = live.last_tick_timing()
    assert timing is not None
    assert list(timing) == ["total_micros"]
    assert type(timing["total_micros"]) is float
    assert timing["total_micros"] > 0
    assert "timing" not in told


def test_run_and_get_total_cost_is_that_of_the_whole_run() -> None:
    live, other = Orchestrator(worlds.busy()), Orchestrator(worlds.busy())
    total = live.run_and_get_total_cost("A", 100)
    assert type(total) is int
    assert total > 0
    other.run()
    assert total == other.get_agent_accumulated_costs("A")["total_cost"]
    assert total == sum(other.costs(day)["A"]["total_cost"] for day in (0, 1))


def test_run_and_get_all_costs_is_json_text() -> None:
    import json

    live, other = Orchestrator(worlds.busy()), Orchestrator(worlds.busy())
    text = live.run_and_get_all_costs(60)
    assert type(text) is str
    other.run(until=60)
    assert json.loads(text) == other.costs()
    assert live.current_tick() == 60


@pytest.mark.parametrize("method", ["run_and_get_total_cost", "run_and_get_all_costs"])
def test_running_for_costs_refuses_zero_and_too_many_ticks(method: str) -> None:
    live = Orchestrator(worlds.idle())
    first = ("A",) if method == "run_and_get_total_cost" else ()
    ask = getattr(live, method)
    with pytest.raises(ValueError, match="at least 1"):
        ask(*first, 0)
    with pytest.raises(SimulationError, match="10 are left"):
        ask(*first, 11)
    with pytest.raises(SimulationError, match="10 are left"):
        ask(*first, 2**32 - 1)
    with pytest.raises(OverflowError):
        ask(*first, 2**32)
    assert live.current_tick() == 0


def test_running_for_the_costs_of_nobody_runs_nothing() -> None:
    live = Orchestrator(worlds.idle())
    with pytest.raises(AgentNotFoundError, match="no agent `Z`"):
        live.run_and_get_total_cost("Z", 3)
    assert live.current_tick() == 0


def test_repr_says_how_far_it_is() -> None:
    live = Orchestrator(worlds.idle())
    assert repr(live) == "<Orchestrator scenario: 2 agents, 0 of 10 ticks done>"
    live.run(until=4)
    assert repr(live) == "<Orchestrator scenario: 2 agents, 4 of 10 ticks done>"


def test_a_live_run_can_be_seen_as_a_run_at_any_time() -> None:
    live = Orchestrator(worlds.busy())
    assert Run.of(live).ticks_done == 0
    live.run(until=30)
    half = Run.of(live)
    live.run()
    assert half.ticks_done == 30
    assert not half.is_complete
    assert Run.of(live).is_complete
    assert half.balances.shape == (30, 3)


def test_orchestrators_are_independent() -> None:
    one, other = Orchestrator(worlds.idle()), Orchestrator(worlds.idle())
    one.submit_transaction("A", "B", 100, 5)
    one.run()
    assert other.current_tick() == 0
    assert other.balances() == {"A": 1_000, "B": 500}
    assert one.balances() == {"A": 900, "B": 600}


@pytest.mark.parametrize(
    "config",
    [None, 7, 1.5, [], (), {1, 2}, b"scenario.yaml", object(), datetime.date(2024, 1, 1), dict],
)
def test_what_is_no_scenario_is_a_type_error(config: Any) -> None:
    with pytest.raises(TypeError):
        Orchestrator(config)


@pytest.mark.parametrize("config", [{}, {"agents": []}, {"ticks_per_day": 10}])
def test_an_empty_scenario_is_refused_with_reasons(config: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError) as caught:
        Orchestrator(config)
    assert caught.value.diagnostics


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    missing = tmp_path / "missing.yaml"
    with pytest.raises(ScenarioError, match="no such file") as caught:
        Orchestrator(missing)
    assert caught.value.diagnostics[0].file == str(missing)


def test_a_config_is_read_when_it_is_given() -> None:
    config = worlds.idle()
    scenario = Scenario(config)
    live = Orchestrator(config)
    config["agents"][0]["opening_balance"] = 5
    config["agents"].clear()
    assert live.balances() == {"A": 1_000, "B": 500}
    assert Scenario(scenario, seed=9).agent_ids == ["A", "B"]
    assert Orchestrator(
        Scenario(scenario, overrides={"agents.B.opening_balance": 7})
    ).balances() == {
        "A": 1_000,
        "B": 7,
    }
