"""A reader is asked where it can change something, once for the same, and is never waited for twice."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from retrieval.errors import ReaderFailed
from retrieval.reader.bounds import PAUSE, ReaderLimits
from retrieval.reader.consultation import Consultation, Outcome, ReaderOptions
from retrieval.reader.port import Reading, Reply, Verdict
from retrieval.reader.record import ReaderRecord, Trial
from retrieval.result import SearchResult
from retrieval.testing import ScriptedReader
from tests.unit.retrieval.reader.pages import found

NAMES = ("reset", "pair", "update", "move", "limits")
LEARNED = ReaderRecord(
    fingerprint="scripted",
    is_finished=True,
    trials={str(n): Trial(outcome="right" if n % 2 else "refused", sure=0.95, weight=1.0) for n in range(29)},
)


class Now:
    """A clock that stands still until it is moved."""

    time = 0.0

    def __call__(self) -> float:
        return self.time


class Heard(Counter[Outcome]):
    """What came of questions, counted, and their tokens."""

    tokens = 0

    def __call__(self, outcome: Outcome, tokens_in: int, tokens_out: int, seconds: float) -> None:
        assert seconds >= 0
        self[outcome] += 1
        self.tokens += tokens_in + tokens_out


def names(page: str | None) -> Callable[[Reading], Reply]:
    return lambda _: Reply(verdict=Verdict(best=page, sure=0.95), tokens_in=700, tokens_out=40)


def asking(number: int = 0, **about: object) -> SearchResult:
    return found(*NAMES, question=f"how do i connect lamp {number}", **about)  # type: ignore[arg-type]


async def test_it_is_asked_only_where_it_can_change_something() -> None:
    reader, heard = ScriptedReader(names("pair")), Heard()
    consultation = Consultation(reader, LEARNED, ReaderOptions(), observe=heard)
    needless = [
        found(confidence=0.0, among_first=0.0),
        asking(same_words=("reset",)),
        asking(confidence=0.95),
        asking(confidence=0.8),
        asking(confidence=0.05, answerable=0.3),
    ]
    assert [await consultation.consult(each) for each in needless] == [None] * 5
    assert not reader.readings
    consulted = await consultation.consult(asking())
    assert consulted is not None
    assert consulted.applied_to(asking()).candidates[0].document_id == "pair"
    assert heard == {"needless": 5, "verdict": 1}
    assert heard.tokens == 740


async def test_the_same_question_beside_the_same_pages_costs_one_call() -> None:
    reader = ScriptedReader(names("pair"))
    consultation = Consultation(reader, LEARNED, ReaderOptions())
    for _ in range(3):
        assert await consultation.consult(asking()) is not None
    assert len(reader.readings) == 1
    await consultation.consult(replace(asking(), snapshot="s2"))
    await consultation.consult(asking(1))
    assert len(reader.readings) == 3


async def test_what_it_is_shown_is_masked_cut_and_in_no_telling_order() -> None:
    reader = ScriptedReader(names(None))
    consultation = Consultation(reader, LEARNED, ReaderOptions(pages=4, characters=40))
    said = "i am Nora Berg, nora@post.example, how do i pair it"
    await consultation.consult(replace(asking(), question=said), names=["Nora Berg"], before="Nora asks")
    [reading] = reader.readings
    assert reading.question == "i am [name] [name], [mail], how do i pair it"
    assert reading.before == "[name] asks"
    assert set(reading.ids) == set(NAMES[:4])
    assert all(sum(map(len, page.sentences)) <= 40 for page in reading.pages)
    firsts = set()
    for number in range(40):
        await consultation.consult(asking(number))
        firsts.add(reader.readings[-1].ids[0])
    assert firsts == set(NAMES[:4]), "whoever takes the first has taken any"


async def test_nothing_is_masked_where_the_maintainer_says_so() -> None:
    reader = ScriptedReader(names(None))
    await Consultation(reader, LEARNED, ReaderOptions(is_masked=False)).consult(
        replace(asking(), question="mail nora@post.example")
    )
    assert reader.readings[0].question == "mail nora@post.example"


async def test_a_dead_reader_costs_a_customer_at_most_one_wait_in_ten_minutes() -> None:
    def dead(_: Reading) -> Reply:
        now.time += 4
        raise ReaderFailed("no reply within 4 s", is_timeout=True)

    now, heard, reader = Now(), Heard(), ScriptedReader(dead)
    consultation = Consultation(reader, LEARNED, ReaderOptions(), clock=now, observe=heard)
    started = now.time
    while now.time - started < PAUSE:
        assert await consultation.consult(asking(int(now.time)), customer="ann") is None
        now.time += 20
    assert len(reader.readings) == 1
    assert heard["timeout"] == 1
    for customer in "bcdefg":
        await consultation.consult(asking(1000), customer=customer)
    assert len(reader.readings) < 5, "after a few failures in a row nobody waits"
    reader.says = names("pair")
    now.time += 2 * PAUSE
    assert await consultation.consult(asking(2000), customer="ann") is not None


async def test_a_reader_is_left_out_while_it_has_enough_to_do() -> None:
    gate = asyncio.Event()

    async def slow(reading: Reading) -> Reply:
        await gate.wait()
        return names("pair")(reading)

    heard = Heard()
    options = ReaderOptions(limits=ReaderLimits(at_once=2))
    consultation = Consultation(ScriptedReader(slow), LEARNED, options, observe=heard)
    tasks = [asyncio.create_task(consultation.consult(asking(number))) for number in range(5)]
    ended = asyncio.as_completed(tasks, timeout=5)
    assert [await next(ended) for _ in range(3)] == [None] * 3
    assert heard == {"busy": 3}
    gate.set()
    assert sum(each is not None for each in await asyncio.gather(*tasks)) == 2


async def test_a_call_that_breaks_makes_room_for_the_next() -> None:
    def broken(_: Reading) -> Reply:
        raise ZeroDivisionError

    reader = ScriptedReader(broken)
    consultation = Consultation(reader, LEARNED, ReaderOptions(limits=ReaderLimits(at_once=1)))
    with pytest.raises(ZeroDivisionError):
        await consultation.consult(asking(1))
    reader.says = names("pair")
    assert await consultation.consult(asking(2)) is not None


async def test_a_call_that_is_given_up_makes_room_for_the_next() -> None:
    async def endless(_: Reading) -> Reply:
        await asyncio.Event().wait()
        raise AssertionError

    reader = ScriptedReader(endless)
    consultation = Consultation(reader, LEARNED, ReaderOptions(limits=ReaderLimits(at_once=1)))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(consultation.consult(asking(1)), 0.01)
    reader.says = names("pair")
    assert await consultation.consult(asking(2)) is not None


async def test_of_a_message_as_long_as_a_book_the_beginning_is_shown() -> None:
    reader = ScriptedReader(names(None))
    said = "how do i pair it with 4111 1111 1111 1111 " + "and so on " * 40_000
    await Consultation(reader, LEARNED, ReaderOptions()).consult(replace(asking(), question=said))
    shown = reader.readings[0].question
    assert shown.startswith("how do i pair it with [card] and so on")
    assert 1900 < len(shown) <= 2000


@pytest.mark.parametrize("record", [ReaderRecord(fingerprint="scripted"), replace(LEARNED, is_finished=False)])
async def test_nobody_is_asked_before_it_is_known_what_they_are_worth(record: ReaderRecord) -> None:
    reader = ScriptedReader(names("pair"))
    assert await Consultation(reader, record, ReaderOptions()).consult(asking()) is None
    assert not reader.readings


async def test_a_reader_that_was_found_out_or_says_nothing_that_counts_is_not_asked() -> None:
    wrong = {str(n): Trial(outcome="wrong", sure=0.99, weight=1.0) for n in range(30)}
    mute = dict.fromkeys(map(str, range(30)))
    for trials in (wrong, mute):
        record = ReaderRecord(fingerprint="scripted", trials=trials, is_finished=True)
        reader = ScriptedReader(names("pair"))
        assert await Consultation(reader, record, ReaderOptions()).consult(asking()) is None
        assert record.is_left_aside
        assert not reader.readings


async def test_a_record_that_is_learned_meanwhile_is_taken_in() -> None:
    newer: list[ReaderRecord] = []
    consultation = Consultation(
        ScriptedReader(names("pair")),
        ReaderRecord(fingerprint="scripted"),
        ReaderOptions(),
        learned=lambda: newer.pop() if newer else None,
    )
    assert await consultation.consult(asking()) is None
    newer.append(LEARNED)
    assert await consultation.consult(asking()) is not None


async def test_a_reader_that_breaks_the_port_counts_for_nothing() -> None:
    for verdict in (
        Verdict(best="elsewhere", sure=0.9),
        Verdict(best="reset", also=("elsewhere",), sure=0.9),
        Verdict(best="reset", sure=7.0),
        Verdict(best="reset", sentences=(99,), sure=0.9),
        Verdict(best="reset", also=("reset",), sure=0.9),
    ):
        reader = ScriptedReader(lambda _, said=verdict: Reply(verdict=said))  # type: ignore[misc]
        assert await Consultation(reader, LEARNED, ReaderOptions()).consult(asking()) is None
