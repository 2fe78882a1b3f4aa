"""All stages for one corpus, one after the other."""

from collections.abc import Callable, Sequence
from pathlib import Path

from tests.benchmarks.apart import apart
from tests.benchmarks.figures import Asked, Building, Measured, Peer
from tests.benchmarks.serving import measure_memory, measure_servers, measure_start_up


def measure(
    folder: Path,
    tell: Callable[[str], None],
    *,
    passages: int,
    questions: int,
    is_real: bool,
    files: tuple[Path, Path] | None = None,
    peers: Sequence[str] = (),
) -> Measured:
    """Build, ask, start and look at the memory, in an empty folder; `tell` hears what goes on.

    The corpus is made of so many passages, or read from a corpus file and a question file. `is_real` when the encoder
    that is measured embeds it.
    """
    tell("building, changing a document, building again")
    building = apart(
        "build",
        Building,
        folder,
        passages=passages,
        questions=questions,
        is_real=is_real,
        files=files and [str(file) for file in files],
    )
    tell("asking")
    asked = apart("ask", Asked, folder)
    tell("starting")
    start_up = measure_start_up(folder)
    tell("looking at the memory")
    [alone], [first, second] = measure_memory(folder, processes=1), measure_memory(folder, processes=2)
    servers = measure_servers(folder, servers=2)
    others = []
    for name in peers:
        tell(f"asking {name}")
        others.append(apart("peer", Peer, folder, name=name))
    return Measured(
        corpus=files[0].name if files else "made",
        building=building,
        asked=asked,
        start_up=start_up,
        alone=alone,
        beside=(first, second),
        servers=(servers[0], servers[1]),
        peers=tuple(others),
    )
