"""Measures the Python boundary and prints a section of ``docs/performance.md``.

Times are the shortest of several tries. Needs the package built with optimization:
``maturin develop --release``.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import payment_simulator as ps

ROOT = Path(__file__).resolve().parents[2]

INTRODUCTION = """\
## Python

The boundary of the Python package, from Python. Small runs are of two banks, 12 ticks and about
50 payments, on one thread. A T2 day on each of two threads is compared with one in each of two
processes.
"""


def two_banks(**more: Any) -> dict[str, Any]:
    """Gives two banks without payments, and whatever else."""
    banks = [{"id": bank, "opening_balance": 100_000, "unsecured_cap": 50_000} for bank in "AB"]
    return {"ticks_per_day": 12, "num_days": 1, "rng_seed": 42, "agents": banks, **more}


def sampled() -> dict[str, Any]:
    """Gives the same with about 50 payments drawn at random."""
    scenario = two_banks(cost_rates={"delay_cost_per_tick_per_cent": 0.001})
    for bank, other in zip(scenario["agents"], "BA", strict=True):
        bank["arrival_config"] = {
            "rate_per_tick": 2.1,
            "amount_distribution": {"type": "LogNormal", "mean": 10_000, "std_dev": 5_000},
            "counterparty_weights": {other: 1.0},
            "deadline_range": [2, 8],
        }
    return scenario


def listed(folder: Path) -> dict[str, Any]:
    """Gives the same with the payments of one such run in a file."""
    payments = ps.run_scenario(sampled(), progress=False).transactions.to_dict()
    # A deadline may be cut off at the end of the day; a listed one is later than the arrival.
    arrivals, deadlines = payments["arrival_tick"], payments["deadline_tick"]
    payments["deadline_tick"] = [
        max(arrival + 1, deadline) for arrival, deadline in zip(arrivals, deadlines, strict=True)
    ]
    keys = ["arrival_tick", "sender_id", "receiver_id", "amount", "deadline_tick"]
    path = folder / "payments.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["tick", "sender", "receiver", "amount", "deadline_tick"])
        writer.writerows(zip(*(payments[key] for key in keys), strict=True))
    costs = {"delay_cost_per_tick_per_cent": 0.001}
    return two_banks(cost_rates=costs, payments={"file": str(path)})


def shortest(work: Callable[[], object], tries: int) -> float:
    """Gives the shortest time of several, in seconds."""
    best = float("inf")
    for _ in range(tries):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best


def each(call: Callable[[], object], count: int, tries: int) -> float:
    """Gives the time of one call of many, in seconds."""

    def work() -> None:
        for _ in range(count):
            call()

    return shortest(work, tries) / count


def day() -> None:
    """Runs a T2 day."""
    ps.run_scenario(ROOT / "scenarios" / "t2_day.yaml", progress=False)


def together(workers: list[Any]) -> float:
    """Gives the time until all of some threads or processes are done."""
    started = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return time.perf_counter() - started


class Table:
    """A table of figures and their bounds."""

    def __init__(self) -> None:
        self.lines = ["| case | figure | bound |  | detail |", "| --- | --- | --- | --- | --- |"]

    def most(self, case: str, figure: float, bound: float, detail: str = "") -> None:
        """Adds a figure that should not be more than its bound."""
        self._add(case, figure, f"at most {bound:g}", figure <= bound, detail)

    def least(self, case: str, figure: float, bound: float, detail: str = "") -> None:
        """Adds a figure that should not be less than its bound."""
        self._add(case, figure, f"at least {bound:,.0f}", figure >= bound, detail)

    def plain(self, case: str, figure: float, detail: str = "") -> None:
        """Adds a figure without a bound."""
        self.lines.append(f"| {case} | {figure:,.2f} |  |  | {detail} |")

    def _add(self, case: str, figure: float, bound: str, kept: bool, detail: str) -> None:
        shown = f"{figure:,.0f}" if figure >= 1000 else f"{figure:.2f}"
        verdict = "kept" if kept else "**missed**"
        self.lines.append(f"| {case} | {shown} | {bound} | {verdict} | {detail} |")


def calls(table: Table, tries: int) -> None:
    """Measures single calls."""
    idle = ps.Orchestrator({**two_banks(), "ticks_per_day": 1_000_000})
    table.most("`tick()` of an idle run, µs", each(idle.tick, 20_000, tries) * 1e6, 2)
    balance = each(lambda: idle.get_agent_balance("A"), 100_000, tries)
    table.most("`get_agent_balance`, ns", balance * 1e9, 150, "the loop and a lambda included")
    banks = two_banks()
    table.most(
        "`Orchestrator.new`, 2 banks, µs",
        each(lambda: ps.Orchestrator(banks), 500, tries) * 1e6,
        60,
    )
    agents = [{"id": f"B{number:03}", "opening_balance": number} for number in range(100)]
    hundred = {**banks, "agents": agents}
    table.plain(
        "`Scenario` of a dict, 100 banks, µs", each(lambda: ps.Scenario(hundred), 50, tries) * 1e6
    )

    payment = {"sender": "A", "receiver": "B", "amount": 1, "deadline_tick": 10}

    def single() -> None:
        run = ps.Orchestrator(banks)
        for _ in range(1000):
            run.submit_transaction("A", "B", 1, 10)

    def batch() -> None:
        ps.Orchestrator(banks).submit_transactions_batch([payment] * 1000)

    table.plain("a payment submitted by itself, µs", shortest(single, tries) * 1e3)
    table.plain("a payment submitted in a batch of 1,000, µs", shortest(batch, tries) * 1e3)


def events(table: Table, tries: int) -> None:
    """Measures what becomes of events."""
    run = ps.Orchestrator(ROOT / "scenarios" / "first_day.yaml")
    run.run()
    count = len(run.get_all_events())
    one = shortest(run.get_all_events, tries * 3) / count
    table.most("an event to a dict, µs", one * 1e6, 1)
    large = ps.run_scenario(ROOT / "scenarios" / "t2_day.yaml", progress=False)
    million = shortest(large._core.events, tries) / large.num_events * 1e6
    table.most("a million events to Arrow, s", million, 0.25, f"{large.num_events:,} events")


def many(table: Table, tries: int, count: int) -> None:
    """Measures thousands of small runs."""
    with tempfile.TemporaryDirectory() as folder:
        for name, scenario, bound in (
            ("sampled", ps.Scenario(sampled()), 40_000),
            ("listed", ps.Scenario(listed(Path(folder)), allow_outside=True), 60_000),
        ):

            def work(scenario: ps.Scenario = scenario) -> None:
                ps.run_many(scenario, seeds=count, threads=1, progress=False)

            rate = count / shortest(work, tries)
            table.least(f"small runs a second, {name} payments", rate, bound)


def threads(table: Table, tries: int) -> None:
    """Compares two threads with two processes."""
    spawn = multiprocessing.get_context("fork")
    of_threads = min(
        together([threading.Thread(target=day) for _ in range(2)]) for _ in range(tries)
    )
    of_processes = min(
        together([spawn.Process(target=day) for _ in range(2)]) for _ in range(tries)
    )
    detail = f"{of_threads * 1e3:.0f} ms and {of_processes * 1e3:.0f} ms"
    table.most("two T2 days on threads, times processes", of_threads / of_processes, 1.1, detail)


def main() -> None:
    """Prints the section."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="fewer tries and smaller sizes")
    arguments.add_argument("--once", action="store_true", help="once, to see that it works")
    given = arguments.parse_args()
    quick = given.quick or given.once
    tries = 1 if given.once else 2 if quick else 7
    table = Table()
    calls(table, tries)
    events(table, tries)
    many(table, tries, 2_000 if quick else 20_000)
    threads(table, tries)
    print(INTRODUCTION)
    print("\n".join(table.lines))


if __name__ == "__main__":
    main()
