"""Whole runs: the same on every path, the same out of a file, and tables that others read."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from payment_simulator import (
    JournalError,
    Orchestrator,
    Run,
    Scenario,
    SimulationError,
    open_run,
    run_scenario,
    stored_runs,
)

from . import worlds
from .tables import FRAMES, frame


@pytest.mark.parametrize("config", [worlds.idle(), worlds.busy(), worlds.flat(), worlds.three()])
def test_every_path_gives_the_same_events(config: dict[str, Any], tmp_path: Path) -> None:
    path = worlds.write(tmp_path, config)
    live = Orchestrator(config)
    live.run()
    told = worlds.command("run", path, "--output", "json", "--quiet")
    assert told.returncode == 0, told.stderr
    summary = json.loads(told.stdout)
    ran = run_scenario(path)
    hashes = {ran.stream_hash, worlds.hash_of(live), summary["run"]["stream_hash"]}
    assert len(hashes) == 1
    assert ran.summary == Run.of(live).summary == summary
    assert ran.report() == Run.of(live).report()


def test_changes_are_those_of_the_command(tmp_path: Path) -> None:
    path = worlds.write(tmp_path, worlds.busy())
    ran = run_scenario(
        path,
        seed=5,
        overrides={"agents.A.opening_balance": 70_000},
        policies={"B": "deadline"},
        ticks=60,
    )
    told = worlds.command(
        "run", path, "--seed", "5", "--set", "agents.A.opening_balance=70000",
        "--policy", "B=deadline", "--ticks", "60",
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert re.findall(r"\b[0-9a-f]{64}\b", told.stdout)[-1] == ran.stream_hash
    assert told.stdout.startswith(ran.report().splitlines()[0])
    assert ran.ticks_done == 60
    assert not ran.is_complete


def test_sample_scenarios_are_those_of_the_command() -> None:
    for name in ("first_day", "gridlock", "splitting"):
        path = worlds.REPOSITORY / "scenarios" / f"{name}.yaml"
        told = worlds.command("run", path, "--output", "json", "--quiet")
        assert json.loads(told.stdout) == run_scenario(path).summary


def test_traced_decisions_are_recorded(run: Run) -> None:
    traced = run_scenario(worlds.busy(), trace_decisions=True, policies="deadline")
    plain = run_scenario(worlds.busy(), policies="deadline")
    assert any(traced.events["decision_path"])
    assert traced.stream_hash != plain.stream_hash
    assert traced.balances.tolist() == plain.balances.tolist()


@pytest.mark.parametrize("ticks", [0, 1, 49, 50, 51, 100])
def test_first_ticks(ticks: int) -> None:
    ran = run_scenario(worlds.busy(), ticks=ticks)
    assert ran.ticks_done == ticks
    assert ran.is_complete is (ticks == 100)
    assert ran.balances.shape == (ticks, 3)
    assert len(ran.agents_by_tick) == 3 * ticks
    assert len(ran.ticks) == ticks
    for name in FRAMES:
        assert len(frame(ran, name).to_polars()) == len(frame(ran, name))


def test_more_ticks_than_there_are_is_refused() -> None:
    with pytest.raises(SimulationError, match="101 ticks"):
        run_scenario(worlds.busy(), ticks=101)
    with pytest.raises(OverflowError):
        run_scenario(worlds.busy(), ticks=-1)
    with pytest.raises(TypeError):
        run_scenario(worlds.busy(), ticks=1.0)  # type: ignore[arg-type]


def test_what_a_run_says_of_itself(run: Run) -> None:
    assert repr(run) == f"<Run scenario: 3 agents, 100 ticks, {run.num_events:,} events>"
    assert repr(run_scenario(worlds.busy(), ticks=7)).startswith(
        "<Run scenario: 3 agents, 7 of 100 ticks, "
    )
    assert run.agent_ids == ["A", "B", "C"]
    assert (run.ticks_per_day, run.num_days, run.ticks_done) == (50, 2, 100)
    assert (run.currency, run.major, run.money_label) == ("EUR", 100, "EUR")
    assert run.num_events == len(run.events)
    assert run.scenario == Scenario(worlds.busy())
    assert (run.source, run.simulation_id) == ("scenario", None)
    assert run.agent_index("C") == 2
    assert re.fullmatch("[0-9a-f]{64}", run.stream_hash)
    page = run._repr_html_()
    assert page.startswith("<table>")
    assert f"{run.num_events:,}" in page


@pytest.mark.parametrize(("decimals", "costs"), [(0, "62,345"), (2, "623.45"), (3, "62.345")])
def test_html_writes_amounts_as_every_page_does(decimals: int, costs: str) -> None:
    config = worlds.idle() | {
        "currency": "XYZ",
        "currency_decimals": decimals,
        "cost_rates": {
            "deadline_penalty": 0,
            "delay_cost_per_tick_per_cent": 0,
            "eod_penalty": 62345,
        },
        "instructions": [
            {"type": "SubmitTransaction", "tick": 0, "sender": "B", "receiver": "A"}
            | {"amount": 600, "deadline_tick": 5}
        ],
    }
    assert f"XYZ {costs}<" in run_scenario(config)._repr_html_()


@pytest.mark.parametrize("config", [worlds.idle(), worlds.three()])
def test_html_without_payments_or_currency(config: dict[str, Any]) -> None:
    assert "none" in run_scenario(config)._repr_html_()


def test_the_summary_is_made_of_plain_values(run: Run) -> None:
    assert json.loads(json.dumps(run.summary)) == run.summary
    assert run.summary["run"]["stream_hash"] == run.stream_hash
    assert type(run.summary["costs"]["total"]) is int


def test_a_stored_run_gives_what_the_run_gave(tmp_path: Path) -> None:
    db = tmp_path / "runs.db"
    ran = run_scenario(worlds.busy(), persist=db, simulation_id="mine")
    read = open_run(db, "mine")
    assert ran.simulation_id == read.simulation_id == "mine"
    assert read.stream_hash == ran.stream_hash
    assert read.summary == ran.summary
    assert read.report() == ran.report()
    assert read.balances.tolist() == ran.balances.tolist()
    for name in FRAMES:
        assert frame(read, name).to_dict() == frame(ran, name).to_dict()
        assert frame(read, name).describe() == frame(ran, name).describe()
    assert (read.agent_ids, read.currency, read.source) == (["A", "B", "C"], "EUR", "scenario")
    assert (read.ticks_per_day, read.num_days, read.ticks_done) == (50, 2, 100)
    assert read.is_complete
    assert read.scenario is None
    assert repr(read) == repr(ran)


def test_persisting_changes_no_event(tmp_path: Path, run: Run) -> None:
    assert run_scenario(worlds.busy(), persist=tmp_path / "runs.db").stream_hash == run.stream_hash


def test_a_file_holds_many_runs(tmp_path: Path) -> None:
    db = str(tmp_path / "runs.db")
    ids = []
    for seed in (1, 2):
        ran = run_scenario(worlds.busy(), seed=seed, persist=db, ticks=50 * seed)
        assert ran.simulation_id
        ids.append(ran.simulation_id)
    stored = stored_runs(db)
    assert [row["simulation_id"] for row in stored] == ids
    assert [row["rng_seed"] for row in stored] == [1, 2]
    assert [row["ticks_done"] for row in stored] == [50, 100]
    for row, given in zip(stored, ids, strict=True):
        assert tuple(row) == (
            "simulation_id",
            "source",
            "rng_seed",
            "ticks_asked",
            "ticks_done",
            "events",
            "is_complete",
            "stream_hash",
            "created_at",
        )
        read = open_run(db, given)
        assert (read.stream_hash, read.num_events) == (row["stream_hash"], row["events"])
    with pytest.raises(JournalError, match=r"(?s)runs"):
        open_run(db)
    with pytest.raises(JournalError, match="nonsense"):
        open_run(db, "nonsense")


def test_an_id_is_kept_once(tmp_path: Path) -> None:
    db = tmp_path / "runs.db"
    first = run_scenario(worlds.busy(), persist=db, simulation_id="mine")
    with pytest.raises(JournalError, match="mine"):
        run_scenario(worlds.busy(), persist=db, simulation_id="mine", seed=9)
    assert open_run(db).stream_hash == first.stream_hash


def test_the_command_reads_what_python_keeps_and_the_other_way_round(tmp_path: Path) -> None:
    db = tmp_path / "runs.db"
    path = worlds.write(tmp_path, worlds.busy())
    ran = run_scenario(path, persist=db, simulation_id="python")
    told = worlds.command("replay", "python", "--db", db)
    if told.returncode:
        told = worlds.command("replay", db, "--simulation-id", "python")
    assert told.returncode == 0, told.stderr
    assert ran.stream_hash in told.stdout
    kept = worlds.command("run", path, "--persist", db, "--simulation-id", "command", "--quiet")
    assert kept.returncode == 0, kept.stderr
    assert open_run(db, "command").stream_hash == ran.stream_hash


@pytest.mark.parametrize("call", [open_run, stored_runs])
def test_files_that_are_no_run_databases(call: Any, tmp_path: Path) -> None:
    text = tmp_path / "text.db"
    text.write_text("This is no database. " * 1_000, encoding="utf-8")
    empty = tmp_path / "empty.db"
    empty.touch()
    for path in (tmp_path / "missing.db", text, empty, tmp_path, "", "\0"):
        with pytest.raises(JournalError) as caught:
            call(path)
        assert isinstance(caught.value, OSError)
        assert str(caught.value)
    assert text.read_text(encoding="utf-8").startswith("This is no database.")
    assert not (tmp_path / "missing.db").exists()


def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    db = tmp_path / "runs.db"
    ran = run_scenario(worlds.busy(), persist=db)
    whole = db.read_bytes()
    refused = 0
    for place in range(0, len(whole), len(whole) // 60):
        db.write_bytes(
            whole[:place]
            + bytes(255 - byte for byte in whole[place : place + 8])
            + whole[place + 8 :]
        )
        try:
            read = open_run(db)
        except JournalError:
            refused += 1
        else:
            assert read.stream_hash == ran.stream_hash
    for length in range(0, len(whole), len(whole) // 20):
        db.write_bytes(whole[:length])
        with pytest.raises(JournalError):
            open_run(db)
    assert refused


@pytest.mark.parametrize("place", ["missing/runs.db", ".", "text.db"])
def test_where_a_run_cannot_be_kept(place: str, tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("not yours", encoding="utf-8")
    with pytest.raises(JournalError):
        run_scenario(worlds.busy(), persist=tmp_path / place)
    assert (tmp_path / "text.db").read_text(encoding="utf-8") == "not yours"


def test_altered_events_do_not_pass_for_the_run(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    run_scenario(worlds.busy(), persist=path, simulation_id="mine")
    with sqlite3.connect(path) as db:
        db.execute("UPDATE runs SET stream_hash = ?", ("0" * 64,))
    with pytest.raises(JournalError, match="are not those of the run"):
        open_run(path)


def said(*arguments: str) -> str:
    """What the command line prints."""
    done = worlds.command(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("ticks", [None, 7])
def test_reports_and_lives_are_those_of_the_command_line(tmp_path: Path, ticks: int | None) -> None:
    path = str(tmp_path / "runs.db")
    live = run_scenario(worlds.busy(), ticks=ticks, persist=path, simulation_id="mine")
    said("report", path, "-o", str(tmp_path / "page.html"))
    for run in (live, open_run(path)):
        assert run.measures == json.loads(said("report", path, "--json"))
        assert run.html() == (tmp_path / "page.html").read_text(encoding="utf-8")
        for tx in run.transactions.to_dict()["tx_id"][:5]:
            assert run.trace(tx) == said("trace", path, tx)
            assert run.trace_as_dict(tx) == json.loads(said("trace", path, tx, "--output", "json"))
    with pytest.raises(ValueError, match=r"the run has no payment `tx-01`; did you mean .*`tx-0`"):
        live.trace("tx-01")


def test_a_run_of_a_live_run_has_measures_too() -> None:
    live = Orchestrator(worlds.busy())
    live.run(until=10)
    run = Run.of(live)
    assert run.measures["is_complete"] is False
    assert run.measures["simulation_id"] == ""
    assert run.html().startswith("<!doctype html>")
