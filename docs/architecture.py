"""The layers of factx: which module belongs where, and what may import what. A test holds the code to this table.

`docs/update.py` makes the picture and the table of `docs/architecture.md` from it and from the imports in the code.
"""

from __future__ import annotations

import ast
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Layer(NamedTuple):
    """One step of the path of the data."""

    does: str
    modules: tuple[str, ...]
    """Patterns of module names, without the leading "factx."."""
    sees: tuple[str, ...]
    """The layers below that it may import from, besides itself and the ground."""


GROUND = "ground"
# In the order of the path, last step first. Nothing imports upwards, and reading knows nothing of extracting.
LAYERS = {
    "command": Layer(
        "options, streams and exit codes of the command",
        ("__main__", "cli", "options", "streams", "terminal"),
        ("batch", "write", "process", "parse", "read"),
    ),
    "batch": Layer("many articles in many processes", ("batch", "batch.*"), ("write", "process", "parse", "read")),
    "write": Layer(
        "facts for people and for programs, and facts read back",
        (
            "write", "write.*", "report", "report.*", "render", "views", "evidence", "summary", "intervals", "load",
        ),
        (),
    ),
    "process": Layer("articles to facts", ("process",), ("parse", "gather", "read")),
    "parse": Layer("articles to Docs; the spaCy components", ("parse", "components"), ("gather", "encode")),
    "gather": Layer("all facts of one Doc", ("gather",), ("link", "extract")),
    "link": Layer("facts to one another", ("link", "speakers", "speaker_*"), ("extract",)),
    "extract": Layer("a Doc to entities, counts, dates and quotes", ("extract", "extract.*"), ()),
    "encode": Layer("the network and its labels", ("encoder", "encoder.*"), ()),
    "read": Layer(
        "files, pages and records to articles",
        ("read", "records", "pages", "markdown", "sniff", "unpack", "stretches", "mend", "encodings"),
        (),
    ),
    GROUND: Layer(
        "records, errors and words that all know",
        ("errors", "facts", "schema", "select", "sanitize", "countries", "titles", "layout"),
        (),
    ),
}  # fmt: skip


def module_path(name: str) -> Path:
    """Find the file of a module, named without the leading "factx."."""
    path = ROOT.joinpath("factx", *filter(None, name.split(".")))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def read_modules() -> dict[str, ast.Module]:
    """Parse all modules of the package; names without the leading "factx."."""
    package = ROOT / "factx"
    modules = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        modules[name] = ast.parse(path.read_text(encoding="utf-8"))
    return modules


@cache
def read_imports(*, types: bool = True) -> dict[str, frozenset[str]]:
    """Tell which modules of the package each one imports, anywhere in it.

    Args:
        types: Also those under `if TYPE_CHECKING`, which no run imports.
    """
    modules = read_modules()
    found = {}
    for name, tree in modules.items():
        nodes = list(ast.walk(tree))
        if not types:
            hidden = {id(inner) for node in nodes if _is_for_types(node) for inner in ast.walk(node)}
            nodes = [node for node in nodes if id(node) not in hidden]
        found[name] = frozenset(
            other for node in nodes for other in _imported(node) if other in modules and other != name
        )
    return found


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        inner = [f"{node.module}.{alias.name}" for alias in node.names]
        modules = {f"factx.{name}".rstrip(".") for name in read_modules()}
        names = [name if name in modules else node.module for name in inner]
    else:
        names = []
    return [name.removeprefix("factx").lstrip(".") for name in names if name.partition(".")[0] == "factx"]


def find_layer(module: str) -> str | None:
    """Find the layer of a module; None if the table lacks it."""
    for name, layer in LAYERS.items():
        if any(fnmatchcase(module, pattern) for pattern in layer.modules):
            return name
    return None


def make_picture() -> str:
    """Draw the layers and the imports between them that the code has; all layers may import the ground."""
    edges = {
        (find_layer(module), find_layer(other))
        for module, imported in read_imports().items()
        for other in imported
        if module
    }
    lines = ["```mermaid", "flowchart TB"]
    lines += [f'  {name}["<b>{name}</b><br>{layer.does}"]' for name, layer in LAYERS.items()]
    order = list(LAYERS)
    lines += [
        f"  {above} --> {below}"
        for above in order
        for below in order
        if (above, below) in edges and below not in {above, GROUND}
    ]
    return "\n".join([*lines, "```"])


def make_table() -> str:
    """Tell what each module is for, in the words of its own first sentence."""
    lines = ["| layer | module | what it is for |", "| --- | --- | --- |"]
    for name, layer in LAYERS.items():
        for module, tree in read_modules().items():
            if module and any(fnmatchcase(module, pattern) for pattern in layer.modules):
                said = " ".join((ast.get_docstring(tree) or "").split("\n\n", maxsplit=1)[0].split())
                lines.append(f"| {name} | `{module}` | {said.replace('|', chr(92) + '|')} |")
    return "\n".join(lines)
