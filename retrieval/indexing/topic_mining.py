"""Topics of a corpus: what several documents or several wordings are about, found and learned from it alone.

A topic is a document with several known phrasings, or a page that several forum answers cite: what resolved one
question resolves the next one like it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus import Passage
from corpus.citations import canonical_page, cited_pages
from retrieval.encoders.encoder import Vectors
from retrieval.indexing.linear_svm import fit_one_against_rest
from retrieval.snapshot.embedded_texts import EmbeddedTexts
from retrieval.snapshot.topics import WIDTH, Ints, Topics

#: Fewer wordings or answers than this make no topic.
FEWEST = 3
#: A document's own wordings are told by the nearest of them, as long as there are fewer than this, its title included.
WORDINGS = 6
#: More topics than this are not told apart in a time worth waiting for.
MOST = 1000
#: Wordings of one topic that are learned from, at most.
MOST_WORDINGS = 200
#: The share of documents in topics below which those few would only push the others aside.
LEAST_COVERED = 0.5
#: Names of documents in no topic that are learned from, at most.
MOST_OUTSIDE = 2000
#: Parts into which the wordings are dealt, to see how well the topics of each part are told by the others.
FOLDS = 3
_DOCUMENT, _PAGE = "document:", "page:"


@dataclass(frozen=True, kw_only=True)
class Examples:
    """Examples to learn topics from: units, the topic each is a wording of, and the part it is dealt to; all int64 [n].

    A topic of -1 is none: what documents outside every topic are called, which a question may be about too. `members`
    int32 [documents, WIDTH] are the topics of each document, -1 where there are no more. `note` says why there is none.
    """

    units: Ints
    topics: Ints
    folds: Ints
    members: NDArray[np.int32]
    count: int
    note: str


def find_topics(documents: Sequence[Sequence[Passage]], units: EmbeddedTexts) -> Examples:
    """The topics of a corpus, the largest first."""
    wordings: dict[str, list[int]] = defaultdict(list)
    members: dict[str, set[int]] = defaultdict(set)
    for name, number, rows in _wordings(documents, units):
        members[name].add(number)
        wordings[name] += rows
    found = [
        name for name, rows in wordings.items() if len(rows) >= FEWEST and _is_topic(name, members[name], documents)
    ]
    covered = len({number for name in found for number in members[name]}) / len(documents)
    fits = 2 <= len(found) <= MOST and covered >= LEAST_COVERED
    names = sorted(found, key=lambda name: (-len(wordings[name]), name)) if fits else []
    pairs = [(row, topic) for topic, name in enumerate(names) for row in _spread(wordings[name], MOST_WORDINGS)]
    pairs += (
        [(row, -1) for row in _outside(units, {number for name in names for number in members[name]})] if names else []
    )
    chosen, topics = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    # Where a topic is shared, an answer must not be told by its own question: all of a document goes to one part.
    together = sorted({number for name in names if name.startswith(_PAGE) for number in members[name]})
    numbers = units.document[chosen].astype(np.int64)
    return Examples(
        units=chosen,
        topics=topics,
        folds=np.where(np.isin(numbers, together), numbers, chosen) % FOLDS,
        members=_table([members[name] for name in names], len(documents)),
        count=len(names),
        note="" if names else _note(len(found), covered),
    )


def without_topics(documents: int) -> Examples:
    """Nothing to learn from."""
    nothing = np.empty(0, dtype=np.int64)
    return Examples(
        units=nothing, topics=nothing, folds=nothing, members=_table([], documents), count=0, note=""
    )  # fmt: skip


def fit_topics(
    vectors: Vectors | NDArray[np.float16],
    examples: Examples,
    used: NDArray[np.bool_] | slice = slice(None),
) -> Topics:
    """Learn topics from the vectors of all units, or from those of the examples that are `used`."""
    rows = np.asarray(vectors[examples.units[used]], dtype=np.float32)
    return Topics(fit_one_against_rest(rows, examples.topics[used], examples.count), examples.members)


def _note(found: int, covered: float) -> str:
    if found < 2:
        return (
            f"No topics were learned: too few documents with {WORDINGS} wordings or pages that {FEWEST} threads cite."
        )
    if found > MOST:
        return f"No topics were learned: {found} are too many to tell apart (at most {MOST})."
    return f"No topics were learned: only {covered:.0%} of the documents belong to one (at least {LEAST_COVERED:.0%})."


def _outside(units: EmbeddedTexts, inside: set[int]) -> list[int]:
    """Units that name a sample of the other documents: their titles and known phrasings, or how they begin."""
    called = units.passage < 0
    starts = units.starts
    called[starts[~np.logical_or.reduceat(called, starts)]] = True
    rows = np.flatnonzero(called & ~np.isin(units.document, list(inside)))
    return _spread(rows.tolist(), MOST_OUTSIDE)


def _table(members: Sequence[set[int]], documents: int) -> NDArray[np.int32]:
    table = np.full((documents, WIDTH), -1, dtype=np.int32)
    for topic, numbers in enumerate(members):
        for number in numbers:
            if len(free := np.flatnonzero(table[number] < 0)):
                table[number, free[0]] = topic
    return table


def _wordings(documents: Sequence[Sequence[Passage]], units: EmbeddedTexts) -> Iterator[tuple[str, int, list[int]]]:
    """Each possible topic of each document, with the units of the document that are wordings of it."""
    ends = [*units.starts[1:].tolist(), len(units.document)]
    for number, (start, end) in enumerate(zip(units.starts.tolist(), ends, strict=True)):
        document = documents[number][0].document
        asked = [row for row in range(start, end) if units.passage[row] < 0]
        if len(asked) >= WORDINGS:
            yield f"{_DOCUMENT}{document.id}", number, asked
        if document.kind == "answer":
            # Where the question was not kept apart, a thread begins with it.
            told = asked if document.questions else [start]
            for cited in sorted(cited_pages(document.text)):
                yield f"{_PAGE}{cited}", number, told
        if document.url and (own := canonical_page(document.url)):
            yield f"{_PAGE}{own}", number, []


def _is_topic(name: str, members: set[int], documents: Sequence[Sequence[Passage]]) -> bool:
    """A page is one when different threads cite it; several answers of one thread are about one question."""
    return name.startswith(_DOCUMENT) or len({documents[number][0].document.title for number in members}) >= FEWEST


def _spread(rows: Sequence[int], most: int) -> list[int]:
    """At most so many of them, evenly."""
    places = np.linspace(0, len(rows) - 1, min(len(rows), most)).astype(int)
    return [rows[place] for place in places]
