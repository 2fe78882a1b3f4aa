"""Looking whether a channel is set up: what `answerdesk channels check` asks and tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """One thing that was looked at; `cure` says what to do next when it is not well."""

    ok: bool
    what: str
    cure: str | None = None


@runtime_checkable
class Checkable(Protocol):
    """A channel that can say whether its platform would take it."""

    async def check(self) -> Sequence[CheckResult]:
        """Ask the platform, change nothing, and say in plain words what is well and what to do next."""
