import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from retrieval.encoders.compile import default_encoder_directory
from retrieval.encoders.encoder import Encoder, open_encoder
from retrieval.evaluation.predictions import predict, score
from retrieval.query.query_text import embedding_texts
from retrieval.query.searcher import Searcher
from retrieval.questions import Question
from retrieval.reader.consultation import ReaderOptions, reading_of
from retrieval.reader.consulted import Consulted
from retrieval.reader.port import Verdict
from retrieval.reader.trust import Trust
from retrieval.result import SearchResult
from retrieval.snapshot.snapshot import open_snapshot
from tests.benchmarks.figures import Asked, Asking, Latency
from tests.benchmarks.spread import RecalledEncoder
from tests.benchmarks.work import Work

#: Error budget of the searchers; no figure depends on it.
BUDGET = 0.05
#: Questions asked before the clock runs.
_WARM_UP = 10
_READ = ReaderOptions()

Act = Callable[[Question], object]


def measure_asking(folder: Path) -> Asked:
    """Ask all questions of a work folder, with the encoder alone, the search alone and both by turns."""
    work = Work.open(folder)
    encoder = open_encoder(default_encoder_directory())
    alone, whole = (_searcher(work, encoder, is_paid=is_paid) for is_paid in (False, True))
    acts: dict[str, Act] = {
        "encoder": lambda asked: encoder.encode([asked.question]),
        "search": lambda asked: alone.search(asked.question, language=asked.language),
        "whole": lambda asked: whole.search(asked.question, language=asked.language),
    }
    results = {
        asked.id: alone.search(asked.question, language=asked.language, limit=_READ.pages) for asked in work.questions
    }
    acts["reader"] = lambda asked: _weigh(results[asked.id])
    found = [predict(asked, results[asked.id]) for asked in work.questions]
    is_short = {asked.id: len(embedding_texts(asked.question)) == 1 for asked in work.questions}
    return Asked(
        short=_asking(acts, [asked for asked in work.questions if is_short[asked.id]]),
        long=_asking(acts, [asked for asked in work.questions if not is_short[asked.id]]),
        accuracy_at_1=score(work.questions, found).accuracy_at_1,
    )


def by_turns(acts: Mapping[str, Act], questions: Sequence[Question]) -> dict[str, list[float]]:
    """Milliseconds of each act for each question; all acts for one question follow each other, in changing order."""
    for asked in questions[:_WARM_UP]:
        for act in acts.values():
            act(asked)
    taken: dict[str, list[float]] = {name: [] for name in acts}
    names = list(acts)
    for place, asked in enumerate(questions):
        first = place % len(names)
        for name in (*names[first:], *names[:first]):
            start = time.perf_counter()
            acts[name](asked)
            taken[name].append(1000 * (time.perf_counter() - start))
    return taken


def latency(milliseconds: Sequence[float]) -> Latency:
    """Median and 95th percentile of at least two."""
    return Latency(p50=statistics.median(milliseconds), p95=statistics.quantiles(milliseconds, n=20)[-1])


def _asking(acts: Mapping[str, Act], questions: Sequence[Question]) -> Asking | None:
    if len(questions) < 2:
        return None
    taken = {name: latency(each) for name, each in by_turns(acts, questions).items()}
    return Asking(questions=len(questions), **taken)


def _weigh(result: SearchResult) -> SearchResult:
    """All that a reader costs beside its model: what it is shown is masked and cut, and what it says is weighed."""
    reading = reading_of(result, _READ, names=["Nora Berg"])
    verdict = Verdict(best=reading.ids[0] if reading.ids else None, sentences=(1,), sure=0.9)
    consulted = Consulted(verdict=verdict, trust=Trust(), offered=_READ.pages, characters=_READ.characters)
    return consulted.applied_to(result)


def _searcher(work: Work, encoder: Encoder, *, is_paid: bool) -> Searcher:
    snapshot = open_snapshot(work.index)
    snapshot.main.encoder = RecalledEncoder(work.vectors, encoder, is_paid=is_paid)
    return Searcher(snapshot, budget=BUDGET)
