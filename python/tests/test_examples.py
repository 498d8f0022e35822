"""The notebooks of ``python/examples`` run and leave the pictures that they promise."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.py"))

for package in ("matplotlib", "polars"):
    pytest.importorskip(package)


def test_there_are_examples() -> None:
    assert [example.stem for example in EXAMPLES] == [
        "first_day",
        "liquidity_and_delay",
        "writing_a_policy",
    ]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_runs_and_draws(example: Path, tmp_path: Path) -> None:
    places = {"MPLBACKEND": "Agg", "PAYMENT_SIM_PICTURES": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-W", "error", example],
        cwd=tmp_path,
        env=os.environ | places,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) < 60
    promised = set(re.findall(r'PICTURES / "(\w+\.png)"', example.read_text(encoding="utf-8")))
    assert promised
    assert {picture.name for picture in tmp_path.iterdir()} == promised
    assert all(picture.stat().st_size > 5_000 for picture in tmp_path.iterdir())
