"""What all tests share."""

from __future__ import annotations

import faulthandler
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from payment_simulator import Run, run_scenario

from . import hostile, worlds

HANG_SECONDS = 150
"""A test that takes so long has hung: the process says where, and ends."""


@pytest.fixture(autouse=True)
def _watchdog() -> Iterator[None]:
    faulthandler.dump_traceback_later(HANG_SECONDS, exit=True, file=2)
    yield
    faulthandler.cancel_dump_traceback_later()


@pytest.fixture(scope="module")
def run() -> Run:
    """A run in which much happens."""
    return run_scenario(worlds.busy())


@pytest.fixture
def quiet() -> Iterator[None]:
    """Unknown keys are warned of, which is not what is tested everywhere."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.fixture
def away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is taken for the path of a new file comes to lie where it does no harm."""
    monkeypatch.chdir(tmp_path)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says how many hostile inputs were tried."""
    if hostile.tried:
        total = sum(hostile.tried.values())
        terminalreporter.write_line(f"hostile inputs tried: {total:,}")
