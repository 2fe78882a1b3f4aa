"""Beside the model's own time, a reader costs next to nothing."""

import statistics
import time

from retrieval.reader.consultation import Consultation, ReaderOptions
from retrieval.reader.port import Reply, Verdict
from retrieval.testing import ScriptedReader
from tests.unit.retrieval.reader.pages import candidate, found
from tests.unit.retrieval.reader.test_consultation import LEARNED

LONG = "\n\n".join(f"Paragraph {n} says what to do. Then it says why, at some length, in words." for n in range(40))


async def test_masking_showing_and_weighing_take_less_than_five_milliseconds() -> None:
    names = tuple(f"page{n}" for n in range(8))
    reader = ScriptedReader(lambda reading: Reply(verdict=Verdict(best=reading.ids[0], sentences=(1,), sure=0.9)))
    consultation = Consultation(reader, LEARNED, ReaderOptions())
    took = []
    for number in range(60):
        result = found(
            *names,
            question=f"{number} i am nora@post.example, call +46 70 123 45 67, " + "what do i do with it " * 20,
            candidates=tuple(candidate(name, LONG) for name in names),
        )
        started = time.thread_time()
        consulted = await consultation.consult(result, customer="ann" + str(number), names=["Nora Berg"])
        assert consulted is not None
        consulted.applied_to(result)
        took.append(time.thread_time() - started)
    assert statistics.median(took) < 0.005
