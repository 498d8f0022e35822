"""The data inside a page: read, changed, and what the page should say of it."""

from __future__ import annotations

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

DATA = re.compile(r'(<script id="data" type="application/gzip\+base64">)(.*?)(</script>)', re.S)


def read(page: Path) -> dict[str, Any]:
    """Data that a page holds."""
    found = DATA.search(page.read_text("utf-8"))
    assert found, f"{page} holds no data"
    data: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(found[2])))
    return data


def packed(data: dict[str, Any]) -> str:
    """Data as it stands in a page."""
    return base64.b64encode(gzip.compress(json.dumps(data).encode())).decode()


def with_content(page: Path, content: str, target: Path) -> Path:
    """Writes the page with `content` in place of its data."""
    text = DATA.sub(lambda found: found[1] + content + found[3], page.read_text("utf-8"))
    target.write_text(text, "utf-8")
    return target


def money(minor: int, currency: dict[str, Any]) -> str:
    """An amount of minor units, as the page must write it."""
    places = currency["decimals"]
    digits = f"{abs(minor):0{places + 1}d}"
    whole, part = (digits[:-places], "." + digits[-places:]) if places else (digits, "")
    sign = "-" if minor < 0 else ""
    code = f"{currency['code']} " if currency["code"] else ""
    return f"{code}{sign}{int(whole):,}{part}"


def shown(value: float | str, unit: str, currency: dict[str, Any]) -> str:
    """A figure of the moment, as the page must write it."""
    return money(int(value), currency) if unit == "money" else f"{int(value):,}"


def tick_label(tick: int, calendar: dict[str, Any]) -> str:
    """`tick 286 (11:46)`."""
    day, of_day = divmod(tick, calendar["ticks_per_day"])
    parts = [f"day {day}"] if calendar["num_days"] > 1 else []
    if calendar["opens_at_seconds"] is not None:
        seconds = calendar["opens_at_seconds"] + of_day * calendar["tick_seconds"]
        parts.append(f"{seconds // 3600:02}:{seconds // 60 % 60:02}")
    return f"tick {tick} ({', '.join(parts)})" if parts else f"tick {tick}"


def balance_at(data: dict[str, Any], row: int, moment: int) -> int:
    """Balance of an agent's row at a moment."""
    return sum(int(change) for change in data["agents"]["balances"][row][: moment + 1])
