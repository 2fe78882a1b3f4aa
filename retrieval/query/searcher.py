"""Finds what answers a question: in the space that serves its language, and where that knows nothing, in another."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from corpus.language_tags import equivalent_codes
from retrieval.decision import DEFAULTS, DecisionSettings
from retrieval.errors import EncoderDamaged, EncoderUnavailable
from retrieval.query.space_search import COMPONENTS, SpaceSearch
from retrieval.result import SearchResult
from retrieval.scoring.calibration import UNANSWERABLE
from retrieval.scoring.features import FEATURES, as_dict

if TYPE_CHECKING:
    from retrieval.snapshot.snapshot import Snapshot
    from retrieval.snapshot.space import Space

log = structlog.get_logger()

#: How many candidates a search names where nobody asks for more: as many as a receipt keeps.
KEPT = 5

#: Marks the way of a question that a second space was asked. Who asks twice may be wrong twice, so that half of the
#: budget is kept there; and what is asked so is only what the first could not answer, which tells nothing of customers.
_AGAIN = "+"


class Searcher:
    """Finds candidates in one snapshot. Safe to share between threads."""

    def __init__(
        self,
        snapshot: "Snapshot",
        *,
        budget: float,
        stricter: Mapping[str, float] | None = None,
        unanswerable: float = UNANSWERABLE,
        decisions: DecisionSettings = DEFAULTS,
        caution: int = 0,
        shift: float = 0.0,
        parts: frozenset[str] = COMPONENTS,
        ways: Mapping[str, SpaceSearch] | None = None,
    ) -> None:
        """Search a snapshot within a budget, or a stricter one for documents whose id matches a pattern ("billing/*").

        unanswerable: the share of questions taken to have no answer; caution: how many steps more careful than usual;
        shift: how far customers were thought to word their questions from a corpus indexed by an earlier release.
        Ways that are given are taken over.
        """
        self.snapshot = snapshot
        self._budget = budget
        if ways is None:
            made = [
                SpaceSearch(
                    snapshot,
                    space,
                    is_foreign=is_foreign,
                    budget=budget,
                    stricter=dict(stricter or {}),
                    parts=parts,
                    unanswerable=unanswerable,
                    decisions=decisions,
                    caution=caution,
                    shift=shift,
                )
                for space in snapshot.spaces
                for is_foreign in ((False, True) if space.foreign else (False,))
            ]
            ways = {way.name: way for way in made}
        #: The languages that documents say they are in.
        self.languages = frozenset[str]().union(*(space.facts.languages for space in snapshot.spaces))
        #: All ways of asking, by name.
        self.ways = ways
        #: The way of questions whose language is not known: what is told of a searcher is told of that.
        self._usual = self.ways[self._unsaid().name]

    @property
    def threshold(self) -> float:
        """The confidence an answer needs, in the way that most ask, where nothing stricter is asked for."""
        return self._usual.threshold

    @property
    def is_calibrated(self) -> bool:
        """True when it can tell how sure it is, in the way that most ask."""
        return self._usual.calibration.is_calibrated

    @property
    def is_promised(self) -> bool:
        """True when labelled questions promise, with certainty, that answers keep the budget."""
        way = self._usual
        promised = way.calibration.promised_threshold(self._budget, unanswerable=way.unanswerable)
        return promised <= way.threshold

    def threshold_for(self, budget: float) -> float:
        """The confidence that an answer needs to keep a budget, in the way that most ask."""
        return self._usual.threshold_for(budget)

    def with_caution(self, step: int) -> "Searcher":
        """The same, so many steps more careful."""
        ways = {name: way.with_caution(step) for name, way in self.ways.items()}
        return Searcher(self.snapshot, budget=self._budget, ways=ways)

    def way_of(self, language: str | None) -> str | None:
        """The way that questions in a language go; None when no space serves it."""
        way = self._way(self._named(language))
        return way.name if way else None

    def search(
        self, question: str, *, language: str | None = None, budget: float | None = None, limit: int = KEPT
    ) -> SearchResult:
        """The best passages for a question, one a document, and the probability that the first one answers it.

        A budget that is given is kept instead of the searcher's own. A language that no space serves finds nothing.
        EncoderUnavailable, EncoderDamaged when the encoder of the language is not there.
        """
        language = self._named(language)
        way = self._way(language)
        if way is None:
            return replace(self._nothing(question), language=language)
        found = way.search(question, language=language, budget=budget, limit=limit)
        if found.decision == "escalate" and (other := self._other(way, language)):
            again = self._again(other, question, language, (budget or self._budget) / 2, limit)
            if again is not None:
                return again
        return found

    def _named(self, language: str | None) -> str | None:
        """A language as the documents name it, or one that is written like it."""
        if language is None:
            return None
        return next((code for code in equivalent_codes(language) if code in self.languages), language)

    def _way(self, language: str | None) -> SpaceSearch | None:
        if language is None:
            return self.ways[self._unsaid().name]
        serving = [space for space in self.snapshot.spaces if space.serves(language)]
        if not serving:
            return None
        space = next((each for each in serving if each.calibration.is_calibrated), serving[0])
        is_foreign = space.foreign is not None and bool(space.facts.languages) and language not in space.facts.languages
        return self.ways[f"{space.name}/foreign" if is_foreign else space.name]

    def _unsaid(self) -> "Space":
        """The space that serves questions whose language is not known: the one of most documents' language."""
        main, *others = self.snapshot.spaces
        return next((other for other in others if 2 * main.entry.documents < other.entry.documents), main)

    def _other(self, way: SpaceSearch, language: str | None) -> SpaceSearch | None:
        """Find a space with documents of other languages, for what this one does not know; None if there is none."""
        for space in self.snapshot.spaces:
            if space is way.space or not (language is None or space.serves(language)):
                continue
            if space.facts.languages - {language}:
                return self.ways[space.name]
        return None

    def _again(
        self, other: SpaceSearch, question: str, language: str | None, budget: float, limit: int
    ) -> SearchResult | None:
        """Search another space; gives what it answers or suggests, if that is not in the language that was asked in.

        It is only asked where the words say that it may know: most of what English lacks is written nowhere, and
        should not wait for an encoder to say so.
        """
        own = {language} if language else set(self.snapshot.main.entry.languages or ())
        if not other.words_are_foreign(question, own):
            return None
        try:
            found = other.search(question, language=language, budget=budget, limit=limit)
        except (EncoderUnavailable, EncoderDamaged) as error:
            log.warning("space_unavailable", space=other.space.name, error=str(error))
            return None
        if found.decision not in {"answer", "suggest"} or (
            language is not None and found.candidates[0].language in {None, language}
        ):
            return None
        return replace(found, way=f"{found.way}{_AGAIN}")

    def _nothing(self, question: str) -> SearchResult:
        return SearchResult(
            question=question,
            candidates=(),
            confidence=0.0,
            threshold=self.threshold,
            features=as_dict([0.0] * len(FEATURES)),
            snapshot=self.snapshot.version,
        )
