"""Speakers: whom the words before or behind a quote mean, by name.

A surname or title-and-name is looked up among the article's entities. A definite description ("the spokesman", "the
Afghan leader", "the ministry") goes to the last person, body or phrase that its head noun was used of. A pronoun goes
to the likeliest antecedent by gender, number, who spoke last, and subjects of the sentences before. Where two stay
equal, the name is null.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from factx.countries import country_code, fold_name, is_demonym
from factx.titles import MODIFIER, first_name_gender, is_role, title_gender, title_kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factx.extract.words import Words
    from factx.facts import Entity, Quote, Speaker

_MASCULINE = frozenset(("he", "him", "his", "himself"))
_FEMININE = frozenset(("she", "her", "hers", "herself"))
_NEUTER = frozenset(("it", "its", "itself"))
_PLURAL = frozenset(("they", "them", "their", "theirs", "themselves", "both"))
_FIRST_SECOND = frozenset("i me my we us our you your myself ourselves someone somebody nobody anyone".split())
_RELATIVE = frozenset(("who", "which", "that", "whom"))
_ARTICLES = frozenset(("the", "a", "an"))
_DEFINITE = frozenset(("the", "this", "that", "these", "those"))
_PREPOSITIONS = frozenset(
    "of for in at to on from with by about against during under near after before including between among as".split()
)
_POSSESSIVES = frozenset(("'s", "’s", "'", "’"))
_CLAUSE_MARKS = frozenset(".;:!?\n")
# Nouns of bodies: "the group" goes to the last body, "the ministry" to the last one with that word.
_ANY_BODY = frozenset(
    """group organization organisation body institution agency association movement union alliance bloc charity
    watchdog nonprofit company firm corporation carrier airline manufacturer automaker bank network outlet
    broadcaster newspaper paper daily magazine publication site website party militia faction ngo lender maker
    regulator giant retailer""".split()
)
_BODY_ADJECTIVES = frozenset(
    "news human rights television radio tv aid official state-run independent respected".split()
)
_BODY_NOUNS = _ANY_BODY | frozenset(
    """ministry court government army military police administration council committee commission department office
    panel center centre institute institution foundation parliament senate congress embassy bureau service
    authority tribunal navy force report study statement survey poll document lawsuit indictment team board
    league federation university hospital school church post times herald journal guardian""".split()
)
_PRINT = frozenset(("newspaper", "paper", "daily", "magazine", "publication"))
_PRINT_HEADS = frozenset(
    "post times journal herald tribune guardian telegraph mail star sun globe daily news gazette".split()
)
# People in the plural that are no plural of a noun of role.
_GROUPS = frozenset(
    """police authorities officials troops medics protesters protestors demonstrators rebels militants insurgents
    doctors rescuers workers residents villagers families relatives prosecutors investigators scientists
    researchers experts analysts critics supporters witnesses survivors lawyers lawmakers reporters leaders
    forces people""".split()
)
# What else a head noun may stand for: "the leader" for a president. Each noun also stands for itself.
_STANDS_FOR: dict[str, frozenset[str]] = {
    "leader": frozenset(
        "leader president premier chancellor king sultan emir minister chairman ruler chief head".split()
    ),
    "premier": frozenset(("premier", "minister")),
    "official": frozenset(("official",)),
    "lawmaker": frozenset(
        "lawmaker senator congressman congresswoman representative legislator parliamentarian mp".split()
    ),
    "legislator": frozenset(
        "lawmaker senator congressman congresswoman representative legislator parliamentarian mp".split()
    ),
    "diplomat": frozenset("diplomat ambassador envoy secretary minister".split()),
    "envoy": frozenset("envoy ambassador representative".split()),
    "pontiff": frozenset(("pope", "pontiff")),
    "officer": frozenset("officer lieutenant captain major colonel general sergeant commander".split()),
    "commander": frozenset("commander general colonel major captain admiral".split()),
    "spokesperson": frozenset("spokesman spokeswoman spokesperson".split()),
    "politician": frozenset("politician lawmaker senator candidate minister leader".split()),
    "lawyer": frozenset("lawyer attorney barrister".split()),
    "attorney": frozenset("lawyer attorney".split()),
    "chief": frozenset(("chief", "head", "director")),
    "head": frozenset(("head", "chief", "director", "leader")),
    "secretary-general": frozenset(("secretary-general", "general")),
    "executive": frozenset("executive ceo chief".split()),
}
# How far back, in sentences, an antecedent may stand, and what its place is worth (chosen on voa-train).
_REACH = 4
_BODY_REACH = 3
_LATER_REACH = 2
# Words of a sentence that may stand before the name that opens it: "On Friday, General ...".
_OPENING = 6
_SPOKE_LAST = 1.6
_SUBJECT = 0.9
_FIRST_OF_SENTENCE = 0.4
_KNOWN_GENDER = 0.3
_PER_SENTENCE = 1.0
_TIE = 0.05
_SUBJECTS = frozenset(("nsubj", "nsubj:pass"))
_LONGEST_PHRASE = 16


@dataclass(frozen=True, slots=True)
class Resolved:
    """Whom a speaker's words mean."""

    name: str | None
    """Full name or description."""
    entity: str | None
    """Id of the entity."""
    gender: str | None = None
    """"m", "f" or None."""
    plural: bool = False
    """More than one person."""
    animate: bool = True
    """A person or people; False for bodies and documents."""


@dataclass(frozen=True, slots=True)
class _Told:
    """One place where somebody or something that may speak is named or described."""

    start: int
    token: int
    who: Resolved
    heads: frozenset[str]
    """Nouns that were used of it there, in lower case."""
    modifiers: frozenset[str]
    """Folded names of peoples and places beside it."""
    subject: bool
    first: bool
    end: int


class SpeakerResolver:
    """Resolves the speakers of one article.

    Args:
        words: The article's words.
        entities: Its entities.
    """

    def __init__(self, words: Words, entities: Sequence[Entity]) -> None:
        self._words = words
        self._by_id = {entity.id: entity for entity in entities}
        places = sorted((span.start, span.end, entity.id) for entity in entities for span in entity.mentions)
        self._places = places
        self._starts = [place[0] for place in places]
        self._genders = {entity.id: self._gender_of(entity) for entity in entities if entity.label == "PERSON"}
        self._sentences = self._number_sentences()
        self._known_names: dict[str, str] = {}
        self._told: list[_Told] = []
        self._told_starts: list[int] = []
        self._collect()

    # -- looking up

    def mentions_in(self, start: int, end: int) -> list[tuple[int, int, Entity]]:
        """List the names inside a stretch of the text, in order."""
        inside = self._places[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        return [(place[0], place[1], self._by_id[place[2]]) for place in inside if place[1] <= end]

    def resolve(self, quotes: Sequence[Quote]) -> list[Quote]:
        """Give each quote's speaker a name and an entity.

        Args:
            quotes: The quotes, in text order.

        Returns:
            The quotes in the same order; a speaker that stays unknown has the name None.
        """
        resolved: dict[int, Speaker] = {}
        said: dict[tuple[int, int], Resolved] = {}
        last: tuple[int, Resolved] | None = None
        spoken = [(quote.speaker.start, number) for number, quote in enumerate(quotes) if quote.speaker is not None]
        for _, number in sorted(spoken):
            quote = quotes[number]
            speaker = quote.speaker
            assert speaker is not None  # noqa: S101 - chosen above
            key = (speaker.start, speaker.end)
            if key not in said:
                said[key] = self._resolve_one(quote, speaker, last)
            who = said[key]
            resolved[number] = replace(speaker, name=who.name, entity=who.entity)
            if who.name is not None:
                last = (speaker.start, who)
        return [
            replace(quote, speaker=resolved[number]) if number in resolved else quote
            for number, quote in enumerate(quotes)
        ]

    def _resolve_one(self, quote: Quote, speaker: Speaker, last: tuple[int, Resolved] | None) -> Resolved:
        first, end = self._token_range(speaker.start, speaker.end)
        if end <= first or not speaker.text.strip():
            return Resolved(speaker.text.strip() or None, None)
        lowers = self._words.lowers[first:end]
        if len(lowers) == 1 or (len(lowers) == 2 and lowers[1] in ("himself", "herself", "also")):
            word = lowers[0]
            if word in _MASCULINE or word in _FEMININE or word in _NEUTER or word in _PLURAL:
                return self._resolve_pronoun(word, quote, speaker, last)
            if word in _FIRST_SECOND:
                return Resolved(None, None)
            if word in _RELATIVE:
                return self._resolve_relative(speaker)
        people = self._head_people(first, end)
        if people:
            return self._name_people(people, end)
        if body := self._head_body(first, end):
            return Resolved(body.name, body.id, animate=False)
        if name := self._name_behind_title(first, end):
            return Resolved(name, None)
        return self._resolve_description(first, end, speaker) or self._describe(first, end)

    # -- names

    def _token_range(self, start: int, end: int) -> tuple[int, int]:
        first = bisect_left(self._words.ends, start + 1)
        return first, bisect_left(self._words.starts, end)

    def _head_people(self, first: int, end: int) -> list[tuple[int, int, Entity]]:
        """List the people that a phrase is about, not those inside its modifiers ("a lawyer for Mr. Doe")."""
        words = self._words
        if end <= first:
            return []
        found: list[tuple[int, int, Entity]] = []
        for start, stop, entity in self.mentions_in(words.starts[first], words.ends[end - 1]):
            if entity.label != "PERSON":
                continue
            token, after = self._token_range(start, stop)
            if after < end and words.lowers[after] in _POSSESSIVES:
                continue
            if self._is_inside_modifier(first, token):
                continue
            # "Bush administration", "the Kyl amendment": the name is but a modifier of the noun behind it.
            if (
                after < end
                and words.forms[after].isalpha()
                and words.lowers[after] not in ("and", "or", "of", *_PREPOSITIONS)
            ):
                continue
            found.append((start, stop, entity))
        return found

    def _is_inside_modifier(self, first: int, token: int) -> bool:
        """Tell whether a name belongs to a modifier of a noun of role: "a lawyer for Mr. Doe", "a friend of the Does".

        A comma before the name closes the modifier ("the speaker of parliament, Jane Doe"); so do the words of
        an office ("Secretary of State Jane Doe"); and without a noun of role before the preposition there is nobody
        else to speak ("Commission of Inquiry head John Doe").
        """
        words = self._words
        for index in range(token - 1, first - 1, -1):
            lower = words.lowers[index]
            if lower in (",", "and", "(", "—"):
                return False
            if lower not in _PREPOSITIONS or index == first:
                continue
            if not any(self._may_speak(k, opens=k == first) for k in range(first, index)):
                return False
            behind = [k for k in range(index + 1, token) if words.forms[k] != "."]
            # "Secretary of State Jane Doe", "Ambassador to Norway Jane Doe", but "Aides to President Doe".
            office = lower in ("of", "for", "to") and is_role(words.forms[index - 1]) and bool(behind)
            nouns = [words.forms[k] for k in behind]
            return not (
                office and nouns[0][0].isupper() and all(title_kind(noun) in (None, MODIFIER) for noun in nouns)
            )
        return False

    def _may_speak(self, index: int, *, opens: bool) -> bool:
        """Tell whether a word is a noun that may speak itself: "lawmakers", "a statement", "faction"."""
        form, lower = self._words.forms[index], self._words.lowers[index]
        return is_role(form) or (
            (form == lower or opens) and (lower in _BODY_NOUNS or (lower.endswith("s") and len(lower) > 2))
        )

    def _name_people(self, people: list[tuple[int, int, Entity]], end: int) -> Resolved:
        if len(people) == 1 or not self._is_coordination(people):
            entity = people[0][2]
            together = self._companions(people[0], end)
            if together:
                return Resolved(f"{entity.name} {together}", None, plural=True)
            return Resolved(entity.name, entity.id, self._genders.get(entity.id))
        names = [entity.name for _, _, entity in people]
        return Resolved(", ".join(names[:-1]) + f" and {names[-1]}", None, plural=True)

    def _is_coordination(self, people: list[tuple[int, int, Entity]]) -> bool:
        """Tell whether the names of a phrase are joined by "and" and belong to several people."""
        if len({entity.id for _, _, entity in people}) < len(people):
            return False
        return " and " in self._words.text[people[0][1] : people[-1][0]]

    def _companions(self, person: tuple[int, int, Entity], end: int) -> str:
        """Give "and other officials" where it follows a name right away."""
        after = self._token_range(person[0], person[1])[1]
        if after < end - 1 and self._words.lowers[after] == "and":
            return " ".join(self._words.text[self._words.starts[after] : self._words.ends[end - 1]].split())
        return ""

    def _head_body(self, first: int, end: int) -> Entity | None:
        """Give the body or place that a phrase names: alone, or with a noun that only says what it is."""
        words = self._words
        inside = [
            item for item in self.mentions_in(words.starts[first], words.ends[end - 1]) if item[2].label != "PERSON"
        ]
        for start, stop, entity in inside:
            if entity.label == "NORP" or (entity.label not in ("ORG", "GPE") and len(inside) > 1):
                continue
            token, after = self._token_range(start, stop)
            if after < end and words.forms[after] == ")":
                after += 1
            before = words.lowers[first:token]
            behind = words.lowers[after:end]
            if behind[:1] == [","]:
                behind = []
            if any(word in _PREPOSITIONS for word in before) or (
                behind and (entity.label != "ORG" or behind[-1] not in _ANY_BODY)
            ):
                continue
            if any(word not in _ANY_BODY | _BODY_ADJECTIVES for word in behind):
                continue
            plain = set(before) <= _ARTICLES
            if plain or (entity.label == "ORG" and self._introduces(before, named=bool(behind))):
                return entity
        return None

    def _introduces(self, before: list[str], *, named: bool) -> bool:
        """Tell whether the words before a body's name only say what it is.

        "The official news agency Xinhua", "the Italian aid group, Emergency"; with the noun behind the name ("Xinhua
        news agency", `named`) adjectives and an owner may stand before it, too.
        """
        if before[-1] in (",", "(") and len(before) > 1:
            return before[-2] in _BODY_NOUNS
        return (
            before[-1] in _BODY_NOUNS
            or before[-1] in ("chain", "giant", ")")
            or (
                named
                and (before[-1] in _BODY_ADJECTIVES or before[-1] in _POSSESSIVES or is_demonym(before[-1].title()))
            )
        )

    def _describe(self, first: int, end: int) -> Resolved:
        """Take a phrase as its own description."""
        words = self._words
        text = " ".join(words.text[words.starts[first] : words.ends[end - 1]].split())
        head = self._head(first, end)
        lower = words.lowers[head]
        untagged = (
            not words.tags[head] and words.forms[head] == lower and lower.endswith("s") and not lower.endswith("ss")
        )
        plural = words.tags[head] in ("NNS", "NNPS") or untagged or lower in _GROUPS or " and " in text
        # A bare name that the encoder missed may be anybody's.
        bare = all(form[0].isupper() and not form.isupper() for form in words.forms[first:end] if form[0].isalpha())
        animate = is_role(words.forms[head]) or plural or (bare and not is_demonym(text))
        return Resolved(
            text, None, title_gender(words.forms[head]) if is_role(words.forms[head]) else None, plural, animate
        )

    def _head(self, first: int, end: int) -> int:
        """Give the token that heads a noun phrase: the last word before its first preposition, comma or clause."""
        last = first
        for index in range(first, end):
            lower = self._words.lowers[index]
            if index > first and (lower in _PREPOSITIONS or lower in _RELATIVE or lower in (",", "(", "and")):
                break
            if any(c.isalnum() for c in lower):
                last = index
        return last

    # -- descriptions

    def _name_behind_title(self, first: int, end: int) -> str | None:
        """Read a name that no entity holds behind the titles that open a phrase ("Inspector Jane Doe")."""
        words = self._words
        cut = first
        for index in range(first, end - 1):
            form = words.forms[index]
            kind = title_kind(form)
            if kind is None and not is_demonym(form) and form != ".":
                break
            if kind not in (None, MODIFIER) and form[0].isupper():
                cut = index + 1
        rest = words.forms[cut:end]
        if (
            cut == first
            or len(rest) > 4
            or not all(form[0].isupper() and form.replace(".", "").isalpha() for form in rest)
        ):
            return None
        if self.mentions_in(words.starts[cut], words.ends[end - 1]):
            return None
        return " ".join(words.text[words.starts[cut] : words.ends[end - 1]].split())

    def _resolve_description(self, first: int, end: int, speaker: Speaker) -> Resolved | None:
        """Find whom a definite description means among those told before; None when it introduces somebody."""
        words = self._words
        definite = words.lowers[first] in _DEFINITE
        bare_plural = end - first == 1 and (words.lowers[first] in _GROUPS or words.lowers[first].endswith("s"))
        head = self._head(first, end)
        noun = words.lowers[head]
        modifiers = self._modifiers(first, end)
        if modifiers and not is_role(noun):
            return None
        owned = any(word in _POSSESSIVES for word in words.lowers[first:head])
        if head + 1 < end:
            # "the head of the army": whoever was told before is somebody else, unless the next sentence gives the name.
            return (
                self._find_introduced(noun, speaker)
                if definite and is_role(noun) and words.lowers[head + 1] == "of"
                else None
            )
        if not (definite or bare_plural or owned):
            return self._find_later(noun, modifiers, speaker) or self._find_introduced(noun, speaker)
        between = [
            word
            for word, form in zip(words.lowers[first + 1 : head], words.forms[first + 1 : head], strict=True)
            if not is_demonym(form) and (title_kind(word) != MODIFIER or word in _OFFICE_WORDS) and word.isalpha()
        ]
        sentence = self._sentence_at(speaker.start)
        kin = _STANDS_FOR.get(noun, frozenset((noun,)))
        stop = bisect_left(self._told_starts, speaker.start)
        reach = 400
        for told in reversed(self._told[max(0, stop - reach) : stop]):
            if told.start >= speaker.start:
                continue
            if noun in told.heads or (is_role(noun) and kin & told.heads):
                if modifiers and told.modifiers and not (modifiers & told.modifiers):
                    continue
                if "vice" in told.heads and "vice" not in words.lowers[first:end]:
                    continue
                if not self._same_kind(noun, between, told):
                    continue
                return told.who
            near = sentence - self._sentence_at(told.start) <= _BODY_REACH
            if noun in _ANY_BODY and near and not told.who.animate and told.who.entity:
                entity = self._by_id[told.who.entity]
                if entity.label == "ORG" and (noun not in _PRINT or fold_name(entity.name).split()[-1] in _PRINT_HEADS):
                    return told.who
        if not is_role(noun):
            return self._find_introduced(noun, speaker) if owned or modifiers else None
        later = self._find_later(noun, modifiers, speaker)
        if later is None and not modifiers and head - first <= 2:
            later = self._find_known(speaker, "he")
        return later or (self._find_introduced(noun, speaker) if owned or modifiers else None)

    def _find_later(self, noun: str, modifiers: frozenset[str], speaker: Speaker) -> Resolved | None:
        """Find who is described before being named: "A Norwegian official said so. The official, Jane Doe, ..."."""
        sentence = self._sentence_at(speaker.end)
        for told in self._told[bisect_left(self._told_starts, speaker.end) :][:40]:
            if self._sentence_at(told.start) - sentence > _LATER_REACH:
                break
            if told.who.entity and told.who.animate and noun in told.heads:
                if modifiers and told.modifiers and not (modifiers & told.modifiers):
                    continue
                if self._sentence_at(told.start) > sentence and told.first:
                    return told.who
        return None

    def _find_known(self, speaker: Speaker, pronoun: str) -> Resolved | None:
        """Find whom an excerpt from the middle means: the next sentence's subject, by surname, not named before."""
        told = self._next_subject(speaker)
        if told is None or not _fits(pronoun, told.who) or " " in (told.who.name or " "):
            return None
        return told.who

    def _find_introduced(self, noun: str, speaker: Speaker) -> Resolved | None:
        """Find whom "Norway's prime minister" or "a rights group" means if the next sentence's subject gives the name.

        It must be the first place that names them, in full, with no other role than the one described.
        """
        person = is_role(noun)
        if not person and noun not in _ANY_BODY:
            return None
        told = self._next_subject(speaker, animate=person)
        if told is None or not told.subject or " " not in (told.who.name or "") or not self._opens(told):
            return None
        if not person:
            return told.who
        heads = {head for head in told.heads if is_role(head)}
        fits = not heads or noun in heads or bool(_STANDS_FOR.get(noun, frozenset()) & heads)
        return told.who if fits or all(title_kind(head) == "rank" for head in heads) else None

    def _opens(self, told: _Told) -> bool:
        """Tell whether somebody is told within the first words of a sentence, not in a clause further on."""
        starts = self._words.starts
        token = max(0, bisect_right(starts, told.start) - 1)
        earlier = token - _OPENING
        return earlier < 0 or self._sentence_at(starts[earlier]) != self._sentence_at(told.start)

    def _next_subject(self, speaker: Speaker, *, animate: bool = True) -> _Told | None:
        """Give the person, or the body, that opens the next sentence, if that is the first place that names them."""
        sentence = self._sentence_at(speaker.end)
        for told in self._told[bisect_left(self._told_starts, speaker.end) :][:40]:
            distance = self._sentence_at(told.start) - sentence
            if distance > 1:
                break
            if distance == 1 and told.who.entity and told.who.animate == animate:
                entity = self._by_id[told.who.entity]
                if not animate and entity.label != "ORG":
                    continue
                return told if (told.first or not animate) and entity.mentions[0].start == told.start else None
        return None

    def _same_kind(self, noun: str, between: list[str], told: _Told) -> bool:
        """Tell "the prime minister" from "the foreign minister", and "the secret report" from any other report.

        A person may be described anew ("the veteran leader"), a document may not.
        """
        if noun == "minister" or not (told.who.animate or noun in _ANY_BODY):
            named = told.heads | frozenset((told.who.name or "").lower().split())
            return all(word in named for word in between)
        return True

    def _modifiers(self, first: int, end: int) -> frozenset[str]:
        """Fold the names of places and peoples in a phrase, by country where there is one."""
        words = self._words
        found = self.mentions_in(words.starts[first], words.ends[end - 1])
        return frozenset(
            country_code(words.text[start:stop], entity.label) or fold_name(words.text[start:stop])
            for start, stop, entity in found
            if entity.label in ("GPE", "NORP")
        )

    # -- pronouns

    def _resolve_relative(self, speaker: Speaker) -> Resolved:
        """Give the nearest person or body right before a relative pronoun."""
        stop = bisect_left(self._told_starts, speaker.start)
        if stop and speaker.start - self._told[stop - 1].end < 40:
            return self._told[stop - 1].who
        return Resolved(None, None)

    def _resolve_pronoun(
        self, word: str, quote: Quote, speaker: Speaker, last: tuple[int, Resolved] | None
    ) -> Resolved:
        """Weigh those told in the sentences before by distance, subject and who spoke last."""
        sentence = self._sentence_at(speaker.start)
        inside = [(part.start, part.end) for part in quote.parts]
        weights: dict[tuple[str | None, str | None], float] = {}
        whose: dict[tuple[str | None, str | None], Resolved] = {}

        def weigh(who: Resolved, weight: float) -> None:
            key = (who.entity, None if who.entity else who.name)
            if weight > weights.get(key, float("-inf")):
                weights[key] = weight
                whose[key] = who

        stop = bisect_left(self._told_starts, speaker.start)
        index = stop - 1
        while index >= 0 and stop - index < 120:
            told = self._told[index]
            index -= 1
            distance = sentence - self._sentence_at(told.start)
            if distance > _REACH:
                break
            if any(start <= told.start < end for start, end in inside) or not _fits(word, told.who):
                continue
            weight = -_PER_SENTENCE * distance
            weight += _SUBJECT if told.subject else 0.0
            weight += _FIRST_OF_SENTENCE if told.first else 0.0
            weight += _KNOWN_GENDER if told.who.gender else 0.0
            weigh(told.who, weight)
        if last is not None and _fits(word, last[1]):
            distance = sentence - self._sentence_at(last[0])
            if distance <= _REACH:
                weigh(last[1], _SPOKE_LAST - _PER_SENTENCE * distance + (_KNOWN_GENDER if last[1].gender else 0.0))
        if not weights:
            return self._find_known(speaker, word) or Resolved(None, None)
        ranked = sorted(weights, key=weights.__getitem__, reverse=True)
        if len(ranked) > 1 and weights[ranked[0]] - weights[ranked[1]] < _TIE:
            return Resolved(None, None)
        return whose[ranked[0]]

    # -- what the article tells, once

    def _number_sentences(self) -> list[int]:
        number = -1
        numbers = []
        for opens in self._words.opens:
            number += opens
            numbers.append(max(0, number))
        return numbers

    def _sentence_at(self, character: int) -> int:
        return self._sentences[self._words.token_at(character)] if self._sentences else 0

    def _gender_of(self, entity: Entity) -> str | None:
        """Tell a person's gender by the titles before the name, the role and the first name."""
        words = self._words
        for span in entity.mentions[:10]:
            index = words.token_at(span.start) - 1
            for _ in range(3):
                if index < 0 or (words.forms[index] != "." and title_kind(words.forms[index]) is None):
                    break
                if words.forms[index] != "." and (gender := title_gender(words.forms[index])):
                    return gender
                index -= 1
        for word in (entity.role or "").split()[:8]:
            if word.lower() in _PREPOSITIONS:
                break
            if is_role(word) and (gender := title_gender(word)):
                return gender
        first = entity.name.split()[0] if " " in entity.name else ""
        return first_name_gender(first) or first_name_gender(first.split("-")[0])

    def _collect(self) -> None:
        """List who and what may speak, in text order: names with their roles, and noun phrases without a name."""
        words = self._words
        told: list[_Told] = []
        owned: set[int] = set()
        opened: set[int] = set()
        for start, end, number in self._places:
            entity = self._by_id[number]
            first, after = self._token_range(start, end)
            owned.update(range(first, after))
            if entity.label not in ("PERSON", "ORG", "GPE"):
                continue
            sentence = self._sentences[first] if self._sentences else 0
            name = self._owned_name(entity, first, after) if entity.label == "ORG" else entity.name
            who = Resolved(name, entity.id, self._genders.get(entity.id), animate=entity.label == "PERSON")
            heads, modifiers = self._heads_of(entity, first)
            token = max(first, after - 1)
            subject = any(words.deps[k] in _SUBJECTS for k in range(first, after))
            subject = subject and not (after < len(words.forms) and words.lowers[after] in _POSSESSIVES)
            opening = sentence not in opened
            if told and entity.label == "PERSON" and words.text[told[-1].end : start] in (" and ", " or ", " nor "):
                # "Jane Doe and John Smith came": neither stands out.
                subject, opening = told[-1].subject, told[-1].first
            told.append(_Told(start, token, who, heads, modifiers, subject, opening, end))
            if entity.label == "PERSON":
                opened.add(sentence)
        told.extend(self._collect_phrases(owned))
        self._told = sorted(told, key=lambda item: item.start)
        self._told_starts = [item.start for item in self._told]

    def _owned_name(self, entity: Entity, first: int, after: int) -> str:
        """Give a body's name with its owner where every country has such a body: "Norway's Foreign Ministry"."""
        words = self._words
        begin = first - 1 if first and words.lowers[first - 1] in _POSSESSIVES else first
        if begin == 0 or words.lowers[after - 1] not in _BODY_NOUNS:
            return self._known_names.get(entity.id, entity.name)
        before = self._place_ending_at(words.ends[begin - 1])
        if before is not None and before[2].label in ("NORP", "GPE"):
            name = words.text[before[0] : words.ends[after - 1]]
            self._known_names.setdefault(entity.id, " ".join(name.split()))
        return self._known_names.get(entity.id, entity.name)

    def _place_ending_at(self, end: int) -> tuple[int, int, Entity] | None:
        index = bisect_left(self._starts, end) - 1
        if index >= 0 and self._places[index][1] == end:
            start, stop, number = self._places[index]
            return start, stop, self._by_id[number]
        return None

    def _heads_of(self, entity: Entity, first: int) -> tuple[frozenset[str], frozenset[str]]:
        """Give the nouns used of an entity (of its role or its own name) and the peoples and places in its role."""
        if entity.label == "PERSON":
            source = entity.role or ""
            index = first - 1
            before = []
            while (
                index >= 0
                and first - index < 6
                and (title_kind(self._words.forms[index]) or self._words.forms[index] == ".")
            ):
                before.append(self._words.lowers[index])
                index -= 1
            role_words = source.lower().split()
            cut = next((k for k, word in enumerate(role_words) if word in _PREPOSITIONS), len(role_words))
            heads = frozenset(word for word in (*role_words[:cut], *before) if title_kind(word)) | frozenset(
                role_words[:cut]
            )
            names = [word for word in source.replace("'s", "").replace("’s", "").split() if word[0].isupper()]
            modifiers = frozenset(
                code for word in names if (code := country_code(word, "NORP") or country_code(word, "GPE"))
            )
            return heads, modifiers
        if entity.label == "ORG":
            return frozenset(fold_name(entity.name).split()) & _BODY_NOUNS, frozenset()
        return frozenset(), frozenset()

    def _collect_phrases(self, owned: set[int]) -> list[_Told]:
        """Find noun phrases without a name: "a NATO spokesman", "Indonesian health officials", "a Dutch court"."""
        words = self._words
        found: list[_Told] = []
        size = len(words.forms)
        for index in range(size):
            lower = words.lowers[index]
            if index in owned or not lower.isalpha():
                continue
            singular = lower.removesuffix("s")
            role = is_role(lower) or lower in _GROUPS or (lower != singular and is_role(singular))
            if not role and lower not in _BODY_NOUNS:
                continue
            if title_kind(lower) == MODIFIER or (index + 1 < size and (index + 1 in owned or self._continues(index))):
                continue
            if index + 2 < size and words.forms[index + 1] == "," and index + 2 in owned:
                continue
            begin = self._phrase_start(index)
            end = self._phrase_end(index)
            plural = lower in _GROUPS or (lower != singular and not lower.endswith("ss") and not is_role(lower))
            subject = words.deps[index] in _SUBJECTS
            if begin == index and not (plural and subject):
                continue
            # "the report in Moscow" introduces nothing: something was told of it before.
            if words.lowers[begin] in _DEFINITE and index - begin == 1:
                continue
            # "Jane Doe, the mayor of Rome" tells of her again.
            if begin > 1 and words.forms[begin - 1] == "," and begin - 2 in owned:
                continue
            if any(words.tags[k] == "CD" for k in range(begin, index)):
                continue
            text = " ".join(words.text[words.starts[begin] : words.ends[end - 1]].split())
            gender = title_gender(lower) if role and not plural else None
            who = Resolved(text, None, gender, plural, animate=role)
            modifiers = self._modifiers(begin, end)
            found.append(
                _Told(
                    words.starts[begin], index, who, frozenset((lower,)), modifiers, subject, False, words.ends[end - 1]
                )
            )
        return found

    def _continues(self, index: int) -> bool:
        """Tell whether the word behind a noun belongs to the same phrase ("police station", "minister 's office")."""
        following = self._words.lowers[index + 1]
        if following in _POSSESSIVES or following == "-":
            return True
        tag = self._words.tags[index + 1]
        return tag in ("NN", "NNS", "NNP", "NNPS")

    def _phrase_start(self, index: int) -> int:
        """Give the first token of a noun phrase by its head: back over modifiers to the article."""
        words = self._words
        begin = index
        while begin > 0 and index - begin < _LONGEST_PHRASE and not words.opens[begin]:
            lower, tag = words.lowers[begin - 1], words.tags[begin - 1]
            if lower in _ARTICLES or lower in _DEFINITE or lower in ("one", "another"):
                return begin - 1
            if tag not in ("NN", "NNP", "NNPS", "JJ", "JJS", "HYPH", "POS", "VBN", "VBG", "CD", "NNS", "AFX") or (
                tag == "NNS" and begin == index
            ):
                break
            begin -= 1
        while begin < index and words.lowers[begin] in _POSSESSIVES:
            begin += 1
        return begin

    def _phrase_end(self, index: int) -> int:
        """Give the token behind a noun phrase: its head and a short "of"/"for"/"in" phrase."""
        words = self._words
        end = index + 1
        if end < len(words.forms) and words.lowers[end] in ("of", "for", "in", "from", "at", "with"):
            stop = end + 1
            while stop < len(words.forms) and stop - end < _LONGEST_PHRASE // 2 and not words.opens[stop]:
                lower, tag = words.lowers[stop], words.tags[stop]
                if tag not in ("NN", "NNP", "NNPS", "NNS", "JJ", "DT", "HYPH", "POS", "PRP$", "CD") and lower not in (
                    "of",
                    ".",
                ):
                    break
                if lower == "." and not words.forms[stop - 1][0].isupper():
                    break
                if words.tags[stop] == "NNP" and lower in _DAYS:
                    break
                stop += 1
            while stop > end + 1 and (
                words.tags[stop - 1] in ("DT", "PRP$") or not any(c.isalnum() for c in words.forms[stop - 1])
            ):
                stop -= 1
            if stop > end + 1:
                end = stop
        return end


_OFFICE_WORDS = frozenset(("prime", "foreign", "interior", "defense", "defence", "finance", "vice", "deputy"))
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())


def _fits(word: str, who: Resolved) -> bool:
    """Tell whether a pronoun may stand for somebody or something."""
    if word in _MASCULINE:
        return who.animate and not who.plural and who.gender != "f"
    if word in _FEMININE:
        return who.animate and not who.plural and who.gender != "m"
    if word in _NEUTER:
        return not who.animate and not who.plural
    return who.plural
