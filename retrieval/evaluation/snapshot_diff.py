"""Changes that people would notice with another snapshot: its documents, and the same questions asked of both."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from retrieval.indexing.document_changes import Changes
from retrieval.result import Candidate, SearchResult

#: What becomes of a question from one snapshot to another, as its customer would see it.
AnswerChange = Literal["same", "gained", "reworded", "other", "lost", "asked"]
BECAME: tuple[AnswerChange, ...] = ("lost", "other", "reworded", "gained", "asked", "same")


@dataclass(frozen=True, kw_only=True)
class QuestionDiff:
    """One question, asked of both snapshots."""

    question: str
    #: The documents that answer it, where somebody has said so; empty where nothing does.
    expected: tuple[str, ...] | None = None
    before: SearchResult
    after: SearchResult

    @property
    def became(self) -> AnswerChange:
        """Change that the question's customer would see."""
        old, new = answer_in(self.before), answer_in(self.after)
        if old is None or new is None:
            if old or new:
                return "lost" if old else "gained"
            return "same" if _guess(self.before) == _guess(self.after) else "asked"
        if old.document_id != new.document_id:
            return "other"
        return "same" if old.text == new.text else "reworded"

    @property
    def is_worse(self) -> bool:
        """True when somebody should look at it before the snapshot is used.

        An answer that is lost or comes from another page, unless it was known to be wrong or is now known to be right;
        and an answer that is known to be wrong where there was none.
        """
        match self.became:
            case "lost":
                return not self._is_wrong(self.before)
            case "other":
                is_wrong = self.expected is None or self._is_wrong(self.after)
                return is_wrong and not self._is_wrong(self.before)
            case "gained":
                return self._is_wrong(self.after)
            case _:
                return False

    def _is_wrong(self, found: SearchResult) -> bool:
        """True when its answer is known to be wrong."""
        answer = answer_in(found)
        return answer is not None and self.expected is not None and answer.document_id not in self.expected


@dataclass(frozen=True, kw_only=True)
class Diff:
    """Changes for people when one snapshot is used instead of another."""

    #: Versions.
    before: str
    after: str
    documents: Changes
    questions: tuple[QuestionDiff, ...]

    @property
    def counts(self) -> dict[AnswerChange, int]:
        """Number of questions by their change; all changes are there."""
        counted = Counter(each.became for each in self.questions)
        return {became: counted[became] for became in BECAME}

    @property
    def worse(self) -> Sequence[QuestionDiff]:
        """The questions that somebody should look at first."""
        return [each for each in self.questions if each.is_worse]

    def may_be_used(self, tolerated: float = 0.0) -> bool:
        """True when at most this share of the questions became worse."""
        return len(self.worse) <= tolerated * len(self.questions)


def _guess(found: SearchResult) -> tuple[str, str | None]:
    """The decision, and of a suggestion the document."""
    suggested = found.offered[0].document_id if found.decision == "suggest" else None
    return found.decision, suggested


def answer_in(found: SearchResult) -> Candidate | None:
    """Candidate that a customer would be given at once; None where they would be asked back or handed over."""
    return found.candidates[0] if found.decision == "answer" else None
