"""Speed, measured as ratios within one run: `make bench`, or `python -m retrieval.bench --help`."""

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from corpus.document import Document
from retrieval.build import reindex
from retrieval.compile import default_encoder_directory
from retrieval.encoder import open_encoder
from retrieval.search import Searcher
from retrieval.snapshot import open_snapshot

QUESTIONS = 200
_THINGS = ("hub", "lamp", "sensor", "parcel", "refund", "invoice", "password", "battery", "firmware", "router", "scene")
_TROUBLES = (
    "blinks",
    "restarts",
    "vanishes",
    "freezes",
    "disconnects",
    "hums",
    "overheats",
    "repeats",
    "expires",
    "fails",
)
_PLACES = ("kitchen", "hallway", "garden", "office", "basement", "attic", "garage", "bathroom", "bedroom", "balcony")


def made_corpus(documents: int, seed: int = 1) -> list[Document]:
    """Documents of one passage each, of some sixty words that differ from each other as help articles do."""
    chance = random.Random(seed)  # noqa: S311  # texts, no secret

    def sentence() -> str:
        thing, other = chance.sample(_THINGS, 2)
        place, number = chance.choice(_PLACES), chance.randrange(1000)
        return f"When the {thing} in the {place} {chance.choice(_TROUBLES)}, set the {other} to {number} and wait."

    return [
        Document(id=f"d{number}", title=sentence().removesuffix("."), text=" ".join(sentence() for _ in range(4)))
        for number in range(documents)
    ]


def made_questions(count: int, seed: int = 2) -> list[str]:
    """Short questions in a customer's manner."""
    chance = random.Random(seed)  # noqa: S311  # texts, no secret
    return [
        f"my {chance.choice(_THINGS)} {chance.choice(_TROUBLES)} in the {chance.choice(_PLACES)}, what now"
        for _ in range(count)
    ]


def milliseconds(act: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    """How long an act takes for each question, after a warm-up."""
    for question in questions[:10]:
        act(question)
    taken = []
    for question in questions:
        start = time.perf_counter()
        act(question)
        taken.append(1000 * (time.perf_counter() - start))
    return taken


def measure(passages: int) -> dict[str, float]:
    """Build an index of this many passages in a temporary folder, and measure asking it."""
    encoder = open_encoder(default_encoder_directory())
    questions = made_questions(QUESTIONS)
    with tempfile.TemporaryDirectory(prefix="answerdesk-bench-") as folder:
        index = Path(folder)
        start = time.perf_counter()
        reindex(made_corpus(passages), index, encoder, now=datetime.now(UTC))
        built = time.perf_counter() - start
        searcher = Searcher(open_snapshot(index), budget=0.05)
        alone = milliseconds(lambda question: encoder.encode([question]), questions)
        whole = milliseconds(searcher.search, questions)
        code = "import sys; from bot.cli import main; main()"
        cold = milliseconds(
            lambda question: subprocess.run(  # noqa: S603  # our own command line
                [sys.executable, "-c", code, "ask", question, "--index", folder], capture_output=True, check=False
            ),
            questions[:5],
        )
    return {
        "passages": passages,
        "build_s": round(built, 1),
        "encoder_p50_ms": round(statistics.median(alone), 2),
        "encoder_p95_ms": round(statistics.quantiles(alone, n=20)[-1], 2),
        "question_p50_ms": round(statistics.median(whole), 2),
        "question_p95_ms": round(statistics.quantiles(whole, n=20)[-1], 2),
        "ratio_p50": round(statistics.median(whole) / statistics.median(alone), 3),
        "cold_ask_p50_s": round(statistics.median(cold) / 1000, 2),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=3000, help="passages of the corpus that is made (3000)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    if not arguments.json:
        print(f"Building an index of {arguments.passages} passages; this takes a minute or two.", file=sys.stderr)
    figures = measure(arguments.passages)
    if arguments.json:
        print(json.dumps(figures, indent=1))
        return
    for name, value in figures.items():
        print(f"{name:18} {value:g}")
    print(f"One question costs {figures['ratio_p50']:.2f} times the encoder alone, at {arguments.passages} passages.")


if __name__ == "__main__":
    main()
