"""The imports follow the path of the data: no cycle, no layer looks up, and start-up stays light."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter

import architecture
import pytest
from architecture import GROUND, LAYERS, find_layer, read_imports, read_modules

MOST_LINES = 460  # "about 450": a longer module is divided at its seams, and this bound not raised
# What `factx --help` may not import: each costs more than the whole of the rest.
HEAVY = (
    "distributed", "fsspec", "jinja2", "lxml", "numpy", "onnxruntime", "pyarrow", "pydantic", "rich.table", "spacy",
    "thinc", "tokenizers", "trafilatura",
)  # fmt: skip


def test_every_module_has_a_layer() -> None:
    assert [name for name in read_modules() if name and find_layer(name) is None] == []


@pytest.mark.parametrize("name", LAYERS)
def test_layers_look_down_only(name: str) -> None:
    below = list(LAYERS)[list(LAYERS).index(name) + 1 :]
    assert set(LAYERS[name].sees) <= set(below)


@pytest.mark.parametrize("module", [name for name in read_modules() if name])
def test_module_imports_what_its_layer_may(module: str) -> None:
    layer = find_layer(module)
    assert layer
    allowed = {layer, GROUND, *LAYERS[layer].sees}
    assert {other for other in read_imports()[module] if other and find_layer(other) not in allowed} == set()


def test_imports_have_no_cycle() -> None:
    # Types alone may look back: a module of rules names the Doc-wide record that its caller builds.
    try:
        TopologicalSorter(read_imports(types=False)).prepare()
    except CycleError as error:
        pytest.fail(f"cycle: {' -> '.join(error.args[1])}")


def test_the_layer_table_has_no_empty_pattern() -> None:
    modules = [name for name in read_modules() if name]
    for name, layer in LAYERS.items():
        assert any(find_layer(module) == name for module in modules) or name == "batch", layer


@pytest.mark.parametrize("module", read_modules())
def test_module_says_what_it_is_for(module: str) -> None:
    assert ast.get_docstring(read_modules()[module])


@pytest.mark.parametrize("module", read_modules())
def test_module_is_not_too_long(module: str) -> None:
    path = architecture.module_path(module)
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES


def _imported(program: str) -> set[str]:
    """Run a program in a fresh Python; the modules it leaves imported."""
    program += "\nimport sys\nprint('imported', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split()[1:])


COMMANDS = [["--help"], ["--version"], *([name, "--help"] for name in ("extract", "schema", "info", "batch", "report"))]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    program = f"""
import contextlib, sys
from factx.cli import main
sys.argv[1:] = {arguments}
with contextlib.suppress(SystemExit):
    main()
"""
    imported = _imported(program)
    assert "typer" in imported
    # Typer itself asks pydantic to check the types of a command's options, where spaCy has brought it.
    assert imported.isdisjoint({*HEAVY} - ({"pydantic"} if len(arguments) > 1 else set()))


def test_import_factx_imports_nothing_heavy() -> None:
    assert _imported("import factx").isdisjoint({*HEAVY, "typer"})
