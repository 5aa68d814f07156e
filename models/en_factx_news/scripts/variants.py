"""Variants of annotated passages: forms that news uses and the gold hardly has, made from passages that it has.

Every function takes a record of `data/news` (text and annotations by character offsets) and gives a new one, or None
where the form does not suit the passage. Words are never invented but for datelines, whose places are listed here.
"""

from __future__ import annotations

import copy
import random
import re
from typing import Any

Record = dict[str, Any]

# Places for datelines, as agencies write them: the city in capitals or not, its country or state, or neither.
PLACES = (
    ("Nairobi", "Kenya"), ("Lima", "Peru"), ("Manila", "Philippines"), ("Kabul", "Afghanistan"), ("Cairo", "Egypt"),
    ("Jakarta", "Indonesia"), ("Bogota", "Colombia"), ("Lagos", "Nigeria"), ("Kyiv", "Ukraine"), ("Athens", "Greece"),
    ("Madrid", "Spain"), ("Rome", "Italy"), ("Quito", "Ecuador"), ("Dhaka", "Bangladesh"), ("Yangon", "Myanmar"),
    ("Beirut", "Lebanon"), ("Baghdad", "Iraq"), ("Tripoli", "Libya"), ("Bamako", "Mali"), ("Santiago", "Chile"),
    ("Istanbul", "Turkey"), ("Karachi", "Pakistan"), ("Sydney", "Australia"), ("Toronto", "Canada"),
    ("Austin", "Texas"), ("Phoenix", "Arizona"), ("Albany", "N.Y."), ("Tampa", "Fla."), ("Denver", "Colo."),
    ("Port-au-Prince", "Haiti"), ("Addis Ababa", "Ethiopia"), ("Rio de Janeiro", "Brazil"), ("New Delhi", "India"),
    ("Mexico City", None), ("London", None), ("Paris", None), ("Moscow", None), ("Beijing", None), ("Tokyo", None),
    ("Washington", None), ("New York", None), ("Los Angeles", None), ("Berlin", None), ("Geneva", None),
    ("United Nations", None), ("Gaza City", "Gaza Strip"), ("Jerusalem", None), ("Hong Kong", None), ("Seoul", None),
)  # fmt: skip
AGENCIES = ("AP", "Reuters", "AFP", "Xinhua", "UPI", "dpa", "BBC", "CNN")
MONTHS = ("Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.", "January",
          "February", "August", "September", "October", "November", "December")  # fmt: skip
DASHES = (" — ", " - ", " – ", " -- ", ": ")
# Opening and closing marks, with how often each pair is taken.
MARKS = ((('"', '"'), 6), (("“", "”"), 8), (("‘", "’"), 2), (("'", "'"), 1), (("«", "»"), 1), (("``", "''"), 1))


def shifted(value: Any, places: list[tuple[int, int]]) -> Any:  # noqa: ANN401 - walks JSON
    """Offsets moved: each place (position, length) pushes what starts at or behind it; pairs of integers are spans."""

    def move(position: int, *, end: bool) -> int:
        return position + sum(length for at, length in places if (at < position if end else at <= position))

    if isinstance(value, list):
        if len(value) >= 2 and all(type(x) is int for x in value[:2]):
            return [move(value[0], end=False), move(value[1], end=True), *value[2:]]
        return [shifted(item, places) for item in value]
    if isinstance(value, dict):
        out = {key: shifted(item, places) for key, item in value.items() if key not in ("start", "end")}
        if "start" in value:
            out["start"], out["end"] = move(value["start"], end=False), move(value["end"], end=True)
        return out
    return value


def with_dateline(record: Record, rng: random.Random) -> Record:
    """The passage as the start of an agency's article: place, perhaps day and agency, and a dash."""
    city, country = rng.choice(PLACES)
    pieces: list[tuple[str, str | None]] = [(city.upper() if rng.random() < 0.6 else city, "GPE")]
    if country and rng.random() < 0.7:
        pieces += [(", ", None), (country, "LOC" if country == "Gaza Strip" else "GPE")]
    if rng.random() < 0.55:
        day = f"{rng.choice(MONTHS)} {rng.randint(1, 28)}"
        year = f", {rng.randint(1998, 2029)}" if rng.random() < 0.6 else ""
        pieces += [(", ", None), (day + year, "DATE")]
    if rng.random() < 0.5:
        pieces += [(" (", None), (rng.choice(AGENCIES), "ORG"), (")", None)]
    pieces.append((rng.choice(DASHES), None))
    head, spans = "", []
    for text, label in pieces:
        if label:
            spans.append([len(head), len(head) + len(text), label])
        head += text
    keys = [key for key in ("spans", "quotes", "counts", "dates") if key in record]
    out = {**record, "text": head + record["text"], **{key: shifted(record[key], [(0, len(head))]) for key in keys}}
    if "spans" in record:
        out["spans"] = [s for s in spans if s[2] != "DATE"] + out["spans"]
    if record.get("dates") is not None and "dates" in record:
        own = [{"start": s, "end": e, "type": "DATE"} for s, e, label in spans if label == "DATE"]
        out["dates"] = own + out["dates"]
    return out


# First words of speakers that are written small inside a sentence.
COMMON_OPENERS = frozenset(
    """a an the he she they it we i one another some several many most both his her their local police officials
    authorities witnesses doctors residents analysts investigators prosecutors lawyers experts reports officers military
    hospital government opposition human aid security senior medical eyewitnesses scientists researchers rescue
    relatives activists critics opponents supporters""".split()
)
_SENTENCE_BEFORE = re.compile(r"(?:^|[.!?][\"”’']?\s+)$")


def _fronted(text: str, quote: Record) -> tuple[int, int] | None:
    """Bounds of a sentence that is "SPEAKER CUE (that) CONTENT." and nothing else; None for any other."""
    (start, end), cue, speaker = quote["content"][0], quote["cue"], quote["speaker"]
    if not speaker[1] <= cue[0] < cue[1] <= start or text[end : end + 1] != ".":
        return None
    between = (text[speaker[1] : cue[0]].strip(), text[cue[1] : start].strip())
    if between[0] or between[1] not in ("", "that") or text[start:end].startswith("to "):
        return None
    return (speaker[0], end + 1) if _SENTENCE_BEFORE.search(text[: speaker[0]]) else None


def with_direct_speech(record: Record, rng: random.Random) -> Record | None:
    """Indirect quotes put into quotation marks: fronted, trailing, inverted, split, with marks of every kind.

    Only quotes that are a sentence of their own with nothing else annotated around the content are rewritten.
    """
    text = record["text"]
    if '"' in text or "“" in text:
        return None
    record = copy.deepcopy(record)
    changed = False
    for index in range(len(record.get("quotes", ()))):
        quote = record["quotes"][index]
        text = record["text"]
        if quote["nested"] or len(quote["content"]) != 1 or not quote["cue"] or not quote["speaker"]:
            continue
        bounds = _fronted(text, quote)
        others = [q for q in record["quotes"] if q is not quote]
        if not bounds or any(bounds[0] < part[1] and part[0] < bounds[1] for q in others for part in q["content"]):
            continue
        if any(bounds[0] <= c["start"] < quote["content"][0][0] for c in record.get("counts", ())):
            continue
        if rng.random() < 0.8:
            record = _rewrite(record, index, bounds, rng)
            changed = True
    return record if changed else None


def _rewrite(record: Record, index: int, bounds: tuple[int, int], rng: random.Random) -> Record:
    """Write one sentence anew; annotations inside the content move along with it."""
    text, quote = record["text"], record["quotes"][index]
    (start, end), (cue_start, cue_end), (speaker_start, speaker_end) = quote["content"][0], quote["cue"], quote["speaker"]
    content, cue, speaker = text[start:end], text[cue_start:cue_end], text[speaker_start:speaker_end]
    opening, closing = rng.choices([m for m, _ in MARKS], [w for _, w in MARKS])[0]
    draw = rng.random()
    # A mark in a hundred is lost on the way, as in copied articles.
    if draw < 0.03:
        closing = ""
    elif draw < 0.04:
        opening = ""
    named = speaker.lower() not in ("he", "she", "they", "it", "who") and " " not in cue
    common = speaker.split()[0].lower() in COMMON_OPENERS
    lower_speaker = speaker[0].lower() + speaker[1:] if common else speaker
    form = rng.random()
    inside = max((i for i, c in enumerate(content[: len(content) * 2 // 3]) if c == "," and content[i + 1 : i + 2] == " "), default=0)
    parts: list[tuple[str, str]] = []  # (what it is, text)
    upper = content[0].upper() + content[1:]
    if form < 0.3:
        parts = [("speaker", speaker), ("", " "), ("cue", cue), ("", rng.choice((", ", ", ", ": "))), ("", opening),
                 ("content", upper), ("", "." + closing)]  # fmt: skip
    elif form < 0.6 or (form >= 0.85 and not inside):
        parts = [("", opening), ("content", upper), ("", "," + closing + " "), ("speaker", lower_speaker), ("", " "),
                 ("cue", cue), ("", ".")]  # fmt: skip
    elif form < 0.85:
        order = [("cue", cue), ("", " "), ("speaker", lower_speaker)] if named else [
            ("speaker", lower_speaker), ("", " "), ("cue", cue)]  # fmt: skip
        parts = [("", opening), ("content", upper), ("", "," + closing + " "), *order, ("", ".")]
    else:
        parts = [("", opening), ("content", upper[:inside]), ("", "," + closing + " "), ("speaker", lower_speaker), ("", " "),
                 ("cue", cue), ("", ", " + opening), ("content", content[inside + 2 :]), ("", "." + closing)]  # fmt: skip
    new, spans = "", []
    for name, piece in parts:
        if name:
            spans.append((name, bounds[0] + len(new), bounds[0] + len(new) + len(piece)))
        new += piece
    pieces = [(s, e) for name, s, e in spans if name == "content"]
    delta = len(new) - (bounds[1] - bounds[0])
    cut = start + inside if len(pieces) == 2 else end

    def move(position: int) -> int:
        if start <= position <= end:
            return position - start + pieces[0][0] if position <= cut else position - (start + inside + 2) + pieces[-1][0]
        return position + delta if position >= bounds[1] else position

    def walk(value: Any) -> Any:  # noqa: ANN401 - walks JSON
        if isinstance(value, list):
            if len(value) >= 2 and all(type(x) is int for x in value[:2]):
                return [move(value[0]), move(value[1]), *value[2:]]
            return [walk(item) for item in value]
        if isinstance(value, dict):
            return {k: move(v) if k in ("start", "end") else walk(v) for k, v in value.items()}
        return value

    out = {**record, "text": text[: bounds[0]] + new + text[bounds[1] :]}
    for key in ("counts", "quotes", "spans", "dates"):
        if key in record:
            out[key] = walk(record[key])
    if "counts" in out:  # a count across the cut would hold the attribution
        out["counts"] = [c for c in out["counts"] if not (c["start"] < pieces[0][1] < c["end"])]
    out["quotes"][index] = {
        **out["quotes"][index],
        "kind": "direct",
        "content": [list(piece) for piece in pieces],
        "cue": [list(s[1:]) for s in spans if s[0] == "cue"][0],
        "speaker": [list(s[1:]) for s in spans if s[0] == "speaker"][0],
    }
    return out
