"""Scenarios: what is understood, what is warned of, what is refused, and how it is told."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from payment_simulator import (
    Orchestrator,
    PolicyError,
    Scenario,
    ScenarioError,
    library_policies,
    run_many,
    run_scenario,
)

from . import worlds

ENTRY_POINTS: list[Callable[[Any], Any]] = [
    Scenario,
    Orchestrator,
    Orchestrator.new,
    run_scenario,
    run_many,
]


def changed(path: str, value: Any, config: dict[str, Any] | None = None) -> dict[str, Any]:
    """A scenario with a value at a place such as ``agents.0.id``."""
    config = worlds.busy() if config is None else config
    place: Any = config
    *steps, last = path.split(".")
    for step in steps:
        place = place[int(step) if step.isdigit() else step]
    place[int(last) if last.isdigit() else last] = value
    return config


UNKNOWN = {
    "colour": "colour",
    "simulation.colour": "colour",
    "agents.0.opening_balanse": "opening_balanse",
    "cost_rates.bogus": "bogus",
    "lsm_config.bogus": "bogus",
    "agents.1.arrival_config.bogus": "bogus",
}


@pytest.mark.parametrize("place", UNKNOWN)
def test_unknown_keys_of_a_dict_are_warned_of(place: str) -> None:
    config = changed(place, 1)
    with pytest.warns(UserWarning, match=f"`{UNKNOWN[place]}`") as caught:
        scenario = Scenario(config)
    assert len(caught) == (1 if "arrival_config" not in place else len(caught))
    assert scenario.agent_ids == ["A", "B", "C"]


def test_a_warning_is_worded_as_a_diagnostic() -> None:
    config = worlds.idle() | {"agents": "x", "colour": 1}
    with pytest.raises(ScenarioError) as refused:
        Scenario(config)
    expected = [str(told) for told in refused.value.diagnostics if told.severity == "warning"]
    assert len(expected) == 1
    with pytest.warns(UserWarning, match="`colour`") as caught:
        Scenario(worlds.idle() | {"colour": 1})
    (warning,) = caught
    said = re.compile(r"^scenario:\d+:\d+: ")
    assert said.sub("", str(warning.message)) == said.sub("", expected[0])
    assert said.match(str(warning.message))


@pytest.mark.parametrize("place", UNKNOWN)
def test_unknown_keys_of_a_file_are_faults(place: str, tmp_path: Path) -> None:
    path = worlds.write(tmp_path, changed(place, 1))
    with pytest.raises(ScenarioError, match=f"`{UNKNOWN[place]}`") as caught:
        Scenario(path)
    (fault, *_) = caught.value.diagnostics
    assert fault.severity == "error"
    assert fault.file == str(path)
    assert fault.line == 1
    assert fault.column
    assert fault.place == f"{path}:1:{fault.column}"


def test_a_warning_for_each_unknown_key() -> None:
    config = worlds.idle() | {"one": 1, "two": 2}
    with pytest.warns(UserWarning, match="unknown key") as caught:
        Scenario(config)
    assert sorted(str(it.message).split("`")[1] for it in caught) == ["one", "two"]


@pytest.mark.parametrize("start", ENTRY_POINTS)
def test_each_call_warns_once(start: Callable[[Any], Any]) -> None:
    with pytest.warns(UserWarning, match="`colour`") as caught:
        start(worlds.idle() | {"colour": 1})
    assert len(caught) == 1


@pytest.mark.parametrize(
    "start",
    [
        Scenario,
        Orchestrator,
        Orchestrator.new,
        run_scenario,
        run_many,
    ],
)
def test_warnings_name_the_line_of_the_caller(start: Callable[[Any], Any]) -> None:
    with pytest.warns(UserWarning, match="`colour`") as caught:
        start(worlds.idle() | {"colour": 1})
    assert caught[0].filename == __file__


def test_a_scenario_warns_when_it_is_made_and_never_again() -> None:
    with pytest.warns(UserWarning, match="`colour`"):
        scenario = Scenario(worlds.idle() | {"colour": 1})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Orchestrator(scenario).run()
        run_scenario(scenario, seed=5)
        run_many(scenario, seeds=3)


def test_warnings_that_are_errors_stop_the_call() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UserWarning, match="`colour`"):
            Scenario(worlds.idle() | {"colour": 1})


def test_a_near_miss_has_a_hint(tmp_path: Path) -> None:
    path = worlds.write(tmp_path, changed("agents.0.opening_balanse", 1))
    with pytest.raises(ScenarioError) as caught:
        Scenario(path)
    hints = [fault.hint for fault in caught.value.diagnostics if fault.hint]
    assert any("opening_balance" in hint for hint in hints)
    assert any(f"({hint})" in str(fault) for hint in hints for fault in caught.value.diagnostics)


WRONG: list[tuple[str, Any]] = [
    ("simulation.ticks_per_day", "x"),
    ("simulation.ticks_per_day", 4.5),
    ("simulation.ticks_per_day", 0),
    ("simulation.ticks_per_day", -1),
    ("simulation.ticks_per_day", 2**32),
    ("simulation.ticks_per_day", True),
    ("simulation.ticks_per_day", []),
    ("simulation.ticks_per_day", None),
    ("simulation.num_days", 10**30),
    ("simulation.rng_seed", -1),
    ("simulation.rng_seed", 2**64),
    ("simulation", []),
    ("simulation", "x"),
    ("agents", {}),
    ("agents", []),
    ("agents", "A"),
    ("agents.0", 5),
    ("agents.0.id", 5),
    ("agents.0.id", ""),
    ("agents.0.id", "B"),
    ("agents.0.id", None),
    ("agents.0.opening_balance", 2**63),
    ("agents.0.opening_balance", 1.5),
    ("agents.0.opening_balance", float("nan")),
    ("agents.0.opening_balance", "rich"),
    ("agents.0.opening_balance", None),
    ("agents.0.unsecured_cap", -1),
    ("agents.0.limits", {"bilateral_limits": {"Z": 5}}),
    ("agents.0.policy", {"type": "Nonsense"}),
    ("agents.0.policy", 5),
    ("agents.0.arrival_config.rate_per_tick", float("inf")),
    ("agents.0.arrival_config.rate_per_tick", -1),
    ("agents.0.arrival_config.amount_distribution", {"type": "Magic"}),
    ("agents.0.arrival_config.deadline_range", [5]),
    ("agents.0.arrival_config.deadline_range", [9, 3]),
    ("cost_rates.overdraft_bps_per_tick", "free"),
    ("cost_rates", 5),
    ("queue_discipline", "chaos"),
    ("deferred_crediting", "maybe"),
    ("deferred_crediting", 3),
]


@pytest.mark.parametrize(("place", "value"), WRONG)
def test_wrong_values_are_refused_in_dicts(place: str, value: Any) -> None:
    with pytest.raises(ScenarioError) as caught:
        Scenario(changed(place, value))
    faults = caught.value.diagnostics
    assert any(fault.severity == "error" for fault in faults)
    assert all(fault.message and fault.file == "scenario" for fault in faults)
    assert all(fault.line and fault.column for fault in faults)
    assert str(caught.value).startswith("error: ")


@pytest.mark.parametrize(("place", "value"), WRONG)
def test_wrong_values_are_refused_in_files(place: str, value: Any, tmp_path: Path) -> None:
    path = worlds.write(tmp_path, changed(place, value))
    with pytest.raises(ScenarioError) as caught:
        Scenario(path)
    assert {fault.file for fault in caught.value.diagnostics} == {str(path)}


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (object(), "of type `object`"),
        (b"A", "of type `bytes`"),
        ({1}, "of type `set`"),
        (1j, "of type `complex`"),
        ("\ud800", "surrogate"),
        (2**127, "128 bits"),
        ({5: 5}, "a key that is no text"),
    ],
)
def test_what_no_scenario_can_hold_is_told_with_its_place(value: Any, problem: str) -> None:
    with pytest.raises(ScenarioError, match=problem) as caught:
        Scenario(changed("agents.1.opening_balance", value))
    (fault,) = caught.value.diagnostics
    assert fault.place == "agents[1].opening_balance"
    assert str(fault) == f"agents[1].opening_balance: {fault.message}"


def test_all_faults_are_told_at_once() -> None:
    config = changed("agents.0.id", 5, changed("agents.1.opening_balance", "x"))
    with pytest.raises(ScenarioError) as caught:
        Scenario(changed("simulation.num_days", 0, config))
    messages = " ".join(fault.message for fault in caught.value.diagnostics)
    assert "`id`" in messages
    assert "`opening_balance`" in messages
    assert "`num_days`" in messages
    assert str(caught.value).endswith("3 errors")


@pytest.mark.parametrize("start", ENTRY_POINTS)
def test_every_entry_point_refuses_an_unsound_scenario(start: Callable[[Any], Any]) -> None:
    with pytest.raises(ScenarioError, match="`num_days`"):
        start(changed("simulation.num_days", 0))


@pytest.mark.parametrize(
    "place",
    [
        "currency",
        "cost_rates",
        "lsm_config",
        "scenario_events",
        "instructions",
        "policy",
        "queue_discipline",
        "rng_streams",
        "end_of_day",
        "agents.0.unsecured_cap",
        "agents.0.policy",
        "agents.0.limits",
        "agents.0.arrival_config",
        "agents.0.liquidity_pool",
        "agents.0.collateral_haircut",
        "cost_rates.eod_penalty",
    ],
)
def test_none_means_absent(place: str) -> None:
    absent = changed(place, None)
    container: Any = absent
    *steps, last = place.split(".")
    for step in steps:
        container = container[int(step) if step.isdigit() else step]
    given_none = Scenario(absent)
    del container[last]
    assert given_none == Scenario(absent)


def test_whole_numbers_of_many_kinds_are_amounts() -> None:
    numpy = pytest.importorskip("numpy", reason="NumPy is not installed")
    for value in (Decimal(1_000), numpy.int64(1_000), numpy.int16(1_000), numpy.uint64(1_000)):
        scenario = Scenario(changed("agents.0.opening_balance", value, worlds.idle()))
        assert scenario == Scenario(worlds.idle())


@pytest.mark.parametrize("value", [1_000.0, Decimal("1000.0"), Decimal("1E+3"), "1000"])
def test_an_amount_is_a_whole_number(value: Any) -> None:
    with pytest.raises(ScenarioError, match="whole minor units"):
        Scenario(changed("agents.0.opening_balance", value, worlds.idle()))


def test_decimals_and_numpy_floats_are_rates() -> None:
    numpy = pytest.importorskip("numpy", reason="NumPy is not installed")
    of = [
        Scenario(changed("agents.0.arrival_config.rate_per_tick", rate))
        for rate in (0.25, Decimal("0.25"), numpy.float64(0.25), numpy.float32(0.25))
    ]
    assert len({scenario.fingerprint for scenario in of}) == 1


def test_tuples_are_lists_and_subclasses_are_what_they_hold() -> None:
    class Dict(dict[str, Any]):
        pass

    class Text(str):
        pass

    class Whole(int):
        pass

    config = worlds.idle()
    other = Dict(
        simulation=Dict(config["simulation"]),
        agents=tuple(
            Dict(id=Text(agent["id"]), opening_balance=Whole(agent["opening_balance"]))
            for agent in config["agents"]
        ),
    )
    assert Scenario(other) == Scenario(config)


def test_overrides_by_path() -> None:
    scenario = Scenario(
        worlds.busy(),
        seed=99,
        overrides={
            "agents.A.opening_balance": 7,
            "simulation.num_days": 1,
            "cost_rates.eod_penalty": 123,
            "agents.B.limits": {"bilateral_limits": {"A": 5}},
        },
    )
    live = Orchestrator(scenario)
    assert scenario.seed == 99
    assert scenario.num_days == 1
    assert live.get_agent_balance("A") == 7
    assert live.get_agent_limits("B")["bilateral_limits"] == {"A": 5}
    direct = worlds.busy(seed=99, days=1)
    direct["agents"][0]["opening_balance"] = 7
    direct["agents"][1]["limits"] = {"bilateral_limits": {"A": 5}}
    direct["cost_rates"]["eod_penalty"] = 123
    assert scenario == Scenario(direct)


def test_overrides_add_up() -> None:
    base = Scenario(worlds.busy(), overrides={"agents.A.opening_balance": 7})
    both = Scenario(base, overrides={"agents.B.opening_balance": 8}, seed=3)
    assert Orchestrator(both).balances() == {"A": 7, "B": 8, "C": 20_000}
    assert Scenario(both, seed=4).seed == 4
    assert base.seed == 11


@pytest.mark.parametrize(
    ("overrides", "error"),
    [
        ({"agents.Z.opening_balance": 7}, ScenarioError),
        ({"agents.A.opening_balance": "x"}, ScenarioError),
        ({"agents.A.opening_balance": object()}, ScenarioError),
        ({"agents.A=B": 7}, ValueError),
        ({5: 7}, TypeError),
        ([("agents.A.opening_balance", 7)], TypeError),
        ("agents.A.opening_balance=7", TypeError),
        (7, TypeError),
    ],
)
def test_overrides_that_are_refused(overrides: Any, error: type[Exception]) -> None:
    for call in (Scenario, run_scenario):
        with pytest.raises(error):
            call(worlds.busy(), overrides=overrides)


@pytest.mark.parametrize("seed", [-1, 2**64, 1.5, "1", [1]])
def test_seeds_that_are_refused(seed: Any) -> None:
    for call in (Scenario, run_scenario):
        with pytest.raises((TypeError, OverflowError)):
            call(worlds.busy(), seed=seed)


def policies_of(scenario: Scenario) -> list[str]:
    policies = Orchestrator(scenario).get_agent_policies()
    return [policy["policy_config"]["policy_id"] for policy in policies]


def test_policies_by_name_and_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(worlds.HOLD), encoding="utf-8")
    config = worlds.busy()

    def under(policies: Any) -> list[str]:
        return policies_of(Scenario(config, policies=policies))

    assert under(None) == ["fifo"] * 3
    assert under("deadline") == ["deadline"] * 3
    assert under(str(path)) == ["mine"] * 3
    assert under({"A": "deadline"}) == ["deadline", "fifo", "fifo"]
    assert under({"A": str(path), "*": "deadline"}) == ["mine", "deadline", "deadline"]
    assert under({"*": "deadline", "A": str(path)}) == ["mine", "deadline", "deadline"]
    assert under({}) == ["fifo"] * 3


def test_policies_by_document() -> None:
    for policies, expected in (
        ({"B": worlds.HOLD}, ["fifo", "mine", "fifo"]),
        ({"*": worlds.HOLD, "A": "deadline"}, ["deadline", "mine", "mine"]),
    ):
        assert policies_of(Scenario(worlds.busy(), policies=policies)) == expected


def test_every_policy_of_the_library_runs() -> None:
    names = [name for name, _ in library_policies()]
    assert len(names) > 5
    assert len(set(names)) == len(names)
    assert all(intent for _, intent in library_policies())
    for name in names:
        assert run_scenario(worlds.busy(ticks=10), policies=name).is_complete


@pytest.mark.parametrize(
    ("policies", "error"),
    [
        ("nonsense", ScenarioError),
        ({"Z": "deadline"}, ScenarioError),
        ({"A": "nonsense"}, ScenarioError),
        ({"A": {}}, (ScenarioError, PolicyError)),
        ({"A": {"policy_id": "x"}}, (ScenarioError, PolicyError)),
        ({"A": 5}, (ScenarioError, PolicyError)),
        ({"A": object()}, ScenarioError),
        ({"A=B": "deadline"}, ValueError),
        ({5: "deadline"}, TypeError),
        (5, TypeError),
        (["deadline"], TypeError),
        ("\0", ScenarioError),
    ],
)
def test_policies_that_are_refused(policies: Any, error: Any) -> None:
    with pytest.raises(error):
        Scenario(worlds.busy(), policies=policies)


def test_what_a_scenario_says_of_itself() -> None:
    scenario = Scenario(worlds.busy())
    assert scenario.agent_ids == ["A", "B", "C"]
    assert (scenario.ticks_per_day, scenario.num_days, scenario.seed) == (50, 2, 11)
    assert scenario.num_payments == 0
    assert scenario.currency == "EUR"
    assert scenario.source == "scenario"
    assert json.loads(scenario.text) == worlds.busy()
    assert repr(scenario) == "<Scenario scenario: 3 agents, 2 days of 50 ticks, seed 11>"
    assert len(scenario.fingerprint) == 64
    assert int(scenario.fingerprint, 16) >= 0
    page = scenario._repr_html_()
    assert page.startswith("<details><summary>Scenario scenario: 3 agents")
    assert "opening_balance" in page


def test_html_of_a_scenario_is_escaped() -> None:
    agents = [{"id": "<b>&", "opening_balance": 1}, {"id": "B", "opening_balance": 1}]
    page = Scenario(worlds.idle() | {"agents": agents})._repr_html_()
    assert "<b>" not in page
    assert "&lt;b&gt;&amp;" in page


def test_scenarios_are_equal_by_content() -> None:
    one, same, other = Scenario(worlds.busy()), Scenario(worlds.busy()), Scenario(worlds.idle())
    assert one == same
    assert hash(one) == hash(same)
    assert one != other
    assert one != "scenario"
    assert len({one, same, other}) == 2
    assert one != Scenario(one, seed=12)
    assert one == Scenario(one, seed=11)


def test_a_file_keeps_its_text_and_name(tmp_path: Path) -> None:
    path = tmp_path / "day.yaml"
    text = "# mine\nsimulation: {ticks_per_day: 4, num_days: 1}\nagents:\n"
    text += "  - {id: Ä, opening_balance: 1_000}\n  - {id: B, opening_balance: 1}\n"
    path.write_text(text, encoding="utf-8")
    scenario = Scenario(path)
    assert scenario.text == text
    assert scenario.source == str(path)
    assert scenario.agent_ids == ["B", "Ä"]


def test_the_sample_scenarios_load() -> None:
    names = sorted((worlds.REPOSITORY / "scenarios").glob("*.yaml"))
    assert len(names) > 20
    for path in names:
        if path.name != "t2_day.yaml":  # large
            assert Scenario(path).agent_ids


def test_a_scenario_reads_files_of_its_folder_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    monkeypatch.chdir(own)
    (tmp_path / "p.csv").write_text("tick,sender,receiver,amount\n0,A,B,5\n", encoding="utf-8")
    config = {
        "ticks_per_day": 1,
        "num_days": 1,
        "payments": "../p.csv",
        "agents": [{"id": "A", "opening_balance": 9}, {"id": "B", "opening_balance": 9}],
    }
    (own / "s.json").write_text(json.dumps(config), encoding="utf-8")
    for given in (config, own / "s.json"):
        for call in ENTRY_POINTS:
            with pytest.raises(ScenarioError, match="outside the scenario's folder") as caught:
                call(given)
            assert "allow_outside=True" in str(caught.value)
        allowed = Scenario(given, allow_outside=True)
        assert allowed.num_payments == 1
        # What is allowed stays so for what is made of it.
        assert Scenario(allowed, overrides={"agents.A.opening_balance": 8}).num_payments == 1
        assert run_scenario(given, allow_outside=True).ticks_done == 1
        for call in ENTRY_POINTS:
            call(allowed)
