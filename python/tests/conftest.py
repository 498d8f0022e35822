"""What all tests share."""

from __future__ import annotations

import faulthandler
from collections.abc import Iterator

import pytest

from . import hostile

HANG_SECONDS = 150
"""A test that takes so long has hung: the process says where, and ends."""


@pytest.fixture(autouse=True)
def _watchdog() -> Iterator[None]:
    faulthandler.dump_traceback_later(HANG_SECONDS, exit=True, file=2)
    yield
    faulthandler.cancel_dump_traceback_later()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says how many hostile inputs were tried."""
    if hostile.tried:
        total = sum(hostile.tried.values())
        terminalreporter.write_line(f"hostile inputs tried: {total:,}")
