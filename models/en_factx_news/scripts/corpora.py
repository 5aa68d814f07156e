"""Annotated corpora to training units: words with the labels that each corpus marks, and masks for those it does not.

A unit is the smallest piece that is never cut: a treebank sentence, a sentence of a name corpus, or a news passage.
`Corpora.windows` strings units together to windows of the length that the encoder sees at run time.
Sources and licences: ../LICENSE.md.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import spacy
from variants import with_dateline, with_direct_speech

from factx.encoder.labels import KINDS, NAMES, STATUSES, TIMEX_TYPES, UPOS, bioes
from factx.encoder.pieces import DIGITS, LOWER, SPECIAL, TITLE, UPPER, Pieces, WordPieces
from factx.encoder.tokenizer import make_tokenizer

NO_LABEL = -100
NAME_TAGS = bioes(NAMES)
PLACES = ("GPE", "LOC", "FAC")
# Spans of these are no names by our guidelines, or are found by other means.
NOT_NAMES = ("DATE", "TIME", "PRODUCT", "WORK_OF_ART")

# Name corpora whose sentences follow one another in documents.
IN_ORDER = ("gmb", "gmb-bare", "wikigold", "re3d")


@dataclass
class Unit:
    """Words and labels of one unit; a label array that is missing was not annotated.

    labels: (words,) integer arrays named upos, xpos, sentence, head (position in the unit, own position for the root),
    dep, content, nested, cue, speaker, count, status, subset, date, link_cue, link_speaker (own position for none);
    "names" is (words, name tags) bool, true where the tag is allowed; "kinds" is (words, kinds).
    """

    words: list[str]
    doc: str
    labels: dict[str, np.ndarray] = field(default_factory=dict)
    pieces: list[Pieces] = field(default_factory=list)


def json_lines(path: Path) -> Iterator[dict]:
    with gzip.open(path, "rt", encoding="utf8") as lines:
        for line in lines:
            yield json.loads(line)


def treebank_sentences(path: Path) -> Iterator[tuple[str, str, str, list[list[str]]]]:
    """Yield sentence id, document id, text and the ten columns of each sentence."""
    sentence_id, doc, text, rows = "", "", "", []
    with gzip.open(path, "rt", encoding="utf8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith("# newdoc"):
                doc = line.split("=", 1)[1].strip()
            elif line.startswith("# sent_id"):
                sentence_id = line.split("=", 1)[1].strip()
            elif line.startswith("# text ="):
                text = line.split("=", 1)[1].strip()
            elif line and not line.startswith("#"):
                rows.append(line.split("\t"))
            elif not line and rows:
                yield sentence_id, doc, text, rows
                rows = []


def read_treebank(
    path: Path,
    xpos: list[str],
    deps: list[str],
    names: dict[str, list] | None = None,
    own_names: dict[str, list] | None = None,
) -> list[Unit]:
    """Read CoNLL-U; label lists grow when they are empty at the start (training) and are closed otherwise.

    Args:
        path: The gzipped file.
        xpos: Labels of the column, grown here if it is the first.
        deps: The same.
        names: Text of a sentence -> its names by characters (GUM's own).
        own_names: Id of a sentence -> its names by words (ours, OWN_NAMES).
    """
    closed = bool(deps)
    units = []
    for sentence_id, doc, text, rows in treebank_sentences(path):
        words = [row[1] for row in rows]
        labels = {
            "upos": np.array([UPOS.index(row[3]) if row[3] in UPOS else NO_LABEL for row in rows]),
            "head": np.array([i if row[6] == "0" else int(row[6]) - 1 for i, row in enumerate(rows)]),
            "sentence": np.array([1] + [0] * (len(rows) - 1)),
        }
        for name, column, known in (("xpos", 4, xpos), ("dep", 7, deps)):
            if not closed:
                known.extend(sorted({row[column] for row in rows} - set(known)))
            labels[name] = np.array([known.index(row[column]) if row[column] in known else NO_LABEL for row in rows])
        if names and text in names:
            starts, position = [], 0
            for row in rows:
                position = text.find(row[1], position)
                starts.append(position)
                position += len(row[1])
            offsets = [(start, start + len(word)) for start, word in zip(starts, words, strict=True)]
            labels["names"] = name_columns(offsets, names[text], GUM_RULES)
        elif own_names and sentence_id in own_names:
            offsets = [(i, i + 1) for i in range(len(words))]
            labels["names"] = name_columns(offsets, own_names[sentence_id], NameRules(frozenset()))
        units.append(Unit(words, doc, labels))
    return units


@dataclass(frozen=True)
class NameRules:
    """What a name corpus marks (`corpora.json`)."""

    absent: frozenset[str]
    """Labels whose names may stand there unmarked."""
    inferred: frozenset[str] = frozenset()
    """Labels that were told apart by word lists: any of them is allowed where one is marked."""


OWN_NAMES = Path(__file__).parent.parent / "annotations/ewt-names.jsonl"
OWN_NEWS_NAMES = OWN_NAMES.with_name("news-names.jsonl")


def read_own_names(path: Path) -> dict[str, list]:
    """Our names in texts of others: id of the sentence or passage -> (start, end, label), by words or characters."""
    if not path.exists():
        return {}
    records = (json.loads(line) for line in path.read_text(encoding="utf8").splitlines())
    return {record["id"]: record["names"] for record in records}


GUM_RULES = NameRules(frozenset(("EVENT", "FAC")))


def name_rules(corpus: dict) -> NameRules:
    full = set(corpus.get("full", ()))
    return NameRules(frozenset(set(NAMES) - full), frozenset(set(corpus.get("inferred", ())) & set(PLACES)))


def tokens_in(offsets: list[tuple[int, int]], start: int, end: int) -> tuple[int, int, bool]:
    """Find the words that touch a stretch of characters: first, last + 1, and whether the borders meet."""
    inside = [i for i, (s, e) in enumerate(offsets) if s < end and e > start]
    if not inside:
        return 0, 0, False
    first, last = inside[0], inside[-1]
    return first, last + 1, offsets[first][0] == start and offsets[last][1] == end


def tag_positions(first: int, last: int) -> list[str]:
    return ["S"] if last - first == 1 else ["B", *["I"] * (last - first - 2), "E"]


def name_columns(offsets: list[tuple[int, int]], spans: Iterable, rules: NameRules) -> np.ndarray:
    """Allowed tags of each word: one where it is known, several where the corpus does not say."""
    allowed = np.zeros((len(offsets), len(NAME_TAGS)), bool)
    allowed[:, 0] = True
    for label in rules.absent:
        allowed[:, [NAME_TAGS.index(f"{p}-{label}") for p in "BIES"]] = True
    for start, end, label, *_ in spans:
        first, last, exact = tokens_in(offsets, start, end)
        if label in NOT_NAMES:
            continue
        if not exact or label not in NAMES:
            allowed[first:last] = True
            continue
        labels = PLACES if label in rules.inferred else (label,)
        for i, position in zip(range(first, last), tag_positions(first, last), strict=True):
            allowed[i] = False
            allowed[i, [NAME_TAGS.index(f"{position}-{one}") for one in labels]] = True
    return allowed


def span_column(offsets: list[tuple[int, int]], spans: Iterable[tuple[int, int, int]]) -> np.ndarray:
    """BIOES column for spans (start, end, label number), longest first where they overlap."""
    column = np.zeros(len(offsets), int)
    for start, end, label in sorted(spans, key=lambda span: span[0] - span[1]):
        first, last, _ = tokens_in(offsets, start, end)
        if last > first and not column[first:last].any():
            for i, position in zip(range(first, last), tag_positions(first, last), strict=True):
                column[i] = 1 + 4 * label + "BIES".index(position)
    return column


class NewsReader:
    """Reads passages with character offsets through the pipeline's tokenizer."""

    def __init__(self) -> None:
        self.tokenizer = make_tokenizer()(spacy.blank("en"))

    def words(self, text: str) -> tuple[list[str], list[tuple[int, int]]]:
        tokens = [token for token in self.tokenizer(text) if not token.is_space]
        return [t.text for t in tokens], [(t.idx, t.idx + len(t)) for t in tokens]

    def sentence_unit(self, record: dict, rules: NameRules, *, one_sentence: bool) -> Unit:
        """A line of a name corpus."""
        words, offsets = self.words(record["text"])
        labels = {"names": name_columns(offsets, record["spans"], rules)}
        labels["sentence"] = np.full(len(words), 0 if one_sentence else NO_LABEL)
        return Unit(words, record.get("meta", {}).get("doc", ""), labels)

    def passage_unit(self, record: dict) -> Unit:
        """A passage of our own gold: whichever of quotes, counts, spans and dates it has."""
        words, offsets = self.words(record["text"])
        n = len(words)
        labels: dict[str, np.ndarray] = {}
        if "spans" in record:
            labels["names"] = name_columns(offsets, record["spans"], NameRules(frozenset()))
        dates = record.get("dates")
        if dates is not None:
            labels["date"] = span_column(offsets, ((d["start"], d["end"], TIMEX_TYPES.index(d["type"])) for d in dates))
        if "counts" in record:
            labels.update(count_columns(offsets, record["counts"]))
        if "quotes" in record:
            labels.update(quote_columns(offsets, record["quotes"]))
        labels["sentence"] = np.full(n, NO_LABEL)
        return Unit(words, record["id"], labels)


def count_columns(offsets: list[tuple[int, int]], counts: list[dict]) -> dict[str, np.ndarray]:
    n = len(offsets)
    kinds = np.full((n, len(KINDS)), NO_LABEL)
    status, subset = np.full(n, NO_LABEL), np.full(n, NO_LABEL)
    for count in counts:
        first, last, _ = tokens_in(offsets, count["start"], count["end"])
        fresh = kinds[first:last].max(axis=1, initial=NO_LABEL) == NO_LABEL
        kinds[first:last][fresh] = 0
        kinds[first:last, KINDS.index(count["kind"])] = 1
        status[first:last] = STATUSES.index(count["status"])
        subset[first:last] = int(count["subset"])
    return {
        "count": span_column(offsets, {(c["start"], c["end"], 0) for c in counts}),
        "kinds": kinds, "status": status, "subset": subset,
    }  # fmt: skip


def quote_columns(offsets: list[tuple[int, int]], quotes: list[dict]) -> dict[str, np.ndarray]:
    """Columns of contents, cues and speakers, and the links from the first word of each content to both."""
    n = len(offsets)
    outer = [tuple(part) for q in quotes if not q["nested"] for part in q["content"]]
    inner = [tuple(part) for q in quotes if q["nested"] for part in q["content"]]
    labels = {
        "content": span_column(offsets, {(s, e, 0) for s, e in outer}),
        "nested": span_column(offsets, {(s, e, 0) for s, e in inner}),
        "cue": span_column(offsets, {(*q["cue"], 0) for q in quotes if q["cue"]}),
        "speaker": span_column(offsets, {(*q["speaker"], 0) for q in quotes if q["speaker"]}),
        "link_cue": np.full(n, NO_LABEL),
        "link_speaker": np.full(n, NO_LABEL),
    }
    for quote in quotes:
        for part in quote["content"]:
            first, last, _ = tokens_in(offsets, *part)
            if last == first:
                continue
            for name, key in (("link_cue", "cue"), ("link_speaker", "speaker")):
                target = tokens_in(offsets, *quote[key])[0] if quote[key] else first
                labels[name][first] = target
    return labels


def wrap_quote_gum(record: dict) -> dict:
    """GUM's quotes in the shape of our own gold; its contents hold the conjunction and the marks, ours do not."""
    quotes = []
    text = record["text"]
    for q in record["quotes"]:
        parts = []
        for start, end in q["content"]:
            while start < end and text[start] in ' \n"“”,':
                start += 1
            while end > start and text[end - 1] in ' \n"“”,.':
                end -= 1
            if text[start:end].lower().startswith("that "):
                start += 5
            if end > start:
                parts.append([start, end])
        if parts and q.get("speech", True):
            quotes.append({
                "kind": q["type"], "content": parts, "nested": bool(q.get("nested")),
                "cue": q["cue"][0] if q["cue"] else None, "speaker": q["source"][0] if q["source"] else None,
            })  # fmt: skip
    return {"id": record["id"], "text": text, "quotes": quotes}


def curly(record: dict) -> dict:
    """The same passage with typographic marks; every mark is one character, so offsets stay."""
    text = list(record["text"])
    opened = False
    for i, character in enumerate(text):
        if character == '"':
            text[i] = "”" if opened else "“"
            opened = not opened
        elif character == "'":
            text[i] = "’"
    return {**record, "text": "".join(text)}


class Corpora:
    """All training and development units.

    Args:
        data: The folder with treebank, ner, news, quotes and dates.
        pieces: The word-piece tokenizer.
        silver: A folder of passages that `label.py` labelled; None for none.
    """

    def __init__(self, data: Path, pieces: WordPieces, silver: Path | None = None) -> None:
        self.pieces = pieces
        reader = NewsReader()
        rules = {
            name: name_rules(c) for name, c in json.loads((data / "ner/corpora.json").read_text())["corpora"].items()
        }
        gum_names = {
            r["text"]: r["spans"] for part in ("train", "dev") for r in json_lines(data / f"ner/gum-{part}.jsonl.gz")
        }
        self.xpos: list[str] = []
        self.deps: list[str] = []
        self.train: dict[str, list[Unit]] = {
            "treebank": read_treebank(
                data / "treebank/train.conllu.gz", self.xpos, self.deps, gum_names, read_own_names(OWN_NAMES)
            )
        }
        for path in sorted((data / "ner").glob("*-train.jsonl.gz")):
            corpus = path.name.removesuffix("-train.jsonl.gz")
            if corpus != "gum":
                self.train[corpus] = [
                    reader.sentence_unit(r, rules[corpus], one_sentence=corpus != "re3d") for r in json_lines(path)
                ]
        # What others labelled is silver; the bare text is for teachers.
        self.train["gmb-bare"] = [Unit(u.words, u.doc, {"sentence": u.labels["sentence"]}) for u in self.train["gmb"]]
        for name in ("names", "voa-names", "voa", "voa-quotes", "digest"):
            records = list(json_lines(data / f"news/{name}-train.jsonl.gz"))
            self.train[name] = [reader.passage_unit(r) for r in records]
            self.train[f"{name}-curly"] = [
                reader.passage_unit(curly(r)) for r in records if '"' in r["text"] or "'" in r["text"]
            ]
            variants = random.Random(name)
            self.train[f"{name}-dateline"] = [reader.passage_unit(with_dateline(r, variants)) for r in records]
            if "quotes" in records[0]:
                direct = (with_direct_speech(r, variants) for _ in range(2) for r in records)
                self.train[f"{name}-direct"] = [reader.passage_unit(r) for r in direct if r]
        if silver:
            own = read_own_names(OWN_NEWS_NAMES)
            self.train["silver-names"] = []
            for path in sorted(silver.glob("*.jsonl.gz")):
                units = [
                    (r["id"], reader.passage_unit(r | {"spans": own[r["id"]]} if r["id"] in own else r))
                    for r in json_lines(path)
                ]
                self.train[f"silver-{path.name.removesuffix('.jsonl.gz')}"] = [u for id, u in units if id not in own]
                self.train["silver-names"] += [u for id, u in units if id in own]
        self.train["gum-quotes"] = cut_units(
            [reader.passage_unit(wrap_quote_gum(r)) for r in json_lines(data / "quotes/gum-train.jsonl.gz")]
        )
        self.train["meantime"] = [reader.passage_unit(r) for r in json_lines(data / "dates/meantime-train.jsonl.gz")]
        for units in self.train.values():
            for unit in units:
                unit.pieces = pieces.cut(unit.words)

    def windows(self, repeats: dict[str, float], rng: random.Random, longest: int = 190) -> list[list[Unit]]:
        """One pass over the mixture: windows of units, in random order.

        Args:
            repeats: How often each corpus is seen in the pass; a fraction takes a random part, 0 or absence none.
            rng: Source of all randomness.
            longest: Most words in a window.

        Returns:
            Windows; treebank and name sentences keep their order, passages are joined at random.
        """
        windows: list[list[Unit]] = []
        for corpus, units in self.train.items():
            repeat = repeats.get(corpus, 0.0)
            whole, fraction = int(repeat), repeat - int(repeat)
            for turn in range(whole + (fraction > 0)):
                chosen = list(units)
                if any("head" in unit.labels for unit in units[:1]) or corpus in IN_ORDER:
                    blocks = list(join(chosen, rng, longest, same_doc=True))
                else:
                    rng.shuffle(chosen)
                    blocks = list(join(chosen, rng, longest, same_doc=False))
                rng.shuffle(blocks)
                if turn == whole:
                    blocks = blocks[: round(len(blocks) * fraction)]
                windows.extend(blocks)
        rng.shuffle(windows)
        return windows


def cut_units(units: list[Unit], longest: int = 180) -> list[Unit]:
    """Cut whole articles into units that fit a window, at a full stop; links that leave a unit are dropped."""
    out = []
    for unit in units:
        start = 0
        while start < len(unit.words):
            end = min(start + longest, len(unit.words))
            if end < len(unit.words):
                stops = [i + 1 for i in range(start + longest // 2, end) if unit.words[i] in ".!?"]
                end = stops[-1] if stops else end
            labels = {}
            for name, column in unit.labels.items():
                part = column[start:end].copy()
                if name.startswith("link_"):
                    part = np.where(part == NO_LABEL, NO_LABEL, part - start)
                    part[(part < 0) & (part != NO_LABEL) | (part >= end - start)] = NO_LABEL
                labels[name] = part
            out.append(Unit(unit.words[start:end], f"{unit.doc}/{start}", labels))
            start = end
    return out


def join(units: list[Unit], rng: random.Random, longest: int, *, same_doc: bool) -> Iterator[list[Unit]]:
    """String units together to windows of random length."""
    window: list[Unit] = []
    size, limit = 0, rng.randint(30, longest)
    for unit in units:
        if window and (size + len(unit.words) > limit or (same_doc and unit.doc != window[0].doc)):
            yield window
            window, size, limit = [], 0, rng.randint(30, longest)
        window.append(unit)
        size += len(unit.words)
    if window:
        yield window


def noisy_unit(unit: Unit, rng: random.Random, pieces: WordPieces) -> Unit:
    """Now and then a slip of the pen: letters swapped, doubled or lost, or the full stop at the end left out."""
    draw = rng.random()
    if draw > 0.08 or len(unit.words) < 4:
        return unit
    if draw < 0.05:
        places = [i for i, word in enumerate(unit.words) if len(word) > 4 and word.isalpha()]
        if not places:
            return unit
        words = list(unit.words)
        for i in rng.sample(places, min(len(places), 1 + len(words) // 40)):
            word, at = words[i], rng.randrange(1, len(words[i]) - 2)
            words[i] = (
                word[:at]
                + rng.choice((word[at + 1] + word[at], word[at] * 2 + word[at + 1], word[at + 1]))
                + word[at + 2 :]
            )
        return Unit(words, unit.doc, unit.labels, pieces.cut(words))
    last = len(unit.words) - 1
    heads = unit.labels.get("head")
    if heads is None or unit.words[last] != "." or (heads[:last] == last).any():
        return unit
    return Unit(unit.words[:last], unit.doc, {k: v[:last] for k, v in unit.labels.items()}, unit.pieces[:last])


def noisy_casings(casings: list[int], rng: random.Random) -> list[int]:
    """Now and then write a window in capitals, in title case or in lower case, as headlines and tickers do."""
    draw = rng.random()
    if draw > 0.09:
        return casings
    to = UPPER if draw < 0.04 else TITLE if draw < 0.06 else LOWER
    return [casing if casing in (DIGITS, SPECIAL) else to for casing in casings]
