"""A reader's verdicts are held against what people said; nobody can turn its record by saying much."""

from sqlalchemy import select

from bot.conversation.compose import Draft
from bot.conversation.receipt import Receipt
from bot.store.engine.database import Database
from bot.store.records.reader_judgements import read_judgements
from bot.store.records.relevance_labels import Label, LabelSource
from bot.store.records.turn_commit import TurnOutcome
from bot.store.tables import receipts
from retrieval.reader.consulted import Consulted
from retrieval.reader.port import Verdict
from retrieval.reader.trust import Seen, Trust
from tests.conftest import Clock
from tests.single import claim_turn, commit_turn
from tests.unit.bot.conftest import LEASE, Talk
from tests.unit.retrieval.reader.pages import candidate

PAGES = (candidate("oil"), candidate("wash"))


async def decided(talk: Talk, db: Database, clock: Clock, best: str | None, *, address: str = "ann") -> int:
    """A question on which the reader said this; the number of its receipt."""
    await talk.says("what does my board need", address=address)
    turn = await claim_turn(db, now=clock(), lease=LEASE)
    assert turn is not None
    consulted = Consulted(verdict=Verdict(best=best, sure=0.95), trust=Trust(), offered=8, characters=450)
    receipt = Receipt(decision="suggest", question="what does my board need", candidates=PAGES, reader=consulted)
    assert await commit_turn(db, turn, TurnOutcome(receipt=receipt, drafts=(Draft(text="Oil it."),)), now=clock())
    async with db.read() as connection:
        numbers = (await connection.execute(select(receipts.c.id))).scalars()
        return max(int(each) for each in numbers)


def label(number: int, document: str | None, *, right: bool = True, by: LabelSource = "agents") -> Label:
    return Label(by=by, question=f"q{number}", document_id=document, is_right=right, receipt=number)


async def test_each_verdict_is_what_people_say_it_was(talk: Talk, db: Database, clock: Clock) -> None:
    right, wrong, missed, invented, refused, denied, untold = [
        await decided(talk, db, clock, best) for best in ("oil", "oil", None, "oil", None, "oil", "oil")
    ]
    labels = [
        label(right, "oil"),
        label(wrong, "wash"),
        label(missed, "wash"),
        label(invented, None),
        label(refused, None),
        label(denied, "oil", right=False),
        label(untold, "wash", right=False),
    ]
    one = (0.0, 0.0, 1.0)
    assert await read_judgements(db, labels) == Seen(
        right=one, wrong=(0.0, 0.0, 2.0), missed=one, invented=one, refused=one
    )


async def test_a_customer_counts_once_and_an_agent_always(talk: Talk, db: Database, clock: Clock) -> None:
    flood = [await decided(talk, db, clock, "oil") for _ in range(6)]
    other = await decided(talk, db, clock, "oil", address="bea")
    thumbs = [label(number, "oil", right=False, by="thumbs") for number in flood]
    seen = await read_judgements(db, [*thumbs, label(other, "oil", by="thumbs")])
    assert (sum(seen.wrong), sum(seen.right)) == (1, 1)
    seen = await read_judgements(db, [label(number, "oil") for number in flood])
    assert sum(seen.right) == 6


async def test_what_no_reader_was_asked_about_tells_nothing_of_it(talk: Talk, db: Database) -> None:
    await talk.is_answered("Oil it.")
    async with db.read() as connection:
        [number] = (await connection.execute(select(receipts.c.id))).scalars()
    assert await read_judgements(db, [label(number, "oil")]) == Seen()
