"""Objects that mean harm, and what may come of them."""

from __future__ import annotations

import array
import datetime
import decimal
import fractions
import itertools
import os
import time
import types
from collections import Counter, OrderedDict, UserDict, defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from . import worlds

ALLOWED = (TypeError, ValueError, OverflowError, KeyError, OSError, RuntimeError)
"""What a call may raise; every exception of the package is one of these."""

HANG_SECONDS = 5.0
"""Processor time that no call with hostile input may take."""

ENTRY: dict[str, Any] = {"sender": "A", "receiver": "B", "amount": 1, "deadline_tick": 3}
"""A payment of a batch."""

tried: Counter[str] = Counter()
"""Hostile inputs by entry point."""

FACTOR = int(os.environ.get("PAYMENT_SIMULATOR_HOSTILE", "1"))
"""How many times as many inputs as usual are made."""

SEED = int(os.environ.get("PAYMENT_SIMULATOR_SEED", "5"))
"""The seed of what is drawn without hypothesis, whose own is ``--hypothesis-seed``."""


def config() -> dict[str, Any]:
    """A small scenario."""
    small = worlds.busy(ticks=4, days=1)
    small["agents"][0]["max_collateral_capacity"] = 1_000
    return small


def agent(**change: Any) -> dict[str, Any]:
    """The same with other keys of its first agent."""
    small = config()
    small["agents"][0] |= change
    return small


class Own(Exception):
    """Raised by hostile objects."""


class Stop(BaseException):
    """Raised by hostile objects: not an ``Exception``, as ``KeyboardInterrupt`` is none."""


def raising(error: type[BaseException]) -> Callable[..., Any]:
    def method(*_: Any, **__: Any) -> Any:
        raise error("hostile")

    return method


def class_with(*names: str, base: type = object, error: type[BaseException] = Own) -> type:
    """A class whose methods of these names raise."""
    return type("Hostile", (base,), {name: raising(error) for name in names})


PROTOCOLS = (
    "__index__",
    "__int__",
    "__float__",
    "__bool__",
    "__str__",
    "__repr__",
    "__fspath__",
    "__iter__",
    "__next__",
    "__len__",
    "__length_hint__",
    "__getitem__",
    "__contains__",
    "__eq__",
    "__hash__",
    "__format__",
    "__bytes__",
    "__reduce_ex__",
    "__call__",
    "__arrow_c_stream__",
    "__array__",
    "__buffer__",
    "__enter__",
    "keys",
    "items",
    "values",
    "get",
    "isatty",
)
"""What one might call on a stranger."""


class Attributes:
    """Answers no question about itself."""

    def __getattr__(self, name: str) -> Any:
        raise Own(name)


class EveryAttribute:
    """Has whatever it is asked for."""

    def __getattr__(self, name: str) -> Any:
        return self

    def __call__(self, *_: Any, **__: Any) -> Any:
        return self


class LyingClass:
    """Says that it is a dict."""

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return dict


class RaisingClass:
    """Does not say what it is."""

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        raise Own("class")


class Returns:
    """Gives something of the wrong kind for every protocol."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def answer(self, *_: Any, **__: Any) -> Any:
        return self.value

    __index__ = __int__ = __float__ = __bool__ = __str__ = __repr__ = answer
    __fspath__ = __iter__ = __len__ = __getitem__ = answer
    keys = items = values = answer
    __hash__ = None  # type: ignore[assignment]


class LyingDict(dict[Any, Any]):
    """Holds one thing and shows another."""

    def items(self) -> Any:
        return [("agents", "lie"), 5, None]

    def keys(self) -> Any:
        return iter([None])

    def __getitem__(self, key: Any) -> Any:
        return "lie"

    def __len__(self) -> int:
        return 2**40

    def __iter__(self) -> Any:
        return itertools.repeat("lie")


class LyingList(list[Any]):
    """Holds one thing and shows another."""

    def __len__(self) -> int:
        return 2**40

    def __iter__(self) -> Any:
        return iter([object()])

    def __getitem__(self, index: Any) -> Any:
        raise Own("item")


class LyingText(str):
    """Is a text and says that it is another."""

    def __str__(self) -> str:
        return "lie"

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __fspath__(self) -> str:
        return "/missing/lie"


class LyingInt(int):
    """Is a number and says that it is another."""

    def __index__(self) -> int:
        return -1

    def __int__(self) -> int:
        return 10**40

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


class LyingFloat(float):
    """Is a number and says that it is another."""

    def __float__(self) -> float:
        raise Own("float")


class ChangingMapping(Mapping[str, Any]):
    """Changes while it is read."""

    def __init__(self) -> None:
        self.count = 3

    def __getitem__(self, key: str) -> Any:
        self.count += 1
        return self if self.count < 100 else self.count

    def __iter__(self) -> Iterator[str]:
        return (str(index) for index in range(min(self.count, 40)))

    def __len__(self) -> int:
        self.count -= 1
        return self.count


class ItemsOfAnyKind(Mapping[str, Any]):
    """A mapping whose ``items`` are what it was given."""

    def __init__(self, given: Any) -> None:
        self.given = given

    def __getitem__(self, key: str) -> Any:
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def items(self) -> Any:
        return self.given


class Clearing(dict[Any, Any]):
    """Empties a list while something in it is read."""

    def __init__(self, victim: list[Any]) -> None:
        super().__init__(agents=5)
        self.victim = victim

    def __index__(self) -> int:
        self.victim.clear()
        return 5


class Emptying:
    """Empties what it is in, when it is asked for its number."""

    def __init__(self, victim: Any) -> None:
        self.victim = victim

    def __index__(self) -> int:
        self.victim.clear()
        return 5


class Colour(Enum):
    """An enum that is no text."""

    RED = 1


def deep(depth: int, inner: Any = None, *, mapping: bool = False) -> Any:
    for _ in range(depth):
        inner = {"a": inner} if mapping else [inner]
    return inner


def self_list() -> Any:
    them: list[Any] = [1]
    them.append(them)
    return them


def self_dict() -> Any:
    them: dict[str, Any] = {}
    them["agents"] = [them]
    return them


def wide_self(width: int = 1_000) -> Any:
    """Contains itself many times over: a list, of which there are more than can be counted."""
    them: list[Any] = []
    them.extend([them] * width)
    return {"agents": them}


def doubled_self() -> Any:
    """Contains itself twice."""
    them: dict[str, Any] = {}
    them["agents"] = [them]
    them["simulation"] = them
    return them


def emptied_list() -> Any:
    them: list[Any] = [1, 2, 3]
    them.insert(0, Emptying(them))
    return them


def emptied_dict() -> Any:
    them: dict[str, Any] = {}
    them.update(a=Emptying(them), b=1, c=2)
    return them


def generator(count: int = 3) -> Iterator[Any]:
    yield from range(count)
    raise Own("generator")


def itself(value: Any) -> Any:
    return value


def plain() -> list[tuple[str, Callable[[], Any]]]:
    """What is merely of the wrong kind or size, by name; each call makes a new one."""
    values: dict[str, Any] = {
        "None": None,
        "True": True,
        "0": 0,
        "-1": -1,
        "2**31": 2**31,
        "2**32 - 1": 2**32 - 1,
        "2**32": 2**32,
        "2**63 - 1": 2**63 - 1,
        "2**63": 2**63,
        "-2**63": -(2**63),
        "2**64": 2**64,
        "2**127": 2**127,
        "-2**128": -(2**128),
        "10**4000": 10**4_000,
        "10**5000": 10**5_000,
        "nan": float("nan"),
        "inf": float("inf"),
        "-0.0": -0.0,
        "1e308": 1e308,
        "5e-324": 5e-324,
        "1.5": 1.5,
        "1j": 1j,
        "''": "",
        "NUL": "A\0B",
        "surrogate": "\ud800",
        "surrogates": "\udcff" * 50,
        "long text": "x" * 1_000_000,
        "newlines": "\n\r\u2028\x85",
        "RTL": "\u202e\u0000\ufeff",
        "b''": b"",
        "bytes": b"\xff\x00",
        "bytearray": bytearray(b"A"),
        "memoryview": memoryview(b"A"),
        "array": array.array("q", [1, 2]),
        "[]": [],
        "()": (),
        "{}": {},
        "set": {1},
        "frozenset": frozenset({"A"}),
        "range": range(10**4),
        "[None]": [None],
        "[[]]": [[]],
        "{None: None}": {None: None},
        "{1: 1}": {1: 1},
        "{'': ''}": {"": ""},
        "{surrogate}": {"\ud800": "\udfff"},
        "{tuple: 1}": {("a", 1): 1},
        "date": datetime.date(2024, 1, 1),
        "datetime": datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC),
        "timedelta": datetime.timedelta(days=1),
        "Decimal": decimal.Decimal("1.5"),
        "Decimal NaN": decimal.Decimal("NaN"),
        "Decimal sNaN": decimal.Decimal("sNaN"),
        "Decimal Infinity": decimal.Decimal("-Infinity"),
        "Decimal 1E+999999": decimal.Decimal("1E+999999"),
        "Decimal 1E-999999": decimal.Decimal("1E-999999"),
        "Fraction": fractions.Fraction(1, 3),
        "Path": Path("/missing"),
        "Path of NUL": PurePosixPath("a\0b"),
        "path of a directory": "/",
        "/dev/null": "/dev/null",
        "object": object(),
        "type": int,
        "function": plain,
        "lambda": lambda *_: None,
        "module": os,
        "Ellipsis": ...,
        "NotImplemented": NotImplemented,
        "enum": Colour.RED,
        "SimpleNamespace": types.SimpleNamespace(agents=[]),
        "MappingProxy": types.MappingProxyType({"agents": []}),
        "UserDict": UserDict({"agents": []}),
        "OrderedDict": OrderedDict(agents=[]),
        "defaultdict": defaultdict(list),
        "deque": deque([1]),
        "exception": ValueError("x"),
        "slice": slice(1, 2),
        "own class": Own,
    }
    made: list[tuple[str, Callable[[], Any]]] = [
        (name, partial(itself, value)) for name, value in values.items()
    ]
    return made + numpy_values()


def numpy_values() -> list[tuple[str, Callable[[], Any]]]:
    try:
        import numpy as np
    except ImportError:
        return []
    values: list[Any] = [
        np.int8(-1),
        np.int64(5),
        np.uint64(2**64 - 1),
        np.float32("nan"),
        np.float64(1.5),
        np.bool_(True),
        np.str_("A"),
        np.datetime64("2024-01-01"),
        np.array(5),
        np.array([1, 2]),
        np.array([[1.5]]),
        np.array([{"a": 1}, None], dtype=object),
        np.zeros(0),
    ]
    return [(f"numpy {value!r}", partial(itself, value)) for value in values]


def harmful() -> list[tuple[str, Callable[[], Any]]]:
    """What lies, raises, changes or has no end, by name."""
    them: list[tuple[str, Callable[[], Any]]] = []
    for name in PROTOCOLS:
        them.append((f"raises in {name}", class_with(name)))
    them += [
        ("raises everywhere", class_with(*PROTOCOLS)),
        ("raises Stop everywhere", class_with(*PROTOCOLS, error=Stop)),
        ("raises RecursionError", class_with(*PROTOCOLS, error=RecursionError)),
        ("raises in __getattr__", Attributes),
        ("raises in __getattribute__", class_with("__getattribute__")),
        ("has everything", EveryAttribute),
        ("lies about its class", LyingClass),
        ("has no class", RaisingClass),
        ("a class of hostile instances", lambda: class_with(*PROTOCOLS)),
        ("dict that raises", lambda: class_with(*PROTOCOLS, base=dict)(agents=[])),
        ("list that raises", lambda: class_with(*PROTOCOLS, base=list)([1])),
        ("tuple that raises", lambda: class_with(*PROTOCOLS, base=tuple)((1,))),
        ("text that raises", lambda: class_with(*PROTOCOLS, base=str)("A")),
        ("int that raises", lambda: class_with(*PROTOCOLS, base=int)(3)),
        ("float that raises", lambda: class_with(*PROTOCOLS, base=float)(1.5)),
        ("bytes that raise", lambda: class_with(*PROTOCOLS, base=bytes)(b"A")),
        ("Decimal that raises", lambda: class_with("__str__", base=decimal.Decimal)("1.5")),
        ("Path that raises", lambda: class_with("__fspath__", base=type(Path()))("/missing")),
        ("lying dict", lambda: LyingDict(agents=[{"id": "A"}])),
        ("lying list", lambda: LyingList([1, 2])),
        ("lying text", lambda: LyingText("A")),
        ("lying int", lambda: LyingInt(3)),
        ("lying float", lambda: LyingFloat(1.5)),
        ("clearing dict", lambda: Clearing([1])),
        ("changing mapping", ChangingMapping),
        ("emptied list", emptied_list),
        ("emptied dict", emptied_dict),
        ("list in itself", self_list),
        ("dict in itself", self_dict),
        ("deep list", lambda: deep(500)),
        ("deep dict", lambda: deep(500, mapping=True)),
        ("very deep list", lambda: deep(5_000)),
        ("very deep dict", lambda: deep(5_000, mapping=True)),
        ("generator", generator),
        ("generator of pairs", lambda: (pair for pair in [("A", 1), ("B", object())])),
        ("iterator", lambda: iter([1, object()])),
        ("zip", lambda: zip("ab", [1, 2], strict=True)),
        ("dict view", lambda: {"a": 1}.items()),
    ]
    for value in (None, -1, 2**70, 1.5, "lie", b"lie", [], [5], [(1, 2, 3)], {}, object()):
        them.append((f"returns {value!r:.12}", partial(Returns, value)))
        them.append((f"items are {value!r:.12}", partial(ItemsOfAnyKind, value)))
    them.append(("items are endless pairs", lambda: ItemsOfAnyKind([("a", 1)] * 10_000)))
    return them


def everything() -> list[tuple[str, Callable[[], Any]]]:
    return plain() + harmful()


def is_own(error: BaseException) -> bool:
    """Whether an exception is the hostile object's: raised by it, or for lack of what it claims."""
    if isinstance(error, AttributeError):
        return isinstance(error.obj, LyingClass | RaisingClass)
    return isinstance(error, Own | Stop | RecursionError)


@dataclass(frozen=True)
class Named:
    """Stands for a hostile object until it is put to use."""

    what: str
    make: Callable[[], Any] = field(repr=False)


def revive(value: Any) -> Any:
    """Makes what :class:`Named` stands for, wherever it is."""
    if isinstance(value, Named):
        return value.make()
    if type(value) is dict:
        return {key: revive(entry) for key, entry in value.items()}
    if type(value) in {list, tuple}:
        return type(value)(revive(entry) for entry in value)
    return value


def attempt(entry: str, call: Callable[[], Any], what: str = "") -> BaseException | None:
    """Calls what is given something hostile; returns what it raised, if that was allowed."""
    tried[entry] += 1
    started = time.process_time()
    raised: BaseException | None = None
    try:
        call()
    except BaseException as error:
        raised = error
    passed = time.process_time() - started
    where = f"{entry} given {what}"
    assert passed < HANG_SECONDS, f"{where} took {passed:.1f} s of processor time"
    if raised is None or is_own(raised):
        return raised
    if not isinstance(raised, ALLOWED):
        raise AssertionError(f"{where} raised {type(raised).__mro__}") from raised
    text = told(raised)
    assert "internal error" not in text, f"{where}: {text}"
    assert "panicked" not in text, f"{where}: {text}"
    return raised


def told(error: BaseException) -> str:
    """The text of an exception; that of another's may itself be hostile."""
    return str(error)
