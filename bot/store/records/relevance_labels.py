"""Labels that people gave to answers and pages: the confidence is fitted on them beside the corpus itself.

It is read at each reindex from the receipts and never copied: with a customer's receipts it is gone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import select

from bot.conversation import NOT_SOLVED, SOLVED
from bot.store.engine.database import Database
from bot.store.tables import messages, receipts, verdicts
from retrieval import RelevanceJudgment

LabelSource = Literal["agents", "choices", "thumbs"]
#: How many questions made from the corpus each counts for, the most trusted first: agents' verdicts on escalations,
#: what customers chose when they were asked what they mean, and whether an answer or a suggestion helped them.
TRUST: dict[LabelSource, float] = {"agents": 4.0, "choices": 3.0, "thumbs": 2.0}


@dataclass(frozen=True, kw_only=True)
class Label:
    """A judgement of somebody on a page for a customer's question."""

    by: LabelSource
    #: What was searched.
    question: str
    #: None when nothing in the corpus answers the question.
    document_id: str | None
    #: Whether the page answers it.
    is_right: bool
    language: str | None = None
    #: The number of the receipt that it was said of.
    receipt: int

    @property
    def same_question(self) -> str:
        """Equal for questions in the same words."""
        return _same(self.question)

    @property
    def verdict(self) -> RelevanceJudgment:
        """As the confidence is fitted on it."""
        weight = TRUST[self.by]
        return RelevanceJudgment(
            question=self.question, document=self.document_id, is_right=self.is_right, weight=weight
        )


async def read_labels(db: Database, *, known: Collection[str] = ()) -> list[Label]:
    """Labels by people, the most trusted first and of those the newest; StoreUnavailable.

    `known` are questions whose labels the maintainer has given: nobody is more trusted.
    """
    body = receipts.c.body
    columns = (
        receipts.c.id,
        body["searched"].as_string().label("searched"),
        body["question"].as_string().label("question"),
        body["language"].as_string().label("language"),
    )
    chosen = body["chosen"].as_string().label("chosen")
    judged = select(*columns, verdicts.c.document_id).join(verdicts, verdicts.c.receipt_id == receipts.c.id)
    choices = select(*columns, chosen, receipts.c.conversation_id).where(chosen.is_not(None))
    chosen_in = select(receipts.c.conversation_id).where(chosen.is_not(None))
    denials = select(receipts.c.id, receipts.c.conversation_id, body["denied"].label("denied")).where(
        receipts.c.conversation_id.in_(chosen_in)
    )
    said_of = (
        select(*columns, chosen, body["parts"].label("parts"), messages.c.helped, messages.c.chosen.label("reply"))
        .join(messages, messages.c.receipt_id == receipts.c.id)
        .where(messages.c.author == "bot")
    )
    decision = body["decision"].as_string()
    thumbs = said_of.add_columns(body[("candidates", 0, "document_id")].as_string().label("first")).where(
        decision == "answer", messages.c.helped.is_not(None)
    )
    replies = said_of.add_columns(body[("offered", 0)].as_string().label("first")).where(
        decision == "suggest", messages.c.chosen.in_((SOLVED, NOT_SOLVED))
    )
    async with db.read() as connection:
        by_agents, by_choice, by_thumb, by_reply, by_word = [
            (await connection.execute(statement.order_by(receipts.c.id.desc()))).all()
            for statement in (judged, choices, thumbs, replies, denials)
        ]
    helped = [(row, row.helped) for row in by_thumb] + [(row, row.reply == SOLVED) for row in by_reply]
    helped.sort(key=lambda each: -each[0].id)
    regretted = {row.id for row, is_right in helped if not is_right}
    denied_at = {(row.conversation_id, page): row.id for row in reversed(by_word) for page in row.denied or ()}
    regretted |= {row.id for row in by_choice if denied_at.get((row.conversation_id, row.chosen), 0) > row.id}
    return resolve(
        [
            *(_label("agents", row, row.document_id) for row in by_agents),
            # Who says of the page they chose that it did not help, by a button or in words, has chosen wrongly.
            *(_label("choices", row, row.chosen) for row in by_choice if row.id not in regretted),
            *(
                _label("thumbs", row, row.chosen or row.first, is_right=is_right)
                for row, is_right in helped
                if (row.chosen or row.first) and not row.parts  # of several answers, it is not told which question
            ),
        ],
        known=known,
    )


def resolve(labels: Sequence[Label], *, known: Collection[str] = ()) -> list[Label]:
    """Of what was said of the same question and page, the first counts; and a question has an answer or has none."""
    done = {_same(question) for question in known}
    said: set[tuple[str, str | None]] = set()
    answered: dict[str, bool] = {}
    kept = []
    for label in labels:
        question = label.same_question
        has_answer = label.document_id is not None
        if not question or question in done or (question, label.document_id) in said:
            continue
        said.add((question, label.document_id))
        if label.is_right and answered.setdefault(question, has_answer) != has_answer:
            continue
        kept.append(label)
    return kept


def _same(question: str) -> str:
    return " ".join(question.split()).casefold()


def _label(by: LabelSource, row: Any, document_id: str | None, *, is_right: bool = True) -> Label:
    return Label(
        by=by,
        question=row.searched or row.question,
        document_id=document_id,
        is_right=is_right,
        language=row.language,
        receipt=row.id,
    )
