"""Fingerprints of all that a result depends on beside the input: the pipeline, factx itself and what it stands on."""

from __future__ import annotations

import hashlib
from importlib import metadata, resources
from importlib.util import find_spec
from pathlib import Path

from factx.errors import PipelineError

_STANDS_ON = ("numpy", "onnxruntime", "spacy", "tokenizers")
_CODE_ENDINGS = (".csv", ".jsonl", ".py")


def describe_program(model: str | None) -> dict[str, str]:
    """Describe what reads the articles, so that another one is noticed.

    Args:
        model: A pipeline's folder or package name; None for the shipped one.

    Returns:
        Versions, and hashes of the pipeline and of factx's own files.

    Raises:
        PipelineError: There is no such pipeline.
    """
    package = Path(str(resources.files("factx")))
    return {
        "pipeline": _hash_files(_find_pipeline(model), ("",)),
        "factx": _hash_files(package, _CODE_ENDINGS),
        **{name: metadata.version(name) for name in _STANDS_ON},
    }


def _find_pipeline(model: str | None) -> Path:
    """Find the folder of a pipeline without loading it."""
    from factx.parse import pipeline_path

    if model is None:
        return pipeline_path()
    if Path(model).exists():
        return Path(model)
    try:
        spec = find_spec(model) if model.isidentifier() else None
    except (ImportError, ValueError):
        spec = None
    if spec is None or not spec.submodule_search_locations:
        raise PipelineError(f"{model}: there is no pipeline of this name; name a folder or package with --model")
    return Path(next(iter(spec.submodule_search_locations)))


def _hash_files(folder: Path, endings: tuple[str, ...]) -> str:
    """Hash names and contents of the files in a folder."""
    digest = hashlib.blake2b(digest_size=16)
    files = [folder] if folder.is_file() else sorted(folder.rglob("*"))
    for file in files:
        # The pipeline inside an installed package is hashed as such.
        relative = file.relative_to(folder).as_posix()
        if file.is_file() and file.name.endswith(endings) and not relative.startswith(("pipeline/", "__pycache__")):
            data = file.read_bytes()
            digest.update(f"{relative} {len(data)}\n".encode())
            digest.update(data)
    return digest.hexdigest()
