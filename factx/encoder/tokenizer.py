"""spaCy's English tokenizer, which parts a few things more: marks that news text runs together; and keeps ranks whole.

Copied articles lose blanks around quotation marks, and datelines have none around their dash. One token that holds a
word of the attribution and a word of the quotation hides both from everything behind it. A stop that is parted from its
rank ("Lt | .") ends a sentence now and then, and the name behind it is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.attrs import ORTH
from spacy.lang.char_classes import ALPHA
from spacy.util import compile_infix_regex, compile_prefix_regex, registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.language import Language
    from spacy.tokenizer import Tokenizer

_MARKS = '"“”„«»'
INFIXES = (
    rf"(?<=[{ALPHA}0-9.,!?…:])[{_MARKS}](?=[{ALPHA}])",  # said,"We   it.”He
    rf"(?<=[{ALPHA}])[,:](?=[{_MARKS}])",
    rf"(?<=[{ALPHA}])\)(?=[—–-])",  # (AP)—At
    rf"(?<=\))[—–-]+(?=[{ALPHA}])",
    rf"(?<=[{ALPHA}])\((?=[{ALPHA}])",  # person(s
)
PREFIXES = (r"[-–—~]+(?=[A-Z])",)  # --Jane   -Russia and India
# Abbreviations that spaCy's table of exceptions lacks, in front of names: ranks, offices, places.
ABBREVIATIONS = (
    "Lt. Col. Maj. Capt. Cmdr. Brig. Sgt. Cpl. Pvt. Pfc. Spc. Ens. Supt. Insp. Det. Ofc. Amb. Hon. Fr. Msgr. Atty. "
    "Asst. Assoc. Dep. Pres. Sec. Cllr. Ft."
).split()


@registry.tokenizers("factx.Tokenizer.v1")  # type: ignore[untyped-decorator]
def make_tokenizer() -> Callable[[Language], Tokenizer]:
    """Make the tokenizer, which a pipeline's config names "factx.Tokenizer.v1"."""

    def create(nlp: Language) -> Tokenizer:
        tokenizer: Tokenizer = registry.tokenizers.get("spacy.Tokenizer.v1")()(nlp)
        tokenizer.infix_finditer = compile_infix_regex([*(nlp.Defaults.infixes or ()), *INFIXES]).finditer
        tokenizer.prefix_search = compile_prefix_regex([*(nlp.Defaults.prefixes or ()), *PREFIXES]).search
        for abbreviation in ABBREVIATIONS:
            tokenizer.add_special_case(abbreviation, [{ORTH: abbreviation}])
        return tokenizer

    return create
