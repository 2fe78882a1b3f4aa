from collections.abc import Callable, Sequence

#: Takes one sentence that the person who reads the corpus in should see, though nothing failed.
Notice = Callable[[str], None]

_NAMED = 5


def report_skipped(places: Sequence[str], why: str, notice: Notice) -> None:
    """Say once what a source left out and why, naming the first few places."""
    if not places:
        return
    more = f" and {len(places) - _NAMED} more" if len(places) > _NAMED else ""
    notice(f"Left out {len(places)} {why}: {', '.join(places[:_NAMED])}{more}.")
