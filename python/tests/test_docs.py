"""Docstrings: every public object has one, and their examples are true."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import pkgutil
from types import ModuleType
from typing import Any

import pytest

import payment_simulator

from . import worlds

MODULES = sorted(
    f"payment_simulator.{module.name}"
    for module in pkgutil.iter_modules(payment_simulator.__path__)
    if module.name != "__main__"
)


def load(name: str) -> ModuleType:
    return importlib.import_module(name)


@pytest.mark.parametrize("name", ["payment_simulator", *MODULES])
def test_examples_are_true(name: str) -> None:
    outcome = doctest.testmod(load(name), optionflags=doctest.ELLIPSIS)
    assert outcome.failed == 0


def test_there_are_examples() -> None:
    assert doctest.testmod(payment_simulator).attempted >= 2


@pytest.mark.parametrize("name", ["Orchestrator", "Scenario", "Frame"])
def test_examples_of_compiled_classes_are_true(name: str) -> None:
    compiled = getattr(payment_simulator, name)
    finder, runner = doctest.DocTestFinder(), doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    for member in [compiled, *vars(compiled).values()]:
        text = getattr(member, "__doc__", None)
        if text:
            parsed = finder._parser.get_doctest(text, {}, name, None, 0)  # type: ignore[attr-defined]
            runner.run(parsed)
    assert runner.failures == 0


def public() -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name in payment_simulator.__all__:
        thing = getattr(payment_simulator, name)
        found.append((name, thing))
        if inspect.isclass(thing):
            found += [
                (f"{name}.{member}", getattr(thing, member))
                for member, value in vars(thing).items()
                if not member.startswith("_") and (callable(value) or is_attribute(value))
            ]
    return found


def is_attribute(value: Any) -> bool:
    return isinstance(value, property | classmethod | staticmethod) or (
        inspect.isdatadescriptor(value) and not inspect.ismemberdescriptor(value)
    )


def test_every_public_object_has_a_docstring() -> None:
    things = [(name, thing) for name, thing in public() if name != "__version__"]
    assert len(things) > 100
    assert [name for name, thing in things if not (inspect.getdoc(thing) or "").strip()] == []


def test_docstrings_begin_with_a_sentence() -> None:
    wrong = []
    for name, thing in public():
        if name == "__version__" or inspect.isclass(thing):
            continue
        paragraph = (inspect.getdoc(thing) or "").split("\n\n")[0].replace("\n", " ")
        if not paragraph.endswith((".", ":")) or not paragraph[0].isupper():
            wrong.append(name)
    assert wrong == []


def test_everything_public_is_there_and_nothing_else() -> None:
    assert payment_simulator.__all__ == sorted(payment_simulator.__all__, key=sort_key)
    names = {name for name in vars(payment_simulator) if not name.startswith("_")}
    modules = {name.rpartition(".")[2] for name in MODULES}
    assert names - modules == set(payment_simulator.__all__) - {"__version__"}


def sort_key(name: str) -> tuple[bool, str]:
    """Classes, then the version, then functions."""
    return (not name[0].isupper(), name)


def test_the_version_is_that_of_the_engine() -> None:
    told = worlds.command("--version")
    assert told.stdout.split() == ["payment-sim", payment_simulator.__version__]
    summary = payment_simulator.run_scenario(worlds.idle()).summary
    assert summary["run"]["version"] == payment_simulator.__version__


def test_the_stub_names_every_method() -> None:
    stub = ast.parse((worlds.PACKAGE / "_core.pyi").read_text(encoding="utf-8"))
    classes = {node.name: node for node in stub.body if isinstance(node, ast.ClassDef)}
    for name, node in classes.items():
        told = {it.name for it in node.body if isinstance(it, ast.FunctionDef)}
        there = {
            member
            for member in vars(getattr(payment_simulator._core, name))
            if not member.startswith("__")
        }
        assert {member for member in told if not member.startswith("__")} == there, name


STATIC = {"Orchestrator.new", "Orchestrator.restore", "Run.of"}
"""What is asked of a class and not of an object."""


def test_signatures_can_be_asked_for() -> None:
    for name, thing in public():
        if inspect.isroutine(thing):
            method = "." in name and name not in STATIC
            assert ("self" in inspect.signature(thing).parameters) is method, name


def test_the_package_is_typed() -> None:
    assert (worlds.PACKAGE / "py.typed").is_file()


def test_nothing_but_the_package_is_needed() -> None:
    program = "\n".join(
        [
            "import sys",
            "class Refuse:",
            "    def find_spec(self, name, path=None, target=None):",
            "        others = {'numpy', 'polars', 'pyarrow', 'pandas', 'matplotlib'}",
            "        if name.partition('.')[0] in others:",
            "            raise ImportError(name)",
            "sys.meta_path.insert(0, Refuse())",
            "from payment_simulator import *",
            f"run = run_scenario({worlds.idle()!r})",
            "assert run.events.to_dict()['seq'][0] == 0",
            "assert run_many(run.scenario, seeds=2)['seed'] == [0, 1]",
            "for ask in (run.events.to_polars, run.events.to_arrow, run.events.to_pandas,",
            "            lambda: run.balances, run.plot.queues):",
            "    try:",
            "        ask()",
            "    except ImportError as error:",
            "        print(error)",
            "    else:",
            "        raise AssertionError(ask)",
        ]
    )
    told = worlds.python("-c", program)
    assert told.returncode == 0, told.stderr
    assert len(told.stdout.splitlines()) == 5
