"""The yardstick of the speed benchmarks: spaCy's small English architecture, trained here, so that nothing is fetched.

    python benchmarks/baseline.py          trains it if need be, and prints where it lies

The config is that of `spacy init config --lang en --pipeline tagger,parser,ner --optimize efficiency`, with the layers
as wide as in en_core_web_sm and, as there, a tok2vec of its own for the names, an attribute ruler and the rule
lemmatizer. It is trained for a minute on the sample articles, tagged by factx's own pipeline: enough for the parser to
make real transitions, sentence ends among them, and for the names to be found; on that the speed depends. Its
annotations are of no use otherwise.
"""

from __future__ import annotations

import hashlib
import os
import random
import warnings
from pathlib import Path
from typing import Any

import spacy
from spacy.cli.init_config import init_config
from spacy.language import Language
from spacy.lookups import Lookups
from spacy.training import Example
from spacy.util import load_model_from_config
from thinc.api import Config

import factx

ROOT = Path(__file__).resolve().parent.parent
EPOCHS = 30
# As in en_core_web_sm 3: hashed features in 96 columns, four convolutions.
FEATURES = {
    "tok2vec": (["NORM", "PREFIX", "SUFFIX", "SHAPE", "SPACY", "IS_SPACE"], [5000, 1000, 2500, 2500, 50, 50]),
    "ner": (["NORM", "PREFIX", "SUFFIX", "SHAPE"], [5000, 1000, 2500, 2500]),
}


def make_tok2vec(name: str) -> dict[str, Any]:
    attributes, rows = FEATURES[name]
    embed = {
        "@architectures": "spacy.MultiHashEmbed.v2", "width": 96, "attrs": attributes, "rows": rows,
        "include_static_vectors": False,
    }  # fmt: skip
    encode = {
        "@architectures": "spacy.MaxoutWindowEncoder.v2", "width": 96, "depth": 4, "window_size": 1, "maxout_pieces": 3,
    }  # fmt: skip
    return {"@architectures": "spacy.Tok2Vec.v2", "embed": embed, "encode": encode}


def make_config() -> Config:
    config = init_config(lang="en", pipeline=["tagger", "parser", "ner"], optimize="efficiency", gpu=False)
    components = config["components"]
    components["tok2vec"]["model"] = make_tok2vec("tok2vec")
    components["ner"]["model"]["tok2vec"] = make_tok2vec("ner")
    components["attribute_ruler"] = {"factory": "attribute_ruler"}
    components["lemmatizer"] = {"factory": "lemmatizer", "mode": "rule"}
    config["nlp"]["pipeline"] = ["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "ner"]
    return Config(config)


def read_texts() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted((ROOT / "samples").glob("*.txt"))]


def train() -> Language:
    """Train it; always the same result."""
    spacy.util.fix_random_seed(0)
    teacher = factx.load_pipeline()
    nlp = load_model_from_config(make_config(), auto_fill=True)
    ruler = nlp.get_pipe("attribute_ruler")
    docs = list(teacher.pipe(read_texts()))
    # en_core_web_sm's ruler maps tags to parts of speech, by which the lemmatizer chooses its rules.
    poses = {token.tag_: token.pos_ for doc in docs for token in doc if token.tag_ != "_SP"}
    for tag, pos in sorted(poses.items()):
        ruler.add(patterns=[[{"TAG": tag}]], attrs={"POS": pos})  # type: ignore[attr-defined]
    # Whole articles: from single sentences the parser would not learn to end one.
    examples = []
    for doc in docs:
        gold = doc.copy()
        gold.spans.clear()
        examples.append(Example(nlp.make_doc(doc.text), gold))
    trained = ["tok2vec", "tagger", "parser", "ner"]
    with nlp.select_pipes(enable=trained):
        optimizer = nlp.initialize(lambda: examples)
        for epoch in range(EPOCHS):
            random.Random(epoch).shuffle(examples)  # noqa: S311 - wants repeatable randomness
            for start in range(0, len(examples), 2):
                nlp.update(examples[start : start + 2], sgd=optimizer, drop=0.1)
    # The lemmatizer's tables are those that travel with factx's own pipeline.
    lemmatizer, tables = nlp.get_pipe("lemmatizer"), teacher.get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]
    lookups = Lookups()
    for name in tables.tables:
        lookups.add_table(name, tables.get_table(name))
    lemmatizer.initialize(lookups=lookups)  # type: ignore[attr-defined]
    return nlp


def find_baseline() -> Path:
    """Find the trained baseline in the user's cache, or train it."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "factx-benchmarks"
    source = Path(__file__).read_bytes() + spacy.__version__.encode() + "".join(read_texts()).encode()
    folder = cache / f"spacy-small-{hashlib.blake2b(source, digest_size=6).hexdigest()}"
    if not folder.is_dir():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nlp = train()
        part = folder.with_name(f"{folder.name}.{os.getpid()}.part")
        part.parent.mkdir(parents=True, exist_ok=True)
        nlp.to_disk(part)
        part.rename(folder)
    return folder


if __name__ == "__main__":
    print(find_baseline())
