"""Find the names of an article: where each stands, from where to where, and what it names.

The encoder proposes; borders, labels, adjectives and repeats are then put right by the modules beside this one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from factx.countries import is_country, is_demonym, is_listed
from factx.extract.credits import find_dateline_places
from factx.extract.mentions import LABELS, Mention, covered_tokens, make_mention, merge_sorted
from factx.extract.name_adjectives import find_adjectives
from factx.extract.name_borders import ARTICLES, HYPHENS, mend_borders
from factx.extract.name_clubs import find_clubs
from factx.extract.name_labels import STORM_WORDS, settle_labels
from factx.extract.name_repeats import find_repeats
from factx.titles import HONORIFIC, MODIFIER, first_name_gender, is_kin, title_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

    from factx.extract.words import Words
    from factx.facts import Label

# Titles that are names or parts of names often enough: "Sheikh Hasina", "Prince", "Stephen King".
_NAME_LIKE = frozenset(
    ("sheikh", "sheik", "prince", "king", "judge", "major", "earl", "dean", "bishop", "pope", "saint", "lama")
)
_DEFAULT_SCORE = 0.9
# First words of place names, which mean nothing alone: "Port Said".
_PLACE_BEGINNINGS = frozenset(
    "Port Fort Saint St. San Santa Santo El Las Los New Mount Lake Cape Puerto Ciudad".split()
)
# What stands before a place's name as part of it; the points of the compass only inside a sentence.
_PLACE_PREFIXES = frozenset("Lower Upper Greater Inner Outer".split())
# Last words of bodies, of which the encoder may find the first alone: "Getty | Images".
_BODY_ENDINGS = frozenset(
    """Images Group Holdings Pictures Studios Entertainment Airlines Airways Motors Energy Insurance Pharmaceuticals
    Technologies Systems Media Press News Times Post Herald Tribune Gazette University Institute Foundation Association
    Federation Bank Ministry Committee Council Commission Agency Authority""".split()
)
# Nouns that make an event of the place or people before them, and what must not follow them: "the Iran war", "Israeli
# war cabinet". The others do so only where the encoder has seen an event: "the Manchester Arena bombing".
_WAR_NOUNS = frozenset(("war", "massacre", "genocide"))
_EVENT_NOUNS = _WAR_NOUNS | frozenset(
    """conflict bombing bombings attack attacks shooting shootings stabbing crash earthquake uprising revolution riots
    protests disaster siege famine explosion wars""".split()
)
_WAR_COMPOUNDS = frozenset(
    """cabinet crime crimes criminal criminals room chest powers plane planes machine effort efforts zone zones council
    ships ship games footing time""".split()
)
# First names that are a people's adjective, too.
_NAMES_LIKE_PEOPLES = frozenset(
    "German Roman Christian Norman Frank Israel Jordan Chad Georgia Dominique Francis".split()
)
# Bodies whose name begins with the people's: "Israeli Navy", "Russian Foreign Ministry".
_NATIONAL_BODIES = frozenset(
    (
        "Taliban",
        "Taleban",
        "Ministry",
        "Army",
        "Navy",
        "Police",
        "Air Force",
        "Armed Forces",
        "Coast Guard",
        "Forces",
        "Force",
    )
)


def find_mentions(doc: Doc, words: Words) -> list[Mention]:
    """Find the names of an article.

    Args:
        doc: A Doc with entities; scores are read from the span group "factx_names" where it is there.
        words: Its words.

    Returns:
        Mentions in text order, none overlapping another.

    Source: entities-guidelines.
    """
    scores = _read_scores(doc)
    found: list[Mention] = []
    for span in doc.ents:
        if span.label_ in LABELS:
            score = scores.get((span.start, span.end), _DEFAULT_SCORE)
            found.extend(mend_borders(words, span.start, span.end, cast("Label", span.label_), score))
    places = list(find_dateline_places(words, found))
    found = merge_sorted(
        places, (mention for mention in found if not any(_overlap(mention, place) for place in places))
    )
    found = merge_sorted(found, find_adjectives(words, found))
    found = _join_parts(words, _drop_bare_titles(found))
    found = merge_sorted([], _complete(words, found))
    found = find_clubs(words, settle_labels(words, found))
    return merge_sorted(found, find_repeats(words, found))


def _overlap(one: Mention, other: Mention) -> bool:
    return one.start < other.end and other.start < one.end


def _read_scores(doc: Doc) -> dict[tuple[int, int], float]:
    """Read the encoder's scores by token borders."""
    group = doc.spans.get("factx_names")
    if group is None:
        return {}
    scores = group.attrs.get("scores") or []
    return {
        (span.start, span.end): min(1.0, max(0.0, float(score))) for span, score in zip(group, scores, strict=False)
    }


def _join_parts(words: Words, mentions: list[Mention]) -> list[Mention]:
    """Join the parts of one name: of a listed country or people ("South" "Korean"), or first name and surname."""
    joined: list[Mention] = []
    for mention in mentions:
        previous = joined[-1] if joined else None
        if previous is not None and 0 <= mention.start - previous.end <= 8 and mention.label in ("GPE", "NORP"):
            text = words.text[previous.start : mention.end]
            if (is_demonym(text) or is_country(text)) and "," not in text and "\n" not in text:
                label: Label = "NORP" if is_demonym(text) else "GPE"
                score = (previous.score + mention.score) / 2
                joined[-1] = Mention(previous.start, mention.end, text, label, score, previous.first, mention.last)
                continue
        if mention.label in ("GPE", "NORP") and mention.first > 0:
            before = mention.first - 1
            start = words.starts[before]
            text = words.text[start : mention.end]
            # "Central Asian", of which "Asian" alone was found.
            article = words.lowers[before] in ARTICLES
            free = previous is None or previous.last <= before
            if free and not article and words.forms[before][0].isupper() and is_demonym(text):
                mention = replace(mention, start=start, text=text, first=before, label="NORP")  # noqa: PLW2901
        if mention.label == "PERSON" and " " not in mention.text and mention.first > 0:
            before = mention.first - 1
            free = previous is None or previous.last <= before
            spaced = words.text[words.ends[before] : mention.start] == " "
            known = first_name_gender(words.forms[before]) or (
                words.deps[mention.first] == "flat" and words.heads[mention.first] == before
            )
            form = words.forms[before]
            # "Son | Heung-min": a relative is not called so in capitals.
            known = known or (is_kin(form) and not words.opens[before])
            titled = title_kind(form) is not None and not is_kin(form)
            if free and spaced and known and form.istitle() and not titled:
                start = words.starts[before]
                mention = replace(mention, start=start, text=words.text[start : mention.end], first=before)  # noqa: PLW2901
        joined.append(mention)
    return joined


def _complete(words: Words, mentions: list[Mention]) -> Iterator[Mention]:
    """Complete names of which a part was found: "the Iran | war", "Port | Said", "Pakistani | Taliban"."""
    covered = covered_tokens(mentions)
    for number, mention in enumerate(mentions):
        first, last = mention.first, mention.last
        following = words.forms[last : last + 2]
        spaced = bool(following) and words.starts[last] == mention.end + 1
        if spaced and (end := _event_end(words, mention)):
            yield make_mention(words, first, end, "EVENT", mention.score)
        elif spaced and mention.text in _PLACE_BEGINNINGS and last not in covered and following[0].istitle():
            yield make_mention(words, first, last + 1, mention.label, mention.score)
        elif (
            spaced and mention.label in ("ORG", "GPE", "PERSON") and last not in covered and _ends_body(words, mention)
        ):
            yield make_mention(words, first, last + 1, "ORG", mention.score)
        elif mention.label == "ORG" and (end := _broken_word_end(words, mention)):
            follower = mentions[number + 1] if number + 1 < len(mentions) else None
            joined = follower is not None and follower.first == end + 1 and words.lowers[end] in ("in", "of", "for")
            yield make_mention(words, first, follower.last if follower and joined else end, "ORG", mention.score)
        elif first and first - 1 not in covered and _is_prefixed(words, mention):
            label: Label = "EVENT" if words.lowers[first - 1] in STORM_WORDS else mention.label
            begin = first - 2 if first > 1 and words.lowers[first - 2] == "tropical" else first - 1
            yield make_mention(words, begin, last, label, mention.score)
        elif mention.text == "Hague" and first and words.forms[first - 1] == "The":
            yield make_mention(words, first - 1, last, "GPE", mention.score)
        elif spaced and mention.label == "NORP" and (end := _body_end(words, mention, mentions[number + 1 :][:1])):
            yield make_mention(words, first, end, "ORG", mention.score)
        elif mention.label == "PERSON" and (cut := _place_before_person(words, mention)):
            place: Label = "NORP" if is_demonym(words.forms[first]) else "GPE"
            yield make_mention(words, first, cut, place, mention.score)
            yield make_mention(words, cut, last, "PERSON", mention.score)
        else:
            yield mention


def _event_end(words: Words, mention: Mention) -> int | None:
    """Give the token after the event that a name begins, if a noun behind it makes one."""
    if mention.label not in ("GPE", "NORP", "LOC", "EVENT"):
        return None
    last = mention.last
    end = last + 1 if words.lowers[last] == "civil" else last
    nouns = words.forms[end : end + 2]
    allowed = _EVENT_NOUNS if mention.label == "EVENT" and end == last else _WAR_NOUNS
    if not nouns or nouns[0] not in allowed or (len(nouns) > 1 and nouns[1] in _WAR_COMPOUNDS):
        return None
    # A name that ends in an event noun is whole: "World War", "Boston Marathon bombing".
    whole = words.lowers[last - 1] in _EVENT_NOUNS and mention.label == "EVENT" and words.forms[last - 1].istitle()
    return None if whole else end + 1


def _ends_body(words: Words, mention: Mention) -> bool:
    """Tell whether the word behind a name is the last word of a body's name, and the sentence goes on in small letters."""
    last = mention.last
    if words.forms[last] not in _BODY_ENDINGS or words.opens[last]:
        return False
    # "Canada Post" is one name, "the Canada Council" may be more.
    after = words.forms[last + 1 : last + 2]
    return not after or not after[0][0].isupper()


def _broken_word_end(words: Words, mention: Mention) -> int | None:
    """Give the token after a hyphenated word in whose middle a name ends: "Security and Co|-operation"."""
    last = mention.last
    if last + 1 >= len(words.forms) or words.forms[last] not in HYPHENS or words.starts[last] != mention.end:
        return None
    rest = words.forms[last + 1]
    glued = words.starts[last + 1] == words.ends[last] and rest.islower()
    return last + 2 if glued and words.forms[last - 1] in ("Co", "Re", "Pre", "Non") else None


def _is_prefixed(words: Words, mention: Mention) -> bool:
    """Tell whether the word before a name belongs to it: "Lower | Saxony", "Hurricane | Rita"."""
    before = mention.first - 1
    form = words.forms[before]
    if words.ends[before] + 1 != mention.start or not form[0].isupper():
        return False
    if words.lowers[before] in STORM_WORDS and mention.label in ("EVENT", "PERSON", "GPE", "LOC", "ORG"):
        return mention.last - mention.first == 1
    return mention.label == "GPE" and form in _PLACE_PREFIXES and "." not in mention.text


def _body_end(words: Words, mention: Mention, following: list[Mention]) -> int | None:
    """Give the token after the body that a people's adjective belongs to: "Iranian Navy", "Pakistani Taliban".

    A ministry or force goes by its people's name; courts and assemblies are named apart from it.
    """
    last = mention.last
    if following and following[0].first == last:
        end = following[0].last
        return end if following[0].label == "ORG" and words.forms[end - 1] in _NATIONAL_BODIES else None
    ends = [
        last + size
        for size in (2, 1)
        if words.text[words.starts[last] : words.ends[min(last + size, len(words.ends)) - 1]] in _NATIONAL_BODIES
    ]
    return ends[0] if ends else None


def _place_before_person(words: Words, mention: Mention) -> int | None:
    """Give the token that parts a country or people from the person behind it.

    "the leader of Abkhazia Badra Gunba", "succeeding Chadian Moussa Faki Mahamat"
    """
    first, last = mention.first, mention.last
    form = words.forms[first]
    if last - first < 3 or not is_listed(form) or form in _NAMES_LIKE_PEOPLES:
        return None
    if is_demonym(form):
        return first + 1
    return first + 1 if first and words.lowers[first - 1] == "of" else None


def _drop_bare_titles(mentions: list[Mention]) -> list[Mention]:
    """Drop people whose name is nothing but a title, unless somebody in the article bears it as a surname."""
    surnames = {mention.text.split()[-1] for mention in mentions if mention.label == "PERSON" and " " in mention.text}

    def is_bare(mention: Mention) -> bool:
        names = mention.text.split()
        kinds = [title_kind(name) for name in names]
        if mention.label != "PERSON" or any(kind is None for kind in kinds):
            return False
        if len(names) == 1 and (names[0] in surnames or names[0].lower() in _NAME_LIKE):
            return False
        # A lone noun of role in capitals may be a surname ("Baker", "Cook"); an honorific or office is not.
        return all(kind in ("office", HONORIFIC, "rank", MODIFIER) for kind in kinds)

    return [mention for mention in mentions if not is_bare(mention)]
