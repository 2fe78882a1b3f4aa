"""What a reader is worth is learned from questions whose answer is known, and goes on where it was stopped."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.errors import ReaderFailed
from retrieval.questions import Question
from retrieval.reader.consultation import ReaderOptions
from retrieval.reader.known_questions import KnownPage, known_questions
from retrieval.reader.learning import learn
from retrieval.reader.port import Reading, Reply, Verdict
from retrieval.reader.record import FILE, ReaderRecord
from retrieval.result import SearchResult
from retrieval.testing import ScriptedReader
from tests.unit.retrieval.reader.pages import found

IDS = [f"page{number}" for number in range(40)]
PAGES = [KnownPage(id=each, title=f"About {each}", language="en", questions=(f"ask {each}",)) for each in IDS]
RECORD = ReaderRecord(fingerprint="scripted")


class Index:
    """Finds the page that a question names in third place, among others."""

    def search(self, question: str, *, language: str | None = None, limit: int = 5) -> SearchResult:
        assert language == "en"
        right = question.rsplit(maxsplit=1)[-1]
        others = [each for each in IDS if each != right]
        return found(*[*others[:2], right, *others[2:]][:limit], question=question)


def right_of(reading: Reading) -> str | None:
    right = reading.question.split()[-1]
    return right if right in reading.ids else None


def says(choose: Callable[[Reading], str | None], sure: float | None = None) -> Callable[[Reading], Reply]:
    def said(reading: Reading) -> Reply:
        how = random.Random(reading.question).choice([0.6, 0.8, 0.95, 0.97]) if sure is None else sure
        return Reply(verdict=Verdict(best=choose(reading), sure=how), tokens_in=10, tokens_out=1)

    return said


async def learned(reader: ScriptedReader, index: Path, record: ReaderRecord = RECORD, most: int = 60) -> ReaderRecord:
    questions = known_questions(PAGES, most=(most + 1) // 2)
    return await learn(reader, record, questions, Index(), ReaderOptions(), most=most, index=index)


async def test_a_good_reader_gets_a_good_record_at_a_bounded_cost(tmp_path: Path) -> None:
    reader = ScriptedReader(says(right_of))
    record = await learned(reader, tmp_path)
    assert len(reader.readings) == record.calls == 60
    assert (record.counts("right", "wrong"), record.counts("invented", "refused")) == ((30, 30), (0, 30))
    assert (record.tokens_in, record.tokens_out, record.is_finished) == (600, 60, True)
    assert not record.is_left_aside
    assert record.trust.may_answer
    assert ReaderRecord.load(tmp_path, "scripted") == record
    assert ReaderRecord.load(tmp_path, "another") == ReaderRecord(fingerprint="another")


@pytest.mark.parametrize(
    "choose",
    [
        lambda reading: reading.ids[0],
        lambda reading: next(each for each in reading.ids if each != right_of(reading)),
        lambda reading: right_of(reading) or reading.ids[-1],
        lambda reading: random.Random(reading.question).choice(reading.ids),
        lambda reading: (
            right_of(reading)
            if random.Random(str(reading.ids)).random() > 0.3
            else random.Random(reading.question).choice(reading.ids)
        ),
    ],
    ids=["always the first", "the opposite", "always somebody", "anybody", "wrong in 30 %"],
)
async def test_a_bad_reader_is_found_out(choose: Callable[[Reading], str | None], tmp_path: Path) -> None:
    record = await learned(ScriptedReader(says(choose, sure=0.99)), tmp_path)
    assert record.is_finished
    assert record.is_left_aside


async def test_what_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    def dies(reading: Reading) -> Reply:
        if len(reader.readings) > 20:
            raise ReaderFailed("gone")
        return says(right_of)(reading)

    reader = ScriptedReader(dies)
    record = await learned(reader, tmp_path)
    assert not record.is_finished
    assert record.calls == 20
    assert len(reader.readings) <= 24, "who is away is not asked on and on"
    again = ScriptedReader(says(right_of))
    record = await learned(again, tmp_path, ReaderRecord.load(tmp_path, "scripted"))
    assert record.is_finished
    assert len(again.readings) == 40
    once_more = ScriptedReader(says(right_of))
    await learned(once_more, tmp_path, record)
    assert not once_more.readings


async def test_garbage_counts_as_asked_and_as_nothing_said(tmp_path: Path) -> None:
    record = await learned(ScriptedReader(lambda _: Reply(verdict=None)), tmp_path)
    assert record.is_finished
    assert record.is_left_aside
    assert record.seen.verdicts == 0


@pytest.mark.parametrize(
    "stored", ["", "{", "[]", '{"fingerprint": "scripted"}', '{"fingerprint": "scripted", "trials": 3}']
)
def test_a_record_that_cannot_be_read_is_an_empty_one(stored: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(stored)
    assert ReaderRecord.load(tmp_path, "scripted") == RECORD


def test_labelled_questions_come_first_and_pages_that_differ_before_further_wordings() -> None:
    labelled = [Question(id=str(n), question=f"customers ask {n}", expected=()) for n in range(50)]
    few = [replace(PAGES[0], questions=("ask a", "ask b")), replace(PAGES[1], questions=())]
    known = known_questions(few, labelled, most=6)
    assert [each.is_customers for each in known] == [True, True, True, False, False, False]
    assert "About page1" in {each.question for each in known[3:5]}, "before the second wording of another"
    assert [each.is_title for each in known[3:]].count(True) == 1
    assert known_questions(reversed(few), labelled[::-1], most=6) == known
