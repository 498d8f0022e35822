"""A progress bar, in terminals and notebooks."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

__all__ = ["Progress", "progress_bar"]

Progress = Callable[[int, int], None]
"""Called now and then with what is done and what there is to do."""


def progress_bar(what: str, show: bool | None) -> Progress | None:
    """Gives a bar for ``what`` (ticks, runs), or none.

    Args:
        what: What is counted.
        show: Whether to show it; if not given, where a person looks on.
    """
    if show is None:
        show = (sys.stderr is not None and sys.stderr.isatty()) or _in_notebook()
    return _Bar(what) if show else None


def _in_notebook() -> bool:
    shell = sys.modules.get("IPython")
    if shell is None:
        return False
    current = shell.get_ipython()
    return current is not None and current.__class__.__name__ == "ZMQInteractiveShell"


class _Bar:
    """Rewrites one line of stderr, which notebooks show as a terminal does."""

    WIDTH = 30

    def __init__(self, what: str) -> None:
        self._what = what
        self._started = time.monotonic()
        self._length = 0

    def __call__(self, done: int, total: int) -> None:
        share = done / total if total else 1.0
        full = round(self.WIDTH * share)
        bar = "█" * full + "·" * (self.WIDTH - full)
        passed = time.monotonic() - self._started
        line = f"{bar} {done:,} of {total:,} {self._what}, {passed:.0f} s"
        if 0 < share < 1:
            line += f", {passed / share - passed:.0f} s left"
        padded = line.ljust(self._length)
        self._length = len(line)
        end = "\n" if done >= total else ""
        print(f"\r{padded}", end=end, file=sys.stderr, flush=True)
