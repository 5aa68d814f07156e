"""The spaCy component `factx_encoder`: tags, tree, sentences, names and the words of counts, dates and quotes.

It runs one int8 ONNX graph over the whole article and writes what `decode` reads from it onto the Doc. What later steps
need beyond spaCy's own fields stands in `doc.spans`:

    factx_names                 the names, as doc.ents, with attrs["scores"]
    factx_contents              parts of quote contents, labelled CONTENT or NESTED;
                                attrs["scores"], and attrs["cues"], attrs["speakers"]: first token of each, -1 for none
    factx_cues, factx_speakers  attrs["scores"]
    factx_count_spans           labelled by the likeliest kind; attrs["scores"], "kinds" and "status" (label ->
                                probability), "subset" (probability)
    factx_date_spans            labelled by TIMEX3 type; attrs["scores"]
"""

from __future__ import annotations

import json
import logging
import os
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from spacy import util
from spacy.attrs import DEP, HEAD, POS, TAG
from spacy.tokens import Doc, Span, SpanGroup

from factx.encoder.decode import (
    Floats,
    TaggedSpan,
    cut_spans,
    decode_sentences,
    decode_spans,
    decode_tree,
    sigmoid,
    softmax,
    steady_sentences,
)
from factx.encoder.labels import KINDS, NAMES, STATUSES, TIMEX_TYPES, UPOS
from factx.encoder.pieces import SPECIAL, Pieces, WordPieces
from factx.encoder.reading import read_words, without_addresses
from factx.encoder.windows import cut_windows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import onnxruntime
    from spacy.vocab import Vocab

logger = logging.getLogger(__name__)

# A sentence on which a packed pipeline notes what its graph computes, to tell a processor on which it does otherwise.
# Sums in another order move these numbers by some hundredths; int8 products that overflow move them by several units.
PROBE = "Police said 12 people were killed in Kabul on Friday .".split()
PROBE_COLUMNS = 40
PROBE_TOLERANCE = 1.0

# A cue or speaker farther than this many words from its content is none.
LINK_REACH = 120


class Columns:
    """Names the columns of the graph's rows."""

    def __init__(self, widths: dict[str, int]) -> None:
        self._slices: dict[str, slice] = {}
        start = 0
        for name, width in widths.items():
            self._slices[name] = slice(start, start + width)
            start += width
        self.total = start

    def take(self, rows: Floats, name: str) -> Floats:
        """One head's columns, (words, width of the head), a view of the network's rows, (words, sum of all widths)."""
        return rows[:, self._slices[name]]


class FactxEncoder:
    """Runs the trained graph; see the module's text for what it leaves on the Doc.

    Args:
        vocab: The pipeline's vocabulary.
        name: Name in the pipeline.
        threads: Threads of the ONNX runtime for one run.
    """

    def __init__(self, vocab: Vocab, name: str = "factx_encoder", threads: int = 1) -> None:
        self.vocab = vocab
        self.name = name
        self.threads = threads
        self.settings: dict[str, Any] = {}
        self._graph = b""
        self._tokenizer_json = b""
        self._relations: tuple[Floats, Floats] | None = None
        self._session: tuple[int, onnxruntime.InferenceSession] | None = None
        self._pieces: WordPieces | None = None
        self._columns: Columns | None = None

    # -- running

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one document."""
        if self._pieces is None or self._columns is None:
            raise ValueError(
                "factx_encoder holds no model: load a trained pipeline with from_disk or factx.load_pipeline"
            )
        words, places, breaks = read_words(doc)
        if not words:
            _write_nothing(doc)
            return doc
        pieces = self._pieces.cut(words)
        # Filled in place: the rows of a long article are hundreds of megabytes, and twice that while they are joined.
        rows = np.empty((len(words), self._columns.total), np.float32)
        for window in cut_windows(words, [len(p.ids) for p in pieces], breaks):
            core = slice(window.core_start - window.start, window.core_end - window.start)
            rows[window.core_start : window.core_end] = self._run(pieces[window.start : window.end], self._pieces, core)
        self._write(doc, words, places, breaks, rows)
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 1) -> Iterator[Doc]:  # noqa: ARG002 - spaCy passes it
        """Annotate documents as they come.

        Each window goes through the graph alone: int8 products scale their inputs over the whole batch, so in a batch
        an article's facts would depend on its neighbours (and on one processor core batches are no faster).

        Args:
            stream: The documents.
            batch_size: Taken for spaCy's sake; it changes nothing.

        Yields:
            The same documents, annotated, in order.
        """
        for doc in stream:
            yield self(doc)

    def _run(self, pieces: Sequence[Pieces], cutter: WordPieces, core: slice = slice(None)) -> Floats:
        """One window through the graph: the rows of its words, or of those of its core alone, (words, columns)."""
        ids, casings, first = [cutter.start], [SPECIAL], []
        for piece in pieces:
            first.append(len(ids))
            ids.extend(piece.ids)
            casings.extend([piece.casing] * len(piece.ids))
        inputs = {
            "ids": np.array([[*ids, cutter.end]], np.int64),
            "casings": np.array([[*casings, SPECIAL]], np.int64),
            "first": np.array(first[core], np.int64),
        }
        rows: Floats = self._load_session().run(None, inputs)[0]
        return rows

    def _load_session(self) -> onnxruntime.InferenceSession:
        """The session of this process: a forked worker makes its own."""
        if self._session is None or self._session[0] != os.getpid():
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = self.threads
            options.inter_op_num_threads = 1
            options.log_severity_level = 3
            session = onnxruntime.InferenceSession(
                self._graph,
                options,
                providers=["CPUExecutionProvider"],
                disabled_optimizers=["SkipLayerNormFusion"],  # slower than its parts by a tenth of the graph's time
            )
            self._session = (os.getpid(), session)
            self._check_processor()
        return self._session[1]

    def _probe(self) -> list[list[float]]:
        """What the graph makes of one sentence, some columns of each word."""
        assert self._pieces is not None  # noqa: S101 - the session needs the same files
        rows = self._run(self._pieces.cut(PROBE), self._pieces)[:, :PROBE_COLUMNS]
        return [[round(float(value), 3) for value in row] for row in rows]

    def _check_processor(self) -> None:
        """Warn, once, where this processor or runtime computes something else than the one that made the pipeline."""
        expected = self.settings.get("probe")
        if expected is None:
            return
        distance = float(np.abs(np.array(self._probe()) - np.array(expected)).max())
        if not distance < PROBE_TOLERANCE:  # also where it is no number
            logger.warning(
                "onnxruntime computes otherwise on this processor than where the pipeline was made (%.2f off):"
                " facts may differ; try another version of onnxruntime",
                distance,
            )

    # -- writing

    def _write(self, doc: Doc, words: list[str], places: list[int], breaks: frozenset[int], rows: Floats) -> None:
        assert self._columns is not None  # noqa: S101 - checked by __call__
        take = partial(self._columns.take, rows)
        sentences = decode_sentences(steady_sentences(words, take("sentence")[:, 0], breaks), breaks)
        self._write_syntax(doc, places, sentences, rows)
        names = cut_spans(decode_spans(without_addresses(doc, places, take("names"))), breaks)
        spans = _spans(doc, places, names, NAMES)
        doc.set_ents(spans)
        _put(doc, "factx_names", spans, scores=[s.score for s in names])
        self._write_counts(doc, places, breaks, rows)
        dates = cut_spans(decode_spans(take("date")), breaks)
        _put(doc, "factx_date_spans", _spans(doc, places, dates, TIMEX_TYPES), scores=[s.score for s in dates])
        for key in ("cue", "speaker"):
            found = cut_spans(decode_spans(take(key)), breaks)
            _put(doc, f"factx_{key}s", _spans(doc, places, found, (key.upper(),)), scores=[s.score for s in found])
        contents = [(s, "CONTENT") for s in decode_spans(take("content"))]
        contents += [(s, "NESTED") for s in decode_spans(take("nested"))]
        contents.sort(key=lambda pair: (pair[0].start, -pair[0].end))
        _put(
            doc,
            "factx_contents",
            [_span(doc, places, span.start, span.end, label) for span, label in contents],
            scores=[span.score for span, _ in contents],
            cues=[self._link(rows, span.start, "link_cue", places) for span, _ in contents],
            speakers=[self._link(rows, span.start, "link_speaker", places) for span, _ in contents],
        )

    def _link(self, rows: Floats, word: int, name: str, places: list[int]) -> int:
        """First token of the cue or speaker that belongs to a content; -1 for none."""
        assert self._columns is not None  # noqa: S101 - checked by __call__
        first = max(0, word - LINK_REACH)
        near = rows[first : word + LINK_REACH]
        scores = self._columns.take(near, f"{name}_to") @ self._columns.take(rows[word : word + 1], name)[0]
        target = first + int(scores.argmax())
        return -1 if target == word else places[target]

    def _write_counts(self, doc: Doc, places: list[int], breaks: frozenset[int], rows: Floats) -> None:
        assert self._columns is not None  # noqa: S101 - checked by __call__
        found = cut_spans(decode_spans(self._columns.take(rows, "count")), breaks)
        kinds, status, subset = [], [], []
        for span in found:
            inside = rows[span.start : span.end]
            mean = inside.mean(axis=0, keepdims=True)
            kind = sigmoid(self._columns.take(mean, "kinds"))[0]
            kinds.append({label: round(float(p), 4) for label, p in zip(KINDS, kind, strict=True)})
            probabilities = softmax(self._columns.take(mean, "status"))[0]
            status.append({label: round(float(p), 4) for label, p in zip(STATUSES, probabilities, strict=True)})
            subset.append(round(float(sigmoid(self._columns.take(mean, "subset"))[0, 0]), 4))
        spans = [
            _span(doc, places, span.start, span.end, max(kind, key=kind.__getitem__))
            for span, kind in zip(found, kinds, strict=True)
        ]
        _put(
            doc, "factx_count_spans", spans, scores=[s.score for s in found], kinds=kinds, status=status, subset=subset
        )

    def _write_syntax(self, doc: Doc, places: list[int], sentences: list[tuple[int, int]], rows: Floats) -> None:
        """Set tags, heads and relations; sentences follow from the trees."""
        assert self._columns is not None and self._relations is not None  # noqa: S101, PT018 - checked by __call__
        take = partial(self._columns.take, rows)
        arcs, arcs_to = take("arc"), take("arc_to")
        heads = np.empty(len(rows), np.int64)
        for start, end in sentences:
            heads[start:end] = start + decode_tree(arcs[start:end] @ arcs_to[start:end].T)
        weight, bias = self._relations
        relations = (take("dep") * take("dep_to")[heads]) @ weight.T + bias
        root = self.settings["deps"].index("root")
        is_root = heads == np.arange(len(heads))
        relations[:, root] = np.where(is_root, 1e9, -1e9)
        strings = self.vocab.strings
        tags = np.array([strings.add(tag) for tag in self.settings["xpos"]], np.uint64)[take("xpos").argmax(axis=1)]
        poses = np.array([strings.add(pos) for pos in UPOS], np.uint64)[take("upos").argmax(axis=1)]
        names = ["ROOT" if dep == "root" else dep for dep in self.settings["deps"]]
        deps = np.array([strings.add(dep) for dep in names], np.uint64)[relations.argmax(axis=1)]
        places_array = np.array(places, np.int64)
        table = np.empty((len(doc), 4), np.uint64)
        # Blanks hang on the word before them (on the first word where they open the text).
        owner = np.searchsorted(places_array, np.arange(len(doc)), side="right") - 1
        blank_head = places_array[np.maximum(owner, 0)]
        table[:, 0] = strings.add("_SP")
        table[:, 1] = strings.add("SPACE")
        table[:, 2] = strings.add("dep")
        table[:, 3] = (blank_head - np.arange(len(doc))).astype(np.int64).view(np.uint64)
        table[places_array, 0] = tags
        table[places_array, 1] = poses
        table[places_array, 2] = deps
        table[places_array, 3] = (places_array[heads] - places_array).view(np.uint64)
        doc.from_array([TAG, POS, DEP, HEAD], table)  # type: ignore[arg-type] # spaCy takes uint64 as well

    # -- saving

    def _files(self) -> dict[str, Callable[[], bytes]]:
        return {
            "model.onnx": lambda: self._graph,
            "tokenizer.json": lambda: self._tokenizer_json,
            "settings.json": lambda: json.dumps(self.settings, indent=1).encode(),
            "relations.npy": lambda: _pack(self._relations),
        }

    def _unpack(self, files: dict[str, bytes]) -> None:
        self._graph = files["model.onnx"]
        self._tokenizer_json = files["tokenizer.json"]
        self.settings = json.loads(files["settings.json"])
        table = np.frombuffer(files["relations.npy"], np.float32).reshape(len(self.settings["deps"]), -1)
        self._relations = (table[:, :-1], table[:, -1])
        self._pieces = WordPieces(self._tokenizer_json)
        self._columns = Columns(self.settings["columns"])
        self._session = None

    def initialize(self, get_examples: object = None, nlp: object = None) -> None:
        """Nothing to set up: the graph comes trained (models/en_factx_news)."""

    def set_model(
        self, graph: bytes, tokenizer_json: bytes, settings: dict[str, Any], relations: tuple[Floats, Floats]
    ) -> None:
        """Put a trained model in.

        Args:
            graph: The ONNX graph: ids, casings (windows, pieces) and first (words,) to rows (words, columns).
            tokenizer_json: The word-piece tokenizer.
            settings: "columns" (name -> width, in order), "xpos" and "deps" (labels in order); "probe" is added.
            relations: Weights (relations, width of dep) and bias (relations,).
        """
        self._relations = relations
        self._unpack(
            {
                "model.onnx": graph,
                "tokenizer.json": tokenizer_json,
                "settings.json": json.dumps(settings).encode(),
                "relations.npy": _pack(relations),
            }
        )
        self.settings["probe"] = self._probe()

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Everything as one byte string."""
        return util.to_bytes(self._files(), exclude)

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> FactxEncoder:
        """Read what `to_bytes` wrote."""
        files: dict[str, bytes] = {}
        util.from_bytes(data, {name: partial(files.__setitem__, name) for name in self._files()}, exclude)
        self._unpack(files)
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the component's folder."""
        writers: dict[str, Callable[[Path], None]] = {
            name: partial(_write_file, content=content) for name, content in self._files().items()
        }
        util.to_disk(path, writers, exclude)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> FactxEncoder:
        """Read the component's folder."""
        files: dict[str, bytes] = {}
        readers: dict[str, Callable[[Path], None]] = {name: partial(_read_file, files=files) for name in self._files()}
        util.from_disk(path, readers, exclude)
        self._unpack(files)
        return self

    def __getstate__(self) -> dict[str, Any]:
        """Pickle without the session and the tokenizer, which only live in one process."""
        state = self.__dict__.copy()
        state["_session"] = state["_pieces"] = None
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if self._tokenizer_json:
            self._pieces = WordPieces(self._tokenizer_json)


def _write_file(path: Path, content: Callable[[], bytes]) -> None:
    path.write_bytes(content())


def _read_file(path: Path, files: dict[str, bytes]) -> None:
    files[path.name] = path.read_bytes()


def _pack(relations: tuple[Floats, Floats] | None) -> bytes:
    if relations is None:
        return b""
    weight, bias = relations
    return np.concatenate([weight, bias[:, None]], axis=1).astype(np.float32).tobytes()


def _span(doc: Doc, places: list[int], start: int, end: int, label: str) -> Span:
    return Span(doc, places[start], places[end - 1] + 1, label=label)


def _spans(doc: Doc, places: list[int], found: Sequence[TaggedSpan], labels: Sequence[str]) -> list[Span]:
    return [_span(doc, places, span.start, span.end, labels[span.label]) for span in found]


def _put(doc: Doc, name: str, spans: Sequence[Span], **attrs: list[Any]) -> None:
    doc.spans[name] = SpanGroup(doc, name=name, spans=list(spans), attrs=attrs)


def _write_nothing(doc: Doc) -> None:
    """A text without words still gets its tags and its empty groups."""
    for token in doc:
        token.pos_, token.tag_ = "SPACE", "_SP"
        token.is_sent_start = token.i == 0
    _put(doc, "factx_names", [], scores=[])
    _put(doc, "factx_contents", [], scores=[], cues=[], speakers=[])
    _put(doc, "factx_count_spans", [], scores=[], kinds=[], status=[], subset=[])
    for name in ("factx_cues", "factx_speakers", "factx_date_spans"):
        _put(doc, name, [], scores=[])
