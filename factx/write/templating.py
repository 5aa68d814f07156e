"""The templates of pages: package data, filled by jinja2 so that whatever is filled in is escaped and harmless."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from factx.sanitize import make_harmless


def read_template(name: str) -> str:
    """Read a template, style sheet or script of this package."""
    return (files("factx.write") / "templates" / name).read_text(encoding="utf-8")


def read_source(*names: str) -> Markup:
    """Read style sheets or scripts of this package, one after the other, to stand in a page as they are."""
    return Markup("".join(map(read_template, names)))  # noqa: S704 - our own files


@cache
def load_templates() -> Environment:
    """Load the environment of the templates.

    Returns:
        An environment that escapes everything but `Markup`, and in which controls and reordering marks cannot act.
    """
    return Environment(
        loader=FunctionLoader(read_template),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def hash_source(source: str) -> str:
    """Name an inline style or script in a Content-Security-Policy by its hash."""
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()


def _finalize(value: Any) -> Any:  # noqa: ANN401 - whatever a template fills in
    return make_harmless(value) if isinstance(value, str) and not isinstance(value, Markup) else value


__all__ = ["hash_source", "load_templates", "read_source", "read_template"]
