"""Figures as a person reads them."""

from collections.abc import Iterator, Sequence

from tests.benchmarks.figures import Asking, Latency, Measured, Peer, ratios


def table(measured: Sequence[Measured]) -> str:
    """The figures of each corpus in words, its ratios at the end."""
    return "\n\n".join("\n".join(_lines(each)) for each in measured)


def _lines(measured: Measured) -> Iterator[str]:
    building = measured.building
    yield f"{building.passages:,} passages ({measured.corpus}; {building.texts:,} texts, index {building.index})"
    for name, asked in (("question", measured.asked.short), ("long message", measured.asked.long)):
        if asked:
            yield _row(name, _asking(asked))
    source = "the encoder's part computed from a sample" if building.is_computed else "all measured"
    yield _row("full build", f"{building.full:.1f} s, of it {building.encoder:.1f} s the encoder alone ({source})")
    yield _row(
        "", f"{building.spent:.1f} s spent, {building.peak_mb:.0f} MB at most, {building.disk_mb:.0f} MB on disk"
    )
    yield _row("one changed", f"{building.incremental:.1f} s")
    start = measured.start_up
    yield _row(
        "start-up", f"ready {start.ready:.2f} s, answered {start.answered:.2f} s; answerdesk ask {start.command:.2f} s"
    )
    memories = [("memory", measured.alone)]
    memories += [("beside another", each) for each in measured.beside]
    memories += [("answerdesk serve", each) for each in measured.servers]
    for name, memory in memories:
        held = f"own {memory.uss:.0f}, proportional {memory.pss:.0f}, resident {memory.rss:.0f}"
        yield _row(name, f"{held}, in no file {memory.anonymous:.0f} MB")
    if measured.asked.accuracy_at_1 is not None:
        yield _row("accuracy at 1", f"{measured.asked.accuracy_at_1:.3f}")
    for peer in measured.peers:
        yield _row(f"{peer.name} {peer.version}", _peer(peer))
    for name, value in ratios(measured).items():
        yield _row("ratio", f"{value:.3f}  {name}")


def _row(name: str, what: str) -> str:
    return f"  {name:16} {what}"


def _asking(asked: Asking) -> str:
    parts = (
        ("encoder", asked.encoder),
        ("search", asked.search),
        ("whole", asked.whole),
        ("a reader's part", asked.reader),
    )
    return "; ".join(f"{name} {_latency(latency)}" for name, latency in parts)


def _latency(latency: Latency) -> str:
    return f"{latency.p50:.2f} (p95 {latency.p95:.2f}) ms"


def _peer(peer: Peer) -> str:
    right = "" if peer.accuracy_at_1 is None else f", accuracy at 1 {peer.accuracy_at_1:.3f}"
    held = f"resident {peer.rss_mb:.0f} MB, given vectors in {peer.build:.1f} s"
    return f"question {_latency(peer.whole)}{right} ({peer.questions} questions); {held}"
