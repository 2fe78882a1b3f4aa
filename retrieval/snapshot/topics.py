"""Topics: what several documents or several wordings are about, learned from the corpus alone.

A topic is a document with several known phrasings, or a page that several forum answers cite: what resolved one
question resolves the next one like it. A linear support vector machine on the encoder's vectors learns to tell them
apart, and a question's support for a topic is how far it lies on the topic's side of the margin.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corpus.citations import canonical_page, cited_pages
from corpus.passage import Passage
from retrieval.arrays import open_memmap
from retrieval.encoders.encoder import Vectors
from retrieval.errors import SnapshotDamaged
from retrieval.snapshot.embedded_texts import EmbeddedTexts

WEIGHTS, MEMBERS = "topics.npy", "topics.members.npy"
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
#: How many topics a document may belong to; the largest are kept.
WIDTH = 4
#: Parts into which the wordings are dealt, to see how well the topics of each part are told by the others.
FOLDS = 3
_DOCUMENT, _PAGE = "document:", "page:"

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Examples:
    """What topics are learned from: units, the topic each is a wording of, and the part it is dealt to; all int64 [n].

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


def _note(found: int, covered: float) -> str:
    if found < 2:
        return (
            f"No topics were learned: too few documents with {WORDINGS} wordings or pages that {FEWEST} threads cite."
        )
    if found > MOST:
        return f"No topics were learned: {found} are too many to tell apart (at most {MOST})."
    return f"No topics were learned: only {covered:.0%} of the documents belong to one (at least {LEAST_COVERED:.0%})."


def _outside(units: EmbeddedTexts, inside: set[int]) -> list[int]:
    """What a sample of the other documents are called: their titles and known phrasings, or how they begin."""
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


class Topics:
    """Learned topics: float32 weights [topics, dimensions + 1], and int32 members [documents, WIDTH], -1 for none."""

    def __init__(self, weights: Floats, members: NDArray[np.int32]) -> None:
        self._weights = weights
        self._members = members
        #: The documents of all topics, one topic after the other, in order; and where those of each end, after a 0.
        self._documents = np.empty(0, dtype=np.int64)
        self._ends = [0]
        if len(weights):
            numbers, places = np.nonzero(members >= 0)
            topics = members[numbers, places]
            self._documents = numbers[np.argsort(topics, kind="stable")]
            self._ends += np.cumsum(np.bincount(topics, minlength=len(weights))).tolist()

    def __len__(self) -> int:
        return len(self._weights)

    @classmethod
    def learn(
        cls,
        vectors: Vectors | NDArray[np.float16],
        examples: Examples,
        used: NDArray[np.bool_] | slice = slice(None),
    ) -> Self:
        """Learn from the vectors of all units, or from those of the examples that are `used`."""
        rows = np.asarray(vectors[examples.units[used]], dtype=np.float32)
        return cls(fit_one_against_rest(rows, examples.topics[used], examples.count), examples.members)

    @classmethod
    def none(cls) -> Self:
        """No topics, of any document."""
        return cls(np.empty((0, 1), dtype=np.float32), np.empty((0, WIDTH), dtype=np.int32))

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Map what was saved."""
        try:
            return cls(*(open_memmap(directory / name) for name in (WEIGHTS, MEMBERS)))
        except (OSError, EOFError, ValueError) as error:
            raise SnapshotDamaged(f"{directory / WEIGHTS} cannot be read: {error}. Reindex, or roll back.") from error

    def save(self, directory: Path) -> None:
        """Write both arrays."""
        np.save(directory / WEIGHTS, self._weights)
        np.save(directory / MEMBERS, self._members if len(self) else self._members[:0])

    def support(self, query: Vectors) -> Floats:
        """How far a question's vector [dimensions] lies on each topic's side, float32 [topics]; 0 is no support."""
        if not len(self):
            return np.empty(0, dtype=np.float32)
        # Not a product of matrices, which would be shared among all cores, whoever waits for them.
        support: Floats = np.maximum(np.vecdot(self._weights[:, :-1], query) + self._weights[:, -1] + 1, 0)
        return support

    def of(self, documents: Ints) -> NDArray[np.int32]:
        """The topics of these documents, int32 [n, WIDTH], -1 where there are no more."""
        if not len(self):
            return np.full((len(documents), WIDTH), -1, dtype=np.int32)
        return self._members.take(documents, axis=0)

    def strongest(self, documents: Ints, support: Floats) -> tuple[Ints, Floats]:
        """The topic of each document that has the most support, -1 for none, and that support, 0 for none."""
        if not len(self):
            return np.full(len(documents), -1), np.zeros(len(documents), dtype=np.float32)
        topics = self.of(documents)
        supports = np.append(support, np.float32(-1)).take(topics)  # no topic, -1, is the last
        best = supports.argmax(axis=1)
        best += np.arange(0, supports.size, WIDTH)
        return topics.take(best).astype(np.int64), np.maximum(supports.take(best), 0)

    def documents(self, support: Floats, most: int) -> Ints:
        """The documents of the topics with the best support, `most` at most; some twice.

        Those of the best topic come first. Where there are more of them, the last ones are left out.
        """
        if not len(self):
            return self._documents
        best = np.flatnonzero(support > 0)
        found: list[Ints] = []
        left = most
        for topic in best[np.argsort(-support[best], kind="stable")].tolist():
            found.append(self._documents[self._ends[topic] : self._ends[topic + 1]][:left])
            left -= len(found[-1])
            if not left:
                break
        return np.concatenate(found) if found else self._documents[:0]


def fit_one_against_rest(
    vectors: Floats, classes: Ints, count: int, *, cost: float = 2.0, rounds: int = 200, tolerance: float = 1e-4
) -> Floats:
    """Weights [count, dimensions + 1] of linear support vector machines, one against the rest, the intercept last.

    vectors [n, dimensions], classes [n], -1 for none of them. It ends with a step that changes no weight by more than
    `tolerance` of the largest, or after `rounds`.
    Squared hinge loss with a quadratic penalty, also on the intercept (Fan et al., LIBLINEAR, JMLR 9, 2008, 1871).
    All classes are fitted at once: a second derivative that bounds those of all of them is inverted once, and steps
    with it are accelerated (Nesterov, with the restarts of O'Donoghue and Candes, Found. Comput. Math. 15, 2015, 715).
    Deterministic.
    """
    design = np.column_stack([vectors, np.ones(len(vectors), dtype=np.float32)])
    bound = np.eye(design.shape[1]) + 2 * cost * (design.T @ design).astype(np.float64)
    inverse = np.linalg.inv(bound).astype(np.float32)
    sides = np.full((len(vectors), count), -1, dtype=np.float32)
    told = np.flatnonzero(classes >= 0)
    sides[told, classes[told]] = 1
    weights = ahead = np.zeros((design.shape[1], count), dtype=np.float32)
    momentum = 1.0
    for _ in range(rounds if len(vectors) else 0):
        short = np.maximum(1 - sides * (design @ ahead), 0) * sides
        step = inverse @ (ahead - 2 * cost * (design.T @ short))
        reached = ahead - step
        if float(np.sum(step * (reached - weights))) > 0:
            momentum = 1.0
        following = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        ahead = reached + (momentum - 1) / following * (reached - weights)
        weights, momentum = reached, following
        if np.abs(step).max() < tolerance * np.abs(weights).max():
            break
    return np.ascontiguousarray(weights.T)
