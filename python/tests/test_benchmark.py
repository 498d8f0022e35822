"""``python/tools/bench.py`` measures all that it promises; how fast is not asked here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_benchmark_measures_every_case() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "python/tools/bench.py", "--once"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    assert len(rows) == 13, done.stdout
