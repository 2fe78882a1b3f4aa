"""The part of a page that a customer sees at once, and the rest of it, which they unfold or read at its address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.conversation.decisions import AnsweredQuestion
from bot.conversation.text.short_answer import Span, headings_of, short_answer


@dataclass(frozen=True, kw_only=True)
class Excerpt:
    """A page as it is shown: both parts Markdown, word for word."""

    #: The headings above the part that is shown at once, outermost first.
    headings: tuple[str, ...]
    text: str
    #: What is left of the page, in its order; empty where all of it is shown.
    rest: str
    #: Where the parts of what is shown at once begin and end in the text of the candidate.
    parts: tuple[Span, ...]


def excerpt(answered: Sequence[AnsweredQuestion]) -> Excerpt:
    """The part of a page that is shown for the questions it answers: a section where one clearly answers them all."""
    candidate = answered[0].candidate
    text = candidate.text
    sections = {each.candidate.span if each.candidate.section_leads else None for each in answered}
    section = candidate.span if sections == {candidate.span} else None
    parts = short_answer(text, " ".join(each.question for each in answered), section)
    (start, _), (_, end) = parts[0], parts[-1]
    # Below the page's first paragraph, the heading of the section is shown as it stands on the page.
    headings = candidate.section if section and start else candidate.headings
    after = text[end:].strip("\n").rstrip()
    left = _left_above(text[:start].rstrip(), after) if start else ""
    between = [text[one[1] : other[0]].strip("\n").rstrip() for one, other in pairwise(parts)]
    return Excerpt(
        headings=headings,
        text="\n\n".join(text[slice(*part)] for part in parts),
        rest="\n\n".join(filter(None, (left, *between, after))),
        parts=parts,
    )


def by_passage(answered: Sequence[AnsweredQuestion]) -> Sequence[Sequence[AnsweredQuestion]]:
    """The questions that one passage answers together, in the order of the first of each."""
    passages: dict[str, list[AnsweredQuestion]] = {}
    for each in answered:
        passages.setdefault(each.candidate.passage_id, []).append(each)
    return tuple(passages.values())


def shown_first(shown: Sequence[Sequence[AnsweredQuestion]]) -> Mapping[str, tuple[Span, ...]]:
    """Of the pages that are not shown as a whole, by their documents' ids, the parts that are."""
    excerpts = {each[0].candidate.document_id: excerpt(each) for each in shown}
    return {document: each.parts for document, each in excerpts.items() if each.rest}


def _left_above(text: str, after: str) -> str:
    """The text above the part, without the headings that are shown with it or lead to nothing that is left."""
    below = headings_of(after)
    level = below[0].level if below and not below[0].line else 1
    above = headings_of(text)
    is_own = True
    while above and above[-1].is_last and (is_own or above[-1].level >= level):
        text = "\n".join(text.split("\n")[: above[-1].line]).rstrip()
        above, is_own = headings_of(text), False
    return text
