"""Facts from English news: who, how many, when, and who said what.

    >>> import factx
    >>> facts = factx.extract_facts("Police said 12 people were killed.", published="2022-01-10")  # doctest: +SKIP
    >>> facts.counts[0].low  # doctest: +SKIP
    12

Names are loaded on first use, so that `import factx` is quick: spaCy comes in with the pipeline.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factx.errors import FactxError, InputError, OutputError, PipelineError
    from factx.facts import Article, Count, Date, DateRef, Entity, Facts, Quote, Ref, Span, Speaker
    from factx.parse import load_pipeline
    from factx.process import extract_facts, pipe
    from factx.read import FieldNames, read_articles

    __version__: str

_MODULES = {
    "Article": "factx.facts",
    "Count": "factx.facts",
    "Date": "factx.facts",
    "DateRef": "factx.facts",
    "Entity": "factx.facts",
    "Facts": "factx.facts",
    "FactxError": "factx.errors",
    "FieldNames": "factx.read",
    "InputError": "factx.errors",
    "OutputError": "factx.errors",
    "PipelineError": "factx.errors",
    "Quote": "factx.facts",
    "Ref": "factx.facts",
    "Span": "factx.facts",
    "Speaker": "factx.facts",
    "extract_facts": "factx.process",
    "load_pipeline": "factx.parse",
    "pipe": "factx.process",
    "read_articles": "factx.read",
}

__all__ = [
    "Article",
    "Count",
    "Date",
    "DateRef",
    "Entity",
    "Facts",
    "FactxError",
    "FieldNames",
    "InputError",
    "OutputError",
    "PipelineError",
    "Quote",
    "Ref",
    "Span",
    "Speaker",
    "__version__",
    "extract_facts",
    "load_pipeline",
    "pipe",
    "read_articles",
]


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for (PEP 562)."""
    value: object
    if name == "__version__":
        value = _read_version()
    elif name in _MODULES:
        value = getattr(import_module(_MODULES[name]), name)
    else:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, also those not loaded yet."""
    return sorted({*globals(), *__all__})


def _read_version() -> str:
    """Tell the version of the installed package; a source tree that is not installed has none."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("factx")
    except PackageNotFoundError:
        return "unknown"
