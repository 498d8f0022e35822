"""Many runs: one table, the same whatever the number of threads."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from payment_simulator import (
    Frame,
    Orchestrator,
    Scenario,
    ScenarioError,
    _core,
    run_many,
    run_scenario,
    study,
)

from . import worlds

COLUMNS = [
    "run",
    "seed",
    "policies",
    "overrides",
    "arrived_count",
    "arrived_value",
    "settled_count",
    "settled_value",
    "unsettled_count",
    "unsettled_value",
    "mean_delay_ticks",
    "delay_indicator",
    "liquidity_used",
    "turnover_ratio",
    "num_events",
    "total_cost",
]
COSTS = [
    "liquidity_cost",
    "delay_cost",
    "collateral_cost",
    "penalty_cost",
    "split_friction_cost",
    "liquidity_opportunity_cost",
]


def test_the_columns_are_those_of_the_docstring() -> None:
    table = run_many(worlds.busy())
    assert table.columns == COLUMNS + COSTS
    assert table.shape == (1, 22)
    assert [column for column in COLUMNS if f"``{column}``" not in str(run_many.__doc__)] == []


def test_the_table_is_that_of_single_runs() -> None:
    config = worlds.busy()
    table = run_many(config, seeds=[3, 1, 2**64 - 1], policies=[None, "deadline"]).to_dict()
    assert table["seed"] == [3, 1, 2**64 - 1] * 2
    for row, seed in enumerate(table["seed"]):
        policies = None if row < 3 else "deadline"
        run = run_scenario(config, seed=seed, policies=policies)
        summary, liquidity = run.summary, run.measures["liquidity"]["all"]
        payments, delay = summary["payments"], summary["delay"]
        for name in ("arrived", "settled", "unsettled"):
            assert table[f"{name}_count"][row] == payments[name]["count"]
            assert table[f"{name}_value"][row] == payments[name]["value"]
        assert table["delay_indicator"][row] == delay["indicator"]
        assert table["liquidity_used"][row] == liquidity["used"]
        assert table["turnover_ratio"][row] == liquidity["turnover_ratio"]
        assert table["num_events"][row] == summary["run"]["events"]
        assert table["total_cost"][row] == summary["costs"]["total"]
        for kind in COSTS:
            assert table[kind][row] == summary["costs"][kind]


def test_the_table_is_the_same_for_any_number_of_threads() -> None:
    tables = [
        run_many(worlds.busy(), seeds=12, threads=threads, by_agent=by_agent).to_dict()
        for by_agent in (False, True)
        for threads in (1, 2, 7, None)
    ]
    assert all(table == tables[0] for table in tables[:4])
    assert all(table == tables[4] for table in tables[4:])
    assert len(set(tables[0]["total_cost"])) > 1


@pytest.mark.parametrize(
    ("seeds", "expected"),
    [
        (None, [11]),
        (3, [0, 1, 2]),
        (0, []),
        ([5, 5], [5, 5]),
        (range(2, 4), [2, 3]),
        ((seed for seed in (9, 8)), [9, 8]),
        ({4}, [4]),
        ([], []),
    ],
)
def test_seeds(seeds: Any, expected: list[int]) -> None:
    table = run_many(worlds.busy(ticks=5), seeds=seeds)
    assert table["seed"] == expected
    assert table["run"] == list(range(len(expected)))
    assert len(table.to_polars()) == len(expected)


def test_seeds_out_of_numpy() -> None:
    numpy = pytest.importorskip("numpy", reason="NumPy is not installed")
    assert run_many(worlds.busy(ticks=5), seeds=numpy.arange(3))["seed"] == [0, 1, 2]


def test_numbers_that_are_set_are_columns() -> None:
    balance, rate = "agents.A.opening_balance", "cost_rates.overdraft_bps_per_tick"
    table = run_many(
        worlds.busy(ticks=5),
        seeds=2,
        overrides={
            "own": None,
            "poor": {balance: 0, "queue_discipline": "fifo", "priority_mode": True},
            "rich": {balance: 10**9, rate: 0.25},
            "more": {balance: Decimal(7), rate: 2},
        },
    )
    assert table.columns[22:] == [balance, rate]
    assert table[balance] == [None, None, 0, 0, 10**9, 10**9, 7, 7]
    assert table[rate] == [None] * 4 + [0.25, 0.25, 2.0, 2.0]
    by_agent = run_many(worlds.busy(ticks=5), by_agent=True, overrides=[{balance: 5}])
    assert by_agent[balance] == [5, 5, 5]
    assert balance in table.describe()[balance]["doc"]


def test_a_star_sets_each_agent() -> None:
    each = "agents.*.opening_balance"
    star = run_many(worlds.busy(ticks=5), seeds=3, overrides=[{each: 70_000}])
    by_name = {f"agents.{agent}.opening_balance": 70_000 for agent in "ABC"}
    named = run_many(worlds.busy(ticks=5), seeds=3, overrides=[by_name])
    assert star[each] == [70_000] * 3
    for column in ("settled_value", "liquidity_used", "total_cost"):
        assert star[column] == named[column]


def test_a_number_under_an_unknown_key_takes_no_column_of_another() -> None:
    with pytest.warns(UserWarning, match="total_cost"):
        table = run_many(worlds.busy(ticks=5), overrides=[{"total_cost": 5}])
    assert table.columns == COLUMNS + COSTS


def test_policies_are_given_as_in_a_scenario() -> None:
    urgent = {"type": "Deadline", "urgency_threshold": 2}
    library = {"type": "Library", "name": "deadline", "params": {"urgency_threshold": 2}}
    expected = run_scenario(worlds.busy() | {"policy": urgent})
    for policies in (urgent, library, {"*": library}, {"A": urgent, "B": library, "C": library}):
        run = run_scenario(worlds.busy(), policies=policies)
        assert run.stream_hash == expected.stream_hash
        table = run_many(worlds.busy(), policies=[policies])
        assert table["total_cost"] == [expected.summary["costs"]["total"]]
    with pytest.raises(ScenarioError, match="Libary"):
        run_scenario(worlds.busy(), policies={"*": {"type": "Libary", "name": "deadline"}})
    with pytest.raises(ValueError, match=r'this is one policy: write \[\{"type": …\}\]'):
        run_many(worlds.busy(), policies=cast("Any", library))


def test_liquidity_by_agent_is_that_of_the_measures() -> None:
    config = worlds.busy()
    table = run_many(config, by_agent=True)
    agents = run_scenario(config).measures["liquidity"]["by_agent"]
    assert table["agent_id"] == [agent["agent_id"] for agent in agents]
    assert table["liquidity_used"] == [agent["used"] for agent in agents]
    assert table["turnover_ratio"] == [agent["turnover_ratio"] for agent in agents]
    assert sum(table["liquidity_used"]) > 0


def test_names_of_settings() -> None:
    def names(**settings: Any) -> list[tuple[str, str]]:
        table = run_many(worlds.busy(ticks=5), **settings)
        return list(zip(table["policies"], table["overrides"], strict=True))

    assert names() == [("own", "none")]
    assert names(policies=["fifo", None]) == [("fifo", "none"), ("own", "none")]
    assert names(policies="fifo") == [("fifo", "none")]
    assert names(policies=Path("fifo")) == [("fifo", "none")]
    assert names(policies={"calm": {"A": "deadline"}, "own": None}) == [
        ("calm", "none"),
        ("own", "none"),
    ]
    assert names(policies=[{"A": "deadline", "*": "fifo"}]) == [("A=deadline, *=fifo", "none")]
    library = {"type": "Library", "name": "deadline", "params": {"urgency_threshold": 2}}
    assert names(policies=[library, {"A": library}, {"A": worlds.HOLD}]) == [
        ("type=Library, name=deadline, params={urgency_threshold=2}", "none"),
        ("A={type=Library, name=deadline, params={urgency_threshold=2}}", "none"),
        ("A=mine", "none"),
    ]
    assert names(overrides=[{"agents.A.opening_balance": 5}, None]) == [
        ("own", "agents.A.opening_balance=5"),
        ("own", "none"),
    ]
    assert names(
        policies={"p": "fifo", "q": None}, overrides={"x": None, "y": {"queue_discipline": "fifo"}}
    ) == [("p", "x"), ("p", "y"), ("q", "x"), ("q", "y")]
    assert names(policies=[]) == names(overrides={}) == []


def test_every_combination_is_run_in_order() -> None:
    table = run_many(
        worlds.busy(ticks=5),
        seeds=[1, 2],
        policies={"p": "fifo", "q": "deadline"},
        overrides={"x": None, "y": {"agents.A.opening_balance": 0}},
    ).to_dict()
    assert table["run"] == list(range(8))
    assert table["seed"] == [1, 2] * 4
    assert table["policies"] == ["p"] * 4 + ["q"] * 4
    assert table["overrides"] == ["x", "x", "y", "y"] * 2
    assert table["arrived_value"][0] == table["arrived_value"][2] == table["arrived_value"][4]


def test_overrides_may_change_what_there_is() -> None:
    agents = worlds.idle()["agents"]
    table = run_many(
        worlds.busy(ticks=5), by_agent=True, overrides={"own": None, "two": {"agents": agents}}
    )
    assert table["agent_id"] == ["A", "B", "C", "A", "B"]


def test_costs_by_agent_add_up_to_those_of_the_run() -> None:
    config = worlds.busy()
    by_run = run_many(config, seeds=5).to_dict()
    by_agent = run_many(config, seeds=5, by_agent=True).to_dict()
    assert by_agent["agent_id"] == ["A", "B", "C"] * 5
    for column in ["total_cost", *COSTS]:
        sums = [0] * 5
        for run, cost in zip(by_agent["run"], by_agent[column], strict=True):
            sums[run] += cost
        assert sums == by_run[column]
    assert sum(by_run["total_cost"]) > 0


def test_costs_by_agent_are_those_of_the_orchestrator() -> None:
    live = Orchestrator(worlds.busy())
    live.run()
    table = run_many(worlds.busy(), by_agent=True).to_dict()
    for row, agent in enumerate(table["agent_id"]):
        asked = live.get_agent_accumulated_costs(agent)
        assert {kind: table[kind][row] for kind in COSTS} == {kind: asked[kind] for kind in COSTS}


def test_money_is_whole() -> None:
    table = run_many(worlds.busy(), seeds=2)
    for column in table.columns:
        if column.endswith(("value", "cost", "count")):
            assert {type(value) for value in table[column]} == {int}
    assert table.describe()["total_cost"]["unit"] == "minor units"


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"threads": 0}, ValueError, "at least 1"),
        ({"threads": -1}, OverflowError, None),
        ({"threads": 1.5}, TypeError, "`threads`: expected an int, got float"),
        ({"seeds": -1}, ValueError, "must not be negative"),
        ({"seeds": [-1]}, OverflowError, r"`seeds\[0\]`: "),
        ({"seeds": [2**64]}, OverflowError, None),
        ({"seeds": [7, 1.5]}, TypeError, r"`seeds\[1\]`: expected an int, got float"),
        ({"seeds": [True]}, TypeError, r"`seeds\[0\]`: expected an int, got bool"),
        ({"seeds": "12"}, TypeError, r"`seeds\[0\]`: expected an int, got str"),
        ({"seeds": 1.5}, TypeError, "`seeds`: expected a number of seeds .*, got float"),
        ({"seeds": True}, TypeError, "`seeds`: expected a number of seeds .*, got bool"),
        ({"seeds": 10**30}, ValueError, "4,000,000"),
        ({"policies": 5}, TypeError, "`policies`: expected a list or a dict .*, got int"),
        ({"policies": [5]}, TypeError, "`policies`: expected a name, a path or a dict, got int"),
        ({"policies": {"a": 5}}, TypeError, "`policies`: expected .*, got int"),
        ({"policies": {5: "fifo"}}, TypeError, "`policies`: expected names .*, got int"),
        ({"policies": [{5: "fifo"}]}, TypeError, "`policies`: expected keys .*, got int"),
        ({"policies": ["nonsense"]}, ScenarioError, "nonsense"),
        ({"policies": [{"Z": "fifo"}]}, ScenarioError, "`Z`"),
        ({"overrides": 5}, TypeError, "`overrides`: expected a list or a dict .*, got int"),
        ({"overrides": [5]}, TypeError, "`overrides` lists settings .*, and `5` is int"),
        ({"overrides": {"agents.A.opening_balance": 5}}, TypeError, "lists settings or names"),
        ({"overrides": ["agents.A.opening_balance=5"]}, TypeError, None),
        ({"overrides": [{"agents.Z.opening_balance": 5}]}, ScenarioError, "`Z`"),
        ({"overrides": [{"simulation.num_days": 0}]}, ScenarioError, "num_days"),
    ],
)
def test_settings_that_are_refused(
    given: dict[str, Any], error: type[Exception], message: str | None
) -> None:
    with pytest.raises(error, match=message):
        run_many(worlds.busy(ticks=5), **given)


def test_more_seeds_than_can_be_run_are_refused() -> None:
    with pytest.raises((ValueError, OverflowError)):
        run_many(worlds.idle(), seeds=2**62)


def slow(seeds: int = 400) -> dict[str, Any]:
    return {"config": worlds.busy(days=20), "seeds": seeds}


class Seen(list[tuple[int, int]]):
    def __call__(self, done: int, total: int) -> None:
        self.append((done, total))


def test_progress_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Seen()
    asked: list[tuple[str, bool | None]] = []

    def bar(what: str, show: bool | None) -> Seen:
        asked.append((what, show))
        return seen

    monkeypatch.setattr(study, "progress_bar", bar)
    table = run_many(**slow(60), progress=True)
    assert asked == [("runs", True)]
    assert seen[-1] == (60, 60)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert {total for _, total in seen} == {60}
    assert len(table) == 60


def test_an_exception_in_the_progress_callback_is_raised() -> None:
    class Enough(Exception):
        pass

    calls = []

    def bar(done: int, total: int) -> None:
        calls.append(done)
        raise Enough

    scenario = Scenario(worlds.busy(days=20))
    with pytest.raises(Enough):
        _core.run_many(
            scenario,
            seeds=list(range(2_000)),
            policies=[("own", None)],
            overrides=[("none", None)],
            threads=2,
            by_agent=False,
            progress=bar,
        )
    assert len(calls) == 1
    assert calls[0] < 2_000
    assert len(run_many(scenario, seeds=2)) == 2  # the next call is none the worse for it


def test_a_progress_bar_is_drawn(capfd: pytest.CaptureFixture[str]) -> None:
    run_many(worlds.busy(ticks=5), seeds=3, progress=True)
    drawn = capfd.readouterr()
    assert "3 of 3 runs" in drawn.err
    assert drawn.err.endswith("\n")
    assert drawn.out == ""
    run_many(worlds.busy(ticks=5), seeds=3)
    assert capfd.readouterr().err == ""


def test_a_progress_bar_of_one_run(capfd: pytest.CaptureFixture[str]) -> None:
    run_scenario(worlds.busy(ticks=5), progress=True)
    assert "10 of 10 ticks" in capfd.readouterr().err
    run_scenario(worlds.busy(ticks=5), ticks=0, progress=True)
    assert "0 of 0 ticks" in capfd.readouterr().err


def test_a_process_without_stderr(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setattr(sys, "stderr", None)
    assert run_scenario(worlds.idle()).is_complete
    assert isinstance(run_many(worlds.idle()), Frame)


def test_a_setting_is_not_named_like_an_agent() -> None:
    with pytest.raises(ValueError, match="names settings, and `A` is an agent"):
        run_many(worlds.busy(), policies={"A": "deadline"})
