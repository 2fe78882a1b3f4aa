"""People's judgments of pages that a reader named: its verdicts held against their labels."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from bot.store.engine.database import Database
from bot.store.records.receipts import receipt_from_row
from bot.store.records.relevance_labels import Label
from bot.store.tables import receipts
from retrieval.reader.consulted import Consulted
from retrieval.reader.trust import Outcome, Seen

#: Receipts that are read together.
_TOGETHER: Final = 500


async def read_judgements(db: Database, labels: Sequence[Label]) -> Seen:
    """Count a reader's outcomes on questions that somebody has judged; StoreUnavailable.

    Of a conversation, what its customer said counts once, however often they said it; what agents said always counts.
    """
    said = {label.receipt: label for label in reversed(labels)}  # of one receipt, the most trusted
    seen, heard = Seen(), set[int]()
    numbers = sorted(said, reverse=True)
    for start in range(0, len(numbers), _TOGETHER):
        some = select(receipts).where(
            receipts.c.id.in_(numbers[start : start + _TOGETHER]), receipts.c.body["reader"].as_string().is_not(None)
        )
        async with db.read() as connection:
            rows = (await connection.execute(some.order_by(receipts.c.id.desc()))).all()
        for row in rows:
            receipt, label = receipt_from_row(row), said[row.id]
            if receipt.reader is None or (label.by != "agents" and row.conversation_id in heard):
                continue
            heard.add(row.conversation_id)
            found = {each.document_id for each in receipt.candidates}
            outcome = outcome_of(receipt.reader, label, found)
            if outcome is not None:
                seen = seen.and_one(outcome, receipt.reader.verdict.sure)
    return seen


def outcome_of(consulted: Consulted, label: Label, found: set[str]) -> Outcome | None:
    """Outcome of a verdict by a label; None where the label does not tell. found: the pages that were found."""
    best = consulted.verdict.best
    if not label.is_right:
        return "wrong" if best is not None and best == label.document_id else None
    if label.document_id is None:
        return "refused" if best is None else "invented"
    if best is None:
        return "missed" if label.document_id in found else None
    return "right" if best == label.document_id else "wrong"
