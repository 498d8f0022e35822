"""The Python code in the pages runs, and prints what the pages say."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "docs/tutorial.md", "docs/python.md", "docs/migration.md")

for package in ("duckdb", "matplotlib", "numpy", "pandas", "polars", "pyarrow"):
    pytest.importorskip(package)


def blocks(page: str) -> list[tuple[int, str, str]]:
    """Fenced blocks of a page: line, kind and text."""
    found: list[tuple[int, str, str]] = []
    kind, start, lines = None, 0, list[str]()
    for number, line in enumerate(page.splitlines(), start=1):
        if kind is None and line.startswith("```"):
            kind, start, lines = line[3:], number, []
        elif kind is not None and line == "```":
            found.append((start, kind, "".join(f"{line}\n" for line in lines)))
            kind = None
        else:
            lines.append(line)
    return found


def printed(code: str, names: dict[str, object], where: str) -> str:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(code, where, "exec"), names)
    return "".join(f"{line.rstrip()}\n" for line in output.getvalue().splitlines())


@pytest.mark.parametrize("page", PAGES)
def test_the_code_of_a_page_prints_what_stands_below_it(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import matplotlib

    matplotlib.use("Agg")
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": page}
    found = blocks((ROOT / page).read_text(encoding="utf-8"))
    ran = 0
    for (line, kind, code), (_, next_kind, expected) in zip(
        found, [*found[1:], (0, "", "")], strict=True
    ):
        _, _, file = kind.partition(" ")
        if file:  # the reader is told to write it
            (tmp_path / file).write_text(code, encoding="utf-8")
        if kind == "python":
            ran += 1
            output = printed(code, names, f"{page}:{line}")
            assert output == (expected if next_kind == "text" else ""), f"{page}:{line}"
    assert ran
