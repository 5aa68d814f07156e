"""Find quotes: who said what, in whose words.

The model proposes contents, cues and speakers; the rules here pair them by syntax and place, catch every directly
quoted sentence that has an attribution whatever the model says, and mend the borders. Three sources meet at each cue:
stretches between quotation marks, the model's contents, and what the verb governs in the parse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factx.extract.quotation_marks import find_quotation_marks
from factx.extract.quote_attribution import attribute_labels, attribute_stretches
from factx.extract.quote_contents import find_content
from factx.extract.quote_cues import find_cues
from factx.extract.quote_overlaps import settle
from factx.extract.quote_pairing import assign_parts
from factx.extract.quote_reading import Reading, read_group, read_parts
from factx.extract.quote_records import build_quote
from factx.extract.quote_subjects import share_subjects
from factx.extract.quote_tree import read_tree
from factx.extract.quote_turns import attribute_headlines, attribute_trailing, attribute_turns

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from factx.facts import Quote


def find_quotes(doc: Doc) -> list[Quote]:
    """Find the statements that a text attributes to somebody.

    Args:
        doc: A text through the pipeline. Without a parse or the model's proposals only quotations in marks are found.

    Returns:
        The quotes in text order, as quotes-guidelines define them; speakers bear their words without titles as a first
        guess of the name, and no entity yet.
    """
    tree = read_tree(doc)
    if not tree.words.forms:
        return []
    cues = find_cues(tree, read_group(doc, "factx_cues"))
    reading = Reading(
        tree=tree,
        stretches=find_quotation_marks(doc.text),
        cues=cues,
        verbs=[cue.verb for cue in cues],
        parts=read_parts(doc),
        speakers=sorted(span[:2] for span in read_group(doc, "factx_speakers")),
        names={token: name.label_ for name in doc.ents for token in range(name.start, name.end)},
    )
    attribute_stretches(reading)
    attribute_turns(reading)
    attribute_headlines(reading)
    attribute_trailing(reading)
    assign_parts(reading)
    attribute_labels(reading)
    for index, cue in enumerate(cues):
        if cue.form != "passive" or cue.uses:
            governed = find_content(tree, cue)
            if governed:
                reading.statement(index).governed = governed
    share_subjects(reading)
    quotes = [quote for statement in reading.all_statements() if (quote := build_quote(reading, statement)) is not None]
    return settle(quotes)
