"""What a run measures, and the ratios that can be read off it on any machine."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Latency:
    """Milliseconds that one act takes for a question."""

    p50: float
    p95: float


@dataclass(frozen=True, kw_only=True)
class Asking:
    """The encoder alone, the search alone with vectors given, both, and a reader's part, by turns for each question."""

    questions: int
    encoder: Latency
    search: Latency
    whole: Latency
    #: What a reader costs beside the time of its model.
    reader: Latency


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Questions that are searched as they are, and messages so long that they are searched in two views."""

    short: Asking | None
    long: Asking | None
    #: Over the questions that the corpus can answer.
    accuracy_at_1: float | None


@dataclass(frozen=True, kw_only=True)
class Building:
    """A full build and one after a change to one document, in seconds."""

    passages: int
    texts: int
    full: float
    incremental: float
    #: What the encoder alone takes for the same texts.
    encoder: float
    #: The first and the last of these in processor time of all threads, which other programs disturb less.
    full_cpu: float
    encoder_cpu: float
    #: Whether the encoder's part of all three was computed from a sample, and not spent.
    is_computed: bool
    #: What the full build really took here.
    spent: float
    #: The greatest resident memory of the process that built, in megabytes.
    peak_mb: float
    #: What the snapshot takes on disk, in megabytes.
    disk_mb: float
    #: How vectors are searched, and the share of the ten nearest that this finds.
    index: str
    recall: float


@dataclass(frozen=True, kw_only=True)
class StartUp:
    """Seconds from the start of a new process, medians."""

    #: Until it can search, encoder included.
    ready: float
    #: Until it has answered its first question.
    answered: float
    #: For `answerdesk ask`, from start to end.
    command: float


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Megabytes of a process that serves, from smaps_rollup."""

    #: Resident in all, proportional share, and what no other process has a part in.
    rss: float
    pss: float
    uss: float
    #: What is in no file: it could not be shared or read again.
    anonymous: float


@dataclass(frozen=True, kw_only=True)
class Peer:
    """What another library takes for the same questions with the same vectors, and how often it is right."""

    name: str
    version: str
    #: Seconds to take in passages and vectors.
    build: float
    #: Those that were asked before time was up; accuracy is over the ones of them that can be answered.
    questions: int
    whole: Latency
    accuracy_at_1: float | None
    #: Resident memory of the process that built and asked.
    rss_mb: float


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Everything measured on one corpus."""

    #: What it is called: "made", or a file's name.
    corpus: str
    building: Building
    asked: Asked
    start_up: StartUp
    #: A process that has found answers with this snapshot, and nothing else.
    alone: Memory
    #: Each of two processes that serve one snapshot at the same time.
    beside: tuple[Memory, Memory]
    #: Each of two `answerdesk serve` on one snapshot, before customers come.
    servers: tuple[Memory, Memory]
    peers: tuple[Peer, ...] = ()


def ratios(measured: Measured) -> dict[str, float]:
    """What can be compared between machines: each figure by another of the same run."""
    building, asked = measured.building, measured.asked
    found: dict[str, float] = {}
    if asked.short:
        found["question / encoder alone"] = asked.short.whole.p50 / asked.short.encoder.p50
        found["search / encoder alone"] = asked.short.search.p50 / asked.short.encoder.p50
        found["a reader's own part / encoder alone"] = asked.short.reader.p50 / asked.short.encoder.p50
    if asked.long:
        found["long message / encoder alone"] = asked.long.whole.p50 / asked.long.encoder.p50
    found["indexing throughput / encoder's"] = building.encoder / building.full
    found["indexing throughput / encoder's, in processor time"] = building.encoder_cpu / building.full_cpu
    found["one document changed / full build"] = building.incremental / building.full
    found["own / resident memory of two processes"] = max(each.uss / each.rss for each in measured.beside)
    for peer in measured.peers:
        if asked.short:
            found[f"{peer.name}'s question / encoder alone"] = peer.whole.p50 / asked.short.encoder.p50
    return {name: round(value, 4) for name, value in found.items()}
