"""Speed and memory, measured as ratios within one run, each corpus in processes of its own."""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from retrieval.encoders.compile import default_encoder_directory
from tests.benchmarks.figures import ratios
from tests.benchmarks.measure import measure
from tests.benchmarks.peers import PACKAGES, is_installed
from tests.benchmarks.picture import picture
from tests.benchmarks.table import table

#: Up to so many passages a made corpus is embedded by the encoder that is measured, which takes half a minute.
_REAL_MOST = 10_000


def main(typed: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = _parser()
    chosen = parser.parse_args(typed)
    if (chosen.corpus is None) != (chosen.questions is None):
        parser.error("--corpus and --questions belong together")
    for name in chosen.peer:
        if not is_installed(name):
            parser.error(f"{name} is not installed: pip install 'answerdesk[peers]', best in an environment of its own")
    default_encoder_directory()  # compiled before anything is measured
    files = (chosen.corpus, chosen.questions) if chosen.corpus else None
    measured = []
    for size in [0] if files else chosen.sizes:
        name = chosen.corpus.name if files else f"{size:,} passages"
        with tempfile.TemporaryDirectory(prefix="answerdesk-bench-") as folder:
            measured.append(
                measure(
                    Path(folder),
                    lambda what, name=name: print(f"{name}: {what}", file=sys.stderr),  # type: ignore[misc]
                    passages=size,
                    questions=chosen.count,
                    is_real=bool(files) or chosen.real or size <= _REAL_MOST,
                    files=files,
                    peers=chosen.peer,
                )
            )
    if chosen.picture:
        chosen.picture.write_text(picture(measured), "utf-8")
    if chosen.json:
        print(json.dumps([asdict(each) | {"ratios": ratios(each)} for each in measured], indent=1))
    else:
        print(table(measured))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "--sizes", type=_sizes, default=(3000, 100_000), help="passages of each corpus to make (3000,100000)"
    )
    parser.add_argument("--corpus", type=Path, metavar="FILE", help="measure on this corpus file instead")
    parser.add_argument("--questions", type=Path, metavar="FILE", help="and on these questions")
    parser.add_argument("--count", type=int, default=200, help="questions asked at most (200)")
    parser.add_argument("--real", action="store_true", help="embed large made corpora too, for hours")
    parser.add_argument("--peer", action="append", default=[], choices=PACKAGES, help="measure this library beside it")
    parser.add_argument("--picture", type=Path, metavar="FILE.svg", help="draw latency and memory against size")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser


def _sizes(typed: str) -> tuple[int, ...]:
    sizes = tuple(int(size) for size in typed.split(","))
    if min(sizes) < 1:
        raise ValueError(typed)
    return sizes


if __name__ == "__main__":
    main()
