"""What an article tells: who and what may speak, where, with the nouns and peoples used of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from factx.countries import country_code, fold_name
from factx.extract.persons import honorific_gender, is_kin_before, kin_gender, name_gender
from factx.speaker_candidates import SUBJECTS, Resolved, Told
from factx.speaker_nouns import BODY_NOUNS, POSSESSIVES, PREPOSITIONS
from factx.speaker_phrases import collect_phrases
from factx.speaker_salience import WEIGHTS, Weights
from factx.titles import is_role, title_gender, title_kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factx.extract.words import Words
    from factx.facts import Entity

_DEEPEST_CLAUSE = 12
_LONGEST_CLAUSE = 60


class Discourse:
    """What an article tells, in order: who and what may speak, where.

    Args:
        words: The article's words.
        entities: Its entities.
        weights: What the place of an antecedent is worth.
    """

    def __init__(self, words: Words, entities: Sequence[Entity], weights: Weights = WEIGHTS) -> None:
        self.words = words
        self.weights = weights
        self.by_id = {entity.id: entity for entity in entities}
        places = sorted((span.start, span.end, entity.id) for entity in entities for span in entity.mentions)
        self.places = places
        self.starts = [place[0] for place in places]
        self._surnames = {e.name.split()[-1] for e in entities if e.label == "PERSON" and " " in e.name}
        self.genders = {entity.id: self._gender_of(entity) for entity in entities if entity.label == "PERSON"}
        self.sentences = self._number_sentences()
        self._known_names: dict[str, str] = {}
        self.told: list[Told] = []
        self.told_starts: list[int] = []
        self._speaking: list[tuple[int, int]] = []
        self._collect()

    def mentions_in(self, start: int, end: int) -> list[tuple[int, int, Entity]]:
        """List the names inside a stretch of the text, in order."""
        inside = self.places[bisect_left(self.starts, start) : bisect_left(self.starts, end)]
        return [(place[0], place[1], self.by_id[place[2]]) for place in inside if place[1] <= end]

    def set_speakers(self, places: Sequence[tuple[int, int]]) -> None:
        """Tell where, in characters and in order, the words for speakers stand."""
        self._speaking = list(places)

    def speaks(self, told: Told) -> bool:
        """Tell whether the words that tell of somebody are those for a speaker."""
        index = bisect_right(self._speaking, (told.start, len(self.words.text))) - 1
        return index >= 0 and told.end <= self._speaking[index][1]

    def token_range(self, start: int, end: int) -> tuple[int, int]:
        """Give the half-open token range of a stretch of characters."""
        first = bisect_left(self.words.ends, start + 1)
        return first, bisect_left(self.words.starts, end)

    def modifiers(self, first: int, end: int) -> frozenset[str]:
        """Fold the names of places and peoples in a phrase, by country where there is one."""
        words = self.words
        found = self.mentions_in(words.starts[first], words.ends[end - 1])
        return frozenset(
            country_code(words.text[start:stop], entity.label) or fold_name(words.text[start:stop])
            for start, stop, entity in found
            if entity.label in ("GPE", "NORP")
        )

    def governing_subject(self, character: int) -> int:
        """Give the subject of the nearest clause around that of a word, before it; -1 for none and without a parse."""
        words = self.words
        first = token = words.token_at(character)
        for _ in range(_DEEPEST_CLAUSE):
            if words.heads[token] == token:
                break
            token = words.heads[token]
            for kid in range(first - 1, max(-1, first - _LONGEST_CLAUSE), -1):
                if words.heads[kid] == token and words.deps[kid] in SUBJECTS:
                    return kid
        return -1

    def _number_sentences(self) -> list[int]:
        number = -1
        numbers = []
        ended = True
        for form, opens in zip(self.words.forms, self.words.opens, strict=True):
            # A parse may cut sentences at a comma; for the distance between names only their marks count.
            number += opens and ended
            numbers.append(max(0, number))
            if form[0].isalnum() or form in ",;-":
                ended = False
            elif form[-1] in ".!?:…\n":
                ended = True
        return numbers

    def sentence_at(self, character: int) -> int:
        """Give the number of the sentence that holds a character."""
        return self.sentences[self.words.token_at(character)] if self.sentences else 0

    def _gender_of(self, entity: Entity) -> str | None:
        """Tell a person's gender by the titles before the name, nouns of kinship, the role and the first name."""
        words = self.words
        named = name_gender(entity.name)
        for span in entity.mentions[:10]:
            first, after = self.token_range(span.start, span.end)
            gender = honorific_gender(words, first)
            if named and first and words.lowers[first - 1].endswith("man") and " " in entity.name:
                gender = named  # "chairman Laura Pike": the name tells more than "-man"
            if gender is None and (" " in span.text or is_kin_before(words, first)):
                gender = kin_gender(words, first, after)
            if gender is not None:
                return gender
        for word in (entity.role or "").split()[:8]:
            if word.lower() in PREPOSITIONS:
                break
            if is_role(word) and (gender := title_gender(word)):
                return named if named and gender == "m" and " " in entity.name else gender
        # A lone name is a first name where nobody in the article bears it as a surname.
        return named if " " in entity.name or entity.name not in self._surnames else None

    def _collect(self) -> None:
        """List who and what may speak, in text order: names with their roles, and noun phrases without a name."""
        words = self.words
        told: list[Told] = []
        owned: set[int] = set()
        opened: set[int] = set()
        for start, end, number in self.places:
            entity = self.by_id[number]
            first, after = self.token_range(start, end)
            owned.update(range(first, after))
            if entity.label not in ("PERSON", "ORG", "GPE"):
                continue
            sentence = self.sentences[first] if self.sentences else 0
            name = self._owned_name(entity, first, after) if entity.label == "ORG" else entity.name
            who = Resolved(name, entity.id, self.genders.get(entity.id), animate=entity.label == "PERSON")
            heads, modifiers = self._heads_of(entity, first)
            token = max(first, after - 1)
            # "The leader of the union, Jane Doe, said": the name is the subject, too.
            subject = any(
                words.deps[k] in SUBJECTS
                or (words.deps[k] in ("appos", "flat", "nmod:desc") and words.deps[words.heads[k]] in SUBJECTS)
                for k in range(first, after)
            )
            subject = subject and not (after < len(words.forms) and words.lowers[after] in POSSESSIVES)
            opening = sentence not in opened
            if told and entity.label == "PERSON" and words.text[told[-1].end : start] in (" and ", " or ", " nor "):
                # "Jane Doe and John Smith came": neither stands out.
                subject, opening = told[-1].subject, told[-1].first
            told.append(Told(start, token, who, heads, modifiers, subject, opening, end))
            if entity.label == "PERSON":
                opened.add(sentence)
        told.extend(collect_phrases(self, owned))
        self.told = sorted(told, key=lambda item: item.start)
        self.told_starts = [item.start for item in self.told]

    def _owned_name(self, entity: Entity, first: int, after: int) -> str:
        """Give a body's name with its owner where every country has such a body: "Norway's Foreign Ministry"."""
        words = self.words
        begin = first - 1 if first and words.lowers[first - 1] in POSSESSIVES else first
        if begin == 0 or words.lowers[after - 1] not in BODY_NOUNS:
            return self._known_names.get(entity.id, entity.name)
        before = self.place_ending_at(words.ends[begin - 1])
        if before is not None and before[2].label in ("NORP", "GPE"):
            name = words.text[before[0] : words.ends[after - 1]]
            self._known_names.setdefault(entity.id, " ".join(name.split()))
        return self._known_names.get(entity.id, entity.name)

    def place_ending_at(self, end: int) -> tuple[int, int, Entity] | None:
        """Give the name whose last character stands right before a place."""
        index = bisect_left(self.starts, end) - 1
        if index >= 0 and self.places[index][1] == end:
            start, stop, number = self.places[index]
            return start, stop, self.by_id[number]
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
                and (title_kind(self.words.forms[index]) or self.words.forms[index] == ".")
            ):
                before.append(self.words.lowers[index])
                index -= 1
            role_words = source.lower().split()
            cut = next((k for k, word in enumerate(role_words) if word in PREPOSITIONS), len(role_words))
            heads = frozenset(word for word in (*role_words[:cut], *before) if title_kind(word)) | frozenset(
                role_words[:cut]
            )
            names = [word for word in source.replace("'s", "").replace("’s", "").split() if word[0].isupper()]
            modifiers = frozenset(
                code for word in names if (code := country_code(word, "NORP") or country_code(word, "GPE"))
            )
            return heads, modifiers
        if entity.label == "ORG":
            return _body_heads(entity.name), frozenset()
        return frozenset(), frozenset()


def _body_heads(name: str) -> frozenset[str]:
    """Give the nouns that head a body's name, at its end or before "of": not "Government" of a "Government School"."""
    words = fold_name(name).split()
    return frozenset(
        word
        for word, following in zip(words, [*words[1:], "of"], strict=True)
        if word in BODY_NOUNS and following in ("of", "for", "on", "in")
    )
