"""Results of questions, one by one, by decision and by groups."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from retrieval.decision import DECISIONS, Decision
from retrieval.questions import Question
from retrieval.result import Candidate, SearchResult

#: A mark that differs so much from question to question tells no groups apart.
MOST_GROUPS = 50
_LANGUAGE = re.compile("[a-z]{2}([-_][A-Za-z]{2})?")
UNSAID = "not said"
NO_ANSWER = "no answer in the documents"


@dataclass(frozen=True, kw_only=True)
class QuestionResult:
    """A question and what the search made of it."""

    asked: Question
    found: SearchResult

    @property
    def place(self) -> int | None:
        """The place of the first expected document among those found, from 1."""
        places = enumerate((candidate.document_id for candidate in self.found.candidates), 1)
        return next((place for place, document in places if document in self.asked.expected), None)

    @property
    def is_right(self) -> bool:
        """True when the first document is an expected one."""
        return self.place == 1

    @property
    def is_answered(self) -> bool:
        """True when the first document was given as the answer."""
        return self.found.decision == "answer"

    @property
    def is_wrong(self) -> bool:
        """True when a document was given as the answer that is not."""
        return self.is_answered and not self.is_right

    @property
    def is_missed(self) -> bool:
        """True when a person had to answer what the first document does."""
        return self.found.decision == "escalate" and self.is_right

    @property
    def is_offered(self) -> bool:
        """True when one of the documents that the customer gets to see is an expected one."""
        return any(candidate.document_id in self.asked.expected for candidate in self.found.offered)

    @property
    def is_helped(self) -> bool:
        """True when the customer gets to see an expected document before a person: answer, suggestion or choice."""
        return self.is_offered and self.found.decision != "escalate"


@dataclass(frozen=True, kw_only=True)
class DecisionCounts:
    """Questions of one decision, by what the customer got to see."""

    decision: Decision
    #: A page that answers, pages that do not, and anything where no page answers.
    right: int
    wrong: int
    out_of_scope: int

    @property
    def questions(self) -> int:
        """All of them."""
        return self.right + self.wrong + self.out_of_scope


@dataclass(frozen=True, kw_only=True)
class Row:
    """A group of questions in numbers."""

    name: str
    questions: int
    #: Questions that the documents answer, and those of them whose first document was right.
    answerable: int
    right: int
    #: Those of the answerable whose customer got to see an expected document before a person.
    helped: int
    answered: int
    wrong: int
    suggested: int
    clarified: int
    escalated: int


@dataclass(frozen=True, kw_only=True)
class Table:
    """Questions by something that tells them apart; the largest group first."""

    by: str
    rows: tuple[Row, ...]


def decision_counts(outcomes: Sequence[QuestionResult]) -> tuple[DecisionCounts, ...]:
    """The questions by decision, in the order of DECISIONS."""

    def of(decision: Decision) -> DecisionCounts:
        group = [outcome for outcome in outcomes if outcome.found.decision == decision]
        in_scope, right = sum(bool(outcome.asked.expected) for outcome in group), sum(each.is_offered for each in group)
        return DecisionCounts(
            decision=decision, right=right, wrong=in_scope - right, out_of_scope=len(group) - in_scope
        )

    return tuple(map(of, DECISIONS))


def tables(outcomes: Sequence[QuestionResult], expected: Mapping[str, Candidate]) -> tuple[Table, ...]:
    """The questions by language, topic, kind of source, and each mark that the question file gives.

    `expected` holds a passage of each document that is expected, as far as the snapshot has it.
    """

    def document(outcome: QuestionResult) -> Candidate | None:
        return next((expected[name] for name in outcome.asked.expected if name in expected), None)

    def kind(outcome: QuestionResult) -> str:
        right = document(outcome)
        return right.kind if right else _without(outcome)

    def first(outcome: QuestionResult) -> str:
        return outcome.found.candidates[0].kind if outcome.found.candidates else "nothing found"

    def topic(outcome: QuestionResult) -> str:
        right = document(outcome)
        return about[right.document_id] or UNSAID if right else _without(outcome)

    rights = [right for outcome in outcomes if (right := document(outcome))]
    about = dict(zip((right.document_id for right in rights), guess_topics(rights), strict=True))
    marks = dict.fromkeys(name for outcome in outcomes for name in outcome.asked.marks)
    return (
        table("language", outcomes, lambda outcome: outcome.asked.language or UNSAID),
        table("topic", outcomes, topic),
        table("kind of the expected document", outcomes, kind),
        table("kind of the first document found", outcomes, first),
        *(
            table(name, outcomes, lambda outcome, name=name: outcome.asked.marks.get(name, UNSAID))  # type: ignore[misc]
            for name in marks
            if _tells_groups([outcome.asked.marks[name] for outcome in outcomes if name in outcome.asked.marks])
        ),
    )


def table(by: str, outcomes: Sequence[QuestionResult], key: Callable[[QuestionResult], str]) -> Table:
    """The questions in groups of one key, the largest first, then by name."""
    groups: dict[str, list[QuestionResult]] = defaultdict(list)
    for outcome in outcomes:
        groups[key(outcome)].append(outcome)
    rows = [_row(name, group) for name, group in groups.items()]
    return Table(by=by, rows=tuple(sorted(rows, key=lambda row: (-row.questions, row.name))))


def guess_topics(documents: Sequence[Candidate]) -> list[str]:
    """Guess a topic for each document, [n]: the folder of its id ("billing/refunds") or address, or else its title.

    The first of these is taken that tells at least two groups apart, and not nearly every document from every other.
    """
    ways = (
        [_folder(document.document_id) for document in documents],
        [_folder(urlsplit(document.url or "").path) for document in documents],
    )
    titles = [document.title or " › ".join(document.headings[:1]) or document.document_id for document in documents]
    return next((way for way in ways if len(set(way)) > 1 and _tells_groups(way)), titles)


def _folder(path: str) -> str:
    """The folders of a path, without one that is a language ("en", "pt-BR")."""
    return "/".join(name for name in path.strip("/").split("/")[:-1] if not _LANGUAGE.fullmatch(name))


def _without(outcome: QuestionResult) -> str:
    return "a document that is not there" if outcome.asked.expected else NO_ANSWER


def _tells_groups(values: Sequence[str]) -> bool:
    return len(set(values)) <= min(MOST_GROUPS, max(1, len(values) // 2))


def _row(name: str, group: Sequence[QuestionResult]) -> Row:
    return Row(
        name=name,
        questions=len(group),
        answerable=sum(bool(outcome.asked.expected) for outcome in group),
        right=sum(outcome.is_right for outcome in group),
        helped=sum(outcome.is_helped for outcome in group),
        answered=sum(outcome.is_answered for outcome in group),
        wrong=sum(outcome.is_wrong for outcome in group),
        suggested=sum(outcome.found.decision == "suggest" for outcome in group),
        clarified=sum(outcome.found.decision == "clarify" for outcome in group),
        escalated=sum(outcome.found.decision == "escalate" for outcome in group),
    )
