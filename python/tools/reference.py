"""Writes the reference in ``docs/python.md`` from the docstrings of the package.

``python python/tools/reference.py`` writes it, ``--check`` fails if it is out of date. Signatures
come from the sources and from the stub of the compiled part, docstrings from the objects, and the
columns of the tables from the tables.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from pathlib import Path
from typing import Any

import payment_simulator

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(inspect.getfile(payment_simulator)).parent
PAGE = ROOT / "docs" / "python.md"
BEGIN, END = "<!-- reference -->", "<!-- /reference -->"

GROUPS: dict[str, tuple[str, ...]] = {
    "Running": ("run_scenario", "run_many", "Scenario"),
    "Runs": ("Run", "Plots", "open_run", "stored_runs"),
    "Tables": ("Frame",),
    "Live runs": ("Orchestrator", "RtgsPriority"),
    "Policies and costs": (
        "validate_policy",
        "library_policies",
        "get_policy_schema",
        "get_cost_schema",
    ),
    "Errors": (
        "ScenarioError",
        "PolicyError",
        "SimulationError",
        "AgentNotFoundError",
        "JournalError",
        "CheckpointError",
        "BranchError",
        "Diagnostic",
    ),
}
TABLES = ("transactions", "agents_by_tick", "ticks", "pairs", "costs")
SECTION = re.compile(r"^(Args|Returns|Raises):$")
TITLES = {"Args": "Arguments", "Returns": "Returns", "Raises": "Raises"}
WIDTH = 88


def main() -> int:
    """Writes the reference, or checks it; returns the exit code."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    made = f"{before}{BEGIN}\n\n{reference()}\n{END}{after}"
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(made, encoding="utf-8")
    elif made != page:
        print(f"{PAGE} is out of date: run `python python/tools/reference.py`", file=sys.stderr)
        return 1
    return 0


def reference() -> str:
    """Gives the reference as Markdown."""
    listed = {name for names in GROUPS.values() for name in names}
    missing = sorted(set(payment_simulator.__all__) - listed - {"__version__"})
    if missing:
        raise SystemExit(f"the reference has no place for {', '.join(missing)}")
    definitions = _definitions()
    parts = []
    for group, names in GROUPS.items():
        parts.append(f"### {group}\n")
        for name in names:
            parts.append(_entry(definitions[name], name))
        if group == "Tables":
            parts.append(_tables())
    return "\n".join(parts)


def _definitions() -> dict[str, ast.stmt]:
    """The classes and functions of all modules; those of the stub where nothing else has them."""
    found: dict[str, ast.stmt] = {}
    for path in [PACKAGE / "_core.pyi", *sorted(PACKAGE.glob("*.py"))]:
        for statement in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(statement, ast.ClassDef | ast.FunctionDef):
                found[statement.name] = statement
    return found


def _object(name: str) -> Any:
    if name == "Plots":
        return inspect.getmodule(payment_simulator.Run).Plots  # type: ignore[union-attr]
    return getattr(payment_simulator, name)


def _entry(definition: ast.stmt, name: str) -> str:
    it = _object(name)
    if isinstance(definition, ast.FunctionDef):
        return f"#### `{name}`\n\n{_signature(definition, name)}{_document(it)}"
    assert isinstance(definition, ast.ClassDef)
    parts = [f"#### `{name}`\n\n"]
    maker = next((at for at in _functions(definition) if at.name == "__new__"), None)
    if maker is not None:
        parts.append(_signature(maker, name, result=False))
    bases = [ast.unparse(base) for base in definition.bases]
    if bases and issubclass(it, Exception):
        kinds = "` and `".join(_kinds(it))
        parts.append(f"An exception; caught as `{kinds}` too.\n\n")
    parts.append(_document(it))
    parts.append(_fields(definition))
    called = "run.plot" if name == "Plots" else name
    for method in _functions(definition):
        if method.name.startswith("_") or _is_property(method):
            continue
        parts.append(f"\n##### `{called}.{method.name}`\n\n")
        parts.append(_signature(method, method.name))
        parts.append(_document(getattr(it, method.name)))
    return "".join(parts)


def _kinds(exception: type) -> list[str]:
    """The public bases of an exception."""
    kinds = []
    for base in exception.__bases__:
        kinds += [base.__name__] if not base.__name__.startswith("_") else _kinds(base)
    return kinds


def _functions(definition: ast.ClassDef) -> list[ast.FunctionDef]:
    return [at for at in definition.body if isinstance(at, ast.FunctionDef)]


def _is_property(function: ast.FunctionDef) -> bool:
    names = {ast.unparse(decorator) for decorator in function.decorator_list}
    return bool(names & {"property", "cached_property"})


def _fields(definition: ast.ClassDef) -> str:
    """Gives properties, fields and members as a table."""
    it = _object(definition.name)
    rows = []
    for at, after in zip(definition.body, [*definition.body[1:], None], strict=True):
        if isinstance(at, ast.FunctionDef) and _is_property(at) and at.name[0] != "_":
            kind = _plain(ast.unparse(at.returns)) if at.returns else ""
            rows.append((at.name, kind, inspect.getdoc(getattr(it, at.name)) or ""))
        elif isinstance(at, ast.AnnAssign | ast.Assign) and isinstance(after, ast.Expr):
            target = at.target if isinstance(at, ast.AnnAssign) else at.targets[0]
            name = ast.unparse(target)
            kind = ast.unparse(at.annotation) if isinstance(at, ast.AnnAssign) else ""
            text = after.value.value if isinstance(after.value, ast.Constant) else ""
            if not name.startswith("_"):
                rows.append((name, kind, inspect.cleandoc(str(text))))
    if definition.name in ("ScenarioError", "PolicyError"):
        document = "Every fault and warning of the input, in order of place."
        rows.append(("diagnostics", "tuple[Diagnostic, ...]", document))
    if not rows:
        return ""
    typed = any(kind for _, kind, _ in rows)
    head = "| name | type | meaning |\n| --- | --- | --- |\n"
    head = head if typed else "| name | meaning |\n| --- | --- |\n"
    lines = []
    for name, kind, text in rows:
        kind = kind.replace("|", "\\|")
        kind = f" `{kind}` |" if typed else ""
        lines.append(f"| `{name}` |{kind} {_cell(text)} |\n")
    return f"\n{head}{''.join(lines)}"


def _cell(text: str) -> str:
    return _inline(" ".join(text.split())).replace("|", "\\|")


def _signature(function: ast.FunctionDef, name: str, *, result: bool = True) -> str:
    arguments = function.args
    if arguments.args and arguments.args[0].arg in ("self", "cls"):
        arguments.args = arguments.args[1:]
    back = f" -> {ast.unparse(function.returns)}" if result and function.returns else ""
    line = f"{name}({', '.join(_one_by_one(arguments))}){back}"
    if len(line) > WIDTH:
        lines = "".join(f"    {argument},\n" for argument in _one_by_one(arguments))
        line = f"{name}(\n{lines}){back}"
    return f"```python signature\n{_plain(line)}\n```\n\n"


def _plain(text: str) -> str:
    """Writes out the private names of the stub."""
    config = "str | PathLike[str] | Mapping[str, Any] | Scenario"
    text = re.sub(r"\b_?Config\b", config, text)
    text = re.sub(r"\bPolicies\b", "str | Mapping[str, Any]", text)
    text = re.sub(r"\b_Path\b", "str | PathLike[str]", text)
    for module in ("os.", "_core.", "npt.", "np."):
        text = re.sub(rf"\b{re.escape(module)}(?=[A-Z]\w)", "", text)
    return text


def _one_by_one(arguments: ast.arguments) -> list[str]:
    lines = []
    positional = [*arguments.posonlyargs, *arguments.args]
    required = len(positional) - len(arguments.defaults)
    for index, argument in enumerate(positional):
        default = arguments.defaults[index - required] if index >= required else None
        lines.append(_argument(argument, default))
    if arguments.kwonlyargs:
        lines.append("*")
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        lines.append(_argument(argument, default))
    return lines


def _argument(argument: ast.arg, default: ast.expr | None) -> str:
    return ast.unparse(argument) + (f" = {ast.unparse(default)}" if default else "")


def _document(it: Any) -> str:
    """Turns a docstring into Markdown."""
    blocks: list[tuple[str, list[str]]] = [("", [])]
    for line in (inspect.getdoc(it) or "").splitlines():
        section = SECTION.match(line)
        if section:
            blocks.append((section[1], []))
        else:
            blocks[-1][1].append(line)
    return "\n".join(_block(title, lines) for title, lines in blocks if any(lines))


def _block(title: str, lines: list[str]) -> str:
    text = textwrap.dedent("\n".join(lines)).strip()
    if not title:
        return _inline(text) + "\n"
    if title == "Returns":
        return f"**Returns** {_inline(text)}\n"
    items: list[str] = []
    for line in text.splitlines():
        name, colon, rest = line.partition(": ")
        if colon and not line.startswith(" "):
            items.append(f"* `{name}`: {rest}")
        else:
            items.append(f"  {line.strip()}")
    return f"**{TITLES[title]}**\n\n{_inline(chr(10).join(items))}\n"


def _inline(text: str) -> str:
    """Turns the roles and literals of docstrings into Markdown's."""
    text = re.sub(r":\w+:`([^`]+)`", r"`\1`", text)
    return re.sub(r"``([^`]+)``", r"`\1`", text)


def _tables() -> str:
    agents = [{"id": "A", "opening_balance": 0}, {"id": "B", "opening_balance": 0}]
    run = payment_simulator.run_scenario({"ticks_per_day": 1, "num_days": 1, "agents": agents})
    parts = []
    for name in TABLES:
        parts.append(f"\n#### The columns of `run.{name}`\n\n")
        parts.append("| column | type | unit | meaning |\n| --- | --- | --- | --- |\n")
        for column, facts in getattr(run, name).describe().items():
            kind = _arrow(facts["type"])
            parts.append(f"| `{column}` | {kind} | {facts['unit']} | {_cell(facts['doc'])} |\n")
    return "".join(parts)


def _arrow(kind: str) -> str:
    words = {"Utf8View": "text", "Dictionary(UInt32, LargeUtf8)": "word", "Boolean": "bool"}
    return words.get(kind, kind.lower())


if __name__ == "__main__":
    sys.exit(main())
