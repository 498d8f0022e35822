"""Tables of runs: what others read of them, and that they add up."""

from __future__ import annotations

from typing import Any

import pytest

from payment_simulator import (
    Orchestrator,
    Run,
    run_scenario,
)

from . import worlds
from .tables import COSTS, FRAMES, frame


@pytest.mark.parametrize("name", FRAMES)
def test_frames_have_named_columns_of_one_length(run: Run, name: str) -> None:
    table = frame(run, name)
    assert table.shape == (len(table), len(table.columns))
    assert len(set(table.columns)) == len(table.columns)
    assert list(table.to_dict()) == table.columns
    described = table.describe()
    assert list(described) == table.columns
    for column in table.columns:
        assert len(table[column]) == len(table)
        assert table[column] == table.to_dict()[column]
        assert tuple(described[column]) == ("doc", "unit", "type")
        assert described[column]["type"]
    size = f"{len(table)} rows \N{MULTIPLICATION SIGN} {len(table.columns)} columns"
    assert repr(table).startswith(f"<Frame: {size}: ")


@pytest.mark.parametrize("name", ["seq ", "", "SEQ", "a\0", "Ä"])
def test_unknown_columns(run: Run, name: str) -> None:
    with pytest.raises(KeyError, match="there is no column"):
        run.events[name]
    with pytest.raises(TypeError):
        run.events[0]  # type: ignore[index]


@pytest.mark.parametrize("name", FRAMES)
def test_polars_reads_frames(run: Run, name: str) -> None:
    polars = pytest.importorskip("polars", reason="polars is not installed")
    table = frame(run, name)
    read = polars.DataFrame(table)
    assert read.columns == table.columns
    assert read.to_dict(as_series=False) == table.to_dict()
    assert table.to_polars().equals(read)


@pytest.mark.parametrize("name", FRAMES)
def test_pyarrow_reads_frames(run: Run, name: str) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    table = frame(run, name)
    read = pyarrow.table(table)
    read.validate(full=True)
    assert read.to_pydict() == table.to_dict()
    assert table.to_arrow().equals(read)
    units = {field.name: (field.metadata or {}).get(b"unit", b"").decode() for field in read.schema}
    assert units == {column: it["unit"] for column, it in table.describe().items()}


@pytest.mark.parametrize("name", FRAMES)
def test_duckdb_reads_frames(run: Run, name: str) -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    table = frame(run, name)
    relation = duckdb.connect().from_arrow(table)
    rows = relation.fetchall()
    columns = {column: [row[index] for row in rows] for index, column in enumerate(table.columns)}
    assert columns == table.to_dict()


@pytest.mark.parametrize("name", FRAMES)
def test_pandas_reads_frames(run: Run, name: str) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    table = frame(run, name)
    read = table.to_pandas()
    assert isinstance(read, pandas.DataFrame)
    assert list(read.columns) == table.columns
    for column in table.columns:
        expected = table[column]
        absent = read[column].isna().tolist()
        assert absent == [value is None for value in expected]
        values = read[column].tolist()
        for value, wanted in zip(values, expected, strict=True):
            if wanted is not None:
                assert (list(value) if isinstance(wanted, list) else value) == wanted


def test_pandas_keeps_money_whole() -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    config = worlds.idle()
    large = 2**53 + 1
    config["agents"][0]["opening_balance"] = large
    table = run_scenario(config).events
    assert large in table["opening_balance"]
    assert large in table.to_pandas()["opening_balance"].dropna().astype("int64").tolist()


def test_a_table_is_not_copied(run: Run) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    table = run.agents_by_tick

    def addresses() -> list[int]:
        column = pyarrow.table(table)["balance"].chunk(0)
        return [buffer.address for buffer in column.buffers() if buffer is not None]

    assert addresses() == addresses()
    assert addresses()


def test_a_table_outlives_its_run() -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    run = run_scenario(worlds.busy())
    expected = run.events.to_dict()
    table = pyarrow.table(run.events)
    del run
    import gc

    gc.collect()
    assert table.to_pydict() == expected


def test_a_stream_may_be_left_unread(run: Run) -> None:
    for _ in range(100):
        capsule = run.events.__arrow_c_stream__()
        assert "arrow_array_stream" in repr(capsule)
        del capsule
    assert run.events.__arrow_c_stream__(requested_schema=None) is not None


def test_a_stream_is_read_once(run: Run) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")

    class Once:
        def __init__(self) -> None:
            self.capsule = run.events.__arrow_c_stream__()

        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return self.capsule

    once = Once()
    assert len(pyarrow.table(once)) == len(run.events)
    with pytest.raises(pyarrow.ArrowInvalid):
        pyarrow.table(once)


@pytest.mark.parametrize("config", [worlds.busy(), worlds.flat(), worlds.three()])
def test_numpy_balances_are_those_of_the_table(config: dict[str, Any]) -> None:
    numpy = pytest.importorskip("numpy", reason="NumPy is not installed")
    run = run_scenario(config)
    balances = run.balances
    assert balances.dtype == numpy.int64
    assert balances.shape == (run.ticks_done, len(run.agent_ids))
    table = run.agents_by_tick
    rows = zip(table["tick"], table["agent_id"], table["balance"], strict=True)
    for tick, agent, balance in rows:
        assert balances[tick, run.agent_index(agent)] == balance
    assert run.balances is balances


def test_balances_are_those_after_each_tick(run: Run) -> None:
    live = Orchestrator(worlds.busy())
    for tick in range(100):
        live.tick()
        assert dict(zip(run.agent_ids, run.balances[tick].tolist(), strict=True)) == live.balances()


@pytest.mark.parametrize("config", [worlds.busy(), worlds.flat()])
def test_money_is_conserved(config: dict[str, Any]) -> None:
    run = run_scenario(config)
    agents = config["agents"] if "agents" in config else config["agent_configs"]
    opening = sum(agent["opening_balance"] for agent in agents)
    assert set(run.balances.sum(axis=1).tolist()) == {opening}


def test_events_are_rows_of_the_events_frame(run: Run) -> None:
    live = Orchestrator(worlds.busy())
    live.run()
    table = run.events
    columns = table.to_dict()
    for index, event in enumerate(live.events()):
        row = {column: values[index] for column, values in columns.items()}
        assert {key: row[key] for key in event} == event
        assert all(value is None for key, value in row.items() if key not in event)


def test_events_of_one_type(run: Run) -> None:
    arrivals = run.events_of("Arrival")
    types = run.events["event_type"]
    assert len(arrivals) == types.count("Arrival")
    seqs = [seq for seq, kind in zip(run.events["seq"], types, strict=True) if kind == "Arrival"]
    assert arrivals["seq"] == seqs
    assert "opening_balance" not in arrivals.columns
    with pytest.raises(ValueError, match="no event type `Nonsense`"):
        run.events_of("Nonsense")


def test_every_event_type_has_a_table(run: Run) -> None:
    for kind in set(run.events["event_type"]):
        table = run.events_of(kind)
        assert len(table) > 0
        assert set(table.columns) <= set(run.events.columns) | {"event_type"}


def test_tables_add_up(run: Run) -> None:
    costs, by_tick, ticks = run.costs, run.agents_by_tick, run.ticks
    total = run.summary["costs"]["total"]
    assert (
        sum(costs["total_cost"]) == sum(by_tick["total_cost"]) == sum(ticks["total_cost"]) == total
    )
    for kind in COSTS:
        assert sum(costs[kind]) == sum(by_tick[kind]) == run.summary["costs"][kind]
    payments, pairs = run.transactions, run.pairs
    top = [row for row, parent in enumerate(payments["parent_tx_id"]) if parent is None]
    arrived = run.summary["payments"]["arrived"]
    assert (
        len(top) == sum(pairs["payment_count"]) == sum(ticks["arrived_count"]) == arrived["count"]
    )
    assert sum(payments["amount"][row] for row in top) == sum(pairs["payment_value"])
    assert sum(ticks["arrived_value"]) == arrived["value"]
    settled = run.summary["payments"]["settled"]
    assert payments["status"].count("settled") == settled["count"]
    assert sum(pairs["settled_value"]) == settled["value"]


def test_costs_are_those_of_the_orchestrator(run: Run) -> None:
    live = Orchestrator(worlds.busy())
    live.run()
    table = run.costs
    for row, agent in enumerate(table["agent_id"]):
        asked = live.costs(table["day"][row])[agent]
        for kind in (*COSTS, "total_cost"):
            assert table[kind][row] == asked[kind]


def test_the_transactions_frame_agrees_with_the_orchestrator(run: Run) -> None:
    live = Orchestrator(worlds.busy())
    live.run()
    rows = [row for day in (0, 1) for row in live.get_transactions_for_day(day)]
    table = run.transactions
    for ours, theirs in (
        ("tx_id", "tx_id"),
        ("sender_id", "sender_id"),
        ("amount", "amount"),
        ("settled_tick", "settlement_tick"),
        ("delay_ticks", "total_delay_ticks"),
        ("overdue_since_tick", "overdue_since_tick"),
    ):
        assert table[ours] == [row[theirs] for row in rows]


def test_bulk_results_are_made_once(run: Run) -> None:
    assert run.events is run.events
    assert run.summary is run.summary
    assert run.costs is run.costs


def beyond_64_bits(most: int) -> Orchestrator:
    free = {"overdraft_bps_per_tick": 0, "delay_cost_per_tick_per_cent": 0}
    live = Orchestrator(worlds.three() | {"cost_rates": free})
    for _ in range(3):
        live.submit_transactions_batch(
            [
                {"sender": sender, "receiver": receiver, "amount": most, "deadline_tick": 3}
                for sender, receiver in ("AB", "BC", "CA")
            ]
        )
    live.run()
    return live


def test_summaries_tell_totals_beyond_64_bits_as_digits() -> None:
    run = Run.of(beyond_64_bits(2**62))
    assert run.summary["payments"]["arrived"]["value"] == str(9 * 2**62)


def test_totals_beyond_64_bits_stay_whole() -> None:
    most = 2**62
    live = beyond_64_bits(most)
    run = Run.of(live)
    assert live.queues()["queue2"]["value"] == 9 * most
    assert sum(run.ticks["arrived_value"]) == 9 * most
    assert run.ticks["arrived_value"][0] == 9 * most
    assert run.ticks.to_polars()["arrived_value"][0] == 9 * most
