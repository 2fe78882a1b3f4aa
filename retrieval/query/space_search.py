"""One way of asking a snapshot: a space, how its parts are weighed, and how sure its answers must be."""

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import numpy as np

from retrieval.decision import DEFAULTS, DecisionSettings
from retrieval.query.answering_section import answering_sections
from retrieval.query.candidates import CandidateRetriever, RetrievedDocuments
from retrieval.query.caution import careful
from retrieval.query.query_text import clean_query, embedding_texts
from retrieval.result import Candidate, SearchResult
from retrieval.scoring.calibration import UNANSWERABLE
from retrieval.scoring.earlier_calibration import EarlierCalibration
from retrieval.scoring.features import WIDTH, as_dict, features
from retrieval.scoring.fusion import Floats, Ints
from retrieval.scoring.ranking import (
    OFFICIAL,
    OFFICIAL_AHEAD,
    OFFICIAL_AHEAD_MIXED,
    SAME_LANGUAGE,
    SAME_LANGUAGE_MIXED,
    deduplicate,
    group_keys,
    rank,
)

if TYPE_CHECKING:
    from retrieval.encoders.encoder import Vectors
    from retrieval.snapshot.snapshot import Snapshot
    from retrieval.snapshot.space import Space

#: What a search is made of beside the vectors; each can be switched off, to see what it is worth.
COMPONENTS = frozenset({"lexical", "topics", "views", "distinct", "wordings"})
#: The translation that is shown to whom no document is written for.
READ_BY_MOST = "en"


class SpaceSearch:
    """Finds candidates in one space, for questions of one sort. Safe to share between threads."""

    def __init__(
        self,
        snapshot: "Snapshot",
        space: "Space",
        *,
        is_foreign: bool,
        budget: float,
        stricter: Mapping[str, float],
        parts: frozenset[str],
        unanswerable: float = UNANSWERABLE,
        decisions: DecisionSettings = DEFAULTS,
        caution: int = 0,
        shift: float = 0.0,
    ) -> None:
        self.space = space
        self.name = f"{space.name}/foreign" if is_foreign else space.name
        fusion, self.calibration = space.foreign if is_foreign and space.foreign else (space.fusion, space.calibration)
        if isinstance(self.calibration, EarlierCalibration):
            self.calibration = self.calibration.with_shift(shift)
        self._snapshot = snapshot
        self._is_foreign = is_foreign
        self._finder = CandidateRetriever.of(
            space, fusion, lexical="lexical" in parts, topics="topics" in parts, wordings="wordings" in parts
        )
        self._parts = parts
        self._budget, self._stricter = budget, stricter
        self._near = SAME_LANGUAGE_MIXED if space.entry.is_mixed else SAME_LANGUAGE
        self._ahead = OFFICIAL_AHEAD_MIXED if space.entry.is_mixed else OFFICIAL_AHEAD
        self.unanswerable, self._decisions, self._caution = unanswerable, decisions, caution
        self._has_official = bool((space.facts.authority >= OFFICIAL).any())
        self._thresholds: dict[float, float] = {}

    def with_caution(self, step: int) -> "SpaceSearch":
        """The same, so many steps more careful."""
        way = copy(self)
        way._caution, way._thresholds = step, {}  # noqa: SLF001  # its own
        return way

    @property
    def threshold(self) -> float:
        """The confidence an answer needs where nothing stricter is asked for."""
        return self.threshold_for(self._budget)

    def threshold_for(self, budget: float) -> float:
        """The confidence that an answer needs to keep a budget."""
        if budget not in self._thresholds:
            is_promised = self._decisions.promised_only
            threshold = self.calibration.promised_threshold if is_promised else self.calibration.threshold
            self._thresholds[budget] = careful(threshold(budget, unanswerable=self.unanswerable), self._caution)
        return self._thresholds[budget]

    def search(self, question: str, *, language: str | None, budget: float | None, limit: int) -> SearchResult:
        """The best passages for a question, one a document, and the probability that the first one answers it.

        A budget that is given is kept instead of its own.
        """
        views = embedding_texts(question) if "views" in self._parts else (question,)
        queries = self.space.encoder.encode_questions(views)
        # The confidence looks at as many; twice that, since what has something in common with a better one goes back.
        wanted = max(limit, WIDTH)
        sought = self._finder.find(queries, clean_query(question), language, 2 * wanted)
        scores = self._finder.fusion.score(sought.found)
        if language is not None:
            sought, scores = self._translated(sought, scores, READ_BY_MOST if self._is_foreign else language)
        found = sought.found
        if language is not None and not self._is_foreign:
            scores = scores - self._near * self.space.facts.is_foreign(found.documents, language)
        authority = self.space.facts.authority[found.documents]
        places = rank(scores, authority, self._in_common(sought), most=wanted, ahead=self._ahead)
        named = self._named(question, language, found.documents, scores)
        places = np.concatenate([named, places[~np.isin(places, named)]])[:wanted]
        first = int(places[0])
        signals = features(
            scores[places],
            float(found.dense[first]),
            float(found.lexical[first]),
            float(found.topic[first]),
            sought.near,
        )
        candidates = self._candidates(queries[0], sought, scores, places[:limit])
        same_words = tuple(candidate.document_id for candidate in candidates[: len(named)])
        found_in = self._judged(question, candidates, signals, self._budget if budget is None else budget)
        return replace(found_in, language=language, same_words=same_words)

    def words_are_foreign(self, question: str, own: Collection[str]) -> bool:
        """True when a document in none of these languages holds more of a question's words than any that is in one."""
        lexical, languages = self.space.lexical, self.space.facts.language
        shares = lexical.all_scores(lexical.terms(clean_query(question), None))
        is_own = np.isin(languages, np.array([b"", *(code.encode() for code in own)], dtype=languages.dtype))
        return bool(shares[~is_own].max(initial=0) > shares[is_own].max(initial=0))

    def _judged(
        self, question: str, candidates: tuple[Candidate, ...], signals: Sequence[float], budget: float
    ) -> SearchResult:
        sure = self.calibration.confidence(signals, unanswerable=self.unanswerable)
        matching = [
            stricter
            for pattern, stricter in self._stricter.items()
            if candidates and fnmatchcase(candidates[0].document_id, pattern)
        ]
        return SearchResult(
            question=question,
            candidates=candidates,
            confidence=sure.first,
            answerable=sure.answerable,
            among_beside=sure.beside,
            among_first=sure.choices,
            threshold=self.threshold_for(min((budget, *matching))),
            features=as_dict(signals),
            unanswerable=self.unanswerable,
            may_answer=not candidates or self._may_answer(candidates[0]),
            settings=self._decisions,
            way=self.name,
            snapshot=self._snapshot.version,
        )

    def _named(self, question: str, language: str | None, documents: Ints, scores: Floats) -> Ints:
        """Places of the documents that are called, or asked for, by just these words: the best one of each title."""
        called = self.space.wordings.documents(question)
        if not len(called) or "wordings" not in self._parts:
            return called[:0]
        if language is not None:
            called = self.space.facts.in_language(called, READ_BY_MOST if self._is_foreign else language)
        places = np.flatnonzero(np.isin(documents, called))
        places = places[np.argsort(-scores[places], kind="stable")]
        first = np.unique(self.space.facts.title[documents[places]], return_index=True)[1]
        return np.asarray(places[np.sort(first)], dtype=np.int64)

    def _may_answer(self, first: Candidate) -> bool:
        """True when the first candidate may be a plain answer: an unconfirmed one is a guess beside own pages."""
        is_confirmed = first.kind != "answer" or first.confirmed
        return is_confirmed or not self._has_official or self._decisions.unconfirmed_answers

    def _translated(
        self, sought: RetrievedDocuments, scores: Floats, language: str
    ) -> tuple[RetrievedDocuments, Floats]:
        """Documents as their translations into a language, where they have one: the customer's, or English."""
        found = sought.found
        told = self.space.facts.in_language(found.documents, language)
        if told is found.documents:
            return sought, scores
        rows, scores = deduplicate(found.documents, scores, told)
        # A translation that was not among those found has what the original has.
        documents = replace(found.at(rows), documents=np.unique(told))
        return replace(sought, found=documents, topics=sought.topics[rows]), scores

    def _in_common(self, sought: RetrievedDocuments) -> Ints:
        """Keys of what documents share, int64 [n, keys]: the title, and the topic that each is likeliest found for."""
        documents = sought.found.documents
        if "distinct" not in self._parts:
            return np.empty((len(documents), 0), dtype=np.int64)
        return group_keys(self.space.facts.title[documents], sought.topics)

    def _candidates(
        self, query: "Vectors", sought: RetrievedDocuments, scores: Floats, places: Ints
    ) -> tuple[Candidate, ...]:
        found = sought.found
        sections = answering_sections(self.space, query, sought.terms, found.documents[places])
        return tuple(
            self._snapshot.passages.candidate(
                row,
                section,
                section_leads=leads,
                score=float(scores[place]),
                dense=float(found.dense[place]),
                lexical=float(found.lexical[place]),
                topic=float(found.topic[place]),
            )
            for (row, section, leads), place in zip(sections, places.tolist(), strict=True)
        )
