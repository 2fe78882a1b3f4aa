"""A verdict as it was taken into account: kept in receipts, and taken into account again from there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from retrieval.reader.evidence import with_verdict
from retrieval.reader.port import Verdict
from retrieval.reader.trust import Trust
from retrieval.result import SearchResult


@dataclass(frozen=True, kw_only=True)
class Consulted:
    """A verdict as it was taken into account, with all that it takes to do so again."""

    verdict: Verdict
    trust: Trust
    #: How many candidates were offered, how much of each, and which documents had a budget of their own.
    offered: int
    characters: int
    stricter: dict[str, float] = field(default_factory=dict)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Take it from a receipt as it is stored."""
        said = dict(stored["verdict"])
        verdict = Verdict(**said | {"also": tuple(said["also"]), "sentences": tuple(said["sentences"])})
        return cls(**{**stored, "verdict": verdict, "trust": Trust.from_json(stored["trust"])})

    def applied_to(self, result: SearchResult) -> SearchResult:
        """A search after the verdict; unchanged where it offers other pages than the verdict is on."""
        ids = {each.document_id for each in result.candidates[: self.offered]}
        if not {*self.verdict.also, *([self.verdict.best] if self.verdict.best else [])} <= ids:
            return result
        return with_verdict(
            result,
            self.verdict,
            self.trust,
            offered=self.offered,
            characters=self.characters,
            stricter=self.stricter,
        )
