"""Questions whose answer is known without asking anybody: titles and known phrasings of a corpus, and labelled ones."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retrieval.questions import Question
from retrieval.reader.learning import KnownQuestion


@dataclass(frozen=True, kw_only=True)
class KnownPage:
    """A document by what it is called and known to be asked for."""

    id: str
    title: str
    language: str | None
    questions: tuple[str, ...] = ()


def known_questions(pages: Iterable[KnownPage], labelled: Sequence[Question] = (), *, most: int) -> list[KnownQuestion]:
    """At most so many questions: labelled ones for a half at most, the others made from pages that differ.

    The same corpus gives the same ones, whatever the order of its pages: one a page, by a phrasing where one is known,
    and by further ones where pages are few.
    """
    customers = [
        KnownQuestion(question=each.question, language=each.language, right=frozenset(each.expected), is_customers=True)
        for each in sorted(labelled, key=lambda each: _order(each.question))
        if each.question.strip()
    ][: most // 2]
    asked: list[tuple[int, int, KnownQuestion]] = []
    for page in pages:
        wordings = sorted({wording for wording in page.questions if wording.strip()}, key=_order)
        made = [(wording, False) for wording in wordings] or [(page.title, True)]
        for place, (wording, is_title) in enumerate(made):
            question = KnownQuestion(
                question=wording, language=page.language, right=frozenset({page.id}), is_title=is_title
            )
            if wording.strip():
                asked.append((place, _order(f"{page.id}\0{wording}"), question))
    asked.sort(key=lambda each: each[:2])
    return [*customers, *(question for _, _, question in asked)][:most]


def _order(text: str) -> int:
    """A place among others that nothing but the text decides."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")
